"""An offer that is full: its proposals leave the desk, and who is too late stays there and reads why."""

from sqlmodel import Session

from service.matchmaking import queries
from service.offers.positions import free_positions, take_positions
from tests import factories as make
from tests.conftest import Browser
from tests.world import World


def test_it_works(session: Session, world: World) -> None:
    run = make.make_run(session, world.programme)
    best = make.make_suggestion(session, run, world.noor, world.garage_offer, rank=1)
    second = make.make_suggestion(session, run, world.noor, world.bakery_offer, rank=2, score=40.0)
    assert queries.next_at_desk(session, world.coordinator) == best

    take_positions(session, world.garage_offer.id, 1)

    assert queries.next_at_desk(session, world.coordinator) == second
    assert queries.count_to_decide(session, world.coordinator) == 1
    assert queries.alternatives_of(session, second) == []

    free_positions(session, world.garage_offer.id, 1)
    assert queries.next_at_desk(session, world.coordinator) == best


def test_too_late_leads_back_to_the_proposal(session: Session, world: World, client: Browser) -> None:
    run = make.make_run(session, world.programme)
    near = {"code": "near", "facts": {"minutes": 10, "mode": "bike", "limit": 45}}
    suggestion = make.make_suggestion(session, run, world.noor, world.garage_offer, reasons=[near])
    take_positions(session, world.garage_offer.id, 1)
    client.acting_as(world.coordinator)

    answer = client.post(f"/suggestions/{suggestion.id}/approve", data={"seen": ["near"]})

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/suggestions/{suggestion.id}"
    assert "podium_flash" in answer.headers["set-cookie"]
    page = client.get(answer.headers["location"])
    assert "full" in page.text
    session.refresh(world.garage_offer)
    assert world.garage_offer.positions_taken == 1
