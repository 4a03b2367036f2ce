"""A small hand-made region for the engine: sectors, words, postcodes, makers of seekers and offers."""

from dataclasses import replace
from datetime import date
from typing import Any

from matching import Kind, Offer, Place, Problem, Sector, Seeker, Tag, TagKind

ON = date(2027, 2, 10)

SECTORS = (
    Sector("BOUW", "technology"),
    Sector("TECH", "technology"),
    Sector("ZORG", "care"),
    Sector("ONDERWIJS", "care"),
    Sector("HORECA", "food"),
    Sector("GROEN", "food"),
    Sector("VAK", "crafts"),
)

TAGS = (
    Tag("cook", TagKind.OCCUPATION, "HORECA", ("kok", "cook"), ("chef", "keukenhulp")),
    Tag("baker", TagKind.OCCUPATION, "HORECA", ("bakker", "baker"), ("brood bakken",)),
    Tag("hairdresser", TagKind.OCCUPATION, "VAK", ("kapper", "hairdresser"), ("kapster", "haren knippen")),
    Tag("nurse", TagKind.OCCUPATION, "ZORG", ("verpleegkundige", "nurse"), ("zuster", "verpleegster")),
    Tag("teacher", TagKind.OCCUPATION, "ONDERWIJS", ("leraar", "teacher"), ("juf", "meester", "docent")),
    Tag("bricklayer", TagKind.OCCUPATION, "BOUW", ("metselaar", "bricklayer"), ("metselen",)),
    Tag("electrician", TagKind.OCCUPATION, "TECH", ("elektricien", "electrician"), ("stroom aanleggen",)),
    Tag("mechanics", TagKind.ACTIVITY, "TECH", ("mechaniek", "mechanics"), ("machines maken",)),
    Tag("estate_agent", TagKind.OCCUPATION, "BOUW", ("makelaar", "estate agent"), ("huizen verkopen",)),
    Tag(
        "care_welfare", TagKind.ACTIVITY, "ZORG", ("zorg en welzijn", "care and welfare"), ("mensen helpen",)
    ),
    Tag("animals", TagKind.ACTIVITY, "GROEN", ("met dieren werken", "animals"), ("dieren", "dier")),
    Tag("cooking", TagKind.TALENT, None, ("koken", "cooking"), ("eten maken",)),
    Tag("languages", TagKind.TALENT, None, ("talen", "languages"), ("turks spreken",)),
    Tag("repairing", TagKind.TALENT, None, ("repareren", "repairing"), ("dingen maken die stuk zijn",)),
    Tag("organising", TagKind.TALENT, None, ("organiseren", "organising"), ("regelen",)),
)

# Points in and around Amsterdam, and further and further away, so that every limit of travel is met.
PLACES = (
    Place("1068", 52.3614, 4.8023),
    Place("1064", 52.3766, 4.8266),
    Place("1062", 52.3558, 4.8347),
    Place("1012", 52.3727, 4.8932),
    Place("1102", 52.3150, 4.9540),
    Place("1506", 52.4389, 4.8258),
    Place("3511", 52.0926, 5.1160),
    Place("1171", 52.3434, 4.7620),
    Place("1161", 52.3850, 4.7440),
    Place("1131", 52.4946, 5.0700),
    Place("2011", 52.3810, 4.6370),
)

_SEEKER = Seeker(id="youth", pc4="1068", birth=(2011, 6))
_OFFER = Offer(
    id="offer",
    kind=Kind.ORIENTATION_PLACEMENT,
    pc4="1064",
    sectors=("HORECA",),
    positions=2,
    starts_on=date(2027, 3, 1),
    ends_on=date(2027, 3, 5),
    hazards=frozenset(),
    supervised=True,
)


def make_seeker(**changes: Any) -> Seeker:
    """A youth of 15 in 1068 who says nothing, but for the changes."""
    return replace(_SEEKER, **changes)


def make_offer(**changes: Any) -> Offer:
    """A safe placement in the kitchen, a postcode away, but for the changes."""
    return replace(_OFFER, **changes)


def make_problem(**changes: Any) -> Problem:
    """One youth and one offer in the region, but for the changes."""
    given: dict[str, Any] = {
        "seekers": [_SEEKER],
        "offers": [_OFFER],
        "sectors": SECTORS,
        "tags": TAGS,
        "places": PLACES,
        "on": ON,
        "seed": 7,
    }
    return Problem.of(**(given | changes))
