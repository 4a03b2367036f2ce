"""Sends what is asked and reminds of it: one question at a time, with a link that does one thing."""

from typing import Any

from sqlmodel import Session

from service.accounts.models import Account
from service.core import clock
from service.core.i18n import speaking
from service.core.settings import Settings
from service.mail import outbox
from service.organisations.models import ContactPerson, Organisation
from service.placements import links, mails, queries, questions, wording
from service.placements.answering import person_of
from service.placements.mails import Reader
from service.placements.models import AnswerCode, Placement, Question, QuestionKind
from service.programmes.models import Programme
from service.reference.labels import label

TEMPLATES = {QuestionKind.HOST_ANSWER: "host_question"}


def send_question(session: Session, settings: Settings, question: Question) -> None:
    """The mail and the moment of the next one; without an address nothing leaves: somebody has to phone."""
    reader = reader_of(session, question)
    if reader is None:
        questions.stop_reminders(session, question)
        return
    path = links.path_of(settings.secret_key.get_secret_value(), question)
    with speaking(reader.language):
        context = _FACTS[question.kind](session, question) | {"path": path}
    outbox.put(session, mails.question(question, reader, TEMPLATES[question.kind], context))
    now = clock.now()
    question.mails_sent += 1
    question.asked_at = question.asked_at or now
    question.due_at = questions.after_mail(question, now)
    session.add(question)


def reader_of(session: Session, question: Question) -> Reader | None:
    """The colleague it was handed over to, else the contact person."""
    if question.account_id is not None:
        return _of_account(session.get(Account, question.account_id))
    return reader_for(session, person_of(session, question))


def reader_for(session: Session, person: ContactPerson | None) -> Reader | None:
    if person is None or not person.email:
        return None
    account = session.get(Account, person.account_id) if person.account_id else None
    return Reader(person.name, person.email, account.language if account else "nl")


def _of_account(account: Account | None) -> Reader | None:
    if account is None or not account.is_active:
        return None
    return Reader(account.name, account.email, account.language)


def host_facts(session: Session, question: Question) -> dict[str, Any]:
    """What a host may know by mail: no name, no age; the page behind the link tells who it is."""
    placement = session.get_one(Placement, question.placement_id)
    card = queries.cards_of(session, [placement])[0]
    return {
        "title": card.offer.title,
        "kind": label("kinds", card.offer.kind),
        "school": card.school.name,
        "programme": session.get_one(Programme, placement.programme_id).name,
        "organisation": card.organisation.name,
        "days": wording.days(placement),
        "is_class": card.youth is None,
        "until": placement.due_at.isoformat() if placement.due_at else None,
        "cap_path": f"/organisations/{placement.organisation_id}/edit",
    }


_FACTS = {QuestionKind.HOST_ANSWER: host_facts}


def tell_of_silence(session: Session, placement: Placement) -> None:
    """Both sides hear that nobody waits any more: the host of this one, the school once a day of all."""
    card = queries.cards_of(session, [placement])[0]
    closed = questions.find_last(session, placement, QuestionKind.HOST_ANSWER)
    if closed is not None and closed.asked_at is not None and closed.answer is AnswerCode.SILENCE:
        reader = reader_of(session, closed)
        if reader is not None:
            with speaking(reader.language):
                facts = {
                    "title": card.offer.title,
                    "school": card.school.name,
                    "days": wording.days(placement),
                }
            outbox.put(session, mails.notice(f"silence-host:{placement.id}", reader, "silence_host", facts))
    _tell_school(session, card.school)


def _tell_school(session: Session, school: Organisation) -> None:
    reader = reader_for(session, queries.contact_of(session, school.id))
    if reader is not None:
        facts = {"school": school.name, "path": "/placements?status=expired"}
        key = f"silence-school:{school.id}:{clock.today().isoformat()}"
        outbox.put(session, mails.notice(key, reader, "silence_school", facts))
