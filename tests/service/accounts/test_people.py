"""The list of people: who sees whom, taking a role away, closing an account and opening it again."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, select

from service.accounts import sessions
from service.accounts.models import Account, ApiToken, Membership, Role, SignInSession
from service.core import clock
from service.core.tokens import hash_token
from tests.conftest import Browser
from tests.factories import make_account, make_membership
from tests.service.accounts.conftest import NewBrowser
from tests.world import World


def test_it_works(client: Browser, world: World, session: Session) -> None:
    page = client.acting_as(world.admin).get("/people").text
    assert all(account.email in page for account in world.accounts.values())
    assert "coordinator, On Stage Nieuw-West" in page
    assert "mentor, 3B, Sloterwaard College" in page
    membership = session.exec(
        select(Membership).where(Membership.account_id == world.accounts["kees"].id)
    ).one()
    assert client.post(f"/people/memberships/{membership.id}/end").headers["location"] == "/people"
    session.expire_all()
    assert sessions.actor_of(session, world.accounts["kees"]).organisation_ids == frozenset()


SEES = {
    "admin": {"admin", "farida", "joost", "marieke", "ans", "bilal", "els", "kees"},
    "coordinator": {"farida", "marieke", "els", "kees"},
    "other_coordinator": {"joost", "ans", "els", "kees"},
    "teacher": {"marieke", "bilal"},
    "baker": {"els"},
}


@pytest.mark.parametrize("who", SEES)
def test_who_sees_whom(client: Browser, world: World, who: str) -> None:
    page = client.acting_as(getattr(world, who)).get("/people").text
    assert {name for name, account in world.accounts.items() if account.email in page} == SEES[who]


def test_only_roles_that_are_ones_own_to_give_are_shown(
    client: Browser, world: World, session: Session
) -> None:
    make_membership(session, world.accounts["marieke"], Role.CONTACT, organisation_id=world.garage.id)
    session.commit()
    page = client.acting_as(world.teacher).get("/people").text
    assert "Garage De Ring" not in page
    assert "Sloterwaard College" in page


@pytest.mark.parametrize("who", ["mentor", "noor_herself"])
def test_others_have_no_list(client: Browser, world: World, who: str) -> None:
    assert client.acting_as(getattr(world, who)).get("/people").status_code == 403


def test_searching_filtering_and_sorting(client: Browser, world: World) -> None:
    browser = client.acting_as(world.admin)

    def found(**asked: str) -> list[str]:
        page = browser.get("/people", params=asked).text
        emails = {account.email: page.find(account.email) for account in world.accounts.values()}
        return [
            email.partition("@")[0] for email in sorted(emails, key=emails.__getitem__) if emails[email] > 0
        ]

    assert found(text="FARI") == ["farida"]
    assert found(text="kees@") == ["kees"]
    assert found(text="100%") == []
    assert found(role="contact") == ["els", "kees"]
    assert found(role="admin") == ["admin"]
    assert len(found(role="nonsense")) == len(world.accounts)
    assert found() == sorted(world.accounts)
    assert found(sort="email") == sorted(world.accounts)
    assert found(sort="nonsense") == sorted(world.accounts)
    assert "Nobody found" in browser.get("/people", params={"text": "xyzzy"}).text


def test_pages_of_the_list(client: Browser, world: World, session: Session) -> None:
    for number in range(30):
        make_account(session, name=f"Zus {number:02}")
    session.commit()
    browser = client.acting_as(world.admin)
    first, second = (browser.get("/people", params={"text": "zus", "page": n}).text for n in (1, 2))
    assert ("Zus 00" in first, "Zus 29" in first, "Zus 29" in second) == (True, False, True)
    assert "text=zus" in first
    assert browser.get("/people", params={"page": 99}).status_code == 200


def test_the_list_costs_the_same_with_more_people(
    client: Browser, world: World, session: Session, count_queries: Callable[[], Any]
) -> None:
    browser = client.acting_as(world.admin)
    with count_queries() as few:
        browser.get("/people")
    for number in range(15):
        account = make_account(session)
        make_membership(session, account, Role.CONTACT, organisation_id=world.bakery.id)
        if number % 2:
            make_membership(session, account, Role.MENTOR, class_id=world.school_class.id)
    session.commit()
    with count_queries() as many:
        browser.get("/people")
    assert many.number == few.number


def test_a_part_for_htmx(client: Browser, world: World) -> None:
    part = client.acting_as(world.admin).get("/people", headers={"hx-request": "true"}).text
    assert "<html" not in part
    assert "farida@example.nl" in part


def membership_of(session: Session, account: Account) -> Membership:
    return session.exec(select(Membership).where(Membership.account_id == account.id)).one()


@pytest.mark.parametrize(
    ("who", "whose"),
    [
        ("teacher", "ans"),
        ("teacher", "farida"),
        ("baker", "kees"),
        ("coordinator", "ans"),
        ("coordinator", "joost"),
        ("coordinator", "bilal"),
    ],
)
def test_somebody_elses_role_does_not_exist(
    client: Browser, world: World, session: Session, who: str, whose: str
) -> None:
    membership = membership_of(session, world.accounts[whose])
    browser = client.acting_as(getattr(world, who))
    assert browser.post(f"/people/memberships/{membership.id}/end").status_code == 404
    assert membership_of(session, world.accounts[whose])


def test_nobody_takes_away_his_own_role(client: Browser, world: World, session: Session) -> None:
    """So that no school or company ends without anybody by mistake."""
    membership = membership_of(session, world.accounts["els"])
    assert client.acting_as(world.baker).post(f"/people/memberships/{membership.id}/end").status_code == 403
    assert membership_of(session, world.accounts["els"])


def test_closing_ends_everything_at_once(
    client: Browser, world: World, session: Session, new_browser: NewBrowser
) -> None:
    kees = world.accounts["kees"]
    cookie = sessions.start_for_account(session, kees.id)
    session.add(
        ApiToken(
            account_id=kees.id,
            name="x",
            token_hash=hash_token("t"),
            expires_at=clock.now().replace(year=2100),
        )
    )
    session.commit()
    kees_browser = new_browser()
    kees_browser.cookies.set("__Host-podium", cookie)
    assert kees_browser.get("/account").status_code == 200
    assert client.acting_as(world.admin).post(f"/people/{kees.id}/close").status_code == 303
    client.app.state.load_actor = sessions.load_actor  # type: ignore[attr-defined]
    assert kees_browser.get("/account").status_code == 303
    session.expire_all()
    assert session.exec(select(SignInSession)).one().ended_at is not None
    assert session.exec(select(ApiToken)).one().revoked_at is not None
    client.acting_as(world.admin).post(f"/people/{kees.id}/open")
    client.app.state.load_actor = sessions.load_actor  # type: ignore[attr-defined]
    assert kees_browser.get("/account").status_code == 303, "an old cookie stays void"
    session.expire_all()
    assert session.get_one(Account, kees.id).is_active


@pytest.mark.parametrize("act", ["close", "open", "withdraw-admin"])
@pytest.mark.parametrize(
    ("who", "whose", "status"),
    [
        ("coordinator", "marieke", 403),
        ("teacher", "bilal", 403),
        ("baker", "els", 403),
        ("teacher", "ans", 404),
        ("baker", "kees", 404),
        ("mentor", "marieke", 404),
        ("noor_herself", "marieke", 404),
        ("admin", "admin", 403),
    ],
)
def test_only_administrators_close_and_open_and_never_themselves(
    client: Browser, world: World, session: Session, who: str, whose: str, status: int, act: str
) -> None:
    account = world.accounts[whose]
    answered = client.acting_as(getattr(world, who)).post(f"/people/{account.id}/{act}")
    assert answered.status_code == status
    session.expire_all()
    assert account.is_active
    assert account.is_admin == (whose == "admin")


def test_administration_is_taken_away(client: Browser, world: World, session: Session) -> None:
    second = make_account(session, is_admin=True)
    session.commit()
    client.acting_as(world.admin).post(f"/people/{second.id}/withdraw-admin")
    session.expire_all()
    assert not session.get_one(Account, second.id).is_admin
