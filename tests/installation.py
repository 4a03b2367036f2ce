"""Podium as it is installed: a web process and a worker beside each other, and mail that really leaves."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from sqlmodel import Session

from service.core.db import make_engine, transaction
from service.core.settings import Environment, Settings
from tests.smtp_server import Inbox, smtp_server

PATIENCE_SECONDS = 120.0
SECRET = "a-secret-of-the-tests-that-is-long-enough-to-be-one"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


@dataclass
class Installation:
    """A running Podium: where it is, what it is set to, and the mail it has sent."""

    settings: Settings
    inbox: Inbox
    folder: Path
    environment: dict[str, str]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.settings.base_url

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """What a test lays ready before, or looks up after."""
        engine = make_engine(self.settings.database_url)
        try:
            with transaction(engine) as session:
                yield session
        finally:
            engine.dispose()

    def log_of(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def start(self, name: str, *arguments: str) -> None:
        with self.log_of(name).open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", "service", *arguments], env=self.environment, stderr=log, stdout=log
            )

    def start_web(self) -> None:
        port = self.url.rpartition(":")[2]
        self.start("web", "serve", "--port", port)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self._answers():
            assert self.processes["web"].poll() is None, self.log_of("web").read_text()
            assert time.monotonic() < deadline, "the web process does not answer"
            time.sleep(0.1)

    def start_worker(self, name: str = "worker") -> None:
        self.start(name, "worker")

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.url}/health", timeout=5):  # noqa: S310 our own address
                return True
        except (URLError, ConnectionError):
            return False

    def stop(self) -> None:
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def errors(self) -> list[str]:
        """What the processes logged as an error; a journey leaves none."""
        lines = [line for name in self.processes for line in self.log_of(name).read_text().splitlines()]
        return [line for line in lines if _is_error(line)]


def _is_error(line: str) -> bool:
    try:
        entry = json.loads(line)
    except ValueError:
        return True
    return not isinstance(entry, dict) or entry.get("level") in {"error", "critical"}


@contextmanager
def installation(database_url: str, folder: Path) -> Iterator[Installation]:
    """Web and worker on a database that has its schema, with a real SMTP server."""
    with ExitStack() as stack:
        inbox, smtp_url = stack.enter_context(smtp_server())
        chosen = {
            "PODIUM_ENVIRONMENT": Environment.DEVELOPMENT.value,
            "PODIUM_BASE_URL": f"http://127.0.0.1:{free_port()}",
            "PODIUM_DATABASE_URL": database_url,
            "PODIUM_SECRET_KEY": SECRET,
            "PODIUM_VAR_DIR": str(folder / "var"),
            "PODIUM_SMTP_URL": smtp_url,
            "PODIUM_LEASE_SECONDS": "5",
        }
        plain = {name: value for name, value in os.environ.items() if not name.startswith("PODIUM_")}
        settings = Settings.model_validate(
            {name.removeprefix("PODIUM_").lower(): value for name, value in chosen.items()}
        )
        running = Installation(settings, inbox, folder, plain | chosen)
        try:
            running.start_web()
            running.start_worker()
            yield running
        finally:
            running.stop()
