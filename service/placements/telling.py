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
from service.placements.readers import reader_for, reader_of, readers_for_school

EXPIRED = "/placements?status=expired"


def tell_that_days_are_possible(session: Session, placement: Placement) -> None:
    """After the days have changed: now somebody says yes or no to them."""
    host = reader_for(session, queries.contact_of(session, placement.organisation_id))
    if host is not None:
        _tell(session, placement, host, "other_days_possible")


def tell_of_end_after_other_days(
    session: Session, placement: Placement, *, school_was_silent: bool = False
) -> None:
    """Who proposed days and waits to hear of it hears that it does not go on."""
    last = questions.find_last(session, placement, QuestionKind.HOST_ANSWER)
    if placement.host_answered_at is not None or last is None or last.answer is not AnswerCode.OTHER_DAYS:
        return
    reader = reader_of(session, last)
    if reader is not None:
        _tell(session, placement, reader, "other_days_over", school_was_silent=school_was_silent)


def tell_of_silence_of_school(session: Session, placement: Placement) -> None:
    """The host was willing and hears that it was not he; who was asked hears that time is up."""
    tell_of_end_after_other_days(session, placement, school_was_silent=True)
    for reader in readers_for_school(session, placement):
        facts = _facts(session, placement, reader) | {"path": EXPIRED}
        key = f"silence-days:{placement.id}:{reader.email}"
        outbox.put(session, mails.notice(key, reader, "silence_school", facts))


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
    """With the first of a day, which comes before the others whose time is over too."""
    reader = reader_for(session, queries.contact_of(session, school.id))
    if reader is not None:
        number = 1 + queries.count_silent(session, school.id)
        facts = {"school": school.name, "number": number, "path": EXPIRED}
        key = f"silence-school:{school.id}:{clock.today().isoformat()}"
        outbox.put(session, mails.notice(key, reader, "silence_school", facts))


def _tell(session: Session, placement: Placement, reader: Reader, template: str, **further: Any) -> None:
    """Days may be proposed again after they were not possible: each time is a mail of its own.

    In the stream of agreements: of a side that has left the news the other would wait in vain.
    """
    facts = _facts(session, placement, reader) | further
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
        }
