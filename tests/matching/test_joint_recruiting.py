"""What would place who goes together or apart: an offer of this size, and nobody gives anything up."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from matching import (
    Allocation,
    AllocationProblem,
    Applicant,
    Candidate,
    Capacity,
    InvalidProblem,
    JointNeed,
    Pair,
    allocate,
    joint_needs,
)
from tests.matching.allocation_cast import allocation_parts, make_allocation_problem


def _applicant(name: str, sectors: str, pc4: str, reach: str) -> Applicant:
    return Applicant(name, pc4=pc4, sectors=tuple(sectors.split()), reach=frozenset(reach.split()))


def test_it_works() -> None:
    """Each of the three could have something; one offer for all three there is not."""
    problem = make_allocation_problem(
        {name: {"a": 90.0, "b": 80.0} for name in ("noor", "sem", "mila")},
        {"a": 2, "b": 1},
        applicants=[
            _applicant("noor", "ICT ZORG", "1067", "1067 1068"),
            _applicant("sem", "ZORG", "1068", "1067 1068"),
            _applicant("mila", "", "1068", "1067 1068 1069"),
        ],
        together=[("noor", "sem", "mila")],
    )

    (need,) = joint_needs(allocate(problem))

    assert need.seeker_ids == ("mila", "noor", "sem")
    assert (need.positions, need.largest_free) == (3, 2)
    assert (need.sector, need.pc4) == ("ZORG", "1068")


def test_what_hosts_take_and_what_others_have_is_not_free() -> None:
    problem = make_allocation_problem(
        {"noor": {"a": 50, "b": 50}, "sem": {"a": 50, "b": 50}, "mila": {"a": 90}},
        {"a": 2, "b": 2},
        together=[("noor", "sem")],
        locked=[("mila", "a")],
        host_caps={"host of b": 1},
    )

    (need,) = joint_needs(allocate(problem))

    assert (need.seeker_ids, need.largest_free) == (("noor", "sem"), 1)
    # Nothing is known of where they can come.
    assert (need.sector, need.pc4) == ("", None)


def test_who_goes_apart_needs_one_position_elsewhere() -> None:
    problem = make_allocation_problem(
        {"noor": {"a": 90}, "sem": {"a": 80}},
        {"a": 5},
        applicants=[_applicant("noor", "ICT", "1067", "1067"), _applicant("sem", "ZORG", "1067", "1067")],
        apart=[("noor", "sem")],
    )

    (need,) = joint_needs(allocate(problem))

    assert need.largest_free == 0
    assert (len(need.seeker_ids), need.positions, need.pc4) == (1, 1, "1067")


def test_wishes_that_share_nothing_leave_the_sector_open() -> None:
    problem = make_allocation_problem(
        {"noor": {}, "sem": {}},
        applicants=[_applicant("noor", "ICT", "1067", "1067"), _applicant("sem", "ZORG", "1067", "1067")],
        together=[("noor", "sem")],
    )

    (need,) = joint_needs(allocate(problem))

    assert (need.sector, need.pc4, need.largest_free) == ("", "1067", 0)


def test_where_nobody_of_a_group_is_left_out_nothing_is_needed() -> None:
    problem = make_allocation_problem(
        {"noor": {"a": 90}, "sem": {"a": 80}, "mila": {"a": 70}}, {"a": 2}, together=[("noor", "sem")]
    )

    assert joint_needs(allocate(problem)) == ()


@settings(max_examples=60, deadline=None)
@given(allocation_parts(nested=False), st.data())
def test_with_these_offers_all_of_them_can_be_placed_and_nobody_gives_anything_up(
    parts: dict[str, Any], data: st.DataObject
) -> None:
    reach = st.frozensets(st.sampled_from(["1067", "1068"]))
    parts["applicants"] = [replace(one, reach=data.draw(reach)) for one in parts["applicants"]]
    try:
        before = allocate(AllocationProblem.of(**parts))
    except InvalidProblem:
        return

    needs = [need for need in joint_needs(before) if need.pc4 is not None]
    after = _again(before, parts, needs)

    assert set(after.left_out) == set(before.left_out) - {one for need in needs for one in need.seeker_ids}
    for need in needs:
        reaches = [one.reach for one in parts["applicants"] if one.id in need.seeker_ids]
        assert all(need.pc4 in one for one in reaches)


def _again(before: Allocation, parts: dict[str, Any], needs: list[JointNeed]) -> Allocation:
    """The allocation with the offers that were asked for; all that was made before stays."""
    new = {f"new{number}": need for number, need in enumerate(needs)}
    pairs = [Pair(one, offer) for offer, need in new.items() for one in need.seeker_ids]
    capacities = [Capacity(offer, f"host of {offer}", need.positions) for offer, need in new.items()]
    changes = {
        "capacities": [*parts["capacities"], *capacities],
        "candidates": [*parts["candidates"], *(Candidate(*pair, 1.0) for pair in pairs)],
        "locked": {*before.pairs, *pairs},
    }
    return allocate(AllocationProblem.of(**(parts | changes)))
