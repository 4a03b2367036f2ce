"""Youths as the school keeps them: added, changed, left, given a new card; and whom they concern."""

from typing import Any

import pytest
from sqlmodel import Session, select

from service.accounts.models import SignInSession
from service.accounts.sessions import start_for_youth
from service.audit.models import AuditEntry
from service.youth.models import Youth, YouthStatus
from tests import factories as make
from tests.conftest import Browser
from tests.world import World

OUTSIDERS = ("admin", "other_coordinator", "other_teacher", "baker", "yassin_himself")


def form(**changes: Any) -> dict[str, Any]:
    return {
        "external_id": "A1",
        "first_name": "Zoë",
        "birth": "2011-06",
        "track": "KB",
        "year": "3",
        "profile": "hbr",
        "wishes": ["HORECA", "", "ZORG"],
        "modes": ["bike"],
        "weekdays": ["1", "2"],
        "pc4": "1068 AB",
    } | changes


def body(**changes: Any) -> dict[str, Any]:
    return {"external_id": "A1", "first_name": "Zoë", "birth": "2011-06"} | changes


def test_it_works(session: Session, world: World, client: Browser) -> None:
    client.acting_as(world.teacher)
    address = f"/classes/{world.school_class.id}/youths/new"
    assert client.get(address).status_code == 200
    assert client.post(address, data=form()).headers["location"] == f"/classes/{world.school_class.id}"
    zoe = session.exec(select(Youth).where(Youth.external_id == "A1")).one()
    assert (zoe.first_name, zoe.birth, zoe.pc4, zoe.wishes) == ("Zoë", "2011-06", "1068", ["HORECA", "ZORG"])
    assert (zoe.school_id, zoe.status) == (world.school.id, YouthStatus.INVITED)
    edited = client.get(f"/youths/{zoe.id}/edit").text
    assert 'value="2011-06"' in edited
    answer = client.post(f"/youths/{zoe.id}/edit", data=form(first_name="Zoey", wishes=["ZORG"]))
    assert answer.headers["location"] == f"/youths/{zoe.id}"
    session.refresh(zoe)
    assert (zoe.first_name, zoe.wishes) == ("Zoey", ["ZORG"])
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "youth.updated")).one()
    assert entry.facts == {"fields": ["first_name", "wishes"]}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"birth": "2011-13"}, "There is no month 13"),
        ({"birth": "juni"}, "Write year and month of birth"),
        ({"birth": "2016-06"}, "is 11 years old. This is for ages 12 to 26"),
        ({"birth": "1990-06"}, "is 36 years old. This is for ages 12 to 26"),
        ({"external_id": "123456782"}, "citizen service number"),
        ({"external_id": "a b"}, "the school&#39;s own number"),
        ({"first_name": "Zoë 3B"}, "in letters"),
        ({"first_name": ""}, "Fill this in"),
        ({"track": "XX"}, "Choose BB, KB, GL or TL"),
        ({"profile": "tl_techniek"}, "does not belong to the track"),
        ({"crebo": "25655"}, "not both"),
        ({"crebo": "2565", "track": "", "profile": ""}, "five digits"),
        ({"year": "9"}, "6 or less"),
        ({"pc4": "10688"}, "four digits"),
        ({"dream_job": "mail zoe@example.nl"}, "looks like an e-mail address"),
        ({"available_from": "2027-02-02", "available_until": "2027-02-01"}, "must not be before the first"),
        ({"status": "active"}, "not a question of this form"),
    ],
)
def test_bad_input_is_told_and_kept(
    session: Session, world: World, client: Browser, changes: dict[str, Any], sentence: str
) -> None:
    client.acting_as(world.teacher)
    answer = client.post(f"/classes/{world.school_class.id}/youths/new", data=form(**changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="1068 AB"' in answer.text or "pc4" in changes
    assert session.exec(select(Youth).where(Youth.external_id == "A1")).first() is None


def test_a_number_is_given_once_in_a_school(session: Session, world: World, client: Browser) -> None:
    client.acting_as(world.teacher)
    address = f"/classes/{world.school_class.id}/youths/new"
    taken = client.post(address, data=form(external_id=world.noor.external_id))
    assert "has this number already" in taken.text
    elsewhere = client.post(address, data=form(external_id=world.other_youth.external_id))
    assert elsewhere.status_code == 303
    same = client.post(f"/youths/{world.noor.id}/edit", data=form(external_id=world.noor.external_id))
    assert same.status_code == 303


def test_ages_are_those_of_the_programme(session: Session, world: World, client: Browser) -> None:
    world.programme.lowest_age = 16
    session.add(world.programme)
    client.acting_as(world.teacher)
    answer = client.post(f"/classes/{world.school_class.id}/youths/new", data=form(birth="2012-01"))
    assert "This is for ages 16 to 26" in answer.text


@pytest.mark.parametrize("who", ["teacher", "mentor", "coordinator"])
def test_insiders_see_the_profile(world: World, client: Browser, who: str) -> None:
    client.acting_as(world.everybody[who])
    page = client.get(f"/youths/{world.noor.id}").text
    assert "Hospitality, bakery and leisure" in page
    assert ("Make a new code" in page) == (who == "teacher")
    assert client.get(f"/api/v1/youths/{world.noor.id}").json()["wishes"] == ["HORECA", "ZORG"]


@pytest.mark.parametrize("who", OUTSIDERS)
def test_for_others_the_youth_does_not_exist(world: World, client: Browser, who: str) -> None:
    client.acting_as(world.everybody[who])
    address = f"/youths/{world.noor.id}"
    assert client.get(address).status_code == 404
    assert client.get(f"{address}/edit").status_code == 404
    for act in ("edit", "leave", "return", "new-code"):
        assert client.post(f"{address}/{act}", data=form()).status_code == 404
    assert client.get(f"/api/v1{address}").status_code == 404
    assert client.put(f"/api/v1{address}", json=body()).status_code == 404
    listed = client.get("/api/v1/youths").json()["items"]
    assert str(world.noor.id) not in {item["id"] for item in listed}


@pytest.mark.parametrize("who", ["mentor", "coordinator", "noor_herself"])
def test_who_sees_a_youth_may_not_change_her_here(world: World, client: Browser, who: str) -> None:
    client.acting_as(world.everybody[who])
    address = f"/youths/{world.noor.id}"
    assert client.get(f"{address}/edit").status_code == 403
    for act in ("edit", "leave", "return", "new-code"):
        assert client.post(f"{address}/{act}", data=form()).status_code == 403
    assert client.put(f"/api/v1{address}", json=body()).status_code == 403


def test_a_mentor_of_another_class_sees_nothing(session: Session, world: World, client: Browser) -> None:
    other_class = make.make_class(session, world.school, programme_id=world.programme.id)
    youth = make.make_youth(session, other_class)
    client.acting_as(world.mentor)
    assert client.get(f"/youths/{youth.id}").status_code == 404
    assert client.get(f"/classes/{other_class.id}").status_code == 404


def test_a_coordinator_sees_only_classes_of_his_programme(
    session: Session, world: World, client: Browser
) -> None:
    other_class = make.make_class(session, world.school)
    youth = make.make_youth(session, other_class)
    client.acting_as(world.coordinator)
    assert client.get(f"/youths/{youth.id}").status_code == 404
    assert client.get(f"/youths/{world.noor.id}").status_code == 200


def test_who_leaves_is_out_everywhere_and_can_come_back(
    session: Session, world: World, client: Browser
) -> None:
    start_for_youth(session, world.noor.id)
    client.acting_as(world.teacher)
    assert client.post(f"/youths/{world.noor.id}/leave").status_code == 303
    session.refresh(world.noor)
    assert world.noor.status is YouthStatus.LEFT
    assert session.exec(select(SignInSession)).one().ended_at is not None
    assert "Noor" not in client.get(f"/classes/{world.school_class.id}").text
    assert "Noor" in client.get(f"/classes/{world.school_class.id}?show=left").text
    for act in ("leave", "new-code", "edit"):
        assert client.post(f"/youths/{world.noor.id}/{act}", data=form()).status_code == 409
    assert client.post(f"/youths/{world.noor.id}/return").status_code == 303
    session.refresh(world.noor)
    assert session.get_one(Youth, world.noor.id).status is YouthStatus.ACTIVE


def test_a_new_code_signs_out_and_prints_one_card(session: Session, world: World, client: Browser) -> None:
    start_for_youth(session, world.noor.id)
    client.acting_as(world.teacher)
    before = client.get(f"/classes/{world.school_class.id}/codes?youth={world.noor.id}").text
    answer = client.post(f"/youths/{world.noor.id}/new-code")
    assert answer.headers["location"] == f"/classes/{world.school_class.id}/codes?youth={world.noor.id}"
    session.refresh(world.noor)
    assert world.noor.code_version == 2
    assert session.exec(select(SignInSession)).one().ended_at is not None
    after = client.get(answer.headers["location"]).text
    assert "The old card does not work any more" in after
    assert before.count('class="code"') == after.count('class="code"') == 2
    codes = [page.split('class="code">')[2][:6] for page in (before, after)]
    assert codes[0] != codes[1]


def test_json_keeps_youths(session: Session, world: World, client: Browser) -> None:
    client.acting_as(world.teacher)
    made = client.post(
        f"/api/v1/classes/{world.school_class.id}/youths",
        json=body(track="BB", modes=["ov"], weekdays=[5, 1]),
    )
    assert made.status_code == 201
    assert made.json()["weekdays"] == [1, 5]
    address = f"/api/v1/youths/{made.json()['id']}"
    changed = client.put(address, json=body(first_name="Zoey", pc4="1068", available_from="2027-02-01"))
    assert (changed.json()["first_name"], changed.json()["track"]) == ("Zoey", None)
    assert client.get("/api/v1/youths?show=todo").json()["total"] == 1
    of_class = client.get(f"/api/v1/youths?class_id={world.school_class.id}&size=2").json()
    assert (of_class["total"], of_class["pages"]) == (3, 2)
    told = client.get(address).json()
    assert "code_version" not in told
    assert "external_id" in told


@pytest.mark.parametrize(
    "changes",
    [
        {"year": "3"},
        {"modes": "bike"},
        {"pc4": 1068},
        {"birth": 2011},
        {"weekdays": ["1"]},
        {"school_id": "x"},
    ],
)
def test_json_is_strict(world: World, client: Browser, changes: dict[str, Any]) -> None:
    answer = client.acting_as(world.teacher).post(
        f"/api/v1/classes/{world.school_class.id}/youths", json=body(**changes)
    )
    assert answer.status_code == 422
    assert next(iter(changes)) in answer.text


def test_a_name_is_no_answer(session: Session, world: World, client: Browser) -> None:
    """Nothing is worked out from it, so what was worked out before still holds."""
    youth = world.noor
    same = {
        name: getattr(youth, name) for name in ("external_id", "birth", "pc4", "track", "profile", "year")
    }
    answers = {**same, "first_name": "Nora", "modes": youth.modes, "wishes": youth.wishes}
    client.acting_as(world.teacher)

    assert client.post(f"/youths/{youth.id}/edit", data=answers).status_code == 303
    session.refresh(youth)
    assert (youth.first_name, youth.updated_at) == ("Nora", None)

    client.post(f"/youths/{youth.id}/edit", data={**answers, "year": "4"})
    session.refresh(youth)
    assert youth.updated_at is not None
