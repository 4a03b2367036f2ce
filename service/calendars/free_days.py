"""Which days are free: national days off, and the school's own list or else that of its region."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from service.calendars.engine import national_day_off
from service.calendars.models import FreePeriod

A_DAY = timedelta(days=1)
LONGEST_LOOK = 120
"""No holiday lasts longer than this many days."""
AUGUST, FRIDAY = 8, 5


def school_year_of(day: date) -> int:
    """The year in which the school year of this day began; it begins on 1 August."""
    return day.year if day.month >= AUGUST else day.year - 1


class Stretch(Protocol):
    """Days on end, the last one included."""

    @property
    def starts_on(self) -> date: ...

    @property
    def ends_on(self) -> date: ...


@dataclass(frozen=True, slots=True)
class FreeDays:
    """The school's own list wins: in a school year with one, that of the region does not count."""

    own: tuple[FreePeriod, ...] = ()
    of_region: tuple[FreePeriod, ...] = ()

    def name_on(self, day: date) -> str | None:
        """Why there is no education on a weekday: the name of the holiday, or the code of a day off."""
        has_own = any(touches_school_year(period, school_year_of(day)) for period in self.own)
        for period in self.own if has_own else self.of_region:
            if period.starts_on <= day <= period.ends_on:
                return period.name
        return national_day_off(day)

    def is_free(self, day: date) -> bool:
        return day.isoweekday() > FRIDAY or self.name_on(day) is not None

    def next_school_day(self, day: date) -> date:
        """This day or the first after it with education."""
        for step in range(LONGEST_LOOK):
            if not self.is_free(day + step * A_DAY):
                return day + step * A_DAY
        return day


def touches_school_year(period: Stretch, year: int) -> bool:
    return school_year_of(period.starts_on) <= year <= school_year_of(period.ends_on)


def school_years(periods: Iterable[Stretch]) -> set[int]:
    """Every school year of which these lists say something."""
    return {
        year
        for period in periods
        for year in range(school_year_of(period.starts_on), school_year_of(period.ends_on) + 1)
    }
