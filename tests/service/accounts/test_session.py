"""DOMAIN 4, session and cookie: kept at the server, rotated, limited, and ended everywhere at once."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
import time_machine
from fastapi.testclient import TestClient
from sqlmodel import Session, select
from starlette.responses import Response

from service.accounts import sessions
from service.accounts.models import Account, SignInSession
from service.app import create_app
from service.audit.models import AuditEntry
from service.core import clock
from service.core.actor import Actor
from service.core.db import make_engine, transaction
from service.core.settings import Settings
from service.core.tokens import hash_token
from service.youth.models import Youth, YouthStatus
from tests.conftest import BASE_URL, Browser
from tests.factories import make_account
from tests.service.accounts.conftest import NewBrowser
from tests.world import World

COOKIE = "__Host-podium"
SAME_ORIGIN = {"sec-fetch-site": "same-origin", "accept-language": "en"}


def is_signed_in(browser: TestClient) -> bool:
    return browser.get("/account").status_code == 200


def as_youth(session: Session, browser: Browser, youth: Youth) -> Browser:
    browser.cookies.set(COOKIE, sessions.start_for_youth(session, youth.id))
    session.commit()
    return browser


def test_it_works(signed_in: Browser, session: Session, farida: Account) -> None:
    assert is_signed_in(signed_in)
    row = session.exec(select(SignInSession)).one()
    assert row.account_id == farida.id
    assert row.token_hash == hash_token(signed_in.cookies[COOKIE])
    assert signed_in.post("/sign-out").headers["location"] == "/"
    assert COOKIE not in signed_in.cookies
    assert not is_signed_in(signed_in)


def test_the_cookie_is_locked_down(
    client: Browser, farida: Account, newest_link: Callable[[str], str]
) -> None:
    asked = client.post("/sign-in", data={"email": farida.email})
    entered = client.post(newest_link(farida.email))
    for answer in (asked, entered):
        for header in answer.headers.get_list("set-cookie"):
            (cookie,) = SimpleCookie(header).values()
            assert cookie["secure"]
            assert cookie["httponly"]
            assert cookie["samesite"] == "lax" or cookie["max-age"] == "0"
            assert cookie["path"] == "/"
            assert not cookie["domain"]
    assert "max-age" not in entered.headers["set-cookie"].lower().split(COOKIE.lower() + "=")[1].split(",")[0]


def test_plain_http_of_development_has_its_own_cookie(settings: Settings) -> None:
    """Browsers refuse the guarded name without https."""
    plain = settings.model_copy(update={"base_url": "http://127.0.0.1:8000"})
    answer = sessions.set_cookie(Response(), plain, "value")
    header = answer.headers["set-cookie"]
    assert header.startswith("podium=value;")
    assert "secure" not in header.lower()
    assert sessions.cookie_name(settings) == COOKIE


def test_signing_out_ends_it_at_the_server(signed_in: Browser, new_browser: NewBrowser) -> None:
    """A copy of the cookie is worth nothing afterwards."""
    thief = new_browser()
    thief.cookies.set(COOKIE, signed_in.cookies[COOKIE])
    assert is_signed_in(thief)
    signed_in.post("/sign-out")
    assert not is_signed_in(thief)


def test_a_cookie_planted_before_signing_in_is_not_adopted(
    client: Browser, farida: Account, newest_link: Callable[[str], str], new_browser: NewBrowser
) -> None:
    """Session fixation: the attacker knows the cookie the victim's browser came with."""
    client.cookies.set(COOKIE, "planted-by-the-attacker")
    client.post("/sign-in", data={"email": farida.email})
    client.post(newest_link(farida.email))
    attacker = new_browser()
    attacker.cookies.set(COOKIE, "planted-by-the-attacker")
    assert not is_signed_in(attacker)


def test_signing_in_again_rotates(
    signed_in: Browser, world: World, newest_link: Callable[[str], str], new_browser: NewBrowser
) -> None:
    """Also when somebody else signs in at the same browser: the session before is over."""
    old = signed_in.cookies[COOKIE]
    kees = world.accounts["kees"]
    signed_in.post("/sign-in", data={"email": kees.email})
    signed_in.post(newest_link(kees.email))
    assert signed_in.cookies[COOKIE] != old
    assert kees.email in signed_in.get("/account").text
    copy = new_browser()
    copy.cookies.set(COOKIE, old)
    assert not is_signed_in(copy)


