"""Which days are free: national ones, the school's own, and what it does not replace of its region."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from service.calendars.engine import national_day_off
from service.calendars.models import FreePeriod

A_DAY = timedelta(days=1)
LONGEST_LOOK = 120
"""No holiday lasts longer than this many days."""
HOLIDAY_DAYS = 3
"""From so many days of education on, weekends not counted, a stretch is a holiday and no study day."""
SAME_HOLIDAY = timedelta(days=14)
"""A holiday of the school's own so near to one of its region is the same one at another time."""
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
    """A holiday of the region holds unless the school has its own in its place; its other days add."""

    own: tuple[FreePeriod, ...] = ()
    of_region: tuple[FreePeriod, ...] = ()

    def name_on(self, day: date) -> str | None:
        """Why there is no education on a weekday: the name of the holiday, or the code of a day off."""
        for period in self.own:
            if period.starts_on <= day <= period.ends_on:
                return period.name
        for period in self.of_region:
            if period.starts_on <= day <= period.ends_on and self.replaced_by(period) is None:
                return period.name
        return national_day_off(day)

    def replaced_by(self, of_region: Stretch) -> FreePeriod | None:
        """The holiday of the school's own that stands in the place of this one."""
        return next(
            (
                period
                for period in self.own
                if period.starts_on <= of_region.ends_on + SAME_HOLIDAY
                and period.ends_on >= of_region.starts_on - SAME_HOLIDAY
                and _is_holiday(period)
            ),
            None,
        )

    def is_free(self, day: date) -> bool:
        return day.isoweekday() > FRIDAY or self.name_on(day) is not None

    def next_school_day(self, day: date) -> date:
        """This day or the first after it with education."""
        for step in range(LONGEST_LOOK):
            if not self.is_free(day + step * A_DAY):
                return day + step * A_DAY
        return day


def _is_holiday(period: Stretch) -> bool:
    days = (period.ends_on - period.starts_on).days + 1
    weekdays = ((period.starts_on + step * A_DAY).isoweekday() for step in range(days))
    return sum(weekday <= FRIDAY for weekday in weekdays) >= HOLIDAY_DAYS


def touches_school_year(period: Stretch, year: int) -> bool:
    return school_year_of(period.starts_on) <= year <= school_year_of(period.ends_on)


def school_years(periods: Iterable[Stretch]) -> set[int]:
    """Every school year of which these lists say something."""
    return {
        year
        for period in periods
        for year in range(school_year_of(period.starts_on), school_year_of(period.ends_on) + 1)
    }
