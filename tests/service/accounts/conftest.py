"""Browsers that really sign in, with cookies of their own, and the links that were mailed to them."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, col, select

from service.accounts import sign_in_pages
from service.accounts.models import Account
from service.mail.models import Mail
from tests.conftest import BASE_URL, Browser
from tests.world import World

NewBrowser = Callable[[], Browser]


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pace of answers has a test of its own."""
    monkeypatch.setattr(sign_in_pages, "PACE_SECONDS", 0.0)


@pytest.fixture
def new_browser(client: Browser) -> NewBrowser:
    """Another browser, with its own cookies, at the same service."""

    def open_browser() -> Browser:
        return Browser(
            client.app,
            base_url=BASE_URL,
            follow_redirects=False,
            headers={"sec-fetch-site": "same-origin", "accept-language": "en"},
        )

    return open_browser


@pytest.fixture
def farida(world: World) -> Account:
    return world.accounts["farida"]


@pytest.fixture
def newest_link(session: Session) -> Callable[[str], str]:
    """The path in the newest mail to this address."""

    def find(email: str) -> str:
        session.expire_all()
        mail = session.exec(
            select(Mail).where(Mail.recipient == email).order_by(col(Mail.created_at).desc())
        ).first()
        assert mail is not None, "no mail was put in the outbox"
        return str(mail.context["path"])

    return find


@pytest.fixture
def signed_in(client: Browser, farida: Account, newest_link: Callable[[str], str]) -> Browser:
    """Farida's browser, signed in by her link."""
    client.post("/sign-in", data={"email": farida.email})
    assert client.post(newest_link(farida.email)).status_code == 303
    return client
