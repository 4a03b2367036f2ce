"""What must change nothing, and what may only help (DOMAIN 7): by the types, and as properties of runs.

What a run and an allocation can read is what their types have a field for. Every field stands here with its
reason; a new one fails until somebody writes down why it may count.
"""

import random
from collections import Counter
from dataclasses import fields, replace
from datetime import date, time
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import (
    CAUSES,
    AllocationProblem,
    Applicant,
    Candidate,
    Capacity,
    Kind,
    Offer,
    Problem,
    Seeker,
    TravelMode,
    Weights,
    allocate,
    applicants_of,
    bottlenecks,
    candidates_of,
    capacities_of,
    possible_candidates,
    recruiting_list,
    suggest,
)
from tests.matching.cast import PLACES, SECTORS, TAGS, make_offer, make_problem, make_seeker
from tests.matching.strategies import offers, problems

ID = "tells rows apart; opaque, and the lottery is drawn with it"
DECLARED = "declared interest"
TRAINING = "track, profile, crebo, level or year"
LEGAL = "the legal gate"
TRAVEL = "travel: postcode, ways, minutes"
TIME = "days and period"
CONDITION = "condition of the offer, from a closed list"
POSITIONS = "how much there is to give"
CREDIT = "fairness credit"
DESCRIBED = "read to say where positions lack, never to give them out"

ALLOWED: dict[type, dict[str, str]] = {
    Seeker: {
        "id": ID,
        "pc4": TRAVEL,
        "birth": LEGAL,
        "track": TRAINING,
        "profile": TRAINING,
        "crebo": TRAINING,
        "level": TRAINING,
        "year": TRAINING,
        "pathway": TRAINING,
        "modes": TRAVEL,
        "max_minutes": TRAVEL,
        "wishes": DECLARED,
        "tags": DECLARED,
        "kinds": DECLARED,
        "available_from": TIME,
        "until": TIME,
        "weekdays": TIME,
        "class_size": POSITIONS,
    },
    Offer: {
        "id": ID,
        "kind": CONDITION,
        "pc4": TRAVEL,
        "sectors": CONDITION,
        "tags": CONDITION,
        "positions": POSITIONS,
        "starts_on": TIME,
        "ends_on": TIME,
        "hours_per_day": LEGAL,
        "starts_at": LEGAL,
        "ends_at": LEGAL,
        "weekdays": TIME,
        "tracks": CONDITION,
        "profiles": CONDITION,
        "levels": CONDITION,
        "crebos": CONDITION,
        "hazards": LEGAL,
        "unanswered": LEGAL,
        "supervised": LEGAL,
        "observe_only": LEGAL,
        "on_school_ground": LEGAL,
    },
    Applicant: {
        "id": ID,
        "wanted": POSITIONS,
        "credit": CREDIT,
        "pc4": DESCRIBED,
        "sectors": DESCRIBED,
        "reach": DESCRIBED,
        "obstacle": "the rule, never the person, that keeps the reach empty; told, and read by no aim",
    },
    Capacity: {
        "offer_id": ID,
        "host": "to spread over hosts, and to bound each",
        "maximum": POSITIONS,
        "minimum": POSITIONS,
        "period": TIME,
        "sector": DESCRIBED,
        "pc4": DESCRIBED,
    },
    Candidate: {
        "seeker_id": ID,
        "offer_id": ID,
        "value": "the score, made of the above",
        "priority": CONDITION,
        "minutes": DESCRIBED,
    },
}
FORBIDDEN = (
    "name", "first_name", "surname", "photo", "gender", "sex", "title", "birth_place", "birth_country",
    "nationality", "language", "home_language", "religion", "ethnicity", "origin", "street", "house_number",
    "pc6", "neighbourhood", "neighbourhood_status", "school", "school_id", "school_name", "brin",
    "school_class", "class_name", "grades", "marks", "absence", "behaviour", "support", "health",
    "disability", "parents", "guardian", "email", "email_domain", "phone", "device", "response_speed",
    "completeness", "profile_done_at", "past_refusals", "refusals", "dream_job", "free_text", "note", "age",
    "shortage", "external_id", "bsn",
)  # fmt: skip
MADE: dict[type, dict[str, Any]] = {
    Seeker: {"id": "noor", "pc4": "1068", "birth": (2011, 6)},
    Offer: {"id": "bakery", "kind": Kind.ORIENTATION_PLACEMENT, "pc4": "1068"},
    Applicant: {"id": "noor"},
    Capacity: {"offer_id": "bakery", "host": "baker", "maximum": 2},
    Candidate: {"seeker_id": "noor", "offer_id": "bakery", "value": 80.0},
}
Row = TypeVar("Row")
unhurried = settings(max_examples=40, deadline=None)


