"""Asking for a run, following it and stopping it: on pages, in JSON, and who may not."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, select

from service.core.errors import Forbidden, Invalid, NotFound
from service.matchmaking import actions
from service.matchmaking.errors import HasPlaceAlready, ProgrammeIsNotOpen, RunIsGoing
from service.matchmaking.models import Run, RunStatus, SuggestionStatus
from service.matchmaking.schemas import RunInput
from service.programmes.models import ProgrammeStatus
from service.school_requests.models import SchoolRequestStatus
from service.youth.models import YouthStatus
from tests import factories as make
from tests.conftest import Browser
from tests.world import World

Compute = Callable[[Run], Run]


def the_run(session: Session) -> Run:
    return session.exec(select(Run)).one()


def test_it_works(session: Session, world: World, client: Browser, compute: Compute) -> None:
    client.acting_as(world.coordinator)
    assert f'action="/programmes/{world.programme.id}/runs"' in client.get("/runs").text

    answer = client.post(f"/programmes/{world.programme.id}/runs")

    run = the_run(session)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/runs/{run.id}")
    assert (run.status, run.asked_by, run.seed) == (RunStatus.QUEUED, world.accounts["farida"].id, 2027)
    waiting = client.get(f"/runs/{run.id}").text
    assert f'data-progress-url="/runs/{run.id}/progress"' in waiting
    assert '<meta http-equiv="refresh" content="3">' in waiting
    assert "Stop this run" in waiting

    compute(run)

    done = client.get(f"/runs/{run.id}").text
    assert "The best proposals" in done
    assert "Noor, 3B" in done
    assert "Everybody has at least one proposal." in done
    assert run.output_hash in done
    assert "Stop this run" not in done
    listed = client.get("/runs").text
    assert f'href="/runs/{run.id}"' in listed


def test_the_same_in_json(session: Session, world: World, client: Browser, compute: Compute) -> None:
    client.acting_as(world.coordinator)

    asked = client.post("/api/v1/runs", json={"programme_id": str(world.programme.id)})

    assert asked.status_code == 201
    assert (asked.json()["status"], asked.json()["numbers"]) == ("queued", {})
    run = compute(the_run(session))
    found = client.get(f"/api/v1/runs/{run.id}").json()
    assert (found["status"], found["numbers"]["seekers"], found["seed"]) == ("done", 2, 2027)
    listed = client.get("/api/v1/runs").json()
    assert (listed["total"], [one["id"] for one in listed["items"]]) == (1, [str(run.id)])
    proposals = client.get(f"/api/v1/suggestions?run_id={run.id}&status=proposed").json()
    assert proposals["total"] == run.numbers["suggestions"]
    first = client.get(f"/api/v1/suggestions/{proposals['items'][0]['id']}").json()
    assert first["reasons"][0]["text"].startswith("The first wish is ")


def test_the_run_of_a_request(session: Session, world: World, client: Browser, compute: Compute) -> None:
    asked = make.make_school_request(session, world.programme, world.school_class)
    client.acting_as(world.teacher)

    answer = client.post(f"/school-requests/{asked.id}/runs")

    run = the_run(session)
    assert answer.headers["location"] == f"/runs/{run.id}"
    assert run.school_request_id == asked.id
    compute(run)
    page = client.get(f"/runs/{run.id}").text
    assert "Noor, 3B" in page
    assert "Decide one by one" not in page


def test_a_class_without_a_proposal_is_named(
    session: Session, world: World, client: Browser, compute: Compute
) -> None:
    asked = make.make_school_request(session, world.programme, world.school_class, kind="company_visit")
    run = compute(actions.ask_request_run(session, world.coordinator, asked.id))

    for actor in (world.coordinator, world.teacher, world.mentor):
        page = client.acting_as(actor).get(f"/runs/{run.id}").text
        assert "the whole class, 3B" in page
        assert "There are no offers of this kind in this period." in page


def test_a_run_without_anybody_says_so(
    session: Session, world: World, client: Browser, compute: Compute
) -> None:
    world.noor.status = world.yassin.status = YouthStatus.LEFT
    session.add_all([world.noor, world.yassin])
    run = compute(actions.ask_programme_run(session, world.coordinator, world.programme.id))

    page = client.acting_as(world.coordinator).get(f"/runs/{run.id}").text

    assert "There was nobody who still needs something." in page
    assert "Everybody has" not in page


def test_one_run_at_a_time(session: Session, world: World, client: Browser) -> None:
    actions.ask_programme_run(session, world.coordinator, world.programme.id)

    with pytest.raises(RunIsGoing):
        actions.ask_programme_run(session, world.coordinator, world.programme.id)

    answer = client.acting_as(world.coordinator).post(f"/programmes/{world.programme.id}/runs")
    assert answer.status_code == 409
    assert "A run is going on already." in answer.text
    again = client.post("/api/v1/runs", json={"programme_id": str(world.programme.id)})
    assert (again.status_code, again.json()["type"]) == (409, "urn:podium:problem:run_is_going")
    assert the_run(session)


def test_a_request_or_a_youth_need_not_wait_for_the_programme(session: Session, world: World) -> None:
    asked = make.make_school_request(session, world.programme, world.school_class)
    actions.ask_programme_run(session, world.coordinator, world.programme.id)
    actions.ask_request_run(session, world.teacher, asked.id)
    actions.ask_own_run(session, world.noor_herself)

    assert len(session.exec(select(Run)).all()) == 3
    with pytest.raises(RunIsGoing):
        actions.ask_request_run(session, world.coordinator, asked.id)
    with pytest.raises(RunIsGoing):
        actions.ask_own_run(session, world.noor_herself)


@pytest.mark.parametrize("status", [ProgrammeStatus.DRAFT, ProgrammeStatus.CLOSED])
def test_only_while_the_programme_is_open(
    session: Session, world: World, client: Browser, status: ProgrammeStatus
) -> None:
    world.programme.status = status
    session.add(world.programme)

    with pytest.raises(ProgrammeIsNotOpen):
        actions.ask_programme_run(session, world.coordinator, world.programme.id)
    with pytest.raises(ProgrammeIsNotOpen):
        actions.ask_own_run(session, world.noor_herself)
    assert (
        client.acting_as(world.coordinator).post(f"/programmes/{world.programme.id}/runs").status_code == 409
    )


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [
        (SchoolRequestStatus.FILLED, "request_is_filled", "Everybody in this request has a placement."),
        (SchoolRequestStatus.CLOSED, "request_is_closed", "This request is closed."),
    ],
)
def test_a_request_that_is_settled_is_not_matched(
    session: Session, world: World, client: Browser, status: SchoolRequestStatus, code: str, said: str
) -> None:
    asked = make.make_school_request(session, world.programme, world.school_class, status=status)
    client.acting_as(world.teacher)

    page = client.post(f"/school-requests/{asked.id}/runs")
    answer = client.post("/api/v1/runs", json={"school_request_id": str(asked.id)})

    assert page.status_code == answer.status_code == 409
    assert said in page.text
    assert answer.json()["type"] == f"urn:podium:problem:{code}"
    assert session.exec(select(Run)).all() == []
    session.refresh(asked)
    assert asked.status is status


@pytest.mark.parametrize("body", [{}, "both"])
def test_a_programme_or_a_request_and_not_both(
    session: Session, world: World, client: Browser, body: Any
) -> None:
    asked = make.make_school_request(session, world.programme, world.school_class)
    both = {"programme_id": str(world.programme.id), "school_request_id": str(asked.id)}

    answer = client.acting_as(world.coordinator).post("/api/v1/runs", json=both if body == "both" else body)

    assert answer.status_code == 422
    with pytest.raises(Invalid):
        actions.ask_run(session, world.coordinator, RunInput())


# Stopping


def test_a_queued_run_stops_at_once(session: Session, world: World, client: Browser) -> None:
    run = actions.ask_programme_run(session, world.coordinator, world.programme.id)
    client.acting_as(world.coordinator)

    answer = client.post(f"/runs/{run.id}/stop")

    assert answer.headers["location"] == f"/runs/{run.id}"
    session.refresh(run)
    assert (run.status, run.due_at) == (RunStatus.STOPPED, None)
    page = client.get(f"/runs/{run.id}").text
    assert "Somebody stopped this run. Nothing was proposed." in page
    assert client.post(f"/api/v1/runs/{run.id}/stop").status_code == 409


def test_a_run_that_failed_says_what_to_do(session: Session, world: World, client: Browser) -> None:
    run = make.make_run(session, world.programme, status=RunStatus.FAILED)

    page = client.acting_as(world.coordinator).get(f"/runs/{run.id}").text

    assert "The run could not be done. Start it again." in page


# Who may not


@pytest.mark.parametrize(
    "name", ["other_coordinator", "teacher", "mentor", "baker", "noor_herself", "other_teacher", "admin"]
)
def test_only_its_coordinator_starts_the_run_of_a_programme(
    session: Session, world: World, client: Browser, name: str
) -> None:
    actor = world.everybody[name]

    with pytest.raises((NotFound, Forbidden)):
        actions.ask_programme_run(session, actor, world.programme.id)
    answer = client.acting_as(actor).post(f"/programmes/{world.programme.id}/runs")
    assert answer.status_code in {403, 404}
    assert session.exec(select(Run)).all() == []


def test_a_teacher_of_the_school_sees_the_programme_but_may_not(world: World, client: Browser) -> None:
    answer = client.acting_as(world.teacher).post(f"/programmes/{world.programme.id}/runs")

    assert answer.status_code == 403


@pytest.mark.parametrize("name", ["other_coordinator", "other_teacher", "baker", "yassin_himself", "admin"])
def test_the_request_of_another_school_does_not_exist(
    session: Session, world: World, client: Browser, name: str
) -> None:
    asked = make.make_school_request(session, world.programme, world.school_class)

    answer = client.acting_as(world.everybody[name]).post(f"/school-requests/{asked.id}/runs")

    assert answer.status_code == 404
    assert session.exec(select(Run)).all() == []


def test_a_mentor_asks_but_does_not_start(session: Session, world: World, client: Browser) -> None:
    asked = make.make_school_request(session, world.programme, world.school_class)

    assert client.acting_as(world.mentor).post(f"/school-requests/{asked.id}/runs").status_code == 403


@pytest.mark.parametrize(
    "name",
    ["other_coordinator", "teacher", "mentor", "other_teacher", "baker", "noor_herself", "admin"],
)
def test_a_run_of_a_programme_is_its_coordinators(
    session: Session, world: World, client: Browser, name: str
) -> None:
    run = actions.ask_programme_run(session, world.coordinator, world.programme.id)
    client.acting_as(world.everybody[name])

    for address in (f"/runs/{run.id}", f"/runs/{run.id}/progress", f"/api/v1/runs/{run.id}"):
        assert client.get(address).status_code == 404
    assert client.post(f"/runs/{run.id}/stop").status_code == 404
    assert client.post(f"/api/v1/runs/{run.id}/stop").status_code == 404
    listed = client.get("/api/v1/runs").json()
    assert listed["items"] == []


def test_a_school_sees_its_run_but_does_not_stop_it(session: Session, world: World, client: Browser) -> None:
    asked = make.make_school_request(session, world.programme, world.school_class)
    run = actions.ask_request_run(session, world.teacher, asked.id)
    client.acting_as(world.teacher)

    assert client.get(f"/runs/{run.id}").status_code == 200
    assert client.post(f"/runs/{run.id}/stop").status_code == 403


def test_a_school_sees_only_its_own_gaps(
    session: Session, world: World, client: Browser, compute: Compute
) -> None:
    for offer in (world.bakery_offer, world.garage_offer):
        offer.pc4 = "9711"
        session.add(offer)
    world.other_class.programme_id = world.programme.id
    session.add(world.other_class)
    asked = make.make_school_request(session, world.programme, world.school_class)
    run = compute(actions.ask_request_run(session, world.teacher, asked.id))

    page = client.acting_as(world.teacher).get(f"/runs/{run.id}").text

    assert "Noor, 3B" in page
    assert "It is too far away. (2 offers)" in page
    assert "Daan" not in page


def test_guests_sign_in_first(world: World, client: Browser) -> None:
    client.as_guest()

    assert client.get("/runs").status_code == 303
    assert client.get("/api/v1/runs").status_code == 401
    assert client.post("/api/v1/runs", json={}).status_code == 401


def test_the_list_asks_no_more_with_more_runs(
    session: Session, world: World, client: Browser, count_queries: Callable[[], Any]
) -> None:
    client.acting_as(world.coordinator)

    def asked() -> int:
        with count_queries() as counted:
            assert client.get("/runs").status_code == 200
        return int(counted.number)

    make.make_run(session, world.programme)
    few = asked()
    for _ in range(20):
        make.make_run(session, world.programme)
    assert asked() == few


def test_who_has_a_place_does_not_ask_for_more(session: Session, world: World, client: Browser) -> None:
    run = make.make_run(session, world.programme)
    make.make_suggestion(session, run, world.noor, world.bakery_offer, status=SuggestionStatus.APPROVED)
    with pytest.raises(HasPlaceAlready):
        actions.ask_own_run(session, world.noor_herself)
    page = client.acting_as(world.noor_herself).get("/my-suggestions")
    assert page.status_code == 200
    assert 'action="/my-suggestions/ask"' not in page.text
