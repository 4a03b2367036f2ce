"""What the rules on hours say: of a plan in full, of an offer as far as it can be known.

Guarantee: of a plan every limit of DOMAIN 2.2 is measured on every day, week and rest, at the age of that
day; a week and a rest belong to the youngest age in them. Linear in the days of the plan. An offer says
neither which days are worked nor what lessons there are, so of an offer only three things are judged: the
times of the day, Sunday, and the length of a day without lessons. The rest waits for a plan.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple

from matching.ages import age_on
from matching.hours_nl import ACTIVITY_OF_RULE, Activity, HoursRow, Measure, Window
from matching.kinds import kind_rule
from matching.law_book import DUTCH_LAW, LawBook, LawInForce
from matching.law_nl import ADULT_AGE, LOWEST_AGE
from matching.nouns import Fact, OfferFacts, OfferHours, RuleVerdict, Seeker, Verdict
from matching.workdays import MINUTES_A_DAY, Schedule, WorkDay, minute_of

ALL_AGES = tuple(range(LOWEST_AGE, ADULT_AGE + 1))
# A day of which only the times are known has the least break the law asks for when it is so long.
ASSUMED_BREAK_MINUTES = 30
ASSUMED_BREAK_AFTER_MINUTES = 270
_WEEK = timedelta(days=7)
_SUNDAY = 7
# Seven days from a start of work end on the weekday on which they began.
_MOST_STARTS_IN_A_WEEK = 8


class Sundays(IntEnum):
    """Which of the days that suit both are Sundays."""

    NONE = 0
    SOME = 1
    ONLY = 2


class _Passed(NamedTuple):
    """A limit that is passed, on which days, at which age."""

    row: HoursRow
    measure: Measure
    verdict: Verdict
    value: float
    limit: float
    age: int
    days: tuple[date, ...]
    facts: Mapping[str, Fact]


def check_hours(
    seeker: Seeker,
    offer: OfferFacts,
    schedule: Schedule,
    *,
    law: LawBook = DUTCH_LAW,
    acknowledged: Collection[str] = (),
) -> list[RuleVerdict]:
    """What every rule on hours says of a plan: each limit that is passed, or that all is well.

    The facts name the measure, the worst value, the limit and all days concerned; from_day and to_day are the
    first and last of those. An unknown age meets the rules of every age. Kinds that are no work have no rules
    on hours: the answer is empty. Source: DOMAIN 2.2.

    >>> from datetime import time
    >>> from matching.nouns import Kind
    >>> day = WorkDay(date(2027, 2, 10), time(8, 30), time(16), lesson_hours=1, break_minutes=30)
    >>> (said,) = check_hours(
    ...     Seeker("youth", "1068", (2012, 6)), OfferFacts(Kind.ORIENTATION_PLACEMENT), Schedule((day,))
    ... )
    >>> said.rule, said.verdict.value, said.facts["value"], said.facts["limit"]
    ('H-14S', 'BLOCK', 8.0, 7)
    """
    activity = activity_of(offer)
    if activity is None:
        return []
    plans = [_Plan(schedule, activity, seeker.birth, age, law) for age in _ages_to_judge(seeker)]
    return [
        replace(said, verdict=Verdict.OK, facts={**said.facts, "acknowledged": True})
        if said.verdict is Verdict.SCHOOL_ACK and said.rule in acknowledged
        else said
        for said in _told([passed for plan in plans for passed in plan.passed()], plans)
    ]


def activity_of(offer: OfferFacts) -> Activity | None:
    """What the rules on hours call it; None when it is no work. Both pathways of mbo are one."""
    return ACTIVITY_OF_RULE.get(kind_rule(offer, None))


def hours_at(
    hours: OfferHours, activity: Activity | None, age: int, sundays: Sundays, law: LawInForce
) -> Iterator[RuleVerdict]:
    """What the rule on the hours of an activity says of an offer at an age, as far as an offer can tell."""
    row = None if activity is None else law.hours_row(activity, age)
    if row is None or (hours.is_silent and sundays is Sundays.NONE):
        return
    passed = [
        *_day_passed(row, hours, age),
        *_window_passed(row, hours, age),
        *_sunday_passed(row, sundays, age),
    ]
    for one in passed:
        yield _verdict(one)
    if not passed:
        yield RuleVerdict(row.id, Verdict.OK, row.source, {"age": age})


def _day_passed(row: HoursRow, hours: OfferHours, age: int) -> Iterator[_Passed]:
    minutes = _minutes_a_day(hours)
    if minutes is not None:
        yield from _most(row, Measure.OTHER_DAY, minutes / 60, age)


def _window_passed(row: HoursRow, hours: OfferHours, age: int) -> Iterator[_Passed]:
    start, end = _span(hours)
    if _is_outside(row.window, start, end):
        told: dict[str, Fact] = {
            name: f"{moment:%H:%M}"
            for name, moment in (("starts_at", hours.starts_at), ("ends_at", hours.ends_at))
            if moment is not None
        }
        yield _outside(row, age, (), told)


def _sunday_passed(row: HoursRow, sundays: Sundays, age: int) -> Iterator[_Passed]:
    for limit in row.limits_on(Measure.SUNDAY) if sundays is not Sundays.NONE else ():
        # With other days to choose from, Sunday is only to be left out.
        verdict = (
            limit.verdict if sundays is Sundays.ONLY else min(limit.verdict, Verdict.WARN, key=_severity)
        )
        facts: dict[str, Fact] = {"only": sundays is Sundays.ONLY}
        yield _Passed(row, Measure.SUNDAY, verdict, 1.0, limit.limit, age, (), facts)


def _minutes_a_day(hours: OfferHours) -> int | None:
    if hours.hours_per_day is not None:
        return round(hours.hours_per_day * 60)
    start, end = _span(hours)
    if start is None or end is None:
        return None
    return end - start - (ASSUMED_BREAK_MINUTES if end - start > ASSUMED_BREAK_AFTER_MINUTES else 0)


def _span(hours: OfferHours) -> tuple[int | None, int | None]:
    """The first and last minute of a day's work; the one that is not said follows from its length."""
    start = None if hours.starts_at is None else minute_of(hours.starts_at)
    end = None if hours.ends_at is None else minute_of(hours.ends_at)
    if start is not None and end is not None:
        return start, end if end > start else end + MINUTES_A_DAY
    if hours.hours_per_day is not None:
        length = round(hours.hours_per_day * 60)
        if start is not None:
            end = start + length
        elif end is not None:
            start = end - length
    return start, end