@pytest.mark.parametrize("forged", ["", "x", "0" * 43, "' OR 1=1 --"])
def test_a_forged_cookie_is_a_guest(signed_in: Browser, new_browser: NewBrowser, forged: str) -> None:
    other = new_browser()
    answer = other.get("/account", headers={"cookie": f"{COOKIE}={forged}"})
    assert answer.headers["location"].startswith("/sign-in")


def test_the_hash_from_a_leaked_database_is_no_cookie(
    signed_in: Browser, new_browser: NewBrowser, session: Session
) -> None:
    other = new_browser()
    other.cookies.set(COOKIE, session.exec(select(SignInSession)).one().token_hash)
    assert not is_signed_in(other)


def test_staff_are_signed_out_after_thirty_idle_minutes(signed_in: Browser) -> None:
    now = clock.now()
    with time_machine.travel(now + timedelta(minutes=29), tick=False):
        assert is_signed_in(signed_in)
    with time_machine.travel(now + timedelta(minutes=58), tick=False):
        assert is_signed_in(signed_in), "being active moves the limit"
    with time_machine.travel(now + timedelta(minutes=89), tick=False):
        assert not is_signed_in(signed_in)


def test_youths_are_signed_out_after_twenty_idle_minutes(
    client: Browser, world: World, session: Session
) -> None:
    as_youth(session, client, world.noor)
    now = clock.now()
    with time_machine.travel(now + timedelta(minutes=19), tick=False):
        assert is_signed_in(client)
    with time_machine.travel(now + timedelta(minutes=40), tick=False):
        assert not is_signed_in(client)


def test_nobody_stays_longer_than_twelve_hours(signed_in: Browser) -> None:
    now = clock.now()
    for minutes in range(25, 12 * 60, 25):
        with time_machine.travel(now + timedelta(minutes=minutes), tick=False):
            assert is_signed_in(signed_in)
    with time_machine.travel(now + timedelta(hours=12, seconds=1), tick=False):
        assert not is_signed_in(signed_in)


def test_signing_out_everywhere(
    signed_in: Browser, farida: Account, newest_link: Callable[[str], str], new_browser: NewBrowser
) -> None:
    phone = new_browser()
    phone.post("/sign-in", data={"email": farida.email})
    phone.post(newest_link(farida.email))
    assert is_signed_in(phone)
    left = phone.post("/account/sign-out-everywhere")
    assert left.headers["location"] == "/sign-in"
    assert not is_signed_in(phone)
    assert not is_signed_in(signed_in)


def test_another_device_can_be_signed_out(
    signed_in: Browser,
    farida: Account,
    newest_link: Callable[[str], str],
    new_browser: NewBrowser,
    session: Session,
) -> None:
    phone = new_browser()
    phone.post("/sign-in", data={"email": farida.email})
    phone.post(newest_link(farida.email))
    row = session.exec(
        select(SignInSession).where(SignInSession.token_hash == hash_token(phone.cookies[COOKIE]))
    ).one()
    assert signed_in.post(f"/account/sessions/{row.id}/end").status_code == 303
    assert not is_signed_in(phone)
    assert is_signed_in(signed_in)


def test_somebody_elses_session_cannot_be_ended(
    signed_in: Browser, session: Session, world: World, client: Browser
) -> None:
    token = sessions.start_for_account(session, world.accounts["kees"].id)
    session.commit()
    row = session.exec(select(SignInSession).where(SignInSession.token_hash == hash_token(token))).one()
    assert signed_in.post(f"/account/sessions/{row.id}/end").status_code == 404
    session.expire_all()
    assert session.get_one(SignInSession, row.id).ended_at is None


def test_a_closed_account_is_out_at_once(signed_in: Browser, farida: Account, session: Session) -> None:
    farida.is_active = False
    session.commit()
    assert not is_signed_in(signed_in)


def test_a_youth_who_left_is_out_at_once(client: Browser, world: World, session: Session) -> None:
    as_youth(session, client, world.noor)
    assert is_signed_in(client)
    world.noor.status = YouthStatus.LEFT
    session.commit()
    assert not is_signed_in(client)


def test_a_youth_is_known_by_first_name(client: Browser, world: World, session: Session) -> None:
    as_youth(session, client, world.noor)
    assert "Noor" in client.get("/account").text
    me = client.get("/api/v1/me").json()
    assert me["youth_id"] == str(world.noor.id)
    assert me["roles"] == [{"role": "youth", "of": str(world.noor.id)}]


