"""An invited organisation becomes active when one of its people has signed in."""

from sqlmodel import Session, select

from service.accounts.models import Role
from service.accounts.sessions import start_for_account
from service.audit.models import AuditEntry
from service.core.jobs import Begin, drain
from service.organisations.jobs import JOBS
from service.organisations.models import Organisation, OrganisationStatus
from tests import factories as make
from tests.world import World

JOB = JOBS[0]


def invited(session: Session) -> Organisation:
    organisation = make.make_organisation(session, status=OrganisationStatus.INVITED)
    account = make.make_account(session)
    make.make_membership(session, account, Role.CONTACT, organisation_id=organisation.id)
    start_for_account(session, account.id)
    return organisation


def test_it_works(session: Session, begin: Begin) -> None:
    organisations = [invited(session), invited(session)]
    session.commit()

    assert drain(JOB, begin) == 2

    for organisation in organisations:
        session.refresh(organisation)
        assert organisation.status is OrganisationStatus.ACTIVE
    entries = session.exec(select(AuditEntry).where(AuditEntry.action == "organisation.active")).all()
    assert [entry.is_system for entry in entries] == [True, True]
    assert drain(JOB, begin) == 0


def test_who_did_not_sign_in_stays_invited(session: Session, begin: Begin, world: World) -> None:
    world.bakery.status = OrganisationStatus.INVITED
    session.add(world.bakery)

    assert drain(JOB, begin) == 0


def test_a_paused_organisation_is_left_alone(session: Session, begin: Begin) -> None:
    organisation = invited(session)
    organisation.status = OrganisationStatus.PAUSED
    session.add(organisation)

    assert drain(JOB, begin) == 0
