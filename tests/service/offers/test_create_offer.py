"""A contact makes an offer with a short form; only a kind and a title are needed to save it."""

from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import Session, col, select

from matching import Reading, Vocabulary
from service.audit.models import AuditEntry
from service.offers import steps
from service.offers.models import Offer, OfferStatus
from service.offers.schemas import LONGEST_WORDS
from service.organisations.models import Location, OrganisationStatus
from tests.conftest import Browser
from tests.world import World

NO_TO_ALL = {f"z_{number}": "no" for number in range(1, 18)}
TYPED: dict[str, Any] = {
    "kind": "orientation_placement",
    "title": "Fietsen maken",
    "text": "Je helpt in de werkplaats.\n\nNa afloop eten we samen.",
    "sectors": ["MOB", "TECH"],
    "words": "lassen, klanten helpen",
    "positions": "2",
    "starts_on": "2027-02-08",
    "ends_on": "2027-02-12",
    "weekdays": ["1", "3"],
    "starts_at": "09:00",
    "ends_at": "15:30",
    "hours_per_day": "5,5",
    "tracks": ["BB", "KB"],
    "levels": ["2"],
    "crebos": "25655, 25656",
    "observe_only": "no",
    "supervised": "yes",
    "supervisor_name": "Kees Jansen",
    "practical": "Neem oude kleren mee.",
    "accessibility": ["step_free"],
    **NO_TO_ALL,
}
BODY: dict[str, Any] = {
    "kind": "flash_visit",
    "title": "Kijken in de werkplaats",
    "sectors": ["MOB"],
    "tags": ["welder"],
    "positions": 12,
    "starts_on": "2027-03-01",
    "starts_at": "10:00",
    "hazards": {"Z-1": True, "Z-2": False},
}


def made(session: Session) -> Offer:
    return session.exec(select(Offer).where(Offer.title == TYPED["title"])).one()


def test_it_works(client: Browser, session: Session, world: World) -> None:
    client.acting_as(world.mechanic)
    assert "New offer" in client.get("/offers/new").text

    answer = client.post("/offers/new", data=TYPED)

    offer = made(session)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/offers/{offer.id}")
    assert (offer.organisation_id, offer.status) == (world.garage.id, OfferStatus.DRAFT)
    assert (offer.sectors, offer.weekdays, offer.tracks) == (["MOB", "TECH"], [1, 3], ["BB", "KB"])
    assert (offer.levels, offer.crebos, offer.hours_per_day) == ([2], ["25655", "25656"], 5.5)
    assert (str(offer.starts_at), str(offer.ends_at)) == ("09:00:00", "15:30:00")
    assert offer.hazards == {f"Z-{number}": False for number in range(1, 18)}
    assert (offer.supervised, offer.supervisor_name, offer.observe_only) == (True, "Kees Jansen", False)
    assert offer.accessibility == ["step_free"]
    assert "welder" in offer.tags
    location = session.exec(select(Location).where(Location.organisation_id == world.garage.id)).one()
    assert (offer.location_id, offer.pc4) == (location.id, "1068")
    assert session.exec(select(AuditEntry).where(AuditEntry.action == "offer.created")).one()


def test_a_kind_and_a_title_are_enough(client: Browser, session: Session, world: World) -> None:
    answer = client.acting_as(world.mechanic).post(
        "/offers/new", data={"kind": "bpv", "title": "Fietsen maken"}
    )

    assert answer.status_code == 303
    assert (made(session).positions, made(session).hazards, made(session).tags) == (0, {}, [])
    shown = client.get(f"/offers/{made(session).id}").text
    assert "17 questions about safety are still open" in shown
    assert "Fill in how many positions there are" in shown
    assert "0 points" in shown


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"title": ""}, "title", "Fill this in."),
        ({"kind": "holiday_job"}, "kind", "Choose one of the answers."),
        ({"positions": "-1"}, "positions", "This must be 0 or more."),
        ({"positions": "veel"}, "positions", "Fill in a whole number."),
        ({"starts_on": "2027-02-30"}, "starts_on", "Fill in a date that exists."),
        ({"ends_on": "2027-02-01"}, "ends_on", "The last day comes before the first day."),
        ({"ends_at": "08:00"}, "ends_at", "The day ends before it starts."),
        ({"hours_per_day": "25"}, "hours_per_day", "more than 0, at most 12"),
        ({"crebos": "2565"}, "crebos", "A crebo has five digits."),
        ({"sectors": ["MOB", "TECH", "ICT", "CREA"]}, "sectors", "Choose at most 3."),
        ({"supervisor_name": ""}, "supervisor_name", "Fill in who is there all the time."),
        ({"text": "Bel 06 12345678"}, "text", "This looks like a phone number."),
        ({"practical": "Mail kees@example.nl"}, "practical", "This looks like an e-mail address."),
        ({"supervisor_name": "Kees 020 123 45 67"}, "supervisor_name", "This looks like a phone number."),
        ({"location_id": "nergens"}, "location_id", "Choose one of the answers."),
        ({"status": "published"}, "status", "This is not a question of this form."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    client: Browser, session: Session, world: World, wrong: dict[str, Any], field: str, sentence: str
) -> None:
    answer = client.acting_as(world.mechanic).post("/offers/new", data=TYPED | wrong)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'href="#field-{field}"' in answer.text
    assert "Na afloop eten we samen." in answer.text or field == "text"
    assert 'value="MOB" checked' in answer.text
    assert session.exec(select(Offer).where(Offer.organisation_id == world.garage.id)).one()


