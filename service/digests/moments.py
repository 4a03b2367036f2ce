"""When a digest is due: on wall time in Amsterdam, whatever the clock does in spring and autumn."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from service.core.clock import AMSTERDAM
from service.digests.models import WEEKLY_AT, Rhythm

A_DAY = timedelta(days=1)
# On two nights a year this hour does not exist, or exists twice (STACK 3).
NO_HOUR_FOR_THIS = 2
FRIDAY, A_WEEK = 5, 7
LONGEST_GAP = 40
"""Days: from the first Monday of a month to that of the next."""


def is_allowed(at: time) -> bool:
    return at.hour != NO_HOUR_FOR_THIS


@dataclass(frozen=True, slots=True)
class Plan:
    """On which days, and at what time on the wall."""

    rhythm: Rhythm = Rhythm.WEEKLY
    weekday: int = 1
    at: time = WEEKLY_AT

    def falls_on(self, day: date) -> bool:
        """Daily is Monday to Friday; fortnightly in weeks counted through, so that week 53 breaks nothing."""
        if self.rhythm is Rhythm.DAILY:
            return day.isoweekday() <= FRIDAY
        if day.isoweekday() != self.weekday:
            return False
        if self.rhythm is Rhythm.FORTNIGHTLY:
            return (day.toordinal() - 1) // A_WEEK % 2 == 0
        return self.rhythm is Rhythm.WEEKLY or day.day <= A_WEEK

    def period_of(self, moment: datetime) -> str:
        """What is told at most once: the day, the week or the month it is in Amsterdam."""
        if self.rhythm is Rhythm.DAILY:
            return _day_of(moment).isoformat()
        if self.rhythm is Rhythm.MONTHLY:
            return f"{_day_of(moment):%Y-%m}"
        return week_of(moment)


def next_moment(after: datetime, plan: Plan) -> datetime:
    """The first moment of the plan that is later than `after`."""
    moments = _moments(_day_of(after), A_DAY, plan)
    return next(moment for moment in moments if moment > after)


def latest_moment(until: datetime, plan: Plan) -> datetime:
    """The last moment of the plan that is not later than `until`."""
    moments = _moments(_day_of(until), -A_DAY, plan)
    return next(moment for moment in moments if moment <= until)


def moment_on(day: date, at: time) -> datetime:
    return datetime.combine(day, at, AMSTERDAM).astimezone(UTC)


def week_of(moment: datetime) -> str:
    """The ISO week it is in Amsterdam, as «2026-W53»; the days around New Year belong to one week too."""
    year, week, _day = _day_of(moment).isocalendar()
    return f"{year}-W{week:02}"


def _moments(first: date, step: timedelta, plan: Plan) -> Iterator[datetime]:
    for number in range(LONGEST_GAP + 1):
        day = first + number * step
        if plan.falls_on(day):
            yield moment_on(day, plan.at)


def _day_of(moment: datetime) -> date:
    return moment.astimezone(AMSTERDAM).date()
