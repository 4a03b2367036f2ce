"""What DOMAIN 7 promises of an allocation: where it holds without a condition, and where it cannot."""

from dataclasses import replace
from typing import Any

from hypothesis import given, reject, settings
from hypothesis import strategies as st

from matching import (
    Allocation,
    AllocationProblem,
    Applicant,
    Candidate,
    Capacity,
    InvalidProblem,
    Pair,
    Policy,
    allocate,
)
from tests.matching.allocation_cast import allocation_parts, make_allocation_problem

LOTTERY = ("luck", "lot")
NEW = "new"


def _allocated(parts: dict[str, Any]) -> Allocation:
    try:
        return allocate(AllocationProblem.of(**parts))
    except InvalidProblem:
        reject()


@settings(max_examples=60, deadline=None)
@given(st.booleans().flatmap(lambda nested: allocation_parts(nested=nested)))
def test_names_decide_nothing_but_the_lot(parts: dict[str, Any]) -> None:
    def seeker(name: str) -> str:
        return f"z{name[::-1]}"

    def offer(name: str) -> str:
        return f"a{9 - int(name[1:])}"

    renamed = parts | {
        "applicants": [replace(one, id=seeker(one.id)) for one in parts["applicants"]],
        "capacities": [
            replace(one, offer_id=offer(one.offer_id), host=one.host[::-1]) for one in parts["capacities"]
        ],
        "candidates": [
            replace(one, seeker_id=seeker(one.seeker_id), offer_id=offer(one.offer_id))
            for one in parts["candidates"]
        ],
        "host_caps": {host[::-1]: cap for host, cap in parts["host_caps"].items()},
        **{
            name: [(seeker(one), offer(other)) for one, other in parts[name]]
            for name in ("locked", "forbidden")
        },
        "previous": parts["previous"] and [(seeker(one), offer(other)) for one, other in parts["previous"]],
        **{name: [tuple(map(seeker, group)) for group in parts[name]] for name in ("together", "apart")},
    }

    one, other = _allocated(parts), _allocated(renamed)

    assert [aim for aim in one.certificate.reached if aim.aim not in LOTTERY] == [
        aim for aim in other.certificate.reached if aim.aim not in LOTTERY
    ]


# Another offer.


def test_an_offer_that_is_somebodys_best_changes_what_is_good() -> None:
    """Nobody loses a position by it, but beside something better it is no longer a good one."""
    values = {"noor": {"a": 50}, "sem": {"b": 50}}
    before = allocate(make_allocation_problem(values))
    after = allocate(make_allocation_problem({name: row | {NEW: 100} for name, row in values.items()}))

    assert (before.numbers.with_good, after.numbers.with_good) == (2, 1)
    assert after.numbers.placed == 2


@st.composite
def markets(draw: st.DrawFn) -> dict[str, Any]:
    """Problems for `stable`, of one position each."""
    parts = draw(allocation_parts(nested=True))
    return parts | {
        "policy": Policy.STABLE,
        "previous": None,
        "locked": [],
        "applicants": [replace(one, wanted=1) for one in parts["applicants"]],
        "capacities": [replace(one, minimum=0) for one in parts["capacities"]],
    }


@settings(max_examples=100, deadline=None)
@given(markets(), st.data())
def test_under_stable_another_offer_makes_nobody_worse_off(
    parts: dict[str, Any], data: st.DataObject
) -> None:
    value = st.sampled_from([0.0, 40.0, 61.0, 99.0])
    some = data.draw(st.lists(st.sampled_from([one.id for one in parts["applicants"]]), unique=True))
    added = [Candidate(one, NEW, data.draw(value), data.draw(st.integers(0, 2))) for one in some]

    before = _allocated(parts)
    after = _allocated(
        parts
        | {
            "capacities": [*parts["capacities"], Capacity(NEW, "new host", 1)],
            "candidates": [*parts["candidates"], *added],
        }
    )

    for name, had in _had(before).items():
        assert _had(after)[name] >= had


# Asking for more.


def test_who_asks_for_something_better_may_lose_what_was_good_enough() -> None:
    """Under `fair`: beside what Noor now likes most, what she had is worth half, and Sem goes before her."""
    values = {"noor": {"a": 50}, "sem": {"a": 50}, "mila": {"b": 50}}
    applicants = [Applicant("noor", credit=1), Applicant("sem"), Applicant("mila", credit=2)]

    before = allocate(make_allocation_problem(values, applicants=applicants))
    after = allocate(make_allocation_problem(values | {"noor": {"a": 50, "b": 100}}, applicants=applicants))

    assert before.left_out == ("sem",)
    assert after.left_out == ("noor",)


@settings(max_examples=100, deadline=None)
@given(markets(), st.data())
def test_under_stable_nobody_loses_by_asking_for_more(parts: dict[str, Any], data: st.DataObject) -> None:
    known = {one.pair for one in parts["candidates"]}
    pairs = [Pair(one.id, other.offer_id) for one in parts["applicants"] for other in parts["capacities"]]
    missing = [pair for pair in pairs if pair not in known and pair not in parts["forbidden"]]
    if not missing:
        reject()
    pair = data.draw(st.sampled_from(missing))
    new = Candidate(*pair, data.draw(st.sampled_from([0.0, 40.0, 99.0])), data.draw(st.integers(0, 2)))

    before = _allocated(parts)
    after = _allocated(parts | {"candidates": [*parts["candidates"], new]})

    assert _had(after)[pair.seeker_id] >= _had(before)[pair.seeker_id]


def _had(allocation: Allocation) -> dict[str, float]:
    """The value of what each has, as it was given; -1 for nothing."""
    values = {one.pair: one.value for one in allocation.problem.candidates}
    had = dict.fromkeys((one.id for one in allocation.problem.applicants), -1.0)
    return had | {pair.seeker_id: values[pair] for pair in allocation.pairs}
