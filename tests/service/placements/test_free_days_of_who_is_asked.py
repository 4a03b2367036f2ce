"""Nobody is reminded or given up while he is free: a school by its calendar, a host by the national one."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlmodel import Session, col, select

from service.calendars.free_days import FreeDays
from service.calendars.models import FreePeriod
from service.core import clock
from service.core.jobs import Begin
from service.organisations.models import HolidayRegion
from service.placements import actions, following
from service.placements.jobs import ask_questions, expire_silence, open_questions
from service.placements.models import Placement, PlacementStatus, Question, QuestionKind
from service.placements.questions import SNOOZED_FOR, answer_until, snooze
from service.placements.schemas import DaysInput
from service.placements.working_days import LONGEST_WAIT, add_working_days, end_of_waiting
from tests.service.placements.conftest import Place
from tests.service.placements.test_keep_asking import contact_of
from tests.world import World

AUTUMN = ("Herfstvakantie", date(2026, 10, 17), date(2026, 10, 25))
CHRISTMAS = ("Kerstvakantie", date(2026, 12, 19), date(2027, 1, 3))
MAY = ("Meivakantie", date(2027, 4, 24), date(2027, 5, 9))


def period(name: str, starts_on: date, ends_on: date, **of: Any) -> FreePeriod:
    return FreePeriod(name=name, starts_on=starts_on, ends_on=ends_on, **of)


OF_SCHOOL = FreeDays(
    of_region=tuple(period(*one, region=HolidayRegion.NORTH) for one in (AUTUMN, CHRISTMAS, MAY))
)
OF_HOST = FreeDays()


def at_ten(day: str) -> time_machine.travel:
    """Ten in the morning in Amsterdam, in winter."""
    return time_machine.travel(datetime.fromisoformat(f"{day}T09:00+00:00"), tick=False)


@pytest.fixture
def calendar(session: Session, world: World) -> World:
    """Sloterwaard lies in region North, and the list of that region is there."""
    for one in (AUTUMN, CHRISTMAS, MAY):
        session.add(period(*one, region=HolidayRegion.NORTH))
    world.school.holiday_region = HolidayRegion.NORTH
    session.add(world.school)
    session.commit()
    return world


@pytest.mark.parametrize(
    ("free", "day", "number", "then"),
    [
        (OF_SCHOOL, "2026-10-14", 3, "2026-10-26"),  # Thursday, Friday, a week off, Monday
        (OF_HOST, "2026-10-14", 3, "2026-10-19"),
        (OF_SCHOOL, "2026-12-17", 3, "2027-01-05"),
        (OF_HOST, "2026-12-22", 3, "2026-12-28"),  # Wednesday, Thursday, Christmas, Monday
        (OF_HOST, "2026-12-31", 1, "2027-01-04"),
        (OF_HOST, "2027-04-26", 1, "2027-04-28"),  # King's day is a Tuesday
        (OF_HOST, "2027-05-04", 1, "2027-05-07"),  # Liberation day, then Ascension
        (OF_HOST, "2027-05-14", 1, "2027-05-18"),  # Whit Monday
        (OF_HOST, "2027-05-11", 7, "2027-05-21"),
    ],
)
def test_working_days(free: FreeDays, day: str, number: int, then: str) -> None:
    assert add_working_days(free, date.fromisoformat(day), number) == date.fromisoformat(then)


@pytest.mark.parametrize(
    ("free", "day", "then"),
    [
        (OF_SCHOOL, "2026-11-02", "2026-11-17"),  # nothing in between: fifteen days
        (OF_SCHOOL, "2026-11-06", "2026-11-23"),  # a Saturday becomes the Monday after it
        (OF_SCHOOL, "2026-10-05", "2026-10-29"),  # the fifteenth day lies in the holiday
        (OF_SCHOOL, "2026-10-12", "2026-11-05"),  # nine days off lie in between
        (OF_HOST, "2026-10-12", "2026-10-27"),
        (OF_SCHOOL, "2026-12-16", "2027-01-18"),
        (OF_HOST, "2026-12-16", "2027-01-04"),
        (OF_HOST, "2027-04-12", "2027-04-28"),  # King's day is no day to give up on
        (OF_HOST, "2027-04-21", "2027-05-10"),
    ],
)
def test_waiting_ends_on_a_working_day(free: FreeDays, day: str, then: str) -> None:
    assert end_of_waiting(free, date.fromisoformat(day), 15) == date.fromisoformat(then)


def test_reminders_fit_into_the_time_to_answer() -> None:
    """On each day of a year both reminders come before the end, whoever is asked."""
    for number in range(365):
        day = date(2026, 8, 1) + timedelta(days=number)
        for free in (OF_SCHOOL, OF_HOST):
            end = end_of_waiting(free, day, 15)
            assert not free.is_free(end)
            assert add_working_days(free, day, 7) < end


def test_a_list_that_is_free_for_ever_stops_nothing() -> None:
    day = date(2026, 11, 2)
    always = FreeDays(own=(period("Vrij", date(2020, 1, 1), date(2099, 12, 31)),))

    assert add_working_days(always, day, 3) == day + timedelta(days=LONGEST_WAIT)
    assert end_of_waiting(always, day, 15) == day + timedelta(days=LONGEST_WAIT)


def test_a_youth_is_not_given_up_in_the_holiday_of_his_school(
    session: Session, calendar: World, begin: Begin, place: Place
) -> None:
    with at_ten("2026-12-10"):
        placement = place(due_at=clock.now())
        placement.due_at = answer_until(session, placement)
        session.add(placement)
        session.commit()
    for day in ("2026-12-25", "2027-01-01", "2027-01-04"):
        with at_ten(day):
            assert not expire_silence(begin)

    with at_ten("2027-01-12"):
        assert expire_silence(begin)

    session.refresh(placement)
    assert placement.status is PlacementStatus.EXPIRED


def test_a_school_with_a_list_of_its_own_follows_that(
    session: Session, calendar: World, place: Place
) -> None:
    session.add(
        period("Herfstvakantie", date(2026, 10, 10), date(2026, 10, 18), school_id=calendar.school.id)
    )
    session.commit()

    with at_ten("2026-10-19"):
        assert answer_until(session, place()).date() == date(2026, 11, 3)


def test_a_host_works_while_schools_are_closed(
    session: Session, calendar: World, begin: Begin, place: Place
) -> None:
    with at_ten("2026-10-13"):
        placement = place()
        actions.accept_placement(session, calendar.noor_herself, placement.id)
        session.commit()
        assert placement.due_at is not None
        assert placement.due_at.date() == date(2026, 10, 28)
        assert ask_questions(begin)
        question = question_of(session, QuestionKind.HOST_ANSWER)
        assert question.due_at == datetime(2026, 10, 16, 6, 30, tzinfo=UTC)


def test_the_school_has_its_own_days_to_look_at_other_days(
    session: Session, calendar: World, place: Place
) -> None:
    """Now it is the school that is waited for, in its holiday: neither is given up then."""
    with at_ten("2026-12-10"):
        placement = place(PlacementStatus.ACCEPTED)
        week = DaysInput(starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 5))
        actions.propose_other_days(session, calendar.baker, placement.id, week)

        assert placement.due_at is not None
        assert placement.due_at.date() == date(2027, 1, 11)

        following.refuse_other_days(session, calendar.teacher, placement.id)

        assert placement.due_at.date() == date(2026, 12, 28)


def test_papers_are_not_asked_for_in_the_holiday(
    session: Session, calendar: World, begin: Begin, place: Place
) -> None:
    with at_ten("2026-12-29"):
        place(PlacementStatus.CONFIRMED, starts_on=date(2027, 1, 12), ends_on=date(2027, 1, 12))
        session.commit()
        assert open_questions(begin)
        assert not ask_questions(begin)
        question = question_of(session, QuestionKind.SCHOOL_PAPERS)
        assert question.due_at == datetime(2027, 1, 4, 7, 30, tzinfo=UTC)

    with at_ten("2027-01-04"):
        assert ask_questions(begin)


def test_later_is_later_than_the_holiday(session: Session, calendar: World) -> None:
    with at_ten("2026-12-17"):
        question = Question(
            kind=QuestionKind.SCHOOL_PAPERS,
            organisation_id=calendar.school.id,
            contact_id=contact_of(session, calendar.school).id,
        )
        snooze(session, question)

    assert SNOOZED_FOR == 3
    assert question.due_at == datetime(2027, 1, 5, 7, 30, tzinfo=UTC)


def test_other_days_agreed_by_phone_are_asked_anew(
    session: Session, calendar: World, begin: Begin, place: Place
) -> None:
    """A yes to the days of before would be one to something else: a new mail, and the old link is dead."""
    with at_ten("2026-11-24"):
        placement = place()
        actions.accept_placement(session, calendar.noor_herself, placement.id)
        session.commit()
        assert ask_questions(begin)
    with at_ten("2026-12-08"):
        week = DaysInput(starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 5))
        following.change_days(session, calendar.teacher, placement.id, week)
        session.commit()

        question = question_of(session, QuestionKind.HOST_ANSWER)
        assert (question.turn, question.mails_sent, question.due_at) == (1, 0, clock.now())
        assert placement.due_at is not None
        assert placement.due_at.date() == date(2026, 12, 23)
        assert ask_questions(begin)


def test_other_days_by_phone_answer_those_the_host_proposed(
    session: Session, calendar: World, place: Place
) -> None:
    with at_ten("2026-11-24"):
        placement = place()
        actions.accept_placement(session, calendar.noor_herself, placement.id)
        week = DaysInput(starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 5))
        actions.propose_other_days(session, calendar.baker, placement.id, week)

        following.change_days(session, calendar.teacher, placement.id, week)

        assert (placement.starts_on, placement.other_starts_on) == (date(2027, 3, 1), None)
        assert open_of(session, placement).kind is QuestionKind.HOST_ANSWER


def question_of(session: Session, kind: QuestionKind) -> Question:
    found = session.exec(select(Question).where(Question.kind == kind)).one()
    session.refresh(found)
    return found


def open_of(session: Session, placement: Placement) -> Question:
    return session.exec(
        select(Question).where(Question.placement_id == placement.id, col(Question.answered_at).is_(None))
    ).one()
