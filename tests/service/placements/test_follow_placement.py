"""After both yeses: papers before the first day, then beginning and end, by school or coordinator."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from sqlmodel import Session, select

from service.audit.models import AuditEntry
from service.core.errors import Forbidden, NotFound
from service.core.jobs import Begin
from service.core.lifecycle import StepNotAllowed
from service.placements import following, queries
from service.placements.errors import (
    DaysAreNotKnown,
    HasPlaceInTheseDays,
    NotAllowedAnyMore,
    NotTheDayYet,
    PapersAreMissing,
)
from service.placements.jobs import start_placements
from service.placements.models import Agreement, Placement, PlacementStatus
from service.placements.schemas import AgreementInput, DaysInput
from tests import factories as make
from tests.conftest import Browser
from tests.service.placements.conftest import Place
from tests.world import World

BEFORE = date(2027, 1, 20)
CLAUSES = ["activities", "place", "period", "times", "guidance", "assessment", "inspectorate", "insurance"]
PAPERS: dict[str, Any] = {
    "clauses": CLAUSES,
    "signatures": {"school": BEFORE, "guardian": BEFORE, "host": BEFORE},
    "guardian_letter_on": BEFORE,
    "risk_inventory": True,
    "company_supervisor": "Els de Bakker",
}
TYPED: dict[str, Any] = {
    "clauses": CLAUSES,
    "signed_school": "2027-01-20",
    "signed_guardian": "2027-01-20",
    "signed_host": "2027-01-20",
    "guardian_letter_on": "2027-01-20",
    "risk_inventory": "yes",
    "company_supervisor": "Els de Bakker",
    "school_supervisor": "Meneer Bakr",
}
FIRST_DAY = datetime(2027, 2, 8, 9, tzinfo=UTC)


def papers(**changes: Any) -> AgreementInput:
    return AgreementInput(**PAPERS | changes)


@pytest.fixture
def confirmed(place: Place) -> Placement:
    return place(PlacementStatus.CONFIRMED)


def test_it_works(session: Session, world: World, client: Browser, confirmed: Placement) -> None:
    path = f"/placements/{confirmed.id}"
    client.acting_as(world.teacher)
    shown = client.get(path).text
    assert "Some papers are needed before the first day" in shown
    assert "a guardian" in shown
    assert f'{path}/agree"' not in shown
    assert "inspectorate" in client.get(f"{path}/agreement").text

    assert client.post(f"{path}/agreement", data=TYPED).headers["location"] == f"{path}#papers"
    assert "nothing on paper is missing" in client.get(path).text
    assert 'value="2027-01-20"' in client.get(f"{path}/agreement").text
    assert client.post(f"{path}/agree").status_code == 303
    with time_machine.travel(FIRST_DAY, tick=False):
        assert f"{path}/start" in client.get(path).text
        client.post(f"{path}/start")
        assert "Say how it went" in client.get(path).text
        client.post(f"{path}/complete")

    session.refresh(confirmed)
    assert confirmed.status is PlacementStatus.COMPLETED
    assert confirmed.ended_at is not None
    assert (confirmed.company_supervisor, confirmed.school_supervisor) == ("Els de Bakker", "Meneer Bakr")
    session.refresh(world.bakery_offer)
    assert world.bakery_offer.positions_taken == 1
    for act in ("papers_noted", "agreed", "active", "completed"):
        assert session.exec(select(AuditEntry).where(AuditEntry.action == f"placement.{act}")).one()


def test_the_same_in_json(world: World, client: Browser, confirmed: Placement) -> None:
    path = f"/api/v1/placements/{confirmed.id}"
    client.acting_as(world.coordinator)
    missing = {one["rule"]: one["missing"] for one in client.get(f"{path}/agreement").json()["papers"]}
    assert missing["A-1"] == ["school", "guardian", "host"]
    sent = AgreementInput(**PAPERS).model_dump(mode="json")

    noted = client.put(f"{path}/agreement", json=sent).json()

    assert {one["verdict"] for one in noted["papers"]} == {"OK"}
    assert client.post(f"{path}/agree").json()["status"] == "agreed"
    assert client.post(f"{path}/start").json()["type"] == "urn:podium:problem:not_the_day_yet"


@pytest.mark.parametrize(
    "changes",
    [
        {"clauses": CLAUSES[:-1]},
        {"signatures": {"school": BEFORE, "host": BEFORE}},
        {"signatures": PAPERS["signatures"] | {"guardian": date(2027, 2, 9)}},
        {"guardian_letter_on": None},
        {"risk_inventory": False},
        {"company_supervisor": ""},
    ],
    ids=["insurance", "guardian", "too late", "letter", "risks", "supervisor"],
)
def test_nothing_is_agreed_without_its_papers(
    session: Session, world: World, confirmed: Placement, changes: dict[str, Any]
) -> None:
    following.save_agreement(session, world.teacher, confirmed.id, papers(**changes))

    with pytest.raises(PapersAreMissing):
        following.agree_placement(session, world.teacher, confirmed.id)


def test_without_days_nothing_is_agreed(session: Session, world: World, place: Place) -> None:
    confirmed = place(PlacementStatus.CONFIRMED, starts_on=None, ends_on=None)

    with pytest.raises(DaysAreNotKnown):
        following.agree_placement(session, world.teacher, confirmed.id)


def test_a_visit_of_a_class_needs_no_papers(session: Session, world: World, place: Place) -> None:
    visit = make.make_offer(session, world.bakery, kind="company_visit")
    confirmed = place(PlacementStatus.CONFIRMED, offer=visit)
    confirmed.youth_id, confirmed.class_id = None, world.school_class.id
    session.add(confirmed)
    session.flush()

    following.agree_placement(session, world.teacher, confirmed.id)

    assert confirmed.status is PlacementStatus.AGREED


def bpv_student(session: Session, world: World, place: Place) -> Placement:
    student = make.make_youth(
        session,
        world.school_class,
        first_name="Sem",
        birth_year=2009,
        track=None,
        profile=None,
        crebo="25655",
        level=2,
    )
    offer = make.make_offer(session, world.bakery, kind="bpv", crebos=["25655"])
    return place(PlacementStatus.CONFIRMED, youth=student, offer=offer)


POK = papers(
    clauses=[
        "period",
        "total_hours",
        "hours_per_year",
        "guidance",
        "qualification_part",
        "assessment",
        "early_ending",
    ],
    signatures={"school": BEFORE, "youth": BEFORE, "host": BEFORE},
    recognition_seen_on=BEFORE,
    without_guardian=True,
)


def test_a_student_needs_a_recognised_company(session: Session, world: World, place: Place) -> None:
    confirmed = bpv_student(session, world, place)
    unseen = POK.model_copy(update={"recognition_seen_on": None})
    following.save_agreement(session, world.teacher, confirmed.id, unseen)
    with pytest.raises(PapersAreMissing):
        following.agree_placement(session, world.teacher, confirmed.id)

    following.save_agreement(session, world.teacher, confirmed.id, POK)
    following.agree_placement(session, world.teacher, confirmed.id)

    assert confirmed.status is PlacementStatus.AGREED


def test_recognition_for_something_else_is_none(session: Session, world: World, place: Place) -> None:
    confirmed = bpv_student(session, world, place)
    ended = POK.model_copy(update={"recognised_until": date(2027, 2, 1)})
    following.save_agreement(session, world.teacher, confirmed.id, ended)

    with pytest.raises(PapersAreMissing):
        following.agree_placement(session, world.teacher, confirmed.id)


def test_only_the_guardian_of_a_student_can_be_left_out(session: Session, world: World, place: Place) -> None:
    confirmed = bpv_student(session, world, place)
    asked = POK.model_copy(update={"without_guardian": False})
    following.save_agreement(session, world.teacher, confirmed.id, asked)
    with pytest.raises(PapersAreMissing):
        following.agree_placement(session, world.teacher, confirmed.id)

    noor = place(PlacementStatus.CONFIRMED)
    without = papers(signatures={"school": BEFORE, "host": BEFORE}, without_guardian=True)
    following.save_agreement(session, world.teacher, noor.id, without)
    with pytest.raises(PapersAreMissing):
        following.agree_placement(session, world.teacher, noor.id)


def test_it_begins_by_itself_and_not_too_early(
    session: Session, world: World, begin: Begin, confirmed: Placement
) -> None:
    following.save_agreement(session, world.teacher, confirmed.id, papers())
    following.agree_placement(session, world.teacher, confirmed.id)
    with pytest.raises(NotTheDayYet):
        following.start_placement(session, world.teacher, confirmed.id)
    session.commit()
    assert not start_placements(begin)

    with time_machine.travel(FIRST_DAY, tick=False):
        assert start_placements(begin)
        assert not start_placements(begin)

    session.refresh(confirmed)
    assert confirmed.status is PlacementStatus.ACTIVE


def test_what_lacks_a_paper_by_now_does_not_begin(
    session: Session, world: World, begin: Begin, confirmed: Placement
) -> None:
    following.save_agreement(session, world.teacher, confirmed.id, papers())
    following.agree_placement(session, world.teacher, confirmed.id)
    agreement = session.exec(select(Agreement)).one()
    agreement.guardian_letter_on = None
    session.add(agreement)
    session.commit()

    with time_machine.travel(FIRST_DAY, tick=False):
        assert not start_placements(begin)
        with pytest.raises(PapersAreMissing):
            following.start_placement(session, world.teacher, confirmed.id)


@pytest.mark.parametrize(
    ("act", "status"),
    [
        (following.end_placement_early, PlacementStatus.ENDED_EARLY),
        (following.note_no_show, PlacementStatus.NO_SHOW),
    ],
)
def test_other_ends(session: Session, world: World, place: Place, act: Any, status: PlacementStatus) -> None:
    going_on = place(PlacementStatus.ACTIVE)

    act(session, world.coordinator, going_on.id)

    assert (going_on.status, going_on.ended_at is not None) == (status, True)
    with pytest.raises(StepNotAllowed):
        following.complete_placement(session, world.coordinator, going_on.id)


def test_other_days_are_asked_of_the_rules(session: Session, world: World, confirmed: Placement) -> None:
    week = DaysInput(starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 5))
    following.change_days(session, world.teacher, confirmed.id, week)
    assert (confirmed.starts_on, confirmed.calendar_number) == (date(2027, 3, 1), 1)

    over = DaysInput(starts_on=date(2026, 1, 5), ends_on=date(2026, 1, 9))
    with pytest.raises(NotAllowedAnyMore):
        following.change_days(session, world.teacher, confirmed.id, over)


def test_nobody_is_in_two_places(session: Session, world: World, place: Place, confirmed: Placement) -> None:
    other = make.make_offer(session, world.garage, starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 5))
    place(offer=other)

    with pytest.raises(HasPlaceInTheseDays):
        following.change_days(
            session,
            world.teacher,
            confirmed.id,
            DaysInput(starts_on=date(2027, 3, 5), ends_on=date(2027, 3, 9)),
        )


def test_one_day_is_one_day(world: World, client: Browser, place: Place) -> None:
    placement = place(PlacementStatus.CONFIRMED, starts_on=date(2027, 2, 8), ends_on=date(2027, 2, 8))

    shown = client.acting_as(world.noor_herself).get(f"/placements/{placement.id}").text

    assert "Monday 8 February 2027" in shown
    assert "Monday 8 February 2027 to" not in shown


def test_what_is_typed_wrong_stays(world: World, client: Browser, confirmed: Placement) -> None:
    client.acting_as(world.teacher)

    answer = client.post(
        f"/placements/{confirmed.id}/agreement",
        data=TYPED | {"school_supervisor": "Bel 06 12345678", "qualification": "12"},
    )

    assert answer.status_code == 422
    assert 'href="#field-school_supervisor"' in answer.text


def test_who_is_18_signs_without_a_guardian(
    session: Session, world: World, client: Browser, place: Place
) -> None:
    grown_up = make.make_youth(session, world.school_class, birth_year=2008)
    of_age, young = place(PlacementStatus.CONFIRMED, youth=grown_up), place(PlacementStatus.CONFIRMED)
    client.acting_as(world.teacher)

    assert "signed_guardian" not in client.get(f"/placements/{of_age.id}/agreement").text
    assert "signed_guardian" in client.get(f"/placements/{young.id}/agreement").text


def test_who_may_not(session: Session, world: World, confirmed: Placement) -> None:
    for other in (world.noor_herself, world.baker, world.mentor):
        with pytest.raises(Forbidden):
            following.save_agreement(session, other, confirmed.id, papers())
        with pytest.raises(Forbidden):
            following.agree_placement(session, other, confirmed.id)
    for stranger in (world.other_teacher, world.other_coordinator, world.mechanic, world.admin):
        with pytest.raises(NotFound):
            following.save_agreement(session, stranger, confirmed.id, papers())
    assert queries.find_agreement(session, confirmed) is None
