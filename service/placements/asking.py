"""Sends what is asked and reminds of it: one question at a time, with a link that does one thing."""

from typing import Any

from sqlmodel import Session

from service.calendars.queries import free_days_of
from service.core import clock
from service.core.i18n import speaking
from service.core.settings import Settings
from service.mail import outbox
from service.offers.models import Offer
from service.offers.queries import is_stale
from service.organisations.models import Organisation
from service.placements import keeping, links, mails, queries, questions, wording
from service.placements.models import AnswerCode, Placement, Question, QuestionKind
from service.placements.readers import reader_of
from service.reference.labels import label

TEMPLATES = {
    QuestionKind.HOST_ANSWER: "host_question",
    QuestionKind.OFFER_HOLDS: "offer_holds",
    QuestionKind.CONTACT_HOLDS: "contact_holds",
    QuestionKind.SCHOOL_PAPERS: "school_papers",
    QuestionKind.OTHER_DAYS: "other_days",
}


def send_question(session: Session, settings: Settings, question: Question) -> None:
    """The mail and the moment of the next one; without an address nothing leaves: somebody has to phone."""
    reader = reader_of(session, question)
    if reader is None:
        questions.stop_reminders(session, question)
        return
    if not _is_still_needed(session, question):
        questions.close(session, question, AnswerCode.NOT_NEEDED)
        return
    if keeping.must_wait(session, question, reader.email):
        question.due_at = questions.on_working_day(session, question, clock.now(), 1)
        session.add(question)
        return
    path = links.path_of(settings.secret_key.get_secret_value(), question, reader.email)
    with speaking(reader.language):
        context = _FACTS[question.kind](session, question) | {"path": path}
    outbox.put(session, mails.question(question, reader, TEMPLATES[question.kind], context))
    now = clock.now()
    question.mails_sent += 1
    question.asked_at = question.asked_at or now
    question.due_at = questions.after_mail(session, question, now)
    session.add(question)


def host_facts(session: Session, question: Question) -> dict[str, Any]:
    """What a host may know by mail: no name, no age; the page behind the link tells who it is."""
    placement = session.get_one(Placement, question.placement_id)
    card = queries.cards_of(session, [placement])[0]
    programme = queries.programme_of(session, placement)
    return {
        "title": card.offer.title,
        "kind": label("kinds", card.offer.kind),
        "school": card.school.name,
        "programme": programme.name,
        "organisation": card.organisation.name,
        "days": wording.days(placement),
        "hours": wording.hours(placement, card.offer, free_days_of(session, placement.school_id)),
        "why": wording.why_you(placement, queries.reasons_of(session, placement), programme.name),
        "is_class": card.youth is None,
        "until": placement.due_at.isoformat() if placement.due_at else None,
        **_about_other_days(session, placement),
    }


def _about_other_days(session: Session, placement: Placement) -> dict[str, Any]:
    """What came of the days that the host proposed itself, when it did."""
    proposed = questions.find_answered(session, placement, AnswerCode.OTHER_DAYS)
    if proposed is None or proposed.answered_at is None:
        return {"other_days": ""}
    said_yes_at = placement.youth_answered_at
    is_fine = said_yes_at is not None and said_yes_at > proposed.answered_at
    return {"other_days": "possible" if is_fine else "not_possible"}


def offer_facts(session: Session, question: Question) -> dict[str, Any]:
    offer = session.get_one(Offer, question.offer_id)
    return {"title": offer.title, "left": offer.positions_left, "positions": offer.positions}


def contact_facts(session: Session, question: Question) -> dict[str, Any]:
    return {"organisation": session.get_one(Organisation, question.organisation_id).name}


def school_facts(session: Session, question: Question) -> dict[str, Any]:
    waiting = keeping.without_papers(session, question.organisation_id)
    first = min((one.starts_on for one in waiting if one.starts_on), default=None)
    return {
        "school": session.get_one(Organisation, question.organisation_id).name,
        "number": len(waiting),
        "first": first.isoformat() if first else None,
    }


def days_facts(session: Session, question: Question) -> dict[str, Any]:
    """What the host proposes instead; who it is about stands behind the link."""
    placement = session.get_one(Placement, question.placement_id)
    card = queries.cards_of(session, [placement])[0]
    return {
        "title": card.offer.title,
        "school": card.school.name,
        "organisation": card.organisation.name,
        "days": wording.days(placement),
        "other_days": wording.other_days(placement),
        "until": placement.due_at.isoformat() if placement.due_at else None,
    }


def _is_still_needed(session: Session, question: Question) -> bool:
    """It may have been done without the link in the meantime."""
    if question.kind is QuestionKind.OFFER_HOLDS:
        return is_stale(session.get_one(Offer, question.offer_id))
    if question.kind is QuestionKind.SCHOOL_PAPERS:
        return bool(keeping.without_papers(session, question.organisation_id))
    return True


_FACTS = {
    QuestionKind.HOST_ANSWER: host_facts,
    QuestionKind.OFFER_HOLDS: offer_facts,
    QuestionKind.CONTACT_HOLDS: contact_facts,
    QuestionKind.SCHOOL_PAPERS: school_facts,
    QuestionKind.OTHER_DAYS: days_facts,
}
