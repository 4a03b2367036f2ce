"""Dutch rules on hours as data, each row with its source; state of the law: November 2026.

Source: DOMAIN 2.2. How rows are read: in `hours` for offers, in `plan_hours` for plans. A later law is a row
with a later `valid_from`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from matching.nouns import Verdict


class Activity(StrEnum):
    """What the rules on hours tell apart: volunteering at school's wish, and any other work or placement."""

    COMMUNITY = "community"
    PLACEMENT = "placement"


# Looking with school staff and what happens on school ground is no work (Atw 1:2, 2:3), and talking to a role
# model is none either: those kinds have no hours. Looking along without school staff is held to them.
ACTIVITY_OF_RULE: dict[str, Activity] = {
    "K-3": Activity.PLACEMENT,
    "K-4": Activity.COMMUNITY,
    "K-5": Activity.PLACEMENT,
    "K-6": Activity.PLACEMENT,
    "K-7": Activity.PLACEMENT,
    "K-8": Activity.PLACEMENT,
    "K-9": Activity.PLACEMENT,
    "K-10": Activity.PLACEMENT,
}


class Measure(StrEnum):
    """What is measured of a plan; hours, unless it says otherwise."""

    LESSON_DAY = "lesson_day"
    OTHER_DAY = "other_day"
    SCHOOL_WEEK = "school_week"
    HOLIDAY_WEEK = "holiday_week"
    FOUR_WEEK_AVERAGE = "four_week_average"
    DAYS_A_WEEK = "days_a_week"
    """In days."""
    HOLIDAY_WEEKS_A_YEAR = "holiday_weeks_a_year"
    """In weeks."""
    HOLIDAY_WEEKS_IN_A_ROW = "holiday_weeks_in_a_row"
    """In weeks."""
    SUNDAY = "sunday"
    WINDOW = "window"
    """The times between which the work must lie."""
    BREAK = "break"
    """In minutes, at least."""
    DAILY_REST = "daily_rest"
    """At least, between two days."""
    WEEKLY_REST = "weekly_rest"
    """At least, once in every seven days from a start of work."""

    @property
    def is_least(self) -> bool:
        """Whether the limit is a least and not a most."""
        return self in _LEAST


_LEAST = frozenset({Measure.BREAK, Measure.DAILY_REST, Measure.WEEKLY_REST})


@dataclass(frozen=True, slots=True)
class HourLimit:
    """What is said when a measure passes its limit."""

    measure: Measure
    limit: float
    verdict: Verdict = Verdict.BLOCK


@dataclass(frozen=True, slots=True)
class Window:
    """The times of the day between which work must lie; `to` None is midnight."""

    start: time
    to: time | None
    verdict: Verdict = Verdict.BLOCK


@dataclass(frozen=True, slots=True)
class HoursRow:
    """One rule on hours: for what, at which ages (both included), within which limits, from what source.

    `counts_lessons`: lessons count as work. Of several limits on one measure the strictest that is passed
    speaks. A break is asked when a day's work is longer than `break_after_hours`.
    """

    id: str
    activities: frozenset[Activity]
    ages: tuple[int, int | None]
    limits: tuple[HourLimit, ...]
    window: Window
    counts_lessons: bool
    source: str
    certainty: str
    break_after_hours: float = 4.5
    valid_from: date = date.min
    valid_until: date = date.max

    def is_about(self, activity: Activity, age: int) -> bool:
        """Whether it speaks about this activity at this age."""
        lowest, highest = self.ages
        return activity in self.activities and lowest <= age and (highest is None or age <= highest)

    def limits_on(self, measure: Measure) -> tuple[HourLimit, ...]:
        """The limits on a measure, the strictest verdict first."""
        found = (limit for limit in self.limits if limit.measure is measure)
        return tuple(sorted(found, key=lambda limit: -limit.verdict.severity))