@pytest.mark.parametrize("kind", ALLOWED, ids=lambda kind: kind.__name__)
def test_every_field_has_a_reason(kind: Any) -> None:
    assert {field.name for field in fields(kind)} == ALLOWED[kind].keys()
    assert not ALLOWED[kind].keys() & set(FORBIDDEN)


@pytest.mark.parametrize("kind", ALLOWED, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("feature", FORBIDDEN)
def test_a_forbidden_feature_is_refused_by_the_type(kind: Any, feature: str) -> None:
    row = kind(**MADE[kind])

    with pytest.raises(TypeError):
        kind(**MADE[kind], **{feature: "x"})
    with pytest.raises(TypeError):
        replace(row, **{feature: "x"})
    # Nor can it be hung on a row afterwards: the fields are all the room there is, and they are fixed.
    with pytest.raises((AttributeError, TypeError)):
        setattr(row, feature, "x")


def _shuffled(rows: tuple[Row, ...], chance: random.Random) -> list[Row]:
    return chance.sample(rows, len(rows))


def _without_classes(problem: Problem) -> Problem:
    """A class is no applicant."""
    return _changed(problem, seekers=[one for one in problem.seekers if not one.is_class])


def _changed(problem: Problem, **changes: Any) -> Problem:
    given: dict[str, Any] = {
        "seekers": problem.seekers,
        "offers": problem.offers,
        "seed": problem.seed,
        "top": problem.top,
        "weights": problem.weights,
        "limits": problem.limits,
        "blocked": problem.blocked,
    }
    given |= changes
    seekers, offered = ({one.id for one in given[rows]} for rows in ("seekers", "offers"))
    given["blocked"] = [pair for pair in given["blocked"] if pair[0] in seekers and pair[1] in offered]
    return make_problem(**given)


def _allocation_problem(problem: Problem, candidates: tuple[Candidate, ...]) -> AllocationProblem:
    return AllocationProblem.of(
        applicants=applicants_of(problem),
        capacities=capacities_of(problem, {offer.id: f"host of {offer.id}" for offer in problem.offers}),
        candidates=candidates,
        seed=problem.seed,
    )


@unhurried
@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_byte_of_a_run_and_its_allocation(
    problem: Problem, chance: random.Random
) -> None:
    problem = _without_classes(problem)
    shuffled = _changed(
        problem,
        seekers=_shuffled(problem.seekers, chance),
        offers=_shuffled(problem.offers, chance),
        sectors=_shuffled(SECTORS, chance),
        tags=_shuffled(TAGS, chance),
        places=_shuffled(PLACES, chance),
    )

    def told(one: Problem) -> bytes:
        answer = suggest(one)
        given_out = allocate(_allocation_problem(one, candidates_of(answer)))
        possible = _allocation_problem(one, possible_candidates(one))
        return repr(
            (answer, given_out.placings, given_out.left_out, bottlenecks(possible), recruiting_list(possible))
        ).encode()

    assert told(shuffled) == told(problem)


@unhurried
@given(problems(), offers(99))
def test_another_offer_is_never_a_loss(problem: Problem, offer: Offer) -> None:
    """Nobody has fewer suggestions for it, and together fewer are without, never more."""
    problem = _without_classes(problem)
    more = _changed(problem, offers=[*problem.offers, offer])

    before, after = suggest(problem), suggest(more)

    mine, now = (Counter(one.seeker_id for one in answer.suggestions) for answer in (before, after))
    assert all(now[seeker.id] >= mine[seeker.id] for seeker in problem.seekers)
    less, least = (_allocation_problem(one, possible_candidates(one)) for one in (problem, more))
    assert bottlenecks(least).shortage <= bottlenecks(less).shortage
    placed, now_placed = (allocate(one).numbers for one in (less, least))
    assert now_placed.seekers - now_placed.placed <= placed.seekers - placed.placed


@unhurried
@given(problems(), offers(99))
def test_another_offer_lowers_nobodys_best_score(problem: Problem, offer: Offer) -> None:
    """Where talents do not count: how rare a word is depends on the offers there are."""
    problem = _changed(problem, weights=Weights(0.6, 0.4, 0))
    more = _changed(problem, offers=[*problem.offers, offer])

    before, after = (
        {one.seeker_id: one.score for one in suggest(given_out).suggestions if one.rank == 1}
        for given_out in (problem, more)
    )

    assert all(after[seeker_id] >= score for seeker_id, score in before.items())


@st.composite
def wider(draw: st.DrawFn) -> tuple[Problem, Problem]:
    """A problem, and the same with one seeker who is content with more, days aside."""
    problem = draw(problems())
    if not problem.seekers:
        return problem, problem
    seeker = draw(st.sampled_from(problem.seekers))
    kinds = seeker.kinds | draw(st.frozensets(st.sampled_from(Kind))) if seeker.kinds else seeker.kinds
    modes = seeker.modes | draw(st.frozensets(st.sampled_from(TravelMode))) if seeker.modes else seeker.modes
    minutes = None if seeker.max_minutes is None else seeker.max_minutes + draw(st.integers(0, 60))
    others = [code for code in (*(one.code for one in SECTORS),) if code not in seeker.wishes]
    content = replace(
        seeker,
        kinds=kinds,
        modes=modes,
        max_minutes=minutes,
        wishes=(*seeker.wishes, *draw(st.lists(st.sampled_from(others), max_size=2, unique=True))),
    )
    rows = [content if one.id == seeker.id else one for one in problem.seekers]
    return problem, _changed(problem, seekers=rows)


@settings(max_examples=80, deadline=None)
@given(wider())
def test_who_is_content_with_more_never_has_fewer_suggestions(case: tuple[Problem, Problem]) -> None:
    before, after = (Counter(one.seeker_id for one in suggest(problem).suggestions) for problem in case)

    assert all(after[seeker_id] >= many for seeker_id, many in before.items())


def test_a_weekday_more_can_only_lose_what_the_law_forbids_on_it() -> None:
    """The one exception: a run judges all days that suit both, and one may be before a birthday."""
    offer = make_offer(
        starts_on=date(2027, 2, 27), ends_on=date(2027, 3, 5), starts_at=time(12), ends_at=time(20)
    )
    # Sixteen on Sunday 28 February; at fifteen nobody works until eight in the evening.
    mondays = make_seeker(birth=(2011, 2), weekdays=frozenset({1}))
    saturdays_too = replace(mondays, weekdays=frozenset({1, 6}))

    before, after = (
        suggest(make_problem(seekers=[seeker], offers=[offer])) for seeker in (mondays, saturdays_too)
    )

    assert len(before.suggestions) == 1
    assert [cause.code for cause in after.gaps[0].causes] == ["H-14S"]


@unhurried
@given(problems())
def test_everybody_without_a_suggestion_has_a_cause(problem: Problem) -> None:
    answer = suggest(problem)

    with_something = {one.seeker_id for one in answer.suggestions}
    causes = {gap.seeker_id: [cause.code for cause in gap.causes] for gap in answer.gaps}
    for seeker in problem.seekers:
        if seeker.id not in with_something:
            assert causes[seeker.id]
            assert set(causes[seeker.id]) <= set(CAUSES)
