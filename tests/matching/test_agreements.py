"""What a placement must show before it starts: each rule of DOMAIN 2.4, kept and broken."""

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from matching import (
    AGREEMENTS,
    Agreement,
    Clause,
    InvalidProblem,
    Kind,
    OfferFacts,
    Party,
    Recognition,
    RuleVerdict,
    Schedule,
    Signature,
    Verdict,
    WorkDay,
    check_agreement,
    permits,
    work_days,
)
from tests.matching.cast import make_seeker

OK, WARN, ACK, BLOCK = Verdict.OK, Verdict.WARN, Verdict.SCHOOL_ACK, Verdict.BLOCK
START, END = date(2027, 3, 1), date(2027, 6, 25)
BEFORE, AFTER = date(2027, 2, 20), date(2027, 3, 2)
ADULT, CHILD, YOUNG = (2008, 1), (2011, 6), (2010, 1)
COMPLETE = Agreement(
    starts_on=START,
    ends_on=END,
    clauses=frozenset(Clause),
    signatures=tuple(Signature(party, BEFORE) for party in Party),
    qualification="25180",
    recognitions=(Recognition("25180"),),
    guardian_letter_on=BEFORE,
    risk_inventory_covers_youths=True,
    names_supervisor=True,
    schedule=Schedule(
        work_days(START, date(2027, 3, 26), [1, 2], time(9), time(15), lesson_hours={}, break_minutes=30)
    ),
)
RULES_OF = {
    Kind.ORIENTATION_PLACEMENT: ["A-1", "A-2", "A-3", "A-10", "A-11", "A-13"],
    Kind.PREVOCATIONAL_PLACEMENT: ["A-1", "A-2", "A-3", "A-10", "A-11", "A-13"],
    Kind.WORK_LEARN_TRACK: ["A-1", "A-2", "A-3", "A-10", "A-11", "A-12", "A-13"],
    Kind.COMMUNITY_PLACEMENT: ["A-4", "A-10", "A-11"],
    Kind.BPV: ["A-5", "A-6", "A-7", "A-8", "A-9", "A-10", "A-11"],
    Kind.HANDS_ON_DAY: ["A-10", "A-11"],
    Kind.COACH: [],
    Kind.ROLE_MODEL: [],
    Kind.COMPANY_VISIT: [],
    Kind.FLASH_VISIT: [],
    Kind.GUEST_LESSON: [],
    Kind.PEER_LESSON: [],
}


def judge(kind: Kind, birth: tuple[int, int] | None = CHILD, **changes: Any) -> list[RuleVerdict]:
    return check_agreement(make_seeker(birth=birth), OfferFacts(kind), replace(COMPLETE, **changes))


def of(verdicts: list[RuleVerdict], rule: str) -> RuleVerdict:
    (said,) = [one for one in verdicts if one.rule == rule]
    return said


def without(*parties: Party) -> tuple[Signature, ...]:
    return tuple(one for one in COMPLETE.signatures if one.party not in parties)


@pytest.mark.parametrize("kind", Kind)
def test_it_works(kind: Kind) -> None:
    verdicts = judge(kind)

    assert [said.rule for said in verdicts] == RULES_OF[kind]
    assert {said.verdict for said in verdicts} <= {OK}
    assert permits(verdicts)


@pytest.mark.parametrize("kind", [kind for kind, rules in RULES_OF.items() if rules])
def test_nothing_on_paper_starts_nothing(kind: Kind) -> None:
    verdicts = check_agreement(make_seeker(), OfferFacts(kind), Agreement(START, END))

    assert not permits(verdicts)
    blocking = {said.rule for said in verdicts if said.verdict is BLOCK}
    assert blocking == set(RULES_OF[kind]) - {"A-8", "A-9", "A-13"}


def test_every_rule_is_asked_of_some_kind() -> None:
    assert {rule for rules in RULES_OF.values() for rule in rules} == {row.id for row in AGREEMENTS}


@pytest.mark.parametrize("party", [Party.SCHOOL, Party.GUARDIAN, Party.HOST])
def test_a_1_three_parties_sign(party: Party) -> None:
    said = of(judge(Kind.ORIENTATION_PLACEMENT, signatures=without(party)), "A-1")

    assert (said.verdict, said.facts["missing"], said.facts["too_late"]) == (BLOCK, (party.value,), ())


