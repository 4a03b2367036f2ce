"""Why a pair was not made: the first aim that gets worse when it is made after all, against brute force."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import assume, given, settings

from matching import (
    AllocationProblem,
    Applicant,
    Candidate,
    Capacity,
    InvalidProblem,
    Policy,
    allocate,
    cancel,
    resumed,
    withheld,
)
from tests.matching import allocation_oracle as oracle
from tests.matching.allocation_cast import allocation_parts, make_allocation_problem

NAMES = {"good", "placed", "unchanged", "level", "value", "spread", "credit", "lottery"}


def code_of(
    values: Mapping[str, Mapping[str, float]], pair: tuple[str, str], **changes: Any
) -> tuple[str, list[str]]:
    told = withheld(allocate(make_allocation_problem(values, **changes)), *pair)
    return told.code.value, [one.value for one in told.in_the_way]


def test_it_works() -> None:
    """Noor likes the kitchen better than Sem does, but Sem has nothing else."""
    allocation = allocate(make_allocation_problem({"noor": {"cook": 90, "bake": 80}, "sem": {"cook": 50}}))

    told = withheld(allocation, "noor", "cook")

    assert (told.code, told.in_the_way) == ("good", ("capacity", "wanted"))
    assert (told.reached, told.with_pair, told.is_proven) == (2, 1, True)
    assert "sem" not in repr(told)


@pytest.mark.parametrize(
    ("values", "pair", "code"),
    [
        (
            {"noor": {"a": 90, "b": 40}, "sem": {"a": 90, "c": 50}, "mila": {"c": 90}},
            ("noor", "a"),
            "placed",
        ),
        ({"noor": {"a": 100, "b": 90}, "sem": {"a": 100, "b": 70}}, ("sem", "b"), "level"),
        ({"noor": {"a": 100, "b": 98}, "sem": {"a": 100, "b": 96}}, ("sem", "b"), "value"),
    ],
    ids=["who has nothing", "who is worse off", "all together"],
)
def test_the_aim_that_would_get_worse(
    values: dict[str, dict[str, float]], pair: tuple[str, str], code: str
) -> None:
    assert code_of(values, pair)[0] == code


def test_a_lottery_decides_between_equals() -> None:
    equal = {"noor": {"a": 50.0}, "sem": {"a": 50.0}}
    allocation = allocate(make_allocation_problem(equal))
    (loser,) = allocation.left_out

    assert withheld(allocation, loser, "a").code == "lottery"


def test_credit_decides_before_the_lottery() -> None:
    applicants = [Applicant("noor", credit=2), Applicant("sem", credit=1)]
    equal = {"noor": {"a": 50.0}, "sem": {"a": 50.0}}
    allocation = allocate(make_allocation_problem(equal, applicants=applicants))

    assert allocation.left_out == ("sem",)
    assert withheld(allocation, "sem", "a").code == "credit"


def test_an_earlier_allocation_is_kept() -> None:
    values = {"noor": {"a": 100, "b": 90}, "sem": {"a": 90, "b": 100}}

    code, _ = code_of(values, ("noor", "a"), previous=[("noor", "b"), ("sem", "a")])

    assert code == "unchanged"


def test_hosts_are_burdened_evenly() -> None:
    capacities = [Capacity("a", "one", 1), Capacity("b", "one", 1), Capacity("c", "two", 1)]
    values = {"noor": {"a": 50}, "sem": {"b": 50, "c": 50}}

    assert code_of(values, ("sem", "b"), capacities=capacities) == ("spread", ["wanted"])


@pytest.mark.parametrize(
    ("changes", "code", "in_the_way"),
    [
        ({"locked": [("sem", "a")]}, "lock", "capacity"),
        ({"locked": [("noor", "b")]}, "wanted", "wanted"),
        ({"maxima": {"a": 0, "b": 1}}, "capacity", "capacity"),
        ({"host_caps": {"host of a": 0}}, "host_cap", "host_cap"),
        ({"forbidden": [("noor", "a")]}, "forbidden", None),
    ],
    ids=["lock", "wanted", "no position", "host cap", "forbidden"],
)
def test_a_rule_alone_decides(changes: dict[str, Any], code: str, in_the_way: str | None) -> None:
    values = {"noor": {"a": 90, "b": 80}, "sem": {"a": 60}}

    found, ways = code_of(values, ("noor", "a"), **changes)

    assert found == code
    assert in_the_way is None or in_the_way in ways


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (Capacity("b", "one", 1), "once_per_host"),
        (Capacity("b", "two", 1, period="monday"), "same_period"),
    ],
    ids=["once per host", "one per period"],
)
def test_what_collides_with_something_fixed(second: Capacity, code: str) -> None:
    allocation = allocate(
        make_allocation_problem(
            {"noor": {"a": 90, "b": 80}},
            applicants=[Applicant("noor", wanted=2)],
            capacities=[Capacity("a", "one", 1, period="monday"), second],
            locked=[("noor", "a")],
        )
    )

    told = withheld(allocation, "noor", "b")

    assert told.code == code
    assert code in told.in_the_way


def test_a_minimum_elsewhere_holds_somebody() -> None:
    capacities = [Capacity("a", "one", 1), Capacity("b", "two", 1, minimum=1)]

    assert code_of({"noor": {"a": 90, "b": 80}}, ("noor", "a"), capacities=capacities)[0] == "minimum"


def test_groups_stand_in_the_way() -> None:
    values = {"noor": {"a": 90, "b": 50}, "sem": {"a": 90, "c": 50}}
    capacities = [Capacity("a", "one", 2), Capacity("b", "two", 1), Capacity("c", "three", 1)]
    allocation = allocate(make_allocation_problem(values, capacities=capacities, apart=[("noor", "sem")]))
    loser = next(one.seeker_id for one in allocation.placings if one.offer_id != "a")

    assert "group" in withheld(allocation, loser, "a").in_the_way


def test_what_was_made_or_never_proposed_says_so() -> None:
    values = {"noor": {"a": 90}, "sem": {"b": 50}}

    assert code_of(values, ("noor", "a")) == ("is_made", [])
    assert code_of(values, ("noor", "b")) == ("not_a_candidate", [])


@pytest.mark.parametrize("pair", [("nobody", "a"), ("noor", "nothing")])
def test_an_unknown_id_is_refused(pair: tuple[str, str]) -> None:
    with pytest.raises(InvalidProblem):
        code_of({"noor": {"a": 90}}, pair)


@pytest.mark.parametrize(
    ("candidates", "code"),
    [
        ([Candidate("noor", "a", 90, 0), Candidate("sem", "a", 50, 1)], "welcome"),
        ([Candidate("noor", "a", 90, 1), Candidate("sem", "a", 50, 1)], "credit"),
        ([Candidate("noor", "a", 90), Candidate("noor", "b", 99), Candidate("sem", "a", 50)], "has_better"),
    ],
    ids=["more welcome", "credit", "something dearer"],
)
def test_stable_has_its_own_reasons(candidates: list[Candidate], code: str) -> None:
    problem = AllocationProblem.of(
        applicants=[Applicant("noor"), Applicant("sem", credit=1)],
        capacities=[Capacity("a", "one", 1), Capacity("b", "two", 1)],
        candidates=candidates,
        seed=7,
        policy=Policy.STABLE,
    )

    assert withheld(allocate(problem), "noor", "a").code == code


@settings(max_examples=60, deadline=None)
@given(allocation_parts(most_candidates=7))
def test_brute_force_finds_the_same_aim(parts: dict[str, Any]) -> None:
    try:
        problem = AllocationProblem.of(**(parts | {"policy": Policy.FAIR}))
        allocation = allocate(problem)
    except InvalidProblem:
        assume(False)
    best = oracle.best(problem)
    assert best is not None
    aims = oracle.Aims(problem)
    for candidate in problem.candidates:
        if candidate.pair in best:
            continue
        told = withheld(allocation, *candidate.pair)
        with_pair = max(
            (one for one in oracle.lawful(problem) if candidate.pair in one), key=aims.of, default=None
        )
        if with_pair is None:
            assert told.code not in NAMES
            continue
        most = max(one.wanted for one in problem.applicants)
        names = ["good", "placed", "unchanged", *["level"] * most, "value", "spread", "luck", "lot"]
        pairs = zip(names, aims.of(best), aims.of(with_pair), strict=True)
        expected = next(name for name, without, forced in pairs if without != forced)
        found = {"credit": "luck", "lottery": "luck"}.get(told.code, told.code.value)
        assert found == expected or (told.code == "lottery" and expected == "lot")
        assert told.is_proven


def test_an_allocation_can_be_taken_up_again() -> None:
    problem = make_allocation_problem({"noor": {"a": 90, "b": 80}, "sem": {"a": 50}, "mila": {"a": 40}})
    made = allocate(problem)

    again = resumed(problem, made.pairs)

    assert (again.placings, again.left_out, again.numbers) == (made.placings, made.left_out, made.numbers)
    assert cancel(again, *made.pairs[0]) == cancel(made, *made.pairs[0])
    assert not again.certificate.is_optimal
    with pytest.raises(InvalidProblem):
        resumed(problem, (("sem", "b"),))
