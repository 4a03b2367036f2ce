"""The columns of the files that go in and out."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.exchange.cells import (
    Reader,
    birth,
    clock_time,
    code_of,
    crebo,
    day,
    hazards,
    hours,
    list_of,
    one_of,
    positions,
    postcode,
    tag,
    text,
    whole,
    wish,
)
from service.exchange.engine import MOST_ROUNDS, MOST_WANTED

LONGEST_ID = 80
MOST_POSITIONS = 10_000
LONGEST_TITLE = 200
LONGEST_CELL = 2_000
LONGEST_JOURNEY_MINUTES = 240
LONGEST_WALK = 10_000
# As much as the engine tells apart.
MOST_CREDIT = 255

_NAMES_OF_WEEKDAYS = {
    name: number for number, name in enumerate(("ma", "di", "wo", "do", "vr", "za", "zo"), 1)
}
_weekday = one_of(_NAMES_OF_WEEKDAYS | {str(number): number for number in _NAMES_OF_WEEKDAYS.values()})
_mode = one_of({"bike": "bike", "ov": "ov", "walk": "walk", "fiets": "bike", "lopen": "walk"})
_yes_or_no = one_of({"yes": True, "no": False, "ja": True, "nee": False})
_level = whole(1, 4)
_groups = list_of(text(LONGEST_ID))


@dataclass(frozen=True, slots=True)
class Layout:
    """What a file may hold; `filled_if_there` are columns that may be absent, but not have an empty cell.

    `of_allocation` are those that say something of the giving out of positions only.
    """

    columns: Mapping[str, Reader]
    required: tuple[str, ...]
    filled_if_there: tuple[str, ...] = ()
    of_allocation: tuple[str, ...] = ()


YOUTHS = Layout(
    {
        "external_id": text(LONGEST_ID),
        "birth": birth,
        "pc4": postcode,
        "track": code_of("tracks"),
        "profile": code_of("profiles"),
        "crebo": crebo,
        "level": _level,
        "year": whole(1, 8),
        "travel": list_of(_mode),
        "max_minutes": whole(0, LONGEST_JOURNEY_MINUTES),
        "wishes": list_of(wish),
        "tags": list_of(tag),
        "kinds": list_of(code_of("kinds")),
        "from": day,
        "until": day,
        "weekdays": list_of(_weekday),
        "wanted": whole(1, MOST_WANTED),
        "credit": whole(0, MOST_CREDIT),
        "together": _groups,
        "apart": _groups,
    },
    required=("external_id", "birth", "pc4"),
    of_allocation=("wanted", "credit", "together", "apart"),
)
OFFERS = Layout(
    {
        "external_id": text(LONGEST_ID),
        "organisation": text(LONGEST_TITLE),
        "kind": code_of("kinds"),
        "title": text(LONGEST_TITLE),
        "pc4": postcode,
        "sectors": list_of(code_of("sectors")),
        "tags": list_of(tag),
        "positions": positions,
        "from": day,
        "until": day,
        "hours_per_day": hours,
        "starts_at": clock_time,
        "ends_at": clock_time,
        "weekdays": list_of(_weekday),
        "tracks": list_of(code_of("tracks")),
        "levels": list_of(_level),
        "crebos": list_of(crebo),
        "hazards": hazards,
        "supervised": _yes_or_no,
        "minimum": whole(0, MOST_POSITIONS),
        "host_cap": whole(0, MOST_POSITIONS),
    },
    required=("external_id", "organisation", "kind", "title", "pc4"),
    # Nothing in this cell is as good as zero: such an offer cannot be given to anybody.
    filled_if_there=("positions",),
    of_allocation=("minimum", "host_cap"),
)
MATCHES = ("youth", "rank", "offer", "score", "sector", "location", "talent", "minutes", "reasons")
GAPS = ("youth", "rule", "offers", "text")
ALLOCATION = (
    "youth",
    "position",
    "offer",
    "value",
    "good",
    "outcome",
    "reason",
    "before",
    "bottleneck",
    "text",
)
BOTTLENECKS = (
    "scope",
    "per_position",
    "bottleneck",
    "youths",
    "positions",
    "shortage",
    "sectors",
    "pc4s",
    "minutes",
    "full_hosts",
    "text",
)
RESERVES = ("offer", "place", "youth", "leaves")
RECRUITS = ("sector", "pc4", "positions", "helps", "text")

_round = whole(1, MOST_ROUNDS)
_presence = {"from_round": _round, "until_round": _round, "away": list_of(_round)}
APPOINTMENTS = Layout(
    {"youth": text(LONGEST_ID), "stand": text(LONGEST_ID), "times": _round}, required=("youth", "stand")
)
STANDS = Layout(
    {"stand": text(LONGEST_ID), "capacity": whole(0, MOST_POSITIONS), "room": text(LONGEST_ID)} | _presence,
    required=("stand",),
)
VISITORS = Layout({"youth": text(LONGEST_ID)} | _presence, required=("youth",))
ROOMS = Layout(
    {"room": text(LONGEST_ID), "other": text(LONGEST_ID), "walk": whole(0, LONGEST_WALK)},
    required=("room", "other", "walk"),
)
TIMETABLE = ("youth", "round", "stand", "room")
MEETINGS = Layout(
    {"youth": text(LONGEST_ID), "round": _round, "stand": text(LONGEST_ID), "room": text(LONGEST_ID)},
    required=("youth", "round", "stand"),
)

_pair = dict.fromkeys(ALLOCATION, text(LONGEST_CELL)) | {"youth": text(LONGEST_ID), "offer": text(LONGEST_ID)}
LOCKS = Layout(_pair, required=("youth", "offer"))
# Who was left out has no offer, in a file that was written by an allocation.
PREVIOUS = Layout(_pair, required=("youth",))
