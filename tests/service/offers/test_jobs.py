"""What is over is closed by itself, and who stopped long ago is forgotten."""

from datetime import timedelta

from sqlmodel import Session, select

from service.accounts.models import Membership
from service.audit.models import AuditEntry
from service.core import clock
from service.core.jobs import Begin, drain
from service.offers.jobs import JOBS
from service.offers.models import OfferStatus
from service.organisations.models import ContactPerson, Organisation, OrganisationStatus
from tests.world import World

CLOSE, FORGET = JOBS
LONG_AGO = timedelta(days=800)


def test_it_works(session: Session, begin: Begin, world: World) -> None:
    world.bakery_offer.sqlmodel_update({"starts_on": None, "ends_on": clock.today() - timedelta(days=1)})
    world.garage_offer.sqlmodel_update({"starts_on": None, "ends_on": clock.today()})
    session.add_all([world.bakery_offer, world.garage_offer])

    assert drain(CLOSE, begin) == 1

    session.refresh(world.bakery_offer)
    session.refresh(world.garage_offer)
    assert world.bakery_offer.status is OfferStatus.CLOSED
    assert world.garage_offer.status is OfferStatus.PUBLISHED
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "offer.closed")).one()
    assert entry.is_system


def test_a_draft_is_never_closed_by_itself(session: Session, begin: Begin, world: World) -> None:
    world.bakery_offer.sqlmodel_update(
        {"status": OfferStatus.DRAFT, "starts_on": None, "ends_on": clock.today() - timedelta(days=1)}
    )
    session.add(world.bakery_offer)

    assert drain(CLOSE, begin) == 0


def people(session: Session, organisation: Organisation) -> int:
    return len(
        session.exec(select(ContactPerson).where(ContactPerson.organisation_id == organisation.id)).all()
    ) + len(session.exec(select(Membership).where(Membership.organisation_id == organisation.id)).all())


def grow_old(session: Session, world: World) -> None:
    past = clock.now() - LONG_AGO
    world.bakery.sqlmodel_update({"created_at": past, "confirmed_at": past})
    world.bakery_offer.sqlmodel_update(
        {"created_at": past, "confirmed_at": past, "starts_on": None, "ends_on": past.date()}
    )
    session.add_all([world.bakery, world.bakery_offer])


def test_who_offered_nothing_for_two_years_is_forgotten(session: Session, begin: Begin, world: World) -> None:
    grow_old(session, world)

    assert drain(FORGET, begin) == 1

    assert people(session, world.bakery) == 0
    assert people(session, world.garage) == 2
    session.refresh(world.bakery)
    assert world.bakery.status is OrganisationStatus.CLOSED
    assert drain(FORGET, begin) == 0


def test_one_offer_or_one_click_keeps_an_organisation(session: Session, begin: Begin, world: World) -> None:
    grow_old(session, world)
    world.bakery.confirmed_at = clock.now()
    session.add(world.bakery)
    assert drain(FORGET, begin) == 0

    grow_old(session, world)
    world.bakery_offer.updated_at = clock.now()
    session.add(world.bakery_offer)
    assert drain(FORGET, begin) == 0


def test_a_school_is_kept(session: Session, begin: Begin, world: World) -> None:
    past = clock.now() - LONG_AGO
    world.school.sqlmodel_update({"created_at": past, "confirmed_at": past})
    session.add(world.school)

    assert drain(FORGET, begin) == 0


def test_the_name_of_a_supervisor_goes_a_year_after_closing(
    session: Session, begin: Begin, world: World
) -> None:
    world.bakery_offer.sqlmodel_update(
        {
            "supervisor_name": "Els",
            "status": OfferStatus.CLOSED,
            "updated_at": clock.now() - timedelta(days=366),
        }
    )
    world.garage_offer.sqlmodel_update(
        {"supervisor_name": "Kees", "status": OfferStatus.CLOSED, "updated_at": clock.now()}
    )
    session.add_all([world.bakery_offer, world.garage_offer])

    assert drain(FORGET, begin) == 1

    session.refresh(world.bakery_offer)
    session.refresh(world.garage_offer)
    assert (world.bakery_offer.supervisor_name, world.garage_offer.supervisor_name) == ("", "Kees")
