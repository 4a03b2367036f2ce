"""One cap per host and month, over all schools and kinds: when it is reached, nobody asks him again."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlmodel import Session

from service.core.actor import Actor
from service.matchmaking.models import Suggestion
from service.placements import actions, queries
from service.placements.errors import HostAskedEnough
from service.placements.models import DeclineCode
from service.placements.schemas import ApprovalInput, HostDeclineInput, YouthDeclineInput
from tests import factories as make
from tests.conftest import Browser
from tests.service.placements.conftest import NEAR
from tests.world import World

SEEN = ApprovalInput(seen=["near"])
NOVEMBER = datetime(2026, 11, 20, 12, tzinfo=UTC)


def proposal(session: Session, world: World, **changes: object) -> Suggestion:
    """For another youth each time, at an offer of its own."""
    offer = make.make_offer(session, world.bakery, **changes)
    youth = make.make_youth(session, world.school_class)
    run = make.make_run(session, world.programme)
    return make.make_suggestion(session, run, youth, offer, reasons=[NEAR])


def youth_of(suggestion: Suggestion) -> Actor:
    return Actor(youth_id=suggestion.youth_id)


@pytest.fixture
def capped(session: Session, world: World) -> World:
    world.bakery.monthly_cap = 1
    session.add(world.bakery)
    return world


@time_machine.travel(NOVEMBER, tick=False)
def test_it_works(session: Session, capped: World, client: Browser) -> None:
    actions.approve_suggestion(session, capped.coordinator, proposal(session, capped).id, SEEN)
    another = proposal(session, capped, kind="prevocational_placement")

    with pytest.raises(HostAskedEnough):
        actions.approve_suggestion(session, capped.coordinator, another.id, SEEN)

    with time_machine.travel(datetime(2026, 11, 30, 22, 59, tzinfo=UTC), tick=False):
        assert queries.count_asked(session, capped.bakery.id) == 1
    with time_machine.travel(datetime(2026, 11, 30, 23, 0, tzinfo=UTC), tick=False):
        # It is December in Amsterdam.
        assert queries.count_asked(session, capped.bakery.id) == 0
        actions.approve_suggestion(session, capped.coordinator, another.id, SEEN)


@time_machine.travel(NOVEMBER, tick=False)
def test_the_coordinator_stays_at_the_desk_and_reads_why(
    session: Session, capped: World, client: Browser
) -> None:
    actions.approve_suggestion(session, capped.coordinator, proposal(session, capped).id, SEEN)
    another = proposal(session, capped, kind="prevocational_placement")
    client.acting_as(capped.coordinator)

    answer = client.post(f"/suggestions/{another.id}/approve", data={"seen": ["near"]})

    assert answer.headers["location"] == f"/suggestions/{another.id}"
    assert "asked as often this month" in client.get(answer.headers["location"]).text


@time_machine.travel(NOVEMBER, tick=False)
def test_what_the_host_never_heard_of_does_not_count(session: Session, capped: World) -> None:
    suggestion = proposal(session, capped)
    placement = actions.approve_suggestion(session, capped.coordinator, suggestion.id, SEEN)
    youth = youth_of(suggestion)
    no = YouthDeclineInput(decline_code=DeclineCode.TOO_FAR)
    actions.decline_placement(session, youth, placement.id, no)

    assert queries.count_asked(session, capped.bakery.id) == 0


@time_machine.travel(NOVEMBER, tick=False)
def test_a_no_of_the_host_was_a_question_too(session: Session, capped: World) -> None:
    suggestion = proposal(session, capped)
    placement = actions.approve_suggestion(session, capped.coordinator, suggestion.id, SEEN)
    actions.accept_placement(session, youth_of(suggestion), placement.id)
    no = HostDeclineInput(decline_code=DeclineCode.TOO_BUSY)
    actions.refuse_placement(session, capped.baker, placement.id, no)

    assert queries.count_asked(session, capped.bakery.id) == 1


def test_without_a_cap_there_is_none(session: Session, world: World) -> None:
    for _number in range(3):
        actions.approve_suggestion(session, world.coordinator, proposal(session, world).id, SEEN)
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=1), tick=False):
        assert queries.count_asked(session, world.bakery.id) == 3


def test_the_host_sees_how_often(session: Session, world: World, client: Browser) -> None:
    world.bakery.monthly_cap = 4
    session.add(world.bakery)
    actions.approve_suggestion(session, world.coordinator, proposal(session, world).id, SEEN)
    session.commit()

    shown = client.acting_as(world.baker).get("/placements").text

    assert "Asked this month: 1 of at most 4" in shown
    assert f'href="/organisations/{world.bakery.id}/edit' in shown
    assert "Asked this month" not in client.acting_as(world.teacher).get("/placements").text


def test_a_host_without_a_maximum_sees_where_to_choose_one(
    session: Session, world: World, client: Browser
) -> None:
    shown = client.acting_as(world.baker).get("/placements").text

    assert "Asked this month: 0. You have set no maximum." in shown
    change = f"/organisations/{world.bakery.id}/edit"
    assert f'href="{change}#field-monthly_cap"' in shown
    assert 'name="monthly_cap"' in client.get(change).text
