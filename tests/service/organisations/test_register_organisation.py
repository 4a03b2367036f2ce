"""A company starts by itself: organisation, place and contact person, and a mailed link to get in."""

from typing import Any

import pytest
from sqlmodel import Session, select

from service.accounts.magic_link import MOST_LINKS_OF_STRANGERS
from service.accounts.models import Account, Membership, Role, SignInLink
from service.audit.models import AuditEntry
from service.core.actor import GUEST
from service.core.settings import Settings
from service.mail.models import Mail
from service.mail.rendering import render
from service.organisations.actions import create_organisation
from service.organisations.models import ContactPerson, Location, Organisation, OrganisationStatus
from service.organisations.schemas import OrganisationInput
from tests import factories as make
from tests.conftest import Browser
from tests.world import World

TYPED = {
    "name": "Fietsenmaker De Ketting",
    "kind": "company",
    "kvk": "12 34 56 78",
    "postcode": "1068 ab",
    "street": "Osdorpplein 1",
    "contact_name": "Sanne de Wit",
    "contact_email": "Sanne@Example.nl",
    "contact_phone": "020 123 45 67",
    "monthly_cap": "",
}
BODY: dict[str, Any] = {
    "name": "Fietsenmaker De Ketting",
    "kind": "company",
    "kvk": "12345678",
    "locations": [{"postcode": "NL-1068AB"}, {"postcode": "1069", "name": "Werkplaats"}],
    "contact": {"name": "Sanne de Wit", "email": "sanne@example.nl"},
    "deputy": {"name": "Ali Kaya", "email": "ali@example.nl", "phone": "06 12 34 56 78"},
    "monthly_cap": 4,
}


def the_new_one(session: Session) -> Organisation:
    return session.exec(select(Organisation).where(Organisation.name == TYPED["name"])).one()


def test_it_works(client: Browser, session: Session) -> None:
    answer = client.post("/organisations/new", data=TYPED)

    assert (answer.status_code, answer.headers["location"]) == (303, "/organisations/registered")
    assert "Look in your mail" in client.get("/organisations/registered").text
    made = the_new_one(session)
    assert (made.status, made.kvk, made.kind) == (OrganisationStatus.INVITED, "12345678", "company")
    location = session.exec(select(Location).where(Location.organisation_id == made.id)).one()
    assert (location.pc4, location.place, location.street) == ("1068", "Amsterdam", "Osdorpplein 1")
    contact = session.exec(select(ContactPerson).where(ContactPerson.organisation_id == made.id)).one()
    assert (contact.email, contact.is_deputy) == ("sanne@example.nl", False)
    account = session.get_one(Account, contact.account_id)
    assert account.email == "sanne@example.nl"
    membership = session.exec(select(Membership).where(Membership.account_id == account.id)).one()
    assert (membership.role, membership.organisation_id) == (Role.CONTACT, made.id)


def test_the_contact_person_gets_a_mail_with_a_link_that_leads_to_the_organisation(
    client: Browser, session: Session
) -> None:
    client.post("/organisations/new", data=TYPED)

    mail = session.exec(select(Mail).where(Mail.recipient == "sanne@example.nl")).one()
    assert "/sign-in/" in str(mail.context["path"])
    link = session.exec(select(SignInLink)).one()
    assert link.next_path == f"/organisations/{the_new_one(session).id}"


def test_the_act_is_recorded_without_personal_values(client: Browser, session: Session) -> None:
    client.post("/organisations/new", data=TYPED)

    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "organisation.created")).one()
    assert entry.object_id == the_new_one(session).id
    assert entry.facts == {"kind": "company"}


@pytest.mark.parametrize("postcode", ["1068 ab", "NL-1068AB", "1068", " 1068  AB "])
def test_a_postcode_may_be_written_in_many_ways(client: Browser, session: Session, postcode: str) -> None:
    assert client.post("/organisations/new", data=TYPED | {"postcode": postcode}).status_code == 303


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"postcode": "0999"}, "four digits, with or without letters"),
        ({"postcode": "10688"}, "four digits, with or without letters"),
        ({"postcode": "1000 AA 12"}, "four digits, with or without letters"),
        ({"postcode": "1999"}, "This postcode does not exist"),
        ({"postcode": ""}, "Fill this in."),
        ({"kvk": "1234567"}, "A KvK number has 8 digits"),
        ({"contact_email": "sanne"}, "Fill in an e-mail address"),
        ({"contact_phone": "bel maar"}, "Fill in a phone number"),
        ({"monthly_cap": "0"}, "This must be 1 or more."),
        ({"kind": "bank"}, "Choose one of the answers."),
        ({"deputy_name": "Ali"}, "or neither"),
        ({"deputy_name": "S", "deputy_email": "sanne@example.nl"}, "somebody else"),
        ({"is_admin": "yes"}, "This is not a question of this form."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    client: Browser, session: Session, wrong: dict[str, str], sentence: str
) -> None:
    answer = client.post("/organisations/new", data=TYPED | wrong)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Sanne de Wit"' in answer.text
    assert session.exec(select(Organisation).where(Organisation.name == TYPED["name"])).first() is None
    assert session.exec(select(Mail)).first() is None


