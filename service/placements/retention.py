"""What is kept around placements: why, how long, and how it goes (DOMAIN 3).

An export is the rows as they stand. Erasing a youth takes his placements along; erasing an account leaves its
notes without a name. What no term below names says nothing about a person.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import Session, col, or_, select

from service.placements.models import Agreement, ContactNote, Placement, Question

SUPERVISORS_ARE_KEPT = timedelta(days=365)
QUESTIONS_ARE_KEPT = timedelta(days=365)
NOTES_ARE_KEPT = timedelta(days=730)
AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """Columns of one table with one purpose and one term."""

    table: str
    columns: tuple[str, ...]
    purpose: str
    term: str


KEPT = (
    Kept(
        "placement",
        ("school_supervisor", "company_supervisor"),
        "to know who guides",
        "twelve months after the end",
    ),
    Kept(
        "agreement",
        ("signatures", "guardian_letter_on"),
        "to show that the papers were there in time; facts about papers, never the papers",
        "twelve months after the end",
    ),
    Kept(
        "question",
        ("account_id", "asked_at", "answered_at", "answer"),
        "to ask once, to remind, and to know whom to ask first",
        "twelve months after the answer",
    ),
    Kept(
        "contact_note",
        ("account_id", "code", "text"),
        "to know what was said with a host before somebody phones again",
        "twenty-four months",
    ),
    Kept(
        "calendar_feed",
        ("account_id", "youth_id", "token_hash"),
        "to let a calendar program read what its owner may see",
        "until its owner ends it, or goes",
    ),
)


def forget(session: Session, now: datetime) -> int:
    """Takes out what its term is over for; how many rows."""
    return (
        _forget_guides(session, now)
        + _forget_papers(session, now)
        + _delete(session, Question, col(Question.answered_at) < now - QUESTIONS_ARE_KEPT)
        + _delete(session, ContactNote, col(ContactNote.created_at) < now - NOTES_ARE_KEPT)
    )


def _forget_guides(session: Session, now: datetime) -> int:
    named = or_(col(Placement.school_supervisor) != "", col(Placement.company_supervisor) != "")
    done = session.execute(
        update(Placement)
        .where(named, col(Placement.ended_at) < now - SUPERVISORS_ARE_KEPT)
        .values(school_supervisor="", company_supervisor="")
        .execution_options(synchronize_session=False)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def _forget_papers(session: Session, now: datetime) -> int:
    over = select(Placement.id).where(col(Placement.ended_at) < now - SUPERVISORS_ARE_KEPT)
    return _delete(session, Agreement, col(Agreement.placement_id).in_(over))


def _delete(session: Session, table: type[Question | ContactNote | Agreement], condition: object) -> int:
    ids = session.exec(select(table.id).where(condition).limit(AT_A_TIME)).all()  # type: ignore[arg-type]
    session.execute(delete(table).where(col(table.id).in_(ids)))
    return len(ids)
