"""What would help: every single change with exactly what it brings, against brute force and the run."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings

from matching import (
    Hazard,
    Help,
    HelpfulChange,
    InvalidProblem,
    Kind,
    Problem,
    Seeker,
    TravelMode,
    suggest,
    what_would_help,
)
from matching.helping import MOST_WEEKS
from tests.matching import oracle
from tests.matching.cast import ON, make_offer, make_problem, make_seeker
from tests.matching.strategies import problems

BIKE = frozenset({TravelMode.BIKE})
MOST_RUNS = 10


def help_with(*offers: dict[str, Any], limits: Any = None, **seeker: Any) -> Help:
    rows = [make_offer(**({"id": f"o{number}"} | offer)) for number, offer in enumerate(offers)]
    (found,) = what_would_help(make_problem(seekers=[make_seeker(**seeker)], offers=rows, limits=limits))
    return found


def told(found: Help, *names: str) -> list[tuple[Any, ...]]:
    return [(one.code.value, *(one.facts[name] for name in names), one.offers) for one in found.changes]


def test_it_works() -> None:
    """Ten minutes more bring a kitchen, thirty more a hospital too, and public transport only that."""
    found = help_with(
        {"pc4": "1064"},
        {"pc4": "1012", "sectors": ("ZORG",)},
        max_minutes=10,
        modes=BIKE,
    )

    assert (found.in_reach, found.suits) == (0, 0)
    assert [(one.facts["minutes"], one.facts["limit"], one.gained) for one in found.changes[:1]] == [
        (5, 15, ("o0",))
    ]
    assert told(found, "minutes") == [("travel_longer", 5, 1), ("travel_longer", 30, 2)]
    assert [one.steps for one in found.changes] == [1, 6]


@pytest.mark.parametrize(
    ("offer", "seeker", "change", "facts"),
    [
        ({"pc4": "1102"}, {"modes": BIKE, "birth": (2009, 6)}, "travel_also", {"mode": "ov"}),
        ({"weekdays": frozenset({5})}, {"weekdays": frozenset({1})}, "weekday_also", {"weekday": 5}),
        (
            {"kind": Kind.COMMUNITY_PLACEMENT},
            {"kinds": frozenset({Kind.COACH})},
            "kind_also",
            {"kind": "community_placement"},
        ),
        (
            {"starts_on": date(2027, 3, 1), "ends_on": date(2027, 3, 5)},
            {"available_from": date(2027, 3, 20)},
            "start_earlier",
            {"weeks": 3, "day": "2027-02-27"},
        ),
        (
            {"starts_on": date(2027, 3, 1), "ends_on": date(2027, 3, 5)},
            {"until": date(2027, 2, 20)},
            "end_later",
            {"weeks": 2, "day": "2027-03-06"},
        ),
        (
            {"sectors": ("GROEN",)},
            {"wishes": ("HORECA",)},
            "wish_also",
            {"wish": "GROEN", "is_neighbour": True},
        ),
        (
            {"sectors": ("BOUW",)},
            {"wishes": ("HORECA",)},
            "wish_also",
            {"wish": "BOUW", "is_neighbour": False},
        ),
    ],
    ids=["way", "weekday", "kind", "start earlier", "end later", "neighbour", "other sector"],
)
def test_every_answer_can_be_widened(
    offer: dict[str, Any], seeker: dict[str, Any], change: str, facts: dict[str, Any]
) -> None:
    found = help_with(offer, **seeker)

    first = found.changes[0]
    assert first.code == change
    assert {name: first.facts[name] for name in facts} == facts
    assert (first.gained, first.positions, first.lost) == (("o0",), 2, 0)


def test_a_birthday_is_a_fact_and_comes_last() -> None:
    """At 15 nobody may push more than 20 kg; from her birthday on she may, with a remark."""
    heavy = {"hazards": frozenset({Hazard.Z_4}), "starts_on": None, "ends_on": None}
    found = help_with(heavy, {"weekdays": frozenset({5})}, weekdays=frozenset({1}), birth=(2011, 4))

    assert told(found) == [("weekday_also", 1), ("birthday", 1)]
    assert (found.changes[-1].facts["day"], found.changes[-1].facts["age"]) == ("2027-04-30", 16)


@pytest.mark.parametrize(
    ("offer", "seeker"),
    [
        ({"hazards": frozenset({Hazard.Z_6}), "starts_on": None, "ends_on": None}, {}),
        ({"positions": 0}, {}),
        ({"kind": Kind.BPV}, {"birth": (2009, 6)}),
        ({"pc4": "3511"}, {}),
        ({"kind": Kind.COMPANY_VISIT}, {"kinds": frozenset({Kind.COACH})}),
    ],
    ids=["law", "no positions", "for another school type", "beyond the limit of the age", "for a class"],
)
def test_what_is_not_the_youths_to_change_is_not_proposed(
    offer: dict[str, Any], seeker: dict[str, Any]
) -> None:
    assert help_with(offer, **seeker).changes == ()


def test_a_pair_a_person_ruled_out_stays_out() -> None:
    seeker, offer = make_seeker(weekdays=frozenset({1})), make_offer(weekdays=frozenset({5}))
    problem = make_problem(seekers=[seeker], offers=[offer], blocked=[("youth", "offer")])

    assert what_would_help(problem)[0].changes == ()


def test_two_answers_are_never_widened_at_once() -> None:
    both = {"weekdays": frozenset({5}), "pc4": "1064"}

    assert help_with(both, weekdays=frozenset({1}), max_minutes=10, modes=BIKE).changes == ()


def test_the_limit_of_the_age_is_the_furthest() -> None:
    found = help_with({"pc4": "1506"}, max_minutes=20, modes=frozenset({TravelMode.OV}))

    assert told(found, "limit") == [("travel_longer", 40, 1)]
    assert help_with({"pc4": "1131"}, max_minutes=20).changes == ()


def test_a_silent_seeker_has_nothing_to_widen() -> None:
    assert help_with({"sectors": ("BOUW",)}).changes == ()


def test_five_wishes_are_all_that_count() -> None:
    wishes = ("HORECA", "GROEN", "ZORG", "VAK", "TECH")

    assert help_with({"sectors": ("BOUW",)}, wishes=wishes).changes == ()


def test_a_word_is_told_when_its_sector_brings_less() -> None:
    """Electrician belongs to TECH; the hospital that has the word does not."""
    found = help_with(
        {"sectors": ("ZORG",), "tags": frozenset({"electrician"})}, {"sectors": ("TECH",)}, wishes=("HORECA",)
    )

    assert sorted(told(found, "wish")) == [
        ("wish_also", "TECH", 1),
        ("wish_also", "ZORG", 1),
        ("wish_also", "electrician", 2),
    ]


def test_what_somebody_is_good_at_is_never_told_as_a_wish() -> None:
    """Cooking is a talent; mechanics is an activity and belongs to a sector, so that can be wished for."""
    found = help_with(
        {"sectors": ("ZORG",), "tags": frozenset({"cooking", "mechanics"})},
        {"sectors": ("BOUW",), "tags": frozenset({"cooking", "mechanics"})},
        wishes=("HORECA",),
    )

    assert {one.facts["wish"] for one in found.changes} == {"ZORG", "BOUW", "mechanics"}


def test_a_change_that_costs_as_much_as_it_brings_is_not_told() -> None:
    """Starting earlier brings the early kitchen, but takes the late one out of the time one is old enough."""
    early = {"starts_on": date(2027, 3, 1), "ends_on": date(2027, 3, 5)}
    long = {"starts_on": date(2027, 2, 22), "ends_on": date(2027, 6, 25), "hazards": frozenset({Hazard.Z_3})}
    seeker = {"available_from": date(2027, 5, 1), "birth": (2011, 4)}

    assert help_with(long, **seeker).in_reach == 1
    assert "start_earlier" not in {one.code for one in help_with(early, long, **seeker).changes}


def test_changes_stand_by_their_size_then_by_what_they_bring() -> None:
    found = help_with(
        {"weekdays": frozenset({5})},
        {"weekdays": frozenset({4, 5})},
        {"weekdays": frozenset({1}), "pc4": "1012"},
        weekdays=frozenset({1}),
        max_minutes=25,
        modes=BIKE,
    )

    assert [(one.code.value, one.steps, one.offers) for one in found.changes] == [
        ("weekday_also", 1, 2),
        ("weekday_also", 1, 1),
        ("travel_longer", 3, 1),
    ]


def test_an_unknown_seeker_is_refused() -> None:
    with pytest.raises(InvalidProblem):
        what_would_help(make_problem(), ["nobody"])


@settings(max_examples=120, deadline=None)
@given(problems())
def test_a_run_with_the_change_gives_just_that(problem: Problem) -> None:
    problem = replace(problem, top=max(1, len(problem.offers)))
    for found in what_would_help(problem):
        seeker = problem.seeker(found.seeker_id)
        before = listed(problem, seeker)
        assert found.in_reach == len(before)
        assert found.suits == sum(suits(problem, seeker, offer_id) for offer_id in before)
        for change in found.changes:
            day = date.fromisoformat(str(change.facts["day"])) if change.code == "birthday" else problem.on
            changed = applied(seeker, change)
            after = listed(replace(problem, on=day), changed)
            if change.code == "wish_also":
                assert set(after) == set(before)
                came = [
                    one for one in after if suits(problem, changed, one) and not suits(problem, seeker, one)
                ]
            else:
                came = [one for one in after if one not in before]
                assert change.lost == len(set(before) - set(after)) or change.code == "birthday"
            best_first = sorted(came, key=lambda one: (-after[one], oracle.lot(problem.seed, seeker.id, one)))
            assert change.gained == tuple(best_first)
            assert change.best_score == after[best_first[0]]


@settings(max_examples=60, deadline=None)
@given(problems())
def test_brute_force_finds_the_same_changes(problem: Problem) -> None:
    for found in what_would_help(problem):
        seeker = problem.seeker(found.seeker_id)
        before = reachable(problem, seeker)
        expected: set[tuple[str, str, frozenset[str]]] = set()
        most: dict[str, int] = {}
        for code, fact, changed in single_changes(seeker, problem):
            after = reachable(problem, changed)
            gained, lost = after - before, before - after
            if len(gained) > len(lost) and len(gained) > most.get(code, 0):
                expected.add((code, fact, frozenset(gained)))
                if code in ("travel_longer", "start_earlier", "end_later"):
                    most[code] = len(gained)
        names = {
            "travel_longer": "limit",
            "travel_also": "mode",
            "weekday_also": "weekday",
            "kind_also": "kind",
            "start_earlier": "day",
            "end_later": "day",
        }
        assert {
            (one.code.value, str(one.facts[names[one.code]]), frozenset(one.gained))
            for one in found.changes
            if one.code in names
        } == expected


def test_one_youth_hears_of_every_way_among_the_offers_of_a_region() -> None:
    spread_out = ["1064", "1062", "1012", "1102", "1506", "1171", "1161"]
    offers = [
        make_offer(
            id=f"o{number}",
            pc4=spread_out[number % len(spread_out)],
            weekdays=frozenset({1 + number % 5}),
            starts_at=time(8 + number % 3),
            kind=(Kind.ORIENTATION_PLACEMENT, Kind.COMMUNITY_PLACEMENT)[number % 2],
        )
        for number in range(2500)
    ]
    seeker = make_seeker(
        weekdays=frozenset({1, 2}),
        max_minutes=20,
        modes=BIKE,
        kinds=frozenset({Kind.ORIENTATION_PLACEMENT}),
        wishes=("cook",),
        until=date(2027, 4, 1),
    )
    problem = make_problem(seekers=[seeker], offers=offers)

    (found,) = what_would_help(problem)

    assert {one.code.value for one in found.changes} >= {"travel_longer", "weekday_also", "kind_also"}
    # Usually as much as one run and a half, for every way there is to widen an answer.
    assert quickest(lambda: what_would_help(problem)) < MOST_RUNS * quickest(lambda: suggest(problem))


def quickest(act: Callable[[], object]) -> float:
    """In time of the processor, the best of some tries: what else a machine does then changes little."""
    times = []
    for _try in range(5):
        began = process_time()
        act()
        times.append(process_time() - began)
    return min(times)


def listed(problem: Problem, seeker: Seeker) -> dict[str, float]:
    alone = replace(problem, seekers=(seeker,))
    return {one.offer_id: one.score for one in suggest(alone).suggestions}


def reachable(problem: Problem, seeker: Seeker) -> set[str]:
    return {offer.id for offer in problem.offers if not oracle.forbidding(seeker, offer, problem)}


def suits(problem: Problem, seeker: Seeker, offer_id: str) -> bool:
    """The word or the sector of one of the first five wishes; without wishes all suits."""
    offer = problem.offers[problem.offer_row(offer_id)]
    of_tags = {sector for tag in offer.tags if (sector := problem.tags[tag].sector)}
    sectors = set(offer.sectors) or of_tags
    for wish in seeker.wishes[:5]:
        sector = wish if wish in problem.sectors else problem.tags[wish].sector
        if wish in offer.tags or (sector is not None and sector in sectors):
            return True
    return not seeker.wishes


def applied(seeker: Seeker, change: HelpfulChange) -> Seeker:
    facts: dict[str, Any] = dict(change.facts)
    match change.code.value:
        case "travel_longer":
            return replace(seeker, max_minutes=facts["limit"])
        case "travel_also":
            return replace(seeker, modes=seeker.modes | {TravelMode(facts["mode"])})
        case "weekday_also":
            return replace(seeker, weekdays=seeker.weekdays | {facts["weekday"]})
        case "kind_also":
            return replace(seeker, kinds=seeker.kinds | {Kind(facts["kind"])})
        case "start_earlier":
            return replace(seeker, available_from=date.fromisoformat(facts["day"]))
        case "end_later":
            return replace(seeker, until=date.fromisoformat(facts["day"]))
        case "wish_also":
            return replace(seeker, wishes=(*seeker.wishes, facts["wish"]))
    return seeker


def single_changes(seeker: Seeker, problem: Problem) -> Iterator[tuple[str, str, Seeker]]:
    """Every widening of one answer, the smaller sizes first."""
    age = oracle.age_at(seeker.birth, problem.on) if seeker.birth else 0
    most = 30 if age < 14 else 45 if age < 16 else 60 if age < 18 else 75
    own = most if seeker.max_minutes is None else min(most, seeker.max_minutes)
    for minutes in range(own + 5, most + 5, 5):
        limit = min(minutes, most)
        yield "travel_longer", str(limit), replace(seeker, max_minutes=limit)
    if seeker.modes:
        for mode in TravelMode:
            if mode not in seeker.modes:
                yield "travel_also", mode.value, replace(seeker, modes=seeker.modes | {mode})
    for weekday in range(1, 8) if seeker.weekdays else ():
        if weekday not in seeker.weekdays:
            yield "weekday_also", str(weekday), replace(seeker, weekdays=seeker.weekdays | {weekday})
    for kind in Kind if seeker.kinds else ():
        if kind not in seeker.kinds:
            yield "kind_also", kind.value, replace(seeker, kinds=seeker.kinds | {kind})
    yield from longer_periods(seeker)


def longer_periods(seeker: Seeker) -> Iterator[tuple[str, str, Seeker]]:
    for weeks in range(1, MOST_WEEKS + 1):
        if seeker.available_from and seeker.available_from - timedelta(weeks=weeks - 1) > ON:
            day = max(ON, seeker.available_from - timedelta(weeks=weeks))
            yield "start_earlier", day.isoformat(), replace(seeker, available_from=day)
        if seeker.until:
            day = seeker.until + timedelta(weeks=weeks)
            yield "end_later", day.isoformat(), replace(seeker, until=day)
