"""The one fixed contact person of an organisation and the deputy: who they are, and their way in."""

from sqlmodel import Session, col, select

from service.accounts.actions import invite_account
from service.accounts.models import Account, Membership, Role
from service.audit.record import record
from service.core import clock
from service.core.actor import Actor
from service.core.i18n import language
from service.organisations.models import ContactPerson, Organisation, OrganisationKind
from service.organisations.policy import is_own
from service.organisations.schemas import ContactInput


def find_person(session: Session, organisation: Organisation, *, is_deputy: bool) -> ContactPerson | None:
    return session.exec(
        select(ContactPerson).where(
            ContactPerson.organisation_id == organisation.id, col(ContactPerson.is_deputy) == is_deputy
        )
    ).first()


def set_person(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    new: ContactInput,
    *,
    is_deputy: bool,
) -> None:
    """Writes who it is; a new address gets an invitation, and who was replaced no longer gets in."""
    person = find_person(session, organisation, is_deputy=is_deputy)
    if person is None:
        person = ContactPerson(organisation_id=organisation.id, is_deputy=is_deputy, name=new.name)
    is_somebody_new = person.email != new.email
    replaced = person.account_id if is_somebody_new else None
    person.sqlmodel_update(new.model_dump())
    if is_somebody_new:
        person.account_id = _invite(session, actor, organisation, new).id
        person.confirmed_at = None
    if actor.account_id is not None and person.account_id == actor.account_id:
        person.confirmed_at = clock.now()
    session.add(person)
    session.flush()
    if replaced is not None:
        _let_go(session, actor, organisation, replaced)


def remove_deputy(session: Session, actor: Actor, organisation: Organisation) -> None:
    deputy = find_person(session, organisation, is_deputy=True)
    if deputy is None:
        return
    session.delete(deputy)
    session.flush()
    if deputy.account_id is not None:
        _let_go(session, actor, organisation, deputy.account_id)


def language_of(session: Session, person: ContactPerson) -> str:
    """In which somebody is written to: as he chose himself, and Dutch for who has no account."""
    account = session.get(Account, person.account_id) if person.account_id else None
    return account.language if account else "nl"


def role_in(organisation: Organisation) -> Role:
    return Role.SCHOOL_STAFF if organisation.kind is OrganisationKind.SCHOOL else Role.CONTACT


def _invite(session: Session, actor: Actor, organisation: Organisation, new: ContactInput) -> Account:
    return invite_account(
        session,
        actor,
        email=new.email,
        name=new.name,
        role=role_in(organisation),
        place_id=organisation.id,
        place_name=organisation.name,
        # Whoever hands over by a link is no guest, though nobody is signed in.
        is_quoted=(is_own(actor, organisation) or not actor.is_guest) and not organisation.waits_for_check,
        language=language(),
        next_path=f"/organisations/{organisation.id}",
    )


def _let_go(session: Session, actor: Actor, organisation: Organisation, account_id: object) -> None:
    """Never of the other person, and never of who does it: nobody locks himself out by a slip of the pen."""
    still_there = session.exec(
        select(ContactPerson.id).where(
            ContactPerson.organisation_id == organisation.id, ContactPerson.account_id == account_id
        )
    ).first()
    if still_there is not None or account_id == actor.account_id:
        return
    for membership in session.exec(
        select(Membership).where(
            Membership.account_id == account_id,
            Membership.organisation_id == organisation.id,
            Membership.role == role_in(organisation),
        )
    ):
        session.delete(membership)
        record(session, actor, "membership.ended", membership, account_id=str(account_id))
