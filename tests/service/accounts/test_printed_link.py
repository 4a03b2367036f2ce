"""Links that `podium demo` prints, and the first administrator of an installation."""

import pytest
from sqlmodel import Session

from service import cli
from service.accounts import actions
from service.accounts.errors import ThereIsAnAdmin
from service.accounts.models import Account
from service.core.errors import Forbidden
from service.core.settings import Environment, Settings
from tests.conftest import BASE_URL, Browser
from tests.service.accounts.conftest import NewBrowser
from tests.world import World


def test_it_works(
    client: Browser, farida: Account, session: Session, settings: Settings, new_browser: NewBrowser
) -> None:
    """It opens in any browser, once."""
    url = actions.make_printed_link(session, settings, farida.id, "/account")
    session.commit()
    assert url.startswith(f"{BASE_URL}/sign-in/")
    browser = new_browser()
    assert browser.get(url).status_code == 200
    assert browser.post(url).headers["location"] == "/account"
    assert browser.get("/account").status_code == 200
    other = new_browser()
    other.post(url)
    assert other.get("/account").status_code == 303


def test_never_in_production(session: Session, farida: Account) -> None:
    production = Settings(
        environment=Environment.PRODUCTION, base_url=BASE_URL, secret_key="not-the-one-of-development-" * 2
    )
    with pytest.raises(Forbidden):
        actions.make_printed_link(session, production, farida.id)


def test_the_first_administrator(session: Session) -> None:
    account = actions.create_first_admin(session, " Beheer@Example.nl", "Bo Beheer")
    assert (account.email, account.is_admin) == ("beheer@example.nl", True)
    with pytest.raises(ThereIsAnAdmin):
        actions.create_first_admin(session, "second@example.nl", "Second")


def test_the_command_makes_the_first_administrator(
    own_database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PODIUM_ENVIRONMENT", "development")
    monkeypatch.setenv("PODIUM_BASE_URL", BASE_URL)
    monkeypatch.setenv("PODIUM_DATABASE_URL", own_database)
    assert cli.run(["admin", "beheer", "Bo Beheer"]) == 2
    assert "Fill in an e-mail address" in capsys.readouterr().err
    assert cli.run(["admin", "beheer@example.nl", "Bo Beheer"]) == 0
    assert f"{BASE_URL}/sign-in" in capsys.readouterr().out
    assert cli.run(["admin", "second@example.nl", "Second"]) == 2
    assert "There is an administrator already" in capsys.readouterr().err


def test_there_is_only_one_first(session: Session, world: World) -> None:
    with pytest.raises(ThereIsAnAdmin):
        actions.create_first_admin(session, "second@example.nl", "Second")


@pytest.mark.parametrize(("email", "name"), [("beheer", "Bo"), ("a@b.nl", " ")])
def test_the_command_is_told_what_is_wrong(session: Session, email: str, name: str) -> None:
    with pytest.raises(ValueError, match="Vul een"):
        actions.create_first_admin(session, email, name)
