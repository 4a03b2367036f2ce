"""Whom a question goes to: the colleague it was handed over to, else the contact person as he is now."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from service.accounts.models import Account, Membership, Role
from service.organisations.contacts import language_of
from service.organisations.models import ContactPerson
from service.placements.mails import Reader
from service.placements.models import Placement, Question, QuestionKind
from service.placements.queries import contact_of


def reader_of(session: Session, question: Question) -> Reader | None:
    """Nobody when there is no address, and for a youth, who has none here."""
    if question.kind is QuestionKind.YOUTH_ANSWER:
        return None
    if question.account_id is not None:
        account = session.get(Account, question.account_id)
        return _of_account(account) if _still_answers(session, question) else None
    return reader_for(session, person_of(session, question))


def reader_for(session: Session, person: ContactPerson | None) -> Reader | None:
    """Nobody either whose account was closed: what cannot sign in answers nothing, and reads of nobody."""
    if person is None or not person.email:
        return None
    account = session.get(Account, person.account_id) if person.account_id else None
    if account is not None and not account.is_active:
        return None
    return Reader(person.name, person.email, language_of(session, person))


def coordinators_of(session: Session, programme_id: UUID) -> Sequence[Account]:
    return session.exec(
        select(Account)
        .join(Membership, col(Membership.account_id) == col(Account.id))
        .where(
            Membership.role == Role.COORDINATOR,
            Membership.programme_id == programme_id,
            col(Account.is_active),
        )
        .order_by(col(Account.id))
    ).all()


def whom_to_ask_for_school(session: Session, placement: Placement) -> list[UUID | None]:
    """None is its contact person; when he has no address, the coordinators of the programme by name."""
    if reader_for(session, contact_of(session, placement.school_id)) is not None:
        return [None]
    return [one.id for one in coordinators_of(session, placement.programme_id)]


def readers_for_school(session: Session, placement: Placement) -> list[Reader]:
    """The same people, to be told."""
    reader = reader_for(session, contact_of(session, placement.school_id))
    if reader is not None:
        return [reader]
    found = coordinators_of(session, placement.programme_id)
    return [Reader(one.name, one.email, one.language) for one in found]


def person_of(session: Session, question: Question) -> ContactPerson | None:
    if question.contact_id is not None:
        return session.get(ContactPerson, question.contact_id)
    return contact_of(session, question.organisation_id)


def address_of(session: Session, question: Question) -> str:
    reader = reader_of(session, question)
    return reader.email if reader else ""


def _still_answers(session: Session, question: Question) -> bool:
    """Who was asked as coordinator is asked as long as he is one."""
    if question.kind is not QuestionKind.OTHER_DAYS or question.placement_id is None:
        return True
    placement = session.get_one(Placement, question.placement_id)
    return question.account_id in {one.id for one in coordinators_of(session, placement.programme_id)}


def _of_account(account: Account | None) -> Reader | None:
    if account is None or not account.is_active:
        return None
    return Reader(account.name, account.email, account.language)
