"""Whom to phone: late answers with number and history, for the coordinator of the programme alone."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from service.audit.models import AuditEntry
from service.core import clock
from service.matchmaking.models import Run
from service.placements import actions, rescue
from service.placements.models import (
    AnswerCode,
    ContactNote,
    Placement,
    PlacementStatus,
    Question,
    QuestionKind,
)
from service.placements.questions import ask
from service.placements.rescue import Habit, habits_of, order_of
from tests import factories as make
from tests.conftest import Browser
from tests.service.placements.conftest import Place
from tests.world import World


@pytest.fixture
def late(session: Session, place: Place) -> Placement:
    """Noor said yes, and the baker was asked three times."""
    return asked(session, place(PlacementStatus.ACCEPTED, due_at=clock.now() + timedelta(days=6)))


def asked(session: Session, placement: Placement, **changes: Any) -> Placement:
    question = ask(session, placement)
    question.sqlmodel_update(
        {"mails_sent": 3, "asked_at": clock.now() - timedelta(days=10), "due_at": None} | changes
    )
    session.add(question)
    session.commit()
    return placement


def answered(session: Session, placement: Placement, days: float, answer: AnswerCode) -> None:
    now = clock.now()
    session.add(
        Question(
            kind=QuestionKind.HOST_ANSWER,
            organisation_id=placement.organisation_id,
            placement_id=placement.id,
            asked_at=now - timedelta(days=days),
            answered_at=now,
            answer=answer,
        )
    )


def test_it_works(session: Session, world: World, client: Browser, late: Placement) -> None:
    client.acting_as(world.coordinator)
    assert "hosts to phone" in client.get("/").text
    shown = client.get("/rescue").text
    for text in ("Bakkerij Zonnebloem", "020 123", "1 answer waits", "2 reminders sent", "not known yet"):
        assert text in shown
    assert "Noor" not in shown

    client.post(f"/rescue/{world.bakery.id}/notes", data={"code": "calls_back", "text": "Morgen na tienen"})

    shown = client.get("/rescue").text
    assert "Calls back. Morgen na tienen" in shown
    assert "Farida" in shown
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "contact_note.created")).one()
    assert "Morgen" not in str(entry.facts)


def test_the_same_in_json(world: World, client: Browser, late: Placement) -> None:
    client.acting_as(world.coordinator)
    note = client.post(
        f"/api/v1/organisations/{world.bakery.id}/contact-notes", json={"code": "message_left"}
    )

    listed = client.get("/api/v1/rescue-list").json()

    assert note.status_code == 201
    assert listed["total"] == 1
    call = listed["items"][0]
    assert (call["organisation"], call["waiting"], call["reminders"]) == ("Bakkerij Zonnebloem", 1, 2)
    assert call["notes"][0]["code"] == "message_left"


@pytest.mark.parametrize(
    ("changes", "days", "is_listed"),
    [
        ({}, 10, True),
        ({"mails_sent": 1, "due_at": clock.now()}, 10, False),
        ({"mails_sent": 1, "due_at": clock.now()}, 3, True),
        ({"mails_sent": 0, "asked_at": None}, 10, True),
        ({"answered_at": clock.now(), "answer": AnswerCode.OTHER_DAYS}, 10, False),
    ],
    ids=["asked thrice", "time left", "time nearly over", "no address", "answered"],
)
def test_who_is_phoned(
    session: Session, world: World, place: Place, changes: dict[str, Any], days: int, is_listed: bool
) -> None:
    placement = place(PlacementStatus.ACCEPTED, due_at=clock.now() + timedelta(days=days))
    asked(session, placement, **changes)

    assert rescue.count_calls(session, world.coordinator) == int(is_listed)


def test_one_call_for_all_that_waits_at_a_host(
    session: Session, world: World, place: Place, late: Placement
) -> None:
    asked(session, place(PlacementStatus.ACCEPTED, youth=world.yassin))

    calls = rescue.list_calls(session, world.coordinator)

    assert (calls.total, calls.rows[0].waiting) == (1, 2)


@pytest.mark.parametrize("text", ["Noor komt niet", "over NOOR", "bel 06 12345678"])
def test_no_names_and_no_numbers_in_a_note(
    session: Session, world: World, client: Browser, late: Placement, text: str
) -> None:
    answer = client.acting_as(world.coordinator).post(
        f"/rescue/{world.bakery.id}/notes", data={"code": "other", "text": text}
    )

    assert answer.status_code == 422
    assert "Leave it out" in answer.text or "Take it out" in answer.text
    assert session.exec(select(ContactNote)).first() is None


def test_habits_count_what_was_asked_and_is_over(session: Session, world: World, place: Place) -> None:
    placement = place(PlacementStatus.COMPLETED)
    for days, answer in (
        (1, AnswerCode.YES),
        (3, AnswerCode.NO),
        (15, AnswerCode.SILENCE),
        (2, AnswerCode.NOT_NEEDED),
    ):
        answered(session, placement, days, answer)
    session.flush()

    habit = habits_of(session, {world.bakery.id})[world.bakery.id]

    assert (habit.asked, habit.answered, habit.days) == (3, 2, 2.0)
    assert habit.rate == pytest.approx(2 / 3)


def test_who_answers_comes_before_who_does_not() -> None:
    quick, slow = Habit(4, 4, 1.0), Habit(4, 4, 6.0)
    never_asked, silent = Habit(), Habit(4, 0)

    assert sorted([silent, never_asked, slow, quick], key=order_of) == [quick, slow, never_asked, silent]


def test_among_equals_who_answers_is_asked_first_and_the_score_stays(
    session: Session, world: World, place: Place, run: Run, client: Browser
) -> None:
    fallen = place(PlacementStatus.ACCEPTED)
    silent, best, quick = (make.make_organisation(session, name=name) for name in ("Stil", "Beste", "Vlot"))
    for host, score in ((silent, 70.0), (best, 75.0), (quick, 70.0)):
        offer = make.make_offer(session, host, title=host.name)
        make.make_suggestion(session, run, world.noor, offer, score=score, rank=2)
    for host, answer in ((silent, AnswerCode.SILENCE), (quick, AnswerCode.YES)):
        old = make.make_offer(session, host)
        answered(session, place(PlacementStatus.COMPLETED, youth=world.yassin, offer=old), 1, answer)
    actions.withdraw_placement(session, world.coordinator, fallen.id)
    session.commit()

    names = [one.organisation.name for one, _habit in rescue.next_proposals(session, fallen)]

    assert names == ["Beste", "Vlot", "Stil"]
    shown = client.acting_as(world.coordinator).get(f"/placements/{fallen.id}").text
    assert shown.index("Vlot") < shown.index("Stil")
    assert "Answers otherwise: 1 of 1, after 1 days" in shown
    assert "Answers otherwise: 0 of 1" in shown
    assert (
        "Other proposals of this run"
        not in client.acting_as(world.teacher).get(f"/placements/{fallen.id}").text
    )


def test_who_may_not(session: Session, world: World, client: Browser, late: Placement) -> None:
    for actor in (world.teacher, world.mentor, world.baker, world.noor_herself, world.admin):
        client.acting_as(actor)
        assert client.get("/rescue").status_code == 403
        assert client.post(f"/rescue/{world.bakery.id}/notes", data={"code": "other"}).status_code == 403
        assert client.get("/api/v1/rescue-list").status_code == 403
    client.acting_as(world.other_coordinator)
    assert "Bakkerij Zonnebloem" not in client.get("/rescue").text
    assert client.post(f"/rescue/{world.bakery.id}/notes", data={"code": "other"}).status_code == 404
    assert session.exec(select(ContactNote)).first() is None
