"""The national days without education, which the law on school placements names: exact, constant time.

Source: DOMAIN 2.4, A-13; Easter by the anonymous Gregorian rule. Holidays of schools are no law and are given
by the school.
"""

from datetime import date, timedelta
from functools import lru_cache

_SUNDAY = 7


@lru_cache(maxsize=256)
def days_off(year: int) -> dict[date, str]:
    """The national days without education of a year, each with its name as a code.

    >>> [f"{day:%d-%m} {name}" for day, name in days_off(2027).items()][1:4]
    ['29-03 easter_monday', '27-04 kings_day', '05-05 liberation_day']
    >>> min(day for day, name in days_off(2025).items() if name == "kings_day")
    datetime.date(2025, 4, 26)
    """
    easter = _easter(year)
    kings_day = date(year, 4, 27)
    named = (
        (date(year, 1, 1), "new_year"),
        (easter + timedelta(days=1), "easter_monday"),
        (kings_day - timedelta(days=kings_day.isoweekday() == _SUNDAY), "kings_day"),
        (date(year, 5, 5), "liberation_day"),
        (easter + timedelta(days=39), "ascension_day"),
        (easter + timedelta(days=50), "whit_monday"),
        (date(year, 12, 25), "christmas_day"),
        (date(year, 12, 26), "boxing_day"),
    )
    # Ascension Day can fall on 5 May; the day then keeps its first name.
    found: dict[date, str] = {}
    for day, name in named:
        found.setdefault(day, name)
    return found


def is_day_off(day: date) -> bool:
    """Whether it is one of the national days without education.

    >>> is_day_off(date(2027, 3, 29)), is_day_off(date(2027, 3, 28))
    (True, False)
    """
    return day in days_off(day.year)


def _easter(year: int) -> date:
    golden = year % 19
    century, rest = divmod(year, 100)
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)
