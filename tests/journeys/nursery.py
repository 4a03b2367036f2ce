"""Forks workers from a process that has loaded everything: from nothing each takes two seconds to be there.

A line `start` on standard input starts one and is answered by its process id; a line `status ID` by what it
ended with, or by `running`. When the input ends, so do all that still run.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from service import worker as service_worker
from service.cli import run
from service.core.i18n import DEFAULT_LANGUAGE, gettext, speaking
from service.web import templating

ROOT = Path(__file__).parents[2]
RUNNING = "running"


class Nursery:
    """The other end: asks the process below."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self.questions, self.answers = process.stdin, process.stdout

    def _ask(self, question: str) -> str:
        self.questions.write(f"{question}\n")
        self.questions.flush()
        return self.answers.readline().strip()

    def start(self) -> int:
        return int(self._ask("start"))

    def status(self, worker: int) -> int | None:
        """The exit status, negative for the signal that ended it; None while it runs."""
        answer = self._ask(f"status {worker}")
        return None if answer == RUNNING else int(answer)

    def wait(self, worker: int, seconds: float) -> int:
        until = time.monotonic() + seconds
        while (status := self.status(worker)) is None:
            assert time.monotonic() < until, "it does not end"
            time.sleep(0.005)
        return status


@contextmanager
def nursery(environment: Mapping[str, str]) -> Iterator[Nursery]:
    """Workers with these settings, each a process of its own; none outlives the block."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.nursery"],
        cwd=ROOT,
        env=dict(environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        yield Nursery(process)


def load_everything() -> None:
    """What each worker would read for its first mail."""
    service_worker.teach_templates()
    with speaking(DEFAULT_LANGUAGE):
        gettext("Podium")
    for part in ("subject.txt", "body.txt", "body.html"):
        templating.environment().get_template(f"digests/mails/overview/{part}")


def serve(questions: IO[str], answers: IO[str]) -> None:
    ended: dict[int, int | None] = {}
    try:
        for question in questions:
            match question.split():
                case ["start"]:
                    worker = _fork()
                    ended[worker] = None
                    answer: object = worker
                case ["status", number]:
                    worker = int(number)
                    if ended[worker] is None:
                        ended[worker] = _status(worker)
                    answer = RUNNING if ended[worker] is None else ended[worker]
                case _:
                    raise ValueError(question)
            answers.write(f"{answer}\n")
            answers.flush()
    finally:
        for worker, status in ended.items():
            if status is None:
                os.kill(worker, signal.SIGKILL)


def _fork() -> int:
    child = os.fork()
    if child:
        return child
    # Neither the questions nor a cleaning up of the parent are for the child.
    os.dup2(os.open(os.devnull, os.O_RDWR), sys.stdin.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    status = 1
    try:
        status = run(["worker"])
    finally:
        os._exit(status)


def _status(worker: int) -> int | None:
    ended, status = os.waitpid(worker, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


if __name__ == "__main__":
    load_everything()
    serve(sys.stdin, sys.stdout)
