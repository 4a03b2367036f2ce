"""What comes in about a subscription, and what goes out of a digest."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator

from service.core.i18n import _
from service.digests.models import WEEKLY_AT, Digest, DigestStatus, SkipReason
from service.digests.moments import is_allowed


class SubscriptionInput(BaseModel):
    """On which day of the week and at what time somebody wants to be told about a school."""

    model_config = ConfigDict(extra="forbid")

    school_id: UUID
    weekday: int = Field(default=1, ge=1, le=7)
    at: time = WEEKLY_AT

    @field_validator("at")
    @classmethod
    def exists_every_night(cls, at: time) -> time:
        if at.tzinfo is not None:
            raise ValueError(_("Fill in a time such as 09:30."))
        if not is_allowed(at):
            raise ValueError(_("Choose a time before 2 or after 3 at night: the clock changes in that hour."))
        return at.replace(second=0, microsecond=0)


class SchoolInput(BaseModel):
    """Which of one's subscriptions is meant."""

    model_config = ConfigDict(extra="forbid")

    school_id: UUID


class SectionOutput(BaseModel):
    """What was told: a code with its counts, never a name."""

    code: str
    counts: dict[str, int]
    path: str


class DigestOutput(BaseModel):
    id: UUID
    school_id: UUID
    period: str
    status: DigestStatus
    skip_reason: SkipReason | None
    since: datetime | None
    until: datetime
    sections: list[SectionOutput]

    @classmethod
    def of(cls, digest: Digest) -> "DigestOutput":
        sections: list[dict[str, Any]] = digest.content.get("sections", [])
        return cls(
            **digest.model_dump(
                include={"id", "school_id", "period", "status", "skip_reason", "since", "until"}
            ),
            sections=[SectionOutput(**section) for section in sections],
        )
