"""The /code page: two codes let a youth in, and nothing about them can be learnt by trying."""

from datetime import timedelta

import pytest
import time_machine
from sqlmodel import Session, select

from service.accounts.models import SignInSession
from service.accounts.sessions import load_actor
from service.audit.models import AuditEntry
from service.core import clock
from service.core.settings import Settings
from service.youth import codes
from service.youth.models import YouthStatus
from tests import factories as make
from tests.conftest import Browser
from tests.world import World


@pytest.fixture
def browser(client: Browser) -> Browser:
    """Signs in for real."""
    client.app.state.load_actor = load_actor  # type: ignore[attr-defined]
    return client


def code_of(settings: Settings, youth: object) -> str:
    return codes.personal_code(settings.secret_key.get_secret_value(), youth)  # type: ignore[arg-type]


def test_it_works(session: Session, world: World, browser: Browser, settings: Settings) -> None:
    code = code_of(settings, world.noor)
    typed = f" {code[:3].lower()}-{code[3:]} "
    answer = browser.post("/code", data={"class_code": "zon 37", "personal_code": typed})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert session.exec(select(SignInSession)).one().youth_id == world.noor.id
    assert "Hi Noor" in browser.get("/profile").text


@pytest.mark.parametrize("wrong", ["class_code", "personal_code", "both"])
def test_the_answer_never_tells_which_code_was_wrong(
    session: Session, world: World, browser: Browser, settings: Settings, wrong: str
) -> None:
    right = {"class_code": "ZON37", "personal_code": code_of(settings, world.noor)}
    typed = {name: "AAAAAA" if wrong in {name, "both"} else value for name, value in right.items()}
    answer = browser.post("/code", data=typed)
    assert answer.status_code == 422
    assert "do not fit together" in answer.text
    assert f'value="{typed["personal_code"]}"' not in answer.text.partition("personal_code")[2]
    assert session.exec(select(SignInSession)).all() == []


def test_a_code_of_another_class_does_not_fit(world: World, browser: Browser, settings: Settings) -> None:
    typed = {"class_code": world.school_class.code, "personal_code": code_of(settings, world.other_youth)}
    assert browser.post("/code", data=typed).status_code == 422


def test_a_renewed_code_voids_the_old_one(
    session: Session, world: World, browser: Browser, settings: Settings
) -> None:
    old = code_of(settings, world.noor)
    world.noor.code_version = 2
    session.add(world.noor)
    assert browser.post("/code", data={"class_code": "ZON37", "personal_code": old}).status_code == 422
    new = code_of(settings, world.noor)
    assert browser.post("/code", data={"class_code": "ZON37", "personal_code": new}).status_code == 303


def test_who_has_left_does_not_get_in(
    session: Session, world: World, browser: Browser, settings: Settings
) -> None:
    world.noor.status = YouthStatus.LEFT
    session.add(world.noor)
    typed = {"class_code": "ZON37", "personal_code": code_of(settings, world.noor)}
    assert browser.post("/code", data=typed).status_code == 422


def test_a_whole_class_gets_in_despite_typing_mistakes(
    session: Session, world: World, browser: Browser, settings: Settings
) -> None:
    youths = [make.make_youth(session, world.school_class) for _ in range(30)]
    for youth in youths:
        browser.post("/code", data={"class_code": "ZON37", "personal_code": "AAAAAA"})
        answer = browser.post(
            "/code", data={"class_code": "ZON37", "personal_code": code_of(settings, youth)}
        )
        assert answer.status_code == 303


def test_guessing_is_stopped_per_class(world: World, browser: Browser, settings: Settings) -> None:
    for _ in range(60):
        browser.post("/code", data={"class_code": "ZON37", "personal_code": "AAAAAA"})
    right = {"class_code": "zon-37", "personal_code": code_of(settings, world.noor)}
    assert browser.post("/code", data=right).status_code == 429
    other = {"class_code": "MEER4", "personal_code": code_of(settings, world.other_youth)}
    assert browser.post("/code", data=other).status_code == 303


def test_flooding_from_one_address_is_stopped(world: World, browser: Browser) -> None:
    answers = [
        browser.post("/code", data={"class_code": f"A{number}", "personal_code": "X"}).status_code
        for number in range(301)
    ]
    assert set(answers[:300]) == {422}
    assert answers[300] == 429


def test_a_session_of_a_youth_is_short(world: World, browser: Browser, settings: Settings) -> None:
    typed = {"class_code": "ZON37", "personal_code": code_of(settings, world.noor)}
    browser.post("/code", data=typed)
    with time_machine.travel(clock.now() + timedelta(minutes=21)):
        assert browser.get("/profile").status_code == 303


def test_no_code_is_written_down(
    session: Session, world: World, browser: Browser, settings: Settings
) -> None:
    code = code_of(settings, world.noor)
    browser.post("/code", data={"class_code": "ZON37", "personal_code": code})
    entries = session.exec(select(AuditEntry)).all()
    assert entries
    assert not any(code in str(entry.model_dump()) for entry in entries)
    assert not any(code in str(column) for column in world.noor.model_dump().values())


def test_a_book_instead_of_a_class_code_is_not_kept_in_memory(client: Browser) -> None:
    """Wrong codes are counted for a day by what was typed."""
    typed = {"class_code": "A" * 1_000_000, "personal_code": "AAAAAA"}

    assert client.post("/code", data=typed).status_code == 422

    storage = client.app.state.rate_limiter.limiter.storage  # type: ignore[attr-defined]
    assert storage.storage
    assert max(len(key) for key in storage.storage) < 200
