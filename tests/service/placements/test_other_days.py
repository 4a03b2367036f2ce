"""A host proposes other days: the school hears of it and answers, and the host hears what came of it."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
import time_machine
from sqlmodel import Session, col, select

from service.core import clock
from service.core.actor import Actor
from service.core.jobs import Begin
from service.core.settings import Settings
from service.home.queries import tasks_of
from service.mail.models import Mail
from service.mail.rendering import render
from service.organisations.models import ContactPerson
from service.placements import actions, following
from service.placements.jobs import ask_questions, expire_silence
from service.placements.models import DeclineCode, Placement, PlacementStatus, QuestionKind
from service.placements.queries import contact_of
from service.placements.questions import find_open
from service.placements.schemas import DaysInput, YouthDeclineInput
from service.youth.models import Youth, YouthStatus
from tests.conftest import Browser
from tests.service.placements.conftest import Place
from tests.world import World

Act = Callable[[Session, Actor, UUID], Placement]
WEEK = DaysInput(starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 5))


@pytest.fixture
def proposed(session: Session, world: World, begin: Begin, place: Place) -> Placement:
    """The baker was asked, and would rather have Noor in March."""
    placement = place(due_at=clock.now() + timedelta(days=15))
    actions.accept_placement(session, world.noor_herself, placement.id)
    session.commit()
    ask_all(begin)
    actions.propose_other_days(session, world.baker, placement.id, WEEK)
    session.commit()
    return placement


def ask_all(begin: Begin) -> None:
    while ask_questions(begin):
        pass


def texts(session: Session, settings: Settings, template: str) -> list[str]:
    found = session.exec(
        select(Mail).where(Mail.template == f"placements/mails/{template}").order_by(col(Mail.created_at))
    )
    bodies = [render(mail, settings).get_body(("plain",)) for mail in found]
    return [body.get_content() for body in bodies if body]


def recipients(session: Session, template: str) -> list[str]:
    return list(session.exec(select(Mail.recipient).where(Mail.template == f"placements/mails/{template}")))


def test_it_works(
    session: Session, world: World, client: Browser, settings: Settings, begin: Begin, proposed: Placement
) -> None:
    (told,) = texts(session, settings, "other_days")
    assert "maandag 1 maart 2027 tot en met vrijdag 5 maart 2027" in told
    assert f"/placements/{proposed.id}" in told
    assert "Noor" not in told
    school, host = contact_of(session, world.school.id), contact_of(session, world.bakery.id)
    assert school is not None
    assert host is not None
    assert recipients(session, "other_days") == [school.email]

    client.acting_as(world.teacher).post(f"/placements/{proposed.id}/other-days/accept")

    assert recipients(session, "other_days_possible") == [host.email]
    (told,) = texts(session, settings, "other_days_possible")
    assert "vrijdag 5 maart 2027" in told
    actions.accept_placement(session, world.noor_herself, proposed.id)
    session.commit()
    ask_all(begin)
    assert "heeft er ja op gezegd" in texts(session, settings, "host_question")[-1]


def test_lists_and_first_pages_say_whose_turn_it_is(
    session: Session, world: World, client: Browser, proposed: Placement
) -> None:
    for actor in (world.teacher, world.coordinator):
        links = [task.href for task in tasks_of(session, actor)]
        assert "/placements?status=other_days" in links
        assert "/placements?status=accepted" not in links
        client.acting_as(actor)
        row = f'href="/placements/{proposed.id}"'
        assert row in client.get("/placements?status=other_days").text
        assert row not in client.get("/placements?status=accepted").text
        assert "The host proposes other days" in client.get(f"/placements/{proposed.id}").text
    assert "/placements?status=accepted" not in [task.href for task in tasks_of(session, world.baker)]
    assert "The school looks at your days" in client.acting_as(world.baker).get("/placements").text
    assert "The company asks for other days" in client.acting_as(world.noor_herself).get("/").text


def test_not_possible_is_told_with_the_next_question(
    session: Session, world: World, settings: Settings, begin: Begin, proposed: Placement
) -> None:
    following.refuse_other_days(session, world.coordinator, proposed.id)
    session.commit()
    ask_all(begin)

    first, again = texts(session, settings, "host_question")
    assert "kunnen niet" not in first
    assert "De dagen die je voorstelde kunnen niet" in again


@pytest.mark.parametrize("answer", [following.accept_other_days, following.refuse_other_days])
def test_the_answered_link_waits_for_the_school_no_longer(
    session: Session, world: World, client: Browser, settings: Settings, proposed: Placement, answer: Act
) -> None:
    link = session.exec(select(Mail).where(Mail.template == "placements/mails/host_question")).one()
    client.as_guest()
    assert "The school asks whether that is possible" in client.get(link.context["path"]).text

    answer(session, world.coordinator, proposed.id)
    session.commit()

    assert "The school has looked at your days" in client.get(link.context["path"]).text


def test_each_proposal_is_told(
    session: Session, world: World, settings: Settings, proposed: Placement
) -> None:
    following.refuse_other_days(session, world.coordinator, proposed.id)
    actions.propose_other_days(session, world.baker, proposed.id, WEEK)
    session.commit()

    assert len(texts(session, settings, "other_days")) == 2


def test_the_silence_of_the_school_is_told_to_both(
    session: Session, world: World, settings: Settings, begin: Begin, proposed: Placement
) -> None:
    assert proposed.due_at is not None
    with time_machine.travel(proposed.due_at, tick=False):
        assert expire_silence(begin)

    assert len(texts(session, settings, "other_days_over")) == 1
    assert len(texts(session, settings, "silence_school")) == 1
    assert texts(session, settings, "silence_host") == []


def test_the_host_hears_that_the_youth_cannot(
    session: Session, world: World, settings: Settings, proposed: Placement
) -> None:
    following.accept_other_days(session, world.coordinator, proposed.id)
    no = YouthDeclineInput(decline_code=DeclineCode.DAYS_DO_NOT_FIT)
    actions.decline_placement(session, world.noor_herself, proposed.id, no)

    assert len(texts(session, settings, "other_days_over")) == 1


def test_the_host_hears_that_it_was_withdrawn(
    session: Session, world: World, settings: Settings, proposed: Placement
) -> None:
    actions.withdraw_placement(session, world.teacher, proposed.id)

    assert len(texts(session, settings, "other_days_over")) == 1


def test_the_host_hears_when_the_youth_has_left(
    session: Session, world: World, settings: Settings, proposed: Placement
) -> None:
    noor = session.get_one(Youth, proposed.youth_id)
    noor.status = YouthStatus.LEFT
    actions.end_for_leaver(session, world.coordinator, proposed)

    assert len(texts(session, settings, "other_days_over")) == 1


def test_nothing_is_over_after_a_yes(
    session: Session, world: World, settings: Settings, proposed: Placement
) -> None:
    """The host may still say yes to the days as they were, on its own page."""
    proposed.status = PlacementStatus.CONFIRMED
    proposed.host_answered_at = clock.now()
    session.add(proposed)
    actions.withdraw_placement(session, world.teacher, proposed.id)

    assert texts(session, settings, "other_days_over") == []


def test_a_school_without_an_address_leaves_it_to_the_coordinator(
    session: Session, world: World, place: Place
) -> None:
    for person in session.exec(select(ContactPerson).where(ContactPerson.organisation_id == world.school.id)):
        person.email = ""
        session.add(person)
    placement = place(PlacementStatus.ACCEPTED)

    actions.propose_other_days(session, world.baker, placement.id, WEEK)

    assert recipients(session, "other_days") == [world.accounts["farida"].email]


def test_it_is_not_the_host_who_is_asked_now(session: Session, proposed: Placement) -> None:
    assert find_open(session, proposed, QuestionKind.HOST_ANSWER) is None
