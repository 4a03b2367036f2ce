"""A stretch of days without education, of a region or of one school."""

from datetime import date
from uuid import UUID

from sqlmodel import CheckConstraint, Field

from service.core.db import Table, choice
from service.organisations.models import HolidayRegion


class FreePeriod(Table, table=True):
    __tablename__ = "free_period"
    __table_args__ = (
        CheckConstraint("(region IS NULL) <> (school_id IS NULL)", name="of_a_region_or_of_a_school"),
        CheckConstraint("starts_on <= ends_on", name="days_in_order"),
    )

    region: HolidayRegion | None = Field(default=None, sa_type=choice(HolidayRegion), index=True)
    school_id: UUID | None = Field(
        default=None, foreign_key="organisation.id", index=True, ondelete="CASCADE"
    )
    name: str = Field(max_length=80)
    starts_on: date
    ends_on: date
    """The last day itself is free too."""
