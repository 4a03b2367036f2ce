"""The outbox: a mail is a row first, in the transaction of the act that caused it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Field, UniqueConstraint

from service.core import clock
from service.core.db import JsonObject, Table, UtcDateTime, choice


class Stream(StrEnum):
    """Kinds of mail that are sent, stopped and suppressed apart from each other."""

    SIGN_IN = "sign_in"
    AGREEMENT = "agreement"
    DIGEST = "digest"
    QUESTION = "question"
    NOTICE = "notice"


# Somebody who asked for a link or signs an agreement gets that mail, whatever lists he has left.
OUTSIDE_LISTS = frozenset({Stream.SIGN_IN, Stream.AGREEMENT})


class MailStatus(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    SUPPRESSED = "suppressed"


class BounceKind(StrEnum):
    """What a report about a mail that was sent says."""

    HARD = "hard"
    SOFT = "soft"
    COMPLAINT = "complaint"


class SuppressionReason(StrEnum):
    UNSUBSCRIBED = "unsubscribed"
    HARD_BOUNCE = "hard_bounce"
    SOFT_BOUNCES = "soft_bounces"
    COMPLAINT = "complaint"


class Mail(Table, table=True):
    key: str = Field(unique=True, max_length=200)
    """What makes this mail one of its kind; a second mail with the same key is never written."""
    message_id: str = Field(max_length=200, index=True)
    stream: Stream = Field(sa_type=choice(Stream))
    template: str = Field(max_length=80)
    recipient: str = Field(max_length=320, index=True)
    language: str = Field(default="nl", max_length=2)
    context: dict[str, Any] = Field(default_factory=dict, sa_type=JsonObject)
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id", index=True)
    unsubscribe_token: str | None = Field(default=None, max_length=200)
    status: MailStatus = Field(default=MailStatus.QUEUED, sa_type=choice(MailStatus), index=True)
    due_at: datetime | None = Field(default_factory=clock.now, sa_type=UtcDateTime, index=True)
    attempts: int = 0
    last_error: str = Field(default="", max_length=500)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    soft_bounces: int = 0
    """How often it came back as «not now» after a server had taken it over."""


class Bounce(Table, table=True):
    """A report that a mail which had left did not arrive, or was not wanted."""

    mail_id: UUID = Field(foreign_key="mail.id", index=True, ondelete="CASCADE")
    kind: BounceKind = Field(sa_type=choice(BounceKind))
    code: str = Field(default="", max_length=11)
    """Enhanced status code as «5.1.1» (RFC 3463)."""
    fingerprint: str = Field(unique=True, max_length=64)
    """Hash of the report, so that one that is read twice counts once."""


class Suppression(Table, table=True):
    """A stream that an address does not get; the address itself is kept only with the mail it came from."""

    __table_args__ = (UniqueConstraint("address_hash", "stream"),)

    address_hash: str = Field(max_length=64)
    stream: Stream = Field(sa_type=choice(Stream))
    reason: SuppressionReason = Field(sa_type=choice(SuppressionReason), index=True)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When it ends by itself; empty: when somebody lifts it."""
    mail_id: UUID | None = Field(default=None, foreign_key="mail.id", index=True, ondelete="SET NULL")
