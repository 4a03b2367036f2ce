"""Working days: no weekend and no national day off, so that nobody is reminded while nobody works."""

from datetime import date, timedelta

from service.placements.engine import is_off

FRIDAY = 5
A_DAY = timedelta(days=1)


def is_working_day(day: date) -> bool:
    return day.isoweekday() <= FRIDAY and not is_off(day)


def add_working_days(day: date, number: int) -> date:
    """The day that comes so many working days later.

    >>> add_working_days(date(2027, 3, 25), 3)  # over Easter
    datetime.date(2027, 3, 31)
    """
    while number > 0:
        day += A_DAY
        number -= is_working_day(day)
    return day


def working_days_between(first: date, last: date) -> int:
    """How many working days came after the first, up to and including the last."""
    return sum(is_working_day(first + step * A_DAY) for step in range(1, (last - first).days + 1))
