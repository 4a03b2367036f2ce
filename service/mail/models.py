"""The outbox: a mail is a row first, in the transaction of the act that caused it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Field

from service.core import clock
from service.core.db import JsonObject, Table, UtcDateTime, choice


class Stream(StrEnum):
    """Kinds of mail that are sent, stopped and suppressed apart from each other."""

    SIGN_IN = "sign_in"
    AGREEMENT = "agreement"
    DIGEST = "digest"
    QUESTION = "question"
    NOTICE = "notice"


class MailStatus(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    SUPPRESSED = "suppressed"


class Mail(Table, table=True):
    key: str = Field(unique=True, max_length=200)
    """What makes this mail one of its kind; a second mail with the same key is never written."""
    message_id: str = Field(max_length=200)
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
