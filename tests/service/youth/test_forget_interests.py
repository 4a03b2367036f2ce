"""Interests go on 1 November after the school year; who the youth is stays with the school."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from sqlmodel import Session

from service.core import clock
from service.core.jobs import Begin
from service.youth.jobs import forget_step
from service.youth.models import SchoolClass, Youth
from service.youth.retention import KEPT, handed_over, last_school_year_to_forget
from tests import factories as make
from tests.world import World


def has_interests(youth: Youth) -> bool:
    return bool(youth.wishes or youth.dislikes or youth.dream_job or youth.tags or youth.pc4 or youth.modes)


@pytest.mark.parametrize(
    ("today", "forgotten"),
    [(date(2027, 10, 31), False), (date(2027, 11, 1), True), (date(2029, 1, 1), True)],
)
def test_it_works(session: Session, world: World, begin: Begin, today: date, forgotten: bool) -> None:
    noor = world.noor
    noor.updated_at = clock.now()
    noor.dream_job = "bakker"
    noor.dislikes = ["office_worker"]
    session.add(noor)
    session.commit()
    with time_machine.travel(datetime(today.year, today.month, today.day, 12, tzinfo=UTC)):
        assert forget_step(begin) is forgotten
        assert forget_step(begin) is False
    session.refresh(noor)
    assert has_interests(noor) is not forgotten
    assert noor.is_done is not forgotten
    assert (noor.first_name, noor.birth, noor.track) == ("Noor", "2011-06", "KB")


def test_who_moved_to_a_new_class_keeps_them(session: Session, world: World, begin: Begin) -> None:
    new_class = make.make_class(session, world.school, school_year="2027-2028")
    world.noor.class_id = new_class.id
    world.noor.updated_at = clock.now()
    session.add(world.noor)
    session.commit()
    with time_machine.travel(datetime(2027, 11, 2, 12, tzinfo=UTC)):
        assert forget_step(begin) is False
    session.refresh(world.noor)
    assert has_interests(world.noor)


@pytest.mark.parametrize(
    ("today", "year"),
    [
        (date(2026, 10, 31), "2024-2025"),
        (date(2026, 11, 1), "2025-2026"),
        (date(2027, 1, 1), "2025-2026"),
    ],
)
def test_school_years_that_are_over_long_enough(today: date, year: str) -> None:
    assert last_school_year_to_forget(today) == year


def test_every_column_of_a_youth_has_a_term() -> None:
    named = [name for kept in KEPT for name in kept.columns]
    assert len(named) == len(set(named))
    assert set(named) == Youth.model_fields.keys() - {"id", "created_at"}
    assert "code" in SchoolClass.model_fields


def test_an_export_hands_over_everything_but_the_code(world: World) -> None:
    told = handed_over(world.noor)
    assert told["first_name"] == "Noor"
    assert "code_version" not in told
