"""A web process stays light: it starts quickly, small, and without the engine's heavy parts."""

import json
import re
import subprocess
import sys
from typing import Any

import pytest

PROGRAM = """
import json, sys, time
from pathlib import Path
from service.app import create_app
from service.core.settings import Environment, Settings

create_app(Settings(environment=Environment.DEVELOPMENT, database_url="sqlite:///never-opened.db"))
seen = {
    "packages": sorted({name.partition(".")[0] for name in sys.modules}),
    "seconds": time.process_time(),
    "status": Path("/proc/self/status").read_text() if sys.platform == "linux" else "",
}
print(json.dumps(seen))
"""
REFERENCE = """
import time

import alembic, babel, fastapi, jinja2, sqlmodel, uvicorn

print(time.process_time())
"""
HEAVY = {"scipy", "sklearn", "joblib", "numba", "llvmlite"}
MOST_TIMES_THE_REFERENCE = 3.5
"""On the machine of the bar (PRODUCT 8: 2 s) the libraries alone take about 0.7 s."""
ATTEMPTS = 3
MOST_MEBIBYTES = 150


def start() -> dict[str, Any]:
    """A process that made the application and nothing else; seconds are the processor's."""
    answer = subprocess.run([sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True)
    seen: dict[str, Any] = json.loads(answer.stdout)
    return seen


@pytest.fixture(scope="module")
def started() -> dict[str, Any]:
    """The quickest of three: the first after a change compiles, and a busy machine slows any."""
    return min((start() for _attempt in range(ATTEMPTS)), key=lambda seen: float(seen["seconds"]))


def test_it_loads_nothing_heavy(started: dict[str, Any]) -> None:
    assert "fastapi" in started["packages"]
    assert not HEAVY & set(started["packages"])


def libraries_alone() -> float:
    """What loading the libraries costs that any such service has: the measure of this machine, now."""
    answer = subprocess.run([sys.executable, "-c", REFERENCE], check=True, capture_output=True, text=True)
    return float(answer.stdout)


def test_it_starts_quickly(started: dict[str, Any]) -> None:
    reference = min(libraries_alone() for _attempt in range(ATTEMPTS))
    assert started["seconds"] < MOST_TIMES_THE_REFERENCE * reference


@pytest.mark.skipif(sys.platform != "linux", reason="reads what only Linux writes down")
def test_it_is_small(started: dict[str, Any]) -> None:
    """The peak of this process alone: what getrusage tells begins with the peak of whoever started it."""
    peak = re.search(r"VmHWM:\s+(\d+) kB", started["status"])
    assert peak
    assert int(peak[1]) / 1024 < MOST_MEBIBYTES
