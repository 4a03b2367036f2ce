"""A school asks for matches: for a class or for some of its youths, within a programme."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from service.audit.models import AuditEntry
from service.core import clock
from service.programmes.models import ProgrammeSchool, ProgrammeStatus
from service.school_requests.models import SchoolRequest, SchoolRequestStatus, SchoolRequestYouth
from service.school_requests.queries import named_youths
from tests import factories as make
from tests.conftest import Browser
from tests.world import World

OUTSIDERS = ("other_teacher", "other_coordinator", "admin", "baker", "noor_herself")


def form(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "class_id": str(world.school_class.id),
        "kind": "orientation_placement",
        "starts_on": "2027-02-01",
        "ends_on": "2027-02-26",
        "note": "Liefst dichtbij.",
    } | changes


def the_request(session: Session) -> SchoolRequest:
    return session.exec(select(SchoolRequest)).one()


def test_it_works(session: Session, world: World, client: Browser) -> None:
    client.acting_as(world.teacher)
    assert "3B (2026-2027)" in client.get("/school-requests/new").text
    asked = client.get(f"/school-requests/new?class_id={world.school_class.id}").text
    assert "Yassin" in asked
    assert 'value="bpv"' in asked
    answer = client.post("/school-requests/new", data=form(world))
    request = the_request(session)
    assert answer.headers["location"] == f"/school-requests/{request.id}"
    assert (request.programme_id, request.school_id) == (world.programme.id, world.school.id)
    assert request.asked_by == world.accounts["marieke"].id
    assert session.exec(select(AuditEntry).where(AuditEntry.action == "school_request.created")).one()
    page = client.get(f"/school-requests/{request.id}").text
    assert "the whole class" in page
    assert f'action="/school-requests/{request.id}/runs"' in page
    assert "Sloterwaard College" in client.get("/school-requests").text


def test_chosen_youths_are_named(session: Session, world: World, client: Browser) -> None:
    client.acting_as(world.mentor)
    client.post("/school-requests/new", data=form(world, youth_ids=[str(world.noor.id)] * 2))
    request = the_request(session)
    assert [youth.first_name for youth in named_youths(session, request)] == ["Noor"]
    page = client.get(f"/school-requests/{request.id}").text
    assert "Noor" in page
    assert "/runs" not in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": "guest_lesson"}, "does not have this kind"),
        ({"kind": "holiday"}, "Choose one of the answers"),
        ({"ends_on": "2027-01-01"}, "must not be before the first"),
        ({"starts_on": "2028-02-01", "ends_on": "2028-02-10"}, "outside the season"),
        ({"starts_on": "2027-02-30"}, "Fill in a date that exists"),
        ({"note": "Bel 06 12345678"}, "looks like a phone number"),
        ({"youth_ids": ["00000000-0000-4000-8000-000000000000"]}, "Choose youths of this class"),
    ],
)
def test_bad_input_is_told_and_kept(
    session: Session, world: World, client: Browser, changes: dict[str, Any], sentence: str
) -> None:
    answer = client.acting_as(world.teacher).post("/school-requests/new", data=form(world, **changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert changes.get("note", "Liefst dichtbij.") in answer.text
    assert session.exec(select(SchoolRequest)).all() == []


def test_youths_of_another_school_cannot_be_named(session: Session, world: World, client: Browser) -> None:
    client.acting_as(world.teacher)
    answer = client.post("/school-requests/new", data=form(world, youth_ids=[str(world.other_youth.id)]))
    assert answer.status_code == 422
    assert session.exec(select(SchoolRequestYouth)).all() == []


def test_an_empty_class_cannot_be_asked_for(session: Session, world: World, client: Browser) -> None:
    empty = make.make_class(session, world.school, programme_id=world.programme.id)
    answer = client.acting_as(world.teacher).post(
        "/school-requests/new", data=form(world, class_id=str(empty.id))
    )
    assert "There is nobody in this class yet" in answer.text


def test_the_class_needs_a_programme_that_goes_on(session: Session, world: World, client: Browser) -> None:
    client.acting_as(world.teacher)
    world.programme.status = ProgrammeStatus.CLOSED
    session.add(world.programme)
    assert "is not open" in client.post("/school-requests/new", data=form(world)).text
    world.programme.status = ProgrammeStatus.OPEN
    session.add(world.programme)
    for row in session.exec(select(ProgrammeSchool).where(ProgrammeSchool.school_id == world.school.id)):
        session.delete(row)
    session.commit()
    assert "in no programme yet" in client.post("/school-requests/new", data=form(world)).text
    world.school_class.programme_id = None
    session.add(world.school_class)
    assert "in no programme yet" in client.post("/school-requests/new", data=form(world)).text
    asked = client.get(f"/school-requests/new?class_id={world.school_class.id}").text
    assert f'href="/classes/{world.school_class.id}"' in asked


def test_it_is_closed_once(session: Session, world: World, client: Browser) -> None:
    request = make.make_school_request(session, world.programme, world.school_class)
    client.acting_as(world.coordinator)
    assert client.post(f"/school-requests/{request.id}/close").status_code == 303
    assert client.post(f"/school-requests/{request.id}/close").status_code == 409
    session.refresh(request)
    assert request.status is SchoolRequestStatus.CLOSED
    assert "Close this request" not in client.get(f"/school-requests/{request.id}").text


def test_the_mentor_closes_for_his_class(session: Session, world: World, client: Browser) -> None:
    request = make.make_school_request(session, world.programme, world.school_class)
    assert client.acting_as(world.mentor).post(f"/school-requests/{request.id}/close").status_code == 303


@pytest.mark.parametrize("who", ["teacher", "mentor", "coordinator"])
def test_insiders_see_it(session: Session, world: World, client: Browser, who: str) -> None:
    request = make.make_school_request(session, world.programme, world.school_class)
    client.acting_as(world.everybody[who])
    assert f"/school-requests/{request.id}" in client.get("/school-requests").text
    assert client.get(f"/school-requests/{request.id}").status_code == 200
    assert client.get(f"/api/v1/school-requests/{request.id}").json()["kind"] == "orientation_placement"


@pytest.mark.parametrize("who", OUTSIDERS)
def test_for_others_it_does_not_exist(session: Session, world: World, client: Browser, who: str) -> None:
    request = make.make_school_request(session, world.programme, world.school_class)
    client.acting_as(world.everybody[who])
    listed = client.get("/school-requests")
    assert str(request.id) not in listed.text
    for address in (f"/school-requests/{request.id}", f"/api/v1/school-requests/{request.id}"):
        assert client.get(address).status_code in {403, 404}
    assert client.post(f"/school-requests/{request.id}/close").status_code in {403, 404}
    assert client.post("/school-requests/new", data=form(world)).status_code in {403, 404}
    assert client.post("/api/v1/school-requests", json=form(world)).status_code in {403, 404}
    assert len(session.exec(select(SchoolRequest)).all()) == 1


def test_a_coordinator_does_not_ask(world: World, client: Browser) -> None:
    client.acting_as(world.coordinator)
    assert client.get("/school-requests/new").status_code == 403
    assert client.post("/school-requests/new", data=form(world)).status_code == 403


def test_guests_are_asked_to_sign_in(client: Browser) -> None:
    client.as_guest()
    assert client.get("/school-requests").headers["location"].startswith("/sign-in")
    assert client.get("/api/v1/school-requests").status_code == 401


def test_json_asks_lists_and_closes(session: Session, world: World, client: Browser) -> None:
    client.acting_as(world.teacher)
    made = client.post("/api/v1/school-requests", json=form(world, youth_ids=[str(world.noor.id)]))
    assert made.status_code == 201
    assert made.json()["youth_ids"] == [str(world.noor.id)]
    listed = client.get("/api/v1/school-requests?status=open").json()
    assert [item["id"] for item in listed["items"]] == [made.json()["id"]]
    assert client.get("/api/v1/school-requests?status=filled").json()["total"] == 0
    closed = client.post(f"/api/v1/school-requests/{made.json()['id']}/close").json()
    assert closed["status"] == "closed"


@pytest.mark.parametrize(
    "changes", [{"starts_on": 0}, {"kind": 5}, {"youth_ids": "all"}, {"status": "filled"}]
)
def test_json_is_strict(world: World, client: Browser, changes: dict[str, Any]) -> None:
    answer = client.acting_as(world.teacher).post("/api/v1/school-requests", json=form(world, **changes))
    assert answer.status_code == 422
    assert next(iter(changes)) in answer.text


def test_the_list_filters_sorts_and_asks_no_more(
    session: Session, world: World, client: Browser, count_queries: Any
) -> None:
    client.acting_as(world.coordinator)
    make.make_school_request(session, world.programme, world.school_class)
    with count_queries() as few:
        client.get("/school-requests")
    for number in range(30):
        make.make_school_request(
            session,
            world.programme,
            world.school_class,
            starts_on=clock.today() + timedelta(days=number),
            ends_on=clock.today() + timedelta(days=400),
        )
    with count_queries() as many:
        client.get("/school-requests?sort=starts_on")
    assert many.number <= few.number
    assert "No requests here" in client.get("/school-requests?status=closed").text
