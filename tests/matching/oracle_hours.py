"""Brute force for the hours of a plan: DOMAIN 2.2 once more, straight from the text, minute by minute."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise

from matching import Schedule, WorkDay
from tests.matching.oracle import age_at

DAY = timedelta(days=1)
FREE = {(1, 1), (4, 27), (5, 5), (12, 25), (12, 26)}
# Easter Monday, Ascension Day and Whit Monday of the years the tests use, from the calendar.
MOVING = {date(2027, 3, 29), date(2027, 5, 6), date(2027, 5, 17), date(2026, 4, 6), date(2026, 5, 14)}
Found = dict[tuple[str, str, str], set[date]]


def passed(birth: tuple[int, int], is_community: bool, schedule: Schedule) -> Found:
    """Each rule, measure and letter (B, A, W) with the days on which it speaks."""
    found: Found = defaultdict(set)
    works = sorted(schedule.days, key=lambda work: work.day)
    for work in works:
        _day(found, _rule(birth, work.day, is_community), work, schedule)
        _week_from(found, birth, work, works, is_community)
    for earlier, later in pairwise(works):
        rule = _rule(birth, earlier.day, is_community)
        least = {"H-14S": 14, "H-16": 12, "H-18": 11}.get(rule, 0)
        if (_start(later) - _end(earlier)).total_seconds() / 3600 < least:
            found[rule, "daily_rest", "B"] |= {earlier.day, later.day}
    _weeks(found, birth, works, schedule, is_community)
    return found


def _rule(birth: tuple[int, int], day: date, is_community: bool) -> str:
    age = age_at(birth, day)
    if age >= 16:
        return "H-18" if age >= 18 else "H-16"
    if not is_community:
        return "H-14S"
    return "" if age < 13 else "H-15M" if age == 15 else "H-13M"


def _day(found: Found, rule: str, work: WorkDay, schedule: Schedule) -> None:
    if not rule:
        return
    minutes = [
        _start(work) + timedelta(minutes=n)
        for n in range(int((_end(work) - _start(work)).total_seconds() / 60))
    ]
    worked = (len(minutes) - work.break_minutes) / 60
    hours = worked + (work.lesson_hours if rule in ("H-14S", "H-16") else 0)
    lesson_day = work.lesson_hours > 0 or (_open(work.day, schedule) and not work.school_frees_day)
    measure = "lesson_day" if lesson_day else "other_day"
    most = {
        "H-13M": 2 if lesson_day else 7,
        "H-15M": 2 if lesson_day else 8,
        "H-14S": 7,
        "H-16": 9,
        "H-18": 12,
    }
    if hours > most[rule] + 1e-9:
        found[rule, measure, "B"].add(work.day)
    elif rule == "H-18" and hours > 8 + 1e-9:
        found[rule, measure, "W"].add(work.day)
    if work.day.isoweekday() == 7:
        found[rule, "sunday", "W" if rule in ("H-16", "H-18") else "B"].add(work.day)
    first, last = (6, 23) if rule == "H-16" else (6, 24) if rule == "H-18" else (7, 19)
    if any(not first <= minute.hour < last or minute.date() != work.day for minute in minutes):
        found[rule, "window", "W" if rule == "H-18" else "B"].add(work.day)
    if rule in ("H-14S", "H-16") and worked > 4.5 and work.break_minutes < 30:
        found[rule, "break", "B"].add(work.day)


def _week_from(
    found: Found, birth: tuple[int, int], work: WorkDay, works: list[WorkDay], is_community: bool
) -> None:
    """In the seven days from a start of work, at 16 and 17, some 36 hours in a row are free."""
    if _rule(birth, work.day, is_community) != "H-16":
        return
    free = longest = 0
    until = _start(work) + 7 * DAY
    week = [other for other in works if _start(work) <= _start(other) < until]
    moment = _start(work)
    while moment < until:
        free = 0 if any(_start(other) <= moment < _end(other) for other in week) else free + 1
        longest = max(longest, free)
        moment += timedelta(minutes=30)
    if longest < 72:
        found["H-16", "weekly_rest", "B"] |= {other.day for other in week}


def _weeks(
    found: Found, birth: tuple[int, int], works: list[WorkDay], schedule: Schedule, is_community: bool
) -> None:
    holiday_weeks: list[date] = []
    for monday in sorted({work.day - (work.day.isoweekday() - 1) * DAY for work in works}):
        week = [monday + n * DAY for n in range(7)]
        days = {work.day for work in works if work.day in week}
        is_holiday = not any(_open(day, schedule) for day in week)
        if is_holiday:
            holiday_weeks.append(monday)
        rule = _rule(birth, min(days), is_community)
        hours = _hours(week, rule, works, schedule)
        for measure, letter in _of_week(rule, hours, len(days), is_holiday):
            found[rule, measure, letter] |= days
        if is_holiday and rule in ("H-13M", "H-15M"):
            for measure in _of_holidays(rule, monday, holiday_weeks):
                found[rule, measure, "B"] |= days
        month = [monday + n * DAY for n in range(28)]
        if rule == "H-16" and _hours(month, rule, works, schedule) > 160 + 1e-9:
            found[rule, "four_week_average", "B"] |= {work.day for work in works if work.day in month}


def _of_week(rule: str, hours: float, days: int, is_holiday: bool) -> Iterator[tuple[str, str]]:
    measure = "holiday_week" if is_holiday else "school_week"
    school, holiday = {
        "": (999, 999),
        "H-13M": (12, 35),
        "H-15M": (12, 40),
        "H-14S": (35, 35),
        "H-16": (45, 45),
        "H-18": (60, 60),
    }[rule]
    if hours > (holiday if is_holiday else school) + 1e-9:
        yield measure, "B"
    elif rule == "H-18" and hours > 40 + 1e-9:
        yield measure, "W"
    elif rule == "H-14S" and is_holiday:
        yield measure, "A"
    if rule in ("H-13M", "H-15M") and days > 5:
        yield "days_a_week", "B"


def _of_holidays(rule: str, monday: date, holiday_weeks: list[date]) -> Iterator[str]:
    per_year, in_a_row = (4, 3) if rule == "H-13M" else (6, 4)
    if len([one for one in holiday_weeks if one.year == monday.year]) > per_year:
        yield "holiday_weeks_a_year"
    if all(monday - n * 7 * DAY in holiday_weeks for n in range(in_a_row + 1)):
        yield "holiday_weeks_in_a_row"


def _hours(days: list[date], rule: str, works: list[WorkDay], schedule: Schedule) -> float:
    hours = 0.0
    for work in works:
        if work.day in days:
            hours += (_end(work) - _start(work)).total_seconds() / 3600 - work.break_minutes / 60
            hours += work.lesson_hours if rule in ("H-14S", "H-16") else 0
    if rule in ("H-14S", "H-16"):
        hours += sum(lessons for day, lessons in schedule.other_lessons.items() if day in days)
    return hours


def _open(day: date, schedule: Schedule) -> bool:
    if any(work.day == day and work.lesson_hours > 0 for work in schedule.days):
        return True
    if schedule.other_lessons.get(day, 0) > 0:
        return True
    is_free = day.isoweekday() > 5 or (day.month, day.day) in FREE or day in MOVING
    return not is_free and not any(first <= day <= last for first, last in schedule.holidays)


def _start(work: WorkDay) -> datetime:
    return datetime.combine(work.day, work.starts_at)


def _end(work: WorkDay) -> datetime:
    end = datetime.combine(work.day, work.ends_at)
    return end if end > _start(work) else end + DAY
