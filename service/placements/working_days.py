"""Working days of whoever is asked, so that nobody is reminded or given up while nobody works there.

A school works when it has education: its own list of free days counts, or else that of its region. For a
host only weekends and the national days off are free.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from service.calendars.free_days import FreeDays

A_DAY = timedelta(days=1)
LONGEST_WAIT = 240
"""In days: sixty to answer, and the holidays of most of a year."""


def add_working_days(free: FreeDays, day: date, number: int) -> date:
    """The day that comes so many working days later.

    >>> add_working_days(FreeDays(), date(2027, 3, 25), 3)  # over Easter
    datetime.date(2027, 3, 31)
    """
    for later in _after(day):
        number -= not free.is_free(later)
        if number <= 0:
            return later
    return later


def end_of_waiting(free: FreeDays, day: date, number: int) -> date:
    """So many days later: holidays and days off do not count, and it never ends on a day that is free.

    >>> end_of_waiting(FreeDays(), date(2027, 3, 25), 4)  # over Easter, to the Tuesday after it
    datetime.date(2027, 3, 30)
    """
    for later in _after(day):
        number -= free.name_on(later) is None
        if number <= 0 and not free.is_free(later):
            return later
    return later


def _after(day: date) -> Iterator[date]:
    """An end there is, whatever somebody has put into his list of free days."""
    return (day + step * A_DAY for step in range(1, LONGEST_WAIT + 1))
