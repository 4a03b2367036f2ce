"""What the rules on hours say of an offer, as far as it can be known before there is a plan.

An offer says neither which days are worked nor what lessons there are, so only three things are judged: the
times of the day, Sunday, and the length of a day without lessons. What it does not say is silent. Exact,
constant time. Source: DOMAIN 2.2; plans are judged in `plan_hours`.
"""

from collections.abc import Iterator
from enum import IntEnum

from matching.hour_limits import Passed, is_outside, most_passed, outside, verdict_of
from matching.hours_nl import ACTIVITY_OF_RULE, Activity, HoursRow, Measure
from matching.kinds import kind_rule
from matching.law_book import LawInForce
from matching.law_nl import ADULT_AGE, LOWEST_AGE
from matching.nouns import Fact, OfferFacts, OfferHours, RuleVerdict, Verdict
from matching.workdays import MINUTES_A_DAY, minute_of

ALL_AGES = tuple(range(LOWEST_AGE, ADULT_AGE + 1))
# A day of which only the times are known has the least break the law asks for when it is so long.
ASSUMED_BREAK_MINUTES = 30
ASSUMED_BREAK_AFTER_MINUTES = 270


class Sundays(IntEnum):
    """Which of the days that suit both are Sundays."""

    NONE = 0
    SOME = 1
    ONLY = 2


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
        yield verdict_of(one)
    if not passed:
        yield RuleVerdict(row.id, Verdict.OK, row.source, {"age": age})


def _day_passed(row: HoursRow, hours: OfferHours, age: int) -> Iterator[Passed]:
    minutes = _minutes_a_day(hours)
    if minutes is not None:
        yield from most_passed(row, Measure.OTHER_DAY, minutes / 60, age)


def _window_passed(row: HoursRow, hours: OfferHours, age: int) -> Iterator[Passed]:
    start, end = _span(hours)
    if is_outside(row.window, start, end):
        told: dict[str, Fact] = {
            name: f"{moment:%H:%M}"
            for name, moment in (("starts_at", hours.starts_at), ("ends_at", hours.ends_at))
            if moment is not None
        }
        yield outside(row, age, (), told)


def _sunday_passed(row: HoursRow, sundays: Sundays, age: int) -> Iterator[Passed]:
    for limit in row.limits_on(Measure.SUNDAY) if sundays is not Sundays.NONE else ():
        # With other days to choose from, Sunday is only to be left out.
        verdict = (
            limit.verdict if sundays is Sundays.ONLY else min(limit.verdict, Verdict.WARN, key=_severity)
        )
        facts: dict[str, Fact] = {"only": sundays is Sundays.ONLY}
        yield Passed(row, Measure.SUNDAY, verdict, 1.0, limit.limit, age, (), facts)


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


def _severity(verdict: Verdict) -> int:
    return verdict.severity
