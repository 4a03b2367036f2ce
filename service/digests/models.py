"""Who wants to be told what, when; and each digest that was due."""

from datetime import datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import CheckConstraint, Field, UniqueConstraint

from service.core.db import JsonObject, Table, UtcDateTime, choice

WEEKLY_AT = time(7, 30)


class DigestStatus(StrEnum):
    DUE = "due"
    BUILT = "built"
    SENT = "sent"
    SKIPPED = "skipped"


class SkipReason(StrEnum):
    NOTHING_TO_TELL = "nothing_to_tell"
    HOLIDAY = "holiday"


class Subscription(Table, table=True):
    __table_args__ = (
        UniqueConstraint("account_id", "school_id"),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday_exists"),
    )

    account_id: UUID = Field(foreign_key="account.id", index=True, ondelete="CASCADE")
    school_id: UUID = Field(foreign_key="organisation.id", index=True, ondelete="CASCADE")
    weekday: int = 1
    """ISO weekday, Monday is 1."""
    at: time = WEEKLY_AT
    """Wall time in Amsterdam, never between two and three at night."""
    is_active: bool = True
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    """The next moment it is due; moving it forward is the claim."""
    told_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Everything up to here has been told."""


class Digest(Table, table=True):
    key: str = Field(unique=True, max_length=200)
    """kind:recipient:period, so that a period is told at most once."""
    subscription_id: UUID = Field(foreign_key="subscription.id", index=True, ondelete="CASCADE")
    school_id: UUID = Field(foreign_key="organisation.id", index=True, ondelete="CASCADE")
    period: str = Field(max_length=10)
    """ISO week as «2026-W53»."""
    status: DigestStatus = Field(default=DigestStatus.DUE, sa_type=choice(DigestStatus), index=True)
    skip_reason: SkipReason | None = Field(default=None, sa_type=choice(SkipReason))
    since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    until: datetime = Field(sa_type=UtcDateTime)
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JsonObject)
    mail_id: UUID | None = Field(default=None, foreign_key="mail.id", ondelete="SET NULL")
