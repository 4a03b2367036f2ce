"""A position is never given twice, whatever happens at the same moment."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session

from service.core.db import make_engine, transaction
from service.core.errors import NotFound
from service.offers.actions import free_positions, take_positions
from service.offers.errors import OfferIsFull, OfferIsNotOpen, PositionsNotTaken
from service.offers.models import Offer, OfferStatus
from tests import factories as make
from tests.world import World

AT_ONCE = 50


def test_it_works(session: Session, world: World) -> None:
    offer = world.bakery_offer
    take_positions(session, offer.id, 2)
    assert (offer.positions_taken, offer.positions_left, offer.status) == (2, 1, OfferStatus.PUBLISHED)

    take_positions(session, offer.id, 1)
    assert (offer.positions_left, offer.status) == (0, OfferStatus.FULL)

    free_positions(session, offer.id, 2)
    assert (offer.positions_left, offer.status) == (2, OfferStatus.PUBLISHED)


def test_more_than_is_left_takes_nothing(session: Session, world: World) -> None:
    with pytest.raises(OfferIsFull):
        take_positions(session, world.bakery_offer.id, 4)
    session.refresh(world.bakery_offer)
    assert world.bakery_offer.positions_taken == 0


def test_nothing_can_be_taken_of_a_full_offer(session: Session, world: World) -> None:
    take_positions(session, world.garage_offer.id, 1)

    with pytest.raises(OfferIsFull):
        take_positions(session, world.garage_offer.id, 1)


@pytest.mark.parametrize("status", [OfferStatus.DRAFT, OfferStatus.PAUSED, OfferStatus.CLOSED])
def test_an_offer_that_is_not_open_gives_nothing(session: Session, world: World, status: OfferStatus) -> None:
    world.bakery_offer.status = status
    session.add(world.bakery_offer)

    with pytest.raises(OfferIsNotOpen):
        take_positions(session, world.bakery_offer.id, 1)


def test_giving_back_does_not_reopen_what_was_paused(session: Session, world: World) -> None:
    take_positions(session, world.garage_offer.id, 1)
    world.garage_offer.status = OfferStatus.PAUSED
    session.add(world.garage_offer)

    free_positions(session, world.garage_offer.id, 1)

    assert (world.garage_offer.positions_taken, world.garage_offer.status) == (0, OfferStatus.PAUSED)


def test_no_more_comes_back_than_was_taken(session: Session, world: World) -> None:
    take_positions(session, world.bakery_offer.id, 1)

    with pytest.raises(PositionsNotTaken):
        free_positions(session, world.bakery_offer.id, 2)


def test_what_does_not_exist(session: Session) -> None:
    with pytest.raises(NotFound):
        take_positions(session, uuid4(), 1)
    with pytest.raises(NotFound):
        free_positions(session, uuid4(), 1)


@pytest.mark.parametrize("number", [0, -1])
def test_a_number_that_makes_no_sense_is_a_fault_of_the_caller(
    session: Session, world: World, number: int
) -> None:
    for act in (take_positions, free_positions):
        with pytest.raises(ValueError, match="one or more"):
            act(session, world.bakery_offer.id, number)


def test_a_change_that_was_not_written_yet_is_kept(session: Session, world: World) -> None:
    world.bakery_offer.title = "Brood en gebak"
    take_positions(session, world.bakery_offer.id, 1)

    session.flush()
    session.refresh(world.bakery_offer)
    assert (world.bakery_offer.title, world.bakery_offer.positions_taken) == ("Brood en gebak", 1)


@pytest.mark.parametrize(("positions", "each"), [(1, 1), (7, 1), (7, 3)])
def test_at_the_same_moment_nothing_is_given_twice(own_database: str, positions: int, each: int) -> None:
    engine = make_engine(own_database)
    with transaction(engine) as session:
        company = make.make_organisation(session)
        offer_id = make.make_offer(session, company, positions=positions).id
    start = Barrier(AT_ONCE)

    def take(_number: int) -> str:
        start.wait()
        try:
            with transaction(engine) as session:
                take_positions(session, offer_id, each)
        except OfferIsFull:
            return "full"
        return "taken"

    with ThreadPoolExecutor(AT_ONCE) as threads:
        outcomes = Counter(threads.map(take, range(AT_ONCE)))

    winners = positions // each
    assert outcomes == {"taken": winners, "full": AT_ONCE - winners}
    assert kept(own_database, offer_id) == (winners * each, winners * each == positions)
    engine.dispose()


def test_taking_and_giving_back_at_the_same_moment_adds_up(own_database: str) -> None:
    engine = make_engine(own_database)
    with transaction(engine) as session:
        company = make.make_organisation(session)
        offer_id = make.make_offer(session, company, positions=3, positions_taken=2).id

    def turn(number: int) -> int:
        act = take_positions if number % 2 else free_positions
        try:
            with transaction(engine) as session:
                act(session, offer_id, 1)
        except (OfferIsFull, PositionsNotTaken):
            return 0
        return 1 if number % 2 else -1

    with ThreadPoolExecutor(8) as threads:
        change = sum(threads.map(turn, range(AT_ONCE)))

    taken = 2 + change
    assert kept(own_database, offer_id) == (taken, taken == 3)
    engine.dispose()


def kept(address: str, offer_id: UUID) -> tuple[int, bool]:
    """How many are taken, and whether the offer says that it is full."""
    engine = make_engine(address)
    with transaction(engine, read_only=True) as session:
        offer = session.get_one(Offer, offer_id)
        found = (offer.positions_taken, offer.status is OfferStatus.FULL)
    engine.dispose()
    return found
