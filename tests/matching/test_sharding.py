"""Work in shards: the same results in the same order wherever they are computed, each thing packed once."""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar
from uuid import uuid4

import joblib
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joblib.externals.loky import get_reusable_executor

from matching import Answer, InvalidProblem, Problem, RunStopped, suggest
from matching.sharding import in_shards, ranges
from tests.matching.cast import make_offer, make_problem, make_seeker
from tests.matching.strategies import problems

SEEKERS = 60


class Scales:
    """Something heavy to make, that tells in how many processes and how often it was unpacked."""

    unpacked: ClassVar[Counter[str]] = Counter()

    def __init__(self, factor: int) -> None:
        self.factor = factor
        # The processes are the same for every test of this file, in any order: each counts its own scales.
        self.name = uuid4().hex

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        Scales.unpacked[self.name] += 1


def weigh(scales: Scales, shard: range) -> tuple[int, int, int]:
    return sum(shard) * scales.factor, os.getpid(), Scales.unpacked[scales.name]


def fail(_scales: Scales, shard: range) -> int:
    raise ValueError(f"not these: {shard}")


@pytest.fixture(scope="module")
def problem() -> Problem:
    wishes: list[tuple[str, ...]] = [("cook",), (), ("ZORG", "cook"), ("bricklayer",)]
    return make_problem(
        seekers=[
            make_seeker(id=f"youth-{row:02}", wishes=wishes[row % 4], pc4=("1068", "2011", "3511")[row % 3])
            for row in range(SEEKERS)
        ],
        offers=[
            make_offer(id=f"offer-{row}", sectors=(("HORECA", "ZORG", "BOUW")[row % 3],)) for row in range(30)
        ],
    )


@pytest.fixture(scope="module")
def answer(problem: Problem) -> Answer:
    answer = suggest(problem)
    assert answer.suggestions
    assert answer.gaps
    return answer


@pytest.fixture(scope="module")
def processes() -> Iterator[dict[str, object]]:
    """Two processes that are gone when the tests of this file are done."""
    yield {"backend": "loky", "n_jobs": 2}
    get_reusable_executor().shutdown(wait=True)


def test_it_works() -> None:
    with joblib.parallel_config("sequential"):
        weighed = list(in_shards(weigh, Scales(10), ranges(6, 3)))

    assert [sums for sums, _pid, _unpacked in weighed] == [10, 50, 90]


@pytest.mark.parametrize("backend", ["sequential", "threading"])
@pytest.mark.parametrize("shards", [1, 7, SEEKERS, 1000])
def test_shards_change_nothing(problem: Problem, answer: Answer, backend: str, shards: int) -> None:
    with joblib.parallel_config(backend, n_jobs=2):
        assert suggest(problem, shards=shards) == answer


def test_processes_change_nothing(problem: Problem, answer: Answer, processes: dict[str, object]) -> None:
    with joblib.parallel_config(**processes):
        assert suggest(problem, shards=5) == answer


def test_what_is_shared_is_unpacked_once_per_process(processes: dict[str, object]) -> None:
    with joblib.parallel_config(**processes):
        weighed = list(in_shards(weigh, Scales(2), ranges(40, 20)))

    assert sum(sums for sums, _pid, _unpacked in weighed) == 2 * sum(range(40))
    assert os.getpid() not in {pid for _sums, pid, _unpacked in weighed}
    assert {unpacked for _sums, _pid, unpacked in weighed} == {1}


def test_the_next_work_does_not_see_the_last(processes: dict[str, object]) -> None:
    for factor in (1, 2, 3):
        with joblib.parallel_config(**processes):
            assert [sums for sums, *_ in in_shards(weigh, Scales(factor), [range(3)])] == [3 * factor]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(problems(), st.integers(1, 9))
def test_any_number_of_shards_gives_one_answer(problem: Problem, shards: int) -> None:
    with joblib.parallel_config("sequential"):
        assert suggest(problem, shards=shards) == suggest(problem)


@pytest.mark.parametrize("backend", ["sequential", "threading", "loky"])
def test_a_stop_is_heard(problem: Problem, processes: dict[str, object], backend: str) -> None:
    heard: list[int] = []
    answers = iter([False, False, True])

    with joblib.parallel_config(backend, n_jobs=2), pytest.raises(RunStopped):
        suggest(problem, lambda done, _all: heard.append(done), lambda: next(answers), shards=6)

    assert heard == [10, 20]


def test_progress_is_told(problem: Problem) -> None:
    heard: list[tuple[int, int]] = []

    with joblib.parallel_config("threading", n_jobs=2):
        suggest(problem, lambda done, everybody: heard.append((done, everybody)), shards=3)

    assert heard == [(20, SEEKERS), (40, SEEKERS), (60, SEEKERS)]


@pytest.mark.parametrize("backend", ["sequential", "threading", "loky"])
def test_what_goes_wrong_in_a_shard_goes_wrong_here(processes: dict[str, object], backend: str) -> None:
    with joblib.parallel_config(backend, n_jobs=2), pytest.raises(ValueError, match="not these"):
        list(in_shards(fail, Scales(1), ranges(4, 2)))


def test_no_seekers_and_no_offers_are_no_work() -> None:
    for problem in (make_problem(seekers=[]), make_problem(seekers=[make_seeker()], offers=[])):
        with joblib.parallel_config("threading", n_jobs=2):
            assert suggest(problem, shards=4) == suggest(problem)


@pytest.mark.parametrize("shards", [0, -3])
def test_at_least_one_shard(problem: Problem, shards: int) -> None:
    with pytest.raises(InvalidProblem, match="shards below_1"):
        suggest(problem, shards=shards)


@given(st.integers(0, 1000), st.integers(1, 50))
def test_every_row_is_in_one_shard(number: int, shards: int) -> None:
    parted = ranges(number, shards)

    assert [row for part in parted for row in part] == list(range(number))
    assert len(parted) == min(number, shards)
    assert max(map(len, parted), default=0) - min(map(len, parted), default=0) <= 1


def test_a_run_is_left_as_it_was(problem: Problem, answer: Answer) -> None:
    copied = replace(problem)

    with joblib.parallel_config("threading", n_jobs=2):
        suggest(problem, shards=9)

    assert problem == copied
    assert suggest(problem) == answer
