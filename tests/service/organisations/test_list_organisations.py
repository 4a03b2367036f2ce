"""The list is for who arranges things; filter, order and pages cost no more with more rows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from service.core import clock
from service.organisations.models import OrganisationKind, OrganisationStatus
from tests import factories as make
from tests.conftest import Browser
from tests.world import World


def test_it_works(client: Browser, world: World) -> None:
    text = client.acting_as(world.coordinator).get("/organisations").text

    for name in ("Bakkerij Zonnebloem", "Garage De Ring", "Sloterwaard College", "Contact", "Amsterdam"):
        assert name in text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?kind=school", ["Meerlanden College", "Sloterwaard College"]),
        ("?q=zonne", ["Bakkerij Zonnebloem"]),
        ("?q=100%25", []),
        ("?stale=yes", ["Garage De Ring"]),
        ("?status=paused", ["Bakkerij Zonnebloem"]),
        ("?kind=company&sort=-name", ["Garage De Ring", "Bakkerij Zonnebloem"]),
        ("?kind=company&sort=confirmed", ["Garage De Ring", "Bakkerij Zonnebloem"]),
        ("?kind=bank&status=x&sort=y&page=-3", None),
        ("?q=%00", None),
    ],
)
def test_the_list_is_filtered_and_ordered(
    client: Browser, session: Session, world: World, query: str, shown: list[str] | None
) -> None:
    world.garage.confirmed_at = clock.now() - timedelta(days=366)
    world.bakery.status = OrganisationStatus.PAUSED
    session.add_all([world.garage, world.bakery])

    text = client.acting_as(world.coordinator).get(f"/organisations{query}").text

    names = ["Bakkerij Zonnebloem", "Garage De Ring", "Meerlanden College", "Sloterwaard College"]
    found = sorted((name for name in names if f">{name}</a>" in text), key=text.index)
    assert found == (names if shown is None else shown)


def test_nothing_found_says_what_to_do(client: Browser, world: World) -> None:
    assert "No organisations found" in client.acting_as(world.admin).get("/organisations?q=niets").text


def test_a_contact_sees_only_his_own(client: Browser, world: World) -> None:
    text = client.acting_as(world.baker).get("/organisations").text

    assert "Bakkerij Zonnebloem" in text
    assert "Garage De Ring" not in text
    api = client.get("/api/v1/organisations").json()
    assert [item["name"] for item in api["items"]] == ["Bakkerij Zonnebloem"]


def test_a_teacher_sees_only_the_own_school(client: Browser, world: World) -> None:
    api = client.acting_as(world.teacher).get("/api/v1/organisations").json()

    assert [item["name"] for item in api["items"]] == ["Sloterwaard College"]
    assert client.get(f"/organisations/{world.bakery.id}").status_code == 404


@pytest.mark.parametrize("name", ["noor_herself", "mentor"])
def test_who_may_not(client: Browser, world: World, name: str) -> None:
    client.acting_as(world.everybody[name])

    assert client.get("/organisations").status_code == 403
    assert client.get("/api/v1/organisations").status_code == 403
    assert client.get(f"/organisations/{world.bakery.id}").status_code == 404


def test_a_guest_is_asked_to_sign_in(client: Browser, world: World) -> None:
    for path in ("/organisations", f"/organisations/{world.bakery.id}"):
        assert client.get(path).headers["location"] == f"/sign-in?next={path}"
    assert client.get("/api/v1/organisations").status_code == 401
    assert client.get(f"/api/v1/organisations/{world.bakery.id}").status_code in {401, 404}


def test_the_number_of_queries_does_not_grow(
    client: Browser, session: Session, world: World, count_queries: Callable[[], Any]
) -> None:
    client.acting_as(world.coordinator)
    counts = []
    for _round in range(2):
        with count_queries() as counted:
            client.get("/organisations?kind=company")
        counts.append(counted.number)
        for _number in range(22):
            make.make_organisation(session, kind=OrganisationKind.COMPANY)

    assert counts[0] == counts[1]
    assert counts[0] <= 5


def test_htmx_gets_only_the_rows(client: Browser, world: World) -> None:
    answer = client.acting_as(world.admin).get("/organisations", headers={"hx-request": "true"})

    assert "Bakkerij Zonnebloem" in answer.text
    assert "<html" not in answer.text
