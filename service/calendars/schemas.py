"""Which list of free days is meant, and what is added to it."""

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from service.calendars.reading import (
    BAD_DAY,
    LARGEST_BYTES,
    LONGEST_DAYS,
    LONGEST_NAME,
    TOO_LONG,
    WRONG_ORDER,
    is_of_this_time,
)
from service.core.i18n import _
from service.organisations.models import HolidayRegion


class ListInput(BaseModel):
    """The list of a region, or of a school: one of the two."""

    model_config = ConfigDict(extra="forbid")

    region: HolidayRegion | None = None
    school_id: UUID | None = None

    @model_validator(mode="after")
    def is_of_one(self) -> Self:
        if (self.region is None) == (self.school_id is None):
            raise ValueError(_("Choose a region or a school."))
        return self


class ImportInput(ListInput):
    """A file, or its text pasted."""

    rows: str = Field(default="", max_length=LARGEST_BYTES)
    agreed: str = Field(default="", max_length=64)
    """Proof of what goes out of the list, once somebody has seen it."""


class PeriodInput(ListInput):
    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    starts_on: date
    ends_on: date | None = None

    @model_validator(mode="after")
    def is_a_stretch(self) -> Self:
        last = self.ends_on or self.starts_on
        if not is_of_this_time(self.starts_on):
            raise ValueError(BAD_DAY)
        if last < self.starts_on:
            raise ValueError(WRONG_ORDER)
        if (last - self.starts_on).days >= LONGEST_DAYS:
            raise ValueError(TOO_LONG)
        return self
