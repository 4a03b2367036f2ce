"""Month of birth: read as people and spreadsheets write it, kept without a day, checked against ages."""

import re
from dataclasses import dataclass
from datetime import date

from service.core.i18n import Message, _
from service.programmes.models import Programme
from service.youth.models import age_on

YEAR_FIRST = re.compile(r"(\d{4})[-/. ]?(\d{1,2})(?:[-/. ](\d{1,2}))?")
YEAR_LAST = re.compile(r"(?:(\d{1,2})[-/. ])?(\d{1,2})[-/. ](\d{4})")
EARLIEST_YEAR = 1900
DEFAULT_AGES = (12, 26)

NOT_A_MONTH = _("Write year and month of birth as 2011-06.")
NO_SUCH_MONTH = _("There is no month %(month)s. Write year and month of birth as 2011-06.")
NO_SUCH_YEAR = _("The year %(year)s cannot be right. Write year and month of birth as 2011-06.")


def read_birth(written: str) -> tuple[int, int]:
    """Year and month, or ValueError(Message); a day is dropped at once, for it is never kept (DOMAIN 3)."""
    text = written.strip()
    if found := YEAR_FIRST.fullmatch(text):
        year, month = int(found[1]), int(found[2])
    elif found := YEAR_LAST.fullmatch(text):
        year, month = int(found[3]), int(found[2])
    else:
        raise ValueError(NOT_A_MONTH)
    if not 1 <= month <= 12:
        raise ValueError(Message(NO_SUCH_MONTH.source, month=month))
    if year < EARLIEST_YEAR:
        raise ValueError(Message(NO_SUCH_YEAR.source, year=year))
    return year, month


@dataclass(frozen=True, slots=True)
class Ages:
    """Who a programme is for: whoever has one of these ages on some day between the two."""

    lowest: int
    highest: int
    first_day: date
    last_day: date

    @classmethod
    def of(cls, programme: Programme | None, today: date) -> "Ages":
        if programme is None:
            return cls(*DEFAULT_AGES, today, today)
        return cls(programme.lowest_age, programme.highest_age, programme.starts_on, programme.ends_on)

    def fault(self, birth_year: int, birth_month: int) -> Message | None:
        """Why not, with the age that was found."""
        oldest = age_on(birth_year, birth_month, self.last_day)
        youngest = age_on(birth_year, birth_month, self.first_day)
        if oldest < self.lowest or youngest > self.highest:
            return _(
                "Somebody born then is %(age)s years old. This is for ages %(lowest)s to %(highest)s.",
                age=oldest if oldest < self.lowest else youngest,
                lowest=self.lowest,
                highest=self.highest,
            )
        return None
