"""What comes in to decide and to answer, and what goes out of placements."""

import re
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from service.core.free_text import private_details
from service.core.i18n import _
from service.core.json_types import Day
from service.core.text import Line, Paragraphs
from service.placements.models import DeclineCode, NoteCode, PlacementStatus

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


PARTIES = ("school", "guardian", "youth", "host")
CLAUSES = (
    "activities",
    "place",
    "period",
    "times",
    "guidance",
    "assessment",
    "inspectorate",
    "insurance",
    "learning_goals",
    "total_hours",
    "hours_per_year",
    "qualification_part",
    "early_ending",
)
LONGEST_DAYS = 4 * 366
"""The longest training takes four years; each day stands in calendars, so a slip of the pen costs."""
QUALIFICATION = re.compile(r"[0-9]{5}|K[0-9]{4}")


def _nothing_private(text: str) -> str:
    found = private_details(text)
    if found is not None:
        raise ValueError(found)
    return text


class ApprovalInput(BaseModel):
    """`seen` lists the reason codes the decider had in view: nothing is approved unseen."""

    model_config = ConfigDict(extra="forbid")

    seen: list[str] = Field(max_length=50)
    acknowledged_rules: list[str] = Field(default_factory=list, max_length=20)
    decision_note: Annotated[Paragraphs, AfterValidator(_nothing_private)] = Field(default="", max_length=500)


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

    company_supervisor: Annotated[Line, AfterValidator(_nothing_private)] = Field(default="", max_length=120)


def _clause(code: str) -> str:
    if code not in CLAUSES:
        raise ValueError(_("Choose one of the answers."))
    return code


def _party(code: str) -> str:
    if code not in PARTIES:
        raise ValueError(_("Choose one of the answers."))
    return code


def _qualification(code: str | None) -> str | None:
    tidy = (code or "").upper()
    if tidy and not QUALIFICATION.fullmatch(tidy):
        raise ValueError(_("A crebo has five digits; an elective part is K and four digits."))
    return tidy or None


ClauseCode = Annotated[str, AfterValidator(_clause), Field(json_schema_extra={"enum": list(CLAUSES)})]
PartyCode = Annotated[str, AfterValidator(_party), Field(json_schema_extra={"enum": list(PARTIES)})]
Qualification = Annotated[Line | None, AfterValidator(_qualification)]
Supervisor = Annotated[Line, AfterValidator(_nothing_private), Field(max_length=120)]


class AgreementInput(BaseModel):
    """Which papers are there, as programs send it: facts about papers, never the papers."""

    model_config = ConfigDict(extra="forbid", strict=True)

    clauses: list[ClauseCode] = Field(default_factory=list, max_length=len(CLAUSES))
    signatures: dict[PartyCode, Day] = Field(default_factory=dict)
    guardian_letter_on: Day | None = None
    risk_inventory: bool = False
    qualification: Qualification = None
    recognised_from: Day | None = None
    recognised_until: Day | None = None
    recognition_seen_on: Day | None = None
    guidance_fails: bool = False
    without_guardian: bool = False
    """The school does without the guardian's signature under a POK (A-8)."""
    school_supervisor: Supervisor = ""
    company_supervisor: Supervisor = ""


class AgreementForm(BaseModel):
    """The same as the fields of a page."""

    model_config = ConfigDict(extra="forbid")

    clauses: list[ClauseCode] = Field(default_factory=list, max_length=len(CLAUSES))
    signed_school: Day | None = None
    signed_guardian: Day | None = None
    signed_youth: Day | None = None
    signed_host: Day | None = None
    guardian_letter_on: Day | None = None
    risk_inventory: bool = False
    qualification: Qualification = None
    recognised_from: Day | None = None
    recognised_until: Day | None = None
    recognition_seen_on: Day | None = None
    guidance_fails: bool = False
    without_guardian: bool = False
    school_supervisor: Supervisor = ""
    company_supervisor: Supervisor = ""

    def input(self) -> AgreementInput:
        signed = {party: getattr(self, f"signed_{party}") for party in PARTIES}
        fields = self.model_dump(include=set(AgreementInput.model_fields))
        return AgreementInput(
            signatures={party: day for party, day in signed.items() if day is not None}, **fields
        )


class CapInput(BaseModel):
    """How often a host wants to be asked in a month; empty: as often as it comes."""

    model_config = ConfigDict(extra="forbid")

    monthly_cap: int | None = Field(None, ge=1, le=10_000)


class ColleagueInput(BaseModel):
    """Who takes over what a school was asked."""

    model_config = ConfigDict(extra="forbid")

    account_id: UUID


class NoteInput(BaseModel):
    """What came of a call to a host."""

    model_config = ConfigDict(extra="forbid")

    code: NoteCode
    text: Annotated[Line, AfterValidator(_nothing_private)] = Field(default="", max_length=280)


class NoteOutput(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    created_at: datetime
    code: NoteCode
    text: str


class CallOutput(BaseModel):
    """A host to phone: whom, at which number, about how many, until when, and what was said before.

    `undelivered` is why the newest question did not arrive, as the outbox says it; empty when it did.
    """

    organisation_id: UUID
    organisation: str
    contact: str
    phone: str
    waiting: int
    reminders: int
    due_at: datetime | None
    undelivered: str
    may_ask_again: bool
    answer_rate: float | None
    days_to_answer: float | None
    notes: list[NoteOutput]


class PaperOutput(BaseModel):
    """What one rule asks to see, and whether it is there."""

    rule: str
    source: str
    verdict: str
    missing: list[str]


class AgreementOutput(BaseModel):
    clauses: list[str]
    signatures: dict[str, date]
    guardian_letter_on: date | None
    risk_inventory: bool
    qualification: str | None
    recognised_from: date | None
    recognised_until: date | None
    recognition_seen_on: date | None
    guidance_fails: bool
    without_guardian: bool
    school_supervisor: str
    company_supervisor: str
    papers: list[PaperOutput]


class DaysInput(BaseModel):
    """Other days for one placement."""

    model_config = ConfigDict(extra="forbid")

    starts_on: Day
    ends_on: Day

    @field_validator("ends_on")
    @classmethod
    def ends_after_start(cls, ends_on: date, info: ValidationInfo) -> date:
        if "starts_on" in info.data and ends_on < info.data["starts_on"]:
            raise ValueError(_("The last day must not be before the first."))
        if "starts_on" in info.data and (ends_on - info.data["starts_on"]).days >= LONGEST_DAYS:
            raise ValueError(_("This is longer than four years. Look at the year."))
        return ends_on


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
    other_starts_on: date | None
    other_ends_on: date | None
    school_supervisor: str
    company_supervisor: str
    status: PlacementStatus
    decline_code: DeclineCode | None
    youth_answered_at: datetime | None
    host_answered_at: datetime | None
    due_at: datetime | None
