"""Offers: what a host gives, when, to whom it suits, and how many positions are left."""

from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from sqlmodel import CheckConstraint, Field, UniqueConstraint

from service.core.db import JsonList, JsonObject, Table, UtcDateTime, choice


class OfferStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    PAUSED = "paused"
    FULL = "full"
    CLOSED = "closed"


class Accessibility(StrEnum):
    """What a place has; youths look for it, nobody says anything about himself."""

    STEP_FREE = "step_free"
    LIFT = "lift"
    ACCESSIBLE_TOILET = "accessible_toilet"
    QUIET_ROOM = "quiet_room"
    OWN_PACE = "own_pace"
    ENGLISH_SPOKEN = "english_spoken"


class Offer(Table, table=True):
    __table_args__ = (
        UniqueConstraint("organisation_id", "external_id"),
        CheckConstraint("positions >= 0", name="positions_not_negative"),
        CheckConstraint(
            "positions_taken >= 0 AND positions_taken <= positions", name="positions_not_doubled"
        ),
        CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR starts_on <= ends_on", name="days_in_order"),
    )

    organisation_id: UUID = Field(foreign_key="organisation.id", index=True, ondelete="CASCADE")
    location_id: UUID | None = Field(default=None, foreign_key="location.id", ondelete="SET NULL")
    pc4: str = Field(foreign_key="postcode.pc4", max_length=4)
    external_id: str | None = Field(default=None, max_length=60)
    kind: str = Field(max_length=40, index=True)
    title: str = Field(max_length=120)
    text: str = Field(default="", max_length=2000)
    sectors: list[str] = Field(default_factory=list, sa_type=JsonList)
    tags: list[str] = Field(default_factory=list, sa_type=JsonList)
    positions: int = 0
    positions_taken: int = 0
    starts_on: date | None = None
    ends_on: date | None = None
    hours_per_day: float | None = None
    starts_at: time | None = None
    ends_at: time | None = None
    weekdays: list[int] = Field(default_factory=list, sa_type=JsonList)
    tracks: list[str] = Field(default_factory=list, sa_type=JsonList)
    profiles: list[str] = Field(default_factory=list, sa_type=JsonList)
    levels: list[int] = Field(default_factory=list, sa_type=JsonList)
    crebos: list[str] = Field(default_factory=list, sa_type=JsonList)
    hazards: dict[str, bool] = Field(default_factory=dict, sa_type=JsonObject)
    """Z-code to yes or no; a code that is absent has not been answered."""
    supervised: bool = False
    """An expert adult is present the whole time."""
    supervisor_name: str = Field(default="", max_length=120)
    observe_only: bool | None = None
    """Whether youths only watch; None: as the kind implies."""
    on_school_ground: bool = False
    practical: str = Field(default="", max_length=1000)
    """Clothes, start, lunch, travel money: what a youth wants to know the evening before."""
    accessibility: list[str] = Field(default_factory=list, sa_type=JsonList)
    status: OfferStatus = Field(default=OfferStatus.DRAFT, sa_type=choice(OfferStatus), index=True)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    updated_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def positions_left(self) -> int:
        return self.positions - self.positions_taken
