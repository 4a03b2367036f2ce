"""When a limit on hours is passed, and what is said then: exact, constant time. Source: DOMAIN 2.2."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from matching.hours_nl import HoursRow, Measure, Window
from matching.nouns import Fact, RuleVerdict, Verdict
from matching.workdays import MINUTES_A_DAY, minute_of


class Passed(NamedTuple):
    """A limit that is passed, on which days, at which age."""

    row: HoursRow
    measure: Measure
    verdict: Verdict
    value: float
    limit: float
    age: int
    days: tuple[date, ...]
    facts: Mapping[str, Fact]


def most_passed(
    row: HoursRow, measure: Measure, value: float, age: int, days: tuple[date, ...] = ()
) -> Iterator[Passed]:
    """The strictest limit that the value is above."""
    for limit in row.limits_on(measure):
        if round(value, 6) > limit.limit:
            yield Passed(row, measure, limit.verdict, round(value, 2), limit.limit, age, days, {})
            return


def least_passed(
    row: HoursRow, measure: Measure, value: float, age: int, days: tuple[date, ...]
) -> Iterator[Passed]:
    """The strictest limit that the value is below."""
    for limit in row.limits_on(measure):
        if round(value, 6) < limit.limit:
            yield Passed(row, measure, limit.verdict, round(value, 2), limit.limit, age, days, {})
            return


def is_outside(window: Window, start: int | None, end: int | None) -> bool:
    first = minute_of(window.start)
    last = MINUTES_A_DAY if window.to is None else minute_of(window.to)
    starts_outside = start is not None and not first <= start < last
    ends_outside = end is not None and not first < end <= last
    return starts_outside or ends_outside


def outside(row: HoursRow, age: int, days: tuple[date, ...], told: Mapping[str, Fact]) -> Passed:
    window = row.window
    facts: dict[str, Fact] = {
        "window_from": f"{window.start:%H:%M}",
        "window_to": "24:00" if window.to is None else f"{window.to:%H:%M}",
        **told,
    }
    return Passed(row, Measure.WINDOW, window.verdict, 0.0, 0.0, age, days, facts)


def verdict_of(one: Passed) -> RuleVerdict:
    facts: dict[str, Fact] = {"age": one.age, "measure": one.measure.value, **one.facts}
    if one.measure is not Measure.WINDOW:
        facts |= {"value": one.value, "limit": one.limit}
    return RuleVerdict(one.row.id, one.verdict, one.row.source, facts)
