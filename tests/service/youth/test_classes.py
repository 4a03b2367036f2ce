"""Classes: made by the school, seen by mentor and coordinator, unknown to everybody else."""

from typing import Any

import pytest
from sqlmodel import Session, select

from service.core.settings import Settings
from service.youth import codes
from service.youth.models import SchoolClass, YouthStatus
from tests import factories as make
from tests.conftest import Browser
from tests.world import World

OUTSIDERS = ("admin", "other_coordinator", "other_teacher", "baker", "noor_herself")


def form(world: World, **changes: str) -> dict[str, str]:
    values = {"name": "3C", "school_year": "2026-2027", "programme_id": str(world.programme.id)}
    return values | changes


def test_it_works(session: Session, world: World, client: Browser) -> None:
    client.acting_as(world.teacher)
    assert "On Stage Nieuw-West" in client.get("/classes/new").text
    answer = client.post("/classes/new", data=form(world))
    made = session.exec(select(SchoolClass).where(SchoolClass.name == "3C")).one()
    assert answer.headers["location"] == f"/classes/{made.id}"
    assert made.school_id == world.school.id
    assert len(made.code) == 6
    page = client.get(f"/classes/{made.id}").text
    assert made.code in page
    assert "This class is still empty" in page
    assert f"/people/invite?role=mentor&amp;place={made.id}" in page


def test_codes_of_classes_differ(session: Session, world: World, client: Browser) -> None:
    client.acting_as(world.teacher)
    for name in ("3C", "3D", "3E"):
        client.post("/classes/new", data=form(world, name=name))
    assert len(set(session.exec(select(SchoolClass.code)).all())) == 5


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "3B"}, "There is a class with this name"),
        ({"name": ""}, "Fill this in"),
        ({"school_year": "2026"}, "Look at the example"),
        ({"programme_id": "other"}, "Choose one of the answers"),
    ],
)
def test_bad_input_is_told(world: World, client: Browser, changes: dict[str, str], sentence: str) -> None:
    answer = client.acting_as(world.teacher).post("/classes/new", data=form(world, **changes))
    assert answer.status_code == 422
    assert sentence in answer.text


def test_the_programme_is_one_of_the_schools(world: World, client: Browser) -> None:
    other = str(world.other_programme.id)
    answer = client.acting_as(world.teacher).post("/classes/new", data=form(world, programme_id=other))
    assert answer.status_code == 422
    assert "in which the school takes part" in answer.text


def test_a_class_is_not_made_for_another_school(world: World, client: Browser) -> None:
    client.acting_as(world.teacher)
    answer = client.post("/classes/new", data=form(world, school_id=str(world.other_school.id)))
    assert answer.status_code == 422
    moved = client.post(
        f"/classes/{world.school_class.id}/edit", data=form(world, school_id=str(world.other_school.id))
    )
    assert moved.status_code == 422


def test_the_school_changes_it(session: Session, world: World, client: Browser) -> None:
    client.acting_as(world.teacher)
    address = f"/classes/{world.school_class.id}/edit"
    assert 'value="3B"' in client.get(address).text
    assert client.post(address, data={"name": "4B", "school_year": "2027-2028"}).status_code == 303
    session.refresh(world.school_class)
    assert (world.school_class.name, world.school_class.programme_id) == ("4B", None)


@pytest.mark.parametrize("who", ["teacher", "mentor", "coordinator"])
def test_insiders_see_the_board(session: Session, world: World, client: Browser, who: str) -> None:
    make.make_youth(
        session, world.school_class, first_name="Sam", status=YouthStatus.INVITED, profile_done_at=None
    )
    client.acting_as(world.everybody[who])
    assert "3B" in client.get("/classes").text
    page = client.get(f"/classes/{world.school_class.id}").text
    assert "Noor" in page
    assert "Give the card with the codes" in page
    assert ("ZON37" in page) == (who == "teacher")
    assert "Sam" not in client.get(f"/classes/{world.school_class.id}?show=done").text
    todo = client.get(f"/classes/{world.school_class.id}?show=todo").text
    assert "Sam" in todo
    assert "Noor" not in todo
    assert "Yassin" in client.get(f"/classes/{world.school_class.id}?q=yas").text


