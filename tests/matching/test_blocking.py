"""Bottlenecks: each blocking set proves itself, and together they say how many are left without."""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from matching import AllocationProblem, Applicant, Candidate, Capacity, InvalidProblem, allocate, bottlenecks
from tests.matching import allocation_oracle as oracle
from tests.matching.allocation_cast import allocation_parts, make_allocation_problem


def test_it_works() -> None:
    problem = make_allocation_problem(
        {name: {"a": 90, "b": 60} for name in ("noor", "sem", "mila")} | {"adam": {"c": 50}},
        applicants=[
            Applicant("noor", pc4="1067", sectors=("ZORG",)),
            Applicant("sem", pc4="1067", sectors=("ZORG", "ICT")),
            Applicant("mila", pc4="1068"),
            Applicant("adam", pc4="1011"),
        ],
        candidates=[
            Candidate(name, offer, value, minutes=minutes)
            for name in ("noor", "sem", "mila")
            for offer, value, minutes in (("a", 90, 10), ("b", 60, 30))
        ]
        + [Candidate("adam", "c", 50, minutes=55)],
    )

    found = bottlenecks(problem)

    # Three youths have together only two positions; Adam has nothing to do with it.
    assert found.shortage == 1
    (only,) = found.sets
    assert only.seeker_ids == ("mila", "noor", "sem")
    assert (only.offer_ids, only.positions, only.shortage) == (("a", "b"), 2, 1)
    assert only.sectors == (("ZORG", 2), ("ICT", 1))
    assert only.pc4s == (("1067", 2), ("1068", 1))
    assert only.minutes == 30
    assert found.is_exact


def test_where_all_can_be_served_there_is_none() -> None:
    assert bottlenecks(make_allocation_problem({"noor": {"a": 1}, "sem": {"a": 1, "b": 1}})).sets == ()


def test_a_host_cap_can_be_what_blocks() -> None:
    problem = make_allocation_problem(
        {"noor": {"a": 90}, "sem": {"b": 90}},
        capacities=[Capacity("a", "baker", 5), Capacity("b", "baker", 5, sector="HORECA")],
        host_caps={"baker": 1},
    )

    (only,) = bottlenecks(problem).sets

    assert (only.capped_hosts, only.positions, only.seeker_ids) == (("baker",), 1, ("noor", "sem"))
    assert only.sectors == (("HORECA", 1),)


def test_what_has_nothing_to_do_with_each_other_is_told_apart() -> None:
    problem = make_allocation_problem(
        {"noor": {"a": 1}, "sem": {"a": 1}, "mila": {"b": 1}, "adam": {"b": 1}, "yara": {"b": 1}, "bo": {}}
    )

    found = bottlenecks(problem)

    assert [(one.seeker_ids, one.positions) for one in found.sets] == [
        (("adam", "mila", "yara"), 1),
        (("bo",), 0),
        (("noor", "sem"), 1),
    ]


def test_good_positions_can_be_asked_for_alone() -> None:
    problem = make_allocation_problem({"noor": {"a": 90, "b": 10}, "sem": {"a": 90, "b": 10}})

    assert bottlenecks(problem).shortage == 0
    assert bottlenecks(problem, good_only=True).shortage == 1


def test_a_lock_takes_its_seeker_and_its_position_out() -> None:
    problem = make_allocation_problem({"noor": {"a": 1}, "sem": {"a": 1}}, locked=[("noor", "a")])

    (only,) = bottlenecks(problem).sets

    assert (only.seeker_ids, only.positions) == (("sem",), 0)


@settings(max_examples=120, deadline=None)
@given(allocation_parts(nested=False))
def test_the_sets_prove_themselves(parts: dict[str, Any]) -> None:
    try:
        problem = AllocationProblem.of(**parts | {"locked": [], "together": [], "apart": []})
    except InvalidProblem:
        reject()

    found = bottlenecks(problem)

    capacities = {one.offer_id: one for one in problem.capacities}
    seen: set[str] = set()
    for one in found.sets:
        assert not seen & set(one.seeker_ids)
        seen |= set(one.seeker_ids)
        # They have nothing beside these offers, and these have no more than so many positions.
        had = {row.offer_id for row in problem.candidates if row.seeker_id in one.seeker_ids}
        assert had == set(one.offer_ids)
        capped = sum(
            problem.host_caps.get(host, sum(row.maximum for row in problem.capacities if row.host == host))
            for host in one.capped_hosts
        )
        free = [
            capacities[offer] for offer in one.offer_ids if capacities[offer].host not in one.capped_hosts
        ]
        assert one.positions == capped + sum(row.maximum for row in free)
        assert one.shortage > 0
    assert found.shortage == len(problem.applicants) - _most_served(problem)


