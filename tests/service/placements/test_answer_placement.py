"""Youth and host say yes or no; a no frees the position, and nobody hears more than he may."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlmodel import Session

from service.core.errors import Forbidden, NotFound
from service.core.lifecycle import StepNotAllowed
from service.matchmaking.models import RefusalCode, Run, Suggestion, SuggestionStatus
from service.offers.models import OfferStatus
from service.placements import actions, queries
from service.placements.models import DeclineCode, PlacementStatus
from service.placements.schemas import HostConfirmInput, HostDeclineInput, YouthDeclineInput
from tests import factories as make
from tests.conftest import Browser
from tests.service.placements.conftest import Place
from tests.world import World

YOUTH_NO = YouthDeclineInput(decline_code=DeclineCode.TOO_FAR)
HOST_NO = HostDeclineInput(decline_code=DeclineCode.TOO_BUSY)
HOST_YES = HostConfirmInput(company_supervisor="Els de Bakker")


def test_it_works(session: Session, world: World, client: Browser, place: Place) -> None:
    placement = place()

    client.acting_as(world.noor_herself)
    assert "Do you want to go there?" in client.get(f"/placements/{placement.id}").text
    assert client.post(f"/placements/{placement.id}/accept").status_code == 303
    client.acting_as(world.baker)
    assert "May this youth come?" in client.get(f"/placements/{placement.id}").text
    answer = client.post(f"/placements/{placement.id}/confirm", data={"company_supervisor": "Els de Bakker"})

    assert answer.status_code == 303
    session.refresh(placement)
    assert placement.status is PlacementStatus.CONFIRMED
    assert placement.company_supervisor == "Els de Bakker"
    assert placement.youth_answered_at is not None
    assert placement.host_answered_at is not None
    assert placement.due_at is None
    session.refresh(world.bakery_offer)
    assert world.bakery_offer.positions_taken == 1


def test_the_same_in_json(session: Session, world: World, client: Browser, place: Place) -> None:
    placement = place()

    accepted = client.acting_as(world.noor_herself).post(f"/api/v1/placements/{placement.id}/accept")
    confirmed = client.acting_as(world.baker).post(f"/api/v1/placements/{placement.id}/confirm", json={})

    assert accepted.json()["status"] == "accepted"
    assert confirmed.json()["status"] == "confirmed"
    session.refresh(placement)
    assert placement.status is PlacementStatus.CONFIRMED


def test_a_yes_gives_the_host_his_own_days_to_answer(session: Session, world: World, place: Place) -> None:
    tuesday = datetime(2026, 11, 24, 10, tzinfo=UTC)
    placement = place(due_at=tuesday + timedelta(hours=4))

    with time_machine.travel(tuesday, tick=False):
        actions.accept_placement(session, world.noor_herself, placement.id)

    assert placement.due_at == tuesday + timedelta(days=world.programme.answer_days)


def test_a_no_of_the_youth_frees_the_position(
    session: Session, world: World, client: Browser, place: Place
) -> None:
    placement = place(offer=world.garage_offer)
    world.garage_offer.status = OfferStatus.FULL
    session.add(world.garage_offer)
    session.commit()

    answer = client.acting_as(world.noor_herself).post(
        f"/placements/{placement.id}/decline", data={"decline_code": "too_far"}
    )

    assert answer.status_code == 303
    session.refresh(placement)
    session.refresh(world.garage_offer)
    assert (placement.status, placement.decline_code) == (
        PlacementStatus.DECLINED_BY_YOUTH,
        DeclineCode.TOO_FAR,
    )
    assert (world.garage_offer.positions_taken, world.garage_offer.status) == (0, OfferStatus.PUBLISHED)
    suggestion = session.get_one(Suggestion, placement.suggestion_id)
    session.refresh(suggestion)
    assert (suggestion.status, suggestion.refusal_code) == (
        SuggestionStatus.REFUSED,
        RefusalCode.DECLINED_BY_YOUTH,
    )


def test_a_no_of_the_host_frees_the_position(
    session: Session, world: World, client: Browser, place: Place
) -> None:
    placement = place(PlacementStatus.ACCEPTED)

    answer = client.acting_as(world.baker).post(
        f"/placements/{placement.id}/refuse", data={"decline_code": "too_busy"}
    )

    assert answer.status_code == 303
    session.refresh(placement)
    session.refresh(world.bakery_offer)
    assert placement.status is PlacementStatus.DECLINED_BY_HOST
    assert world.bakery_offer.positions_taken == 0


@pytest.mark.parametrize("code", ["", "no_supervisor", "because of his name"])
def test_a_youth_gives_a_reason_of_youths(
    session: Session, world: World, client: Browser, place: Place, code: str
) -> None:
    placement = place()

    answer = client.acting_as(world.noor_herself).post(
        f"/placements/{placement.id}/decline", data={"decline_code": code}
    )

    assert answer.status_code == 422
    assert 'href="#field-decline_code"' in answer.text
    session.refresh(placement)
    assert placement.status is PlacementStatus.OFFERED


@pytest.mark.parametrize("code", ["", "changed_mind", "too young"])
def test_a_host_gives_a_condition_and_never_a_person(
    session: Session, world: World, client: Browser, place: Place, code: str
) -> None:
    placement = place(PlacementStatus.ACCEPTED)

    answer = client.acting_as(world.baker).post(
        f"/placements/{placement.id}/refuse", data={"decline_code": code}
    )

    assert answer.status_code == 422
    session.refresh(placement)
    assert placement.status is PlacementStatus.ACCEPTED


def test_a_host_hears_nothing_before_the_youths_yes(
    session: Session, world: World, client: Browser, place: Place
) -> None:
    placement = place()

    with pytest.raises(NotFound):
        actions.confirm_placement(session, world.baker, placement.id, HOST_YES)

    assert client.acting_as(world.baker).get(f"/placements/{placement.id}").status_code == 404
    assert client.get("/api/v1/placements").json()["total"] == 0


def test_a_host_reads_what_he_may_and_no_more(world: World, client: Browser, place: Place) -> None:
    placement = place(PlacementStatus.ACCEPTED)

    shown = client.acting_as(world.baker).get(f"/placements/{placement.id}").text
    listed = client.get("/placements").text

    assert "Noor" in shown
    assert "Sloterwaard College" in shown
    assert "14-15" in shown
    for text in (shown, listed):
        assert "3B" not in text
        assert world.noor.external_id not in text
        assert "82.5" not in text


def test_a_class_is_answered_for_by_its_school(session: Session, world: World, place: Place) -> None:
    placement = place()
    placement.youth_id, placement.class_id = None, world.school_class.id
    session.add(placement)
    session.commit()

    with pytest.raises(NotFound):
        actions.accept_placement(session, world.noor_herself, placement.id)
    with pytest.raises(Forbidden):
        actions.accept_placement(session, world.coordinator, placement.id)
    actions.accept_placement(session, world.mentor, placement.id)

    assert placement.status is PlacementStatus.ACCEPTED


def test_nobody_answers_for_a_youth(session: Session, world: World, place: Place) -> None:
    placement = place()

    for other in (world.teacher, world.mentor, world.coordinator):
        with pytest.raises(Forbidden):
            actions.accept_placement(session, other, placement.id)
    for stranger in (world.yassin_himself, world.other_teacher, world.baker, world.admin):
        with pytest.raises(NotFound):
            actions.decline_placement(session, stranger, placement.id, YOUTH_NO)


def test_only_the_host_answers_for_the_host(session: Session, world: World, place: Place) -> None:
    placement = place(PlacementStatus.ACCEPTED)

    for other in (world.teacher, world.coordinator, world.noor_herself):
        with pytest.raises(Forbidden):
            actions.refuse_placement(session, other, placement.id, HOST_NO)
    with pytest.raises(NotFound):
        actions.refuse_placement(session, world.mechanic, placement.id, HOST_NO)


def test_a_second_answer_changes_nothing(session: Session, world: World, place: Place) -> None:
    placement = place()
    actions.decline_placement(session, world.noor_herself, placement.id, YOUTH_NO)

    with pytest.raises(StepNotAllowed):
        actions.accept_placement(session, world.noor_herself, placement.id)
    with pytest.raises(StepNotAllowed):
        actions.decline_placement(session, world.noor_herself, placement.id, YOUTH_NO)

    session.refresh(world.bakery_offer)
    assert world.bakery_offer.positions_taken == 0


def test_who_said_yes_may_still_say_no(session: Session, world: World, place: Place) -> None:
    placement = place(PlacementStatus.CONFIRMED)

    actions.decline_placement(session, world.noor_herself, placement.id, YOUTH_NO)

    assert placement.status is PlacementStatus.DECLINED_BY_YOUTH
    assert queries.list_placements(session, world.baker).total == 0


def test_after_a_no_the_next_proposal_can_be_approved(
    session: Session, world: World, client: Browser, place: Place, run: Run
) -> None:
    placement = place()
    other = make.make_suggestion(session, run, world.noor, world.garage_offer, rank=2)
    session.commit()
    client.acting_as(world.coordinator)
    asked = f"/api/v1/suggestions/{other.id}/approve"
    assert client.post(asked, json={"seen": []}).json()["type"].endswith("has_approved_already")

    actions.decline_placement(session, world.noor_herself, placement.id, YOUTH_NO)

    assert client.post(asked, json={"seen": []}).status_code == 201
