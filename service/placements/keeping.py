"""What is asked without anybody asking: does this offer hold, are you still there, are the papers coming."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, or_, select

from service.core import clock
from service.offers.lifecycle import SHOWN
from service.offers.models import Offer
from service.offers.queries import CONFIRM_AFTER
from service.organisations.models import (
    ContactPerson,
    Organisation,
    OrganisationKind,
    OrganisationStatus,
)
from service.organisations.queries import STALE_AFTER
from service.placements import queries, questions
from service.placements.models import Placement, PlacementStatus, Question, QuestionKind

NOT_AGAIN_FOR = timedelta(days=90)
ONE_OFFER_A_FORTNIGHT = timedelta(days=14)
"""A host with ten offers is not asked about ten at once."""
WAITED_FOR = timedelta(days=30)
"""A question about details that nobody answers holds back the next one no longer than this."""
ABOUT_DETAILS = (QuestionKind.OFFER_HOLDS, QuestionKind.CONTACT_HOLDS)
PAPERS_BEFORE = timedelta(days=21)
SCHOOL_AGAIN_AFTER = timedelta(days=7)
BUSY, THEIRS = aliased(ContactPerson), aliased(ContactPerson)
MATTERS_MORE = col(Question.kind) == QuestionKind.HOST_ANSWER


def find_next(session: Session) -> Question | None:
    """A question that is due by now and not there yet."""
    return _about_contact(session) or _about_offer(session) or _about_papers(session)


def open_next(session: Session) -> Question | None:
    """One question that is due by now; None when there is none."""
    question = find_next(session)
    if question is not None:
        question.due_at = questions.next_morning(session, question)
        session.add(question)
        session.flush()
    return question


def without_papers(session: Session, school_id: UUID) -> list[Placement]:
    """Both said yes, it starts soon, and something the law asks for is not there."""
    soon = session.exec(
        select(Placement)
        .where(
            Placement.school_id == school_id,
            Placement.status == PlacementStatus.CONFIRMED,
            col(Placement.starts_on) <= clock.today() + PAPERS_BEFORE,
            col(Placement.starts_on) >= clock.today(),
        )
        .order_by(col(Placement.starts_on), col(Placement.id))
    ).all()
    return [one for one in soon if any(paper.stops for paper in queries.papers(session, one))]


def must_wait(session: Session, question: Question, address: str) -> bool:
    """Whether something that matters more waits for the one who would read this."""
    if question.kind not in ABOUT_DETAILS:
        return False
    return address.lower() in session.exec(_busy(MATTERS_MORE, func.lower(BUSY.email) == address.lower()))


def _busy(*conditions: ColumnElement[bool]) -> Any:
    """Addresses of people with such a question before them; one person may answer for several hosts."""
    return (
        select(func.lower(BUSY.email))
        .join(Question, col(Question.organisation_id) == col(BUSY.organisation_id))
        .where(col(Question.answered_at).is_(None), col(BUSY.email) != "", *conditions)
    )


def _has_no_question() -> Any:
    """Nobody at this host has a question before him: one at a time, and never beside one about a youth."""
    since = clock.now() - WAITED_FOR
    asks_details = col(Question.kind).in_(ABOUT_DETAILS) & (col(Question.created_at) > since)
    busy = _busy(MATTERS_MORE | asks_details).correlate(None)
    theirs = col(THEIRS.organisation_id) == col(Organisation.id)
    has_one = select(THEIRS.id).where(theirs, func.lower(THEIRS.email).in_(busy))
    return ~has_one.correlate(Organisation).exists()


def _asked_lately(kind: QuestionKind, column: Any, about: Any, since: timedelta) -> Any:
    """Open still, or asked not long ago."""
    return (
        select(Question.id)
        .where(
            Question.kind == kind,
            column == about,
            or_(col(Question.answered_at).is_(None), col(Question.created_at) > clock.now() - since),
        )
        .exists()
    )


def _about_contact(session: Session) -> Question | None:
    confirmed = func.coalesce(col(ContactPerson.confirmed_at), col(ContactPerson.created_at))
    person = session.exec(
        select(ContactPerson)
        .join(Organisation, col(Organisation.id) == col(ContactPerson.organisation_id))
        .where(
            Organisation.status == OrganisationStatus.ACTIVE,
            Organisation.kind != OrganisationKind.SCHOOL,
            col(ContactPerson.is_deputy).is_(False),
            col(ContactPerson.email) != "",
            confirmed < clock.now() - STALE_AFTER,
            _has_no_question(),
            ~_asked_lately(
                QuestionKind.CONTACT_HOLDS, col(Question.contact_id), ContactPerson.id, NOT_AGAIN_FOR
            ),
        )
        .order_by(confirmed, col(ContactPerson.id))
        .limit(1)
    ).first()
    if person is None:
        return None
    return Question(
        kind=QuestionKind.CONTACT_HOLDS, organisation_id=person.organisation_id, contact_id=person.id
    )


def _about_offer(session: Session) -> Question | None:
    confirmed = func.coalesce(col(Offer.confirmed_at), col(Offer.created_at))
    offer = session.exec(
        select(Offer)
        .join(Organisation, col(Organisation.id) == col(Offer.organisation_id))
        .where(
            Organisation.status == OrganisationStatus.ACTIVE,
            col(Offer.status).in_(SHOWN),
            confirmed < clock.now() - CONFIRM_AFTER,
            _has_no_question(),
            ~_asked_lately(QuestionKind.OFFER_HOLDS, col(Question.offer_id), Offer.id, NOT_AGAIN_FOR),
            ~_asked_lately(
                QuestionKind.OFFER_HOLDS,
                col(Question.organisation_id),
                Offer.organisation_id,
                ONE_OFFER_A_FORTNIGHT,
            ),
        )
        .order_by(confirmed, col(Offer.id))
        .limit(1)
    ).first()
    if offer is None:
        return None
    return Question(kind=QuestionKind.OFFER_HOLDS, organisation_id=offer.organisation_id, offer_id=offer.id)


def _about_papers(session: Session) -> Question | None:
    """One question per school about all of them, to its contact person."""
    for school_id in _schools_that_start_soon(session):
        person = queries.contact_of(session, school_id)
        if person is not None and person.email and without_papers(session, school_id):
            return Question(kind=QuestionKind.SCHOOL_PAPERS, organisation_id=school_id, contact_id=person.id)
    return None


def _schools_that_start_soon(session: Session) -> Sequence[UUID]:
    return session.exec(
        select(Placement.school_id)
        .where(
            Placement.status == PlacementStatus.CONFIRMED,
            col(Placement.starts_on) <= clock.today() + PAPERS_BEFORE,
            col(Placement.starts_on) >= clock.today(),
            ~_asked_lately(
                QuestionKind.SCHOOL_PAPERS,
                col(Question.organisation_id),
                Placement.school_id,
                SCHOOL_AGAIN_AFTER,
            ),
        )
        .group_by(col(Placement.school_id))
        .order_by(func.min(col(Placement.starts_on)), col(Placement.school_id))
    ).all()
