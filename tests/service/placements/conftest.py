"""A run with a proposal for Noor at the bakery, and what grows from it."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session

from service.matchmaking.models import Run, Suggestion, SuggestionStatus
from service.placements.models import Placement, PlacementStatus
from tests import factories as make
from tests.world import World

NEAR = {"code": "near", "facts": {"minutes": 10, "mode": "bike", "limit": 45}}
NEEDS_WORD = {"code": "needs_school_ack", "facts": {"rule": "Z-1", "source": "B"}}
Place = Callable[..., Placement]


@pytest.fixture
def run(session: Session, world: World) -> Run:
    return make.make_run(session, world.programme)


@pytest.fixture
def suggestion(session: Session, world: World, run: Run) -> Suggestion:
    return make.make_suggestion(session, run, world.noor, world.bakery_offer, reasons=[NEAR])


@pytest.fixture
def place(session: Session, world: World, run: Run) -> Place:
    """`place(status=…)`: Noor at the bakery, as it stands after the coordinator's approval."""

    def made(status: PlacementStatus = PlacementStatus.OFFERED, **changes: Any) -> Placement:
        youth = changes.pop("youth", world.noor)
        offer = changes.pop("offer", world.bakery_offer)
        approved = make.make_suggestion(
            session, run, youth, offer, reasons=[NEAR], status=SuggestionStatus.APPROVED
        )
        return make.make_placement(session, approved, offer, status=status, **changes)

    return made
