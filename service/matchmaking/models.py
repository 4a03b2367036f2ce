"""Runs of the engine, what they suggested, what they could not, what would help, and what people decided."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import CheckConstraint, Field, Index, UniqueConstraint

from service.core import clock
from service.core.db import JsonList, JsonObject, Table, UtcDateTime, choice


class RunStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


class SuggestionStatus(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    REPLACED = "replaced"
    EXPIRED = "expired"


class RefusalCode(StrEnum):
    """A flat list: nested ones make «other» the most used."""

    TOO_FAR = "too_far"
    WRONG_DAYS = "wrong_days"
    NOT_WHAT_YOUTH_WANTS = "not_what_youth_wants"
    HAS_SOMETHING_ALREADY = "has_something_already"
    BEEN_THERE_BEFORE = "been_there_before"
    HOST_CANNOT = "host_cannot"
    NEEDS_OTHER_GUIDANCE = "needs_other_guidance"
    OTHER = "other"
    DECLINED_BY_YOUTH = "declined_by_youth"
    DECLINED_BY_HOST = "declined_by_host"
    NO_ANSWER = "no_answer"


CODES_FOR_PEOPLE = tuple(code for code in RefusalCode if not code.startswith(("declined", "no_answer")))
"""What a coordinator may choose; the others follow from what youths and hosts answer."""


class Run(Table, table=True):
    programme_id: UUID = Field(foreign_key="programme.id", index=True, ondelete="CASCADE")
    school_request_id: UUID | None = Field(
        default=None, foreign_key="school_request.id", index=True, ondelete="SET NULL"
    )
    youth_id: UUID | None = Field(default=None, foreign_key="youth.id", index=True, ondelete="CASCADE")
    """Set when a youth asked for himself."""
    asked_by: UUID | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")
    status: RunStatus = Field(default=RunStatus.QUEUED, sa_type=choice(RunStatus), index=True)
    due_at: datetime | None = Field(default_factory=clock.now, sa_type=UtcDateTime, index=True)
    """When a worker may take it up; a claim moves it forward, an ended run has none."""
    attempts: int = 0
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    stop_asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    steps_done: int = 0
    steps_total: int = 0
    seed: int = 0
    weights: dict[str, float] = Field(default_factory=dict, sa_type=JsonObject)
    engine_version: str = Field(default="", max_length=40)
    configuration_hash: str = Field(default="", max_length=64)
    input_hash: str = Field(default="", max_length=64)
    output_hash: str = Field(default="", max_length=64)
    numbers: dict[str, Any] = Field(default_factory=dict, sa_type=JsonObject)
    log: list[str] = Field(default_factory=list, sa_type=JsonList)


class Suggestion(Table, table=True):
    """A proposal for a seeker: a youth, or the class of a request for a group kind."""

    __table_args__ = (
        # Two constraints, because a key with an empty column is never equal to another.
        UniqueConstraint("run_id", "youth_id", "offer_id"),
        UniqueConstraint("run_id", "class_id", "offer_id"),
        Index("ix_suggestion_programme_status", "programme_id", "status"),
        Index("ix_suggestion_status_allocated_at", "status", "allocated_at"),
    )

    run_id: UUID = Field(foreign_key="run.id", index=True, ondelete="CASCADE")
    programme_id: UUID = Field(foreign_key="programme.id", ondelete="CASCADE")
    school_id: UUID = Field(foreign_key="organisation.id", index=True, ondelete="CASCADE")
    youth_id: UUID | None = Field(default=None, foreign_key="youth.id", index=True, ondelete="CASCADE")
    class_id: UUID | None = Field(default=None, foreign_key="school_class.id", index=True, ondelete="CASCADE")
    offer_id: UUID = Field(foreign_key="offer.id", index=True, ondelete="CASCADE")
    rank: int
    alternatives: int = 0
    """How many other offers the same run proposed to the same seeker; who has few is decided on first."""
    allocated_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Since when it is meant for the seeker; None: it is meant for somebody else, or for nobody."""
    meets_wish: bool = True
    """Whether a wish leads to it, or there are no wishes; what meets none is decided on last."""
    score: float
    sector: float
    location: float
    talent: float
    minutes: int | None = None
    weights: dict[str, float] = Field(default_factory=dict, sa_type=JsonObject)
    """The weights used for this seeker, after the silent parts gave theirs away."""
    reasons: list[dict[str, Any]] = Field(default_factory=list, sa_type=JsonList)
    """Codes and facts in order of weight; the wording happens when somebody reads."""
    status: SuggestionStatus = Field(
        default=SuggestionStatus.PROPOSED, sa_type=choice(SuggestionStatus), index=True
    )
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_by: UUID | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")
    refusal_code: RefusalCode | None = Field(default=None, sa_type=choice(RefusalCode))
    decision_note: str = Field(default="", max_length=500)
    acknowledged_rules: list[str] = Field(default_factory=list, sa_type=JsonList)
    """Rules that say SCHOOL_ACK and that a named coordinator took upon himself."""
    replaced_by: UUID | None = Field(default=None, foreign_key="suggestion.id", ondelete="SET NULL")


class RunGap(Table, table=True):
    """A seeker for whom a run found nothing, and why."""

    __tablename__ = "run_gap"

    run_id: UUID = Field(foreign_key="run.id", index=True, ondelete="CASCADE")
    school_id: UUID = Field(foreign_key="organisation.id", index=True, ondelete="CASCADE")
    youth_id: UUID | None = Field(default=None, foreign_key="youth.id", index=True, ondelete="CASCADE")
    class_id: UUID | None = Field(default=None, foreign_key="school_class.id", index=True, ondelete="CASCADE")
    causes: list[dict[str, Any]] = Field(default_factory=list, sa_type=JsonList)


class RunHelp(Table, table=True):
    """What would bring a youth, a class or an offer more, as a run found it: codes and facts."""

    __tablename__ = "run_help"
    __table_args__ = (
        CheckConstraint(
            "youth_id IS NOT NULL OR class_id IS NOT NULL OR offer_id IS NOT NULL", name="somebody_is_helped"
        ),
    )

    run_id: UUID = Field(foreign_key="run.id", index=True, ondelete="CASCADE")
    youth_id: UUID | None = Field(default=None, foreign_key="youth.id", index=True, ondelete="CASCADE")
    class_id: UUID | None = Field(default=None, foreign_key="school_class.id", index=True, ondelete="CASCADE")
    offer_id: UUID | None = Field(default=None, foreign_key="offer.id", index=True, ondelete="CASCADE")
    in_reach: int
    """How many offers no rule keeps away now; of an offer, how many youths."""
    changes: list[dict[str, Any]] = Field(default_factory=list, sa_type=JsonList)


class PairQuestion(Table, table=True):
    """A coordinator asks why a youth does not get an offer; the worker answers."""

    __tablename__ = "pair_question"

    programme_id: UUID = Field(foreign_key="programme.id", index=True, ondelete="CASCADE")
    youth_id: UUID = Field(foreign_key="youth.id", index=True, ondelete="CASCADE")
    offer_id: UUID = Field(foreign_key="offer.id", index=True, ondelete="CASCADE")
    asked_by: UUID | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")
    due_at: datetime | None = Field(default_factory=clock.now, sa_type=UtcDateTime, index=True)
    """When a worker may take it up; a claim moves it forward, an answered one has none."""
    attempts: int = 0
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answer: dict[str, Any] = Field(default_factory=dict, sa_type=JsonObject)
    """Empty when there is none; the wording happens when somebody reads."""

    @property
    def is_waiting(self) -> bool:
        return self.due_at is not None
