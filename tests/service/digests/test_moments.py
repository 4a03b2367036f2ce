"""When a digest is due: on wall time, also on the nights when the clock changes and around New Year."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.clock import AMSTERDAM
from service.digests.models import Rhythm
from service.digests.moments import Plan, is_allowed, latest_moment, next_moment, week_of

HALF_PAST_SEVEN = time(7, 30)


def amsterdam(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=AMSTERDAM)


def weekly(weekday: int, at: time = HALF_PAST_SEVEN) -> Plan:
    return Plan(Rhythm.WEEKLY, weekday, at)


def next_on(after: datetime, weekday: int, at: time = HALF_PAST_SEVEN) -> datetime:
    return next_moment(after, weekly(weekday, at)).astimezone(AMSTERDAM)


def test_it_works() -> None:
    sunday = amsterdam(2027, 1, 10, 12)
    assert next_on(sunday, weekday=1) == amsterdam(2027, 1, 11, 7, 30)
    assert next_on(sunday, weekday=5) == amsterdam(2027, 1, 15, 7, 30)
    assert week_of(next_on(sunday, weekday=1)) == "2027-W02"


def test_the_moment_itself_is_over() -> None:
    moment = amsterdam(2027, 1, 11, 7, 30)
    assert next_on(moment, weekday=1) == amsterdam(2027, 1, 18, 7, 30)
    assert next_on(moment - timedelta(seconds=1), weekday=1) == moment
    assert latest_moment(moment, weekly(1)) == moment


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
    before = next_moment(week_before - timedelta(hours=1), weekly(7))
    after = next_moment(before, weekly(7))
    assert (before.hour, after.hour) == utc_hours
    assert after.astimezone(AMSTERDAM) == changes_on


@pytest.mark.parametrize("day", [(2027, 3, 28), (2027, 10, 31)], ids=["spring", "autumn"])
def test_each_night_has_one_moment_around_the_lost_hour(day: tuple[int, int, int]) -> None:
    for at in (time(1, 59), time(3, 0)):
        first = next_moment(amsterdam(*day), weekly(7, at))
        assert first.astimezone(AMSTERDAM) == datetime.combine(amsterdam(*day), at, AMSTERDAM)
        assert next_moment(first, weekly(7, at)).astimezone(AMSTERDAM).date() > amsterdam(*day).date()


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
    moment = next_moment(after, weekly(weekday, at))
    here = moment.astimezone(AMSTERDAM)
    assert (here.isoweekday(), here.time()) == (weekday, at)
    assert after < moment <= after + timedelta(days=7, hours=1)
    following = next_moment(moment, weekly(weekday, at))
    assert following.astimezone(AMSTERDAM).date() - here.date() == timedelta(days=7)
    assert week_of(following) != week_of(moment)
    assert latest_moment(moment, weekly(weekday, at)) == moment
    assert latest_moment(following - timedelta(seconds=1), weekly(weekday, at)) == moment


def test_daily_is_every_working_day() -> None:
    daily = Plan(Rhythm.DAILY)
    friday = amsterdam(2027, 1, 15, 7, 30)
    assert next_moment(friday, daily) == amsterdam(2027, 1, 18, 7, 30)
    assert next_moment(friday - timedelta(days=1), daily) == friday
    assert latest_moment(amsterdam(2027, 1, 17, 12), daily) == friday
    assert daily.period_of(friday) == "2027-01-15"


def test_fortnights_go_on_through_week_53() -> None:
    plan = Plan(Rhythm.FORTNIGHTLY)
    moment = next_moment(amsterdam(2026, 11, 30), plan)
    weeks = []
    for _ in range(5):
        weeks.append(plan.period_of(moment))
        following = next_moment(moment, plan)
        days = [one.astimezone(AMSTERDAM).date() for one in (moment, following)]
        assert days[1] - days[0] == timedelta(days=14)
        moment = following
    assert weeks == ["2026-W50", "2026-W52", "2027-W01", "2027-W03", "2027-W05"]


def test_monthly_is_that_day_in_the_first_week() -> None:
    plan = Plan(Rhythm.MONTHLY, weekday=4)
    moment = next_moment(amsterdam(2026, 12, 31), plan)
    found = []
    for _ in range(4):
        found.append((str(moment.astimezone(AMSTERDAM)), plan.period_of(moment)))
        moment = next_moment(moment, plan)
    assert found == [
        ("2027-01-07 07:30:00+01:00", "2027-01"),
        ("2027-02-04 07:30:00+01:00", "2027-02"),
        ("2027-03-04 07:30:00+01:00", "2027-03"),
        ("2027-04-01 07:30:00+02:00", "2027-04"),
    ]


@given(
    minutes=st.integers(0, 3 * 366 * 24 * 60),
    rhythm=st.sampled_from(Rhythm),
    weekday=st.integers(1, 7),
    at=st.sampled_from([time(0, 0), time(1, 59), time(3, 0), time(7, 30), time(23, 59)]),
)
def test_every_period_has_at_most_one_moment(minutes: int, rhythm: Rhythm, weekday: int, at: time) -> None:
    plan = Plan(rhythm, weekday, at)
    after = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    first = next_moment(after, plan)
    second = next_moment(first, plan)
    assert after < first < second
    assert plan.period_of(first) != plan.period_of(second)
    assert latest_moment(first, plan) == latest_moment(second - timedelta(seconds=1), plan) == first
    assert first.astimezone(AMSTERDAM).time() == at
