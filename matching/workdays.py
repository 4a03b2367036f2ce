"""A plan of working days, and what school asks in the same time: what the rules on hours are held against.

Guarantee: what cannot be meant is refused. What is not said is taken strictly: a weekday that is no day off
has education, a week outside the holidays is a school week.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise

from matching.errors import Fault, InvalidProblem
from matching.public_holidays import is_day_off

MINUTES_A_DAY = 24 * 60
_FRIDAY = 5
_HOURS_A_DAY = 24
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkDay:
    """One day of work: from when to when, all breaks together, the lessons of that same day.

    An end that is not after the start lies on the next day. `school_frees_day`: the school has given the day
    free for this; only then is a weekday with education a day like any other.
    """

    day: date
    starts_at: time
    ends_at: time
    lesson_hours: float
    break_minutes: int = 0
    school_frees_day: bool = False

    @property
    def start(self) -> int:
        """The minute of the day at which it starts."""
        return minute_of(self.starts_at)

    @property
    def end(self) -> int:
        """The minute at which it ends, counted from the midnight before it starts."""
        end = minute_of(self.ends_at)
        return end if end > self.start else end + MINUTES_A_DAY

    @property
    def minutes(self) -> int:
        """The minutes of work, without breaks."""
        return self.end - self.start - self.break_minutes

    @property
    def started(self) -> datetime:
        """The moment it starts, on the clock on the wall."""
        return datetime.combine(self.day, self.starts_at)

    @property
    def ended(self) -> datetime:
        """The moment it ends."""
        return self.started + timedelta(minutes=self.end - self.start)


@dataclass(frozen=True)
class Schedule:
    """A plan: the days of work, hours of lessons on other days, and the school's holidays.

    `holidays` are the days the school's calendar leaves without education, first and last included; the
    national days off and the weekend need not be named.
    """

    days: tuple[WorkDay, ...]
    other_lessons: Mapping[date, float] = field(default_factory=dict)
    holidays: tuple[tuple[date, date], ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be meant; put the days in order."""
        faults = list(_faults(self))
        if faults:
            raise InvalidProblem(tuple(faults))
        object.__setattr__(self, "days", tuple(sorted(self.days, key=lambda work: work.day)))

    @property
    def first(self) -> date:
        """The first day of work."""
        return self.days[0].day

    @property
    def last(self) -> date:
        """The last day of work."""
        return self.days[-1].day

    @cached_property
    def lesson_hours(self) -> Mapping[date, float]:
        """The hours of lessons of every day that has them."""
        own = {work.day: work.lesson_hours for work in self.days}
        return {day: hours for day, hours in {**self.other_lessons, **own}.items() if hours > 0}

    @cached_property
    def weeks(self) -> Mapping[date, tuple[WorkDay, ...]]:
        """The days of work by the Monday of their week."""
        weeks: dict[date, list[WorkDay]] = {}
        for work in self.days:
            weeks.setdefault(monday_of(work.day), []).append(work)
        return {monday: tuple(days) for monday, days in weeks.items()}

    def has_education(self, day: date) -> bool:
        """Whether school is open for this youth: lessons are known, or it is a weekday that is no day off."""
        if day in self.lesson_hours:
            return True
        if day.isoweekday() > _FRIDAY or is_day_off(day):
            return False
        return not any(first <= day <= last for first, last in self.holidays)

    def is_lesson_day(self, work: WorkDay) -> bool:
        """Whether the limits of a lesson day hold: a freed day without lessons is a day like any other."""
        return work.lesson_hours > 0 or (self.has_education(work.day) and not work.school_frees_day)

    def is_school_week(self, monday: date) -> bool:
        """Whether there is education on any day of the week."""
        return any(self.has_education(monday + step * _DAY) for step in range(7))


def work_days(
    first: date,
    last: date,
    weekdays: Iterable[int],
    starts_at: time,
    ends_at: time,
    *,
    lesson_hours: Mapping[int, float],
    break_minutes: int = 0,
    school_frees_days: bool = False,
) -> tuple[WorkDay, ...]:
    """The same hours on the same weekdays from first to last: one weekday is a ribbon, all are a block.

    `lesson_hours` are those of each weekday (Monday is 1); a weekday that is not named has none. Linear in
    the days.

    >>> ribbon = work_days(date(2027, 3, 1), date(2027, 3, 31), [1], time(9), time(16), lesson_hours={})
    >>> [work.day.day for work in ribbon]
    [1, 8, 15, 22, 29]
    """
    chosen = frozenset(weekdays)
    return tuple(
        WorkDay(
            day,
            starts_at,
            ends_at,
            lesson_hours.get(day.isoweekday(), 0.0),
            break_minutes,
            school_frees_days,
        )
        for step in range((last - first).days + 1)
        if (day := first + step * _DAY).isoweekday() in chosen
    )


def monday_of(day: date) -> date:
    """The Monday of a day's week (ISO 8601)."""
    return day - (day.isoweekday() - 1) * _DAY


def minute_of(moment: time) -> int:
    """The minute of the day."""
    return moment.hour * 60 + moment.minute


def _faults(schedule: Schedule) -> Iterator[Fault]:
    if not schedule.days:
        yield Fault("schedule", "days", "empty")
    days = Counter(work.day for work in schedule.days)
    for work in schedule.days:
        yield from _day_faults(work, is_doubled=days[work.day] > 1)
    for earlier, later in pairwise(sorted(schedule.days, key=lambda work: work.day)):
        if earlier.day < later.day and later.started < earlier.ended:
            yield Fault(later.day.isoformat(), "starts_at", "overlaps")
    for day, hours in schedule.other_lessons.items():
        if day in days:
            yield Fault(day.isoformat(), "other_lessons", "is_a_day_of_work")
        if not 0 <= hours <= _HOURS_A_DAY:
            yield Fault(day.isoformat(), "other_lessons", "impossible")
    for first, last in schedule.holidays:
        if last < first:
            yield Fault(first.isoformat(), "holidays", "end_before_start")


def _day_faults(work: WorkDay, is_doubled: bool) -> Iterator[Fault]:
    name = work.day.isoformat()
    if is_doubled:
        yield Fault(name, "day", "duplicate")
    if work.break_minutes < 0:
        yield Fault(name, "break_minutes", "negative")
    if work.minutes <= 0:
        yield Fault(name, "break_minutes", "longer_than_the_day")
    if not 0 <= work.lesson_hours <= _HOURS_A_DAY:
        yield Fault(name, "lesson_hours", "impossible")
