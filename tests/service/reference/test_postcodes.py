"""A postcode is read as people write it, and lies where it should."""

from itertools import pairwise

import pytest

from seeds.distance import Point, kilometres
from service.reference.catalogue import PostcodePlace, catalogue
from service.reference.postcodes import NoPostcode, parse_pc4

# Within the Netherlands in Europe, with its islands.
SOUTH, NORTH, WEST, EAST = 50.74, 53.56, 3.35, 7.23
# The country roads around Zeewolde are one postcode, whose middle lies 10.6 km from the next.
FARTHEST_NEXT_KM = 11
# Read off a map, to one decimal of a kilometre or so; the middle of a postcode may lie a little further on.
KNOWN = {
    "1011": (52.372, 4.905),
    "1068": (52.358, 4.800),
    "2511": (52.079, 4.316),
    "3011": (51.919, 4.487),
    "3062": (51.915, 4.530),
    "4944": (51.687, 4.905),
    "5611": (51.437, 5.480),
    "6211": (50.849, 5.690),
    "6431": (50.920, 5.930),
    "8911": (53.201, 5.793),
    "9166": (53.480, 6.160),
    "9711": (53.217, 6.564),
    "9999": (53.362, 6.600),
}


def point(place: PostcodePlace) -> Point:
    return Point(place.latitude, place.longitude)


@pytest.mark.parametrize(
    "typed", ["1068", "1068AB", "1068 ab", " 1068  AB ", "NL-1068AB", "nl 1068 ab", "NL1068", "1068-AB"]
)
def test_it_works(typed: str) -> None:
    assert parse_pc4(typed) == "1068"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "0999",
        "10688",
        "106",
        "AB 1068",
        "1068 A",
        "1068 ABC",
        "BE-1068",
        "1068 1068",
        "१०६८",
        "Amsterdam",
    ],
)
def test_what_is_no_postcode_says_what_to_do(typed: str) -> None:
    with pytest.raises(NoPostcode, match="Type four digits"):
        parse_pc4(typed)


def test_the_whole_country_is_there() -> None:
    places = catalogue().postcodes.values()
    assert 4_030 <= len(places) <= 4_110
    assert len({place.province for place in places}) == 12
    assert len({(place.municipality, place.province) for place in places}) == 342
    assert all(parse_pc4(place.pc4) == place.pc4 for place in places)


def test_every_postcode_lies_in_the_country() -> None:
    for place in catalogue().postcodes.values():
        assert SOUTH <= place.latitude <= NORTH, place
        assert WEST <= place.longitude <= EAST, place


@pytest.mark.parametrize("pc4", KNOWN)
def test_known_postcodes_lie_where_they_are(pc4: str) -> None:
    place = catalogue().place(pc4)
    assert place is not None
    assert kilometres(point(place), Point(*KNOWN[pc4])) < 1.5


def test_neighbours_in_number_of_a_place_lie_together() -> None:
    compared = 0
    for here, there in pairwise(catalogue().postcodes.values()):
        same = (here.place, here.municipality) == (there.place, there.municipality)
        if same and int(there.pc4) - int(here.pc4) == 1:
            compared += 1
            assert kilometres(point(here), point(there)) < FARTHEST_NEXT_KM, (here, there)
    assert compared > 1_000


def test_repaired_points_are_marked() -> None:
    repaired = {place.pc4 for place in catalogue().postcodes.values() if place.is_repaired}
    assert {"3062", "4944", "6431"} <= repaired
    assert len(repaired) < 50
