"""From a run to an allocation: the rows that an allocation needs, read from a problem and its answer."""

import pytest

from matching import (
    AllocationProblem,
    InvalidProblem,
    allocate,
    applicants_of,
    candidates_of,
    capacities_of,
    suggest,
)
from tests.matching.cast import make_offer, make_problem, make_seeker


def test_it_works() -> None:
    problem = make_problem(
        seekers=[
            make_seeker(id="noor", wishes=("cook", "ZORG", "nurse")),
            make_seeker(id="sem", pc4="1064", wishes=("cooking",)),
        ],
        offers=[make_offer(id="kitchen", positions=1), make_offer(id="ward", sectors=("ZORG",), positions=3)],
    )
    answer = suggest(problem)

    allocation = allocate(
        AllocationProblem.of(
            applicants=applicants_of(problem, wanted={"noor": 2}, credit={"sem": 1}),
            capacities=capacities_of(
                problem, {"kitchen": "baker", "ward": "hospital"}, minima={"ward": 1}, periods={"ward": "am"}
            ),
            candidates=candidates_of(answer),
            seed=problem.seed,
        )
    )

    noor, sem = allocation.problem.applicants
    assert (noor.wanted, noor.credit, noor.pc4, noor.sectors) == (2, 0, "1068", ("HORECA", "ZORG"))
    assert (sem.wanted, sem.credit, sem.sectors) == (1, 1, ())
    assert noor.reach == {"1064", "1068"}
    kitchen, ward = allocation.problem.capacities
    assert (kitchen.host, kitchen.maximum, kitchen.minimum, kitchen.period) == ("baker", 1, 0, None)
    assert (ward.sector, ward.maximum, ward.minimum, ward.period, ward.pc4) == ("ZORG", 3, 1, "am", "1064")
    assert {(one.seeker_id, one.offer_id, one.score, one.minutes) for one in answer.suggestions} == {
        (one.seeker_id, one.offer_id, one.value, one.minutes) for one in allocation.problem.candidates
    }
    assert allocation.numbers.filled == 3


def test_reach_has_a_limit() -> None:
    problem = make_problem(
        seekers=[make_seeker(id="noor", max_minutes=20), make_seeker(id="sem", pc4="3511")],
        offers=[make_offer()],
    )

    noor, sem = applicants_of(problem)

    assert noor.reach == {"1068", "1064"}
    assert sem.reach == {"3511"}


def test_an_offer_without_a_host_is_refused() -> None:
    with pytest.raises(InvalidProblem) as refused:
        capacities_of(make_problem(offers=[make_offer(id="kitchen")]), {})

    assert refused.value.faults == (("kitchen", "host", "unknown"),)


def test_a_class_is_refused() -> None:
    with pytest.raises(InvalidProblem) as refused:
        applicants_of(make_problem(seekers=[make_seeker(id="2b", class_size=20)]))

    assert refused.value.faults == (("2b", "class_size", "not_allocated"),)
