"""The language: kept in the browser, and with the account for mails and the next device."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from service.accounts.models import Account
from service.mail.models import Mail
from tests.conftest import Browser
from tests.service.accounts.conftest import NewBrowser
from tests.world import World


def test_it_works(client: Browser, world: World) -> None:
    assert "Sign in" in client.get("/sign-in").text
    chosen = client.post("/language", data={"language": "nl", "next": "/sign-in"})
    assert chosen.headers["location"] == "/sign-in"
    assert '<html lang="nl">' in client.get("/sign-in").text
    client.post("/language", data={"language": "en", "next": "/sign-in"})
    assert '<html lang="en">' in client.get("/sign-in").text


def test_it_stays_with_the_account(
    signed_in: Browser,
    farida: Account,
    session: Session,
    new_browser: NewBrowser,
    newest_link: Callable[[str], str],
) -> None:
    signed_in.post("/language", data={"language": "en", "next": "/account"})
    session.expire_all()
    assert session.get_one(Account, farida.id).language == "en"
    phone = new_browser()
    phone.headers["accept-language"] = "nl"
    phone.post("/sign-in", data={"email": farida.email})
    phone.post(newest_link(farida.email))
    assert '<html lang="en">' in phone.get("/account").text
    assert {mail.language for mail in session.exec(select(Mail))} == {"nl", "en"}


def test_a_choice_at_this_browser_wins(
    client: Browser, farida: Account, newest_link: Callable[[str], str]
) -> None:
    client.post("/language", data={"language": "en"})
    client.post("/sign-in", data={"email": farida.email})
    client.post(newest_link(farida.email))
    assert '<html lang="en">' in client.get("/account").text


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil"])
def test_it_leads_nowhere_else(client: Browser, world: World, target: str) -> None:
    answered = client.post("/language", data={"language": "nl", "next": target})
    assert answered.headers["location"] == "/"


@pytest.mark.parametrize("data", [{}, {"language": "de"}, {"language": "nl", "more": "x"}])
def test_nonsense_changes_nothing(client: Browser, world: World, data: dict[str, str]) -> None:
    answered = client.post("/language", data=data)
    assert answered.headers["location"] == "/"
    assert "podium_language" not in client.cookies