def test_a_1_from_18_on_the_pupil_signs_himself() -> None:
    alone = without(Party.GUARDIAN)

    assert of(judge(Kind.PREVOCATIONAL_PLACEMENT, ADULT, signatures=alone), "A-1").verdict is OK
    said = of(judge(Kind.PREVOCATIONAL_PLACEMENT, ADULT, signatures=without(Party.YOUTH)), "A-1")
    assert said.facts["missing"] == ("youth",)


@pytest.mark.parametrize(("kind", "rule"), [(Kind.ORIENTATION_PLACEMENT, "A-1"), (Kind.BPV, "A-7")])
def test_a_1_and_a_7_a_signature_after_the_first_day_is_too_late(kind: Kind, rule: str) -> None:
    on_the_day = (*without(Party.HOST), Signature(Party.HOST, START))
    late = (*without(Party.HOST), Signature(Party.HOST, AFTER))

    assert of(judge(kind, signatures=on_the_day), rule).verdict is OK
    said = of(judge(kind, signatures=late), rule)
    assert (said.verdict, said.facts["too_late"], said.facts["starts_on"]) == (BLOCK, ("host",), "2027-03-01")


@pytest.mark.parametrize("row", [row for row in AGREEMENTS if row.clauses], ids=lambda row: row.id)
def test_a_2_3_4_and_6_every_clause_is_there(row: Any) -> None:
    kind = min(row.kinds)

    for clause in row.clauses:
        said = of(judge(kind, clauses=frozenset(Clause) - {clause}), row.id)
        assert (said.verdict, said.facts["missing"]) == (BLOCK, (clause.value,))
    for clause in set(Clause) - set(row.clauses):
        assert of(judge(kind, clauses=frozenset(Clause) - {clause}), row.id).verdict is OK


@pytest.mark.parametrize(
    ("recognitions", "verdict"),
    [
        ((), BLOCK),
        ((Recognition("25655"),), BLOCK),
        ((Recognition("25180", valid_from=AFTER),), BLOCK),
        ((Recognition("25180", valid_until=BEFORE),), BLOCK),
        ((Recognition("25180", valid_from=START),), OK),
        ((Recognition("25180", valid_until=START),), OK),
        ((Recognition("25655"), Recognition("25180")), OK),
    ],
)
def test_a_5_the_company_is_recognised_on_the_first_day(
    recognitions: tuple[Recognition, ...], verdict: Verdict
) -> None:
    said = of(judge(Kind.BPV, recognitions=recognitions), "A-5")

    assert said.verdict is verdict
    if verdict is BLOCK:
        assert (said.facts["recognition"], said.facts["qualification"]) == (False, "25180")


def test_a_5_is_about_the_part_that_is_agreed_or_else_the_youths_own() -> None:
    student = make_seeker(birth=YOUNG, crebo="25655")
    recognised = replace(COMPLETE, recognitions=(Recognition("K0123"),))

    def verdict(qualification: str | None) -> Verdict:
        papers = replace(recognised, qualification=qualification)
        return of(check_agreement(student, OfferFacts(Kind.BPV), papers), "A-5").verdict

    assert (verdict("K0123"), verdict("25655"), verdict(None)) == (OK, BLOCK, BLOCK)
    nobody_knows = check_agreement(
        make_seeker(birth=YOUNG), OfferFacts(Kind.BPV), replace(recognised, qualification=None)
    )
    assert of(nobody_knows, "A-5").verdict is BLOCK


def test_a_8_the_school_may_do_without_the_guardian() -> None:
    papers = replace(COMPLETE, signatures=without(Party.GUARDIAN))
    youth = make_seeker(birth=YOUNG)

    said = check_agreement(youth, OfferFacts(Kind.BPV), papers)
    assert (of(said, "A-8").verdict, permits(said)) == (ACK, False)
    assert permits(check_agreement(youth, OfferFacts(Kind.BPV), papers, acknowledged={"A-8"}))
    assert "A-8" not in [one.rule for one in judge(Kind.BPV, ADULT)]


def test_no_word_of_the_school_lifts_what_blocks() -> None:
    papers = replace(COMPLETE, signatures=without(Party.HOST))

    said = check_agreement(make_seeker(), OfferFacts(Kind.BPV), papers, acknowledged={"A-7"})

    assert of(said, "A-7").verdict is BLOCK


