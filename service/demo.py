"""`podium demo`: an invented region with server and worker, in one command on one machine."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from service.core.settings import Environment

FOLDER = Path("var") / "demo"
LOOK_EVERY_SECONDS = 0.5
PATIENCE_SECONDS = 15


def demo_environment(port: int, given: Mapping[str, str]) -> dict[str, str]:
    """What the parts of the demo are told; what somebody set himself stays."""
    folder = FOLDER.absolute()
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
    environment = demo_environment(port, os.environ)
    FOLDER.mkdir(parents=True, exist_ok=True)

    def command(*arguments: str) -> list[str]:
        return [sys.executable, "-m", *arguments]

    for step in (command("service", "migrate"), command("seeds", "demo")):
        prepared = subprocess.run(step, env=environment, check=False)
        if prepared.returncode:
            return prepared.returncode
    print(f"\nPodium: {environment['PODIUM_BASE_URL']}  (Ctrl+C stops it)\n", flush=True)
    return _supervise(
        [command("service", "worker"), command("service", "serve", "--host", host, "--port", str(port))],
        environment,
    )


def _supervise(commands: Sequence[Sequence[str]], environment: Mapping[str, str]) -> int:
    """Keeps the parts together: when one ends, or when somebody interrupts, all end."""
    stopping = False

    def stop(_signal: int, _frame: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    parts = [subprocess.Popen(command, env=dict(environment)) for command in commands]
    while not stopping and all(part.poll() is None for part in parts):
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