class _Plan:
    """A plan at the ages of its days, or wholly at one age when nobody knows the birthday."""

    def __init__(
        self,
        schedule: Schedule,
        activity: Activity,
        birth: tuple[int, int] | None,
        age: int | None,
        law: LawBook,
    ) -> None:
        self._schedule = schedule
        self._activity = activity
        self._birth = birth
        self._age = age
        self._law = law
        self.rows = {work.day: self._row_on(work.day) for work in schedule.days}

    def passed(self) -> Iterator[_Passed]:
        """Every limit that is passed."""
        for work in self._schedule.days:
            yield from self._day(work)
        yield from self._weeks()
        yield from self._averages()
        yield from self._rests()

    def _age_on(self, day: date) -> int:
        if self._age is not None:
            return self._age
        assert self._birth is not None, "an age is given when the birthday is not"
        return max(age_on(self._birth, day), LOWEST_AGE)

    def _row_on(self, day: date) -> HoursRow | None:
        return self._law.on(day).hours_row(self._activity, self._age_on(day))

    def _day(self, work: WorkDay) -> Iterator[_Passed]:
        row = self.rows[work.day]
        if row is None:
            return
        age, days = self._age_on(work.day), (work.day,)
        lessons = work.lesson_hours if row.counts_lessons else 0.0
        is_lesson_day = self._schedule.is_lesson_day(work)
        measure = Measure.LESSON_DAY if is_lesson_day else Measure.OTHER_DAY
        yield from _most(row, measure, work.minutes / 60 + lessons, age, days)
        if work.day.isoweekday() == _SUNDAY:
            yield from _most(row, Measure.SUNDAY, work.minutes / 60, age, days)
        if _is_outside(row.window, work.start, work.end):
            told: dict[str, Fact] = {
                "starts_at": f"{work.starts_at:%H:%M}",
                "ends_at": f"{work.ends_at:%H:%M}",
            }
            yield _outside(row, age, days, told)
        if work.minutes > row.break_after_hours * 60:
            yield from _least(row, Measure.BREAK, work.break_minutes, age, days)

    def _weeks(self) -> Iterator[_Passed]:
        holidays: list[date] = []
        for monday, works in self._schedule.weeks.items():
            days = tuple(work.day for work in works)
            is_school_week = self._schedule.is_school_week(monday)
            if not is_school_week:
                holidays.append(monday)
            row = self.rows[days[0]]
            if row is None:
                continue
            age = self._age_on(days[0])
            measure = Measure.SCHOOL_WEEK if is_school_week else Measure.HOLIDAY_WEEK
            yield from _most(row, measure, self._hours_of(monday, row), age, days)
            yield from _most(row, Measure.DAYS_A_WEEK, len(days), age, days)
            if not is_school_week:
                this_year = sum(other.year == monday.year for other in holidays)
                yield from _most(row, Measure.HOLIDAY_WEEKS_A_YEAR, this_year, age, days)
                yield from _most(row, Measure.HOLIDAY_WEEKS_IN_A_ROW, _in_a_row(holidays), age, days)

    def _hours_of(self, monday: date, row: HoursRow) -> float:
        works = self._schedule.weeks.get(monday, ())
        hours = sum(work.minutes for work in works) / 60
        if row.counts_lessons:
            lessons = self._schedule.lesson_hours
            hours += sum(lessons.get(monday + timedelta(days=step), 0.0) for step in range(7))
        return hours

    def _averages(self) -> Iterator[_Passed]:
        for monday, works in self._schedule.weeks.items():
            row = self.rows[works[0].day]
            if row is None or not row.limits_on(Measure.FOUR_WEEK_AVERAGE):
                continue
            mondays = [monday + step * _WEEK for step in range(4)]
            average = sum(self._hours_of(each, row) for each in mondays) / 4
            days = tuple(work.day for each in mondays for work in self._schedule.weeks.get(each, ()))
            yield from _most(row, Measure.FOUR_WEEK_AVERAGE, average, self._age_on(works[0].day), days)

    def _rests(self) -> Iterator[_Passed]:
        works = self._schedule.days
        for earlier, later in pairwise(works):
            row = self.rows[earlier.day]
            if row is not None:
                rest = (later.started - earlier.ended) / timedelta(hours=1)
                days = (earlier.day, later.day)
                yield from _least(row, Measure.DAILY_REST, rest, self._age_on(earlier.day), days)
        for number, work in enumerate(works):
            row = self.rows[work.day]
            if row is not None and row.limits_on(Measure.WEEKLY_REST):
                rest, week = _longest_rest(works[number : number + _MOST_STARTS_IN_A_WEEK])
                yield from _least(row, Measure.WEEKLY_REST, rest, self._age_on(work.day), week)