def test_a_9_a_recognition_that_lapses_is_a_task() -> None:
    lapsing = judge(Kind.BPV, recognitions=(Recognition("25180", valid_until=date(2027, 4, 30)),))
    failing = judge(Kind.BPV, guidance_fails=True)

    assert (of(lapsing, "A-9").verdict, of(lapsing, "A-9").facts["lapses_on"]) == (WARN, "2027-05-01")
    assert (of(failing, "A-9").verdict, of(failing, "A-9").facts["guidance_fails"]) == (WARN, True)
    assert permits(lapsing)
    prolonged = (Recognition("25180", valid_until=date(2027, 4, 30)), Recognition("25180"))
    assert of(judge(Kind.BPV, recognitions=prolonged), "A-9").verdict is OK


@pytest.mark.parametrize(("sent", "verdict"), [(None, BLOCK), (AFTER, BLOCK), (START, OK)])
def test_a_10_guardians_hear_of_the_work_before_it_starts(sent: date | None, verdict: Verdict) -> None:
    assert of(judge(Kind.COMMUNITY_PLACEMENT, guardian_letter_on=sent), "A-10").verdict is verdict
    assert "A-10" not in [said.rule for said in judge(Kind.COMMUNITY_PLACEMENT, YOUNG)]
    assert of(judge(Kind.COMMUNITY_PLACEMENT, None, guardian_letter_on=sent), "A-10").verdict is verdict


@pytest.mark.parametrize(
    ("shown", "missing"),
    [
        ({"risk_inventory_covers_youths": False}, ("risk_inventory",)),
        ({"names_supervisor": False}, ("supervisor",)),
    ],
)
def test_a_11_dangers_are_listed_and_somebody_watches(
    shown: dict[str, bool], missing: tuple[str, ...]
) -> None:
    said = of(judge(Kind.HANDS_ON_DAY, YOUNG, **shown), "A-11")

    assert (said.verdict, said.facts["missing"]) == (BLOCK, missing)
    assert "A-11" not in [one.rule for one in judge(Kind.BPV, ADULT)]


def test_a_10_and_a_11_are_about_work_only() -> None:
    at_school = OfferFacts(Kind.HANDS_ON_DAY, on_school_ground=True)

    assert check_agreement(make_seeker(), at_school, Agreement(START, END)) == []


def test_a_12_a_work_learn_track_needs_a_recognised_company_that_signs() -> None:
    track = {"qualification": None}

    assert of(judge(Kind.WORK_LEARN_TRACK, **track), "A-12").verdict is OK
    assert of(judge(Kind.WORK_LEARN_TRACK, **track, recognitions=()), "A-12").verdict is BLOCK
    said = of(judge(Kind.WORK_LEARN_TRACK, **track, signatures=without(Party.HOST)), "A-12")
    assert (said.verdict, said.facts["missing"]) == (BLOCK, ("host",))


def test_a_13_days_without_education_are_named() -> None:
    days = ("2027-02-27", "2027-03-29", "2027-03-30", "2027-04-27", "2027-05-03")
    schedule = Schedule(
        tuple(
            WorkDay(date.fromisoformat(day), time(9), time(12), lesson_hours=0)
            for day in (*days, "2027-03-31")
        ),
        holidays=((date(2027, 5, 1), date(2027, 5, 9)),),
    )

    verdicts = judge(Kind.PREVOCATIONAL_PLACEMENT, schedule=schedule)

    said = of(verdicts, "A-13")
    assert (said.verdict, said.facts["days"]) == (
        WARN,
        ("2027-02-27", "2027-03-29", "2027-04-27", "2027-05-03"),
    )
    assert (said.from_day, said.to_day) == (date(2027, 2, 27), date(2027, 5, 3))
    assert permits(verdicts)
    assert "A-13" not in [one.rule for one in judge(Kind.PREVOCATIONAL_PLACEMENT, schedule=None)]


def test_the_age_is_that_of_the_first_day() -> None:
    """Sixteen on the last day of the month, and so not yet on the first day."""
    assert "A-10" in [said.rule for said in judge(Kind.BPV, (2011, 3), starts_on=date(2027, 3, 30))]
    assert "A-10" not in [said.rule for said in judge(Kind.BPV, (2011, 3), starts_on=date(2027, 3, 31))]


def test_a_period_upside_down_is_refused() -> None:
    with pytest.raises(InvalidProblem, match="end_before_start"):
        Agreement(END, START)
