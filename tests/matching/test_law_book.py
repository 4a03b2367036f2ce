"""The law by date: invented later rows change what is said from their day on, and nothing else does."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from matching import (
    AGREEMENTS,
    DUTCH_LAW,
    HOURS,
    LAW,
    RULES,
    AgeBand,
    Agreement,
    Hazard,
    HourLimit,
    InvalidProblem,
    Kind,
    LawBook,
    LawRow,
    Measure,
    OfferFacts,
    OfferHours,
    Problem,
    Schedule,
    Verdict,
    WorkDay,
    check_agreement,
    check_hours,
    check_pair,
    offer_verdicts,
    suggest,
)
from matching.law_nl import Cell
from matching.screening import ALLOWED, Screening
from tests.matching.cast import ON, PLACES, make_offer, make_problem, make_seeker
from tests.matching.strategies import problems

OK, ACK, BLOCK = Verdict.OK, Verdict.SCHOOL_ACK, Verdict.BLOCK
FROM = date(2027, 3, 10)
PLACE_OF = {place.pc4: place for place in PLACES}


def later(rows: tuple[Any, ...], rule: str, **changes: Any) -> tuple[Any, ...]:
    """The rows with another version of one rule from 10 March 2027 on."""
    (row,) = [row for row in rows if row.id == rule]
    others = tuple(row for row in rows if row.id != rule)
    return (
        *others,
        replace(row, valid_until=FROM - timedelta(days=1)),
        replace(row, valid_from=FROM, **changes),
    )


def with_cells(row: LawRow, band: AgeBand, verdict: Verdict) -> dict[AgeBand, Cell]:
    return {**row.cells, band: Cell(verdict)}


K_5 = next(row for row in LAW if row.id == "K-5")
Z_10 = next(row for row in LAW if row.id == "Z-10")
# From 10 March on: no doing at 14 and 15, six hours a day at that age, a till is safe, a letter up to 18.
LATER = LawBook(
    rows=later(
        later(LAW, "K-5", cells=with_cells(K_5, AgeBand.AGE_14_15, BLOCK)),
        "Z-10",
        cells=with_cells(Z_10, AgeBand.AGE_14_15, OK),
    ),
    hours=later(HOURS, "H-14S", limits=(HourLimit(Measure.OTHER_DAY, 6), HourLimit(Measure.LESSON_DAY, 6))),
    agreements=later(AGREEMENTS, "A-10", under_age=18),
)


def test_it_works() -> None:
    offer = make_offer(starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 31))

    said = [
        one
        for one in check_pair(make_seeker(), offer, on=ON, places=PLACE_OF, law=LATER)
        if one.rule == "K-5"
    ]

    assert [(one.verdict, one.from_day, one.to_day) for one in said] == [
        (OK, date(2027, 3, 1), date(2027, 3, 9)),
        (BLOCK, FROM, date(2027, 3, 31)),
    ]


def test_before_its_day_a_later_law_says_nothing() -> None:
    offer = make_offer(starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 9))

    now = check_pair(make_seeker(), offer, on=ON, places=PLACE_OF)
    assert check_pair(make_seeker(), offer, on=ON, places=PLACE_OF, law=LATER) == now


def test_an_ended_ban_no_longer_forbids() -> None:
    till = {"kind": Kind.HANDS_ON_DAY, "hazards": frozenset({Hazard.Z_10})}
    before = make_offer(**till, starts_on=date(2027, 3, 9), ends_on=date(2027, 3, 9))
    after = make_offer(**till, starts_on=FROM, ends_on=FROM)

    said = [
        [
            one.verdict
            for one in check_pair(make_seeker(), offer, on=ON, places=PLACE_OF, law=LATER)
            if one.rule == "Z-10"
        ]
        for offer in (before, after)
    ]

    assert said == [[BLOCK], [OK]]


def test_a_rule_that_ends_is_silent_afterwards() -> None:
    (row,) = [row for row in LAW if row.id == "Z-10"]
    ended = LawBook(rows=(*(one for one in LAW if one.id != "Z-10"), replace(row, valid_until=FROM)))
    offer = make_offer(
        kind=Kind.HANDS_ON_DAY,
        hazards=frozenset({Hazard.Z_10}),
        starts_on=date(2027, 3, 1),
        ends_on=date(2027, 3, 31),
    )

    said = check_pair(make_seeker(), offer, on=ON, places=PLACE_OF, law=ended)

    assert [(one.verdict, one.from_day, one.to_day) for one in said if one.rule == "Z-10"] == [
        (BLOCK, date(2027, 3, 1), FROM)
    ]


def test_a_plan_is_judged_by_the_law_of_each_of_its_days() -> None:
    days = tuple(
        WorkDay(date(2027, 3, day), time(9), time(16), lesson_hours=0, break_minutes=30)
        for day in (8, 9, 10, 11)
    )

    said = check_hours(make_seeker(), OfferFacts(Kind.PREVOCATIONAL_PLACEMENT), Schedule(days), law=LATER)

    (one,) = said
    assert (one.verdict, one.facts["limit"], one.facts["days"]) == (BLOCK, 6, ("2027-03-10", "2027-03-11"))


@pytest.mark.parametrize(("starts_on", "asked"), [(FROM - timedelta(days=1), False), (FROM, True)])
def test_an_agreement_is_judged_by_the_law_of_its_first_day(starts_on: date, asked: bool) -> None:
    papers = Agreement(starts_on, date(2027, 6, 1))

    said = check_agreement(make_seeker(birth=(2010, 1)), OfferFacts(Kind.BPV), papers, law=LATER)

    assert ("A-10" in [one.rule for one in said]) == asked


def test_the_form_is_judged_by_the_law_of_the_day_that_is_asked() -> None:
    facts = OfferFacts(Kind.ORIENTATION_PLACEMENT, frozenset[Hazard]())
    hours = OfferHours(hours_per_day=6.5)

    def said(on: date) -> list[tuple[str, Verdict]]:
        verdicts = offer_verdicts(facts, [AgeBand.AGE_14_15], hours=hours, law=LATER, on=on)
        return [(one.rule, one.verdict) for one in verdicts[AgeBand.AGE_14_15]]

    assert said(FROM - timedelta(days=1)) == [("K-5", OK), ("H-14S", OK)]
    assert said(FROM) == [("K-5", BLOCK), ("H-14S", BLOCK)]


def test_a_run_knows_the_later_law_too() -> None:
    early = make_offer(id="early", starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 5))
    late = make_offer(id="late", starts_on=date(2027, 3, 8), ends_on=date(2027, 3, 12))

    now, then = (suggest(make_problem(offers=[early, late], law=law)) for law in (DUTCH_LAW, LATER))

    assert {one.offer_id for one in now.suggestions} == {"early", "late"}
    assert {one.offer_id for one in then.suggestions} == {"early"}
    assert now.config_hash != then.config_hash


@settings(max_examples=60, deadline=None)
@given(problems())
def test_a_run_over_a_change_of_law_is_as_one_pair_at_a_time(problem: Problem) -> None:
    problem = replace(problem, law=LATER)
    screened = Screening(problem).screen(np.arange(len(problem.seekers), dtype=np.intp))

    for row, seeker in enumerate(problem.seekers):
        for column, offer in enumerate(problem.offers):
            verdicts = check_pair(
                seeker,
                offer,
                on=problem.on,
                places=problem.places,
                limits=problem.limits,
                is_blocked=(seeker.id, offer.id) in problem.blocked,
                law=LATER,
            )
            forbidding = {RULES.index(said.rule) for said in verdicts if said.verdict is BLOCK}
            assert screened.first[row, column] == min(forbidding, default=ALLOWED)
            assert screened.count[row, column] == len(forbidding)


def test_the_law_of_today_has_one_version() -> None:
    (epoch,) = DUTCH_LAW.epochs

    assert (epoch.first, epoch.last) == (date.min, date.max)
    assert len(epoch.law.rows) == len(LAW)


def test_days_are_cut_where_the_law_changes() -> None:
    stretches = [(epoch.first, epoch.last) for epoch in LATER.between(date(2027, 3, 1), date(2027, 3, 31))]

    assert stretches == [(date(2027, 3, 1), date(2027, 3, 9)), (FROM, date(2027, 3, 31))]
    assert len(list(LATER.between(FROM, FROM))) == 1


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ((*LAW, replace(LAW[0], valid_from=FROM)), ("K-1", "valid_from", "overlaps")),
        (LAW[1:], ("K-1", "valid_from", "not_always")),
        ((replace(LAW[0], valid_until=FROM), *LAW[1:]), ("K-1", "valid_from", "not_always")),
        ((replace(LAW[0], id="K-99"), *LAW), ("K-99", "id", "unknown")),
        (
            (*LAW[:-1], replace(LAW[-1], valid_from=FROM, valid_until=ON)),
            ("Z-17", "valid_until", "end_before_start"),
        ),
    ],
)
def test_rows_that_contradict_each_other_are_refused(
    rows: tuple[LawRow, ...], fault: tuple[str, str, str]
) -> None:
    with pytest.raises(InvalidProblem) as refused:
        LawBook(rows=rows)

    assert fault in refused.value.faults
