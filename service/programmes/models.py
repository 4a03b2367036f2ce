"""A programme: a season in a region, with the rules that hold there."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlmodel import CheckConstraint, Field

from service.core.db import JsonList, JsonObject, Table, choice


class ProgrammeStatus(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    MATCHING = "matching"
    RUNNING = "running"
    CLOSED = "closed"


class VogPolicy(StrEnum):
    NONE = "none"
    SELF_DECLARED = "self_declared"
    SEEN = "seen"


class Programme(Table, table=True):
    __table_args__ = (
        CheckConstraint(
            "sector_weight >= 0 AND location_weight >= 0 AND talent_weight >= 0", name="weights_not_negative"
        ),
        CheckConstraint("lowest_age <= highest_age", name="ages_in_order"),
    )

    slug: str = Field(unique=True, max_length=60)
    name: str = Field(max_length=120)
    region: str = Field(max_length=120)
    school_year: str = Field(max_length=9)
    """As «2026-2027»."""
    status: ProgrammeStatus = Field(
        default=ProgrammeStatus.DRAFT, sa_type=choice(ProgrammeStatus), index=True
    )
    kinds: list[str] = Field(default_factory=list, sa_type=JsonList)
    starts_on: date
    ends_on: date
    wishes_close_on: date | None = None
    sector_weight: float = 0.45
    location_weight: float = 0.25
    talent_weight: float = 0.30
    suggestions_each: int = Field(default=5, ge=1)
    lowest_age: int = 12
    highest_age: int = 26
    travel_limits: dict[str, int] = Field(default_factory=dict, sa_type=JsonObject)
    """Minutes one way by age band; empty means the defaults of the engine."""
    vog_policy: VogPolicy = Field(default=VogPolicy.NONE, sa_type=choice(VogPolicy))
    cap_per_host: int | None = Field(default=None, ge=0)
    lottery_seed: int = 0
    """Published before the run, so that nobody can say a tie was decided for somebody."""
    answer_days: int = Field(default=15, ge=1)
    """After so many days of silence a placement expires."""


class ProgrammeSchool(Table, table=True):
    __tablename__ = "programme_school"

    programme_id: UUID = Field(foreign_key="programme.id", index=True, ondelete="CASCADE")
    school_id: UUID = Field(foreign_key="organisation.id", index=True, ondelete="CASCADE")