_COMMUNITY, _PLACEMENT = frozenset({Activity.COMMUNITY}), frozenset({Activity.PLACEMENT})
_ANY = _COMMUNITY | _PLACEMENT
_BY_DAY = (Measure.LESSON_DAY, Measure.OTHER_DAY)
_BY_WEEK = (Measure.SCHOOL_WEEK, Measure.HOLIDAY_WEEK)
_CHILD_WINDOW = Window(time(7), time(19))
_NO_SUNDAY = HourLimit(Measure.SUNDAY, 0)
_MIND_SUNDAY = HourLimit(Measure.SUNDAY, 0, Verdict.WARN)
_BREAK = HourLimit(Measure.BREAK, 30)


def _both(
    measures: Collection[Measure], limit: float, verdict: Verdict = Verdict.BLOCK
) -> tuple[HourLimit, ...]:
    return tuple(HourLimit(measure, limit, verdict) for measure in measures)


def _community(other_day: float, holiday_week: float, weeks: int, in_a_row: int) -> tuple[HourLimit, ...]:
    return (
        HourLimit(Measure.LESSON_DAY, 2),
        HourLimit(Measure.OTHER_DAY, other_day),
        HourLimit(Measure.SCHOOL_WEEK, 12),
        HourLimit(Measure.HOLIDAY_WEEK, holiday_week),
        HourLimit(Measure.DAYS_A_WEEK, 5),
        HourLimit(Measure.HOLIDAY_WEEKS_A_YEAR, weeks),
        HourLimit(Measure.HOLIDAY_WEEKS_IN_A_ROW, in_a_row),
        _NO_SUNDAY,
    )


HOURS: tuple[HoursRow, ...] = (
    HoursRow(
        id="H-13M",
        activities=_COMMUNITY,
        ages=(13, 14),
        limits=_community(other_day=7, holiday_week=35, weeks=4, in_a_row=3),
        window=_CHILD_WINDOW,
        counts_lessons=False,
        source="Rijksoverheid",
        certainty="B",
    ),
    HoursRow(
        id="H-15M",
        activities=_COMMUNITY,
        ages=(15, 15),
        limits=_community(other_day=8, holiday_week=40, weeks=6, in_a_row=4),
        window=_CHILD_WINDOW,
        counts_lessons=False,
        source="Rijksoverheid",
        certainty="B",
    ),
    HoursRow(
        id="H-14S",
        activities=_PLACEMENT,
        # At 12 and 13 only the school's word opens a placement (K-3, K-6); the hours of 14 hold then too.
        ages=(12, 15),
        limits=(
            *_both(_BY_DAY, 7),
            # The ministry's 35 hours are those of any week; one of holidays asks for the school's word too.
            *_both(_BY_WEEK, 35),
            HourLimit(Measure.HOLIDAY_WEEK, 0, Verdict.SCHOOL_ACK),
            _NO_SUNDAY,
            HourLimit(Measure.DAILY_REST, 14),
            _BREAK,
        ),
        window=_CHILD_WINDOW,
        counts_lessons=True,
        source="SZW",
        certainty="B",
    ),
    HoursRow(
        id="H-16",
        activities=_ANY,
        ages=(16, 17),
        limits=(
            *_both(_BY_DAY, 9),
            *_both(_BY_WEEK, 45),
            HourLimit(Measure.FOUR_WEEK_AVERAGE, 40),
            _MIND_SUNDAY,
            HourLimit(Measure.DAILY_REST, 12),
            HourLimit(Measure.WEEKLY_REST, 36),
            _BREAK,
        ),
        window=Window(time(6), time(23)),
        counts_lessons=True,
        source="Atw 4:4, 5:3, 5:7, 5:9",
        certainty="A",
    ),
    HoursRow(
        id="H-18",
        activities=_ANY,
        ages=(18, None),
        limits=(
            *_both(_BY_DAY, 12),
            *_both(_BY_DAY, 8, Verdict.WARN),
            *_both(_BY_WEEK, 60),
            *_both(_BY_WEEK, 40, Verdict.WARN),
            _MIND_SUNDAY,
            HourLimit(Measure.DAILY_REST, 11),
        ),
        window=Window(time(6), None, Verdict.WARN),
        counts_lessons=False,
        source="Atw 5:3, 5:7",
        certainty="A",
    ),
)
