"""One pair laid open: the parts add up to the score of the run, and a forbidden pair names its rule."""

import math
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from matching import Hazard, InvalidProblem, Kind, Problem, TravelMode, explain, suggest
from tests.matching.cast import make_offer, make_problem, make_seeker
from tests.matching.strategies import problems


def test_it_works() -> None:
    seeker = make_seeker(wishes=("nurse", "cook"), tags=frozenset({"cooking"}))
    offer = make_offer(tags=frozenset({"cook"}))

    explanation = explain(make_problem(seekers=[seeker], offers=[offer]), "youth", "offer")

    assert explanation.is_allowed
    assert (explanation.kilometres, explanation.minutes, explanation.limit_minutes) == (2.362, 20, 45)
    assert [(part.name, part.given_weight, part.weight) for part in explanation.parts] == [
        ("sector", 0.45, 0.45),
        ("location", 0.25, 0.25),
        ("talent", 0.30, 0.30),
    ]
    assert [reason.code for reason in explanation.reasons] == [
        "wish_occupation",
        "within_reach",
        "no_talents_shared",
    ]
    assert explanation.reasons[0].facts == {"wish": "cook", "wish_rank": 2, "likeness": 1.0, "points": 38.25}
    assert explanation.reasons[1].facts["mode"] == "bike"


@settings(max_examples=40, deadline=None)
@given(problems())
def test_the_explanation_is_that_of_the_run(problem: Problem) -> None:
    for suggestion in suggest(problem).suggestions[:3]:
        explanation = explain(problem, suggestion.seeker_id, suggestion.offer_id)

        assert explanation.score == suggestion.score
        assert explanation.score == pytest.approx(sum(part.points for part in explanation.parts), abs=1e-7)
        values = tuple(part.value for part in explanation.parts)
        assert values == (suggestion.sector, suggestion.location, suggestion.talent)
        assert explanation.reasons == suggestion.reasons
        assert explanation.minutes == suggestion.minutes
        points = [reason.facts["points"] for reason in explanation.reasons if "points" in reason.facts]
        assert points == sorted(points, reverse=True)


@settings(max_examples=40, deadline=None)
@given(problems())
def test_the_sector_and_talent_parts_follow_from_what_is_told(problem: Problem) -> None:
    for suggestion in suggest(problem).suggestions[:3]:
        told = explain(problem, suggestion.seeker_id, suggestion.offer_id)
        sector, _, talent = told.parts

        assert sector.value == max((wish.worth * wish.likeness for wish in told.wishes), default=0.0)
        for one in (*told.seeker_tags, *told.offer_tags):
            assert one.weight == pytest.approx(math.log((1 + told.documents) / (1 + one.documents)) + 1)
        shared = sum(one.weight**2 for one in told.seeker_tags if one in told.offer_tags)
        lengths = [
            math.sqrt(sum(one.weight**2 for one in tags)) for tags in (told.seeker_tags, told.offer_tags)
        ]
        assert talent.value == pytest.approx(shared / math.prod(lengths) if shared else 0.0)


def test_a_forbidden_pair_names_its_first_rule_and_has_no_score() -> None:
    pesticides = make_offer(hazards=frozenset({Hazard.Z_6}), pc4="3511")

    explanation = explain(make_problem(offers=[pesticides]), "youth", "offer")

    assert explanation.forbidden_by is not None
    assert explanation.forbidden_by.rule == "Z-6"
    assert not explanation.is_allowed
    assert (explanation.score, explanation.parts, explanation.reasons, explanation.minutes) == (
        None,
        (),
        (),
        None,
    )


def test_a_pair_a_person_ruled_out_says_so() -> None:
    explanation = explain(make_problem(blocked=[("youth", "offer")]), "youth", "offer")

    assert explanation.forbidden_by is not None
    assert explanation.forbidden_by.rule == "P-1"


@pytest.mark.parametrize(("seeker", "offer"), [("nobody", "offer"), ("youth", "nothing")])
def test_an_unknown_id_is_refused(seeker: str, offer: str) -> None:
    with pytest.raises(InvalidProblem):
        explain(make_problem(), seeker, offer)


@pytest.mark.parametrize(
    ("minutes_limit", "code"), [(None, "within_reach"), (15, "just_beyond_limit"), (20, "within_reach")]
)
def test_the_way_has_its_reason(minutes_limit: int | None, code: str) -> None:
    seeker = make_seeker(max_minutes=minutes_limit, modes=frozenset({TravelMode.BIKE}))

    assert code in codes_of(make_problem(seekers=[seeker]))


def test_near_is_up_to_ten_minutes() -> None:
    assert "near" in codes_of(make_problem(offers=[make_offer(pc4="1068")]))


