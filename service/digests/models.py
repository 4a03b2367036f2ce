"""Who wants to be told what, when; and each digest that was due."""

from datetime import datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import false, text
from sqlmodel import CheckConstraint, Field, UniqueConstraint

from service.core.db import JsonList, JsonObject, Table, UtcDateTime, choice

WEEKLY_AT = time(7, 30)


class Audience(StrEnum):
    """As what somebody is told: of which place the digest is."""

    SCHOOL = "school"
    CLASS = "class"
    PROGRAMME = "programme"
    HOST = "host"


PLACE_COLUMN = {
    Audience.SCHOOL: "school_id",
    Audience.CLASS: "class_id",
    Audience.PROGRAMME: "programme_id",
    Audience.HOST: "organisation_id",
}
"""Which column of a subscription or a digest says of what it is."""


class Rhythm(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"


class Topic(StrEnum):
    """Kinds of sections; whoever wants less leaves one out."""

    ASKS = "asks"
    """What somebody can do now."""
    NEWS = "news"
    """What was decided, answered and finished."""
    AHEAD = "ahead"
    """What comes, and what is still looked for."""


class DigestStatus(StrEnum):
    DUE = "due"
    BUILT = "built"
    SENT = "sent"
    SKIPPED = "skipped"


class SkipReason(StrEnum):
    NOTHING_TO_TELL = "nothing_to_tell"
    HOLIDAY = "holiday"


class Subscription(Table, table=True):
    # A constraint per column, because a key with an empty column is never equal to another.
    __table_args__ = (
        UniqueConstraint("account_id", "school_id"),
        UniqueConstraint("account_id", "class_id"),
        UniqueConstraint("account_id", "programme_id"),
        UniqueConstraint("account_id", "organisation_id"),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday_exists"),
    )

    account_id: UUID = Field(foreign_key="account.id", index=True, ondelete="CASCADE")
    audience: Audience = Field(default=Audience.SCHOOL, sa_type=choice(Audience))
    school_id: UUID | None = Field(
        default=None, foreign_key="organisation.id", index=True, ondelete="CASCADE"
    )
    class_id: UUID | None = Field(default=None, foreign_key="school_class.id", index=True, ondelete="CASCADE")
    programme_id: UUID | None = Field(
        default=None, foreign_key="programme.id", index=True, ondelete="CASCADE"
    )
    organisation_id: UUID | None = Field(
        default=None, foreign_key="organisation.id", index=True, ondelete="CASCADE"
    )
    rhythm: Rhythm = Field(default=Rhythm.WEEKLY, sa_type=choice(Rhythm))
    weekday: int = 1
    """ISO weekday, Monday is 1; of no meaning for a daily one."""
    at: time = WEEKLY_AT
    """Wall time in Amsterdam, never between two and three at night."""
    muted: list[str] = Field(
        default_factory=list, sa_type=JsonList, sa_column_kwargs={"server_default": text("'[]'")}
    )
    """Topics that are left out."""
    is_active: bool = True
    is_ended: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Stopped because the role was gone, by nobody's wish: who gets the role back gets it again."""
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    """The next moment it is due; moving it forward is the claim."""
    told_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Everything up to here has been told."""
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """The last moment of its plan that was dealt with, told or not: the period it lies in is over."""

    @property
    def place_id(self) -> UUID:
        place: UUID = getattr(self, PLACE_COLUMN[self.audience])
        return place


class Digest(Table, table=True):
    key: str = Field(unique=True, max_length=200)
    """kind:recipient:period, so that a period is told at most once."""
    subscription_id: UUID = Field(foreign_key="subscription.id", index=True, ondelete="CASCADE")
    audience: Audience = Field(default=Audience.SCHOOL, sa_type=choice(Audience))
    school_id: UUID | None = Field(
        default=None, foreign_key="organisation.id", index=True, ondelete="CASCADE"
    )
    class_id: UUID | None = Field(default=None, foreign_key="school_class.id", index=True, ondelete="CASCADE")
    programme_id: UUID | None = Field(
        default=None, foreign_key="programme.id", index=True, ondelete="CASCADE"
    )
    organisation_id: UUID | None = Field(
        default=None, foreign_key="organisation.id", index=True, ondelete="CASCADE"
    )
    period: str = Field(max_length=16)
    """ISO week as «2026-W53», month as «2027-01», day as «2027-01-12»; an extra one has its minute."""
    is_extra: bool = False
    """Asked for by hand: it tells what is new, and does not count as told."""
    status: DigestStatus = Field(default=DigestStatus.DUE, sa_type=choice(DigestStatus), index=True)
    skip_reason: SkipReason | None = Field(default=None, sa_type=choice(SkipReason))
    since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    until: datetime = Field(sa_type=UtcDateTime)
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JsonObject)
    mail_id: UUID | None = Field(default=None, foreign_key="mail.id", ondelete="SET NULL")

    @property
    def place_id(self) -> UUID:
        place: UUID = getattr(self, PLACE_COLUMN[self.audience])
        return place
