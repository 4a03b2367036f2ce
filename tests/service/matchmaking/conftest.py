"""A winter's day on which the offers of the cast are still to come, and the worker at hand."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from sqlmodel import Session

from service.core.jobs import Begin
from service.matchmaking.jobs import compute_run
from service.matchmaking.models import Run

MORNING = datetime(2026, 12, 1, 9, tzinfo=UTC)

Compute = Callable[[Run], Run]


@pytest.fixture(autouse=True)
def morning() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def compute(session: Session, begin: Begin) -> Compute:
    """The worker takes the run up and comes back with the answer."""

    def work(run: Run) -> Run:
        assert compute_run(begin), "nothing was due"
        session.refresh(run)
        return run

    return work
