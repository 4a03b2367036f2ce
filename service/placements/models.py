"""A placement: one position, taken by one youth or one class, from approved to finished."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import CheckConstraint, Field

from service.core.db import Table, UtcDateTime, choice


class PlacementStatus(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    CONFIRMED = "confirmed"
    AGREED = "agreed"
    ACTIVE = "active"
    COMPLETED = "completed"
    ENDED_EARLY = "ended_early"
    NO_SHOW = "no_show"
    WITHDRAWN = "withdrawn"
    DECLINED_BY_YOUTH = "declined_by_youth"
    DECLINED_BY_HOST = "declined_by_host"
    EXPIRED = "expired"


class DeclineCode(StrEnum):
    """Why a youth or a host says no; hosts choose from conditions, never about a person."""

    TOO_FAR = "too_far"
    DAYS_DO_NOT_FIT = "days_do_not_fit"
    SOMETHING_ELSE = "something_else"
    CHANGED_MIND = "changed_mind"
    NO_SUPERVISOR = "no_supervisor"
    TOO_BUSY = "too_busy"
    OFFER_NO_LONGER_HOLDS = "offer_no_longer_holds"


class Placement(Table, table=True):
    __table_args__ = (
        CheckConstraint("youth_id IS NOT NULL OR class_id IS NOT NULL", name="somebody_is_placed"),
        CheckConstraint("positions >= 1", name="takes_a_position"),
    )

    programme_id: UUID = Field(foreign_key="programme.id", index=True, ondelete="CASCADE")
    suggestion_id: UUID = Field(foreign_key="suggestion.id", unique=True, ondelete="CASCADE")
    school_id: UUID = Field(foreign_key="organisation.id", index=True, ondelete="CASCADE")
    youth_id: UUID | None = Field(default=None, foreign_key="youth.id", index=True, ondelete="CASCADE")
    class_id: UUID | None = Field(default=None, foreign_key="school_class.id", index=True, ondelete="CASCADE")
    offer_id: UUID = Field(foreign_key="offer.id", index=True, ondelete="CASCADE")
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True, ondelete="CASCADE")
    positions: int = 1
    """How many positions of the offer it holds: one for a youth, a group for a class."""
    starts_on: date | None = None
    ends_on: date | None = None
    school_supervisor: str = Field(default="", max_length=120)
    company_supervisor: str = Field(default="", max_length=120)
    status: PlacementStatus = Field(
        default=PlacementStatus.OFFERED, sa_type=choice(PlacementStatus), index=True
    )
    youth_answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    host_answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decline_code: DeclineCode | None = Field(default=None, sa_type=choice(DeclineCode))
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    """When silence ends it."""
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
