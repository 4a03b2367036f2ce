"""Answers by link: who holds the mail answers this one question for whom it was sent to, nothing else."""

from uuid import UUID

from sqlmodel import Session, col, select

from service.audit.record import record
from service.core.actor import Actor
from service.organisations.actions import move_organisation
from service.organisations.models import ContactPerson, Organisation, OrganisationStatus
from service.placements import actions, links, questions
from service.placements.errors import IsAnsweredAlready, LinkDoesNotWork
from service.placements.lifecycle import WAITING
from service.placements.models import (
    AnswerCode,
    ContactNote,
    DeclineCode,
    NoteCode,
    Placement,
    PlacementStatus,
    Question,
    QuestionKind,
)
from service.placements.queries import contact_of
from service.placements.schemas import (
    DaysInput,
    HostConfirmInput,
    HostDeclineInput,
    YouthDeclineInput,
)
from service.placements.stepping import step


def say_yes_as_host(session: Session, secret: str, token: str, answer: HostConfirmInput) -> Placement:
    question, actor = _open(session, secret, QuestionKind.HOST_ANSWER, token)
    return actions.confirm_placement(session, actor, _placement_id(question), answer)


def say_no_as_host(session: Session, secret: str, token: str, answer: HostDeclineInput) -> Placement:
    question, actor = _open(session, secret, QuestionKind.HOST_ANSWER, token)
    return actions.refuse_placement(session, actor, _placement_id(question), answer)


def propose_other_days(session: Session, secret: str, token: str, new: DaysInput) -> Placement:
    question, actor = _open(session, secret, QuestionKind.HOST_ANSWER, token)
    return actions.propose_other_days(session, actor, _placement_id(question), new)


def ask_never_again(session: Session, secret: str, token: str) -> Organisation:
    """All that still waits for this host gets a no, and the host takes a break until it says otherwise."""
    question, actor = _open(session, secret, QuestionKind.HOST_ANSWER, token)
    host = session.get_one(Organisation, question.organisation_id, with_for_update=True)
    for placement in session.exec(
        select(Placement)
        .where(Placement.organisation_id == host.id, col(Placement.status).in_(WAITING))
        .order_by(col(Placement.id))
    ):
        placement.decline_code = DeclineCode.OFFER_NO_LONGER_HOLDS
        step(session, actor, placement, PlacementStatus.DECLINED_BY_HOST)
    questions.close_all_of(session, host.id, AnswerCode.NEVER_AGAIN)
    questions.close(session, question, AnswerCode.NEVER_AGAIN)
    if host.status in (OrganisationStatus.ACTIVE, OrganisationStatus.INVITED):
        move_organisation(session, actor, host.id, OrganisationStatus.PAUSED)
    session.add(ContactNote(organisation_id=host.id, code=NoteCode.DOES_NOT_WANT))
    record(session, actor, "question.never_again", question)
    return host


def say_yes_as_youth(session: Session, secret: str, token: str) -> Placement:
    question, actor = _open(session, secret, QuestionKind.YOUTH_ANSWER, token)
    return actions.accept_placement(session, actor, _placement_id(question))


def say_no_as_youth(session: Session, secret: str, token: str, answer: YouthDeclineInput) -> Placement:
    question, actor = _open(session, secret, QuestionKind.YOUTH_ANSWER, token)
    return actions.decline_placement(session, actor, _placement_id(question), answer)


def remind_later(session: Session, secret: str, kind: QuestionKind, token: str) -> Question:
    question, actor = _open(session, secret, kind, token)
    questions.snooze(session, question)
    record(session, actor, "question.snoozed", question)
    return question


def stop_reminding(session: Session, secret: str, kind: QuestionKind, token: str) -> Question:
    question, actor = _open(session, secret, kind, token)
    questions.stop_reminders(session, question)
    record(session, actor, "question.reminders_stopped", question)
    return question


def whose(session: Session, question: Question) -> Actor:
    """The one a link speaks for, with the right to nothing but what the question is about."""
    if question.kind is QuestionKind.YOUTH_ANSWER:
        placement = session.get_one(Placement, question.placement_id)
        if placement.youth_id is not None:
            return Actor(youth_id=placement.youth_id)
        return Actor(school_ids=frozenset({placement.school_id}))
    person = person_of(session, question)
    account_id = question.account_id or (person.account_id if person else None)
    name = person.name if person else ""
    return Actor(account_id=account_id, name=name, organisation_ids=frozenset({question.organisation_id}))


def person_of(session: Session, question: Question) -> ContactPerson | None:
    if question.contact_id is not None:
        return session.get(ContactPerson, question.contact_id)
    return contact_of(session, question.organisation_id)


def _open(session: Session, secret: str, kind: QuestionKind, token: str) -> tuple[Question, Actor]:
    """Locked, so that of two clicks at once exactly one is an answer."""
    question = links.find_question(session, secret, kind, token, lock=True)
    if question is None:
        raise LinkDoesNotWork
    if question.answered_at is not None:
        raise IsAnsweredAlready
    return question, whose(session, question)


def _placement_id(question: Question) -> UUID:
    assert question.placement_id is not None, "asked about a placement"
    return question.placement_id