@pytest.mark.parametrize(
    ("same", "field"),
    [({"name": "Anders"}, "kvk"), ({"kvk": "", "name": "FIETSENMAKER de ketting"}, "name")],
)
def test_nobody_is_registered_twice(
    client: Browser, session: Session, same: dict[str, str], field: str
) -> None:
    client.post("/organisations/new", data=TYPED)

    answer = client.post("/organisations/new", data=TYPED | same)

    assert answer.status_code == 422
    assert f'id="error-{field}"' in answer.text
    assert "This organisation is in Podium already" in answer.text


def test_the_same_name_elsewhere_is_another_organisation(client: Browser, session: Session) -> None:
    client.post("/organisations/new", data=TYPED)

    assert client.post("/organisations/new", data=TYPED | {"kvk": "", "postcode": "3511"}).status_code == 303


def test_who_has_an_account_keeps_it(client: Browser, session: Session, world: World) -> None:
    client.post("/organisations/new", data=TYPED | {"contact_email": "els@example.nl"})

    held = session.exec(select(Membership).where(Membership.account_id == world.accounts["els"].id)).all()
    assert {row.organisation_id for row in held} == {world.bakery.id, the_new_one(session).id}


def test_a_school_is_not_for_everybody(client: Browser, session: Session, world: World) -> None:
    assert 'value="school"' not in client.get("/organisations/new").text
    assert client.post("/organisations/new", data=TYPED | {"kind": "school"}).status_code == 403

    client.acting_as(world.coordinator)
    assert 'value="school"' in client.get("/organisations/new").text
    answer = client.post("/organisations/new", data=TYPED | {"kind": "school"})
    assert (answer.status_code, "Choose the holiday region" in answer.text) == (422, True)
    answer = client.post("/organisations/new", data=TYPED | {"kind": "school", "holiday_region": "north"})
    assert answer.status_code == 303
    membership = session.exec(
        select(Membership).where(Membership.organisation_id == the_new_one(session).id)
    ).one()
    assert membership.role is Role.SCHOOL_STAFF


def test_a_coordinator_goes_on_to_the_organisation(client: Browser, session: Session, world: World) -> None:
    answer = client.acting_as(world.coordinator).post("/organisations/new", data=TYPED)

    assert answer.headers["location"] == f"/organisations/{the_new_one(session).id}"


@pytest.mark.parametrize("name", ["teacher", "mentor"])
def test_a_teacher_brings_a_company_that_somebody_else_looks_at(
    client: Browser, session: Session, world: World, name: str
) -> None:
    """Overviews ask for it: «do you know somebody who can help?»."""
    client.acting_as(world.everybody[name])
    assert 'value="school"' not in client.get("/organisations/new").text

    assert client.post("/organisations/new", data=TYPED | {"kind": "school"}).status_code == 403
    answer = client.post("/organisations/new", data=TYPED)

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "Its contact person gets a mail" in client.get("/").text
    assert the_new_one(session).waits_for_check


def test_who_may_not(client: Browser, world: World) -> None:
    client.acting_as(world.noor_herself)

    assert client.get("/organisations/new").status_code == 403
    assert client.post("/organisations/new", data=TYPED).status_code == 403
    assert client.post("/api/v1/organisations", json=BODY).status_code == 403


def test_a_flood_of_registrations_is_stopped(client: Browser) -> None:
    statuses = [
        client.post("/organisations/new", data=TYPED | {"postcode": ""}).status_code for _ in range(31)
    ]

    assert statuses == [422] * 30 + [429]


