"""What comes in about a subscription, and what goes out of a digest."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator

from service.core.i18n import _
from service.digests.models import WEEKLY_AT, Audience, Digest, DigestStatus, Rhythm, SkipReason, Topic
from service.digests.moments import is_allowed


class PlaceInput(BaseModel):
    """As what somebody is told, and of which place: which of his subscriptions is meant."""

    model_config = ConfigDict(extra="forbid")

    audience: Audience = Audience.SCHOOL
    place_id: UUID


class SubscriptionInput(PlaceInput):
    """How often, on which day of the week and at what time somebody wants to be told."""

    rhythm: Rhythm = Rhythm.WEEKLY
    weekday: int = Field(default=1, ge=1, le=7)
    at: time = WEEKLY_AT
    topics: frozenset[Topic] = Field(default=frozenset(Topic), min_length=1)

    @field_validator("at")
    @classmethod
    def exists_every_night(cls, at: time) -> time:
        if at.tzinfo is not None:
            raise ValueError(_("Fill in a time such as 09:30."))
        if not is_allowed(at):
            raise ValueError(_("Choose a time before 2 or after 3 at night: the clock changes in that hour."))
        return at.replace(second=0, microsecond=0)


class RhythmInput(BaseModel):
    """How often, chosen on the page that the link in a mail leads to."""

    model_config = ConfigDict(extra="forbid")

    rhythm: Rhythm


class SectionOutput(BaseModel):
    """What was told: a code with its counts, never a name."""

    code: str
    counts: dict[str, int]
    path: str


class DigestOutput(BaseModel):
    id: UUID
    audience: Audience
    place_id: UUID
    school_id: UUID | None
    period: str
    is_extra: bool
    status: DigestStatus
    skip_reason: SkipReason | None
    since: datetime | None
    until: datetime
    sections: list[SectionOutput]

    @classmethod
    def of(cls, digest: Digest) -> "DigestOutput":
        sections: list[dict[str, Any]] = digest.content.get("sections", [])
        columns = {
            "id",
            "audience",
            "school_id",
            "period",
            "is_extra",
            "status",
            "skip_reason",
            "since",
            "until",
        }
        return cls(
            **digest.model_dump(include=columns),
            place_id=digest.place_id,
            sections=[
                SectionOutput(code=section["code"], counts=section["counts"], path=section["path"])
                for section in sections
            ],
        )
