"""The test vectors of DOMAIN 2.6 by number, as a placement is judged: rules, hours and papers."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

import pytest

from matching import (
    Agreement,
    Hazard,
    Kind,
    Party,
    Profile,
    Recognition,
    RuleVerdict,
    Schedule,
    Signature,
    Verdict,
    WorkDay,
    check_agreement,
    check_pair,
    permits,
    work_days,
    worst,
)
from tests.matching.cast import ON, PLACES, make_offer, make_seeker

OK, WARN, ACK, BLOCK = Verdict.OK, Verdict.WARN, Verdict.SCHOOL_ACK, Verdict.BLOCK
PLACE_OF = {place.pc4: place for place in PLACES}
WEDNESDAY, SATURDAY, SUNDAY = ON, date(2027, 2, 13), date(2027, 2, 14)
MONDAY = date(2027, 2, 8)
AT_12, AT_13, AT_14 = {"birth": (2014, 3)}, {"birth": (2013, 6)}, {"birth": (2012, 6)}
AT_15, AT_16, AT_17 = {"birth": (2011, 6)}, {"birth": (2010, 6)}, {"birth": (2010, 1)}
A_CLASS = {"class_size": 2}
MAS = {"kind": Kind.COMMUNITY_PLACEMENT}
SERVING = {"kind": Kind.PREVOCATIONAL_PLACEMENT, "hazards": frozenset({Hazard.Z_12})}
ROOF = {"hazards": frozenset({Hazard.Z_13}), "supervised": True}


def work(day: date, start: str, end: str, **more: Any) -> WorkDay:
    return WorkDay(day, time.fromisoformat(start), time.fromisoformat(end), **({"lesson_hours": 0.0} | more))


def judge(
    seeker: Mapping[str, Any], offer: Mapping[str, Any], *plan: WorkDay, **more: Any
) -> list[RuleVerdict]:
    return check_pair(
        make_seeker(**seeker),
        make_offer(**({"starts_on": None, "ends_on": None} | dict(offer))),
        on=ON,
        places=PLACE_OF,
        schedule=Schedule(plan) if plan else None,
        **more,
    )


def said(verdicts: list[RuleVerdict], rule: str, measure: str | None = None) -> RuleVerdict:
    (one,) = [
        one
        for one in verdicts
        if one.rule == rule and (measure is None or one.facts.get("measure") == measure)
    ]
    return one


def blocking(verdicts: list[RuleVerdict]) -> list[tuple[str, object]]:
    return [(one.rule, one.facts.get("measure")) for one in verdicts if one.verdict is BLOCK]


def test_vector_01_no_placement_with_doing_at_12() -> None:
    assert blocking(judge(AT_12, {})) == [("K-5", None)]


def test_vector_02_a_visit_to_look_at_12() -> None:
    assert worst(judge(AT_12 | A_CLASS, {"kind": Kind.COMPANY_VISIT})) is OK


def test_vector_03_a_fair_on_school_ground_at_12() -> None:
    fair = {"kind": Kind.HANDS_ON_DAY, "on_school_ground": True, "hazards": None}
    assert worst(judge(AT_12, fair)) is OK
    assert worst(judge(AT_12 | A_CLASS, {"kind": Kind.GUEST_LESSON, "hazards": None})) is OK


def test_vector_04_two_hours_on_a_lesson_day_at_13() -> None:
    verdicts = judge(AT_13, MAS, work(WEDNESDAY, "15:00", "17:00", lesson_hours=5))

    assert worst(verdicts) is OK
    assert said(verdicts, "H-13M").verdict is OK


def test_vector_05_three_hours_on_a_lesson_day_at_13() -> None:
    verdicts = judge(AT_13, MAS, work(WEDNESDAY, "15:00", "18:00", lesson_hours=5))

    assert blocking(verdicts) == [("H-13M", "lesson_day")]
    facts = said(verdicts, "H-13M").facts
    assert (facts["value"], facts["limit"], facts["days"]) == (3.0, 2, ("2027-02-10",))


def test_vector_06_seven_and_a_half_hours_on_a_saturday_at_13() -> None:
    verdicts = judge(AT_13, MAS, work(SATURDAY, "09:00", "17:00", break_minutes=30))

    assert blocking(verdicts) == [("H-13M", "other_day")]
    assert (said(verdicts, "H-13M").facts["value"], said(verdicts, "H-13M").facts["limit"]) == (7.5, 7)


def test_vector_07_not_after_seven_in_the_evening_at_13() -> None:
    verdicts = judge(AT_13, MAS, work(WEDNESDAY, "18:00", "19:30", lesson_hours=5))

    assert blocking(verdicts) == [("H-13M", "window")]


def test_vector_08_a_day_of_seven_hours_without_lessons_at_14() -> None:
    verdicts = judge(AT_14, {}, work(WEDNESDAY, "08:30", "16:00", break_minutes=30))

    assert worst(verdicts) is OK
    assert said(verdicts, "H-14S").verdict is OK


def test_vector_09_the_same_day_with_a_lesson() -> None:
    verdicts = judge(AT_14, {}, work(WEDNESDAY, "08:30", "16:00", break_minutes=30, lesson_hours=1))

    assert blocking(verdicts) == [("H-14S", "lesson_day")]
    assert (said(verdicts, "H-14S").facts["value"], said(verdicts, "H-14S").facts["limit"]) == (8.0, 7)


def test_vector_10_no_sunday_at_14() -> None:
    verdicts = judge(AT_14, {}, work(SUNDAY, "08:30", "16:00", break_minutes=30))

    assert blocking(verdicts) == [("H-14S", "sunday")]


def test_vector_11_a_block_of_five_days_of_seven_hours_at_14() -> None:
    block = work_days(
        MONDAY, date(2027, 2, 12), range(1, 6), time(8, 30), time(16), lesson_hours={}, break_minutes=30
    )

    verdicts = judge(AT_14, {}, *block)

    assert len(block) == 5
    assert worst(verdicts) is OK


def test_vector_12_serving_where_alcohol_is_served_for_hbr() -> None:
    verdicts = judge(AT_15 | {"profile": Profile.HBR}, SERVING)

    assert said(verdicts, "Z-12").verdict is ACK
    assert worst(verdicts) is ACK


def test_vector_13_serving_where_alcohol_is_served_for_eo() -> None:
    assert blocking(judge(AT_15 | {"profile": Profile.EO}, SERVING)) == [("Z-12", None)]


def test_vector_14_six_lesson_hours_and_three_of_work_at_16() -> None:
    verdicts = judge(AT_16, {}, work(WEDNESDAY, "15:00", "18:00", lesson_hours=6))

    assert worst(verdicts) is OK
    assert said(verdicts, "H-16").verdict is OK


def test_vector_15_six_lesson_hours_and_four_of_work_at_16() -> None:
    verdicts = judge(AT_16, {}, work(WEDNESDAY, "15:00", "19:00", lesson_hours=6))

    assert blocking(verdicts) == [("H-16", "lesson_day")]
    assert said(verdicts, "H-16").facts["value"] == 10.0


def test_vector_16_until_half_past_eleven_at_16() -> None:
    verdicts = judge(AT_16, {}, work(WEDNESDAY, "17:00", "23:30", break_minutes=30))

    assert blocking(verdicts) == [("H-16", "window")]


def test_vector_17_a_ribbon_over_the_sixteenth_birthday() -> None:
    ribbon = work_days(
        date(2027, 3, 1),
        date(2027, 4, 30),
        [1],
        time(8),
        time(16, 30),
        lesson_hours={},
        break_minutes=30,
    )

    verdicts = judge({"birth": (2011, 3)}, {}, *ribbon)

    child = said(verdicts, "H-14S", "lesson_day")
    assert (child.verdict, child.facts["value"], child.facts["limit"]) == (BLOCK, 8.0, 7)
    assert (child.from_day, child.to_day) == (date(2027, 3, 1), date(2027, 3, 22))
    # Easter Monday is no lesson day; the limit of another day is the same.
    assert said(verdicts, "H-14S", "other_day").facts["days"] == ("2027-03-29",)
    young = said(verdicts, "H-16")
    assert (young.verdict, young.from_day, young.to_day) == (OK, date(2027, 4, 5), date(2027, 4, 26))


@pytest.mark.parametrize(("day", "verdict"), [("2027-03-30", BLOCK), ("2027-03-31", OK)])
def test_vector_17_the_last_day_of_the_month_is_the_birthday(day: str, verdict: Verdict) -> None:
    eight_hours = work(date.fromisoformat(day), "08:00", "16:30", break_minutes=30)

    assert worst(judge({"birth": (2011, 3)}, {}, eight_hours)) is verdict


def test_vector_18_a_company_recognised_for_something_else() -> None:
    student = AT_17 | {"level": 3, "crebo": "25180"}
    verdicts = judge(student, {"kind": Kind.BPV, "crebos": frozenset({"25655"})})
    papers = check_agreement(
        make_seeker(**student),
        make_offer(kind=Kind.BPV).facts,
        Agreement(ON, date(2027, 6, 30), recognitions=(Recognition("25655"),)),
    )

    assert blocking(verdicts) == [("A-5", None)]
    assert said(papers, "A-5").verdict is BLOCK


def test_vector_19_pesticides_at_17_though_supervised() -> None:
    verdicts = judge(AT_17, {"hazards": frozenset({Hazard.Z_6}), "supervised": True})

    assert blocking(verdicts) == [("Z-6", None)]


def test_vector_20_a_roof_at_17_with_and_without_the_schools_word() -> None:
    without, with_word = judge(AT_17, ROOF), judge(AT_17, ROOF, acknowledged={"Z-13"})

    assert not permits(without)
    assert permits(with_word)
    assert said(with_word, "Z-13").verdict is OK
    assert blocking(judge(AT_17, ROOF | {"supervised": False}, acknowledged={"Z-13"})) == [("Z-13", None)]


def test_vector_21_an_unanswered_hazard_at_14() -> None:
    assert blocking(judge(AT_14, {"hazards": None})) == [("Z-0", None)]


@pytest.mark.parametrize(("signed_on", "verdict"), [("2027-03-01", OK), ("2027-03-02", BLOCK)])
def test_vector_22_an_agreement_signed_a_day_after_the_start(signed_on: str, verdict: Verdict) -> None:
    signed = date.fromisoformat(signed_on)
    agreement = Agreement(
        date(2027, 3, 1),
        date(2027, 6, 30),
        signatures=tuple(Signature(party, signed) for party in (Party.SCHOOL, Party.YOUTH, Party.HOST)),
    )

    papers = check_agreement(make_seeker(birth=(2008, 1)), make_offer(kind=Kind.BPV).facts, agreement)

    assert said(papers, "A-7").verdict is verdict
