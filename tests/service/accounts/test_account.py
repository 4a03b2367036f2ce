"""One's own account: the name, the language, and where one is signed in."""

import pytest
from sqlmodel import Session, select

from service.accounts.models import Account
from service.audit.models import AuditEntry
from tests.conftest import Browser
from tests.world import World


def test_it_works(signed_in: Browser, farida: Account, session: Session) -> None:
    changed = signed_in.post("/account", data={"name": "  Farida  el Amrani "})
    assert changed.headers["location"] == "/account"
    session.expire_all()
    assert session.get_one(Account, farida.id).name == "Farida el Amrani"
    page = signed_in.get("/account").text
    assert "Farida el Amrani" in page
    assert "Deze browser" in page
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "account.changed")).one()
    assert entry.facts == {"fields": ["name"]}


@pytest.mark.parametrize("name", ["", "   ", "x" * 121, "\u200b", "\x07"])
def test_a_name_is_something_one_can_read(
    signed_in: Browser, farida: Account, session: Session, name: str
) -> None:
    assert signed_in.post("/account", data={"name": name}).status_code == 422
    session.expire_all()
    assert session.get_one(Account, farida.id).name == "Farida"


@pytest.mark.parametrize("field", ["email", "is_admin", "is_active", "language"])
def test_nothing_else_can_be_changed_here(
    signed_in: Browser, farida: Account, session: Session, field: str
) -> None:
    session.refresh(farida)
    before = farida.model_dump()
    answered = signed_in.post("/account", data={"name": "Farida", field: "true"})
    assert answered.status_code == 422
    session.refresh(farida)
    assert farida.model_dump() == before


def test_what_is_typed_is_shown_as_text(signed_in: Browser) -> None:
    signed_in.post("/account", data={"name": 'Els "&#60;script'})
    page = signed_in.get("/account").text
    assert 'Els "' not in page
    assert "&#60;" not in page.replace("&amp;#60;", "")
    assert "Els &#34;&amp;#60;script" in page


def test_a_youth_has_no_account_to_change(client: Browser, world: World) -> None:
    browser = client.acting_as(world.noor_herself)
    assert browser.get("/account").status_code == 200
    assert browser.post("/account", data={"name": "Noor"}).status_code == 403


def test_guests_change_nothing(client: Browser, world: World) -> None:
    assert client.post("/account", data={"name": "x"}).status_code == 403
    assert client.post("/account/tokens", data={"purpose": "x"}).status_code == 403
