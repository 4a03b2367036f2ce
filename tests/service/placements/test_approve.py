"""Saying yes: a place is given once, to somebody who is there, by a host who takes part."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlmodel import Session, select

from service.matchmaking.errors import ProgrammeIsNotOpen
from service.matchmaking.models import Run, Suggestion, SuggestionStatus
from service.organisations.models import OrganisationStatus
from service.placements import actions, queries
from service.placements.errors import HasPlaceInTheseDays, NotAllowedAnyMore
from service.placements.models import Placement, PlacementStatus
from service.placements.schemas import ApprovalInput
from service.programmes.models import ProgrammeStatus
from service.youth.models import YouthStatus
from tests import factories as make
from tests.conftest import Browser
from tests.world import World

SEEN_NOTHING = ApprovalInput(seen=[])


@pytest.fixture
def run(session: Session, world: World) -> Run:
    return make.make_run(session, world.programme)


@pytest.fixture
def suggestion(session: Session, world: World, run: Run) -> Suggestion:
    return make.make_suggestion(session, run, world.noor, world.bakery_offer)


def test_a_proposal_does_not_take_the_place_of_itself(
    session: Session, world: World, client: Browser, suggestion: Suggestion
) -> None:
    """It would have been approved and replaced at once, and a second approval would have been possible."""
    body = {"seen": [], "replacement_id": str(suggestion.id)}

    answer = client.acting_as(world.coordinator).post(
        f"/api/v1/suggestions/{suggestion.id}/replace", json=body
    )

    assert answer.status_code == 422
    session.refresh(suggestion)
    session.refresh(world.bakery_offer)
    assert suggestion.status is SuggestionStatus.PROPOSED
    assert world.bakery_offer.positions_taken == 0


def test_nobody_gets_two_places_in_the_same_days(
    session: Session, world: World, suggestion: Suggestion
) -> None:
    """Also when two runs proposed them."""
    actions.approve_suggestion(session, world.coordinator, suggestion.id, SEEN_NOTHING)
    another_run = make.make_run(session, world.programme)
    same_days = make.make_suggestion(session, another_run, world.noor, world.garage_offer)

    with pytest.raises(HasPlaceInTheseDays):
        actions.approve_suggestion(session, world.coordinator, same_days.id, SEEN_NOTHING)

    session.refresh(world.garage_offer)
    assert world.garage_offer.positions_taken == 0


def test_two_places_on_different_weekdays_go_together(session: Session, world: World, run: Run) -> None:
    for weekday in (1, 2):
        offer = make.make_offer(session, world.bakery, weekdays=[weekday])
        one = make.make_suggestion(session, make.make_run(session, world.programme), world.noor, offer)
        actions.approve_suggestion(session, world.coordinator, one.id, SEEN_NOTHING)

    assert len(session.exec(select(Placement)).all()) == 2


def test_who_has_left_gets_no_place(
    session: Session, world: World, client: Browser, suggestion: Suggestion
) -> None:
    world.noor.status = YouthStatus.LEFT
    session.add(world.noor)
    session.commit()

    answer = client.acting_as(world.coordinator).post(
        f"/api/v1/suggestions/{suggestion.id}/approve", json={"seen": []}
    )

    assert (answer.status_code, answer.json()["type"]) == (409, "urn:podium:problem:youth_has_left")


def test_who_stopped_or_takes_a_break_gets_nobody(
    session: Session, world: World, client: Browser, suggestion: Suggestion
) -> None:
    world.bakery.status = OrganisationStatus.PAUSED
    session.add(world.bakery)
    session.commit()

    answer = client.acting_as(world.coordinator).post(
        f"/api/v1/suggestions/{suggestion.id}/approve", json={"seen": []}
    )

    assert (answer.status_code, answer.json()["type"]) == (409, "urn:podium:problem:offer_is_not_open")


def test_only_what_was_asked_is_written_down_as_acknowledged(
    session: Session, world: World, suggestion: Suggestion
) -> None:
    approval = ApprovalInput(seen=[], acknowledged_rules=["de hele klas heeft dyslexie"])

    actions.approve_suggestion(session, world.coordinator, suggestion.id, approval)

    assert suggestion.acknowledged_rules == []


def test_a_host_is_not_thanked_for_what_was_refused(
    session: Session, world: World, client: Browser, suggestion: Suggestion
) -> None:
    placement = make.make_placement(session, suggestion, world.bakery_offer, status=PlacementStatus.ACCEPTED)

    answer = client.acting_as(world.baker).post(
        f"/placements/{placement.id}/confirm", data={"company_supervisor": "Els, 06 12345678"}
    )

    assert answer.status_code == 422
    session.refresh(placement)
    assert placement.status is PlacementStatus.ACCEPTED


def test_a_host_forgets_who_came_a_month_after_the_end(
    session: Session, world: World, client: Browser, suggestion: Suggestion
) -> None:
    placement = make.make_placement(
        session,
        suggestion,
        world.bakery_offer,
        status=PlacementStatus.CONFIRMED,
        starts_on=date(2027, 2, 8),
        ends_on=date(2027, 2, 12),
    )

    with time_machine.travel(datetime(2027, 3, 14, 12, tzinfo=UTC), tick=False):
        assert queries.get_placement(session, world.baker, placement.id) is placement
    with time_machine.travel(datetime(2027, 3, 15, 12, tzinfo=UTC), tick=False):
        assert queries.list_placements(session, world.baker).total == 0
        assert queries.list_placements(session, world.teacher).total == 1


@pytest.mark.parametrize("status", [ProgrammeStatus.CLOSED, ProgrammeStatus.DRAFT])
def test_a_programme_that_does_not_go_on_places_nobody(
    session: Session, world: World, suggestion: Suggestion, status: ProgrammeStatus
) -> None:
    world.programme.status = status
    session.add(world.programme)

    with pytest.raises(ProgrammeIsNotOpen):
        actions.approve_suggestion(session, world.coordinator, suggestion.id, SEEN_NOTHING)

    session.refresh(world.bakery_offer)
    assert world.bakery_offer.positions_taken == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"hazards": dict.fromkeys(make.ALL_HAZARDS, False) | {"Z-5": True}},
        {"tracks": ["TL"]},
        {"pc4": "9711"},
        {"starts_on": date(2026, 1, 5), "ends_on": date(2026, 1, 9)},
    ],
    ids=["law", "track", "travel", "over"],
)
def test_an_old_proposal_breaks_no_rule(
    session: Session, world: World, client: Browser, suggestion: Suggestion, changes: dict[str, object]
) -> None:
    """The offer changed after the run: what was proposed then is asked of the rules again."""
    world.bakery_offer.sqlmodel_update(changes)
    session.add(world.bakery_offer)
    session.commit()

    answer = client.acting_as(world.coordinator).post(
        f"/api/v1/suggestions/{suggestion.id}/approve", json={"seen": []}
    )

    assert (answer.status_code, answer.json()["type"]) == (409, "urn:podium:problem:not_allowed_any_more")


def test_a_rule_that_needs_the_schools_word_needs_it_still(
    session: Session, world: World, suggestion: Suggestion
) -> None:
    """Who acknowledged nothing, because nothing was asked, does not let a new danger through."""
    world.bakery_offer.hazards = dict.fromkeys(make.ALL_HAZARDS, False) | {"Z-1": True}
    session.add(world.bakery_offer)

    with pytest.raises(NotAllowedAnyMore):
        actions.approve_suggestion(session, world.coordinator, suggestion.id, SEEN_NOTHING)


@pytest.mark.parametrize(
    ("changes", "last_day"),
    [
        ({"ends_on": None, "ended_at": datetime(2027, 2, 12, 12, tzinfo=UTC)}, date(2027, 3, 14)),
        ({"ends_on": None}, date(2027, 8, 30)),
        ({"ends_on": date(2027, 6, 1), "ended_at": datetime(2027, 2, 12, 12, tzinfo=UTC)}, date(2027, 3, 14)),
    ],
    ids=["ended", "end of the programme", "ended early"],
)
def test_a_host_forgets_also_without_a_last_day(
    session: Session, world: World, suggestion: Suggestion, changes: dict[str, object], last_day: date
) -> None:
    make.make_placement(session, suggestion, world.bakery_offer, status=PlacementStatus.COMPLETED, **changes)
    noon = datetime(last_day.year, last_day.month, last_day.day, 12, tzinfo=UTC)

    with time_machine.travel(noon, tick=False):
        assert queries.list_placements(session, world.baker).total == 1
    with time_machine.travel(noon + timedelta(days=1), tick=False):
        assert queries.list_placements(session, world.baker).total == 0
        assert queries.list_placements(session, world.teacher).total == 1
