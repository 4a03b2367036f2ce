"""The details of an organisation are kept up to date by its own people or by who arranges things."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from service.accounts.models import Account, Membership, Role
from service.audit.models import AuditEntry
from service.core import clock
from service.core.actor import Actor
from service.mail.models import Mail
from service.organisations.models import ContactPerson, Location, Organisation, OrganisationStatus
from service.placements.models import PlacementStatus
from tests import factories as make
from tests.conftest import Browser
from tests.world import World

TYPED = {
    "name": "Bakkerij De Zonnebloem",
    "kvk": "87654321",
    "website": "www.zonnebloem.example",
    "monthly_cap": "3",
    "contact_name": "Els Bakker",
    "contact_email": "els@example.nl",
    "contact_phone": "",
}


@pytest.fixture(autouse=True)
def els_is_the_contact_person(session: Session, world: World) -> None:
    person = contact(session, world.bakery)
    person.email, person.account_id = "els@example.nl", world.accounts["els"].id
    session.add(person)
    session.commit()


def contact(session: Session, organisation: Organisation, *, is_deputy: bool = False) -> ContactPerson:
    return session.exec(
        select(ContactPerson).where(
            ContactPerson.organisation_id == organisation.id, ContactPerson.is_deputy == is_deputy
        )
    ).one()


def members(session: Session, organisation: Organisation) -> set[str]:
    rows = session.exec(
        select(Account.email)
        .join(Membership, Membership.account_id == Account.id)  # type: ignore[arg-type]
        .where(Membership.organisation_id == organisation.id, Membership.role == Role.CONTACT)
    )
    return set(rows)


def test_it_works(client: Browser, session: Session, world: World) -> None:
    shown = client.acting_as(world.baker).get(f"/organisations/{world.bakery.id}/edit").text
    assert 'value="els@example.nl"' in shown

    answer = client.post(f"/organisations/{world.bakery.id}/edit", data=TYPED)

    assert answer.headers["location"] == f"/organisations/{world.bakery.id}"
    session.refresh(world.bakery)
    assert (world.bakery.name, world.bakery.kvk) == ("Bakkerij De Zonnebloem", "87654321")
    assert (world.bakery.website, world.bakery.monthly_cap) == ("https://www.zonnebloem.example", 3)
    assert contact(session, world.bakery).name == "Els Bakker"
    page = client.get(f"/organisations/{world.bakery.id}").text
    assert "Els Bakker" in page
    assert "87654321" in page


def test_the_record_names_fields_and_no_values(client: Browser, session: Session, world: World) -> None:
    client.acting_as(world.baker).post(f"/organisations/{world.bakery.id}/edit", data=TYPED)

    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "organisation.changed")).one()
    assert entry.facts == {"fields": ["kvk", "monthly_cap", "name", "website", "contact", "deputy"]}


def test_a_new_contact_person_is_invited_and_the_old_one_let_go(
    client: Browser, session: Session, world: World
) -> None:
    client.acting_as(world.coordinator)
    client.post(f"/organisations/{world.bakery.id}/edit", data=TYPED | {"contact_email": "nieuw@example.nl"})

    assert members(session, world.bakery) == {"nieuw@example.nl"}
    assert session.exec(select(Mail).where(Mail.recipient == "nieuw@example.nl")).one()


def test_who_hands_over_does_not_lock_himself_out(client: Browser, session: Session, world: World) -> None:
    client.acting_as(world.baker)
    client.post(f"/organisations/{world.bakery.id}/edit", data=TYPED | {"contact_email": "nieuw@example.nl"})

    assert members(session, world.bakery) == {"nieuw@example.nl", "els@example.nl"}


def test_a_deputy_comes_and_goes(client: Browser, session: Session, world: World) -> None:
    client.acting_as(world.baker)
    path = f"/organisations/{world.bakery.id}/edit"
    client.post(path, data=TYPED | {"deputy_name": "Ali", "deputy_email": "ali@example.nl"})
    assert contact(session, world.bakery, is_deputy=True).name == "Ali"
    assert members(session, world.bakery) == {"ali@example.nl", "els@example.nl"}

    client.post(path, data=TYPED)
    assert members(session, world.bakery) == {"els@example.nl"}


def test_two_people_may_change_places(client: Browser, session: Session, world: World) -> None:
    client.acting_as(world.coordinator)
    path = f"/organisations/{world.bakery.id}/edit"
    client.post(path, data=TYPED | {"deputy_name": "Ali", "deputy_email": "ali@example.nl"})

    client.post(
        path,
        data=TYPED
        | {
            "contact_name": "Ali",
            "contact_email": "ali@example.nl",
            "deputy_name": "Els Bakker",
            "deputy_email": "els@example.nl",
        },
    )

    assert members(session, world.bakery) == {"ali@example.nl", "els@example.nl"}
    assert contact(session, world.bakery).name == "Ali"


def test_what_is_wrong_is_said_and_nothing_is_half_saved(
    client: Browser, session: Session, world: World
) -> None:
    client.acting_as(world.baker)
    answer = client.post(f"/organisations/{world.bakery.id}/edit", data=TYPED | {"kvk": "12"})

    assert answer.status_code == 422
    assert 'value="Bakkerij De Zonnebloem"' in answer.text
    session.refresh(world.bakery)
    assert world.bakery.name == "Bakkerij Zonnebloem"


def test_one_click_says_that_it_is_still_right(client: Browser, session: Session, world: World) -> None:
    world.bakery.confirmed_at = clock.now() - timedelta(days=400)
    session.add(world.bakery)
    client.acting_as(world.baker)
    assert "Is this still right?" in client.get(f"/organisations/{world.bakery.id}").text

    client.post(f"/organisations/{world.bakery.id}/confirm")

    assert "Is this still right?" not in client.get(f"/organisations/{world.bakery.id}").text
    session.refresh(world.bakery)
    assert world.bakery.confirmed_at is not None
    assert clock.now() - world.bakery.confirmed_at < timedelta(minutes=1)


def test_a_break_an_end_and_no_way_back(client: Browser, session: Session, world: World) -> None:
    client.acting_as(world.baker)
    path = f"/organisations/{world.bakery.id}"
    for act, status in (("pause", "paused"), ("resume", "active"), ("close", "closed")):
        assert client.post(f"{path}/{act}").status_code == 303
        session.refresh(world.bakery)
        assert world.bakery.status == OrganisationStatus(status)
    assert client.post(f"{path}/resume").status_code == 409
    assert client.post(f"{path}/edit", data=TYPED).status_code == 409
    assert "Change the details" not in client.get(path).text


def test_locations_are_added_and_removed(client: Browser, session: Session, world: World) -> None:
    client.acting_as(world.baker)
    path = f"/organisations/{world.bakery.id}/locations"
    first = session.exec(select(Location).where(Location.organisation_id == world.bakery.id)).one()
    assert client.post(f"{path}/{first.id}/remove").status_code == 409

    assert client.post(path, data={"postcode": "10688"}).status_code == 422
    client.post(path, data={"postcode": "1069 cd", "name": "Winkel"})
    assert "Winkel" in client.get(f"/organisations/{world.bakery.id}").text
    client.post(f"{path}/{first.id}/remove")

    left = session.exec(select(Location).where(Location.organisation_id == world.bakery.id)).one()
    assert (left.name, left.pc4) == ("Winkel", "1069")


def test_a_location_of_another_organisation_does_not_exist(
    client: Browser, session: Session, world: World
) -> None:
    foreign = session.exec(select(Location).where(Location.organisation_id == world.garage.id)).one()

    answer = client.acting_as(world.baker).post(
        f"/organisations/{world.bakery.id}/locations/{foreign.id}/remove"
    )

    assert answer.status_code == 404


def test_a_school_keeps_its_region(client: Browser, world: World) -> None:
    client.acting_as(world.coordinator)
    answer = client.post(f"/organisations/{world.school.id}/edit", data=TYPED)

    assert answer.status_code == 422
    assert "Choose the holiday region" in answer.text


def test_the_api_changes_only_what_is_named(client: Browser, world: World) -> None:
    client.acting_as(world.baker)
    path = f"/api/v1/organisations/{world.bakery.id}"

    changed = client.patch(path, json={"monthly_cap": 5}).json()

    assert (changed["monthly_cap"], changed["name"]) == (5, "Bakkerij Zonnebloem")
    assert changed["contact"]["email"] == "els@example.nl"
    assert client.patch(path, json={"name": None}).status_code == 422
    assert client.patch(path, json={"status": "closed"}).status_code == 422
    assert client.post(f"{path}/confirm").status_code == 200


def test_who_may_not(client: Browser, session: Session, world: World) -> None:
    path = f"/organisations/{world.bakery.id}"
    for actor in (world.mechanic, world.teacher, world.mentor, world.noor_herself):
        client.acting_as(actor)
        assert client.get(path).status_code == 404
        assert client.get(f"{path}/edit").status_code == 404
        for act in ("edit", "confirm", "pause", "resume", "close", "locations"):
            assert client.post(f"{path}/{act}", data={"postcode": "1068"}).status_code in {404, 422}
        assert client.patch(f"/api/v1{path}", json={"name": "Van mij"}).status_code == 404
    client.acting_as(Actor())
    assert client.patch(f"/api/v1{path}", json={"name": "Van mij"}).status_code == 401
    assert client.post(f"{path}/close").status_code in {403, 404}
    session.refresh(world.bakery)
    assert world.bakery.status is OrganisationStatus.ACTIVE


@pytest.mark.parametrize("person", ["contact", "deputy"])
def test_a_coordinator_of_elsewhere_gets_nobody_into_a_school(
    client: Browser, session: Session, world: World, person: str
) -> None:
    """Its contact person and deputy are staff, and staff sees every youth of the school."""
    client.acting_as(world.other_coordinator)
    path = f"/api/v1/organisations/{world.school.id}"
    before = set(session.exec(select(Membership.id).where(Membership.organisation_id == world.school.id)))

    answer = client.patch(path, json={person: {"name": "Joost", "email": "joost@elders.example"}})

    assert answer.status_code == 422
    after = set(session.exec(select(Membership.id).where(Membership.organisation_id == world.school.id)))
    assert after == before
    known = contact(session, world.school)
    assert known.email != "joost@elders.example"
    phone = {"name": known.name, "email": known.email, "phone": "020 5551234"}
    assert client.patch(path, json={"contact": phone, "holiday_region": "north"}).status_code == 200


@pytest.fixture
def noor_goes_to_the_bakery(session: Session, world: World) -> None:
    run = make.make_run(session, world.programme)
    suggestion = make.make_suggestion(session, run, world.noor, world.bakery_offer, status="approved")
    make.make_placement(session, suggestion, world.bakery_offer, status=PlacementStatus.ACCEPTED)


@pytest.mark.parametrize("person", ["contact", "deputy"])
@pytest.mark.parametrize("email", ["joost@example.nl", "friend@elders.example"])
@pytest.mark.usefixtures("noor_goes_to_the_bakery")
def test_a_coordinator_of_elsewhere_gets_nobody_into_a_host_with_our_youths(
    client: Browser, session: Session, world: World, person: str, email: str
) -> None:
    """A contact person sees the youths who come: a way round the borders of a programme."""
    client.acting_as(world.other_coordinator)
    path = f"/organisations/{world.bakery.id}"

    answer = client.patch(f"/api/v1{path}", json={person: {"name": "Joost", "email": email}})
    page = client.post(f"{path}/edit", data=TYPED | {f"{person}_name": "Joost", f"{person}_email": email})
    given = {"role": "contact", "place": str(world.bakery.id), "name": "Joost", "email": email}

    assert (answer.status_code, page.status_code) == (422, 422)
    assert "works with other programmes" in page.text
    assert client.post("/people/invite", data=given).status_code == 404
    assert members(session, world.bakery) == {"els@example.nl"}


@pytest.mark.parametrize("who", ["admin", "coordinator", "other_coordinator"])
@pytest.mark.parametrize("person", ["contact", "deputy"])
def test_nobody_lets_himself_in(
    client: Browser, session: Session, world: World, who: str, person: str
) -> None:
    """Also not where he may let in others; capitals do not help."""
    own = world.accounts[{"coordinator": "farida", "other_coordinator": "joost"}.get(who, who)].email
    client.acting_as(getattr(world, who))
    path = f"/organisations/{world.bakery.id}"
    myself = {"name": "Ik", "email": own.title()}
    given = {"role": "contact", "place": str(world.bakery.id), **myself}

    assert client.patch(f"/api/v1{path}", json={person: myself}).status_code == 422
    typed = TYPED | {f"{person}_name": "Ik", f"{person}_email": own}
    assert client.post(f"{path}/edit", data=typed).status_code == 422
    answer = client.post("/people/invite", data=given)
    assert answer.status_code == 422
    assert "You cannot let yourself in" in answer.text
    assert members(session, world.bakery) == {"els@example.nl"}


@pytest.mark.usefixtures("noor_goes_to_the_bakery")
def test_a_coordinator_of_the_youths_may_name_another_contact_person(
    client: Browser, session: Session, world: World
) -> None:
    client.acting_as(world.coordinator)
    path = f"/api/v1/organisations/{world.bakery.id}"
    answer = client.patch(path, json={"contact": {"name": "Nieuw", "email": "nieuw@example.nl"}})
    assert answer.status_code == 200
    assert members(session, world.bakery) == {"nieuw@example.nl"}
