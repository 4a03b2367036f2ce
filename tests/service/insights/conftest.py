"""A winter's day, many who want to work in care, and the worker at hand."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlmodel import Session

from service.core.jobs import Begin
from service.insights.jobs import compute_analysis
from service.insights.models import Analysis
from service.insights.queries import find_analysis
from service.matchmaking import actions
from service.matchmaking.jobs import compute_run
from service.offers.models import Offer
from service.youth.models import Youth
from tests import factories as make
from tests.world import World

MORNING = datetime(2026, 12, 1, 9, tzinfo=UTC)

Work = Callable[[], Analysis]


@pytest.fixture(autouse=True)
def morning() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def hospital_offer(session: Session, world: World) -> Offer:
    hospital = make.make_organisation(session, name="Ziekenhuis West")
    return make.make_offer(session, hospital, title="Meelopen op de afdeling", sectors=["ZORG"], positions=2)


@pytest.fixture
def carers(session: Session, world: World, hospital_offer: Offer) -> list[Youth]:
    """Five who want to work in care and nothing else, where there is room for two."""
    return [
        make.make_youth(
            session, world.school_class, first_name=f"Zorg{number}", wishes=["ZORG"], profile="zw"
        )
        for number in range(5)
    ]


@pytest.fixture
def run_it(
    session: Session, world: World, begin: Begin, morning: time_machine.Traveller
) -> Callable[[], None]:
    """A run for the programme, finished; each a minute later than the one before."""

    def work() -> None:
        morning.shift(timedelta(minutes=1))
        actions.ask_programme_run(session, world.coordinator, world.programme.id)
        assert compute_run(begin), "nothing was due"

    return work


@pytest.fixture
def work_out(session: Session, world: World, begin: Begin, run_it: Callable[[], None]) -> Work:
    """A run, and what the worker finds out about it afterwards."""

    def work() -> Analysis:
        run_it()
        assert compute_analysis(begin), "the run was not noticed"
        while compute_analysis(begin):
            """Whatever other programmes have."""
        found = find_analysis(session, world.programme.id)
        assert found is not None
        session.refresh(found)
        return found

    return work
