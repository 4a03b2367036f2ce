"""Who sees which offers, how they are found, and what is never shown of them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from service.core import clock
from service.offers.models import OfferStatus
from service.organisations.models import OrganisationStatus
from service.programmes.models import ProgrammeStatus
from tests import factories as make
from tests.conftest import Browser
from tests.world import World

BREAD, CARS = "Meelopen in de bakkerij", "Sleutelen in de garage"


def shown(client: Browser, query: str = "") -> list[str]:
    text = client.get(f"/offers{query}").text
    return sorted((title for title in (BREAD, CARS) if f">{title}</a>" in text), key=text.index)


def test_it_works(client: Browser, session: Session, world: World) -> None:
    text = client.get("/offers").text

    for words in (BREAD, "Bakkerij Zonnebloem", "Amsterdam", "3 positions left", "Orientation placement"):
        assert words in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=bakker", [BREAD]),
        ("?q=de+ring", [CARS]),
        ("?sector=MOB", [CARS]),
        ("?sector=HORECA", [BREAD]),
        ("?sector=NONSENSE", [CARS, BREAD]),
        ("?kind=bpv", []),
        ("?kind=orientation_placement&sort=title", [BREAD, CARS]),
        ("?sort=-title", [CARS, BREAD]),
        ("?sort=organisation", [BREAD, CARS]),
        ("?sort=starts", [CARS, BREAD]),
        ("?place=Amsterdam", [CARS, BREAD]),
        ("?place=Utrecht", []),
        ("?q=%25", []),
        ("?page=99&sort=nonsense&status=nonsense", [CARS, BREAD]),
    ],
)
def test_guests_find_by_sector_kind_and_place(
    client: Browser, session: Session, world: World, query: str, found: list[str]
) -> None:
    world.garage_offer.sqlmodel_update(
        {"starts_on": clock.today(), "ends_on": None, "published_at": clock.now()}
    )
    session.add(world.garage_offer)

    assert shown(client, query) == found


def test_nothing_found_says_what_to_do(client: Browser, world: World) -> None:
    assert "Take a filter away" in client.get("/offers?q=niets").text


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": OfferStatus.DRAFT},
        {"status": OfferStatus.PAUSED},
        {"status": OfferStatus.CLOSED},
        {"kind": "coach"},
    ],
)
def test_guests_and_youths_see_only_what_is_published_in_an_open_programme(
    client: Browser, session: Session, world: World, hidden: dict[str, Any]
) -> None:
    world.bakery_offer.sqlmodel_update(hidden)
    session.add(world.bakery_offer)
    for actor in (None, world.noor_herself):
        client.acting_as(actor) if actor else client.as_guest()
        assert shown(client) == [CARS]
        path = f"/offers/{world.bakery_offer.id}"
        assert client.get(path).status_code == (404 if actor else 303)


def test_a_company_that_takes_a_break_is_not_shown(client: Browser, session: Session, world: World) -> None:
    world.bakery.status = OrganisationStatus.PAUSED
    session.add(world.bakery)
    for actor in (world.noor_herself, world.teacher):
        assert shown(client.acting_as(actor)) == [CARS]
    assert shown(client.acting_as(world.baker)) == [BREAD]


def test_without_an_open_programme_guests_see_nothing(
    client: Browser, session: Session, world: World
) -> None:
    for programme in (world.programme, world.other_programme):
        programme.status = ProgrammeStatus.CLOSED
        session.add(programme)

    assert shown(client) == []
    assert shown(client.acting_as(world.teacher)) == [CARS, BREAD] or shown(client) == [BREAD, CARS]


def test_what_is_over_or_full_is_not_in_the_list(client: Browser, session: Session, world: World) -> None:
    world.bakery_offer.sqlmodel_update(
        {"starts_on": None, "ends_on": clock.today() - timedelta(days=1)},
    )
    world.garage_offer.sqlmodel_update({"positions_taken": 1, "status": OfferStatus.FULL})
    session.add_all([world.bakery_offer, world.garage_offer])

    assert shown(client) == []
    assert "Full" in client.get(f"/offers/{world.garage_offer.id}").text


def test_nobody_reads_how_to_reach_the_maker(client: Browser, session: Session, world: World) -> None:
    world.bakery_offer.supervisor_name = "Els van Dam"
    session.add(world.bakery_offer)
    path = f"/offers/{world.bakery_offer.id}"
    secrets = ("Els van Dam", "contact", "@example.nl", "020 123")
    for actor in (None, world.noor_herself, world.teacher):
        client.acting_as(actor) if actor else client.as_guest()
        text = client.get(path).text
        assert BREAD in text
        assert not [secret for secret in secrets if secret in text]
        if actor:
            assert client.get(f"/api/v1{path}").json()["own"] is None
    assert "Els van Dam" in client.acting_as(world.baker).get(path).text
    assert client.get(f"/api/v1{path}").json()["own"]["supervisor_name"] == "Els van Dam"


def test_a_contact_sees_his_own_in_every_state(client: Browser, session: Session, world: World) -> None:
    world.bakery_offer.status = OfferStatus.DRAFT
    session.add(world.bakery_offer)
    client.acting_as(world.baker)

    assert shown(client) == [BREAD]
    assert shown(client, "?status=draft") == [BREAD]
    assert shown(client, "?status=published") == []
    assert client.get(f"/offers/{world.garage_offer.id}").status_code == 404
    assert [item["title"] for item in client.get("/api/v1/offers").json()["items"]] == [BREAD]


def test_a_contact_without_offers_is_shown_the_way(client: Browser, session: Session, world: World) -> None:
    session.delete(world.bakery_offer)

    assert "Make your first one" in client.acting_as(world.baker).get("/offers").text


def test_a_coordinator_sees_all_and_what_to_look_at(client: Browser, session: Session, world: World) -> None:
    world.bakery_offer.sqlmodel_update(
        {"text": "Wij zoeken een representatieve jongen.", "status": OfferStatus.DRAFT}
    )
    world.garage_offer.confirmed_at = clock.now() - timedelta(days=200)
    session.add_all([world.bakery_offer, world.garage_offer])
    client.acting_as(world.coordinator)

    assert set(shown(client)) == {BREAD, CARS}
    assert shown(client, "?stale=yes") == [CARS]
    assert client.get("/offers").text.count("Look at the text") == 1
    assert "asks for a certain look" in client.get(f"/offers/{world.bakery_offer.id}").text
    text = client.acting_as(world.baker).get(f"/offers/{world.bakery_offer.id}").text
    assert "asks for a certain look" not in text


def test_a_youth_reads_plain_words(client: Browser, world: World) -> None:
    text = client.acting_as(world.noor_herself).get(f"/offers/{world.bakery_offer.id}").text

    assert "Try out a job" in text
    assert "Who may come by law" not in text


@pytest.mark.parametrize("name", ["coordinator", "baker", "noor_herself", "guest"])
def test_the_number_of_queries_does_not_grow(
    client: Browser, session: Session, world: World, count_queries: Callable[[], Any], name: str
) -> None:
    client.as_guest() if name == "guest" else client.acting_as(world.everybody[name])
    counts = []
    for rows in (3, 22):
        for number in range(rows):
            make.make_offer(session, world.bakery, title=f"Aanbod {rows}-{number}")
        with count_queries() as counted:
            client.get("/offers")
        counts.append(counted.number)

    assert counts[0] == counts[1]
    assert counts[0] <= 4


def test_the_api_filters_and_pages(client: Browser, session: Session, world: World) -> None:
    for number in range(5):
        make.make_offer(session, world.garage, title=f"Aanbod {number}", sectors=["MOB", "TECH"])
    client.acting_as(world.coordinator)

    found = client.get("/api/v1/offers?sector=TECH&size=2&page=3").json()

    assert (len(found["items"]), found["total"], found["page"], found["pages"]) == (1, 5, 3, 3)
    of_bakery = client.get(f"/api/v1/offers?organisation_id={world.bakery.id}").json()
    assert [item["title"] for item in of_bakery["items"]] == [BREAD]
    assert client.get("/api/v1/offers?sector=NONSENSE").status_code == 422
    assert client.as_guest().get("/api/v1/offers").status_code == 401
    assert client.get(f"/api/v1/offers/{world.bakery_offer.id}").status_code == 401


def test_htmx_gets_only_the_rows(client: Browser, world: World) -> None:
    for actor in (world.noor_herself, world.baker):
        answer = client.acting_as(actor).get("/offers", headers={"hx-request": "true"})
        assert BREAD in answer.text
        assert "<html" not in answer.text
