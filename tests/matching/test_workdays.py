"""Plans of working days: what they refuse, and what they take strictly."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from matching import InvalidProblem, Schedule, WorkDay, work_days

MONDAY = date(2027, 2, 8)
A_DAY = WorkDay(MONDAY, time(9), time(16), lesson_hours=0, break_minutes=30)


def day(**changes: Any) -> WorkDay:
    return replace(A_DAY, **changes)


def test_it_works() -> None:
    schedule = Schedule((day(day=MONDAY + timedelta(days=8)), A_DAY))

    assert (schedule.first, schedule.last) == (MONDAY, date(2027, 2, 16))
    assert A_DAY.minutes == 390
    assert list(schedule.weeks) == [MONDAY, date(2027, 2, 15)]


@pytest.mark.parametrize(
    ("days", "school", "fault"),
    [
        ((), {}, ("schedule", "days", "empty")),
        ((A_DAY, A_DAY), {}, ("2027-02-08", "day", "duplicate")),
        ((day(break_minutes=-5),), {}, ("2027-02-08", "break_minutes", "negative")),
        ((day(break_minutes=420),), {}, ("2027-02-08", "break_minutes", "longer_than_the_day")),
        ((day(lesson_hours=-1),), {}, ("2027-02-08", "lesson_hours", "impossible")),
        ((day(lesson_hours=25),), {}, ("2027-02-08", "lesson_hours", "impossible")),
        ((A_DAY,), {"other_lessons": {MONDAY: 2.0}}, ("2027-02-08", "other_lessons", "is_a_day_of_work")),
        ((A_DAY,), {"other_lessons": {date(2027, 2, 9): 30}}, ("2027-02-09", "other_lessons", "impossible")),
        (
            (A_DAY,),
            {"holidays": ((date(2027, 3, 1), date(2027, 2, 1)),)},
            ("2027-03-01", "holidays", "end_before_start"),
        ),
        (
            (day(ends_at=time(4)), day(day=date(2027, 2, 9), starts_at=time(3))),
            {},
            ("2027-02-09", "starts_at", "overlaps"),
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(
    days: tuple[WorkDay, ...], school: dict[str, Any], fault: tuple[str, str, str]
) -> None:
    with pytest.raises(InvalidProblem) as refused:
        Schedule(days, **school)

    assert fault in refused.value.faults


def test_a_weekday_has_education_unless_the_calendar_says_otherwise() -> None:
    schedule = Schedule(
        (A_DAY,),
        other_lessons={date(2027, 2, 13): 3.0, date(2027, 2, 24): 2.0, date(2027, 2, 11): 0.0},
        holidays=((date(2027, 2, 20), date(2027, 2, 28)),),
    )

    assert schedule.has_education(MONDAY)
    assert schedule.has_education(date(2027, 2, 11)), "no lessons known is not a day off"
    assert schedule.has_education(date(2027, 2, 13)), "lessons on a Saturday"
    assert not schedule.has_education(date(2027, 2, 14))
    assert not schedule.has_education(date(2027, 2, 22)), "holidays"
    assert not schedule.has_education(date(2027, 3, 29)), "Easter Monday"
    assert schedule.is_school_week(date(2027, 2, 22)), "one lesson makes it a school week"
    assert not Schedule((A_DAY,), holidays=schedule.holidays).is_school_week(date(2027, 2, 22))


def test_freeing_a_day_makes_no_week_of_holidays() -> None:
    freed = day(school_frees_day=True)
    schedule = Schedule((freed,))

    assert not schedule.is_lesson_day(freed)
    assert schedule.is_school_week(MONDAY)


def test_a_ribbon_and_a_block() -> None:
    hours: dict[str, Any] = {
        "starts_at": time(9),
        "ends_at": time(15, 30),
        "lesson_hours": {2: 1.5},
        "break_minutes": 30,
    }

    ribbon = work_days(MONDAY, date(2027, 3, 5), [2, 4], school_frees_days=True, **hours)
    block = work_days(MONDAY, date(2027, 2, 12), range(1, 6), **hours)

    assert [work.day.isoweekday() for work in ribbon] == [2, 4] * 4
    assert {work.lesson_hours for work in ribbon} == {1.5, 0.0}
    assert all(work.school_frees_day and work.minutes == 360 for work in ribbon)
    assert len(block) == 5
