"""Answers by link: who holds the mail answers this one question for whom it was sent to, nothing else."""

from dataclasses import replace
from uuid import UUID

from sqlmodel import Session, col, select

from service.audit.record import record
from service.core import clock
from service.core.actor import Actor
from service.core.db import TO_CHANGE
from service.core.errors import Invalid
from service.core.i18n import _
from service.offers.actions import confirm_offer, pause_offer
from service.organisations.actions import (
    change_organisation,
    confirm_organisation,
    move_organisation,
    set_monthly_cap,
)
from service.organisations.models import Organisation, OrganisationStatus
from service.organisations.schemas import ContactInput, OrganisationChanges
from service.placements import actions, following, links, queries, questions
from service.placements.errors import (
    HasPlaceInTheseDays,
    IsAnsweredAlready,
    LinkDoesNotWork,
    NotAllowedAnyMore,
)
from service.placements.lifecycle import WAITING
from service.placements.mails import ASKED_OF_SCHOOLS
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
from service.placements.readers import person_of
from service.placements.schemas import (
    CapInput,
    ColleagueInput,
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
    host = session.get_one(Organisation, question.organisation_id)
    waiting = session.exec(
        select(Placement)
        .where(Placement.organisation_id == host.id, col(Placement.status).in_(WAITING))
        .order_by(col(Placement.id))
        .with_for_update(**TO_CHANGE)
    ).all()
    for placement in waiting:
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


def say_offer_holds(session: Session, secret: str, token: str) -> Question:
    question, actor = _open(session, secret, QuestionKind.OFFER_HOLDS, token)
    assert question.offer_id is not None, "asked about an offer"
    confirm_offer(session, actor, question.offer_id)
    questions.close(session, question, AnswerCode.YES)
    return question


def say_offer_is_over(session: Session, secret: str, token: str) -> Question:
    """Paused and not closed: who presses by mistake signs in and shows it again."""
    question, actor = _open(session, secret, QuestionKind.OFFER_HOLDS, token)
    assert question.offer_id is not None, "asked about an offer"
    pause_offer(session, actor, question.offer_id)
    questions.close(session, question, AnswerCode.NO)
    return question


def say_still_contact(session: Session, secret: str, token: str) -> Question:
    question, actor = _open(session, secret, QuestionKind.CONTACT_HOLDS, token)
    confirm_organisation(session, actor, question.organisation_id)
    questions.close(session, question, AnswerCode.YES)
    return question


def hand_over_contact(session: Session, secret: str, token: str, new: ContactInput) -> Question:
    """The colleague is invited and gets what waits; who hands over keeps nothing, also no way in."""
    return _hand_over(session, *_open(session, secret, QuestionKind.CONTACT_HOLDS, token), new)


def hand_over_as_host(session: Session, secret: str, token: str, new: ContactInput) -> Question:
    """Somebody else decides: he becomes the contact person and is asked anew, by a link of his own."""
    question, actor = _open(session, secret, QuestionKind.HOST_ANSWER, token)
    placement = session.get_one(Placement, question.placement_id)
    about_contact = questions.find_about_contact(session, question.organisation_id)
    _hand_over(session, question, actor, new)
    if about_contact is not None:
        questions.close(session, about_contact, AnswerCode.HANDED_OVER)
    questions.ask(session, placement)
    return question


def _hand_over(session: Session, question: Question, actor: Actor, new: ContactInput) -> Question:
    person = person_of(session, question)
    if person is not None and person.email.lower() == new.email.lower():
        raise Invalid({"email": _("This is your own address. Fill in that of your colleague.")})
    # Whoever acts is never locked out by himself; here that is just what is asked for.
    nobody = replace(actor, account_id=None)
    change_organisation(session, nobody, question.organisation_id, OrganisationChanges(contact=new))
    questions.close(session, question, AnswerCode.HANDED_OVER)
    questions.ask_again(session, question.organisation_id)
    record(session, actor, "contact.handed_over", question)
    return question


def say_papers_done(session: Session, secret: str, token: str) -> Question:
    question, actor = _open(session, secret, QuestionKind.SCHOOL_PAPERS, token)
    questions.close(session, question, AnswerCode.YES)
    record(session, actor, "question.done", question)
    return question


def hand_over_papers(session: Session, secret: str, token: str, new: ColleagueInput) -> Question:
    """A colleague of the same school gets the question; the link of the one before does nothing any more."""
    question, actor = _open(session, secret, QuestionKind.SCHOOL_PAPERS, token)
    if new.account_id not in {account.id for account in queries.colleagues_of(session, question)}:
        raise Invalid({"account_id": _("Choose a colleague of your school.")})
    question.account_id = new.account_id
    question.turn += 1
    question.mails_sent = 0
    question.asked_at = None
    question.due_at = clock.now()
    session.add(question)
    record(session, actor, "question.handed_over", question)
    return question


def say_days_are_possible(session: Session, secret: str, token: str) -> Placement:
    question, actor = _open(session, secret, QuestionKind.OTHER_DAYS, token)
    try:
        return following.accept_other_days(session, actor, _placement_id(question))
    except (HasPlaceInTheseDays, NotAllowedAnyMore) as refusal:
        # Asked on one page and told there: the question stays open.
        raise Invalid({"": refusal.message}) from refusal


def say_days_are_not_possible(session: Session, secret: str, token: str) -> Placement:
    question, actor = _open(session, secret, QuestionKind.OTHER_DAYS, token)
    return following.refuse_other_days(session, actor, _placement_id(question))


def remind_later(session: Session, secret: str, token: str, kind: QuestionKind) -> Question:
    question, actor = _open(session, secret, kind, token)
    questions.snooze(session, question)
    record(session, actor, "question.snoozed", question)
    return question


def stop_reminding(session: Session, secret: str, token: str, kind: QuestionKind) -> Question:
    question, actor = _open(session, secret, kind, token)
    questions.stop_reminders(session, question)
    record(session, actor, "question.reminders_stopped", question)
    return question


def set_cap(session: Session, secret: str, token: str, new: CapInput) -> Organisation:
    """Who is asked says how often, without an account; the question itself stays open."""
    question, actor = _open(session, secret, QuestionKind.HOST_ANSWER, token)
    return set_monthly_cap(session, actor, question.organisation_id, new.monthly_cap)


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
    own = frozenset({question.organisation_id})
    if question.kind in ASKED_OF_SCHOOLS:
        return Actor(account_id=account_id, name=name, school_ids=own)
    return Actor(account_id=account_id, name=name, organisation_ids=own)


def _open(session: Session, secret: str, kind: QuestionKind, token: str) -> tuple[Question, Actor]:
    question = links.find_question_to_answer(session, secret, kind, token)
    if question is None:
        raise LinkDoesNotWork
    if question.answered_at is not None:
        raise IsAnsweredAlready
    return question, whose(session, question)


def _placement_id(question: Question) -> UUID:
    assert question.placement_id is not None, "asked about a placement"
    return question.placement_id
