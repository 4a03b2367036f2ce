"""What comes in to decide and to answer, and what goes out of placements."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator

from service.core.free_text import private_details
from service.core.i18n import _
from service.core.text import Line, Paragraphs
from service.placements.models import DeclineCode, PlacementStatus

DECLINE_CODES_OF_YOUTHS = (
    DeclineCode.TOO_FAR,
    DeclineCode.DAYS_DO_NOT_FIT,
    DeclineCode.SOMETHING_ELSE,
    DeclineCode.CHANGED_MIND,
)
DECLINE_CODES_OF_HOSTS = (
    DeclineCode.DAYS_DO_NOT_FIT,
    DeclineCode.NO_SUPERVISOR,
    DeclineCode.TOO_BUSY,
    DeclineCode.OFFER_NO_LONGER_HOLDS,
)


class ApprovalInput(BaseModel):
    """`seen` lists the reason codes the decider had in view: nothing is approved unseen."""

    model_config = ConfigDict(extra="forbid")

    seen: list[str] = Field(max_length=50)
    acknowledged_rules: list[str] = Field(default_factory=list, max_length=20)
    decision_note: Paragraphs = Field(default="", max_length=500)

    @field_validator("decision_note")
    @classmethod
    def holds_nothing_private(cls, text: str) -> str:
        found = private_details(text)
        if found is not None:
            raise ValueError(found)
        return text


class ReplacementInput(ApprovalInput):
    """Another proposal of the same run instead; `seen` are the reasons of that one."""

    replacement_id: UUID


class YouthDeclineInput(BaseModel):
    model_config = ConfigDict(extra="forbid")

    decline_code: DeclineCode

    @field_validator("decline_code")
    @classmethod
    def is_for_youths(cls, code: DeclineCode) -> DeclineCode:
        return _one_of(code, DECLINE_CODES_OF_YOUTHS)


class HostDeclineInput(BaseModel):
    model_config = ConfigDict(extra="forbid")

    decline_code: DeclineCode

    @field_validator("decline_code")
    @classmethod
    def is_for_hosts(cls, code: DeclineCode) -> DeclineCode:
        return _one_of(code, DECLINE_CODES_OF_HOSTS)


class HostConfirmInput(BaseModel):
    model_config = ConfigDict(extra="forbid")

    company_supervisor: Line = Field(default="", max_length=120)

    @field_validator("company_supervisor")
    @classmethod
    def holds_nothing_private(cls, text: str) -> str:
        found = private_details(text)
        if found is not None:
            raise ValueError(found)
        return text


def _one_of(code: DeclineCode, allowed: tuple[DeclineCode, ...]) -> DeclineCode:
    if code not in allowed:
        raise ValueError(_("Choose one of the answers."))
    return code


class PlacementOutput(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    programme_id: UUID
    school_id: UUID
    youth_id: UUID | None
    class_id: UUID | None
    offer_id: UUID
    organisation_id: UUID
    positions: int
    starts_on: date | None
    ends_on: date | None
    status: PlacementStatus
    decline_code: DeclineCode | None
    youth_answered_at: datetime | None
    host_answered_at: datetime | None
    due_at: datetime | None
