"""Hard rules over a pair: a test per rule, and brute force. The vectors of DOMAIN 2.6: test_vectors.py."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings

from matching import (
    CAUSES,
    RULES,
    Hazard,
    Kind,
    Limits,
    Offer,
    Pathway,
    Place,
    Problem,
    Profile,
    RuleVerdict,
    Seeker,
    Track,
    TravelMode,
    Verdict,
    check_pair,
    permits,
    worst,
)
from tests.matching import oracle
from tests.matching.cast import ON, PLACES, make_offer, make_seeker
from tests.matching.strategies import problems

PLACE_OF: dict[str, Place] = {place.pc4: place for place in PLACES}
OK, WARN, ACK, BLOCK = Verdict.OK, Verdict.WARN, Verdict.SCHOOL_ACK, Verdict.BLOCK


def test_it_works() -> None:
    verdicts = judge(make_seeker(), make_offer())

    assert worst(verdicts) is OK
    assert permits(verdicts)
    assert [said.rule for said in verdicts] == ["C-1", "D-3", "K-5", "R-1"]


A_CLASS = {"class_size": 2}


def test_an_acknowledgement_lifts_only_what_waits_for_it() -> None:
    seeker, roof = make_seeker(birth=(2010, 1)), make_offer(hazards=frozenset({Hazard.Z_13}))

    assert not permits(judge(seeker, roof))
    with_word = judge(seeker, roof, acknowledged={"Z-13"})
    assert permits(with_word)
    assert of(with_word, "Z-13").facts["acknowledged"] is True
    unguided = make_offer(hazards=frozenset({Hazard.Z_13}), supervised=False)
    assert worst(judge(seeker, unguided, acknowledged={"Z-13"})) is BLOCK


def test_the_stricter_age_holds_until_the_last_day_of_the_month() -> None:
    seeker = make_seeker(birth=(2011, 3), level=2, crebo="25180")
    bpv = make_offer(kind=Kind.BPV, starts_on=date(2027, 3, 1), ends_on=date(2027, 4, 30))

    before, after = (said for said in judge(seeker, bpv) if said.rule == "K-9")

    assert (before.verdict, before.from_day, before.to_day) == (ACK, date(2027, 3, 1), date(2027, 3, 30))
    assert (after.verdict, after.from_day, after.to_day) == (OK, date(2027, 3, 31), date(2027, 4, 30))


def test_a_birthday_within_the_period_forbids_the_days_before_it() -> None:
    seeker = make_seeker(birth=(2013, 3))
    placement = make_offer(starts_on=date(2027, 3, 29), ends_on=date(2027, 4, 2))

    said = [one for one in judge(seeker, placement) if one.rule == "K-5"]

    assert [(one.verdict, one.to_day) for one in said] == [
        (BLOCK, date(2027, 3, 30)),
        (OK, date(2027, 4, 2)),
    ]


def test_only_the_days_the_youth_is_there_count_for_his_age() -> None:
    seeker = make_seeker(birth=(2013, 3), available_from=date(2027, 3, 31))
    placement = make_offer(starts_on=date(2027, 3, 1), ends_on=date(2027, 4, 2))

    assert worst(judge(seeker, placement)) is OK


def test_an_unknown_age_meets_the_strictest_rule_of_any_age() -> None:
    nobody_knows = make_seeker(birth=None)

    assert of(judge(nobody_knows, make_offer()), "K-5").verdict is BLOCK
    lesson = make_offer(kind=Kind.HANDS_ON_DAY, on_school_ground=True)
    assert worst(judge(nobody_knows, lesson)) is OK


@pytest.mark.parametrize(
    ("pathway", "rule", "verdict"),
    [(None, "K-9", ACK), (Pathway.BOL, "K-9", ACK), (Pathway.BBL, "K-10", BLOCK)],
)
def test_bpv_at_15_hangs_on_the_pathway(pathway: Pathway | None, rule: str, verdict: Verdict) -> None:
    seeker = make_seeker(level=2, pathway=pathway)

    assert of(judge(seeker, make_offer(kind=Kind.BPV)), rule).verdict is verdict


@pytest.mark.parametrize(
    ("track", "year", "verdict"),
    [(Track.BB, 3, OK), (Track.BB, 4, OK), (Track.BB, 2, BLOCK), (Track.KB, 3, BLOCK), (None, None, BLOCK)],
)
def test_a_work_learn_track_is_for_bb_in_year_3_and_4(
    track: Track | None, year: int | None, verdict: Verdict
) -> None:
    said = judge(make_seeker(track=track, year=year), make_offer(kind=Kind.WORK_LEARN_TRACK))

    assert of(said, "K-8").verdict is verdict


def test_serving_alcohol_may_belong_to_a_work_learn_track() -> None:
    seeker = make_seeker(track=Track.BB, year=3)
    bar = make_offer(kind=Kind.WORK_LEARN_TRACK, hazards=frozenset({Hazard.Z_12}))

    assert of(judge(seeker, bar), "Z-12").verdict is ACK


RULE_CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "G-1": (A_CLASS, {}),
    "G-2": ({"kinds": frozenset({Kind.COACH})}, {}),
    "C-1": ({}, {"positions": 0}),
    "D-1": ({}, {"starts_on": date(2027, 1, 1), "ends_on": date(2027, 2, 9)}),
    "D-2": ({"until": date(2027, 2, 28)}, {}),
    "D-3": ({"weekdays": frozenset({6, 7})}, {}),
    "L-1": ({"birth": (2015, 3)}, {"kind": Kind.HANDS_ON_DAY, "on_school_ground": True}),
    "L-2": ({"birth": (2000, 1)}, {}),
    "T-1": ({"track": Track.TL}, {"tracks": frozenset({Track.BB, Track.KB})}),
    "T-2": ({"profile": Profile.EO}, {"profiles": frozenset({Profile.HBR})}),
    "T-3": ({"level": 2}, {"levels": frozenset({3, 4})}),
    "T-4": ({"crebo": "25180"}, {"crebos": frozenset({"25655"})}),
    "T-5": ({"birth": (2010, 1), "track": Track.BB}, {"kind": Kind.BPV}),
    "T-6": ({"year": 2}, {"kind": Kind.PREVOCATIONAL_PLACEMENT}),
    "A-5": (
        {"birth": (2010, 1), "level": 3, "crebo": "25180"},
        {"kind": Kind.BPV, "crebos": frozenset({"25655"})},
    ),
    "R-1": ({}, {"pc4": "3511"}),
}


@pytest.mark.parametrize("rule", RULE_CASES)
def test_each_rule_forbids_by_itself(rule: str) -> None:
    seeker, offer = RULE_CASES[rule]

    verdicts = judge(make_seeker(**seeker), make_offer(**offer))

    assert [said.rule for said in verdicts if said.verdict is BLOCK] == [rule]


def test_a_class_fits_where_there_is_room_for_all() -> None:
    visit = make_offer(kind=Kind.COMPANY_VISIT, positions=24)

    assert worst(judge(make_seeker(class_size=24), visit)) is OK
    assert of(judge(make_seeker(class_size=25), visit), "C-1").verdict is BLOCK


def test_an_offer_for_vmbo_only_is_not_for_mbo_and_the_other_way_round() -> None:
    vmbo_only, mbo_only = make_offer(tracks=frozenset({Track.BB})), make_offer(levels=frozenset({2}))
    both = make_offer(tracks=frozenset({Track.BB}), levels=frozenset({2}))
    pupil, student = make_seeker(track=Track.BB), make_seeker(level=2)

    assert of(judge(student, vmbo_only), "T-1").verdict is BLOCK
    assert of(judge(pupil, mbo_only), "T-3").verdict is BLOCK
    assert worst(judge(pupil, both)) is OK
    assert worst(judge(student, both)) is OK


def test_what_a_youth_does_not_say_about_school_is_a_remark() -> None:
    silent = make_seeker()
    asking = make_offer(tracks=frozenset({Track.BB}), profiles=frozenset({Profile.HBR}))

    assert [said.verdict for said in judge(silent, asking) if said.rule in ("T-1", "T-2")] == [WARN, WARN]


def test_unknown_recognition_is_a_remark_until_the_agreement() -> None:
    student = make_seeker(birth=(2010, 1), level=3, crebo="25180")

    assert of(judge(student, make_offer(kind=Kind.BPV)), "A-5").verdict is WARN


def test_one_day_has_one_weekday() -> None:
    wednesday = {"starts_on": date(2027, 3, 3), "ends_on": date(2027, 3, 3)}

    assert worst(judge(make_seeker(weekdays=frozenset({3})), make_offer(**wednesday))) is OK
    assert worst(judge(make_seeker(weekdays=frozenset({4})), make_offer(**wednesday))) is BLOCK


def test_an_offer_without_days_is_judged_today() -> None:
    open_ended = make_offer(kind=Kind.WORK_LEARN_TRACK, starts_on=None, ends_on=None)
    almost_adult = make_seeker(birth=(2009, 3), track=Track.BB, year=4)

    assert worst(judge(almost_adult, open_ended)) is OK
    assert (
        worst(judge(almost_adult, make_offer(kind=Kind.WORK_LEARN_TRACK, ends_on=date(2027, 4, 1)))) is BLOCK
    )


def test_the_way_is_told_with_its_facts() -> None:
    said = of(judge(make_seeker(modes=frozenset({TravelMode.BIKE})), make_offer()), "R-1")

    assert said.facts["mode"] == "bike"
    assert said.facts["limit"] == 45
    assert (said.facts["kilometres"], said.facts["minutes"]) == (2.362, 20)


def test_a_pair_ruled_out_is_the_first_to_be_told() -> None:
    verdicts = judge(make_seeker(), make_offer(), is_blocked=True)

    assert (verdicts[0].rule, verdicts[0].verdict) == ("P-1", BLOCK)


def test_the_lists_of_codes_have_no_doubles() -> None:
    assert len(set(CAUSES)) == len(CAUSES)
    assert set(RULES) < set(CAUSES)


@settings(max_examples=150, deadline=None)
@given(problems())
def test_check_pair_forbids_what_brute_force_forbids(problem: Problem) -> None:
    for seeker in problem.seekers:
        for offer in problem.offers:
            verdicts = check_pair(
                seeker,
                offer,
                on=problem.on,
                places=problem.places,
                limits=problem.limits,
                is_blocked=(seeker.id, offer.id) in problem.blocked,
            )
            forbidding = {said.rule for said in verdicts if said.verdict is BLOCK}
            assert forbidding == oracle.forbidding(seeker, offer, problem)
            numbers = [RULES.index(said.rule) for said in verdicts]
            assert numbers == sorted(numbers)


def judge(seeker: Seeker, offer: Offer, **more: Any) -> list[RuleVerdict]:
    return check_pair(seeker, offer, on=ON, places=PLACE_OF, limits=Limits(), **more)


def of(verdicts: list[RuleVerdict], rule: str) -> RuleVerdict:
    (said,) = [one for one in verdicts if one.rule == rule]
    return said