def _longest_rest(works: tuple[WorkDay, ...]) -> tuple[float, tuple[date, ...]]:
    """The longest rest within the seven days from the first start, and the days worked in them."""
    until = works[0].started + _WEEK
    week = [work for work in works if work.started < until]
    starts = [*(work.started for work in week[1:]), until]
    rests = [start - work.ended for work, start in zip(week, starts, strict=True)]
    return max(rests) / timedelta(hours=1), tuple(work.day for work in week)


def _in_a_row(mondays: list[date]) -> int:
    """How many weeks up to the last follow each other."""
    length = 1
    while length < len(mondays) and mondays[-length - 1] == mondays[-length] - _WEEK:
        length += 1
    return length


def _most(
    row: HoursRow, measure: Measure, value: float, age: int, days: tuple[date, ...] = ()
) -> Iterator[_Passed]:
    """The strictest limit that the value is above."""
    for limit in row.limits_on(measure):
        if round(value, 6) > limit.limit:
            yield _Passed(row, measure, limit.verdict, round(value, 2), limit.limit, age, days, {})
            return


def _least(
    row: HoursRow, measure: Measure, value: float, age: int, days: tuple[date, ...]
) -> Iterator[_Passed]:
    """The strictest limit that the value is below."""
    for limit in row.limits_on(measure):
        if round(value, 6) < limit.limit:
            yield _Passed(row, measure, limit.verdict, round(value, 2), limit.limit, age, days, {})
            return


