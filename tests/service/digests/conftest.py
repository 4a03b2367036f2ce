"""A Sunday on which Marieke subscribes, and the Monday morning on which she is told."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from sqlmodel import Session

from service.digests import actions
from service.digests.models import Subscription
from service.matchmaking.models import Suggestion
from service.youth.models import YouthStatus
from tests import factories as make
from tests.world import World, build_world

SUNDAY = datetime(2027, 1, 10, 12, tzinfo=UTC)
MONDAY = datetime(2027, 1, 11, 6, 30, tzinfo=UTC)
"""Half past seven in Amsterdam, in the second week of 2027."""


@pytest.fixture
def clock_at() -> Iterator[time_machine.Traveller]:
    """Sunday noon, until the test moves it on."""
    with time_machine.travel(SUNDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def world(clock_at: time_machine.Traveller, session: Session) -> World:
    return build_world(session)


@pytest.fixture
def subscription(session: Session, world: World) -> Subscription:
    row = actions.create_default_subscription(session, world.accounts["marieke"].id, world.school.id)
    session.commit()
    return row


def propose(session: Session, world: World) -> Suggestion:
    """A meeting of Noor and the bakery, proposed now."""
    run = make.make_run(session, world.programme)
    suggestion = make.make_suggestion(session, run, world.noor, world.bakery_offer)
    session.commit()
    return suggestion


def leave_nothing_to_tell(session: Session, world: World) -> None:
    for youth in (world.noor, world.yassin):
        youth.status = YouthStatus.LEFT
        session.add(youth)
    session.commit()