@pytest.mark.parametrize(
    ("ticked", "main", "kept"),
    [
        (["MOB", "TECH"], "", ["MOB", "TECH"]),
        (["MOB", "TECH"], "TECH", ["TECH", "MOB"]),
        (["MOB"], "TECH", ["TECH", "MOB"]),
        ([], "TECH", ["TECH"]),
    ],
)
def test_the_main_sector_comes_first(
    client: Browser, session: Session, world: World, ticked: list[str], main: str, kept: list[str]
) -> None:
    typed = TYPED | {"sectors": ticked, "main_sector": main}
    assert client.acting_as(world.mechanic).post("/offers/new", data=typed).status_code == 303

    assert made(session).sectors == kept


def test_a_word_nobody_knows_becomes_a_question(client: Browser, session: Session, world: World) -> None:
    client.acting_as(world.mechanic)
    answer = client.post("/offers/new", data=TYPED | {"words": "lassen, timerman, xqzwvv"})

    assert answer.status_code == 422
    assert "We do not know: timerman, xqzwvv." in answer.text
    assert 'value="timerman=carpenter"' in answer.text
    assert 'value="xqzwvv="' in answer.text

    answer = client.post(
        "/offers/new",
        data=TYPED | {"words": "lassen, timerman, xqzwvv", "meant": ["timerman=carpenter", "xqzwvv="]},
    )
    assert answer.status_code == 303
    assert made(session).tags == ["welder", "carpenter"]


def test_an_answer_that_is_no_word_is_no_answer(client: Browser, world: World) -> None:
    answer = client.acting_as(world.mechanic).post(
        "/offers/new", data=TYPED | {"words": "timerman", "meant": ["timerman=nonsense"]}
    )

    assert answer.status_code == 422


def test_who_has_more_organisations_chooses_one(client: Browser, session: Session, world: World) -> None:
    both = frozenset({world.garage.id, world.bakery.id})
    client.acting_as(replace(world.mechanic, organisation_ids=both))

    answer = client.post("/offers/new", data=TYPED)
    assert (answer.status_code, "Choose the organisation" in answer.text) == (422, True)

    client.post("/offers/new", data=TYPED | {"organisation_id": str(world.bakery.id)})
    assert made(session).organisation_id == world.bakery.id


def test_a_coordinator_makes_one_for_a_company(client: Browser, session: Session, world: World) -> None:
    client.acting_as(world.coordinator)
    assert "Garage De Ring" in client.get(f"/offers/new?organisation_id={world.garage.id}").text

    client.post("/offers/new", data=TYPED | {"organisation_id": str(world.garage.id)})

    assert made(session).organisation_id == world.garage.id


def test_a_location_of_another_company_is_refused(client: Browser, session: Session, world: World) -> None:
    foreign = session.exec(select(Location).where(Location.organisation_id == world.bakery.id)).one()

    answer = client.acting_as(world.mechanic).post(
        "/offers/new", data=TYPED | {"location_id": str(foreign.id)}
    )

    assert answer.status_code == 422
    assert "Choose a location of this organisation." in answer.text


def test_a_company_that_stopped_offers_nothing(client: Browser, session: Session, world: World) -> None:
    world.garage.status = OrganisationStatus.CLOSED
    session.add(world.garage)
    client.acting_as(world.coordinator)

    answer = client.post("/offers/new", data=TYPED | {"organisation_id": str(world.garage.id)})

    assert answer.status_code == 409


