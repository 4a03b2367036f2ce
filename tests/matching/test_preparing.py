"""From a run to an allocation: the rows that an allocation needs, read from a problem and its answer."""

from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import (
    AllocationProblem,
    InvalidProblem,
    allocate,
    applicants_of,
    candidates_of,
    capacities_of,
    periods_of,
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


def _on(first: int, last: int, starts_at: int | None = None, ends_at: int | None = None) -> dict[str, Any]:
    """Days of March 2027, and hours."""
    return {
        "starts_on": date(2027, 3, first),
        "ends_on": date(2027, 3, last),
        "starts_at": None if starts_at is None else time(starts_at),
        "ends_at": None if ends_at is None else time(ends_at),
    }


def test_offers_that_share_a_half_day_are_of_one_period() -> None:
    problem = make_problem(
        offers=[
            make_offer(id="week 1", **_on(1, 5)),
            make_offer(id="tuesday", **_on(2, 2)),
            make_offer(id="week 2", **_on(8, 12)),
            make_offer(id="morning", **_on(15, 15, 9, 12)),
            make_offer(id="afternoon", **_on(15, 15, 13, 16)),
            make_offer(id="mondays", **_on(15, 30) | {"weekdays": frozenset({1})}),
            make_offer(id="fridays", **_on(15, 30) | {"weekdays": frozenset({5})}),
            make_offer(id="any time", starts_on=None, ends_on=None),
        ]
    )

    period = periods_of(problem)

    assert period["week 1"] == period["tuesday"]
    assert period["morning"] == period["afternoon"] == period["mondays"]
    assert len(set(period.values())) == 4
    assert "any time" not in period


half_days = st.tuples(
    st.integers(1, 12), st.integers(0, 4), st.sampled_from([None, (9, 12), (13, 16), (9, 16)])
)


@given(st.lists(half_days, min_size=1, max_size=7))
def test_offers_of_different_periods_never_meet(rows: list[tuple[int, int, tuple[int, int] | None]]) -> None:
    offers = [
        make_offer(id=f"o{number}", **_on(first, first + more, *(hours or (None, None))))
        for number, (first, more, hours) in enumerate(rows)
    ]

    period = periods_of(make_problem(offers=offers))

    def halves(first: int, more: int, hours: tuple[int, int] | None) -> set[tuple[int, str]]:
        starts_at, ends_at = hours or (0, 24)
        names = [name for name, is_in in (("am", starts_at < 12), ("pm", ends_at > 13)) if is_in]
        return {(day, name) for day in range(first, first + more + 1) for name in names}

    for one, row in enumerate(rows):
        for other, some in enumerate(rows):
            if halves(*row) & halves(*some):
                assert period[f"o{one}"] == period[f"o{other}"]
