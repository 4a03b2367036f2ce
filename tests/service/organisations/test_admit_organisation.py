"""Who registered itself is looked at first: until a coordinator says yes, nobody else meets its offers."""

import pytest
from sqlmodel import Session, select

from service.audit.models import AuditEntry
from service.core.actor import Actor
from service.core.jobs import Begin
from service.mail.models import Mail
from service.offers.models import OfferStatus
from service.organisations import actions
from service.organisations.errors import AlreadyLookedAt, OrganisationWaitsForCheck
from service.organisations.jobs import activate_who_came
from service.organisations.models import Organisation, OrganisationStatus
from tests import factories as make
from tests.conftest import Browser
from tests.service.organisations.test_register_organisation import BODY, TYPED, the_new_one
from tests.world import World


@pytest.fixture
def newcomer(client: Browser, session: Session) -> Organisation:
    client.as_guest().post("/organisations/new", data=TYPED)
    return the_new_one(session)


def contact_of(organisation: Organisation, world: World) -> Actor:
    return Actor(account_id=world.accounts["kees"].id, organisation_ids=frozenset({organisation.id}))


def test_it_works(client: Browser, session: Session, world: World, newcomer: Organisation) -> None:
    offer = make.make_offer(session, newcomer, title="Fietsen maken", status=OfferStatus.DRAFT)
    session.commit()
    client.acting_as(contact_of(newcomer, world))
    assert client.post(f"/offers/{offer.id}/publish").status_code == 303
    assert "looks at the organisation first" in client.get(f"/offers/{offer.id}").text
    assert "Fietsen maken" not in client.as_guest().get("/offers").text
    assert client.get(f"/offers/{offer.id}").status_code in {303, 404}

    client.acting_as(world.coordinator)
    assert "organisations to look at first" in client.get("/").text
    assert newcomer.name in client.get("/organisations?waits=yes").text
    assert "Look at this organisation first" in client.get(f"/organisations/{newcomer.id}").text
    answer = client.post(f"/organisations/{newcomer.id}/admit")

    assert answer.headers["location"] == f"/organisations/{newcomer.id}"
    session.refresh(newcomer)
    assert (newcomer.waits_for_check, newcomer.status) == (False, OrganisationStatus.ACTIVE)
    assert "Fietsen maken" in client.as_guest().get("/offers").text
    mail = session.exec(select(Mail).where(Mail.template == "organisations/mails/admitted")).one()
    assert mail.recipient == "sanne@example.nl"
    assert session.exec(select(AuditEntry).where(AuditEntry.action == "organisation.admitted")).one()
    assert (
        "No organisations found" in client.acting_as(world.coordinator).get("/organisations?waits=yes").text
    )


def test_the_api_does_the_same(client: Browser, world: World, newcomer: Organisation) -> None:
    client.acting_as(world.admin)
    assert client.get(f"/api/v1/organisations/{newcomer.id}").json()["waits_for_check"] is True

    admitted = client.post(f"/api/v1/organisations/{newcomer.id}/admit")

    assert (admitted.status_code, admitted.json()["waits_for_check"]) == (200, False)


def test_who_a_coordinator_brings_in_needs_no_look(client: Browser, session: Session, world: World) -> None:
    client.acting_as(world.coordinator).post("/api/v1/organisations", json=BODY)

    assert not the_new_one(session).waits_for_check


def test_signing_in_does_not_let_it_take_part(session: Session, begin: Begin, newcomer: Organisation) -> None:
    """Nor does the job go on for ever about somebody it may not activate."""
    actions.activate_organisation(session, Actor(is_system=True), newcomer)
    session.commit()

    assert not activate_who_came(begin)
    session.refresh(newcomer)
    assert newcomer.status is OrganisationStatus.INVITED


def test_a_break_is_no_way_round(session: Session, world: World, newcomer: Organisation) -> None:
    own = contact_of(newcomer, world)
    actions.move_organisation(session, own, newcomer.id, OrganisationStatus.PAUSED)

    with pytest.raises(OrganisationWaitsForCheck):
        actions.move_organisation(session, own, newcomer.id, OrganisationStatus.ACTIVE)


def test_nobody_looks_twice(session: Session, world: World, newcomer: Organisation) -> None:
    actions.admit_organisation(session, world.coordinator, newcomer.id)

    with pytest.raises(AlreadyLookedAt):
        actions.admit_organisation(session, world.admin, newcomer.id)


def test_who_may_not(client: Browser, session: Session, world: World, newcomer: Organisation) -> None:
    own = client.acting_as(contact_of(newcomer, world))
    assert own.post(f"/organisations/{newcomer.id}/admit").status_code == 403
    for stranger in (world.baker, world.teacher, world.mentor, world.noor_herself):
        answer = client.acting_as(stranger).post(f"/organisations/{newcomer.id}/admit")
        assert answer.status_code == 404
    session.refresh(newcomer)
    assert newcomer.waits_for_check
