"""The recruiting list: no shorter one serves everybody, and the first lines help most."""

from collections import Counter
from dataclasses import replace
from itertools import combinations_with_replacement
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from matching import AllocationProblem, Applicant, Candidate, Capacity, bottlenecks, recruiting_list
from tests.matching.allocation_cast import make_allocation_problem


def _applicant(name: str, sectors: str, reach: str) -> Applicant:
    return Applicant(name, sectors=tuple(sectors.split()), reach=frozenset(reach.split()))


def test_it_works() -> None:
    problem = make_allocation_problem(
        {"noor": {"a": 90}, "sem": {"a": 80}, "mila": {}, "adam": {}},
        applicants=[
            _applicant("noor", "ZORG", "1067 1068"),
            _applicant("sem", "ZORG", "1067"),
            _applicant("mila", "ZORG ICT", "1067 1011"),
            _applicant("adam", "GROEN", "1102"),
        ],
    )

    asked = recruiting_list(problem)

    # Three of them could take a place in care in 1067, and two such places serve them all.
    assert [(one.sector, one.pc4, one.positions, one.helps) for one in asked.recruits] == [
        ("ZORG", "1067", 2, 3),
        ("GROEN", "1102", 1, 1),
    ]
    assert asked.recruits[0].seeker_ids == ("mila", "noor", "sem")
    assert asked.positions == bottlenecks(problem).shortage == 3
    assert (asked.unhelped, asked.left, asked.is_complete) == ((), 0, True)


def test_without_wishes_any_sector_will_do() -> None:
    problem = make_allocation_problem(
        {"noor": {}, "sem": {}}, applicants=[_applicant("noor", "", "1067"), _applicant("sem", "ICT", "1067")]
    )

    (only,) = recruiting_list(problem).recruits

    assert (only.sector, only.pc4, only.positions) == ("ICT", "1067", 2)


def test_who_can_go_nowhere_is_named() -> None:
    problem = make_allocation_problem({"noor": {}}, applicants=[Applicant("noor")])

    asked = recruiting_list(problem)

    assert (asked.recruits, asked.unhelped, asked.left) == ((), ("noor",), 1)


def test_where_all_are_served_nothing_is_asked() -> None:
    assert recruiting_list(make_allocation_problem({"noor": {"a": 1}})).positions == 0


def test_out_of_time_is_said() -> None:
    problem = make_allocation_problem({"noor": {}}, applicants=[_applicant("noor", "ICT", "1067")])

    assert not recruiting_list(problem, limit_seconds=0).is_complete


def test_equals_share_by_where_who_needs_them_lives() -> None:
    """Nine youths who can all go to both neighbourhoods: six live in one of them, three in the other."""
    homes = ["1067"] * 6 + ["1068"] * 3
    applicants = [
        Applicant(f"s{number}", pc4=home, sectors=("ZORG",), reach=frozenset({"1067", "1068", "1069"}))
        for number, home in enumerate(homes)
    ]
    problem = make_allocation_problem({one.id: {} for one in applicants}, applicants=applicants)

    asked = recruiting_list(problem)

    assert {(one.sector, one.pc4): one.positions for one in asked.recruits} == {
        ("ZORG", "1067"): 6,
        ("ZORG", "1068"): 3,
    }


def test_who_lives_where_nobody_can_come_gets_his_part_elsewhere() -> None:
    """Nobody lives where a position could be, so each of three neighbourhoods gets a third."""
    applicants = [
        Applicant(f"s{number}", pc4="9999", sectors=("ZORG",), reach=frozenset({"1067", "1068", "1069"}))
        for number in range(9)
    ]
    problem = make_allocation_problem({one.id: {} for one in applicants}, applicants=applicants)

    asked = recruiting_list(problem)

    assert sorted((one.pc4, one.positions) for one in asked.recruits) == [
        ("1067", 3),
        ("1068", 3),
        ("1069", 3),
    ]


def test_what_helps_nearly_as_many_shares_and_what_helps_fewer_does_not() -> None:
    applicants = [
        Applicant(
            f"s{number:02}",
            sectors=("ZORG",),
            reach=frozenset(
                {"1067"} | ({"1068"} if number < 19 else set()) | ({"1069"} if number < 5 else set())
            ),
        )
        for number in range(20)
    ]
    problem = make_allocation_problem({one.id: {} for one in applicants}, applicants=applicants)

    asked = recruiting_list(problem)

    assert asked.positions == 20
    assert {one.pc4 for one in asked.recruits} == {"1067", "1068"}


@st.composite
def _problems(draw: st.DrawFn) -> AllocationProblem:
    names = ["noor", "sem", "mila", "adam"][: draw(st.integers(1, 4))]
    sectors = st.lists(st.sampled_from(["ICT", "ZORG"]), max_size=2, unique=True)
    reach = st.frozensets(st.sampled_from(["1067", "1068"]), min_size=1)
    home = st.sampled_from(["", "1067", "1068", "1069"])
    return make_allocation_problem(
        {name: dict.fromkeys(draw(st.sets(st.sampled_from(["a", "b"]))), 1.0) for name in names},
        applicants=[
            Applicant(name, pc4=draw(home), sectors=tuple(draw(sectors)), reach=draw(reach)) for name in names
        ],
        seed=draw(st.integers(0, 9)),
    )


@settings(max_examples=60, deadline=None)
@given(_problems())
def test_it_is_the_shortest_list_that_serves_all(problem: AllocationProblem) -> None:
    asked = recruiting_list(problem)

    openings = [(one.sector, one.pc4) for one in asked.recruits for _ in range(one.positions)]
    assert bottlenecks(_with(problem, openings)).shortage == 0
    every = [(sector, pc4) for sector in ("ICT", "ZORG", "") for pc4 in ("1067", "1068")]
    for fewer in range(asked.positions):
        assert all(
            bottlenecks(_with(problem, list(some))).shortage > 0
            for some in combinations_with_replacement(every, fewer)
        )
    helps = [one.helps for one in asked.recruits]
    assert helps == sorted(helps, reverse=True)


def _with(problem: AllocationProblem, openings: list[tuple[str, str]]) -> AllocationProblem:
    """The problem with these positions, open to whoever wishes the sector and can come."""
    new: list[Any] = []
    candidates = list(problem.candidates)
    for number, ((sector, pc4), count) in enumerate(Counter(openings).items()):
        new.append(Capacity(f"new{number}", f"new{number}", count))
        candidates += [
            Candidate(one.id, f"new{number}", 1.0)
            for one in problem.applicants
            if pc4 in one.reach and (not one.sectors or sector in one.sectors)
        ]
    capacities = (*problem.capacities, *new)
    return AllocationProblem.of(
        applicants=[replace(one) for one in problem.applicants],
        capacities=capacities,
        candidates=candidates,
        seed=0,
    )
