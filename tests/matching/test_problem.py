"""The checked input: every wrong row named, nothing half-used."""

from datetime import date
from typing import Any

import pytest

from matching import Fault, InvalidProblem, Place, Problem, Sector, Tag, TagKind, Weights
from tests.matching.cast import PLACES, SECTORS, TAGS, make_offer, make_problem, make_seeker

WRONG_SEEKERS: dict[str, tuple[dict[str, Any], str, str]] = {
    "pc4 impossible": ({"pc4": "0999"}, "pc4", "impossible"),
    "pc4 too long": ({"pc4": "10688"}, "pc4", "impossible"),
    "pc4 unknown": ({"pc4": "9999"}, "pc4", "unknown"),
    "birth": ({"birth": (2011, 13)}, "birth", "impossible"),
    "wish unknown": ({"wishes": ("astronaut",)}, "wishes", "unknown"),
    "wish twice": ({"wishes": ("cook", "cook")}, "wishes", "repeated"),
    "tag unknown": ({"tags": frozenset({"astronaut"})}, "tags", "unknown"),
    "track as text": ({"track": "BB"}, "track", "impossible"),
    "kind as text": ({"kinds": frozenset({"coach"})}, "kinds", "impossible"),
    "crebo": ({"crebo": "2518"}, "crebo", "impossible"),
    "level": ({"level": 5}, "level", "impossible"),
    "minutes": ({"max_minutes": -1}, "max_minutes", "negative"),
    "class": ({"class_size": 0}, "class_size", "below_1"),
    "days": ({"available_from": date(2027, 3, 2), "until": date(2027, 3, 1)}, "days", "end_before_start"),
    "end of time": ({"until": date(9999, 12, 31)}, "days", "impossible"),
    "weekday": ({"weekdays": frozenset({0})}, "weekdays", "impossible"),
}
WRONG_OFFERS: dict[str, tuple[dict[str, Any], str, str]] = {
    "pc4": ({"pc4": "9999"}, "pc4", "unknown"),
    "sector": ({"sectors": ("SPACE",)}, "sectors", "unknown"),
    "sector twice": ({"sectors": ("ZORG", "ZORG")}, "sectors", "repeated"),
    "tag": ({"tags": frozenset({"astronaut"})}, "tags", "unknown"),
    "kind as text": ({"kind": "bpv"}, "kind", "impossible"),
    "hazard unknown": ({"hazards": frozenset({"Z-99"})}, "hazards", "impossible"),
    "positions": ({"positions": -5}, "positions", "negative"),
    "level": ({"levels": frozenset({0})}, "levels", "impossible"),
    "crebo": ({"crebos": frozenset({"x"})}, "crebos", "impossible"),
    "days": ({"starts_on": date(2027, 3, 9)}, "days", "end_before_start"),
    "end of time": ({"ends_on": date(9999, 12, 31)}, "days", "impossible"),
    "beginning of time": ({"starts_on": date(1, 1, 1)}, "days", "impossible"),
    "weekday": ({"weekdays": frozenset({8})}, "weekdays", "impossible"),
    "no hours": ({"hours_per_day": 0.0}, "hours_per_day", "impossible"),
    "more hours than a day": ({"hours_per_day": 24.5}, "hours_per_day", "impossible"),
    "hours that are no number": ({"hours_per_day": float("nan")}, "hours_per_day", "impossible"),
}


def test_it_works() -> None:
    problem = make_problem()

    assert problem.seeker("youth").pc4 == "1068"
    assert problem.offer("offer").pc4 == "1064"
    assert problem.weights == Weights()
    assert problem.top == 20


@pytest.mark.parametrize("name", WRONG_SEEKERS)
def test_a_wrong_seeker_is_named(name: str) -> None:
    changes, field, code = WRONG_SEEKERS[name]

    assert faults_of(seekers=[make_seeker(id="wrong", **changes), make_seeker()]) == (
        Fault("wrong", field, code),
    )


@pytest.mark.parametrize("name", WRONG_OFFERS)
def test_a_wrong_offer_is_named(name: str) -> None:
    changes, field, code = WRONG_OFFERS[name]

    assert faults_of(offers=[make_offer(id="wrong", **changes)]) == (Fault("wrong", field, code),)


def test_every_wrong_row_is_named_at_once() -> None:
    with pytest.raises(InvalidProblem) as raised:
        make_problem(seekers=[make_seeker(id=f"youth-{number}", pc4="0") for number in range(7)])

    assert raised.value.rows == tuple(f"youth-{number}" for number in range(7))
    assert "and 2 more" in str(raised.value)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"seekers": [make_seeker(), make_seeker(pc4="1064")]}, Fault("youth", "id", "duplicate")),
        ({"offers": [make_offer(), make_offer()]}, Fault("offer", "id", "duplicate")),
        ({"seekers": [make_seeker(id="")]}, Fault("", "id", "empty")),
        ({"top": 0}, Fault("problem", "top", "below_1")),
        ({"sectors": (*SECTORS, Sector("ZORG", "food"))}, Fault("ZORG", "code", "duplicate")),
        ({"tags": (*TAGS, Tag("cook", TagKind.TALENT))}, Fault("cook", "code", "duplicate")),
        ({"tags": (*TAGS, Tag("ZORG", TagKind.TALENT))}, Fault("ZORG", "code", "both_tag_and_sector")),
        ({"tags": (*TAGS, Tag("pilot", TagKind.OCCUPATION, "AIR"))}, Fault("pilot", "sector", "unknown")),
        ({"places": (*PLACES, Place("1068", 0.0, 0.0))}, Fault("1068", "code", "duplicate")),
    ],
    ids=lambda value: "".join(value) if isinstance(value, Fault) else "",
)
def test_rows_that_contradict_each_other_are_refused(changes: dict[str, Any], fault: Fault) -> None:
    assert fault in faults_of(**changes)


def test_the_same_place_twice_is_no_contradiction() -> None:
    assert make_problem(places=PLACES + PLACES) == make_problem()


def test_an_unknown_id_is_the_callers_fault() -> None:
    for find in (Problem.seeker, Problem.offer):
        with pytest.raises(InvalidProblem, match="nobody"):
            find(make_problem(), "nobody")


def faults_of(**changes: Any) -> tuple[Fault, ...]:
    with pytest.raises(InvalidProblem) as raised:
        make_problem(**changes)
    return raised.value.faults
