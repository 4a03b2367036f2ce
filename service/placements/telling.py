"""Mails that ask nothing by link: what became of the days that a host proposed, and that a wait is over."""

from typing import Any

from sqlmodel import Session

from service.core import clock
from service.core.i18n import speaking
from service.mail import outbox
from service.organisations.models import Organisation
from service.placements import mails, queries, questions, wording
from service.placements.mails import Reader
from service.placements.models import AnswerCode, Placement, QuestionKind
from service.placements.readers import coordinators_of, reader_for, reader_of


def tell_of_other_days(session: Session, placement: Placement) -> None:
    """The school has to look whether they are possible; without an address there, its coordinators."""
    school = reader_for(session, queries.contact_of(session, placement.school_id))
    for reader in [school] if school else coordinators_of(session, placement.programme_id):
        _tell(session, placement, reader, "other_days")


def tell_that_days_are_possible(session: Session, placement: Placement) -> None:
    """After the days have changed: now somebody says yes or no to them."""
    host = reader_for(session, queries.contact_of(session, placement.organisation_id))
    if host is not None:
        _tell(session, placement, host, "other_days_possible")


def tell_of_end_after_other_days(session: Session, placement: Placement) -> None:
    """Who proposed days and waits to hear of it hears that it does not go on."""
    last = questions.find_last(session, placement, QuestionKind.HOST_ANSWER)
    if placement.host_answered_at is not None or last is None or last.answer is not AnswerCode.OTHER_DAYS:
        return
    reader = reader_of(session, last)
    if reader is not None:
        _tell(session, placement, reader, "other_days_over")


def tell_of_silence(session: Session, placement: Placement) -> None:
    """Both sides hear that nobody waits any more: the host of this one, the school once a day of all."""
    closed = questions.find_last(session, placement, QuestionKind.HOST_ANSWER)
    if closed is not None and closed.asked_at is not None and closed.answer is AnswerCode.SILENCE:
        reader = reader_of(session, closed)
        if reader is not None:
            facts = _facts(session, placement, reader)
            outbox.put(session, mails.notice(f"silence-host:{placement.id}", reader, "silence_host", facts))
    tell_of_end_after_other_days(session, placement)
    _tell_school(session, session.get_one(Organisation, placement.school_id))


def _tell_school(session: Session, school: Organisation) -> None:
    reader = reader_for(session, queries.contact_of(session, school.id))
    if reader is not None:
        facts = {"school": school.name, "path": "/placements?status=expired"}
        key = f"silence-school:{school.id}:{clock.today().isoformat()}"
        outbox.put(session, mails.notice(key, reader, "silence_school", facts))


def _tell(session: Session, placement: Placement, reader: Reader, template: str) -> None:
    """Days may be proposed again after they were not possible: each time is a mail of its own.

    In the stream of agreements: of a side that has left the news the other would wait in vain.
    """
    facts = _facts(session, placement, reader)
    key = f"{template}:{placement.id}:{clock.now().isoformat()}:{reader.email}"
    outbox.put(session, mails.agreement(key, reader, template, facts))


def _facts(session: Session, placement: Placement, reader: Reader) -> dict[str, Any]:
    """No name of a youth: who may know it reads it behind the link."""
    card = queries.cards_of(session, [placement])[0]
    with speaking(reader.language):
        return {
            "title": card.offer.title,
            "school": card.school.name,
            "organisation": card.organisation.name,
            "days": wording.days(placement),
            "other_days": wording.other_days(placement),
            "until": placement.due_at.isoformat() if placement.due_at else None,
            "path": f"/placements/{placement.id}",
        }
