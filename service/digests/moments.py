"""When a weekly digest is due: on wall time in Amsterdam, whatever the clock does in spring and autumn."""

from datetime import UTC, date, datetime, time, timedelta

from service.core.clock import AMSTERDAM

A_WEEK = timedelta(days=7)
# On two nights a year this hour does not exist, or exists twice (STACK 3).
NO_HOUR_FOR_THIS = 2


def is_allowed(at: time) -> bool:
    return at.hour != NO_HOUR_FOR_THIS


def next_moment(after: datetime, weekday: int, at: time) -> datetime:
    """The first moment later than `after` on that ISO weekday and wall time."""
    day = after.astimezone(AMSTERDAM).date()
    day += timedelta(days=(weekday - day.isoweekday()) % 7)
    moment = _moment_on(day, at)
    return moment if moment > after else _moment_on(day + A_WEEK, at)


def latest_moment(until: datetime, weekday: int, at: time) -> datetime:
    """The last moment that is not later than `until`."""
    day = next_moment(until, weekday, at).astimezone(AMSTERDAM).date()
    return _moment_on(day - A_WEEK, at)


def week_of(moment: datetime) -> str:
    """The ISO week it is in Amsterdam, as «2026-W53»; the days around New Year belong to one week too."""
    year, week, _day = moment.astimezone(AMSTERDAM).isocalendar()
    return f"{year}-W{week:02}"


def _moment_on(day: date, at: time) -> datetime:
    return datetime.combine(day, at, AMSTERDAM).astimezone(UTC)
