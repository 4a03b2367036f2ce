"""A placement: one position, taken by one youth or one class, from approved to finished."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import false
from sqlmodel import CheckConstraint, Field, UniqueConstraint

from service.core.db import JsonList, JsonObject, Table, UtcDateTime, choice


class PlacementStatus(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    CONFIRMED = "confirmed"
    AGREED = "agreed"
    ACTIVE = "active"
    COMPLETED = "completed"
    ENDED_EARLY = "ended_early"
    NO_SHOW = "no_show"
    WITHDRAWN = "withdrawn"
    DECLINED_BY_YOUTH = "declined_by_youth"
    DECLINED_BY_HOST = "declined_by_host"
    EXPIRED = "expired"


class DeclineCode(StrEnum):
    """Why a youth or a host says no; hosts choose from conditions, never about a person."""

    TOO_FAR = "too_far"
    DAYS_DO_NOT_FIT = "days_do_not_fit"
    SOMETHING_ELSE = "something_else"
    CHANGED_MIND = "changed_mind"
    NO_SUPERVISOR = "no_supervisor"
    TOO_BUSY = "too_busy"
    OFFER_NO_LONGER_HOLDS = "offer_no_longer_holds"


class Placement(Table, table=True):
    __table_args__ = (
        CheckConstraint("youth_id IS NOT NULL OR class_id IS NOT NULL", name="somebody_is_placed"),
        CheckConstraint("positions >= 1", name="takes_a_position"),
    )

    programme_id: UUID = Field(foreign_key="programme.id", index=True, ondelete="CASCADE")
    suggestion_id: UUID = Field(foreign_key="suggestion.id", unique=True, ondelete="CASCADE")
    school_id: UUID = Field(foreign_key="organisation.id", index=True, ondelete="CASCADE")
    youth_id: UUID | None = Field(default=None, foreign_key="youth.id", index=True, ondelete="CASCADE")
    class_id: UUID | None = Field(default=None, foreign_key="school_class.id", index=True, ondelete="CASCADE")
    offer_id: UUID = Field(foreign_key="offer.id", index=True, ondelete="CASCADE")
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True, ondelete="CASCADE")
    positions: int = 1
    """How many positions of the offer it holds: one for a youth, a group for a class."""
    starts_on: date | None = None
    ends_on: date | None = None
    school_supervisor: str = Field(default="", max_length=120)
    company_supervisor: str = Field(default="", max_length=120)
    status: PlacementStatus = Field(
        default=PlacementStatus.OFFERED, sa_type=choice(PlacementStatus), index=True
    )
    youth_answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    host_answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decline_code: DeclineCode | None = Field(default=None, sa_type=choice(DeclineCode))
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    """When silence ends it."""
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    other_starts_on: date | None = None
    other_ends_on: date | None = None
    """Other days that the host proposed, until the school has looked whether they are possible."""
    calendar_number: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """SEQUENCE of the calendar entry: higher each time that days or state change."""
    calendar_due_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    """When the calendars of host and school have to hear of a change; empty when they know."""
    is_in_calendars: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Whether an invitation went out that a cancellation would have to take back."""

    @property
    def waits_for_school(self) -> bool:
        """The host proposed other days: it is for the school to look whether they are possible."""
        return self.status is PlacementStatus.ACCEPTED and self.other_starts_on is not None


class Agreement(Table, table=True):
    """What is on paper about a placement (DOMAIN 2.4): facts about papers, never the papers."""

    placement_id: UUID = Field(foreign_key="placement.id", unique=True, ondelete="CASCADE")
    clauses: list[str] = Field(default_factory=list, sa_type=JsonList)
    signatures: dict[str, str] = Field(default_factory=dict, sa_type=JsonObject)
    """Who signed to the day on which: «school» to «2027-02-01»."""
    guardian_letter_on: date | None = None
    risk_inventory: bool = False
    """The host has said that its risk inventory covers young people."""
    qualification: str | None = Field(default=None, max_length=5)
    """The crebo or elective part the practice is for; empty: the youth's own crebo."""
    recognised_from: date | None = None
    recognised_until: date | None = None
    recognition_seen_on: date | None = None
    """When somebody of the school looked it up; never seen is not recognised."""
    guidance_fails: bool = False
    acknowledged_rules: list[str] = Field(default_factory=list, sa_type=JsonList)


