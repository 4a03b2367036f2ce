"""Travel: the vectors of DOMAIN 6, the limits per age, and arrays equal to single pairs."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import InvalidProblem, Limits, Place, TravelMode
from matching.geography import journey, kilometres, minutes_by
from matching.reach import BEYOND, kilometres_between
from matching.reach import minutes_by as minutes_between
from tests.matching import oracle
from tests.matching.cast import PLACES

BIKE, OV, WALK = TravelMode.BIKE, TravelMode.OV, TravelMode.WALK
points = st.builds(
    Place,
    st.integers(1000, 9999).map(str),
    st.floats(50.7, 53.6),
    st.floats(3.3, 7.3),
)


@pytest.mark.parametrize(
    ("km", "expected"), [(1.4, 10), (3, 20), (4.6, 30), (6.9, 45), (9.2, 60), (10.0, 65), (20.0, 130)]
)
def test_cycling_under_18(km: float, expected: int) -> None:
    assert minutes_by(BIKE, km, is_adult=False) == expected


def test_it_works_for_public_transport() -> None:
    assert minutes_by(OV, 10, is_adult=False) == 50


@pytest.mark.parametrize(("km", "expected"), [(10.0, 55), (1.4, 10)])
def test_adults_cycle_faster(km: float, expected: int) -> None:
    assert minutes_by(BIKE, km, is_adult=True) == expected


def test_public_transport_only_above_four_kilometres() -> None:
    assert minutes_by(OV, 4.0, is_adult=True) is None
    assert minutes_by(OV, 4.001, is_adult=True) == 30


def test_walking_only_below_two_kilometres() -> None:
    assert minutes_by(WALK, 2.0, is_adult=True) is None
    assert minutes_by(WALK, 1.4, is_adult=True) == 25


def test_within_one_postcode_it_is_one_point_four_kilometres() -> None:
    assert kilometres(PLACES[0], PLACES[0]) == 1.4


def test_a_known_distance() -> None:
    dam, utrecht = Place("1012", 52.3731, 4.8926), Place("3511", 52.0907, 5.1214)
    assert kilometres(dam, utrecht) == pytest.approx(35.0, abs=0.3)


@pytest.mark.parametrize(
    ("age", "own", "expected"),
    [
        (None, None, 30),
        (12, None, 30),
        (13, None, 30),
        (14, None, 45),
        (15, 20, 20),
        (16, None, 60),
        (17, 90, 60),
        (18, None, 75),
        (26, None, 75),
    ],
)
def test_the_limit_follows_the_age_and_can_only_be_lowered(
    age: int | None, own: int | None, expected: int
) -> None:
    assert Limits().minutes_at(age, own) == expected


def test_under_18_cycling_stops_at_45_minutes_and_the_tolerance() -> None:
    limits = Limits()
    assert journey(7.6, {BIKE}, False, 60, limits).minutes == 50
    assert journey(7.8, {BIKE}, False, 60, limits).minutes is None
    assert journey(12.0, {BIKE}, True, 75, limits).minutes == 65


def test_the_quickest_of_the_ticked_ways() -> None:
    limits = Limits()
    assert journey(10.0, {BIKE, OV}, True, 75, limits) == (10.0, 50, OV)
    assert journey(10.0, {BIKE}, True, 75, limits) == (10.0, 55, BIKE)
    assert journey(10.0, frozenset(), True, 75, limits) == (10.0, 50, OV)
    assert journey(3.0, {WALK}, True, 75, limits) == (3.0, None, None)


def test_of_equal_ways_the_bike_is_named() -> None:
    assert minutes_by(BIKE, 7.0, is_adult=True) == minutes_by(OV, 7.0, is_adult=True) == 40
    assert journey(7.0, {BIKE, OV}, True, 75, Limits()).mode is BIKE


def test_five_minutes_over_the_limit_are_forgiven_and_not_more() -> None:
    limits = Limits()
    assert journey(5.3, {BIKE}, False, 30, limits).minutes == 35
    assert journey(5.5, {BIKE}, False, 30, limits).minutes is None
    assert journey(5.3, {BIKE}, False, 30, Limits(tolerance_minutes=0)).minutes is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes_adult": -1},
        {"tolerance_minutes": -5},
        {"min_age": 11},
        {"min_age": 20, "max_age": 19},
    ],
)
def test_impossible_limits_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(InvalidProblem):
        Limits(**wrong)


@given(points, points)
def test_the_distance_is_that_of_another_formula_and_the_same_both_ways(one: Place, other: Place) -> None:
    there, back = kilometres(one, other), kilometres(other, one)

    assert there == pytest.approx(oracle.distance(one, other), abs=0.0011)
    assert there == pytest.approx(back, abs=0.0011)


@given(st.lists(points, min_size=1, max_size=4), st.lists(points, min_size=1, max_size=4))
def test_arrays_say_what_single_pairs_say(starts: list[Place], ends: list[Place]) -> None:
    starts, ends = _one_per_code(starts), _one_per_code(ends)
    table = kilometres_between(starts, ends)

    single = np.array([[kilometres(start, end) for end in ends] for start in starts])
    assert np.array_equal(table, single)


@pytest.mark.parametrize("mode", TravelMode)
@given(st.lists(st.integers(0, 300_000), min_size=1))
def test_minutes_in_arrays_are_those_of_single_pairs(mode: TravelMode, metres: list[int]) -> None:
    distances = np.array(metres) / 1000
    for is_adult in (False, True):
        table = minutes_between(mode, distances, is_adult)
        single = [minutes_by(mode, km, is_adult) for km in distances.tolist()]
        assert [None if minutes == BEYOND else minutes for minutes in table.tolist()] == single
        assert all(minutes is None or (minutes % 5 == 0 and math.isfinite(minutes)) for minutes in single)


def _one_per_code(places: list[Place]) -> list[Place]:
    return list({place.pc4: place for place in places}.values())