@pytest.mark.parametrize(
    ("seeker", "offer", "code"),
    [
        ({"wishes": ("baker",)}, {}, "wish_sector"),
        ({"wishes": ("animals",)}, {}, "wish_neighbour"),
        ({"wishes": ("nurse",)}, {}, "no_wish_fits"),
        ({}, {}, "no_wishes_spread"),
        ({}, {}, "no_talents_given"),
        ({"tags": frozenset({"cook"})}, {}, "offer_has_no_tags"),
        ({}, {"sectors": ()}, "offer_has_no_sector"),
        ({"tags": frozenset({"cook"})}, {"tags": frozenset({"cook"})}, "talents_shared"),
        ({"tags": frozenset({"cook"})}, {"tags": frozenset({"baker"})}, "no_talents_shared"),
        ({}, {"kind": Kind.ROLE_MODEL}, "needs_school_ack"),
        ({"birth": (2010, 1)}, {"hazards": frozenset({Hazard.Z_3})}, "remark"),
    ],
)
def test_every_reason_speaks_when_it_should(seeker: dict[str, Any], offer: dict[str, Any], code: str) -> None:
    problem = make_problem(seekers=[make_seeker(**seeker)], offers=[make_offer(**offer)])

    assert code in codes_of(problem)
    assert code in {reason.code for reason in suggest(problem).suggestions[0].reasons}


def test_shared_talents_come_rarest_first() -> None:
    offers = [make_offer(id=f"other-{number}", tags=frozenset({"cooking"})) for number in range(5)]
    rare = make_offer(tags=frozenset({"cooking", "languages", "animals"}))
    seeker = make_seeker(tags=frozenset({"cooking", "languages"}))

    explanation = explain(make_problem(seekers=[seeker], offers=[rare, *offers]), "youth", "offer")

    shared = [reason for reason in explanation.reasons if reason.code == "talents_shared"]
    assert shared[0].facts["tags"] == ("languages", "cooking")


def test_an_outranked_pair_has_its_place_and_what_it_lacks() -> None:
    near = [make_offer(id=f"near-{number}", pc4="1068", tags=frozenset({"cook"})) for number in range(3)]
    far = make_offer(pc4="1062", tags=frozenset({"cook"}))
    seeker = make_seeker(wishes=("cook",))
    problem = make_problem(seekers=[seeker], offers=[*near, far], top=2)

    ranking = explain(problem, "youth", "offer").ranking

    assert ranking is not None
    assert (ranking.rank, ranking.above, ranking.allowed, ranking.is_proposed) == (4, 3, 4, False)
    assert ranking.last_offer_id == suggest(problem).suggestions[1].offer_id
    assert ranking.last_score == suggest(problem).suggestions[1].score
    assert ranking.short_in == "location"
    own = explain(problem, "youth", "offer").parts[1].points
    assert ranking.short_points == ranking.last_parts[1].points - own


def test_equal_scores_are_decided_by_lot() -> None:
    alike = [make_offer(id=f"o{number}") for number in range(3)]
    problem = make_problem(seekers=[make_seeker(wishes=("cook",))], offers=alike, top=2)
    proposed = {one.offer_id for one in suggest(problem).suggestions}
    (other,) = {offer.id for offer in alike} - proposed

    ranking = explain(problem, "youth", other).ranking

    assert ranking is not None
    assert (ranking.short_in, ranking.short_points) == ("lottery", 0.0)


def test_without_wishes_a_sector_has_its_turn() -> None:
    kitchens = [make_offer(id=f"kitchen-{number}", pc4="1068") for number in range(2)]
    garden = make_offer(id="garden", sectors=("GROEN",), pc4="1062")
    problem = make_problem(offers=[*kitchens, garden], top=2)
    listed = [one.offer_id for one in suggest(problem).suggestions]
    (second,) = {"kitchen-0", "kitchen-1"} - set(listed)

    ranking = explain(problem, "youth", second).ranking

    assert ranking is not None
    assert (ranking.rank, ranking.last_offer_id, ranking.short_in) == (3, "garden", "spread")


@settings(max_examples=40, deadline=None)
@given(problems())
def test_the_place_is_that_in_the_list_of_all(problem: Problem) -> None:
    everything = suggest(replace(problem, top=max(1, len(problem.offers))))
    allowed = Counter(one.seeker_id for one in everything.suggestions)
    for one in everything.suggestions:
        ranking = explain(problem, one.seeker_id, one.offer_id).ranking
        assert ranking is not None
        assert (ranking.rank, ranking.allowed) == (one.rank, allowed[one.seeker_id])
        assert ranking.is_proposed is (one.rank <= problem.top)
        assert (ranking.short_in is None) is ranking.is_proposed


def codes_of(problem: Problem) -> set[str]:
    return {reason.code for reason in explain(problem, "youth", "offer").reasons}
