"""What is kept around placements has a purpose and a term, and goes when it is over."""

from datetime import timedelta

from sqlmodel import Session, select

from service.core import clock
from service.core.jobs import Begin
from service.placements.jobs import forget_placements
from service.placements.models import (
    Agreement,
    AnswerCode,
    CalendarFeed,
    ContactNote,
    NoteCode,
    Placement,
    PlacementStatus,
    Question,
    QuestionKind,
)
from service.placements.retention import KEPT
from tests.service.placements.conftest import Place
from tests.world import World

TABLES = {table.__tablename__: table for table in (Agreement, CalendarFeed, ContactNote, Placement, Question)}
YEAR = timedelta(days=366)


def over_since(session: Session, place: Place, ago: timedelta) -> Placement:
    ended = clock.now() - ago
    placement = place(PlacementStatus.COMPLETED, ended_at=ended, company_supervisor="Els")
    session.add(Agreement(placement_id=placement.id, signatures={"school": "2026-01-01"}))
    session.add(
        Question(
            kind=QuestionKind.HOST_ANSWER,
            organisation_id=placement.organisation_id,
            placement_id=placement.id,
            answered_at=ended,
            answer=AnswerCode.YES,
        )
    )
    session.add(
        ContactNote(
            organisation_id=placement.organisation_id, code=NoteCode.CALLS_BACK, created_at=ended - YEAR
        )
    )
    session.commit()
    return placement


def left(session: Session) -> list[int]:
    return [len(session.exec(select(table)).all()) for table in (Agreement, Question, ContactNote)]


def test_it_works(session: Session, world: World, begin: Begin, place: Place) -> None:
    placement = over_since(session, place, YEAR)

    assert forget_placements(begin)
    assert not forget_placements(begin)

    session.refresh(placement)
    assert placement.company_supervisor == ""
    assert left(session) == [0, 0, 0]


def test_what_is_not_over_long_enough_stays(session: Session, begin: Begin, place: Place) -> None:
    placement = over_since(session, place, timedelta(days=360))

    assert not forget_placements(begin)

    session.refresh(placement)
    assert placement.company_supervisor == "Els"
    assert left(session) == [1, 1, 1]


def test_what_is_registered_exists() -> None:
    assert {kept.table for kept in KEPT} == set(TABLES)
    for kept in KEPT:
        assert set(kept.columns) <= set(TABLES[kept.table].model_fields)