def test_the_api_does_the_same(client: Browser, session: Session, world: World) -> None:
    assert client.as_guest().post("/api/v1/organisations", json=BODY).status_code == 401

    answer = client.acting_as(world.coordinator).post("/api/v1/organisations", json=BODY)

    assert answer.status_code == 201
    made = answer.json()
    assert (made["status"], made["kvk"], made["monthly_cap"]) == ("invited", "12345678", 4)
    assert [(place["pc4"], place["name"]) for place in made["locations"]] == [
        ("1068", ""),
        ("1069", "Werkplaats"),
    ]
    assert (made["contact"]["email"], made["deputy"]["phone"]) == ("sanne@example.nl", "06 12 34 56 78")
    assert client.get(f"/api/v1/organisations/{made['id']}").json() == made


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"monthly_cap": "4"}, "monthly_cap"),
        ({"locations": []}, "locations"),
        ({"locations": [{"postcode": "0999"}]}, "locations.0.postcode"),
        ({"kind": "bank"}, "kind"),
        ({"status": "active"}, "status"),
        ({"contact": None}, "contact"),
    ],
)
def test_the_api_says_which_field_is_wrong(
    client: Browser, world: World, wrong: dict[str, object], field: str
) -> None:
    answer = client.acting_as(world.admin).post("/api/v1/organisations", json=BODY | wrong)

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_closed_organisation_makes_room_for_a_new_start(session: Session) -> None:
    make.make_organisation(session, name="Oud", kvk="12345678", status=OrganisationStatus.CLOSED)
    new = OrganisationInput.model_validate_json(
        '{"name":"Nieuw","kind":"company","kvk":"12345678","locations":[{"postcode":"1068"}],'
        '"contact":{"name":"Ali","email":"ali@example.nl"}}'
    )

    assert create_organisation(session, GUEST, new).name == "Nieuw"


LURE = "Your account is locked: https://evil.example/login"


@pytest.mark.parametrize("field", ["name", "contact_name", "deputy_name"])
@pytest.mark.parametrize("lure", [LURE, "WWW.evil.example", "a <b>", "info@evil.example", "Lees dit " * 10])
def test_a_name_is_no_message(client: Browser, session: Session, field: str, lure: str) -> None:
    """The mail goes to whatever address a stranger typed."""
    typed = TYPED | {"deputy_name": "Ali", "deputy_email": "ali@example.nl", field: lure}
    assert client.post("/organisations/new", data=typed).status_code == 422
    assert session.exec(select(Mail)).all() == []


@pytest.mark.parametrize(
    "name", ["Bol.com", "Bakker & Zn. B.V.", "Café 't Hoekje / bar", "Dr.J. O'Neill-Ünal"]
)
def test_names_as_they_are(client: Browser, session: Session, name: str) -> None:
    assert client.post("/organisations/new", data=TYPED | {"name": name}).status_code == 303


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_mail_to_an_address_that_a_stranger_typed_quotes_nothing(
    client: Browser, session: Session, settings: Settings, language: str
) -> None:
    typed = TYPED | {"name": "bel-nu.example BV", "contact_name": "Bel 0900 1234"}
    client.post("/organisations/new", data=typed, headers={"accept-language": language})
    message = render(session.exec(select(Mail)).one(), settings).as_string()
    assert "bel-nu" not in message
    assert "0900" not in message


def test_nor_does_the_mail_to_the_deputy_before_somebody_has_looked(
    client: Browser, session: Session, settings: Settings, world: World
) -> None:
    world.bakery.waits_for_check = True
    session.add(world.bakery)
    session.commit()
    deputy = {"name": "Bel 0900 1234", "email": "victim@example.nl"}
    client.acting_as(world.baker).patch(f"/api/v1/organisations/{world.bakery.id}", json={"deputy": deputy})
    mail = session.exec(select(Mail).where(Mail.recipient == "victim@example.nl")).one()
    message = render(mail, settings).as_string()
    assert not [told for told in ("0900", world.bakery.name, world.baker.name) if told in message]


def test_registering_somebody_locks_him_out_of_nothing(
    client: Browser, session: Session, world: World
) -> None:
    """A guest may name anybody: the link she asks for still comes, and so does an invitation."""
    farida = world.accounts["farida"]
    for number in range(8):
        data = TYPED | {"name": f"Bedrijf {number}", "kvk": "", "contact_email": farida.email}
        assert client.post("/organisations/new", data=data).status_code == 303

    def mails() -> int:
        session.expire_all()
        return len(session.exec(select(Mail).where(Mail.recipient == farida.email)).all())

    assert mails() == MOST_LINKS_OF_STRANGERS
    assert client.post("/sign-in", data={"email": farida.email}).status_code == 303
    assert mails() == MOST_LINKS_OF_STRANGERS + 1
    client.acting_as(world.admin)
    invitation = {"role": "admin", "name": "Farida", "email": farida.email}
    assert client.post("/people/invite", data=invitation).headers["location"] == "/people"
    assert mails() == MOST_LINKS_OF_STRANGERS + 2
