"""What would help an offer that brings nobody: every change with exactly whom it brings, as counts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings

from matching import (
    Hazard,
    HostHelp,
    InvalidProblem,
    Kind,
    Offer,
    Problem,
    Profile,
    Track,
    what_would_help_hosts,
)
from matching.hosting import MOST_WEEKS
from tests.matching import oracle
from tests.matching.cast import ON, make_offer, make_problem, make_seeker
from tests.matching.strategies import problems

# Two are only there a week earlier and two a week later; of each two a person ruled one out.
ONE_RULED_OUT = make_problem(
    seekers=[make_seeker(id=name, until=date(2027, 2, 26)) for name in ("s0", "s1")]
    + [make_seeker(id=name, available_from=date(2027, 3, 10)) for name in ("s2", "s3")],
    blocked=[("s0", "offer"), ("s2", "offer")],
)


def help_for(offer: dict[str, Any], *seekers: dict[str, Any]) -> HostHelp:
    rows = [make_seeker(**({"id": f"s{number}"} | seeker)) for number, seeker in enumerate(seekers)]
    (found,) = what_would_help_hosts(make_problem(seekers=rows, offers=[make_offer(**offer)]))
    return found


def told(found: HostHelp) -> list[tuple[Any, ...]]:
    return [(one.code.value, *one.facts.values(), one.seekers) for one in found.changes]


def test_it_works() -> None:
    """Only TL is asked for; two of GL and one of KB live around the corner."""
    found = help_for(
        {"tracks": frozenset({Track.TL})}, {"track": Track.GL}, {"track": Track.GL}, {"track": Track.KB}
    )

    assert found.in_reach == 0
    assert told(found) == [("track_also", "GL", 2), ("track_also", "KB", 1)]
    assert "s0" not in repr(found)


@pytest.mark.parametrize(
    ("offer", "seeker", "change"),
    [
        ({"hazards": None}, {}, ("hazards_answered", 17, 1)),
        ({"unanswered": frozenset({Hazard.Z_5})}, {}, ("hazards_answered", 1, 1)),
        (
            {"hazards": frozenset({Hazard.Z_2}), "supervised": False},
            {"birth": (2010, 1)},
            ("supervised", 1),
        ),
        (
            {"profiles": frozenset({Profile.ZW})},
            {"track": Track.KB, "profile": Profile.HBR},
            ("profile_also", "hbr", 1),
        ),
        ({"levels": frozenset({2})}, {"level": 3}, ("level_also", 3, 1)),
        ({"weekdays": frozenset({1})}, {"weekdays": frozenset({4})}, ("weekday_also", 4, 1)),
        ({}, {"kinds": frozenset({Kind.ROLE_MODEL})}, ("kind_also", "role_model", 1)),
        ({}, {"until": date(2027, 2, 26)}, ("start_earlier", 1, "2027-02-22", 1)),
        ({}, {"available_from": date(2027, 3, 10)}, ("end_later", 1, "2027-03-12", 1)),
    ],
    ids=["all hazards", "one hazard", "an adult", "profile", "level", "weekday", "kind", "earlier", "later"],
)
def test_every_answer_can_be_widened(
    offer: dict[str, Any], seeker: dict[str, Any], change: tuple[Any, ...]
) -> None:
    assert told(help_for(offer, seeker)) == [change]


@pytest.mark.parametrize(
    ("offer", "seeker"),
    [({"hazards": frozenset({Hazard.Z_6})}, {}), ({"pc4": "3511"}, {}), ({"positions": 0}, {})],
    ids=["law", "distance", "no positions"],
)
def test_what_no_answer_can_change_is_not_proposed(offer: dict[str, Any], seeker: dict[str, Any]) -> None:
    assert help_for(offer, seeker).changes == ()


def test_a_change_that_costs_as_much_as_it_brings_is_not_told() -> None:
    """As a role model it would bring the one who asks for that, and lose the one who asks for a placement."""
    found = help_for(
        {}, {"kinds": frozenset({Kind.ROLE_MODEL})}, {"kinds": frozenset({Kind.ORIENTATION_PLACEMENT})}
    )

    assert (found.in_reach, found.changes) == (1, ())


def test_whom_a_person_ruled_out_is_not_counted() -> None:
    (found,) = what_would_help_hosts(ONE_RULED_OUT)

    assert (found.in_reach, told(found)) == (
        0,
        [("start_earlier", 1, "2027-02-22", 1), ("end_later", 1, "2027-03-12", 1)],
    )


def test_only_those_asked_for_are_looked_at() -> None:
    problem = make_problem(offers=[make_offer(id="a"), make_offer(id="b")])

    assert [one.offer_id for one in what_would_help_hosts(problem, ["b"])] == ["b"]
    assert what_would_help_hosts(problem, []) == ()
    with pytest.raises(InvalidProblem):
        what_would_help_hosts(problem, ["nothing"])


@settings(max_examples=60, deadline=None)
@given(problems())
@example(ONE_RULED_OUT)
def test_brute_force_finds_the_same_changes(problem: Problem) -> None:
    for found in what_would_help_hosts(problem, [offer.id for offer in problem.offers[:2]]):
        offer = problem.offers[problem.offer_row(found.offer_id)]
        before = reaching(problem, offer)
        assert found.in_reach == len(before)
        expected: set[tuple[Any, ...]] = set()
        most: dict[str, int] = {}
        for code, fact, changed in single_changes(offer):
            after = reaching(problem, changed)
            came, lost = len(after - before), len(before - after)
            if came > lost and came > most.get(code, 0):
                expected.add((code, fact, came, lost))
                if code in ("start_earlier", "end_later"):
                    most[code] = came
        assert {
            (one.code.value, next(reversed(list(one.facts.values())), None), one.seekers, one.lost)
            for one in found.changes
        } == expected


def reaching(problem: Problem, offer: Offer) -> set[str]:
    return {one.id for one in problem.seekers if not oracle.forbidding(one, offer, problem)}


def single_changes(offer: Offer) -> Iterator[tuple[str, Any, Offer]]:
    """Every widening of one answer, the shorter periods first."""
    open_hazards = len(Hazard) if offer.hazards is None else len(offer.unanswered)
    if open_hazards:
        answered = replace(offer, hazards=offer.hazards or frozenset(), unanswered=frozenset())
        yield "hazards_answered", open_hazards, answered
    if not offer.supervised:
        yield "supervised", None, replace(offer, supervised=True)
    for track in set(Track) - offer.tracks if offer.tracks else ():
        yield "track_also", track.value, replace(offer, tracks=offer.tracks | {track})
    for profile in set(Profile) - offer.profiles if offer.profiles else ():
        yield "profile_also", profile.value, replace(offer, profiles=offer.profiles | {profile})
    for level in {1, 2, 3, 4} - offer.levels if offer.levels else ():
        yield "level_also", level, replace(offer, levels=offer.levels | {level})
    for weekday in set(range(1, 8)) - offer.weekdays if offer.weekdays else ():
        yield "weekday_also", weekday, replace(offer, weekdays=offer.weekdays | {weekday})
    for kind in set(Kind) - {offer.kind}:
        if kind.is_group is offer.kind.is_group:
            yield "kind_also", kind.value, replace(offer, kind=kind)
    yield from longer_periods(offer)


def longer_periods(offer: Offer) -> Iterator[tuple[str, Any, Offer]]:
    for weeks in range(1, MOST_WEEKS + 1):
        if offer.starts_on and offer.starts_on - timedelta(weeks=weeks - 1) > ON:
            day = max(ON, offer.starts_on - timedelta(weeks=weeks))
            yield "start_earlier", day.isoformat(), replace(offer, starts_on=day)
        if offer.ends_on and offer.ends_on >= ON:
            day = offer.ends_on + timedelta(weeks=weeks)
            yield "end_later", day.isoformat(), replace(offer, ends_on=day)
