"""Slips of paper lead a youth without an address to his own question, and only his school prints them."""

import pytest
from sqlmodel import Session

from service.core.settings import Settings
from service.placements import links, queries
from service.placements.models import PlacementStatus
from service.placements.questions import ask
from tests.conftest import Browser
from tests.service.placements.conftest import Place
from tests.world import World


@pytest.mark.parametrize("name", ["teacher", "mentor"])
def test_it_works(
    session: Session, world: World, client: Browser, settings: Settings, place: Place, name: str
) -> None:
    placement = place()
    ask(session, placement)
    place(PlacementStatus.ACCEPTED, youth=world.yassin)
    session.commit()

    shown = client.acting_as(world.everybody[name]).get("/answer-slips").text

    assert "Noor, 3B" in shown
    assert "<svg" in shown
    assert "Yassin" not in shown
    question = queries.waiting_for_youths(session, world.everybody[name])[placement.id]
    path = links.path_of(settings.secret_key.get_secret_value(), question)
    assert "Do you want to go there?" in client.as_guest().get(path).text


def test_nothing_to_print(world: World, client: Browser) -> None:
    assert "No youth has to answer now" in client.acting_as(world.teacher).get("/answer-slips").text


def test_who_may_not(session: Session, world: World, client: Browser, place: Place) -> None:
    ask(session, place())
    session.commit()
    for name in ("admin", "baker", "noor_herself", "coordinator"):
        assert client.acting_as(world.everybody[name]).get("/answer-slips").status_code == 403
    assert "Noor" not in client.acting_as(world.other_teacher).get("/answer-slips").text
