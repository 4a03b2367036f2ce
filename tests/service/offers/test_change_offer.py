"""Changing an offer keeps what was agreed: taken positions stay, and what is published stays lawful."""

from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from sqlmodel import Session, select

from service.audit.models import AuditEntry
from service.core import clock
from service.offers.models import Offer, OfferStatus
from service.organisations.models import Location
from tests import factories as make
from tests.conftest import Browser
from tests.service.offers.test_create_offer import BODY, TYPED
from tests.world import World


def test_it_works(client: Browser, session: Session, world: World) -> None:
    world.bakery_offer.sqlmodel_update({"tags": ["baker"], "crebos": ["25655"], "supervisor_name": "Els"})
    session.add(world.bakery_offer)
    client.acting_as(world.baker)
    path = f"/offers/{world.bakery_offer.id}"
    shown = client.get(f"{path}/edit").text
    assert 'value="Meelopen in de bakkerij"' in shown
    assert 'value="25655"' in shown
    assert 'value="HORECA" checked' in shown

    answer = client.post(f"{path}/edit", data=TYPED)

    assert answer.headers["location"] == path
    offer = world.bakery_offer
    session.refresh(offer)
    assert (offer.title, offer.positions, offer.status) == ("Fietsen maken", 2, OfferStatus.PUBLISHED)
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "offer.changed")).one()
    assert {"title", "positions", "text"} <= set(entry.facts["fields"])
    assert "Fietsen maken" not in str(entry.facts)


class Fields(HTMLParser):
    """What a browser would send of the offer's form when nothing is touched."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.is_inside = False
        self.text_of = ""
        self.choice_of = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        name = told.get("name") or ""
        if tag == "form":
            self.is_inside = (told.get("action") or "").endswith("/edit")
        elif (
            self.is_inside
            and tag == "input"
            and (told.get("type") not in {"radio", "checkbox"} or "checked" in told)
        ):
            self.sent.setdefault(name, []).append(told.get("value") or "")
        elif self.is_inside and tag == "textarea":
            self.text_of, self.sent[name] = name, [""]
        elif self.is_inside and tag == "select":
            self.choice_of = name
        elif self.is_inside and tag == "option" and "selected" in told:
            self.sent[self.choice_of] = [told.get("value") or ""]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.text_of = ""
        if tag == "form":
            self.is_inside = False

    def handle_data(self, data: str) -> None:
        if self.text_of:
            self.sent[self.text_of][0] += data.removeprefix("\n")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_opening_the_page_and_saving_it_changes_nothing(
    client: Browser, session: Session, world: World, language: str
) -> None:
    client.acting_as(world.baker)
    path = f"/offers/{world.bakery_offer.id}/edit"
    client.post(path, data=TYPED)
    session.refresh(world.bakery_offer)
    before = world.bakery_offer.model_dump(exclude={"updated_at"})
    page = client.get(path, headers={"accept-language": language}).text

    answer = client.post(path, data=Fields(page).sent, headers={"accept-language": language})

    assert answer.status_code == 303
    session.refresh(world.bakery_offer)
    assert world.bakery_offer.model_dump(exclude={"updated_at"}) == before
    assert before["tags"]


AS_IT_STANDS = TYPED | {
    "kind": "orientation_placement",
    "weekdays": [],
    "starts_at": "",
    "ends_at": "",
    "hours_per_day": "6",
    "tracks": [],
    "levels": [],
    "crebos": "",
}
"""Another text, for the same kind, days, times, place and youths as the bakery's offer has."""


@pytest.mark.parametrize(
    ("taken", "positions", "status"),
    [(1, "0", 422), (2, "1", 422), (2, "2", 303), (2, "3", 303)],
)
def test_taken_positions_stay(
    client: Browser, session: Session, world: World, taken: int, positions: str, status: int
) -> None:
    world.bakery_offer.positions_taken = taken
    session.add(world.bakery_offer)

    answer = client.acting_as(world.baker).post(
        f"/offers/{world.bakery_offer.id}/edit", data=AS_IT_STANDS | {"positions": positions}
    )

    assert answer.status_code == status
    assert ("positions have been given already" in answer.text) is (status == 422)


def test_room_opens_a_full_offer_and_no_room_fills_it(
    client: Browser, session: Session, world: World
) -> None:
    offer = world.bakery_offer
    offer.sqlmodel_update({"positions": 2, "positions_taken": 2, "status": OfferStatus.FULL})
    session.add(offer)
    client.acting_as(world.baker)

    for positions, status in (("3", OfferStatus.PUBLISHED), ("2", OfferStatus.FULL)):
        client.post(f"/offers/{offer.id}/edit", data=AS_IT_STANDS | {"positions": positions})
        session.refresh(offer)
        assert offer.status is status


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"z_2": ""}, "z_2"),
        ({"kind": "work_learn_track", "z_5": "yes"}, "kind"),
        ({"positions": "0"}, "positions"),
        ({"sectors": [], "words": ""}, "sectors"),
    ],
)
def test_what_is_published_stays_publishable(
    client: Browser, session: Session, world: World, wrong: dict[str, Any], field: str
) -> None:
    """The law is asked again, and nothing of a refused change is kept."""
    client.acting_as(world.baker)
    path = f"/offers/{world.bakery_offer.id}"

    answer = client.post(f"{path}/edit", data=TYPED | wrong)

    assert answer.status_code == 422
    assert f'href="#field-{field}"' in answer.text
    session.refresh(world.bakery_offer)
    assert world.bakery_offer.title == "Meelopen in de bakkerij"
    assert client.get(f"/api/v1{path}").json()["title"] == "Meelopen in de bakkerij"


