"""A programme from draft to closed: its rules, who sees it, and who may change it."""

from typing import Any

import pytest
from sqlmodel import Session, select

from service.audit.models import AuditEntry
from service.core.actor import Actor
from service.programmes.models import Programme, ProgrammeSchool, ProgrammeStatus
from tests import factories as make
from tests.conftest import Browser
from tests.world import World


def form(world: World, **changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "name": "On Stage Noord",
        "region": "Amsterdam Noord",
        "school_year": "2026-2027",
        "school_ids": [str(world.school.id)],
        "kinds": ["orientation_placement", "flash_visit"],
        "starts_on": "2026-09-01",
        "ends_on": "2027-07-01",
        "sector_weight": "0,45",
        "location_weight": "0.25",
        "talent_weight": "0.3",
        "suggestions_each": "5",
        "lowest_age": "12",
        "highest_age": "26",
        "minutes_14_15": "40",
        "vog_policy": "none",
        "answer_days": "15",
        "lottery_seed": "2027",
    }
    return {name: value for name, value in (values | changes).items() if value is not None}


def body(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "name": "On Stage Noord",
        "region": "Amsterdam Noord",
        "school_year": "2026-2027",
        "school_ids": [str(world.school.id)],
        "kinds": ["orientation_placement"],
        "starts_on": "2026-09-01",
        "ends_on": "2027-07-01",
    } | changes


def the_new_one(session: Session) -> Programme:
    return session.exec(select(Programme).where(Programme.name == "On Stage Noord")).one()


def test_it_works(session: Session, world: World, client: Browser) -> None:
    client.acting_as(world.admin)
    assert client.get("/programmes/new").status_code == 200
    answer = client.post("/programmes/new", data=form(world))
    assert answer.status_code == 303
    programme = the_new_one(session)
    assert answer.headers["location"] == f"/programmes/{programme.id}"
    assert programme.slug == "on-stage-noord"
    assert programme.status is ProgrammeStatus.DRAFT
    assert (programme.sector_weight, programme.location_weight, programme.talent_weight) == (0.45, 0.25, 0.3)
    assert programme.travel_limits == {"minutes_14_15": 40}
    assert session.exec(
        select(ProgrammeSchool.school_id).where(ProgrammeSchool.programme_id == programme.id)
    ).all() == [world.school.id]
    assert session.exec(select(AuditEntry).where(AuditEntry.action == "programme.created")).one()

    assert client.post(f"/programmes/{programme.id}/status/open").status_code == 303
    page = client.get(f"/programmes/{programme.id}")
    assert "Lottery number: 2027" in page.text
    assert "no early bird" in page.text
    assert "Sloterwaard College" in page.text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"talent_weight": "0.5"}, "must be 1 together"),
        ({"sector_weight": "-0.1", "talent_weight": "0.85"}, "A weight is 0 or more"),
        ({"sector_weight": "a lot"}, "Fill in a number"),
        ({"ends_on": "2026-08-01"}, "must not be before the first"),
        ({"wishes_close_on": "2027-08-01"}, "must close before the last day"),
        ({"school_year": "2026-2028"}, "two years that follow each other"),
        ({"school_year": "2026"}, "Look at the example"),
        ({"kinds": ["holiday"]}, "Choose kinds from the list"),
        ({"school_ids": ["00000000-0000-4000-8000-000000000000"]}, "Choose schools from the list"),
        ({"lowest_age": "20", "highest_age": "16"}, "must not be below the lowest"),
        ({"suggestions_each": "0"}, "must be 1 or more"),
        ({"name": None}, "Fill this in"),
        ({"colour": "red"}, "not a question of this form"),
    ],
)
def test_bad_input_is_told_and_kept(
    session: Session, world: World, client: Browser, changes: dict[str, Any], sentence: str
) -> None:
    answer = client.acting_as(world.admin).post("/programmes/new", data=form(world, **changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Amsterdam Noord" in answer.text
    assert session.exec(select(Programme).where(Programme.region == "Amsterdam Noord")).all() == []


def test_a_company_is_no_school(world: World, client: Browser) -> None:
    answer = client.acting_as(world.admin).post(
        "/programmes/new", data=form(world, school_ids=[str(world.bakery.id)])
    )
    assert answer.status_code == 422
    assert "Choose schools from the list" in answer.text


def test_a_coordinator_edits_his_own(session: Session, world: World, client: Browser) -> None:
    client.acting_as(world.coordinator)
    address = f"/programmes/{world.programme.id}/edit"
    assert 'value="On Stage Nieuw-West"' in client.get(address).text
    answer = client.post(address, data=form(world, name="Nieuw-West 2027", minutes_14_15=None))
    assert answer.status_code == 303
    session.refresh(world.programme)
    assert world.programme.name == "Nieuw-West 2027"
    assert world.programme.travel_limits == {}


def test_two_of_one_name_get_two_addresses(session: Session, world: World, client: Browser) -> None:
    client.acting_as(world.admin)
    for _ in range(2):
        assert client.post("/programmes/new", data=form(world)).status_code == 303
    slugs = session.exec(select(Programme.slug).where(Programme.name == "On Stage Noord")).all()
    assert sorted(slugs) == ["on-stage-noord", "on-stage-noord-2"]


def test_a_programme_without_schools_does_not_open(session: Session, world: World, client: Browser) -> None:
    client.acting_as(world.admin).post("/programmes/new", data=form(world, school_ids=[]))
    answer = client.post(f"/programmes/{the_new_one(session).id}/status/open")
    assert answer.status_code == 409
    assert "at least one school" in answer.text


def test_no_step_is_skipped(world: World, client: Browser) -> None:
    client.acting_as(world.coordinator)
    assert client.post(f"/programmes/{world.programme.id}/status/running").status_code == 409
    assert client.post(f"/programmes/{world.programme.id}/status/matching").status_code == 303
    assert client.post(f"/programmes/{world.programme.id}/status/running").status_code == 303
    assert client.post(f"/programmes/{world.programme.id}/status/asleep").status_code == 404


def test_the_lottery_number_is_fixed_when_matching_starts(
    session: Session, world: World, client: Browser
) -> None:
    world.programme.status = ProgrammeStatus.MATCHING
    session.add(world.programme)
    client.acting_as(world.coordinator)
    address = f"/programmes/{world.programme.id}/edit"
    answer = client.post(address, data=form(world, lottery_seed="1"))
    assert answer.status_code == 409
    assert "lottery number is fixed" in answer.text
    assert client.post(address, data=form(world, lottery_seed="2027")).status_code == 303


def test_guests_see_open_programmes_without_schools(session: Session, world: World, client: Browser) -> None:
    draft = make.make_programme(session, world.school, name="Nog geheim", status=ProgrammeStatus.DRAFT)
    client.as_guest()
    listed = client.get("/programmes").text
    assert "On Stage Nieuw-West" in listed
    assert "Nog geheim" not in listed
    shown = client.get(f"/programmes/{world.programme.id}").text
    assert "Sloterwaard College" not in shown
    assert "Start a matching run" not in shown
    assert client.get(f"/api/v1/programmes/{draft.id}").status_code == 404
    told = client.get(f"/api/v1/programmes/{world.programme.id}").json()
    assert told["school_ids"] is None


def test_schools_see_the_draft_they_are_in(session: Session, world: World, client: Browser) -> None:
    draft = make.make_programme(session, world.school, name="Nog geheim", status=ProgrammeStatus.DRAFT)
    assert client.acting_as(world.teacher).get(f"/programmes/{draft.id}").status_code == 200
    assert client.acting_as(world.other_teacher).get(f"/programmes/{draft.id}").status_code == 404
    assert client.acting_as(world.other_coordinator).get(f"/programmes/{draft.id}").status_code == 404


@pytest.mark.parametrize("who", ["teacher", "mentor", "baker", "noor_herself", "other_coordinator"])
def test_others_may_not_change_it(world: World, client: Browser, who: str) -> None:
    actor: Actor = world.everybody[who]
    client.acting_as(actor)
    assert client.get("/programmes/new").status_code == 403
    assert client.post("/programmes/new", data=form(world)).status_code == 403
    assert client.post("/programmes/new", data={}).status_code == 403
    for act in ("edit", "status/matching"):
        answer = client.post(f"/programmes/{world.programme.id}/{act}", data=form(world))
        assert answer.status_code == 403
    assert client.put(f"/api/v1/programmes/{world.programme.id}", json=body(world)).status_code == 403


def test_coordinators_make_no_programmes(world: World, client: Browser) -> None:
    client.acting_as(world.coordinator)
    assert client.post("/programmes/new", data=form(world)).status_code == 403
    assert client.post("/api/v1/programmes", json=body(world)).status_code == 403


def test_json_makes_changes_and_moves(world: World, client: Browser) -> None:
    client.acting_as(world.admin)
    made = client.post("/api/v1/programmes", json=body(world))
    assert made.status_code == 201
    address = f"/api/v1/programmes/{made.json()['id']}"
    changed = client.put(address, json=body(world, region="Noord", minutes_adult=90))
    assert changed.json()["region"] == "Noord"
    assert changed.json()["travel_limits"] == {"minutes_adult": 90}
    assert client.post(f"{address}/status", json={"status": "open"}).json()["status"] == "open"
    assert client.get("/api/v1/programmes?size=2").json()["total"] == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"suggestions_each": "5"},
        {"starts_on": 0},
        {"sector_weight": True},
        {"status": "open"},
        {"sector_weight": 0.9},
        {"lottery_seed": 2**40},
    ],
)
def test_json_is_strict(world: World, client: Browser, changes: dict[str, Any]) -> None:
    answer = client.acting_as(world.admin).post("/api/v1/programmes", json=body(world, **changes))
    assert answer.status_code == 422
    assert next(iter(changes)) in answer.text


