"""When a digest is due: on wall time in Amsterdam, whatever the clock does in spring and autumn."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from service.calendars.free_days import FreeDays
from service.core.clock import AMSTERDAM
from service.digests.models import WEEKLY_AT, Rhythm

A_DAY = timedelta(days=1)
# On two nights a year this hour does not exist, or exists twice (STACK 3).
NO_HOUR_FOR_THIS = 2
FRIDAY, A_WEEK = 5, 7
LONGEST_GAP = 40
"""Days: from the first Monday of a month to that of the next."""
MOST_QUIET = 370
"""Moments in a row that fall on free days; a school has no year without education."""


def is_allowed(at: time) -> bool:
    return at.hour != NO_HOUR_FOR_THIS


@dataclass(frozen=True, slots=True)
class Plan:
    """On which days, and at what time on the wall."""

    rhythm: Rhythm = Rhythm.WEEKLY
    weekday: int = 1
    at: time = WEEKLY_AT

    def falls_on(self, day: date) -> bool:
        """Daily is Monday to Friday; monthly is that weekday in the first week."""
        if self.rhythm is Rhythm.DAILY:
            return day.isoweekday() <= FRIDAY
        if day.isoweekday() != self.weekday:
            return False
        if self.rhythm is Rhythm.FORTNIGHTLY:
            return _begins_fortnight(day)
        return self.rhythm is Rhythm.WEEKLY or day.day <= A_WEEK

    def period_of(self, moment: datetime) -> str:
        """What is told at most once: the day, the week, the two weeks or the month it is in Amsterdam."""
        day = _day_of(moment)
        if self.rhythm is Rhythm.DAILY:
            return day.isoformat()
        if self.rhythm is Rhythm.MONTHLY:
            return f"{day:%Y-%m}"
        if self.rhythm is Rhythm.FORTNIGHTLY and not _begins_fortnight(day):
            # Two weeks bear the name of the first.
            return _week_of(day - timedelta(days=A_WEEK))
        return _week_of(day)


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
    return _week_of(_day_of(moment))


def back_in_period(moment: datetime, plan: Plan, free: FreeDays) -> datetime | None:
    """After a moment on a free day: the first school day, when that is still in the same period."""
    back_at = moment_on(free.next_school_day(_day_of(moment)), plan.at)
    return back_at if plan.period_of(back_at) == plan.period_of(moment) else None


def is_quiet(moment: datetime, free: FreeDays) -> bool:
    """Only holidays and days off: who chose a Saturday is told on Saturdays."""
    return free.name_on(_day_of(moment)) is not None


def comes_at(due_at: datetime, plan: Plan, free: FreeDays) -> datetime:
    """When what is due then really comes: past the free days, in the way the job goes past them."""
    moment = due_at
    for _number in range(MOST_QUIET):
        if not is_quiet(moment, free):
            return moment
        moment = back_in_period(moment, plan, free) or next_moment(moment, plan)
    return moment


def _week_of(day: date) -> str:
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02}"


def _begins_fortnight(day: date) -> bool:
    """Weeks are counted through, so that a week 53 breaks nothing."""
    return (day.toordinal() - 1) // A_WEEK % 2 == 0


def _moments(first: date, step: timedelta, plan: Plan) -> Iterator[datetime]:
    for number in range(LONGEST_GAP + 1):
        day = first + number * step
        if plan.falls_on(day):
            yield moment_on(day, plan.at)


def _day_of(moment: datetime) -> date:
    return moment.astimezone(AMSTERDAM).date()
