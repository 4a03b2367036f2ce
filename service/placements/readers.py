"""Whom a question goes to: the colleague it was handed over to, else the contact person as he is now."""

from uuid import UUID

from sqlmodel import Session, col, select

from service.accounts.models import Account, Membership, Role
from service.organisations.contacts import language_of
from service.organisations.models import ContactPerson
from service.placements.mails import Reader
from service.placements.models import Question, QuestionKind
from service.placements.queries import contact_of


def reader_of(session: Session, question: Question) -> Reader | None:
    """Nobody when there is no address, and for a youth, who has none here."""
    if question.kind is QuestionKind.YOUTH_ANSWER:
        return None
    if question.account_id is not None:
        return _of_account(session.get(Account, question.account_id))
    return reader_for(session, person_of(session, question))


def reader_for(session: Session, person: ContactPerson | None) -> Reader | None:
    """Nobody either whose account was closed: what cannot sign in answers nothing, and reads of nobody."""
    if person is None or not person.email:
        return None
    account = session.get(Account, person.account_id) if person.account_id else None
    if account is not None and not account.is_active:
        return None
    return Reader(person.name, person.email, language_of(session, person))


def coordinators_of(session: Session, programme_id: UUID) -> list[Reader]:
    found = session.exec(
        select(Account)
        .join(Membership, col(Membership.account_id) == col(Account.id))
        .where(
            Membership.role == Role.COORDINATOR,
            Membership.programme_id == programme_id,
            col(Account.is_active),
        )
        .order_by(col(Account.id))
    )
    return [Reader(one.name, one.email, one.language) for one in found]


def person_of(session: Session, question: Question) -> ContactPerson | None:
    if question.contact_id is not None:
        return session.get(ContactPerson, question.contact_id)
    return contact_of(session, question.organisation_id)


def address_of(session: Session, question: Question) -> str:
    reader = reader_of(session, question)
    return reader.email if reader else ""


def _of_account(account: Account | None) -> Reader | None:
    if account is None or not account.is_active:
        return None
    return Reader(account.name, account.email, account.language)
