"""Who somebody is changes nothing: other names, classes and schools give the same output, byte for byte."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, col, select

from service.matchmaking.models import Run
from service.youth.models import Youth, YouthStatus
from tests.world import World


@pytest.mark.parametrize(
    "change",
    [
        {"first_name": "Mohammed"},
        {"first_name": "Elisabeth"},
        {"external_id": "ZZ-1"},
        {"dream_job": "president van een ander land"},
        {"code_version": 7},
        {"profile_done_at": None},
    ],
    ids=("name", "another_name", "number", "dream", "code", "completeness"),
)
def test_a_youth_by_another_name_gets_the_same(
    session: Session, world: World, carers: list[Youth], run_it: Callable[[], None], change: dict[str, Any]
) -> None:
    before = hashes(session, run_it)
    for youth in (world.noor, carers[0]):
        youth.sqlmodel_update(change | ({"external_id": f"ZZ-{youth.id}"} if "external_id" in change else {}))
        session.add(youth)

    assert hashes(session, run_it) == before


def test_another_name_of_school_and_class_changes_nothing(
    session: Session, world: World, carers: list[Youth], run_it: Callable[[], None]
) -> None:
    before = hashes(session, run_it)
    world.school.name, world.school.brin = "Gymnasium aan Zee", "99ZZ"
    world.school_class.name = "1 gym"
    session.add_all([world.school, world.school_class])

    assert hashes(session, run_it) == before


def test_another_school_changes_nothing_for_who_says_where_he_lives(
    session: Session, world: World, carers: list[Youth], run_it: Callable[[], None]
) -> None:
    before = hashes(session, run_it)
    world.other_class.programme_id = world.programme.id
    world.other_youth.status = YouthStatus.LEFT
    for youth in carers:
        youth.school_id, youth.class_id = world.other_school.id, world.other_class.id
        session.add(youth)
    session.add_all([world.other_class, world.other_youth])

    assert hashes(session, run_it) == before


def test_a_wish_does_count(
    session: Session, world: World, carers: list[Youth], run_it: Callable[[], None]
) -> None:
    before = hashes(session, run_it)
    carers[0].wishes = ["HORECA"]
    session.add(carers[0])

    assert hashes(session, run_it) != before


def hashes(session: Session, run_it: Callable[[], None]) -> tuple[str, str]:
    """Of a run made now: what went in, and what came out."""
    run_it()
    run = session.exec(select(Run).order_by(col(Run.created_at).desc())).first()
    assert run is not None
    session.refresh(run)
    assert run.output_hash
    return run.input_hash, run.output_hash
