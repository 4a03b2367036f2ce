"""A youth looks what fits, asks for it himself, and hears why: in easy words and without a score."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlmodel import Session, select

from service.core import clock
from service.matchmaking import actions
from service.matchmaking.actions import OWN_RUNS_A_DAY
from service.matchmaking.models import Run, RunStatus, Suggestion, SuggestionStatus
from tests import factories as make
from tests.conftest import Browser
from tests.world import World

Compute = Callable[[Run], Run]


def test_it_works(session: Session, world: World, client: Browser, compute: Compute) -> None:
    client.acting_as(world.noor_herself)
    assert "We can look now which places fit you." in client.get("/my-suggestions").text

    answer = client.post("/my-suggestions/ask")

    assert answer.headers["location"] == "/my-suggestions"
    run = session.exec(select(Run)).one()
    assert (run.youth_id, run.asked_by) == (world.noor.id, None)
    waiting = client.get("/my-suggestions").text
    assert f'data-progress-url="/runs/{run.id}/progress"' in waiting
    assert '<meta http-equiv="refresh" content="3">' in waiting

    compute(run)

    page = client.get("/my-suggestions").text
    assert "Meelopen in de bakkerij" in page
    assert "It is close: about 10 minutes by bike." in page
    assert "Why do I see this?" in page
    assert "Yassin" not in page
    for score in ("score", "87.14", "87,14"):
        assert score not in page.lower()


def test_nothing_found_is_nobodys_fault(
    session: Session, world: World, client: Browser, compute: Compute
) -> None:
    for offer in (world.bakery_offer, world.garage_offer):
        offer.pc4 = "9711"
        session.add(offer)
    client.acting_as(world.noor_herself).post("/my-suggestions/ask")
    compute(session.exec(select(Run)).one())

    page = client.get("/my-suggestions").text

    assert "Nothing found yet" in page
    assert 'href="/profile"' in page


def test_what_the_coordinator_started_is_seen_too(session: Session, world: World, client: Browser) -> None:
    run = make.make_run(session, world.programme)
    make.make_suggestion(session, run, world.noor, world.bakery_offer)
    make.make_suggestion(session, run, world.noor, world.garage_offer, status=SuggestionStatus.REFUSED)

    page = client.acting_as(world.noor_herself).get("/my-suggestions").text

    assert "Meelopen in de bakkerij" in page
    assert "Sleutelen in de garage" not in page


def test_twice_is_once(session: Session, world: World, client: Browser) -> None:
    client.acting_as(world.noor_herself)
    client.post("/my-suggestions/ask")

    assert client.post("/my-suggestions/ask").status_code == 409
    assert len(session.exec(select(Run)).all()) == 1


def test_the_page_of_the_run_is_for_others(session: Session, world: World, client: Browser) -> None:
    run = make.make_run(session, world.programme, youth_id=world.noor.id)

    answer = client.acting_as(world.noor_herself).get(f"/runs/{run.id}")

    assert answer.headers["location"] == "/my-suggestions"
    assert client.acting_as(world.yassin_himself).get(f"/runs/{run.id}").status_code == 404


def test_a_youth_may_stop_his_own_run(session: Session, world: World, client: Browser) -> None:
    client.acting_as(world.noor_herself).post("/my-suggestions/ask")
    run = session.exec(select(Run)).one()

    assert client.acting_as(world.yassin_himself).post(f"/runs/{run.id}/stop").status_code == 404
    assert client.acting_as(world.noor_herself).post(f"/runs/{run.id}/stop").status_code == 303
    session.refresh(run)
    assert run.status is RunStatus.STOPPED


@pytest.mark.parametrize("name", ["coordinator", "teacher", "baker", "admin"])
def test_it_is_for_youths(session: Session, world: World, client: Browser, name: str) -> None:
    client.acting_as(world.everybody[name])

    assert client.get("/my-suggestions").status_code == 403
    assert client.post("/my-suggestions/ask").status_code == 403
    assert session.exec(select(Run)).all() == []


def test_guests_go_to_sign_in(world: World, client: Browser) -> None:
    assert client.as_guest().get("/my-suggestions").status_code == 303


def test_nobody_looks_all_day_long(session: Session, world: World, client: Browser, compute: Compute) -> None:
    client.acting_as(world.noor_herself)
    for _time in range(OWN_RUNS_A_DAY):
        compute(actions.ask_own_run(session, world.noor_herself))

    answer = client.post("/my-suggestions/ask")

    assert answer.status_code == 429
    assert "You have looked a few times today." in answer.text
    with time_machine.travel(clock.now() + timedelta(days=1, minutes=1), tick=False):
        assert client.post("/my-suggestions/ask").status_code == 303


MINUTE = timedelta(minutes=1)


def look_and_change(
    session: Session, world: World, client: Browser, compute: Compute, answers: dict[str, str | list[str]]
) -> str:
    """A run found something; a minute later the youth saves how he travels, and looks again."""
    world.noor.max_minutes = 60
    session.add(world.noor)
    client.acting_as(world.noor_herself).post("/my-suggestions/ask")
    compute(session.exec(select(Run)).one())
    with time_machine.travel(clock.now() + MINUTE, tick=False):
        assert client.post("/profile/travel", data=answers).status_code == 303
        assert client.post("/profile/check").status_code == 303
        return client.get("/my-suggestions").text


OLD = "One of your answers changed after we looked."


def test_what_goes_by_old_answers_is_no_longer_told(
    session: Session, world: World, client: Browser, compute: Compute
) -> None:
    page = look_and_change(session, world, client, compute, {"modes": "walk", "max_minutes": "60"})

    assert OLD in page
    assert "Meelopen in de bakkerij" in page
    assert "by bike" not in page
    assert "minutes away" not in page
    assert "Why do I see this?" not in page
    assert page.count("Look again") == 1

    with time_machine.travel(clock.now() + 2 * MINUTE, tick=False):
        client.post("/my-suggestions/ask")
        compute(session.exec(select(Run).where(Run.status == RunStatus.QUEUED)).one())
        assert OLD not in client.get("/my-suggestions").text


def test_who_has_a_place_hears_it_too_and_cannot_look_again(
    session: Session, world: World, client: Browser
) -> None:
    run = make.make_run(session, world.programme)
    make.make_suggestion(session, run, world.noor, world.bakery_offer, status=SuggestionStatus.APPROVED)
    make.make_suggestion(session, run, world.noor, world.garage_offer)
    world.noor.updated_at = clock.now() + MINUTE
    session.add(world.noor)
    session.flush()

    page = client.acting_as(world.noor_herself).get("/my-suggestions").text

    assert OLD in page
    assert "Look again" not in page


def test_the_same_answers_saved_again_change_nothing(
    session: Session, world: World, client: Browser, compute: Compute
) -> None:
    world.noor.updated_at = clock.now() - MINUTE
    same: dict[str, str | list[str]] = {"modes": ["bike", "ov"], "max_minutes": "60"}

    page = look_and_change(session, world, client, compute, same)

    assert OLD not in page
    assert "by bike" in page


def test_who_decides_is_told_too(session: Session, world: World, client: Browser, compute: Compute) -> None:
    look_and_change(session, world, client, compute, {"modes": "walk", "max_minutes": "60"})
    said = "An answer of this youth changed after this was worked out"

    client.acting_as(world.coordinator)
    proposal = session.exec(select(Suggestion).where(Suggestion.youth_id == world.noor.id)).first()
    assert proposal is not None
    assert said in client.get(f"/suggestions/{proposal.id}").text

    session.refresh(world.noor)
    world.noor.updated_at = None
    session.add(world.noor)
    session.flush()
    assert said not in client.get(f"/suggestions/{proposal.id}").text
