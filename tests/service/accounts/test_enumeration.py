"""DOMAIN 4, enumeration and limits: nobody learns whether an address is known, and nobody is flooded."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlmodel import Session, select

from service.accounts import magic_link, sign_in_pages
from service.accounts.models import Account, SignInLink
from service.core import clock
from service.mail.models import Mail
from tests.conftest import BASE_URL, Browser
from tests.service.accounts.conftest import NewBrowser

UNKNOWN = "nobody@example.nl"
PACE_SECONDS = sign_in_pages.PACE_SECONDS
PACE = 0.25


def headers_of(answer: Any) -> dict[str, str]:
    """Of a cookie everything but its random value."""
    shown = dict(answer.headers)
    shown["set-cookie"] = shown["set-cookie"].partition("=")[0] + shown["set-cookie"].partition(";")[2]
    return shown


def test_it_works(client: Browser, farida: Account, new_browser: NewBrowser, session: Session) -> None:
    """The same status, headers and text for an address that is known and one that is not."""
    known = client.post("/sign-in", data={"email": farida.email})
    stranger = new_browser()
    unknown = stranger.post("/sign-in", data={"email": UNKNOWN})
    assert (unknown.status_code, unknown.text) == (known.status_code, known.text)
    assert headers_of(unknown) == headers_of(known)
    assert client.get("/sign-in/sent").text == stranger.get("/sign-in/sent").text
    assert [mail.recipient for mail in session.exec(select(Mail))] == [farida.email]


def test_a_closed_account_looks_unknown(
    client: Browser, farida: Account, new_browser: NewBrowser, session: Session
) -> None:
    farida.is_active = False
    session.commit()
    closed = client.post("/sign-in", data={"email": farida.email})
    unknown = new_browser().post("/sign-in", data={"email": UNKNOWN})
    assert (closed.status_code, closed.text, headers_of(closed)) == (
        unknown.status_code,
        unknown.text,
        headers_of(unknown),
    )
    assert session.exec(select(Mail)).all() == []


@contextmanager
def commits_timed(connection: Connection) -> Iterator[list[float]]:
    moments: list[float] = []

    def note(_connection: Connection, _name: str) -> None:
        moments.append(time.monotonic())

    event.listen(connection, "release_savepoint", lambda c, n, _ctx: note(c, n))
    yield moments


def test_answers_keep_one_pace(client: Browser, farida: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer takes the same floor with and without a mail, and with a limit that is reached."""
    monkeypatch.setattr(sign_in_pages, "PACE_SECONDS", PACE)
    taken = {}
    for email in (farida.email, UNKNOWN):
        started = time.monotonic()
        client.post("/sign-in", data={"email": email})
        taken[email] = time.monotonic() - started
    assert all(seconds >= PACE for seconds in taken.values())


def test_the_pace_holds_no_transaction(
    client: Browser, farida: Account, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite a transaction that waits would stop everybody who writes."""
    monkeypatch.setattr(sign_in_pages, "PACE_SECONDS", PACE)
    with commits_timed(connection) as commits:
        client.post("/sign-in", data={"email": farida.email})
        answered = time.monotonic()
    assert commits
    assert answered - commits[-1] > PACE / 2


def test_the_work_fits_well_inside_the_pace(client: Browser, farida: Account) -> None:
    client.post("/sign-in", data={"email": UNKNOWN})
    started = time.process_time()
    client.post("/sign-in", data={"email": farida.email})
    assert time.process_time() - started < PACE_SECONDS


def test_five_links_in_a_quarter_of_an_hour(
    client: Browser, farida: Account, new_browser: NewBrowser, session: Session
) -> None:
    """The sixth is not sent, and nothing tells: not in this browser, and not in another."""
    answers = [client.post("/sign-in", data={"email": farida.email}) for _time in range(5)]
    sixth = new_browser().post("/sign-in", data={"email": farida.email})
    assert {(answer.status_code, answer.text) for answer in [*answers, sixth]} == {(303, "")}
    assert len(session.exec(select(SignInLink)).all()) == 5
    assert len(session.exec(select(Mail)).all()) == 5
    assert client.post("/sign-in", data={"email": "kees@example.nl"}).status_code == 303
    assert len(session.exec(select(Mail)).all()) == 6, "the limit is of one account"
    with time_machine.travel(clock.now() + timedelta(minutes=15, seconds=1), tick=False):
        client.post("/sign-in", data={"email": farida.email})
    assert len(session.exec(select(Mail)).all()) == 7


def test_asking_in_somebodys_name_locks_nobody_out(
    client: Browser, farida: Account, new_browser: NewBrowser, session: Session
) -> None:
    """A stranger asks as often as he likes, from elsewhere: she still gets hers."""
    sent = [farida.email] * 5

    def mails_to_farida() -> list[str]:
        session.expire_all()
        return [mail.recipient for mail in session.exec(select(Mail))]

    def ask_from(address: str, times: int) -> None:
        browser = Browser(
            client.app, base_url=BASE_URL, client=(address, 50_000), headers=dict(client.headers)
        )
        for _time in range(times):
            browser.cookies.clear()
            assert browser.post("/sign-in", data={"email": farida.email}).status_code in {200, 303}

    ask_from("192.0.2.1", 12)
    assert mails_to_farida() == sent
    client.post("/sign-in", data={"email": farida.email})
    assert mails_to_farida() == [*sent, farida.email]

    for host in range(2, 9):
        ask_from(f"192.0.2.{host}", 5)
    assert len(mails_to_farida()) == magic_link.MOST_LINKS_OF_ALL


def test_an_address_of_the_internet_is_shared_by_a_school(
    client: Browser, farida: Account, new_browser: NewBrowser
) -> None:
    """At least 300 in a quarter of an hour, then a moment of patience, also for following links."""
    stranger = new_browser()
    for _pupil in range(300):
        assert stranger.post("/sign-in", data={"email": "x"}).status_code == 422
    refused = stranger.post("/sign-in", data={"email": UNKNOWN})
    assert refused.status_code == 429
    assert "Wait a quarter of an hour" in refused.text
    assert client.post("/sign-in/guess").status_code == 429


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    return lambda: caplog.text


def test_no_address_in_the_log(
    client: Browser, farida: Account, capfd: pytest.CaptureFixture[str], log: Callable[[], str]
) -> None:
    client.post("/sign-in", data={"email": farida.email})
    client.post("/sign-in", data={"email": UNKNOWN})
    written = "".join(capfd.readouterr()) + log()
    assert farida.email not in written
    assert UNKNOWN not in written
