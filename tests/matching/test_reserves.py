"""Reserve lists: in the declared order, lawful, and whoever moves up is better off for it."""

from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from matching import (
    AllocationProblem,
    Applicant,
    Candidate,
    Capacity,
    InvalidProblem,
    Move,
    OutOfTime,
    Pair,
    Policy,
    allocate,
    cancel,
    reserve_lists,
)
from tests.matching import allocation_oracle as oracle
from tests.matching.allocation_cast import allocation_parts, make_allocation_problem


def test_it_works() -> None:
    values = {"noor": {"a": 90}, "sem": {"a": 80, "b": 70}, "mila": {"b": 60}, "adam": {"b": 50}}
    problem = make_allocation_problem(values, {"a": 1, "b": 2}, locked=[("noor", "a"), ("adam", "b")])
    allocation = allocate(problem)
    assert allocation.left_out == ("sem",)

    assert {offer: [one.seeker_id for one in line] for offer, line in reserve_lists(allocation).items()} == {
        "a": ["sem"],
        "b": ["sem"],
    }
    succession = cancel(allocation, "adam", "b")
    assert succession.cancelled == ("adam", "b")
    assert succession.moves == (Move("sem", "b", None),)
    assert succession.left_free is None


def test_who_has_nothing_comes_first_then_who_gains_most_then_credit() -> None:
    values = {
        "noor": {"a": 90},
        "sem": {"b": 50, "a": 90},
        "mila": {"c": 80, "a": 90},
        "adam": {"a": 10},
        "yara": {"a": 10},
    }
    problem = make_allocation_problem(
        values,
        locked=[("noor", "a")],
        applicants=[Applicant(name, credit=name == "yara") for name in values],
    )

    waiting = reserve_lists(allocate(problem))["a"]

    # Yara and Adam have nothing, and Yara has credit; Sem has less than Mila.
    assert [(one.seeker_id, one.leaves) for one in waiting] == [
        ("yara", None),
        ("adam", None),
        ("sem", "b"),
        ("mila", "c"),
    ]


def test_one_move_makes_room_for_the_next() -> None:
    values = {"noor": {"a": 90}, "sem": {"a": 90, "b": 60}, "mila": {"b": 90, "c": 60}, "adam": {"c": 90}}
    problem = make_allocation_problem(values, previous=[("noor", "a"), ("sem", "b"), ("mila", "c")])
    allocation = allocate(problem)
    assert allocation.left_out == ("adam",)

    succession = cancel(allocation, "noor", "a")

    assert succession.moves == (Move("sem", "a", "b"), Move("mila", "b", "c"), Move("adam", "c", None))
    assert succession.left_free is None


def test_nobody_waiting_leaves_it_free() -> None:
    allocation = allocate(make_allocation_problem({"noor": {"a": 90}}))

    succession = cancel(allocation, "noor", "a")

    assert (succession.moves, succession.left_free) == ((), "a")


def test_under_stable_the_host_says_who_comes_next() -> None:
    problem = make_allocation_problem(
        {"noor": {"a": 90}, "sem": {"a": 90}, "mila": {"a": 90}},
        candidates=[
            Candidate("noor", "a", 90, priority=3),
            Candidate("sem", "a", 90, priority=1),
            Candidate("mila", "a", 90, priority=2),
        ],
        policy=Policy.STABLE,
    )

    assert [one.seeker_id for one in reserve_lists(allocate(problem))["a"]] == ["mila", "sem"]


def test_no_minimum_is_broken_for_it() -> None:
    problem = make_allocation_problem(
        {"noor": {"a": 90}, "sem": {"a": 90, "b": 10}},
        capacities=[Capacity("a", "x", 1), Capacity("b", "y", 1, minimum=1)],
    )

    assert reserve_lists(allocate(problem))["a"] == ()


def test_out_of_time_there_are_no_half_lists() -> None:
    allocation = allocate(make_allocation_problem({"noor": {"a": 90}, "sem": {"a": 80}}))

    with pytest.raises(OutOfTime):
        reserve_lists(allocation, limit_seconds=0)


def test_what_is_not_there_cannot_be_cancelled() -> None:
    allocation = allocate(make_allocation_problem({"noor": {"a": 90}}))

    with pytest.raises(InvalidProblem) as refused:
        cancel(allocation, "noor", "b")

    assert refused.value.rows == ("noor/b",)


@settings(max_examples=60, deadline=None)
@given(allocation_parts(nested=False), st.data())
def test_every_move_is_lawful_and_a_gain(parts: dict[str, Any], data: st.DataObject) -> None:
    try:
        allocation = allocate(AllocationProblem.of(**parts | {"locked": []}))
    except InvalidProblem:
        reject()
    problem = allocation.problem
    if not allocation.pairs or problem.together or any(one.minimum for one in problem.capacities):
        reject()
    cancelled = data.draw(st.sampled_from(allocation.pairs))
    worth = {row.pair: oracle.Aims(problem).worth(row) for row in problem.candidates}

    succession = cancel(allocation, *cancelled)

    pairs = set(allocation.pairs) - {cancelled}
    for move in succession.moves:
        if move.from_offer is not None:
            left = Pair(move.seeker_id, move.from_offer)
            assert worth[Pair(move.seeker_id, move.to_offer)] > worth[left]
            pairs.remove(left)
        pairs.add(Pair(move.seeker_id, move.to_offer))
        assert oracle.keeps_rules(problem, sorted(pairs))
    assert cancelled.seeker_id not in {move.seeker_id for move in succession.moves}
    assert len({move.seeker_id for move in succession.moves}) == len(succession.moves)
