"""How old somebody is on a day when only year and month of birth are known.

The birthday is taken to be the last day of the month, so until then the younger age holds. Source: DOMAIN
2.5.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple


class Stretch(NamedTuple):
    """Days on which an age does not change, both ends included."""

    age: int
    first: date
    last: date


def birthday(birth: tuple[int, int], age: int) -> date:
    """The day on which an age is reached.

    >>> birthday((2011, 3), 16)
    datetime.date(2027, 3, 31)
    """
    year = birth[0] + age
    return date(year, birth[1], monthrange(year, birth[1])[1])


def age_on(birth: tuple[int, int], day: date) -> int:
    """The age on a day.

    >>> age_on((2011, 3), date(2027, 3, 30)), age_on((2011, 3), date(2027, 3, 31))
    (15, 16)
    """
    age = day.year - birth[0]
    return age if day >= birthday(birth, age) else age - 1


def stretches(birth: tuple[int, int], first: date, last: date) -> Iterator[Stretch]:
    """The days from first to last, cut at the birthdays."""
    start = first
    while start <= last:
        age = age_on(birth, start)
        end = min(last, birthday(birth, age + 1) - timedelta(days=1))
        yield Stretch(age, start, end)
        start = end + timedelta(days=1)
