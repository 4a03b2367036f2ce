"""Another proposal of the same list instead: one yes, and it is kept which one it took the place of."""

import pytest
from sqlmodel import Session, select

from service.core.errors import Forbidden, Invalid, NotFound
from service.matchmaking.errors import AlreadyDecided
from service.matchmaking.models import Run, Suggestion, SuggestionStatus
from service.matchmaking.queries import next_at_desk
from service.offers.errors import OfferIsFull
from service.placements import actions
from service.placements.errors import SeenSomethingElse
from service.placements.models import Placement
from service.placements.schemas import ReplacementInput
from tests import factories as make
from tests.conftest import Browser
from tests.service.placements.conftest import NEAR, NEEDS_WORD
from tests.world import World


@pytest.fixture
def other(session: Session, world: World, run: Run) -> Suggestion:
    return make.make_suggestion(session, run, world.noor, world.garage_offer, rank=2, reasons=[NEAR])


def instead(other: Suggestion, *seen: str) -> ReplacementInput:
    return ReplacementInput(replacement_id=other.id, seen=list(seen or ("near",)))


def test_it_works(
    session: Session, world: World, client: Browser, suggestion: Suggestion, other: Suggestion
) -> None:
    answer = client.acting_as(world.coordinator).post(
        f"/suggestions/{suggestion.id}/replace", data={"replacement_id": str(other.id), "seen": ["near"]}
    )

    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    for row in (suggestion, other, world.bakery_offer, world.garage_offer):
        session.refresh(row)
    assert (suggestion.status, suggestion.replaced_by) == (SuggestionStatus.REPLACED, other.id)
    assert other.status is SuggestionStatus.APPROVED
    assert (world.bakery_offer.positions_taken, world.garage_offer.positions_taken) == (0, 1)
    assert session.exec(select(Placement)).one().offer_id == world.garage_offer.id


def test_the_reasons_of_the_other_must_be_in_view(
    session: Session, world: World, suggestion: Suggestion, other: Suggestion
) -> None:
    with pytest.raises(SeenSomethingElse):
        actions.replace_suggestion(session, world.coordinator, suggestion.id, instead(other, "wish_sector"))


def test_it_comes_from_the_same_list(
    session: Session, world: World, run: Run, suggestion: Suggestion
) -> None:
    for_another = make.make_suggestion(session, run, world.yassin, world.garage_offer, reasons=[NEAR])

    with pytest.raises(Invalid):
        actions.replace_suggestion(session, world.coordinator, suggestion.id, instead(for_another))


def test_what_was_decided_is_not_replaced(
    session: Session, world: World, suggestion: Suggestion, other: Suggestion
) -> None:
    suggestion.status = SuggestionStatus.REFUSED
    session.add(suggestion)
    session.commit()

    with pytest.raises(AlreadyDecided):
        actions.replace_suggestion(session, world.coordinator, suggestion.id, instead(other))


def test_when_the_other_is_full_nothing_has_changed(
    session: Session, world: World, client: Browser, suggestion: Suggestion, other: Suggestion
) -> None:
    world.garage_offer.positions_taken = 1
    session.add(world.garage_offer)
    session.commit()

    answer = client.acting_as(world.coordinator).post(
        f"/api/v1/suggestions/{suggestion.id}/replace",
        json={"replacement_id": str(other.id), "seen": ["near"]},
    )

    assert (answer.status_code, answer.json()["type"]) == (409, f"urn:podium:problem:{OfferIsFull.code}")
    session.refresh(suggestion)
    assert suggestion.status is SuggestionStatus.PROPOSED


def test_where_the_law_asks_the_schools_word_somebody_gives_it(
    session: Session, world: World, client: Browser, run: Run
) -> None:
    asks = make.make_suggestion(session, run, world.noor, world.bakery_offer, reasons=[NEEDS_WORD])
    client.acting_as(world.coordinator)
    path = f"/api/v1/suggestions/{asks.id}/approve"
    seen = {"seen": ["needs_school_ack"]}

    unticked = client.post(path, json=seen)
    unexplained = client.post(path, json=seen | {"acknowledged_rules": ["Z-1"]})
    given = client.post(
        path, json=seen | {"acknowledged_rules": ["Z-1"], "decision_note": "De mentor gaat mee."}
    )

    assert unticked.json()["errors"][0]["field"] == "acknowledged_rules"
    assert unexplained.json()["errors"][0]["field"] == "decision_note"
    assert given.status_code == 201
    session.refresh(asks)
    assert asks.acknowledged_rules == ["Z-1"]
    assert asks.decided_by == world.coordinator.account_id


def test_nothing_is_approved_unseen(
    session: Session, world: World, client: Browser, suggestion: Suggestion
) -> None:
    client.acting_as(world.coordinator)

    for seen in ([], ["near", "near"], ["wish_sector"]):
        answer = client.post(f"/api/v1/suggestions/{suggestion.id}/approve", json={"seen": seen})
        assert answer.json()["type"] == "urn:podium:problem:seen_something_else"

    assert client.post(f"/api/v1/suggestions/{suggestion.id}/approve", json={}).status_code == 422
    session.refresh(suggestion)
    assert suggestion.status is SuggestionStatus.PROPOSED


def test_a_class_takes_a_position_for_each_who_comes(session: Session, world: World, run: Run) -> None:
    visit = make.make_offer(session, world.bakery, kind="company_visit", positions=30)
    for_class = make.make_suggestion(session, run, world.noor, visit, reasons=[NEAR])
    for_class.youth_id, for_class.class_id = None, world.school_class.id
    session.add(for_class)
    session.commit()

    replacement = ReplacementInput(replacement_id=for_class.id, seen=["near"])
    placement = actions.approve_suggestion(session, world.coordinator, for_class.id, replacement)

    session.refresh(visit)
    assert (placement.positions, visit.positions_taken) == (2, 2)


def test_who_may_not_decide(
    session: Session, world: World, suggestion: Suggestion, other: Suggestion
) -> None:
    for insider in (world.teacher, world.mentor, world.noor_herself):
        with pytest.raises(Forbidden):
            actions.replace_suggestion(session, insider, suggestion.id, instead(other))
    for stranger in (world.other_coordinator, world.baker, world.admin, world.yassin_himself):
        with pytest.raises(NotFound):
            actions.replace_suggestion(session, stranger, suggestion.id, instead(other))


def test_what_was_put_aside_comes_back_when_its_place_falls_away(
    session: Session, world: World, suggestion: Suggestion, other: Suggestion
) -> None:
    placement = actions.replace_suggestion(session, world.coordinator, suggestion.id, instead(other))

    actions.withdraw_placement(session, world.coordinator, placement.id)

    session.flush()
    session.refresh(suggestion)
    assert (suggestion.status, suggestion.replaced_by) == (SuggestionStatus.PROPOSED, None)
    assert next_at_desk(session, world.coordinator) == suggestion