@pytest.mark.parametrize("who", OUTSIDERS)
def test_for_others_the_class_does_not_exist(world: World, client: Browser, who: str) -> None:
    client.acting_as(world.everybody[who])
    assert "3B" not in client.get("/classes").text
    address = f"/classes/{world.school_class.id}"
    for page in ("", "/edit", "/import", "/codes", "/youths/new"):
        assert client.get(address + page).status_code == 404, page
    for act in ("/edit", "/import", "/import/confirm", "/youths/new"):
        assert client.post(address + act, data=form(world)).status_code == 404, act
    assert client.get(f"/api/v1{address}").status_code == 404
    assert client.post(f"/api/v1{address}/import", json={"rows": [{}]}).status_code == 404


@pytest.mark.parametrize("who", ["mentor", "coordinator"])
def test_who_only_looks_changes_nothing(world: World, client: Browser, who: str) -> None:
    client.acting_as(world.everybody[who])
    address = f"/classes/{world.school_class.id}"
    for page in ("/edit", "/import", "/codes", "/youths/new"):
        assert client.get(address + page).status_code == 403, page
    for act in ("/edit", "/import", "/import/confirm", "/youths/new"):
        assert client.post(address + act, data=form(world)).status_code == 403, act
    assert client.get("/classes/new").status_code == 403
    assert client.post("/classes/new", data=form(world)).status_code == 403
    assert client.get(f"/api/v1{address}").json()["code"] is None


def test_guests_are_asked_to_sign_in(world: World, client: Browser) -> None:
    client.as_guest()
    for address in ("/classes/new", f"/classes/{world.school_class.id}"):
        assert client.get(address).headers["location"].startswith("/sign-in")
    assert client.get("/api/v1/classes").status_code == 401
    assert client.get(f"/api/v1/youths/{world.noor.id}").status_code == 401


def test_cards_hold_the_codes_and_no_secret_address(
    world: World, client: Browser, settings: Settings
) -> None:
    page = client.acting_as(world.teacher).get(f"/classes/{world.school_class.id}/codes").text
    secret = settings.secret_key.get_secret_value()
    for youth in (world.noor, world.yassin):
        assert codes.personal_code(secret, youth) in page
        assert youth.first_name in page
    assert codes.personal_code(secret, world.other_youth) not in page
    assert "ZON37" in page
    assert "podium.example/code" in page
    assert "<svg" in page
    one = client.get(f"/classes/{world.school_class.id}/codes?youth={world.noor.id}").text
    assert "Noor" in one
    assert "Yassin" not in one


def test_the_lists_ask_no_more_with_more_rows(
    session: Session, world: World, client: Browser, count_queries: Any
) -> None:
    client.acting_as(world.teacher)
    with count_queries() as few:
        client.get("/classes")
        client.get(f"/classes/{world.school_class.id}")
    for number in range(30):
        make.make_class(session, world.school, name=f"4{number:02}")
        make.make_youth(session, world.school_class, first_name=f"Kind {number:02}")
    with count_queries() as many:
        listed = client.get("/classes?sort=-name").text
        board = client.get(f"/classes/{world.school_class.id}?sort=-first_name").text
    assert many.number <= few.number
    assert "429" in listed
    assert "Kind 00" not in board
    assert "Kind 00" in client.get(f"/classes/{world.school_class.id}?sort=-first_name&page=2").text


def test_json_tells_the_same(session: Session, world: World, client: Browser) -> None:
    client.acting_as(world.teacher)
    listed = client.get("/api/v1/classes").json()
    assert listed["total"] == 1
    assert listed["items"][0]["youths"] == 2
    assert listed["items"][0]["code"] == "ZON37"
    body = {"name": "3C", "school_year": "2026-2027", "programme_id": str(world.programme.id)}
    made = client.post("/api/v1/classes", json=body)
    assert made.status_code == 201
    address = f"/api/v1/classes/{made.json()['id']}"
    assert client.put(address, json=body | {"name": "3D"}).json()["name"] == "3D"
    assert client.get(address).json()["profiles_done"] == 0
    assert client.put(address, json=body | {"school_year": 2026}).status_code == 422


def test_htmx_gets_the_rows_only(world: World, client: Browser) -> None:
    client.acting_as(world.teacher)
    for address, row in (
        ("/classes", "3B"),
        (f"/classes/{world.school_class.id}", "Noor"),
        ("/programmes", "Nieuw-West"),
    ):
        part = client.get(address, headers={"hx-request": "true"}).text
        assert row in part
        assert "<html" not in part
        assert "<h1" not in part
