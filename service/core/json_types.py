"""Days and ids as they come in: JSON has neither, so text stands for them, and nothing else does."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field

from service.core.i18n import _


def _no_number(value: object) -> object:
    """Lax reading would take 0 for the first of January 1970."""
    if isinstance(value, int | float):
        raise ValueError(_("Fill in a date that exists."))  # noqa: TRY004 pydantic collects only ValueError
    return value


FIRST_YEAR, LAST_YEAR = 1990, 2100


def of_this_time(day: date) -> date:
    """Else a year was typed wrongly; and what reckons in weeks, ages or days breaks at the end of time."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(_("Fill in a day between %(first)s and %(last)s.", first=FIRST_YEAR, last=LAST_YEAR))
    return day


Day = Annotated[date, Field(strict=False), BeforeValidator(_no_number), AfterValidator(of_this_time)]
Id = Annotated[UUID, Field(strict=False)]