@settings(max_examples=120, deadline=None)
@given(allocation_parts(nested=False))
def test_no_set_falls_apart_in_two_that_share_nothing(parts: dict[str, Any]) -> None:
    """However large a set is: who is in it is tied to the others by positions both could have."""
    try:
        problem = AllocationProblem.of(**parts | {"locked": [], "together": [], "apart": []})
    except InvalidProblem:
        reject()
    hosts = {one.offer_id: one.host for one in problem.capacities}

    for one in bottlenecks(problem).sets:

        def within_reach(seekers: Sequence[str], capped: Sequence[str] = one.capped_hosts) -> set[str]:
            offers = {row.offer_id for row in problem.candidates if row.seeker_id in seekers}
            # Offers of a host that takes fewer than they have are one place.
            return {hosts[offer] if hosts[offer] in capped else offer for offer in offers}

        for size in range(1, len(one.seeker_ids)):
            for some in combinations(one.seeker_ids, size):
                rest = [seeker for seeker in one.seeker_ids if seeker not in some]
                assert within_reach(some) & within_reach(rest)


def _most_served(problem: AllocationProblem) -> int:
    """The most seekers any lawful set of pairs serves when nobody needs two and nothing has a minimum."""
    alone = AllocationProblem.of(
        applicants=[Applicant(one.id) for one in problem.applicants],
        capacities=[Capacity(one.offer_id, one.host, one.maximum) for one in problem.capacities],
        candidates=problem.candidates,
        host_caps=problem.host_caps,
        seed=0,
    )
    pairs = [row.pair for row in alone.candidates]
    for size in range(len(alone.applicants), 0, -1):
        if any(oracle.keeps_rules(alone, some) for some in combinations(pairs, size)):
            return size
    return 0


def test_it_agrees_with_the_allocation() -> None:
    problem = make_allocation_problem({f"s{n}": {f"o{n % 3}": 1, "o3": 1} for n in range(9)})

    assert bottlenecks(problem).shortage == len(allocate(problem).left_out) == 5


def test_the_cores_tell_where_it_is_tightest() -> None:
    values = {f"s{n}": {"a": 1} for n in range(5)} | {f"t{n}": {"a": 1, "b": 1} for n in range(4)}
    problem = make_allocation_problem(values, {"a": 1, "b": 2})

    (whole,) = bottlenecks(problem).sets
    (core,) = bottlenecks(problem, per_position=3).sets

    assert (len(whole.seeker_ids), whole.positions) == (9, 3)
    assert (core.seeker_ids, core.positions) == (("s0", "s1", "s2", "s3", "s4"), 1)
    assert bottlenecks(problem, per_position=5).sets == ()


def test_no_seeker_for_a_position_is_no_question() -> None:
    with pytest.raises(InvalidProblem) as refused:
        bottlenecks(make_allocation_problem({"noor": {"a": 1}}), per_position=0)

    assert refused.value.faults == (("bottlenecks", "per_position", "below_1"),)


@settings(max_examples=100, deadline=None)
@given(allocation_parts(nested=False), st.integers(2, 3))
def test_no_seekers_come_more_to_a_position_than_the_cores(parts: dict[str, Any], many: int) -> None:
    try:
        problem = AllocationProblem.of(**parts | {"locked": [], "together": [], "apart": []})
    except InvalidProblem:
        reject()

    found = bottlenecks(problem, per_position=many)

    blocked = {seeker for one in bottlenecks(problem).sets for seeker in one.seeker_ids}
    for one in found.sets:
        assert len(one.seeker_ids) > many * one.positions == many * _positions_of(problem, one.seeker_ids)
        assert set(one.seeker_ids) <= blocked
    # No group of seekers, whichever, lacks more.
    lack = sum(len(one.seeker_ids) - many * one.positions for one in found.sets)
    names = [one.id for one in problem.applicants]
    groups = [group for size in range(len(names) + 1) for group in combinations(names, size)]
    assert lack == max(len(group) - many * _positions_of(problem, group) for group in groups)


def _positions_of(problem: AllocationProblem, seekers: Sequence[str]) -> int:
    """All that these can come to, host by host."""
    offers = {row.offer_id for row in problem.candidates if row.seeker_id in seekers}
    rooms: Counter[str] = Counter()
    for one in problem.capacities:
        rooms[one.host] += one.maximum * (one.offer_id in offers)
    return sum(min(room, problem.host_caps.get(host, room)) for host, room in rooms.items())


def test_out_of_time_nothing_is_claimed() -> None:
    problem = make_allocation_problem({"noor": {"a": 90}, "sem": {"a": 80}})

    found = bottlenecks(problem, limit_seconds=0)

    assert (found.sets, found.is_complete) == ((), False)
    assert bottlenecks(problem).is_complete
