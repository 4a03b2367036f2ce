"""Personal tokens: shown once, kept as a hash, act as their owner in the API and nowhere else."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlmodel import Session, select

from service.accounts.models import Account, ApiToken
from service.core import clock
from service.core.tokens import hash_token
from tests.conftest import Browser
from tests.service.accounts.conftest import NewBrowser
from tests.world import World


@pytest.fixture
def token(signed_in: Browser) -> str:
    made = signed_in.post("/account/tokens", data={"purpose": "Rooster", "days": "30"})
    found = re.search(r'id="new-token" readonly value="([^"]+)"', made.text)
    assert found, made.text
    return found[1]


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def test_it_works(token: str, new_browser: NewBrowser, farida: Account, world: World) -> None:
    me = new_browser().get("/api/v1/me", headers=bearer(token))
    assert me.status_code == 200
    assert me.json() == {
        "account_id": str(farida.id),
        "youth_id": None,
        "name": farida.name,
        "language": "nl",
        "roles": [{"role": "coordinator", "of": str(world.programme.id)}],
    }


def test_it_is_shown_once_and_kept_as_a_hash(token: str, signed_in: Browser, session: Session) -> None:
    row = session.exec(select(ApiToken)).one()
    assert row.token_hash == hash_token(token)
    assert token not in str(row.model_dump())
    page = signed_in.get("/account").text
    assert token not in page
    assert "Rooster" in page


def test_it_is_withdrawn_at_once(
    token: str, signed_in: Browser, new_browser: NewBrowser, session: Session
) -> None:
    row = session.exec(select(ApiToken)).one()
    signed_in.post(f"/account/tokens/{row.id}/revoke")
    assert new_browser().get("/api/v1/me", headers=bearer(token)).status_code == 401


def test_it_ends_by_itself(token: str, new_browser: NewBrowser) -> None:
    other = new_browser()
    with time_machine.travel(clock.now() + timedelta(days=29), tick=False):
        assert other.get("/api/v1/me", headers=bearer(token)).status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False):
        assert other.get("/api/v1/me", headers=bearer(token)).status_code == 401


def test_it_ends_with_the_account(
    token: str, new_browser: NewBrowser, farida: Account, session: Session
) -> None:
    farida.is_active = False
    session.commit()
    assert new_browser().get("/api/v1/me", headers=bearer(token)).status_code == 401


@pytest.mark.parametrize("forged", ["", "x", "0" * 43, "' OR 1=1 --"])
def test_a_forged_token_is_nobody(client: Browser, world: World, forged: str) -> None:
    answer = client.get("/api/v1/me", headers=bearer(forged))
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


def test_it_opens_no_pages(token: str, new_browser: NewBrowser) -> None:
    """A leaked token makes no further tokens and changes no account."""
    thief = new_browser()
    assert thief.get("/account", headers=bearer(token)).status_code == 303
    assert thief.post("/account/tokens", headers=bearer(token), data={"purpose": "x"}).status_code == 403
    assert thief.get("/people", headers=bearer(token)).status_code == 303


def test_a_token_and_a_cookie_never_mix(signed_in: Browser, token: str) -> None:
    """With a token the check for other sites is skipped, so a cookie beside it must count for nothing."""
    assert signed_in.get("/api/v1/me", headers=bearer("junk")).status_code == 401
    crossing = bearer("junk") | {"sec-fetch-site": "cross-site"}
    assert signed_in.post("/account", headers=crossing, data={"name": "Owned"}).status_code == 403


def test_a_cookie_works_in_the_api_too(signed_in: Browser, farida: Account) -> None:
    assert signed_in.get("/api/v1/me").json()["account_id"] == str(farida.id)


def test_ten_tokens_are_enough(signed_in: Browser) -> None:
    for number in range(10):
        assert signed_in.post("/account/tokens", data={"purpose": f"Nr {number}"}).status_code == 200
    refused = signed_in.post("/account/tokens", data={"purpose": "One more"})
    assert refused.status_code == 409
    assert "tien tokens" in refused.text


@pytest.mark.parametrize("fields", [{}, {"purpose": "x", "days": "3650"}, {"purpose": "x" * 81}])
def test_wrong_input_is_said(signed_in: Browser, fields: dict[str, str], session: Session) -> None:
    answered = signed_in.post("/account/tokens", data=fields)
    assert answered.status_code == 422
    assert session.exec(select(ApiToken)).all() == []


def test_somebody_elses_token_does_not_exist(
    token: str,
    client: Browser,
    world: World,
    session: Session,
    new_browser: NewBrowser,
    newest_link: Callable[[str], str],
) -> None:
    row = session.exec(select(ApiToken)).one()
    other, kees = new_browser(), world.accounts["kees"]
    other.post("/sign-in", data={"email": kees.email})
    other.post(newest_link(kees.email))
    assert other.post(f"/account/tokens/{row.id}/revoke").status_code == 404
    assert other.get("/api/v1/me", headers=bearer(token)).status_code == 200


def test_youths_have_no_tokens(client: Browser, world: World) -> None:
    browser = client.acting_as(world.noor_herself)
    assert "Tokens" not in browser.get("/account").text
    assert browser.post("/account/tokens", data={"purpose": "x"}).status_code == 403
