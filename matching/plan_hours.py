"""What the rules on hours say of a plan: every limit, on every day, week and rest of it.

Guarantee: each limit of DOMAIN 2.2 is measured at the age of the day; a week and a rest belong to the
youngest age in them. Linear in the days of the plan.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from matching.ages import age_on
from matching.hour_limits import Passed, is_outside, least_passed, most_passed, outside, verdict_of
from matching.hours import ALL_AGES, activity_of
from matching.hours_nl import Activity, HoursRow, Measure
from matching.law_book import DUTCH_LAW, LawBook
from matching.law_nl import LOWEST_AGE
from matching.nouns import Fact, OfferFacts, RuleVerdict, Seeker, Verdict
from matching.workdays import Schedule, WorkDay

_WEEK = timedelta(days=7)
_SUNDAY = 7
# Seven days from a start of work end on the weekday on which they began.
_MOST_STARTS_IN_A_WEEK = 8


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

    def passed(self) -> Iterator[Passed]:
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

    def _day(self, work: WorkDay) -> Iterator[Passed]:
        row = self.rows[work.day]
        if row is None:
            return
        age, days = self._age_on(work.day), (work.day,)
        lessons = work.lesson_hours if row.counts_lessons else 0.0
        is_lesson_day = self._schedule.is_lesson_day(work)
        measure = Measure.LESSON_DAY if is_lesson_day else Measure.OTHER_DAY
        yield from most_passed(row, measure, work.minutes / 60 + lessons, age, days)
        if work.day.isoweekday() == _SUNDAY:
            yield from most_passed(row, Measure.SUNDAY, work.minutes / 60, age, days)
        if is_outside(row.window, work.start, work.end):
            told: dict[str, Fact] = {
                "starts_at": f"{work.starts_at:%H:%M}",
                "ends_at": f"{work.ends_at:%H:%M}",
            }
            yield outside(row, age, days, told)
        if work.minutes > row.break_after_hours * 60:
            yield from least_passed(row, Measure.BREAK, work.break_minutes, age, days)

    def _weeks(self) -> Iterator[Passed]:
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
            yield from most_passed(row, measure, self._hours_of(monday, row), age, days)
            yield from most_passed(row, Measure.DAYS_A_WEEK, len(days), age, days)
            if not is_school_week:
                this_year = sum(other.year == monday.year for other in holidays)
                yield from most_passed(row, Measure.HOLIDAY_WEEKS_A_YEAR, this_year, age, days)
                yield from most_passed(row, Measure.HOLIDAY_WEEKS_IN_A_ROW, _in_a_row(holidays), age, days)

    def _hours_of(self, monday: date, row: HoursRow) -> float:
        works = self._schedule.weeks.get(monday, ())
        hours = sum(work.minutes for work in works) / 60
        if row.counts_lessons:
            lessons = self._schedule.lesson_hours
            hours += sum(lessons.get(monday + timedelta(days=step), 0.0) for step in range(7))
        return hours

    def _averages(self) -> Iterator[Passed]:
        for monday, works in self._schedule.weeks.items():
            row = self.rows[works[0].day]
            if row is None or not row.limits_on(Measure.FOUR_WEEK_AVERAGE):
                continue
            mondays = [monday + step * _WEEK for step in range(4)]
            average = sum(self._hours_of(each, row) for each in mondays) / 4
            days = tuple(work.day for each in mondays for work in self._schedule.weeks.get(each, ()))
            yield from most_passed(row, Measure.FOUR_WEEK_AVERAGE, average, self._age_on(works[0].day), days)

    def _rests(self) -> Iterator[Passed]:
        works = self._schedule.days
        for earlier, later in pairwise(works):
            row = self.rows[earlier.day]
            if row is not None:
                rest = (later.started - earlier.ended) / timedelta(hours=1)
                days = (earlier.day, later.day)
                yield from least_passed(row, Measure.DAILY_REST, rest, self._age_on(earlier.day), days)
        for number, work in enumerate(works):
            row = self.rows[work.day]
            if row is not None and row.limits_on(Measure.WEEKLY_REST):
                rest, week = _longest_rest(works[number : number + _MOST_STARTS_IN_A_WEEK])
                yield from least_passed(row, Measure.WEEKLY_REST, rest, self._age_on(work.day), week)


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


def _told(passed: Iterable[Passed], plans: Iterable[_Plan]) -> Iterator[RuleVerdict]:
    """By rule in the order of the law: what is passed, each measure and verdict once, or OK and its days."""
    by_rule: dict[str, dict[tuple[Measure, Verdict], list[Passed]]] = {}
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


def _together(ones: list[Passed]) -> RuleVerdict:
    """One verdict about all days on which a limit is passed; its facts are those of the worst."""
    worst = (min if ones[0].measure.is_least else max)(ones, key=lambda one: one.value)
    days = sorted({day for one in ones for day in one.days})
    told = verdict_of(worst)
    facts: dict[str, Fact] = {**told.facts, "days": tuple(day.isoformat() for day in days)}
    return replace(told, facts=facts, from_day=days[0], to_day=days[-1])


def _rule_order(rule: str) -> int:
    return _ORDER[rule]


def _measure_order(key: tuple[Measure, Verdict]) -> tuple[int, int]:
    measure, verdict = key
    return list(Measure).index(measure), -verdict.severity


def _ages_to_judge(seeker: Seeker) -> tuple[int | None, ...]:
    """One plan with the ages of its days; or, when nobody knows the age, one for each age."""
    return (None,) if seeker.birth is not None else ALL_AGES


_ORDER = {row.id: number for number, row in enumerate(DUTCH_LAW.hours)}
