"""Roles by invitation: who may give which role, what the invited person gets, and who may not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from sqlmodel import Session, col, select

from service.accounts import actions, sessions
from service.accounts.errors import AccountIsClosed
from service.accounts.models import Account, Membership, Role
from service.audit.models import AuditEntry
from service.core import clock
from service.core.actor import Actor
from service.core.settings import Settings
from service.mail import rendering
from service.mail.models import Mail, Stream
from tests.conftest import Browser
from tests.factories import make_class, make_organisation
from tests.service.accounts.conftest import NewBrowser
from tests.world import World

WHO = {"name": "Ruben de Wit", "email": "ruben@example.nl", "language": "nl"}


def invitation(role: str, place: Any = None, **changes: str) -> dict[str, str]:
    of = {"place": str(place.id)} if place is not None else {}
    return WHO | {"role": role} | of | changes


def roles_of(session: Session, email: str = WHO["email"]) -> list[tuple[Role, Any]]:
    session.expire_all()
    account_ids = select(Account.id).where(Account.email == email)
    rows = session.exec(select(Membership).where(col(Membership.account_id).in_(account_ids))).all()
    return [(row.role, row.place_id) for row in rows]


def test_it_works(
    client: Browser,
    world: World,
    session: Session,
    new_browser: NewBrowser,
    newest_link: Callable[[str], str],
    settings: Settings,
) -> None:
    """The invited person enters by the mail, in any browser, within a day, with the role that was given."""
    form = client.acting_as(world.teacher).get(
        "/people/invite", params={"role": "school_staff", "place": str(world.school.id)}
    )
    assert "Sloterwaard College" in form.text
    sent = client.post("/people/invite", data=invitation("school_staff", world.school))
    assert sent.headers["location"] == "/people"
    assert roles_of(session) == [(Role.SCHOOL_STAFF, world.school.id)]
    mail = session.exec(select(Mail)).one()
    assert (mail.recipient, mail.stream) == ("ruben@example.nl", Stream.SIGN_IN)
    text = rendering.render(mail, settings).get_body(("plain",))
    assert text is not None
    assert "Marieke nodigt je uit" in text.get_content()
    assert "Sloterwaard College" in text.get_content()
    client.app.state.load_actor = sessions.load_actor  # type: ignore[attr-defined]
    ruben = new_browser()
    link = newest_link("ruben@example.nl")
    with time_machine.travel(clock.now() + timedelta(hours=23), tick=False):
        assert ruben.get(link).status_code == 200
    assert ruben.post(link).status_code == 303
    me = ruben.get("/api/v1/me").json()
    assert me["roles"] == [{"role": "school_staff", "of": str(world.school.id)}]
    assert {"account.created", "membership.given", "account.invited"} <= set(
        session.exec(select(AuditEntry.action)).all()
    )


def test_the_link_works_for_a_day_and_once(
    client: Browser, world: World, newest_link: Callable[[str], str], new_browser: NewBrowser
) -> None:
    client.acting_as(world.admin).post("/people/invite", data=invitation("contact", world.bakery))
    client.app.state.load_actor = sessions.load_actor  # type: ignore[attr-defined]
    link = newest_link("ruben@example.nl")
    with time_machine.travel(clock.now() + timedelta(hours=24, seconds=1), tick=False):
        assert new_browser().get(link).status_code == 410
    new_browser().post(link)
    thief = new_browser()
    thief.post(link)
    assert "__Host-podium" not in thief.cookies


GIVES = [
    ("admin", "admin", None),
    ("admin", "coordinator", "programme"),
    ("admin", "school_staff", "other_school"),
    ("admin", "mentor", "school_class"),
    ("admin", "contact", "bakery"),
    ("coordinator", "coordinator", "programme"),
    ("coordinator", "school_staff", "school"),
    ("coordinator", "contact", "garage"),
    ("teacher", "school_staff", "school"),
    ("teacher", "mentor", "school_class"),
    ("baker", "contact", "bakery"),
]


@pytest.mark.parametrize(("who", "role", "of"), GIVES)
def test_who_may_give_what(
    client: Browser, world: World, session: Session, who: str, role: str, of: str | None
) -> None:
    place = getattr(world, of) if of else None
    browser = client.acting_as(getattr(world, who))
    listed = browser.get("/people/invite").text
    assert place is None or f"role={role}&amp;place={place.id}" in listed
    assert browser.get("/people/invite", params=invitation(role, place)).status_code == 200
    assert browser.post("/people/invite", data=invitation(role, place)).status_code == 303
    if place is None:
        assert session.exec(select(Account).where(Account.email == WHO["email"])).one().is_admin
    else:
        assert roles_of(session) == [(Role(role), place.id)]


MAY_NOT_GIVE = [
    ("coordinator", "coordinator", "other_programme"),
    ("coordinator", "school_staff", "other_school"),
    ("coordinator", "mentor", "school_class"),
    ("teacher", "coordinator", "programme"),
    ("teacher", "school_staff", "other_school"),
    ("teacher", "mentor", "other_class"),
    ("teacher", "contact", "bakery"),
    ("baker", "contact", "garage"),
    ("baker", "school_staff", "school"),
    ("baker", "coordinator", "programme"),
    ("admin", "contact", "school"),
    ("admin", "school_staff", "bakery"),
]


@pytest.mark.parametrize(("who", "role", "of"), MAY_NOT_GIVE)
def test_what_is_not_ones_own_to_give_does_not_exist(
    client: Browser, world: World, session: Session, who: str, role: str, of: str
) -> None:
    place = getattr(world, of)
    browser = client.acting_as(getattr(world, who))
    assert f"role={role}&amp;place={place.id}" not in browser.get("/people/invite").text
    assert browser.get("/people/invite", params=invitation(role, place)).status_code == 404
    assert browser.post("/people/invite", data=invitation(role, place)).status_code == 404
    assert roles_of(session) == []
    assert session.exec(select(Mail)).all() == []


@pytest.mark.parametrize("who", ["coordinator", "teacher", "mentor", "baker", "noor_herself"])
def test_only_an_administrator_makes_administrators(
    client: Browser, world: World, session: Session, who: str
) -> None:
    browser = client.acting_as(getattr(world, who))
    assert browser.get("/people/invite", params={"role": "admin"}).status_code == 403
    assert browser.post("/people/invite", data=invitation("admin")).status_code == 403
    assert not session.exec(select(Account).where(Account.email == WHO["email"])).all()


@pytest.mark.parametrize("who", ["mentor", "noor_herself"])
def test_who_gives_nothing_has_no_such_page(client: Browser, world: World, who: str) -> None:
    browser = client.acting_as(getattr(world, who))
    assert browser.get("/people").status_code == 403
    assert browser.get("/people/invite").status_code == 403
    data = invitation("mentor", world.school_class)
    assert browser.post("/people/invite", data=data).status_code in {403, 404}


def test_guests_are_asked_to_sign_in(client: Browser, world: World) -> None:
    assert client.as_guest().get("/people/invite").headers["location"].startswith("/sign-in")
    assert client.post("/people/invite", data=invitation("admin")).status_code == 403


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"email": "ruben"}, "Fill in an e-mail address"),
        ({"name": ""}, "Fill this in"),
        ({"name": "x" * 121}, "too long"),
        ({"email": "a@b.nl\r\nBcc: c@d.nl"}, "Fill in an e-mail address"),
    ],
)
def test_wrong_input_is_said_and_kept(
    client: Browser, world: World, session: Session, changes: dict[str, str], said: str
) -> None:
    data = invitation("contact", world.bakery, **changes)
    answered = client.acting_as(world.baker).post("/people/invite", data=data)
    assert answered.status_code == 422
    assert said in answered.text
    assert str(world.bakery.id) in answered.text
    assert session.exec(select(Mail)).all() == []


@pytest.mark.parametrize(
    "data",
    [
        WHO,
        WHO | {"role": "contact"},
        WHO | {"role": "contact", "place": "x"},
        WHO | {"role": "king"},
        WHO | {"role": "contact", "place": str(uuid4())},
        WHO | {"role": "contact", "is_admin": "yes"},
    ],
)
def test_a_mangled_form_makes_nobody_anything(
    client: Browser, world: World, session: Session, data: dict[str, str]
) -> None:
    answered = client.acting_as(world.admin).post("/people/invite", data=data)
    assert answered.status_code in {404, 422}
    assert not session.exec(select(Account).where(Account.email == WHO["email"])).all()


def test_a_known_person_keeps_the_name_and_gets_the_role_beside(
    client: Browser, world: World, session: Session
) -> None:
    data = invitation("contact", world.bakery, email=" MARIEKE@example.nl ")
    assert client.acting_as(world.baker).post("/people/invite", data=data).status_code == 303
    session.expire_all()
    assert world.accounts["marieke"].name == "Marieke"
    assert set(roles_of(session, "marieke@example.nl")) == {
        (Role.SCHOOL_STAFF, world.school.id),
        (Role.CONTACT, world.bakery.id),
    }


def test_inviting_again_sends_again_but_gives_nothing_twice(
    client: Browser, world: World, session: Session
) -> None:
    browser = client.acting_as(world.baker)
    for _time in range(5):
        assert browser.post("/people/invite", data=invitation("contact", world.bakery)).status_code == 303
    assert browser.post("/people/invite", data=invitation("contact", world.bakery)).status_code == 429
    assert len(session.exec(select(Mail)).all()) == 5
    assert len(roles_of(session)) == 1


def test_a_closed_account_is_not_invited_back(client: Browser, world: World, session: Session) -> None:
    """Who closed it decides about opening it."""
    world.accounts["kees"].is_active = False
    session.commit()
    data = invitation("contact", world.bakery, email="kees@example.nl")
    answered = client.acting_as(world.baker).post("/people/invite", data=data)
    assert answered.status_code == 409
    assert "closed" in answered.text
    assert session.exec(select(Mail)).all() == []


def test_higher_features_invite_after_their_own_policy(session: Session, world: World) -> None:
    """A company that registers has nobody yet who could ask."""
    bakery = make_organisation(session, name="Bakkerij Nieuw")
    guest = Actor()
    account = actions.invite_account(
        session,
        guest,
        email="Nieuw@Example.nl ",
        name=" Nina   Nieuw ",
        role=Role.CONTACT,
        place_id=bakery.id,
        place_name=bakery.name,
        next_path=f"/organisations/{bakery.id}",
    )
    assert (account.email, account.name) == ("nieuw@example.nl", "Nina Nieuw")
    assert sessions.actor_of(session, account).organisation_ids == {bakery.id}
    account.is_active = False
    with pytest.raises(AccountIsClosed):
        actions.invite_account(
            session, guest, email=account.email, name="x", role=Role.CONTACT, place_id=bakery.id
        )


def test_many_places_are_found_by_name(client: Browser, world: World, session: Session) -> None:
    for number in range(60):
        make_organisation(session, name=f"Zagerij {number:02}")
    session.commit()
    browser = client.acting_as(world.admin)
    assert "There are more" in browser.get("/people/invite").text
    found = browser.get("/people/invite", params={"text": "zonne"}).text
    assert "Bakkerij Zonnebloem" in found
    assert "Zagerij" not in found
    assert "Nothing found" in browser.get("/people/invite", params={"text": "xyzzy"}).text


def test_classes_are_named_with_their_school(client: Browser, world: World, session: Session) -> None:
    make_class(session, world.school, name="4C")
    session.commit()
    assert "4C, Sloterwaard College" in client.acting_as(world.teacher).get("/people/invite").text


@pytest.mark.parametrize(("role", "of"), [("school_staff", "school"), ("mentor", "school_class")])
def test_an_administrator_does_not_let_himself_into_a_school(
    client: Browser, world: World, session: Session, role: str, of: str
) -> None:
    """Administrators do not see youths."""
    asked = invitation(role, getattr(world, of)) | {"email": world.accounts["admin"].email}
    answer = client.acting_as(world.admin).post("/people/invite", data=asked)
    assert answer.status_code == 422
    assert "You cannot let yourself in" in answer.text
    assert roles_of(session) == []


def test_a_teacher_may_be_a_mentor_as_well(client: Browser, world: World, session: Session) -> None:
    asked = invitation("mentor", world.school_class) | {"email": world.accounts["marieke"].email}
    assert client.acting_as(world.teacher).post("/people/invite", data=asked).status_code == 303
