"""Compiled loops: kept where there is a place to write, made anew where there is none, by many at once."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from matching.compiled import compiled

LOOP = """
from matching.compiled import compiled, compiled_within

@compiled_within
def _doubled(number):
    return 2 * number

@compiled
def added_up(most):
    total = 0
    for number in range(most):
        total += _doubled(number)
    return total
"""
CALL = "import loop; print(loop.added_up(10), len(loop.added_up.stats.cache_hits))"


def test_it_works(tmp_path: Path) -> None:
    """The first process compiles, the second finds what the first has kept."""
    (tmp_path / "loop.py").write_text(LOOP, "utf-8")

    first, second = (started(tmp_path).communicate()[0] for _process in range(2))

    assert first.split() == ["90", "0"]
    assert second.split() == ["90", "1"]


def test_two_workers_may_compile_at_once(tmp_path: Path) -> None:
    (tmp_path / "loop.py").write_text(LOOP, "utf-8")

    workers = [started(tmp_path) for _worker in range(2)]

    assert [worker.communicate()[0].split()[0] for worker in workers] == ["90", "90"]
    assert started(tmp_path).communicate()[0].split() == ["90", "1"]


def test_where_nothing_can_be_kept_it_compiles_all_the_same() -> None:
    """A function from no file is one for which numba has no place, as in a read-only image."""
    made: dict[str, Any] = {}
    exec("def doubled(number):\n    return 2 * number", made)  # noqa: S102 - text of our own

    assert compiled(made["doubled"])(21) == 42


def started(folder: Path) -> "subprocess.Popen[str]":
    """A process of its own that keeps what it compiles in this folder."""
    paths = os.pathsep.join((str(folder), *(path for path in sys.path if path)))
    return subprocess.Popen(
        [sys.executable, "-c", CALL],
        env={**os.environ, "NUMBA_CACHE_DIR": str(folder / "kept"), "PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        text=True,
    )
