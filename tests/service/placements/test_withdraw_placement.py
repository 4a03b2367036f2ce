"""School or coordinator takes a placement back: the position is free, and who knew of it sees that."""

import pytest
from sqlmodel import Session

from service.core.errors import Forbidden, NotFound
from service.core.lifecycle import StepNotAllowed
from service.placements import actions
from service.placements.models import PlacementStatus
from tests.conftest import Browser
from tests.service.placements.conftest import Place
from tests.world import World


@pytest.mark.parametrize("who", ["coordinator", "teacher"])
def test_it_works(session: Session, world: World, client: Browser, place: Place, who: str) -> None:
    placement = place(PlacementStatus.CONFIRMED)
    client.acting_as(world.everybody[who])
    assert f"/placements/{placement.id}/withdraw" in client.get(f"/placements/{placement.id}").text

    assert client.post(f"/placements/{placement.id}/withdraw").status_code == 303

    session.refresh(placement)
    session.refresh(world.bakery_offer)
    assert placement.status is PlacementStatus.WITHDRAWN
    assert placement.ended_at is not None
    assert world.bakery_offer.positions_taken == 0


def test_it_says_no_reason_that_nobody_gave(world: World, client: Browser, place: Place) -> None:
    """It used to say «I have something else», as if the youth had."""
    placement = place()
    client.acting_as(world.teacher)

    client.post(f"/placements/{placement.id}/withdraw")

    assert "Reason given" not in client.get(f"/placements/{placement.id}").text


def test_the_host_sees_it_when_he_knew_who_was_coming(
    session: Session, world: World, client: Browser, place: Place
) -> None:
    known, unknown = place(), place(youth=world.yassin)
    actions.accept_placement(session, world.noor_herself, known.id)
    for placement in (known, unknown):
        actions.withdraw_placement(session, world.teacher, placement.id)
    session.commit()

    client.acting_as(world.baker)

    assert "Withdrawn" in client.get(f"/placements/{known.id}").text
    assert client.get(f"/placements/{unknown.id}").status_code == 404


def test_what_has_begun_is_not_withdrawn(
    session: Session, world: World, client: Browser, place: Place
) -> None:
    placement = place(PlacementStatus.ACTIVE)
    client.acting_as(world.coordinator)

    assert f"/placements/{placement.id}/withdraw" not in client.get(f"/placements/{placement.id}").text
    with pytest.raises(StepNotAllowed):
        actions.withdraw_placement(session, world.coordinator, placement.id)

    session.refresh(world.bakery_offer)
    assert world.bakery_offer.positions_taken == 1


def test_only_school_and_coordinator_withdraw(session: Session, world: World, place: Place) -> None:
    placement = place(PlacementStatus.ACCEPTED)

    for other in (world.noor_herself, world.baker, world.mentor):
        with pytest.raises(Forbidden):
            actions.withdraw_placement(session, other, placement.id)
    for stranger in (world.other_teacher, world.other_coordinator, world.mechanic, world.admin):
        with pytest.raises(NotFound):
            actions.withdraw_placement(session, stranger, placement.id)
