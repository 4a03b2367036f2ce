"""Lists and pages of placements: everybody sees his own, and a longer list asks no more of the database."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlmodel import Session

from service.placements.models import PlacementStatus
from service.placements.queries import band_on
from tests import factories as make
from tests.conftest import Browser
from tests.service.placements.conftest import Place
from tests.world import World


def test_it_works(world: World, client: Browser, place: Place) -> None:
    place(PlacementStatus.ACCEPTED)

    for name in ("coordinator", "teacher", "mentor", "baker", "noor_herself"):
        listed = client.acting_as(world.everybody[name]).get("/placements")
        assert listed.status_code == 200
        assert "Meelopen in de bakkerij" in listed.text
        assert client.get("/api/v1/placements").json()["total"] == 1


def test_others_have_an_empty_list(world: World, client: Browser, place: Place) -> None:
    place(PlacementStatus.ACCEPTED)

    for name in ("admin", "other_coordinator", "other_teacher", "mechanic", "yassin_himself"):
        client.acting_as(world.everybody[name])
        assert "Meelopen in de bakkerij" not in client.get("/placements").text
        assert client.get("/api/v1/placements").json()["total"] == 0


def test_a_guest_is_asked_to_sign_in(client: Browser) -> None:
    assert client.get("/placements").headers["location"] == "/sign-in?next=/placements"
    assert client.get("/api/v1/placements").status_code == 401


def test_the_list_filters_by_state(world: World, client: Browser, place: Place) -> None:
    place(PlacementStatus.ACCEPTED)
    place(PlacementStatus.CONFIRMED, youth=world.yassin)
    client.acting_as(world.teacher)

    waiting = client.get("/placements?status=accepted").text
    anything = client.get("/placements?status=nonsense").text

    assert "Noor" in waiting
    assert "Yassin" not in waiting
    assert "Noor" in anything
    assert "Yassin" in anything
    assert client.get("/api/v1/placements?status=confirmed").json()["total"] == 1


def test_the_list_sorts(world: World, client: Browser, place: Place) -> None:
    place(starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 5))
    place(youth=world.yassin)
    client.acting_as(world.teacher)

    soonest = client.get("/placements").text
    newest = client.get("/placements?sort=new").text

    assert soonest.index("Yassin") < soonest.index("Noor")
    assert newest.index("Yassin") < newest.index("Noor")


def test_the_list_asks_no_more_with_more_rows(
    session: Session, world: World, client: Browser, place: Place, count_queries: Callable[[], Any]
) -> None:
    client.acting_as(world.coordinator)
    place()
    with count_queries() as few:
        client.get("/placements")
    for _number in range(10):
        offer = make.make_offer(session, make.make_organisation(session))
        place(youth=make.make_youth(session, world.school_class), offer=offer)
    with count_queries() as many:
        client.get("/placements")

    assert many.number == few.number


@pytest.mark.parametrize(
    ("day", "band"),
    [
        (date(2024, 6, 29), "12"),
        (date(2024, 6, 30), "13"),
        (date(2025, 6, 29), "13"),
        (date(2025, 6, 30), "14-15"),
        (date(2027, 6, 29), "14-15"),
        (date(2027, 6, 30), "16-17"),
        (date(2029, 6, 29), "16-17"),
        (date(2029, 6, 30), "18+"),
        (date(2029, 7, 1), "18+"),
        (date(2029, 5, 31), "16-17"),
    ],
)
def test_the_birthday_counts_as_the_last_day_of_its_month(day: date, band: str) -> None:
    assert band_on(2011, 6, day) == band
