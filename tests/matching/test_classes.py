"""A class as one seeker: fair in its wishes, strict in age and travel."""

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import InvalidProblem, Kind, Seeker, Track, TravelMode, class_seeker, suggest
from tests.matching.cast import make_offer, make_problem, make_seeker

BIKE, OV, WALK = TravelMode.BIKE, TravelMode.OV, TravelMode.WALK
wish_lists = st.lists(
    st.lists(st.sampled_from("abcdefgh"), max_size=6, unique=True).map(tuple), min_size=1, max_size=6
)


def make_class(*members: Seeker, seed: int = 7) -> Seeker:
    return class_seeker("2B", "1064", members, seed=seed)


def test_it_works() -> None:
    group = class_seeker(
        "2B",
        "1064",
        [make_seeker(wishes=("cook",)), make_seeker(wishes=("cook", "nurse"))],
        seed=7,
        kinds=[Kind.COMPANY_VISIT],
        until=date(2027, 6, 1),
        weekdays=[3],
    )
    visits = [
        make_offer(
            id="kitchen", kind=Kind.COMPANY_VISIT, tags=frozenset({"cook"}), starts_on=date(2027, 3, 3)
        ),
        make_offer(id="one place", kind=Kind.COMPANY_VISIT, positions=1),
        make_offer(id="placement"),
    ]

    answer = suggest(make_problem(seekers=[group], offers=visits))

    assert [one.offer_id for one in answer.suggestions] == ["kitchen"]
    assert (group.id, group.pc4, group.size) == ("2B", "1064", 2)


def test_wishes_are_counted_by_borda() -> None:
    group = make_class(
        make_seeker(wishes=("cook", "nurse", "baker")),
        make_seeker(wishes=("teacher", "nurse")),
        make_seeker(wishes=("nurse", "cook")),
    )

    assert group.wishes == ("nurse", "cook", "teacher", "baker")


def test_equal_wishes_are_drawn_by_lot() -> None:
    members = [make_seeker(wishes=(wish,)) for wish in ("cook", "nurse", "baker", "teacher")]

    orders = {make_class(*members, seed=seed).wishes for seed in range(20)}

    assert len(orders) > 5
    assert make_class(*members, seed=3) == make_class(*members, seed=3)


@given(wish_lists, st.randoms(use_true_random=False))
def test_the_order_of_members_changes_nothing(wishes: list[tuple[str, ...]], chance: random.Random) -> None:
    members = [make_seeker(id=str(number), wishes=wish) for number, wish in enumerate(wishes)]

    assert make_class(*members) == make_class(*chance.sample(members, len(members)))


@given(wish_lists)
def test_no_wish_outside_the_list_has_more_points(wishes: list[tuple[str, ...]]) -> None:
    points = {
        wish: sum(5 - liked[:5].index(wish) for liked in wishes if wish in liked[:5]) for wish in "abcdefgh"
    }

    kept = make_class(*(make_seeker(wishes=wish) for wish in wishes)).wishes

    assert [points[wish] for wish in kept] == sorted(points.values(), reverse=True)[: len(kept)]
    assert len(kept) == min(5, sum(amount > 0 for amount in points.values()))


def test_the_youngest_decides_on_age() -> None:
    assert make_class(make_seeker(birth=(2011, 6)), make_seeker(birth=(2012, 1))).birth == (2012, 1)
    assert make_class(make_seeker(), make_seeker(birth=None)).birth is None


def test_the_strictest_decides_on_travel() -> None:
    group = make_class(
        make_seeker(modes=frozenset({BIKE, OV}), max_minutes=40), make_seeker(modes=frozenset({BIKE, WALK}))
    )

    assert group.modes == {BIKE}
    assert group.max_minutes == 40
    assert make_class(make_seeker(), make_seeker(modes=frozenset({BIKE}))).modes == {BIKE}


def test_without_a_common_way_the_class_goes_together() -> None:
    group = make_class(make_seeker(modes=frozenset({BIKE})), make_seeker(modes=frozenset({OV})))

    assert group.modes == {OV, WALK}


def test_schooling_counts_when_all_have_the_same() -> None:
    same = make_class(make_seeker(track=Track.BB, year=2), make_seeker(track=Track.BB, year=2))
    mixed = make_class(make_seeker(track=Track.BB), make_seeker(track=Track.KB))

    assert (same.track, same.year) == (Track.BB, 2)
    assert mixed.track is None


def test_talents_of_all_are_talents_of_the_class() -> None:
    group = make_class(make_seeker(tags=frozenset({"cook"})), make_seeker(tags=frozenset({"nurse"})))

    assert group.tags == {"cook", "nurse"}


def test_a_class_without_members_is_refused() -> None:
    with pytest.raises(InvalidProblem):
        make_class()
