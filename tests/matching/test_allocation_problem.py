"""The input of an allocation: bad rows are named, order means nothing, hashes follow what can change."""

import os
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from matching import AllocationProblem, Applicant, Candidate, Capacity, InvalidProblem, Policy
from tests.matching.allocation_cast import allocation_parts, make_allocation_problem


def test_it_works() -> None:
    problem = make_allocation_problem(
        {"sem": {"b": 80, "a": 70}, "noor": {"a": 90}}, forbidden=[("sem", "a")]
    )

    assert [one.id for one in problem.applicants] == ["noor", "sem"]
    assert [one.pair for one in problem.candidates] == [("noor", "a"), ("sem", "b")]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"capacities": [Capacity("a", "baker", -1)]}, ("a", "maximum", "negative")),
        ({"capacities": [Capacity("a", "baker", 1, 2)]}, ("a", "minimum", "above_maximum")),
        ({"capacities": [Capacity("a", "baker", 9, 3)]}, ("a", "minimum", "too_few_candidates")),
        ({"capacities": [Capacity("a", "", 1)]}, ("a", "host", "empty")),
        ({"capacities": [Capacity("a", "x", 1), Capacity("a", "y", 1)]}, ("a", "id", "duplicate")),
        (
            {"capacities": [Capacity("a", "x", 2, 2)], "host_caps": {"x": 1}},
            ("a", "minimum", "above_host_cap"),
        ),
        ({"host_caps": {"baker": -1}}, ("baker", "host_cap", "negative")),
        ({"locked": [("noor", "a"), ("sem", "a")]}, ("sem/a", "locked", "too_many_for_position")),
        ({"locked": [("noor", "z")]}, ("noor/z", "locked", "unknown_offer")),
        ({"locked": [("nobody", "a")]}, ("nobody/a", "locked", "unknown_seeker")),
        ({"locked": [("noor", "a")], "forbidden": [("noor", "a")]}, ("noor/a", "locked", "forbidden")),
        ({"candidates": [Candidate("noor", "a", -1)]}, ("noor/a", "value", "impossible")),
        ({"candidates": [Candidate("noor", "a", float("nan"))]}, ("noor/a", "value", "impossible")),
        ({"candidates": [Candidate("nobody", "a", 1)]}, ("nobody/a", "seeker_id", "unknown")),
        ({"candidates": [Candidate("noor", "z", 1)]}, ("noor/z", "offer_id", "unknown")),
        ({"candidates": [Candidate("noor", "a", 1)] * 2}, ("noor/a", "pair", "duplicate")),
        ({"applicants": [Applicant("noor", 0), Applicant("sem")]}, ("noor", "wanted", "impossible")),
        ({"applicants": [Applicant("noor", 1, 999), Applicant("sem")]}, ("noor", "credit", "impossible")),
        ({"together": [("noor", "nobody")]}, ("nobody", "together", "unknown")),
        ({"together": [("noor",)]}, ("noor", "together", "not_several")),
        ({"together": [("noor", "sem")], "apart": [("sem", "noor")]}, ("noor/sem", "apart", "together_too")),
        ({"good": 0.0}, ("problem", "good", "impossible")),
        ({"steps": 0}, ("problem", "steps", "impossible")),
        ({"policy": "fair"}, ("problem", "policy", "impossible")),
        ({"policy": Policy.STABLE, "apart": [("noor", "sem")]}, ("noor/sem", "apart", "not_with_stable")),
    ],
    ids=str,
)
def test_a_bad_problem_is_refused_with_its_rows(changes: dict[str, Any], fault: tuple[str, str, str]) -> None:
    with pytest.raises(InvalidProblem) as refused:
        make_allocation_problem({"noor": {"a": 90}, "sem": {"a": 80}}, **changes)

    assert fault in refused.value.faults


@given(allocation_parts(nested=False), st.randoms(use_true_random=False))
def test_the_order_of_rows_means_nothing(parts: dict[str, Any], random: Any) -> None:
    try:
        problem = AllocationProblem.of(**parts)
    except InvalidProblem:
        reject()
    shuffled = {
        name: random.sample(rows, len(rows)) if isinstance(rows, list) else rows
        for name, rows in parts.items()
    }

    again = AllocationProblem.of(**shuffled)

    assert again == problem
    assert again.input_hash == problem.input_hash
    assert again.config_hash == problem.config_hash


def test_hashes_follow_what_can_change_the_answer() -> None:
    values = {"noor": {"a": 90}, "sem": {"a": 80}}
    problem = make_allocation_problem(values)
    changed = [
        make_allocation_problem(values | {"sem": {"a": 81}}),
        make_allocation_problem(values, host_caps={"host of a": 1}),
        make_allocation_problem(values, locked=[("noor", "a")]),
        make_allocation_problem(values, previous=[]),
        make_allocation_problem(values, apart=[("noor", "sem")]),
        make_allocation_problem(
            values, applicants=[Applicant("noor", reach=frozenset({"1068"})), Applicant("sem")]
        ),
    ]

    assert len({problem.input_hash, *(one.input_hash for one in changed)}) == 1 + len(changed)
    assert {one.config_hash for one in changed} == {problem.config_hash}
    assert make_allocation_problem(values, good=0.7).config_hash != problem.config_hash
    assert make_allocation_problem(values, policy=Policy.TOTAL).config_hash != problem.config_hash


def test_the_hash_is_the_same_in_every_process() -> None:
    script = """
from matching import AllocationProblem, Applicant
reach = frozenset(str(number) for number in range(1000, 1040))
rows = {"applicants": [Applicant("noor", reach=reach)], "capacities": [], "candidates": []}
print(AllocationProblem.of(**rows, seed=1).input_hash)
"""
    hashes = {
        subprocess.run(
            [sys.executable, "-c", script],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }

    assert len(hashes) == 1