def test_starting_and_ending_is_recorded(signed_in: Browser, session: Session, farida: Account) -> None:
    signed_in.post("/sign-out")
    entries = session.exec(select(AuditEntry).where(AuditEntry.noun == "session")).all()
    assert {(entry.action, entry.account_id) for entry in entries} == {
        ("session.started", farida.id),
        ("session.ended", farida.id),
    }
    assert farida.email not in str([entry.facts for entry in entries])


def test_roles_are_read_anew_with_every_request(world: World, session: Session) -> None:
    names = ("farida", "marieke", "bilal", "els")
    actors = (world.coordinator, world.teacher, world.mentor, world.baker)
    for name, expected in zip(names, actors, strict=True):
        found = sessions.actor_of(session, world.accounts[name])
        assert (found.programme_ids, found.school_ids, found.class_ids, found.organisation_ids) == (
            expected.programme_ids,
            expected.school_ids,
            expected.class_ids,
            expected.organisation_ids,
        )


def test_who_is_asking_costs_two_queries(
    signed_in: Browser, world: World, session: Session, farida: Account, count_queries: Callable[[], object]
) -> None:
    """However many roles somebody has."""
    request = signed_in.build_request("GET", "/account")
    assert request.headers["cookie"]
    with count_queries() as few:  # type: ignore[attr-defined]
        signed_in.get("/api/v1/me")
    for number in range(20):
        other = make_account(session, email=f"more{number}@example.nl")
        assert other.id
    with count_queries() as many:  # type: ignore[attr-defined]
        signed_in.get("/api/v1/me")
    assert few.number == many.number == 2


def test_reading_keeps_somebody_signed_in(own_database: str, settings: Settings) -> None:
    """Reading requests run in a transaction that may not write, yet activity must count; really committed."""
    engine = make_engine(own_database)
    with transaction(engine) as session:
        account = make_account(session)
        token = sessions.start_for_account(session, account.id)
    app = create_app(settings.model_copy(update={"database_url": own_database}))
    now = clock.now()
    with TestClient(app, base_url=BASE_URL, follow_redirects=False, headers=SAME_ORIGIN) as browser:
        browser.cookies.set(COOKIE, token)
        for minutes in (20, 40, 60):
            with time_machine.travel(now + timedelta(minutes=minutes), tick=False):
                assert browser.get("/api/v1/me").status_code == 200
        with time_machine.travel(now + timedelta(minutes=60, seconds=30), tick=False):
            browser.get("/api/v1/me")
        with transaction(engine, read_only=True) as session:
            seen_at = session.exec(select(SignInSession)).one().seen_at
    assert timedelta(0) <= seen_at - (now + timedelta(minutes=60)) < timedelta(seconds=1), "once a minute"
    engine.dispose()


def test_reading_goes_on_while_somebody_writes(own_database: str, settings: Settings) -> None:
    """A busy database does not sign people out or give them an error page."""
    engine = make_engine(own_database)
    with transaction(engine) as session:
        account = make_account(session)
        token = sessions.start_for_account(session, account.id)
    app = create_app(settings.model_copy(update={"database_url": own_database}))
    is_writing, may_stop = threading.Event(), threading.Event()

    def write() -> None:
        with transaction(engine) as writer:
            writer.add(Account(email="half@example.nl", name="Half written"))
            writer.flush()
            is_writing.set()
            may_stop.wait(timeout=10)

    thread = threading.Thread(target=write)
    thread.start()
    assert is_writing.wait(timeout=10)
    with (
        time_machine.travel(clock.now() + timedelta(minutes=5)),
        TestClient(app, base_url=BASE_URL, follow_redirects=False, headers=SAME_ORIGIN) as browser,
    ):
        browser.cookies.set(COOKIE, token)
        started = time.monotonic()
        assert browser.get("/api/v1/me").status_code == 200
        assert time.monotonic() - started < 5, "nobody waits for the writer"
        may_stop.set()
        thread.join()
        assert browser.get("/api/v1/me").status_code == 200
    with transaction(engine, read_only=True) as session:
        row = session.exec(select(SignInSession)).one()
        assert row.seen_at > row.created_at + timedelta(minutes=4), "noted as soon as it could be"
    engine.dispose()


def test_a_guest_has_no_account_page(client: Browser, world: World) -> None:
    assert client.get("/account").headers["location"] == "/sign-in?next=/account"
    assert client.post("/account/sign-out-everywhere").status_code in {303, 403}
    assert client.post("/sign-out").status_code == 303
    assert Actor().session_id is None
