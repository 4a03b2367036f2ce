"""Publishing needs positions, answers about safety and somebody whom the law lets come."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from service.audit.models import AuditEntry
from service.core import clock
from service.mail.models import Mail
from service.offers.models import Offer, OfferStatus
from service.offers.steps import step_of
from service.organisations.models import OrganisationStatus
from tests import factories as make
from tests.conftest import Browser
from tests.world import World

NO_TO_ALL = dict.fromkeys(make.ALL_HAZARDS, False)


@pytest.fixture
def draft(session: Session, world: World) -> Offer:
    return make.make_offer(
        session,
        world.bakery,
        title="Brood bakken",
        status=OfferStatus.DRAFT,
        published_at=None,
        confirmed_at=None,
        supervisor_name="Els",
    )


def test_it_works(client: Browser, session: Session, world: World, draft: Offer) -> None:
    client.acting_as(world.baker)
    assert "Publish" in client.get(f"/offers/{draft.id}").text

    answer = client.post(f"/offers/{draft.id}/publish")

    assert answer.headers["location"] == f"/offers/{draft.id}"
    session.refresh(draft)
    assert draft.status is OfferStatus.PUBLISHED
    assert draft.published_at is not None
    assert draft.confirmed_at is not None
    assert session.exec(select(AuditEntry).where(AuditEntry.action == "offer.published")).one()
    assert "Brood bakken" in client.as_guest().get("/offers").text


def test_the_contact_person_is_told_once(
    client: Browser, session: Session, world: World, draft: Offer
) -> None:
    client.acting_as(world.baker)
    for act in ("publish", "pause", "publish"):
        assert client.post(f"/offers/{draft.id}/{act}").status_code == 303

    mail = session.exec(select(Mail).where(Mail.template == "offers/mails/published")).one()
    assert mail.context["title"] == "Brood bakken"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"positions": 0}, "positions"),
        ({"sectors": []}, "sectors"),
        ({"starts_on": None, "ends_on": "yesterday"}, "ends_on"),
        ({"hazards": {}}, "z_1"),
        ({"hazards": {code: False for code in make.ALL_HAZARDS if code != "Z-9"}}, "z_9"),
        ({"kind": "work_learn_track", "hazards": NO_TO_ALL | {"Z-5": True}}, "kind"),
    ],
)
def test_what_is_missing_is_said(
    client: Browser, session: Session, world: World, draft: Offer, wrong: dict[str, Any], field: str
) -> None:
    if wrong.get("ends_on") == "yesterday":
        wrong = wrong | {"ends_on": clock.today() - timedelta(days=1)}
    draft.sqlmodel_update(wrong)
    session.add(draft)
    client.acting_as(world.baker)

    answer = client.post(f"/offers/{draft.id}/publish")

    assert answer.status_code == 422
    assert f"/offers/{draft.id}/steps/{step_of(field).name}#field-{field}" in answer.text
    api = client.post(f"/api/v1/offers/{draft.id}/publish")
    assert (api.status_code, api.json()["type"]) == (422, "urn:podium:problem:offer_is_not_ready")
    assert api.json()["errors"][0]["field"] == field
    session.refresh(draft)
    assert draft.status is OfferStatus.DRAFT


def test_an_open_question_does_not_matter_where_the_law_does_not_ask(
    client: Browser, session: Session, world: World, draft: Offer
) -> None:
    """A guest lesson takes place at school, where the working-time act does not apply."""
    draft.sqlmodel_update({"kind": "guest_lesson", "hazards": {}})
    session.add(draft)

    assert client.acting_as(world.baker).post(f"/offers/{draft.id}/publish").status_code == 303


def test_an_open_question_does_not_matter_when_only_adults_may_come(
    client: Browser, session: Session, world: World, draft: Offer
) -> None:
    draft.hazards = {"Z-8": True}
    session.add(draft)
    client.acting_as(world.baker)

    assert client.post(f"/offers/{draft.id}/publish").status_code == 303
    assert client.get(f"/api/v1/offers/{draft.id}").json()["ages"] == ["18+"]


def test_words_are_enough_without_a_sector(
    client: Browser, session: Session, world: World, draft: Offer
) -> None:
    draft.sqlmodel_update({"sectors": [], "tags": ["baker"]})
    session.add(draft)

    assert client.acting_as(world.baker).post(f"/offers/{draft.id}/publish").status_code == 303


def test_an_invited_company_becomes_active_by_publishing(
    client: Browser, session: Session, world: World, draft: Offer
) -> None:
    world.bakery.status = OrganisationStatus.INVITED
    session.add(world.bakery)

    client.acting_as(world.baker).post(f"/offers/{draft.id}/publish")

    session.refresh(world.bakery)
    assert world.bakery.status is OrganisationStatus.ACTIVE


def test_what_is_published_is_not_published_twice(client: Browser, world: World) -> None:
    assert client.acting_as(world.baker).post(f"/offers/{world.bakery_offer.id}/publish").status_code == 409


def test_a_paused_offer_without_room_comes_back_as_full(
    client: Browser, session: Session, world: World, draft: Offer
) -> None:
    draft.sqlmodel_update({"status": OfferStatus.PAUSED, "positions": 1, "positions_taken": 1})
    session.add(draft)

    client.acting_as(world.baker).post(f"/offers/{draft.id}/publish")

    session.refresh(draft)
    assert draft.status is OfferStatus.FULL


def test_the_rules_change_nothing_when_somebody_else_asks(
    client: Browser, session: Session, world: World, draft: Offer
) -> None:
    for actor, status in (
        (world.mechanic, 404),
        (world.teacher, 404),
        (world.noor_herself, 404),
    ):
        client.acting_as(actor)
        assert client.post(f"/offers/{draft.id}/publish").status_code == status
        assert client.post(f"/api/v1/offers/{draft.id}/publish").status_code == status
    assert client.as_guest().post(f"/offers/{draft.id}/publish").status_code == 404
    assert client.post(f"/api/v1/offers/{draft.id}/publish").status_code == 401
    session.refresh(draft)
    assert draft.status is OfferStatus.DRAFT


def test_who_sees_it_may_still_not_publish_it(client: Browser, world: World) -> None:
    for actor in (world.teacher, world.noor_herself):
        client.acting_as(actor)
        for act in ("publish", "pause", "close", "copy", "confirm"):
            assert client.post(f"/offers/{world.bakery_offer.id}/{act}").status_code == 403
            assert client.post(f"/api/v1/offers/{world.bakery_offer.id}/{act}").status_code == 403
        assert client.get(f"/offers/{world.bakery_offer.id}/edit").status_code == 403
