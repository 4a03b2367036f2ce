"""Fifty yeses at the same moment: on the last position exactly one counts, and nobody gets two places."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from service.core.actor import Actor
from service.core.db import make_engine, transaction
from service.core.errors import Conflict
from service.matchmaking.models import Suggestion, SuggestionStatus
from service.offers.models import Offer
from service.placements import actions
from service.placements.models import Placement
from service.placements.schemas import ApprovalInput
from tests import factories as make
from tests.world import World, build_world

AT_ONCE = 50


def approve_all(engine: Engine, actor: Actor, suggestion_ids: list[UUID]) -> Counter[str]:
    """Everybody presses at once, each in a transaction of his own."""
    start = Barrier(len(suggestion_ids))

    def approve(suggestion_id: UUID) -> str:
        start.wait()
        try:
            with transaction(engine) as session:
                actions.approve_suggestion(session, actor, suggestion_id, ApprovalInput(seen=[]))
        except Conflict as refusal:
            return refusal.code
        return "approved"

    with ThreadPoolExecutor(len(suggestion_ids)) as threads:
        return Counter(threads.map(approve, suggestion_ids))


@pytest.fixture
def engine(own_database: str) -> Engine:
    return make_engine(own_database)


def lay_ready(engine: Engine, fill: Callable[[Session, World], list[Suggestion]]) -> tuple[Actor, list[UUID]]:
    with transaction(engine) as session:
        world = build_world(session)
        return world.coordinator, [row.id for row in fill(session, world)]


def test_fifty_youths_for_one_position(engine: Engine) -> None:
    def fill(session: Session, world: World) -> list[Suggestion]:
        run = make.make_run(session, world.programme)
        youths = [make.make_youth(session, world.school_class) for _number in range(AT_ONCE)]
        return [make.make_suggestion(session, run, youth, world.garage_offer) for youth in youths]

    coordinator, suggestion_ids = lay_ready(engine, fill)

    outcomes = approve_all(engine, coordinator, suggestion_ids)

    assert outcomes == {"approved": 1, "offer_is_full": AT_ONCE - 1}
    with transaction(engine) as session:
        placement = session.exec(select(Placement)).one()
        assert session.get_one(Offer, placement.offer_id).positions_taken == 1
        approved = select(Suggestion).where(Suggestion.status == SuggestionStatus.APPROVED)
        assert session.exec(approved).one().id == placement.suggestion_id
    engine.dispose()


def test_fifty_times_the_same_proposal(engine: Engine) -> None:
    def fill(session: Session, world: World) -> list[Suggestion]:
        run = make.make_run(session, world.programme)
        return [make.make_suggestion(session, run, world.noor, world.bakery_offer)]

    coordinator, [suggestion_id] = lay_ready(engine, fill)

    outcomes = approve_all(engine, coordinator, [suggestion_id] * AT_ONCE)

    assert outcomes == {"approved": 1, "already_decided": AT_ONCE - 1}
    engine.dispose()


def test_many_proposals_for_one_youth(engine: Engine) -> None:
    """From two runs and to different hosts: still one place in these days."""

    def fill(session: Session, world: World) -> list[Suggestion]:
        offers = [make.make_offer(session, world.bakery) for _number in range(4)]
        runs = [make.make_run(session, world.programme) for _number in range(2)]
        return [make.make_suggestion(session, run, world.noor, offer) for run in runs for offer in offers]

    coordinator, suggestion_ids = lay_ready(engine, fill)

    outcomes = approve_all(engine, coordinator, suggestion_ids)

    assert outcomes["approved"] == 1
    assert outcomes.keys() <= {"approved", "has_approved_already", "has_place_in_these_days"}
    with transaction(engine) as session:
        assert sum(offer.positions_taken for offer in session.exec(select(Offer))) == 1
    engine.dispose()
