"""Whom no new position can help, and that everybody else on a recruiting list is helped by it."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matching import (
    AllocationProblem,
    Candidate,
    Capacity,
    Kind,
    Limits,
    Offer,
    Problem,
    Seeker,
    TravelMode,
    Verdict,
    allocate,
    applicants_of,
    bottlenecks,
    capacities_of,
    check_pair,
    possible_candidates,
    recruiting_list,
    worst,
)
from tests.matching.cast import ON, PLACES, make_offer, make_problem, make_seeker
from tests.matching.strategies import problems


def _allocation_of(problem: Problem) -> AllocationProblem:
    return AllocationProblem.of(
        applicants=applicants_of(problem),
        capacities=capacities_of(problem, {offer.id: f"host of {offer.id}" for offer in problem.offers}),
        candidates=possible_candidates(problem),
        seed=problem.seed,
    )


CASES: list[tuple[Seeker, str, dict[str, object]]] = [
    (make_seeker(birth=(2018, 6)), "L-1", {"age": 8, "from_age": 12, "reached_on": "2030-06-30"}),
    (make_seeker(birth=(1990, 9)), "L-2", {"age": 36, "to_age": 26}),
    (make_seeker(until=date(2027, 2, 1)), "D-2", {"until": "2027-02-01"}),
    (make_seeker(until=ON, weekdays=frozenset({1})), "D-3", {"weekdays": ()}),
    (make_seeker(kinds=frozenset({Kind.COMPANY_VISIT})), "G-1", {"kind": "company_visit", "is_class": False}),
    (make_seeker(kinds=frozenset({Kind.BPV})), "T-5", {}),
    # By public transport nobody goes to his own postcode, and nowhere here in less than 35 minutes.
    (make_seeker(modes=frozenset({TravelMode.OV}), max_minutes=20), "R-1", {"limit": 20, "would_do": 30}),
    (make_seeker(max_minutes=0), "R-1", {"limit": 0, "would_do": 5}),
]


@pytest.mark.parametrize(
    ("seeker", "rule", "facts"), CASES, ids=[f"{rule} {facts}" for _seeker, rule, facts in CASES]
)
def test_whom_no_position_can_help_is_told_with_the_cause(
    seeker: Seeker, rule: str, facts: dict[str, object]
) -> None:
    problem = _allocation_of(make_problem(seekers=[seeker], offers=[make_offer()]))

    asked = recruiting_list(problem)

    assert (asked.recruits, asked.unhelped, asked.left) == ((), ("youth",), 1)
    (applicant,) = problem.applicants
    assert applicant.obstacle is not None
    assert (applicant.obstacle.rule, applicant.obstacle.facts) == (rule, facts)
    (alone,) = bottlenecks(problem).sets
    assert alone.obstacle == applicant.obstacle


def test_where_no_limit_of_the_age_would_do_none_is_named() -> None:
    youth = make_seeker(modes=frozenset({TravelMode.WALK}))

    (applicant,) = applicants_of(make_problem(seekers=[youth], offers=[], limits=Limits(minutes_14_15=10)))

    assert applicant.obstacle is not None
    assert applicant.obstacle.facts == {"limit": 10}


def test_who_is_old_enough_when_something_starts_can_be_helped() -> None:
    """He is eleven now and twelve when the offer starts, so a new one could start then too."""
    youth = make_seeker(birth=(2015, 2), wishes=("ZORG",), kinds=frozenset({Kind.HANDS_ON_DAY}))

    (applicant,) = applicants_of(make_problem(seekers=[youth], offers=[make_offer()]))

    assert (applicant.obstacle, bool(applicant.reach)) == (None, True)


def test_who_can_come_to_no_postcode_in_use_is_helped_at_another() -> None:
    youth = make_seeker(modes=frozenset({TravelMode.OV}))

    (applicant,) = applicants_of(make_problem(seekers=[youth], offers=[]))

    assert applicant.obstacle is None
    assert applicant.reach
    assert youth.pc4 not in applicant.reach


@settings(max_examples=150, deadline=None)
@given(problems())
def test_who_may_have_an_offer_has_no_obstacle(problem: Problem) -> None:
    problem = replace(problem, seekers=tuple(one for one in problem.seekers if not one.is_class))
    assume(problem.seekers)

    free = {one.seeker_id for one in possible_candidates(problem)}

    for applicant in applicants_of(problem):
        assert not (applicant.obstacle and applicant.id in free)
        assert bool(applicant.reach) is (applicant.obstacle is None)


_BIRTHS = st.sampled_from([(2011, 6), (2013, 1), (2015, 3), (2018, 1), (1999, 5), (1990, 1)])
_UNTIL = st.sampled_from([None, None, ON - timedelta(days=3), ON + timedelta(days=40)])
_KINDS = st.sampled_from(
    [(), (), (Kind.BPV,), (Kind.COMPANY_VISIT,), (Kind.ORIENTATION_PLACEMENT, Kind.HANDS_ON_DAY)]
)


@st.composite
def _youths(draw: st.DrawFn, number: int) -> Seeker:
    return Seeker(
        id=f"s{number}",
        pc4=draw(st.sampled_from(["1068", "1064", "3511"])),
        birth=draw(_BIRTHS),
        modes=draw(st.frozensets(st.sampled_from(TravelMode))),
        max_minutes=draw(st.sampled_from([None, None, 5, 15, 20])),
        wishes=draw(st.sampled_from([(), ("ZORG",), ("HORECA", "ZORG")])),
        kinds=frozenset(draw(_KINDS)),
        until=draw(_UNTIL),
    )


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_positions_on_the_list_place_everybody_who_was_promised_one(data: st.DataObject) -> None:
    """Brute force: positions of every kind, on several days, wherever the list asks for them."""
    problem = make_problem(
        seekers=[data.draw(_youths(number)) for number in range(data.draw(st.integers(1, 4)))],
        offers=[make_offer(id="a", positions=1, hazards=data.draw(st.sampled_from([None, frozenset()])))],
    )
    rows = _allocation_of(problem)

    asked = recruiting_list(rows)

    capacities, candidates = list(rows.capacities), list(rows.candidates)
    for line, one in enumerate(asked.recruits):
        capacities.append(Capacity(f"new{line}", f"new{line}", one.positions))
        sectors = (one.sector,) if one.sector else ()
        candidates += [
            Candidate(seeker.id, f"new{line}", 1.0)
            for seeker, applicant in zip(problem.seekers, rows.applicants, strict=True)
            if (not applicant.sectors or one.sector in applicant.sectors)
            and _may_have_one(problem, seeker, one.pc4, sectors)
        ]
    again = allocate(replace(rows, capacities=tuple(capacities), candidates=tuple(candidates)))
    assert len(again.left_out) == asked.left
    assert set(again.left_out) <= set(asked.unhelped)
    for seeker in problem.seekers:
        if seeker.id in asked.unhelped:
            assert not any(_may_have_one(problem, seeker, place.pc4, ()) for place in PLACES)


def _may_have_one(problem: Problem, seeker: Seeker, pc4: str, sectors: tuple[str, ...]) -> bool:
    starts = (None, ON, date(2027, 3, 1))
    return any(
        worst(
            check_pair(
                seeker,
                Offer("new", kind, pc4, sectors, starts_on=day, hazards=frozenset(), supervised=True),
                on=problem.on,
                places=problem.places,
                limits=problem.limits,
            )
        )
        is not Verdict.BLOCK
        for kind, day in product(Kind, starts)
    )