def test_a_draft_may_be_unfinished(client: Browser, session: Session, world: World) -> None:
    world.bakery_offer.status = OfferStatus.DRAFT
    session.add(world.bakery_offer)

    answer = client.acting_as(world.baker).post(
        f"/offers/{world.bakery_offer.id}/edit", data={"kind": "bpv", "title": "Nog niet af"}
    )

    assert answer.status_code == 303


def test_an_offer_stays_with_its_organisation(client: Browser, world: World) -> None:
    answer = client.acting_as(world.coordinator).put(
        f"/api/v1/offers/{world.bakery_offer.id}",
        json=BODY | {"organisation_id": str(world.garage.id)},
    )

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "organisation_id")


def test_another_location_brings_its_postcode(client: Browser, session: Session, world: World) -> None:
    place = Location(organisation_id=world.bakery.id, pc4="3511", place="Utrecht")
    session.add(place)
    session.commit()
    client.acting_as(world.baker)
    assert "Utrecht" in client.get(f"/offers/{world.bakery_offer.id}/edit").text

    client.post(
        f"/offers/{world.bakery_offer.id}/edit", data=TYPED | {"location_id": str(place.id), "positions": "3"}
    )

    session.refresh(world.bakery_offer)
    assert (world.bakery_offer.location_id, world.bakery_offer.pc4) == (place.id, "3511")


def test_a_closed_offer_is_not_changed(client: Browser, world: World) -> None:
    client.acting_as(world.baker)
    path = f"/offers/{world.bakery_offer.id}"
    assert client.post(f"{path}/close").status_code == 303

    for act in ("edit", "publish", "pause", "close", "confirm"):
        assert client.post(f"{path}/{act}", data=TYPED if act == "edit" else {}).status_code == 409


def test_pause_and_back(client: Browser, session: Session, world: World) -> None:
    client.acting_as(world.baker)
    path = f"/offers/{world.bakery_offer.id}"
    client.post(f"{path}/pause")
    assert world.bakery_offer.title not in client.as_guest().get("/offers").text

    client.acting_as(world.baker).post(f"{path}/publish")
    assert world.bakery_offer.title in client.as_guest().get("/offers").text


def test_one_click_says_that_it_still_holds(client: Browser, session: Session, world: World) -> None:
    world.bakery_offer.confirmed_at = clock.now() - timedelta(days=200)
    session.add(world.bakery_offer)
    client.acting_as(world.baker)
    assert "Is this still right?" in client.get(f"/offers/{world.bakery_offer.id}").text
    assert "Still right: Meelopen in de bakkerij" in client.get("/offers").text

    client.post(f"/offers/{world.bakery_offer.id}/confirm")

    assert "Is this still right?" not in client.get(f"/offers/{world.bakery_offer.id}").text
    assert "Still right: Meelopen in de bakkerij" not in client.get("/offers").text


def test_a_copy_is_a_new_draft(client: Browser, session: Session, world: World) -> None:
    offer = world.bakery_offer
    offer.sqlmodel_update(
        {
            "positions_taken": 2,
            "external_id": "X1",
            "starts_on": clock.today() - timedelta(days=30),
            "ends_on": clock.today() - timedelta(days=20),
        }
    )
    session.add(offer)

    answer = client.acting_as(world.baker).post(f"/offers/{offer.id}/copy")

    copied = session.exec(select(Offer).where(Offer.status == OfferStatus.DRAFT)).one()
    assert answer.headers["location"] == f"/offers/{copied.id}/steps/what"
    assert (copied.title, copied.positions, copied.positions_taken) == (offer.title, 3, 0)
    assert (copied.external_id, copied.published_at, copied.confirmed_at) == (None, None, None)
    assert (copied.starts_on, copied.ends_on, copied.hazards) == (None, None, offer.hazards)
    assert copied.created_at > offer.created_at


def test_a_copy_keeps_dates_that_are_to_come(client: Browser, session: Session, world: World) -> None:
    offer = make.make_offer(session, world.bakery, ends_on=None, starts_on=clock.today())

    answer = client.acting_as(world.baker).post(f"/api/v1/offers/{offer.id}/copy")

    assert (answer.status_code, answer.json()["starts_on"]) == (201, clock.today().isoformat())


def test_a_closed_offer_may_be_copied(client: Browser, session: Session, world: World) -> None:
    world.bakery_offer.status = OfferStatus.CLOSED
    session.add(world.bakery_offer)

    assert client.acting_as(world.baker).post(f"/offers/{world.bakery_offer.id}/copy").status_code == 303


def test_the_api_changes_the_whole_offer(client: Browser, world: World) -> None:
    client.acting_as(world.baker)
    body = BODY | {"hazards": dict.fromkeys(make.ALL_HAZARDS, False)}

    changed = client.put(f"/api/v1/offers/{world.bakery_offer.id}", json=body)

    assert (changed.status_code, changed.json()["title"]) == (200, BODY["title"])
    assert changed.json()["ages"] == ["12", "13", "14-15", "16-17", "18+"]


def test_who_may_not(client: Browser, session: Session, world: World) -> None:
    path = f"/offers/{world.bakery_offer.id}"
    for actor, status in ((world.mechanic, 404), (world.teacher, 403), (world.noor_herself, 403)):
        client.acting_as(actor)
        assert client.get(f"{path}/edit").status_code == status
        assert client.post(f"{path}/edit", data=TYPED).status_code == status
        assert client.put(f"/api/v1{path}", json=BODY).status_code == status
    client.as_guest()
    assert client.post(f"{path}/edit", data=TYPED).status_code in {401, 403}
    assert client.put(f"/api/v1{path}", json=BODY).status_code == 401
    session.refresh(world.bakery_offer)
    assert world.bakery_offer.title == "Meelopen in de bakkerij"