def test_who_may_not(client: Browser, session: Session, world: World) -> None:
    for actor in (world.noor_herself, world.teacher, world.mentor):
        client.acting_as(actor)
        assert client.get("/offers/new").status_code == 403
        assert client.post("/offers/new", data=TYPED).status_code == 403
        assert client.post("/api/v1/offers", json=BODY).status_code == 403
    client.acting_as(world.baker)
    foreign = {"organisation_id": str(world.garage.id)}
    assert client.get(f"/offers/new?organisation_id={world.garage.id}").status_code == 404
    assert client.post("/offers/new", data=TYPED | foreign).status_code == 404
    assert client.post("/api/v1/offers", json=BODY | foreign).status_code == 404
    assert client.as_guest().post("/api/v1/offers", json=BODY).status_code == 401
    assert len(session.exec(select(Offer)).all()) == 2


def test_the_api_does_the_same(client: Browser, world: World) -> None:
    client.acting_as(world.mechanic)

    answer = client.post("/api/v1/offers", json=BODY)

    assert answer.status_code == 201
    offer = answer.json()
    assert (offer["status"], offer["organisation"], offer["place"]) == (
        "draft",
        "Garage De Ring",
        "Amsterdam",
    )
    assert (offer["tags"], offer["positions_left"], offer["ages"]) == (["welder"], 12, ["18+"])
    assert offer["starts_at"] == "10:00:00"
    assert offer["own"]["hazards"] == {"Z-1": True, "Z-2": False}
    assert offer["own"]["open_hazards"][0] == "Z-3"
    assert client.get(f"/api/v1/offers/{offer['id']}").json() == offer


def test_times_are_those_on_the_wall_there(client: Browser, world: World) -> None:
    """A zone or seconds that come along are left out, and do not stand in the way of comparing."""
    client.acting_as(world.mechanic)

    offer = client.post("/api/v1/offers", json=BODY | {"starts_at": "09:00:30Z", "ends_at": "15:00"}).json()

    assert (offer["starts_at"], offer["ends_at"]) == ("09:00:00", "15:00:00")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"positions": "12"}, "positions"),
        ({"positions": True}, "positions"),
        ({"starts_on": 0}, "starts_on"),
        ({"starts_at": 36000}, "starts_at"),
        ({"hazards": {"Z-99": True}}, "hazards.Z-99.[key]"),
        ({"hazards": {"Z-1": "yes"}}, "hazards.Z-1"),
        ({"tags": ["nonsense"]}, "tags.0"),
        ({"supervised": True}, "supervisor_name"),
        ({"positions_taken": 1}, "positions_taken"),
        ({"title": " \0 "}, "title"),
        ({"weekdays": [0]}, "weekdays.0"),
        ({"hours_per_day": 0}, "hours_per_day"),
    ],
)
def test_the_api_says_which_field_is_wrong(
    client: Browser, world: World, wrong: dict[str, Any], field: str
) -> None:
    answer = client.acting_as(world.mechanic).post("/api/v1/offers", json=BODY | wrong)

    assert answer.status_code == 422
    assert field in [error["field"] for error in answer.json()["errors"]]


def test_a_coordinator_says_for_which_company(client: Browser, world: World) -> None:
    answer = client.acting_as(world.coordinator).post("/api/v1/offers", json=BODY)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "organisation_id"


@pytest.mark.parametrize("path", ["/offers/new", "/offers/{offer}/edit", "/offers/{offer}/steps/{step}"])
def test_words_that_are_refused_for_their_length_are_not_read(
    client: Browser, session: Session, world: World, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """Who is told that it is too long has not kept the others waiting meanwhile."""
    asked: list[str] = []

    def read(vocabulary: Vocabulary, text: str) -> list[Reading]:
        asked.append(text)
        return []

    monkeypatch.setattr(Vocabulary, "read", read)
    client.acting_as(world.mechanic)
    client.post("/offers/new", data=TYPED | {"words": ""})
    address = path.format(offer=made(session).id, step=steps.step_of("words").name)
    answer = client.post(address, data={"title": "x", "words": "timmer" * LONGEST_WORDS})
    assert answer.status_code == 422
    assert f"at most {LONGEST_WORDS} characters" in answer.text
    assert max(map(len, asked), default=0) <= LONGEST_WORDS


@pytest.mark.parametrize("field", ["starts_on", "ends_on"])
@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_an_offer_at_the_end_of_time_is_refused(
    client: Browser, session: Session, world: World, field: str, day: str
) -> None:
    """One such offer broke every run it took part in: the engine looks at weeks after the last day."""
    client.acting_as(world.mechanic)
    period = {"starts_on": "1990-01-01", "ends_on": "2100-12-31"}

    assert client.post("/api/v1/offers", json=BODY | period | {field: day}).status_code == 422
    assert client.post("/offers/new", data=TYPED | period | {field: day}).status_code == 422
    assert (
        session.exec(select(Offer).where(col(Offer.title).in_((BODY["title"], TYPED["title"])))).all() == []
    )
    assert client.post("/api/v1/offers", json=BODY | period).status_code == 201