def test_guests_of_the_api_are_asked_to_sign_in(world: World, client: Browser) -> None:
    assert client.as_guest().post("/api/v1/programmes", json=body(world)).status_code == 401


def test_the_list_filters_sorts_and_asks_no_more(
    session: Session, world: World, client: Browser, count_queries: Any
) -> None:
    client.acting_as(world.admin)
    with count_queries() as few:
        client.get("/programmes")
    for number in range(30):
        make.make_programme(session, world.school, name=f"Programma {number:02}", region="Gooi")
    with count_queries() as many:
        page = client.get("/programmes?q=gooi&sort=-name")
    assert many.number <= few.number
    assert "Programma 29" in page.text
    assert "Programma 00" not in page.text
    assert "sort=name" in page.text
    assert "Programma 00" in client.get("/programmes?q=gooi&sort=-name&page=2").text
    assert "No programmes found" in client.get("/programmes?q=100%25").text
    assert client.get("/programmes?page=x&sort=drop&status=none").status_code == 200


def test_a_coordinator_adds_no_school_to_his_programme(world: World, client: Browser) -> None:
    """Else he could make himself staff of any school, and see its youths."""
    client.acting_as(world.coordinator)
    both = [str(world.school.id), str(world.other_school.id)]
    address = f"/programmes/{world.programme.id}/edit"

    refused = client.post(address, data=form(world, school_ids=both))

    assert refused.status_code == 422
    assert "Only the administrator adds a school" in refused.text
    assert world.other_school.name not in client.get(address).text
    assert client.acting_as(world.admin).post(address, data=form(world, school_ids=both)).status_code == 303