def _is_outside(window: Window, start: int | None, end: int | None) -> bool:
    first = minute_of(window.start)
    last = MINUTES_A_DAY if window.to is None else minute_of(window.to)
    starts_outside = start is not None and not first <= start < last
    ends_outside = end is not None and not first < end <= last
    return starts_outside or ends_outside


def _outside(row: HoursRow, age: int, days: tuple[date, ...], told: Mapping[str, Fact]) -> _Passed:
    window = row.window
    facts: dict[str, Fact] = {
        "window_from": f"{window.start:%H:%M}",
        "window_to": "24:00" if window.to is None else f"{window.to:%H:%M}",
        **told,
    }
    return _Passed(row, Measure.WINDOW, window.verdict, 0.0, 0.0, age, days, facts)


def _told(passed: Iterable[_Passed], plans: Iterable[_Plan]) -> Iterator[RuleVerdict]:
    """By rule in the order of the law: what is passed, each measure and verdict once, or OK and its days."""
    by_rule: dict[str, dict[tuple[Measure, Verdict], list[_Passed]]] = {}
    for one in passed:
        by_rule.setdefault(one.row.id, {}).setdefault((one.measure, one.verdict), []).append(one)
    days_of: dict[str, set[date]] = {}
    sources: dict[str, str] = {}
    for plan in plans:
        for day, row in plan.rows.items():
            if row is not None:
                days_of.setdefault(row.id, set()).add(day)
                sources[row.id] = row.source
    for rule in sorted(days_of, key=_rule_order):
        if rule not in by_rule:
            days = sorted(days_of[rule])
            yield RuleVerdict(rule, Verdict.OK, sources[rule], {}, days[0], days[-1])
        for _key, ones in sorted(by_rule.get(rule, {}).items(), key=lambda item: _measure_order(item[0])):
            yield _together(ones)


def _together(ones: list[_Passed]) -> RuleVerdict:
    """One verdict about all days on which a limit is passed; its facts are those of the worst."""
    worst = (min if ones[0].measure.is_least else max)(ones, key=lambda one: one.value)
    days = sorted({day for one in ones for day in one.days})
    told = _verdict(worst)
    facts: dict[str, Fact] = {**told.facts, "days": tuple(day.isoformat() for day in days)}
    return replace(told, facts=facts, from_day=days[0], to_day=days[-1])


def _verdict(one: _Passed) -> RuleVerdict:
    facts: dict[str, Fact] = {"age": one.age, "measure": one.measure.value, **one.facts}
    if one.measure is not Measure.WINDOW:
        facts |= {"value": one.value, "limit": one.limit}
    return RuleVerdict(one.row.id, one.verdict, one.row.source, facts)


def _severity(verdict: Verdict) -> int:
    return verdict.severity


def _rule_order(rule: str) -> int:
    return _ORDER[rule]


def _measure_order(key: tuple[Measure, Verdict]) -> tuple[int, int]:
    measure, verdict = key
    return list(Measure).index(measure), -verdict.severity


def _ages_to_judge(seeker: Seeker) -> tuple[int | None, ...]:
    """One plan with the ages of its days; or, when nobody knows the age, one for each age."""
    return (None,) if seeker.birth is not None else ALL_AGES


_ORDER = {row.id: number for number, row in enumerate(DUTCH_LAW.hours)}
