"""From errors to answers: one table, pages for people, problem+json for programs, nothing for attackers."""

from collections.abc import Iterator
from typing import Literal
from uuid import UUID, uuid4

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import OperationalError
from sqlmodel import Session
from starlette.requests import ClientDisconnect
from structlog.testing import capture_logs

from service.accounts.models import Account
from service.app import create_app
from service.core import errors
from service.core.i18n import _, speaking
from service.web.page import ActorDep, SessionDep
from service.web.problems import SENTENCES, STATUS, TITLES, status_of
from tests.conftest import BASE_URL, Browser, settings_in
from tests.world import World

KINDS = {
    "not_found": (errors.NotFound(), 404),
    "forbidden": (errors.Forbidden(), 403),
    "conflict": (errors.Conflict(), 409),
    "invalid": (errors.Invalid({"name": _("Fill in a name.")}), 422),
    "too_many": (errors.TooMany(), 429),
}


class CakeInput(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    name: str = Field(max_length=10)
    layers: int


router = APIRouter()


@router.get("/fails/{kind}")
def fail(kind: Literal["not_found", "forbidden", "conflict", "invalid", "too_many"], actor: ActorDep) -> None:
    assert actor is not None
    raise KINDS[kind][0]


@router.post("/cakes/{cake_id}")
def bake(cake_id: UUID, cake: CakeInput, page: int = 1) -> dict[str, str]:
    return {"id": str(cake_id), "name": cake.name, "page": str(page)}


@router.post("/twice")
def write_twice(session: SessionDep) -> None:
    for _time in range(2):
        session.add(Account(email="twice@example.nl", name="Twice"))
        session.flush()


@router.get("/breaks")
def breaks() -> None:
    raise RuntimeError("what-nobody-may-read")


@router.post("/busy")
def find_it_busy() -> None:
    raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))


@router.post("/hung-up")
def hang_up() -> None:
    raise ClientDisconnect


@pytest.fixture(scope="module")
def shared_app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """With routes that go wrong on purpose, as pages and under /api."""
    app = create_app(settings_in(tmp_path_factory.mktemp("app")))
    app.include_router(router)
    app.include_router(router, prefix="/api/v1")
    return app


@pytest.fixture
def browser(client: Browser, world: World) -> Browser:
    """Signed in."""
    return client.acting_as(world.teacher)


@pytest.mark.parametrize("kind", KINDS)
def test_it_works(browser: Browser, kind: str) -> None:
    error, status = KINDS[kind]
    page = browser.get(f"/fails/{kind}")
    assert page.status_code == status
    assert "<h1>" in page.text
    told = browser.get(f"/api/v1/fails/{kind}")
    assert (told.status_code, told.headers["content-type"]) == (status, "application/problem+json")
    body = told.json()
    assert body["type"] == f"urn:podium:problem:{error.code}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]


def test_every_kind_of_error_has_a_status_and_a_title() -> None:
    assert set(STATUS) == set(errors.Problem.__subclasses__())
    assert all(status in TITLES for status in STATUS.values())


def test_children_have_the_status_of_their_kind() -> None:
    class CakeIsEaten(errors.Conflict):
        message = _("Somebody else was first. Look at the page again.")

    assert status_of(CakeIsEaten()) == 409


def test_errors_by_field_are_listed(browser: Browser) -> None:
    told = browser.get("/api/v1/fails/invalid").json()
    assert told["errors"] == [{"field": "name", "detail": "Fill in a name."}]
    assert "Fill in a name." in browser.get("/fails/invalid").text


def test_problems_are_worded_for_the_reader(browser: Browser) -> None:
    told = browser.get("/api/v1/fails/forbidden", headers={"accept-language": "nl"}).json()
    assert told["title"] == "Dit mag je niet zien"


def test_strict_input_is_refused_field_by_field(browser: Browser) -> None:
    told = browser.post(f"/api/v1/cakes/{uuid4()}", json={"name": "x" * 11, "layers": False, "extra": 1})
    assert told.status_code == 422
    fields = {error["field"]: error["detail"] for error in told.json()["errors"]}
    assert fields["name"] == "This is too long: at most 10 characters."
    assert fields["extra"] == "This is not a question of this form."
    assert "layers" in fields


