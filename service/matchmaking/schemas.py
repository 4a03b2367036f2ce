"""What comes in to decide, and what goes out of runs and suggestions."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator

from service.core.free_text import private_details
from service.core.i18n import _
from service.matchmaking.models import CODES_FOR_PEOPLE, RefusalCode, RunStatus, SuggestionStatus


class RefusalInput(BaseModel):
    model_config = ConfigDict(extra="forbid")

    refusal_code: RefusalCode
    decision_note: str = Field(default="", max_length=500)

    @field_validator("refusal_code")
    @classmethod
    def is_for_people(cls, code: RefusalCode) -> RefusalCode:
        if code not in CODES_FOR_PEOPLE:
            raise ValueError(_("Choose one of the answers."))
        return code

    @field_validator("decision_note")
    @classmethod
    def holds_nothing_private(cls, text: str) -> str:
        found = private_details(text)
        if found is not None:
            raise ValueError(found)
        return text


class RunInput(BaseModel):
    """Exactly one of the two: a whole programme, or the youths of a school's request."""

    model_config = ConfigDict(extra="forbid")

    programme_id: UUID | None = None
    school_request_id: UUID | None = None


class PairInput(BaseModel):
    model_config = ConfigDict(extra="forbid")

    youth_id: UUID
    offer_id: UUID


class ChangeOutput(BaseModel):
    code: str
    facts: dict[str, Any]
    offers: int
    positions: int
    wished: int
    lost: int
    text: str


class HelpOutput(BaseModel):
    """Why a youth has nothing, and what would bring more as the last run found it; empty: there is plenty."""

    youth_id: UUID
    run_id: UUID | None
    in_reach: int | None
    causes: list[dict[str, Any]]
    changes: list[ChangeOutput]


class ExplanationOutput(BaseModel):
    """`answer` is there once the worker has looked; `text` says it in the caller's language."""

    id: UUID
    youth_id: UUID
    offer_id: UUID
    is_waiting: bool
    answer: dict[str, Any]
    text: list[str]


class RunOutput(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    programme_id: UUID
    school_request_id: UUID | None
    status: RunStatus
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    steps_done: int
    steps_total: int
    seed: int
    engine_version: str
    configuration_hash: str
    input_hash: str
    output_hash: str
    numbers: dict[str, Any]


class ReasonOutput(BaseModel):
    code: str
    facts: dict[str, Any]
    text: str


class SuggestionOutput(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    run_id: UUID
    programme_id: UUID
    school_id: UUID
    youth_id: UUID | None
    class_id: UUID | None
    offer_id: UUID
    rank: int
    score: float
    sector: float
    location: float
    talent: float
    minutes: int | None
    weights: dict[str, float]
    allocated_at: datetime | None
    status: SuggestionStatus
    refusal_code: RefusalCode | None
    decided_at: datetime | None
    reasons: list[ReasonOutput]
