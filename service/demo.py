"""`podium demo`: an invented region with server and worker, in one command on one machine."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from service.core.settings import Environment

FOLDER = Path("var") / "demo"
LOOK_EVERY_SECONDS = 0.5
PATIENCE_SECONDS = 15
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 where to knock when it listens everywhere


def demo_folder(given: Mapping[str, str]) -> Path:
    """Of the demo's database and mail: where somebody wants it, or in the current folder."""
    return Path(given.get("PODIUM_VAR_DIR") or FOLDER).absolute()


def demo_environment(port: int, given: Mapping[str, str]) -> dict[str, str]:
    """What the parts of the demo are told; what somebody set himself stays."""
    folder = demo_folder(given)
    return {
        "PODIUM_BASE_URL": f"http://127.0.0.1:{port}",
        "PODIUM_DATABASE_URL": f"sqlite:///{folder / 'podium.db'}",
        "PODIUM_VAR_DIR": str(folder),
        "PODIUM_OPERATOR_NAME": "Podium demo",
        "PODIUM_OPERATOR_EMAIL": "beheer@podium.example",
        "PODIUM_LOG_FORMAT": "text",
        **given,
        "PODIUM_ENVIRONMENT": Environment.DEMO.value,
    }


def run_demo(port: int, *, host: str = "127.0.0.1") -> int:
    """Until it is interrupted; what was done in the demo stays in its folder for the next time."""
    if answers(host, port):
        print(
            f"podium: something answers on port {port} already. Choose another one with --port.",
            file=sys.stderr,
        )
        return 2
    environment = demo_environment(port, os.environ)
    demo_folder(os.environ).mkdir(parents=True, exist_ok=True)

    def command(*arguments: str) -> list[str]:
        return [sys.executable, "-m", *arguments]

    print("Podium: making the invented region. The first time this takes a minute.", flush=True)
    migrated = subprocess.run(command("service", "migrate"), env=environment, check=False)
    if migrated.returncode:
        return migrated.returncode
    # What it prints are the ways in; nobody can use them before the server answers.
    filled = subprocess.run(
        command("seeds", "demo"), env=environment, check=False, stdout=subprocess.PIPE, text=True
    )
    if filled.returncode:
        return filled.returncode

    def tell() -> None:
        print(f"\nPodium: {environment['PODIUM_BASE_URL']}  (Ctrl+C stops it)\n\n{filled.stdout}", flush=True)

    return supervise(
        [command("service", "worker"), command("service", "serve", "--host", host, "--port", str(port))],
        environment,
        lambda: answers(host, port),
        tell,
    )


def answers(host: str, port: int) -> bool:
    """Whether a server is there; ours listens only when it is ready to answer."""
    try:
        with socket.create_connection((EVERYWHERE.get(host, host), port), timeout=LOOK_EVERY_SECONDS):
            return True
    except OSError:
        return False


def supervise(
    commands: Sequence[Sequence[str]],
    environment: Mapping[str, str],
    is_ready: Callable[[], bool],
    tell: Callable[[], object],
) -> int:
    """Keeps the parts together: when one ends, or when somebody interrupts, all end.

    Once `is_ready`, it is told.
    """
    stopping = False

    def stop(_signal: int, _frame: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    parts = [subprocess.Popen(command, env=dict(environment)) for command in commands]
    is_told = False
    while not stopping and all(part.poll() is None for part in parts):
        if not is_told and is_ready():
            tell()
            is_told = True
        time.sleep(LOOK_EVERY_SECONDS)
    for part in parts:
        part.terminate()
    for part in parts:
        try:
            part.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            part.kill()
    ended_badly = any(part.returncode not in {0, -signal.SIGTERM, -signal.SIGINT} for part in parts)
    return 0 if stopping else int(ended_badly)