def test_input_is_not_echoed(browser: Browser) -> None:
    told = browser.post(f"/api/v1/cakes/{uuid4()}", json={"name": "secret-of-somebody", "layers": "3"})
    assert told.status_code == 422
    assert "secret-of-somebody" not in told.text


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"x"', "\udcff"])
def test_what_is_no_json_is_refused(browser: Browser, body: str) -> None:
    told = browser.post(
        f"/api/v1/cakes/{uuid4()}",
        content=body.encode("utf-8", "surrogateescape"),
        headers={"content-type": "application/json"},
    )
    assert told.status_code in {400, 422}
    assert told.headers["content-type"] == "application/problem+json"


def test_a_mangled_id_is_not_found(browser: Browser) -> None:
    told = browser.post("/api/v1/cakes/nonsense", json={"name": "x", "layers": 1})
    assert told.status_code == 404
    assert browser.post("/cakes/nonsense", json={"name": "x", "layers": 1}).status_code == 404


def test_a_mangled_question_is_refused(browser: Browser) -> None:
    told = browser.post(f"/api/v1/cakes/{uuid4()}?page=x", json={"name": "x", "layers": 1})
    assert (told.status_code, told.json()["errors"][0]["field"]) == (422, "page")


def test_an_unknown_address(browser: Browser) -> None:
    assert browser.get("/no-such-page").status_code == 404
    told = browser.get("/api/v1/no-such-thing")
    assert (told.status_code, told.headers["content-type"]) == (404, "application/problem+json")


def test_a_wrong_method_says_which_is_right(browser: Browser) -> None:
    answered = browser.delete("/api/v1/breaks")
    assert answered.status_code == 405
    assert answered.headers["allow"] == "GET"
    assert answered.headers["content-type"] == "application/problem+json"


def test_a_broken_constraint_is_a_conflict_without_details(
    browser: Browser, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    told = browser.post("/api/v1/twice")
    assert (told.status_code, told.json()["type"]) == (409, "urn:podium:problem:conflict")
    assert "twice@example.nl" not in told.text
    assert "UNIQUE" not in told.text.upper()
    assert "twice@example.nl" not in caplog.text + "".join(capfd.readouterr())


class TestGuests:
    def test_are_asked_to_sign_in_on_pages(self, browser: Browser) -> None:
        guest = browser.as_guest()
        for kind in ("forbidden", "not_found"):
            answered = guest.get(f"/fails/{kind}?page=2&q=a")
            assert answered.status_code == 303
            assert answered.headers["location"] == f"/sign-in?next=/fails/{kind}%3Fpage%3D2%26q%3Da"

    def test_get_401_in_the_api(self, browser: Browser) -> None:
        told = browser.as_guest().get("/api/v1/fails/forbidden")
        assert (told.status_code, told.json()["type"]) == (401, "urn:podium:problem:unauthorized")
        assert told.headers["www-authenticate"] == "Bearer"

    def test_who_post_are_told(self, browser: Browser) -> None:
        assert browser.as_guest().post("/people/invite", data={}).status_code in {403, 422}

    def test_are_not_sent_round_in_circles(self, browser: Browser) -> None:
        """An address that does not exist, exists no more after signing in."""
        assert browser.as_guest().get("/no-such-page").status_code == 404


@pytest.fixture
def broken(app: FastAPI, session: Session) -> Iterator[TestClient]:
    with TestClient(app, base_url=BASE_URL, raise_server_exceptions=False) as browser:
        yield browser


def test_an_unexpected_error_is_told_without_details(broken: TestClient) -> None:
    told = broken.get("/api/v1/breaks", headers={"accept-language": "en"})
    assert (told.status_code, told.headers["content-type"]) == (500, "application/problem+json")
    assert told.json()["type"] == "urn:podium:problem:internal"
    assert "what-nobody-may-read" not in told.text


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_busy_database_asks_for_patience(client: Browser, world: World, language: str) -> None:
    client.cookies.set("podium_language", language)
    page = client.post("/busy")
    assert page.status_code == 503
    assert page.headers["retry-after"] == "30"
    with speaking(language):
        assert str(SENTENCES[503]) in page.text
    api = client.post("/api/v1/busy")
    assert (api.status_code, api.json()["type"]) == (503, "urn:podium:problem:busy")


def test_who_hangs_up_is_no_error(client: Browser, world: World) -> None:
    with capture_logs() as entries:
        client.post("/hung-up")
    assert [entry["event"] for entry in entries] == ["hung_up"]
