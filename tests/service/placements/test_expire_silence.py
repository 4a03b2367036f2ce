"""Silence has an end: the position goes to somebody else, and nothing else is touched."""

from datetime import timedelta

import pytest
import time_machine
from sqlmodel import Session, select

from service.audit.models import AuditEntry
from service.core import clock
from service.core.jobs import Begin
from service.matchmaking.models import RefusalCode, Suggestion
from service.placements.jobs import expire_silence
from service.placements.models import PlacementStatus
from tests.service.placements.conftest import Place
from tests.world import World

A_DAY = timedelta(days=1)


@pytest.mark.parametrize("status", [PlacementStatus.OFFERED, PlacementStatus.ACCEPTED])
def test_it_works(
    session: Session, world: World, begin: Begin, place: Place, status: PlacementStatus
) -> None:
    placement = place(status, due_at=clock.now() + A_DAY)
    session.commit()
    assert not expire_silence(begin)

    with time_machine.travel(clock.now() + A_DAY + timedelta(seconds=1), tick=False):
        assert expire_silence(begin)
        assert not expire_silence(begin)

    session.refresh(placement)
    session.refresh(world.bakery_offer)
    suggestion = session.get_one(Suggestion, placement.suggestion_id)
    session.refresh(suggestion)
    assert placement.status is PlacementStatus.EXPIRED
    assert placement.due_at is None
    assert world.bakery_offer.positions_taken == 0
    assert suggestion.refusal_code is RefusalCode.NO_ANSWER


def test_each_is_ended_once_and_written_down(
    session: Session, world: World, begin: Begin, place: Place
) -> None:
    yesterday = clock.now() - A_DAY
    for youth in (world.noor, world.yassin):
        place(youth=youth, due_at=yesterday)
    session.commit()

    steps = 0
    while expire_silence(begin):
        steps += 1

    session.refresh(world.bakery_offer)
    assert steps == 2
    assert world.bakery_offer.positions_taken == 0
    ended = session.exec(select(AuditEntry).where(AuditEntry.action == "placement.expired")).all()
    assert len(ended) == 2


def test_what_was_answered_does_not_expire(session: Session, begin: Begin, place: Place) -> None:
    place(PlacementStatus.CONFIRMED, due_at=clock.now() - A_DAY)
    session.commit()

    assert not expire_silence(begin)
