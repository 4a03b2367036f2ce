"""When a digest is due: on wall time, also on the nights when the clock changes and around New Year."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.clock import AMSTERDAM
from service.digests.moments import is_allowed, latest_moment, next_moment, week_of

HALF_PAST_SEVEN = time(7, 30)


def amsterdam(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=AMSTERDAM)


def next_on(after: datetime, weekday: int, at: time = HALF_PAST_SEVEN) -> datetime:
    return next_moment(after, weekday, at).astimezone(AMSTERDAM)


def test_it_works() -> None:
    sunday = amsterdam(2027, 1, 10, 12)
    assert next_on(sunday, weekday=1) == amsterdam(2027, 1, 11, 7, 30)
    assert next_on(sunday, weekday=5) == amsterdam(2027, 1, 15, 7, 30)
    assert week_of(next_on(sunday, weekday=1)) == "2027-W02"


def test_the_moment_itself_is_over() -> None:
    moment = amsterdam(2027, 1, 11, 7, 30)
    assert next_on(moment, weekday=1) == amsterdam(2027, 1, 18, 7, 30)
    assert next_on(moment - timedelta(seconds=1), weekday=1) == moment
    assert latest_moment(moment, 1, HALF_PAST_SEVEN) == moment


@pytest.mark.parametrize(
    ("day", "utc_hours"),
    [((2027, 3, 28), (6, 5)), ((2027, 10, 31), (5, 6))],
    ids=["spring", "autumn"],
)
def test_it_stays_half_past_seven_when_the_clock_changes(
    day: tuple[int, int, int], utc_hours: tuple[int, int]
) -> None:
    changes_on = amsterdam(*day, 7, 30)
    week_before = changes_on - timedelta(days=7)
    before = next_moment(week_before - timedelta(hours=1), 7, HALF_PAST_SEVEN)
    after = next_moment(before, 7, HALF_PAST_SEVEN)
    assert (before.hour, after.hour) == utc_hours
    assert after.astimezone(AMSTERDAM) == changes_on


@pytest.mark.parametrize("day", [(2027, 3, 28), (2027, 10, 31)], ids=["spring", "autumn"])
def test_each_night_has_one_moment_around_the_lost_hour(day: tuple[int, int, int]) -> None:
    for at in (time(1, 59), time(3, 0)):
        first = next_moment(amsterdam(*day), 7, at)
        assert first.astimezone(AMSTERDAM) == datetime.combine(amsterdam(*day), at, AMSTERDAM)
        assert next_moment(first, 7, at).astimezone(AMSTERDAM).date() > amsterdam(*day).date()


def test_the_hour_that_may_be_lost_is_not_allowed() -> None:
    assert [hour for hour in range(24) if not is_allowed(time(hour, 30))] == [2]
    assert is_allowed(time(1, 59))
    assert is_allowed(time(3, 0))


def test_the_long_year_has_a_week_53() -> None:
    assert week_of(amsterdam(2026, 12, 28, 7, 30)) == "2026-W53"
    assert week_of(amsterdam(2027, 1, 1, 7, 30)) == "2026-W53"
    assert week_of(amsterdam(2027, 1, 3, 23, 59)) == "2026-W53"
    assert week_of(amsterdam(2027, 1, 4, 0, 0)) == "2027-W01"


def test_the_end_of_the_year_is_one_week() -> None:
    assert week_of(amsterdam(2024, 12, 31)) == week_of(amsterdam(2025, 1, 1)) == "2025-W01"


def test_the_week_is_that_of_amsterdam() -> None:
    assert week_of(datetime(2027, 1, 10, 23, 30, tzinfo=UTC)) == "2027-W02"
    assert week_of(datetime(2027, 1, 10, 22, 30, tzinfo=UTC)) == "2027-W01"


@given(
    minutes=st.integers(0, 5 * 366 * 24 * 60),
    weekday=st.integers(1, 7),
    at=st.times().filter(is_allowed).map(lambda moment: moment.replace(second=0, microsecond=0)),
)
def test_every_week_has_exactly_one(minutes: int, weekday: int, at: time) -> None:
    after = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    moment = next_moment(after, weekday, at)
    here = moment.astimezone(AMSTERDAM)
    assert (here.isoweekday(), here.time()) == (weekday, at)
    assert after < moment <= after + timedelta(days=7, hours=1)
    following = next_moment(moment, weekday, at)
    assert following.astimezone(AMSTERDAM).date() - here.date() == timedelta(days=7)
    assert week_of(following) != week_of(moment)
    assert latest_moment(moment, weekday, at) == moment
    assert latest_moment(following - timedelta(seconds=1), weekday, at) == moment
