"""What ends by itself: silence, and the places of youths who left."""

from datetime import timedelta

from sqlmodel import Session

from service.core import clock
from service.core.jobs import Begin
from service.matchmaking.models import SuggestionStatus
from service.placements.jobs import expire_silence, free_places_of_leavers
from service.placements.models import Placement, PlacementStatus
from service.youth.models import YouthStatus
from tests import factories as make
from tests.world import World


def placed(session: Session, world: World, **changes: object) -> Placement:
    run = make.make_run(session, world.programme)
    suggestion = make.make_suggestion(
        session, run, world.noor, world.garage_offer, status=SuggestionStatus.APPROVED
    )
    return make.make_placement(session, suggestion, world.garage_offer, **changes)


def test_silence_frees_the_position(session: Session, world: World, begin: Begin) -> None:
    placement = placed(session, world, due_at=clock.now() - timedelta(minutes=1))

    assert expire_silence(begin)

    session.refresh(placement)
    session.refresh(world.garage_offer)
    assert placement.status is PlacementStatus.EXPIRED
    assert world.garage_offer.positions_taken == 0
    assert not expire_silence(begin)


def test_who_may_still_answer_keeps_the_place(session: Session, world: World, begin: Begin) -> None:
    placement = placed(session, world, due_at=clock.now() + timedelta(days=1))
    assert not expire_silence(begin)
    session.refresh(placement)
    assert placement.status is PlacementStatus.OFFERED


def test_a_youth_who_left_frees_his_place(session: Session, world: World, begin: Begin) -> None:
    placement = placed(session, world, status=PlacementStatus.CONFIRMED)
    assert not free_places_of_leavers(begin)
    world.noor.status = YouthStatus.LEFT
    session.add(world.noor)

    assert free_places_of_leavers(begin)

    session.refresh(placement)
    session.refresh(world.garage_offer)
    assert placement.status is PlacementStatus.WITHDRAWN
    assert world.garage_offer.positions_taken == 0
    assert not free_places_of_leavers(begin)


def test_what_has_begun_stays_as_it_was(session: Session, world: World, begin: Begin) -> None:
    placement = placed(session, world, status=PlacementStatus.COMPLETED)
    world.noor.status = YouthStatus.LEFT
    session.add(world.noor)
    assert not free_places_of_leavers(begin)
    session.refresh(placement)
    assert placement.status is PlacementStatus.COMPLETED
    assert placement.decline_code is None
