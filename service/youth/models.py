"""Classes and youths: as little as matching needs, and never what DOMAIN 3 forbids."""

from calendar import monthrange
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import CheckConstraint, Field, UniqueConstraint

from service.core.db import JsonList, Table, UtcDateTime, choice


class YouthStatus(StrEnum):
    INVITED = "invited"
    ACTIVE = "active"
    LEFT = "left"


class SchoolClass(Table, table=True):
    __tablename__ = "school_class"
    __table_args__ = (UniqueConstraint("school_id", "school_year", "name"),)

    school_id: UUID = Field(foreign_key="organisation.id", index=True, ondelete="CASCADE")
    programme_id: UUID | None = Field(
        default=None, foreign_key="programme.id", index=True, ondelete="SET NULL"
    )
    name: str = Field(max_length=40)
    school_year: str = Field(max_length=9)
    code: str = Field(unique=True, max_length=12)
    """What youths type to get in, together with their personal code."""


class Youth(Table, table=True):
    __table_args__ = (
        UniqueConstraint("school_id", "external_id"),
        CheckConstraint("birth_month BETWEEN 1 AND 12", name="birth_month_exists"),
    )

    school_id: UUID = Field(foreign_key="organisation.id", index=True, ondelete="CASCADE")
    class_id: UUID = Field(foreign_key="school_class.id", index=True, ondelete="CASCADE")
    external_id: str = Field(max_length=40)
    """The number the school uses; no national number."""
    first_name: str = Field(max_length=60)
    birth_year: int
    birth_month: int
    status: YouthStatus = Field(default=YouthStatus.INVITED, sa_type=choice(YouthStatus), index=True)
    code_version: int = 1
    """Raised to make the printed personal code void; the code itself is derived, never stored."""
    pc4: str | None = Field(default=None, foreign_key="postcode.pc4", max_length=4)
    track: str | None = Field(default=None, max_length=4)
    profile: str | None = Field(default=None, max_length=20)
    crebo: str | None = Field(default=None, max_length=5)
    level: int | None = None
    year: int | None = None
    modes: list[str] = Field(default_factory=list, sa_type=JsonList)
    max_minutes: int | None = None
    wishes: list[str] = Field(default_factory=list, sa_type=JsonList)
    """Codes of words or sectors, the dearest first."""
    dislikes: list[str] = Field(default_factory=list, sa_type=JsonList)
    """Codes of what the youth would rather not do: for who helps to choose, never a rule, never scored."""
    dream_job: str = Field(default="", max_length=200)
    """In the youth's own words; never used to score."""
    tags: list[str] = Field(default_factory=list, sa_type=JsonList)
    kinds: list[str] = Field(default_factory=list, sa_type=JsonList)
    weekdays: list[int] = Field(default_factory=list, sa_type=JsonList)
    """ISO weekdays on which the youth can come; empty means every weekday."""
    available_from: date | None = None
    available_until: date | None = None
    profile_done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    updated_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When an answer last became another one: what was worked out before is of the answers before."""

    @property
    def birth(self) -> str:
        """As «2011-06»."""
        return f"{self.birth_year}-{self.birth_month:02}"

    @property
    def is_done(self) -> bool:
        return self.profile_done_at is not None


def age_on(birth_year: int, birth_month: int, day: date) -> int:
    """Only the month is known: the birthday counts as its last day (DOMAIN 2.5)."""
    last_day = monthrange(day.year, birth_month)[1]
    had_birthday = (day.month, day.day) >= (birth_month, last_day)
    return day.year - birth_year - (0 if had_birthday else 1)
