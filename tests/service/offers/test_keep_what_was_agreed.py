"""While youths have a position an offer keeps what they said yes to; the law gets no stricter for them."""

from typing import Any

import pytest
from sqlmodel import Session

from service.offers.models import Offer
from service.organisations.models import Location
from tests.conftest import Browser
from tests.service.offers.test_change_offer import AS_IT_STANDS
from tests.world import World


@pytest.fixture
def taken(session: Session, world: World, client: Browser) -> Offer:
    offer = world.bakery_offer
    offer.positions_taken = 1
    session.add(offer)
    session.commit()
    client.acting_as(world.baker)
    return offer


def test_it_works(client: Browser, session: Session, taken: Offer) -> None:
    answer = client.post(f"/offers/{taken.id}/edit", data=AS_IT_STANDS | {"text": "Ook koekjes."})

    assert answer.status_code == 303
    session.refresh(taken)
    assert taken.text == "Ook koekjes."


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "company_visit"}, "kind"),
        ({"starts_on": "2027-02-09"}, "starts_on"),
        ({"ends_on": "2027-02-11"}, "ends_on"),
        ({"weekdays": ["1"]}, "weekdays"),
        ({"starts_at": "07:00"}, "starts_at"),
        ({"hours_per_day": "8"}, "hours_per_day"),
        ({"tracks": ["BB"]}, "tracks"),
        ({"z_5": "yes"}, "supervised"),
        ({"supervised": "", "z_1": "yes"}, "supervised"),
    ],
)
def test_what_would_break_a_placement_is_refused(
    client: Browser, session: Session, taken: Offer, changes: dict[str, Any], field: str
) -> None:
    answer = client.post(f"/offers/{taken.id}/edit", data=AS_IT_STANDS | changes)

    assert answer.status_code == 422
    assert f'href="#field-{field}"' in answer.text
    session.refresh(taken)
    assert taken.title == "Meelopen in de bakkerij"


def test_the_api_says_the_same(client: Browser, taken: Offer) -> None:
    body = {"kind": "bpv", "title": "Iets anders", "positions": 3, "starts_on": "2027-02-08"}

    answer = client.put(f"/api/v1/offers/{taken.id}", json=body)

    assert answer.status_code == 422
    assert {"kind", "ends_on"} <= {error["field"] for error in answer.json()["errors"]}


def test_another_place_is_refused(client: Browser, session: Session, world: World, taken: Offer) -> None:
    place = Location(organisation_id=world.bakery.id, pc4="3511", place="Utrecht")
    session.add(place)
    session.commit()

    answer = client.post(f"/offers/{taken.id}/edit", data=AS_IT_STANDS | {"location_id": str(place.id)})

    assert answer.status_code == 422
    assert 'href="#field-location_id"' in answer.text


def test_more_may_be_welcome_and_the_law_milder(client: Browser, session: Session, taken: Offer) -> None:
    taken.sqlmodel_update({"tracks": ["BB"], "hazards": taken.hazards | {"Z-10": True}})
    session.add(taken)

    answer = client.post(f"/offers/{taken.id}/edit", data=AS_IT_STANDS | {"tracks": ["BB", "KB"]})

    assert answer.status_code == 303
    session.refresh(taken)
    assert (taken.tracks, taken.hazards["Z-10"]) == (["BB", "KB"], False)


def test_recognition_is_not_taken_back(client: Browser, session: Session, taken: Offer) -> None:
    """A company that names no crebo any more is recognised for none."""
    taken.crebos = ["25655"]
    session.add(taken)

    answer = client.post(f"/offers/{taken.id}/edit", data=AS_IT_STANDS)

    assert answer.status_code == 422
    assert 'href="#field-crebos"' in answer.text


def test_an_offer_nobody_has_a_position_in_changes_freely(
    client: Browser, session: Session, world: World
) -> None:
    client.acting_as(world.baker)

    answer = client.post(
        f"/offers/{world.bakery_offer.id}/edit", data=AS_IT_STANDS | {"kind": "company_visit", "z_5": "yes"}
    )

    assert answer.status_code == 303
