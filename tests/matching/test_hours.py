"""The rules on hours: every limit at its edge, of a plan and of an offer, and brute force."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import (
    HOURS,
    RULES,
    AgeBand,
    Hazard,
    Kind,
    Measure,
    OfferFacts,
    OfferHours,
    Pathway,
    RuleVerdict,
    Schedule,
    Verdict,
    WorkDay,
    check_hours,
    check_pair,
    offer_verdicts,
    permits,
    suggest,
    worst,
)
from tests.matching import oracle_hours
from tests.matching.cast import ON, PLACES, make_offer, make_problem, make_seeker

OK, WARN, ACK, BLOCK = Verdict.OK, Verdict.WARN, Verdict.SCHOOL_ACK, Verdict.BLOCK
STAGE, MAS = OfferFacts(Kind.ORIENTATION_PLACEMENT), OfferFacts(Kind.COMMUNITY_PLACEMENT)
BPV = OfferFacts(Kind.BPV)
BIRTH = {
    12: (2014, 3),
    13: (2013, 6),
    14: (2012, 6),
    15: (2011, 6),
    16: (2010, 6),
    17: (2010, 1),
    18: (2009, 1),
}
MONDAY = date(2027, 2, 8)
SUMMER = (date(2027, 7, 10), date(2027, 8, 22))
LETTER = {"B": BLOCK, "A": ACK, "W": WARN}


def plan(*hours: float, start: str = "08:00", first: date = MONDAY, **more: Any) -> list[WorkDay]:
    """Days in a row, each of so many hours and half an hour of break; 0 is a day off."""
    begins = time.fromisoformat(start)
    days = []
    for number, length in enumerate(hours):
        if length:
            minutes = begins.hour * 60 + begins.minute + round(length * 60) + 30
            ends = time(minutes // 60 % 24, minutes % 60)
            given = {"lesson_hours": 0.0, "break_minutes": 30} | more
            days.append(WorkDay(first + timedelta(days=number), begins, ends, **given))
    return days


def judge(age: int, offer: OfferFacts, days: Sequence[WorkDay], **school: Any) -> list[RuleVerdict]:
    return check_hours(make_seeker(birth=BIRTH[age]), offer, Schedule(tuple(days), **school))


def spoken(verdicts: list[RuleVerdict]) -> list[tuple[str, object, Verdict]]:
    return [(one.rule, one.facts.get("measure"), one.verdict) for one in verdicts]


def test_it_works() -> None:
    (said,) = judge(14, STAGE, plan(7, 7, 7.5, 7))

    assert (said.rule, said.verdict, said.source) == ("H-14S", BLOCK, "SZW")
    assert said.facts == {
        "age": 14,
        "measure": "lesson_day",
        "value": 7.5,
        "limit": 7,
        "days": ("2027-02-10",),
    }
    assert said.from_day == said.to_day == date(2027, 2, 10)


@pytest.mark.parametrize(
    ("age", "offer", "hours", "rule"),
    [
        (13, MAS, 2, "H-13M"),
        (14, MAS, 2, "H-13M"),
        (15, MAS, 2, "H-15M"),
        (14, STAGE, 7, "H-14S"),
        (15, STAGE, 7, "H-14S"),
        (15, BPV, 7, "H-14S"),
        (16, STAGE, 9, "H-16"),
        (17, BPV, 9, "H-16"),
        (16, MAS, 9, "H-16"),
        (18, BPV, 8, "H-18"),
    ],
)
def test_the_hours_of_a_lesson_day(age: int, offer: OfferFacts, hours: float, rule: str) -> None:
    day_after = WARN if rule == "H-18" else BLOCK

    assert spoken(judge(age, offer, plan(hours))) == [(rule, None, OK)]
    assert spoken(judge(age, offer, plan(hours + 0.25))) == [(rule, "lesson_day", day_after)]


@pytest.mark.parametrize(("age", "hours"), [(13, 7), (14, 7), (15, 8)])
def test_a_day_school_frees_is_a_day_like_any_other(age: int, hours: float) -> None:
    rule = "H-15M" if age == 15 else "H-13M"

    assert spoken(judge(age, MAS, plan(hours, school_frees_day=True))) == [(rule, None, OK)]
    assert spoken(judge(age, MAS, plan(hours + 0.5, school_frees_day=True))) == [(rule, "other_day", BLOCK)]
    # Lessons on that day make it a lesson day, whatever the school says.
    half_free = judge(age, MAS, plan(hours, school_frees_day=True, lesson_hours=2))
    assert spoken(half_free) == [(rule, "lesson_day", BLOCK)]


def test_lessons_count_for_a_placement_and_not_for_volunteering() -> None:
    assert worst(judge(15, MAS, plan(2, start="15:00", lesson_hours=6))) is OK
    assert spoken(judge(15, STAGE, plan(2, start="15:00", lesson_hours=6))) == [
        ("H-14S", "lesson_day", BLOCK)
    ]
    assert worst(judge(18, BPV, plan(8, lesson_hours=4))) is OK


def test_lessons_on_other_days_count_for_the_week() -> None:
    days = plan(7, 7, 7)
    lessons = {date(2027, 2, 11): 7.0, date(2027, 2, 12): 7.0}

    assert worst(judge(14, STAGE, days, other_lessons=lessons)) is OK
    said = judge(14, STAGE, days, other_lessons=lessons | {date(2027, 2, 12): 7.5})
    assert spoken(said) == [("H-14S", "school_week", BLOCK)]
    assert said[0].facts["days"] == ("2027-02-08", "2027-02-09", "2027-02-10")


def test_a_school_week_of_volunteering_is_twelve_hours() -> None:
    assert worst(judge(13, MAS, plan(6, 6, school_frees_day=True))) is OK
    assert spoken(judge(13, MAS, plan(6, 6.5, school_frees_day=True))) == [("H-13M", "school_week", BLOCK)]


def test_six_days_of_volunteering_is_a_day_too_many() -> None:
    assert worst(judge(13, MAS, plan(2, 2, 2, 2, 2))) is OK
    assert spoken(judge(13, MAS, plan(2, 2, 2, 2, 2, 2))) == [("H-13M", "days_a_week", BLOCK)]


@pytest.mark.parametrize(("age", "hours", "a_row", "a_year"), [(13, 7, 3, 4), (15, 8, 4, 6)])
def test_weeks_of_holidays(age: int, hours: float, a_row: int, a_year: int) -> None:
    def volunteering(weeks: Sequence[int]) -> list[tuple[str, object, Verdict]]:
        first = date(2027, 7, 12)
        days = [
            work
            for week in weeks
            for work in plan(hours, hours, hours, hours, hours, first=first + timedelta(weeks=week))
        ]
        said = check_hours(
            make_seeker(birth=(2013 if age == 13 else 2011, 12)),
            MAS,
            Schedule(tuple(days), holidays=((date(2027, 7, 10), date(2027, 10, 31)),)),
        )
        return [(rule, measure, verdict) for rule, measure, verdict in spoken(said) if verdict is not OK]

    rule = "H-15M" if age == 15 else "H-13M"
    in_a_row = list(range(a_row))
    assert volunteering(in_a_row) == []
    assert volunteering([*in_a_row, a_row]) == [(rule, "holiday_weeks_in_a_row", BLOCK)]
    spread = [week + week // 2 for week in range(a_year)]
    assert volunteering(spread) == []
    assert volunteering([*spread, spread[-1] + 2]) == [(rule, "holiday_weeks_a_year", BLOCK)]


def test_a_placement_in_the_holidays_waits_for_the_schools_word() -> None:
    seeker, days = make_seeker(birth=(2012, 10)), plan(7, 7, 7, 7, 7, first=date(2027, 7, 12))
    schedule = Schedule(tuple(days), holidays=(SUMMER,))

    (said,) = check_hours(seeker, STAGE, schedule)
    assert (said.rule, said.facts["measure"], said.verdict) == ("H-14S", "holiday_week", ACK)
    assert permits(check_hours(seeker, STAGE, schedule, acknowledged={"H-14S"}))
    longer = Schedule(tuple(plan(7, 7, 7, 7, 7, 7, first=date(2027, 7, 12))), holidays=(SUMMER,))
    with_word = check_hours(seeker, STAGE, longer, acknowledged={"H-14S"})
    assert spoken(with_word) == [("H-14S", "holiday_week", BLOCK)]


def test_a_week_is_of_holidays_only_when_no_day_has_education() -> None:
    seeker = make_seeker(birth=(2013, 10))
    first = date(2027, 7, 5)

    almost = Schedule(tuple(plan(7, 7, first=first)), holidays=((first, date(2027, 7, 8)),))
    wholly = Schedule(tuple(plan(7, 7, first=first)), holidays=((first, date(2027, 7, 9)),))

    assert [one.facts.get("measure") for one in check_hours(seeker, MAS, almost)] == ["school_week"]
    assert worst(check_hours(seeker, MAS, wholly)) is OK


@pytest.mark.parametrize(
    ("age", "start", "end", "verdict"),
    [
        (15, "07:00", "09:00", OK),
        (15, "06:59", "09:00", BLOCK),
        (15, "17:00", "19:00", OK),
        (15, "17:00", "19:01", BLOCK),
        (16, "06:00", "09:00", OK),
        (16, "05:30", "09:00", BLOCK),
        (16, "20:00", "23:00", OK),
        (16, "20:00", "23:15", BLOCK),
        (18, "20:00", "00:00", OK),
        (18, "20:00", "00:30", WARN),
        (18, "05:00", "09:00", WARN),
    ],
)
def test_the_times_of_the_day(age: int, start: str, end: str, verdict: Verdict) -> None:
    work = WorkDay(MONDAY, time.fromisoformat(start), time.fromisoformat(end), lesson_hours=0)

    (said,) = judge(age, STAGE, [work])

    assert said.verdict is verdict
    if verdict is not OK:
        assert (said.facts["measure"], said.facts["starts_at"], said.facts["ends_at"]) == (
            "window",
            start,
            end,
        )


@pytest.mark.parametrize(("age", "verdict"), [(13, BLOCK), (15, BLOCK), (16, WARN), (18, WARN)])
def test_sunday(age: int, verdict: Verdict) -> None:
    sunday = plan(2, first=date(2027, 2, 14))

    for offer in (MAS, STAGE):
        assert [one[1:] for one in spoken(judge(age, offer, sunday))] == [("sunday", verdict)]


@pytest.mark.parametrize("age", [15, 16])
def test_half_an_hour_of_break_after_four_and_a_half_hours(age: int) -> None:
    rule = "H-14S" if age == 15 else "H-16"

    def day(end: str, minutes: int) -> list[tuple[str, object, Verdict]]:
        work = WorkDay(MONDAY, time(8), time.fromisoformat(end), lesson_hours=0, break_minutes=minutes)
        return spoken(judge(age, STAGE, [work]))

    assert day("12:30", 0) == [(rule, None, OK)]
    assert day("12:45", 0) == [(rule, "break", BLOCK)]
    assert day("13:05", 29) == [(rule, "break", BLOCK)]
    assert day("13:05", 30) == [(rule, None, OK)]


@pytest.mark.parametrize(("age", "rest"), [(15, 14), (16, 12), (18, 11)])
def test_the_rest_between_two_days(age: int, rest: int) -> None:
    evening = {15: time(18), 16: time(21), 18: time(22)}[age]

    def two_days(start: time) -> list[object]:
        days = [
            WorkDay(MONDAY, time(evening.hour - 2), evening, lesson_hours=0),
            WorkDay(MONDAY + timedelta(days=1), start, time(start.hour + 2), lesson_hours=0),
        ]
        return [measure for _rule, measure, verdict in spoken(judge(age, STAGE, days)) if verdict is BLOCK]

    morning = evening.hour + rest - 24
    assert two_days(time(morning)) == []
    assert two_days(time(morning - 1, 59)) == ["daily_rest"]


def test_one_long_rest_in_seven_days_at_16() -> None:
    assert "weekly_rest" not in [one[1] for one in spoken(judge(16, STAGE, plan(4, 4, 4, 4, 4, 4)))]
    said = judge(16, STAGE, plan(4, 4, 4, 4, 4, 4, 4))
    assert ("H-16", "weekly_rest", BLOCK) in spoken(said)
    assert "weekly_rest" not in [one[1] for one in spoken(judge(18, BPV, plan(4, 4, 4, 4, 4, 4, 4)))]


def test_forty_hours_a_week_on_average_at_16() -> None:
    week = (9, 9, 9, 9, 8, 0, 0)

    assert worst(judge(16, STAGE, plan(*week[:5], 0, 0, *week[:5], 0, 0, *week[:5]))) is OK
    said = judge(16, STAGE, plan(*week, *week, *week, *week))
    assert spoken(said) == [("H-16", "four_week_average", BLOCK)]
    assert said[0].facts["value"] == 44.0
    assert (said[0].from_day, said[0].to_day) == (MONDAY, date(2027, 3, 5))


def test_adults_are_advised_before_they_are_stopped() -> None:
    assert spoken(judge(18, BPV, plan(9))) == [("H-18", "lesson_day", WARN)]
    assert spoken(judge(18, BPV, plan(12.5))) == [("H-18", "lesson_day", BLOCK)]
    assert spoken(judge(18, BPV, plan(8, 8, 8, 8, 8, 4)))[0] == ("H-18", "school_week", WARN)
    assert ("H-18", "school_week", BLOCK) in spoken(judge(18, BPV, plan(11, 11, 11, 11, 11, 11)))


def test_a_week_over_a_birthday_belongs_to_the_younger_age() -> None:
    """He turns 16 on Wednesday 31 March; until then the stricter rule holds, and so it does for that week."""
    days = plan(7, 7, 8, 8, 8, first=date(2027, 3, 29))

    said = check_hours(make_seeker(birth=(2011, 3)), STAGE, Schedule(tuple(days)))

    assert spoken(said) == [("H-14S", "school_week", BLOCK), ("H-16", None, OK)]


def test_an_unknown_age_meets_the_rules_of_every_age() -> None:
    said = check_hours(make_seeker(birth=None), STAGE, Schedule(tuple(plan(8))))

    assert spoken(said) == [("H-14S", "lesson_day", BLOCK), ("H-16", None, OK), ("H-18", None, OK)]


@pytest.mark.parametrize(
    "offer",
    [
        OfferFacts(Kind.COMPANY_VISIT),
        OfferFacts(Kind.GUEST_LESSON),
        OfferFacts(Kind.HANDS_ON_DAY, on_school_ground=True),
        OfferFacts(Kind.COMMUNITY_PLACEMENT, on_school_ground=True),
        OfferFacts(Kind.COACH),
    ],
)
def test_what_is_no_work_has_no_hours(offer: OfferFacts) -> None:
    assert judge(14, offer, plan(12, start="06:00")) == []


def test_a_hands_on_day_with_the_schools_word_keeps_the_hours_of_14() -> None:
    assert spoken(judge(12, OfferFacts(Kind.HANDS_ON_DAY), plan(8))) == [("H-14S", "lesson_day", BLOCK)]


def test_the_limits_of_a_row_stand_with_the_strictest_first() -> None:
    adults = HOURS[-1]

    assert [limit.verdict for limit in adults.limits_on(Measure.OTHER_DAY)] == [BLOCK, WARN]


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    first = draw(st.sampled_from([date(2027, 2, 8), date(2027, 3, 22), date(2027, 7, 5), date(2026, 12, 14)]))
    every = draw(st.sampled_from([(1,), (1, 2, 3, 4, 5), (1, 2, 3, 4, 5, 6, 7), (3, 6), (2, 7)]))
    days: list[WorkDay] = []
    for step in range(draw(st.integers(1, 56))):
        day = first + timedelta(days=step)
        if day.isoweekday() not in every or draw(st.integers(0, 9)) == 0:
            continue
        start = draw(st.sampled_from([time(8, 30), time(9), time(9), time(6, 30), time(15), time(18)]))
        if days and days[-1].ended.date() == day:
            start = time(18)
        length = draw(st.sampled_from([60, 120, 240, 330, 420, 450, 510, 600, 780]))
        end = start.hour * 60 + start.minute + length
        days.append(
            WorkDay(
                day,
                start,
                time(end // 60 % 24, end % 60),
                lesson_hours=draw(st.sampled_from([0.0, 0.0, 0.0, 1.0, 2.5])),
                break_minutes=draw(st.sampled_from([0, 30, 30, 45])),
                school_frees_day=draw(st.booleans()),
            )
        )
    days = days or [WorkDay(first, time(9), time(10), lesson_hours=0)]
    worked = {work.day for work in days}
    lessons = {
        day: draw(st.sampled_from([0.0, 4.0, 6.5]))
        for step in range(0, 30, 2)
        if (day := first + timedelta(days=step)) not in worked
    }
    return Schedule(
        tuple(draw(st.permutations(days))),
        other_lessons=lessons if draw(st.booleans()) else {},
        holidays=draw(st.sampled_from([(), (SUMMER,), ((first, first + timedelta(days=40)),)])),
    )


@settings(max_examples=80, deadline=None)
@given(st.tuples(st.integers(2008, 2013), st.integers(1, 12)), st.booleans(), schedules())
def test_a_plan_is_judged_as_by_brute_force(birth: tuple[int, int], is_mas: bool, schedule: Schedule) -> None:
    said = check_hours(make_seeker(birth=birth), MAS if is_mas else STAGE, schedule)

    found = {
        (one.rule, str(one.facts["measure"]), one.verdict): one.facts["days"]
        for one in said
        if "measure" in one.facts
    }
    expected = {
        (rule, measure, LETTER[letter]): tuple(sorted(day.isoformat() for day in days))
        for (rule, measure, letter), days in oracle_hours.passed(birth, is_mas, schedule).items()
    }
    assert found == expected
    silent = {one.rule for one in said if one.verdict is OK}
    assert not silent & {rule for rule, _measure, _verdict in expected}
    order = [RULES.index(one.rule) for one in said]
    assert order == sorted(order)


# What an offer can tell without a plan.


def of_offer(age: int, **changes: Any) -> list[tuple[str, object, Verdict]]:
    verdicts = check_pair(
        make_seeker(birth=BIRTH[age]),
        make_offer(**changes),
        on=ON,
        places={place.pc4: place for place in PLACES},
    )
    return [one for one in spoken(verdicts) if one[0].startswith("H-")]


def test_an_offer_without_hours_is_silent_about_them() -> None:
    assert of_offer(15) == []
    assert of_offer(15, weekdays=frozenset({1, 2})) == []


@pytest.mark.parametrize(
    ("age", "hours", "expected"),
    [
        (15, 7, ("H-14S", None, OK)),
        (15, 7.5, ("H-14S", "other_day", BLOCK)),
        (16, 9, ("H-16", None, OK)),
        (16, 9.5, ("H-16", "other_day", BLOCK)),
        (18, 9.5, ("H-18", "other_day", WARN)),
        (18, 12.5, ("H-18", "other_day", BLOCK)),
    ],
)
def test_the_length_of_a_day_is_held_against_a_day_without_lessons(
    age: int, hours: float, expected: tuple[str, object, Verdict]
) -> None:
    assert of_offer(age, hours_per_day=hours) == [expected]


def test_without_a_length_the_least_break_is_taken_off() -> None:
    from_nine = {"starts_at": time(9)}

    assert of_offer(15, **from_nine, ends_at=time(16, 30)) == [("H-14S", None, OK)]
    assert of_offer(15, **from_nine, ends_at=time(17)) == [("H-14S", "other_day", BLOCK)]
    # An hour of break, which the maker tells by the length of the day.
    assert of_offer(15, **from_nine, ends_at=time(17), hours_per_day=7) == [("H-14S", None, OK)]


@pytest.mark.parametrize(
    "times",
    [
        {"starts_at": time(6, 30)},
        {"ends_at": time(19, 30)},
        {"starts_at": time(19)},
        {"ends_at": time(7)},
        {"starts_at": time(15), "hours_per_day": 4.5},
        {"ends_at": time(10), "hours_per_day": 3.5},
        {"starts_at": time(17), "ends_at": time(0)},
    ],
)
def test_times_outside_the_window_forbid_an_offer(times: dict[str, Any]) -> None:
    assert ("H-14S", "window", BLOCK) in of_offer(15, **times)


def test_sunday_forbids_only_when_no_other_day_is_left() -> None:
    sunday, weekend = frozenset({7}), frozenset({6, 7})

    assert of_offer(15, weekdays=sunday, ends_on=date(2027, 3, 14)) == [("H-14S", "sunday", BLOCK)]
    assert of_offer(15, weekdays=weekend, ends_on=date(2027, 3, 14)) == [("H-14S", "sunday", WARN)]
    assert of_offer(16, weekdays=weekend, ends_on=date(2027, 3, 14)) == [("H-16", "sunday", WARN)]
    one_day = {"starts_on": date(2027, 3, 7), "ends_on": date(2027, 3, 7)}
    assert of_offer(15, **one_day) == [("H-14S", "sunday", BLOCK)]


def test_hours_are_those_of_the_days_that_suit_both() -> None:
    """He turns 16 on Wednesday 31 March; the offer is on Mondays."""
    offer = make_offer(
        starts_on=date(2027, 3, 29), ends_on=date(2027, 4, 9), weekdays=frozenset({1}), hours_per_day=8
    )

    def judged(first: date) -> list[tuple[str, object, Verdict]]:
        verdicts = check_pair(
            make_seeker(birth=(2011, 3), available_from=first),
            offer,
            on=ON,
            places={place.pc4: place for place in PLACES},
        )
        return [one for one in spoken(verdicts) if one[0].startswith("H-")]

    assert judged(date(2027, 3, 30)) == [("H-16", None, OK)]
    assert judged(date(2027, 3, 29)) == [("H-14S", "other_day", BLOCK), ("H-16", None, OK)]


def test_the_form_hears_what_is_too_long_at_which_age() -> None:
    said = offer_verdicts(
        OfferFacts(Kind.ORIENTATION_PLACEMENT, frozenset[Hazard]()), hours=OfferHours(hours_per_day=8.5)
    )

    hours = {band: [one[1:] for one in spoken(found) if one[0][0] == "H"] for band, found in said.items()}
    assert hours[AgeBand.AGE_14_15] == [("other_day", BLOCK)]
    assert hours[AgeBand.AGE_16_17] == [(None, OK)]
    assert hours[AgeBand.ADULT] == [("other_day", WARN)]


def test_within_a_band_the_stricter_age_counts_for_hours_too() -> None:
    said = offer_verdicts(MAS, [AgeBand.AGE_14_15], hours=OfferHours(hours_per_day=8))

    hours = [one for one in said[AgeBand.AGE_14_15] if one.rule.startswith("H-")]
    assert [(one.rule, one.verdict, one.facts["age"]) for one in hours] == [
        ("H-13M", BLOCK, 14),
        ("H-15M", OK, 15),
    ]


def test_a_run_tells_the_hours_as_a_remark_or_a_cause() -> None:
    adult = make_seeker(id="adult", birth=(2008, 1), level=3, crebo="25180", pathway=Pathway.BBL)
    child = make_seeker(id="child")
    long_day = make_offer(kind=Kind.HANDS_ON_DAY, hours_per_day=10)

    answer = suggest(make_problem(seekers=[adult, child], offers=[long_day]))

    (suggestion,) = answer.suggestions
    (remark,) = [reason for reason in suggestion.reasons if reason.code == "remark"]
    assert (remark.facts["rule"], remark.facts["measure"], remark.facts["value"]) == ("H-18", "other_day", 10)
    assert [cause.code for cause in answer.gaps[0].causes] == ["H-14S"]