class QuestionKind(StrEnum):
    """Whom something is asked, and what: each kind of link does one thing."""

    HOST_ANSWER = "host_answer"
    YOUTH_ANSWER = "youth_answer"
    SCHOOL_PAPERS = "school_papers"
    OFFER_HOLDS = "offer_holds"
    CONTACT_HOLDS = "contact_holds"
    OTHER_DAYS = "other_days"
    """Asked of the school: are the days possible that the host proposed?"""


class AnswerCode(StrEnum):
    YES = "yes"
    NO = "no"
    OTHER_DAYS = "other_days"
    NEVER_AGAIN = "never_again"
    HANDED_OVER = "handed_over"
    SILENCE = "silence"
    NOT_NEEDED = "not_needed"
    """It was settled in another way before somebody answered."""


class Question(Table, table=True):
    """Something that was asked with a link, and how often; one answer, and the link has done its work."""

    __table_args__ = (
        CheckConstraint(
            "placement_id IS NOT NULL OR offer_id IS NOT NULL OR contact_id IS NOT NULL",
            name="about_something",
        ),
    )

    kind: QuestionKind = Field(sa_type=choice(QuestionKind), index=True)
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True, ondelete="CASCADE")
    """The host or the school that is asked."""
    placement_id: UUID | None = Field(
        default=None, foreign_key="placement.id", index=True, ondelete="CASCADE"
    )
    offer_id: UUID | None = Field(default=None, foreign_key="offer.id", index=True, ondelete="CASCADE")
    contact_id: UUID | None = Field(
        default=None, foreign_key="contact_person.id", index=True, ondelete="CASCADE"
    )
    account_id: UUID | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")
    """The colleague it was handed over to; empty: the contact person."""
    turn: int = 0
    """Higher after it was handed over, so that the links of the one before do nothing any more."""
    mails_sent: int = 0
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    """When the question or the next reminder leaves; empty when no mail follows."""
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    answer: AnswerCode | None = Field(default=None, sa_type=choice(AnswerCode))


class NoteCode(StrEnum):
    """What came of a call; a flat list, so that hardly anything is «other»."""

    NOBODY_THERE = "nobody_there"
    MESSAGE_LEFT = "message_left"
    CALLS_BACK = "calls_back"
    WILL_ANSWER = "will_answer"
    NEEDS_TIME = "needs_time"
    SOMEBODY_ELSE = "somebody_else"
    WRONG_NUMBER = "wrong_number"
    DOES_NOT_WANT = "does_not_want"
    OTHER = "other"


class ContactNote(Table, table=True):
    """What was said with a host, when and by whom: about the host, never about a youth."""

    __tablename__ = "contact_note"

    organisation_id: UUID = Field(foreign_key="organisation.id", index=True, ondelete="CASCADE")
    account_id: UUID | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")
    code: NoteCode = Field(sa_type=choice(NoteCode))
    text: str = Field(default="", max_length=280)


class CalendarFeed(Table, table=True):
    """A secret address from which a calendar program reads somebody's placements; kept as a hash."""

    __tablename__ = "calendar_feed"
    __table_args__ = (UniqueConstraint("account_id"), UniqueConstraint("youth_id"))

    account_id: UUID | None = Field(default=None, foreign_key="account.id", ondelete="CASCADE")
    youth_id: UUID | None = Field(default=None, foreign_key="youth.id", ondelete="CASCADE")
    token_hash: str = Field(unique=True, max_length=64)
