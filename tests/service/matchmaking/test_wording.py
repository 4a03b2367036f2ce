"""Every code the engine can say is said in words, to adults and to youths, in both languages."""

import re
from datetime import date, time
from typing import Any

import pytest

from matching import (
    CAUSES,
    HELP_CODES,
    HOST_HELP_CODES,
    LAW,
    REASON_CODES,
    RULES,
    WITHHOLDINGS,
    Kind,
    Verdict,
    check_pair,
    suggest,
)
from matching.aims import AimName
from service.core.i18n import LANGUAGES, speaking
from service.matchmaking import help_wording, wording
from service.reference.catalogue import catalogue
from tests.matching.cast import make_offer, make_problem, make_seeker

POINTS = 38.2512
WISH = {"wish": "cook", "wish_rank": 2, "likeness": 0.8, "points": POINTS}
WAY = {"minutes": 25, "mode": "ov", "limit": 45, "points": POINTS}
FACTS: dict[str, dict[str, Any]] = {
    "wish_occupation": WISH,
    "wish_sector": WISH | {"sector": "HORECA"},
    "wish_neighbour": WISH | {"sector": "GROEN"},
    "no_wish_fits": {"points": 0.0},
    "near": WAY,
    "within_reach": WAY | {"mode": "bike"},
    "just_beyond_limit": WAY | {"mode": "walk"},
    "talents_shared": {"tags": ["home_cooking", "organising"], "points": POINTS},
    "no_talents_shared": {"points": 0.0},
    "no_wishes_spread": {"sector": "ZORG"},
    "no_talents_given": {},
    "offer_has_no_sector": {},
    "offer_has_no_tags": {},
    "needs_school_ack": {"rule": "K-11", "source": "policy", "age": 15, "kind": "coach"},
    "remark": {"rule": "Z-3", "source": "official guidance", "age": 16},
}
LONGEST_FOR_YOUTHS = 15
both_languages = pytest.mark.parametrize("language", LANGUAGES)


def reason(code: str) -> dict[str, Any]:
    return {"code": code, "facts": FACTS[code]}


def test_it_works() -> None:
    with speaking("nl"):
        assert wording.reason_sentence(reason("wish_sector")) == (
            "De tweede wens is Kok. Dit aanbod is in dezelfde sector: Horeca, bakkerij en recreatie."
        )
        of_sector = {"code": "wish_sector", "facts": WISH | {"wish": "ZORG", "sector": "ZORG"}}
        assert wording.reason_sentence(of_sector).startswith("De tweede wens is de sector Zorg")
        assert wording.youth_sentence(reason("near")) == (
            "Het is dichtbij: ongeveer 25 minuten met bus, tram of trein."
        )


def test_every_reason_is_worded_for_both() -> None:
    assert set(FACTS) == set(wording.FOR_ADULTS) == set(wording.FOR_YOUTHS) == set(REASON_CODES)


@both_languages
@pytest.mark.parametrize("code", REASON_CODES)
def test_a_reason_is_a_sentence(code: str, language: str) -> None:
    with speaking(language):
        for sentence in (wording.reason_sentence(reason(code)), wording.youth_sentence(reason(code))):
            assert_sentence(sentence)


@pytest.mark.parametrize("code", REASON_CODES)
def test_both_languages_are_there(code: str) -> None:
    said = []
    for language in LANGUAGES:
        with speaking(language):
            said.append((wording.reason_sentence(reason(code)), wording.youth_sentence(reason(code))))
    dutch, english = said
    assert not set(dutch) & set(english)


@both_languages
@pytest.mark.parametrize("code", REASON_CODES)
def test_a_youth_never_hears_a_score_and_only_short_sentences(code: str, language: str) -> None:
    with speaking(language):
        sentence = wording.youth_sentence(reason(code))
    assert "38" not in sentence
    assert "score" not in sentence.lower()
    assert all(len(part.split()) <= LONGEST_FOR_YOUTHS for part in re.split(r"[.:]", sentence))


@both_languages
@pytest.mark.parametrize("code", CAUSES)
def test_every_cause_of_having_nothing_is_worded(code: str, language: str) -> None:
    with speaking(language):
        assert_sentence(wording.cause_sentence({"code": code, "offers": 0}))
        assert code not in wording.cause_sentence({"code": code, "offers": 0})
        assert "12" in wording.cause_sentence({"code": code, "offers": 12})


@both_languages
@pytest.mark.parametrize("code", list(wording.CAUSES_FOR_YOUTHS))
def test_a_youth_reads_each_cause_that_is_for_him_as_a_sentence(code: str, language: str) -> None:
    with speaking(language):
        (said,) = wording.youth_causes([{"code": code, "offers": 12, "alone": 0}])

    assert_sentence(said.removeprefix("12 ").capitalize())


def test_to_a_youth_rules_that_come_to_the_same_are_one_cause() -> None:
    causes = [
        {"code": "K-5", "offers": 9, "alone": 0},
        {"code": "H-14S", "offers": 3, "alone": 1},
        {"code": "R-1", "offers": 1, "alone": 0},
    ]

    with speaking("nl"):
        assert wording.youth_causes(causes) == [
            "12 plekken passen niet bij je leeftijd.",
            "1 plek is te ver weg voor jou.",
        ]


def test_causes_say_different_things() -> None:
    """Rules that never forbid share one sentence; all others say what they are about."""
    forbidding = {row.id for row in LAW if Verdict.BLOCK in verdicts_of(row)}
    never = {row.id for row in LAW} - forbidding
    assert never == {"K-1", "K-2", "K-3", "K-6"}
    with speaking("en"):
        sentences = [wording.rule_sentence(rule) for rule in RULES if rule not in never]
    assert len(set(sentences)) == len(sentences)


@both_languages
@pytest.mark.parametrize("row", LAW, ids=lambda row: row.id)
def test_every_word_of_the_law_is_worded(row: Any, language: str) -> None:
    with speaking(language):
        for verdict in verdicts_of(row) - {Verdict.OK}:
            facts = {"age": 15, "conditions": ("light_work", "constant_guidance", "licence")}
            assert_sentence(wording.rule_sentence(row.id, verdict.value, facts))


def test_conditions_are_told() -> None:
    with speaking("en"):
        sentence = wording.rule_sentence("Z-1", "SCHOOL_ACK", {"age": 14, "conditions": ["light_work"]})
    assert sentence.endswith("only if the school agrees. Light work only.")


HOURS_OF_OFFERS: dict[str, dict[str, Any]] = {
    "other_day": {"hours_per_day": 9.5},
    "window": {"starts_at": time(5, 30), "ends_at": time(9)},
    "sunday": {"hours_per_day": 4.0, "weekdays": frozenset({7})},
}


@both_languages
@pytest.mark.parametrize("measure", HOURS_OF_OFFERS)
def test_hours_are_told_with_their_limit(measure: str, language: str) -> None:
    offer = make_offer(ends_on=date(2027, 3, 7), **HOURS_OF_OFFERS[measure])
    problem = make_problem(offers=[offer])
    said = check_pair(problem.seekers[0], offer, on=problem.on, places=problem.places)
    (passed,) = [one for one in said if one.facts.get("measure") == measure]

    with speaking(language):
        sentence = wording.rule_sentence(passed.rule, passed.verdict.value, passed.facts)
        cause = wording.rule_sentence(passed.rule)

    assert_sentence(sentence)
    assert sentence != cause
    if measure == "other_day":
        assert ("9,5" in sentence) is (language == "nl")


def test_an_expert_adult_is_named_where_one_would_help() -> None:
    asking = {
        row.id for row in LAW if any(cell.supervised for cell in (*row.cells.values(), *row.by_age.values()))
    }
    assert set(wording.HAZARDS_TO_GUIDE) == asking


@pytest.mark.parametrize("rule", ["T-1", "T-2", "T-3", "T-4", "A-5"])
def test_what_is_not_said_is_a_remark_and_no_refusal(rule: str) -> None:
    with speaking("en"):
        remark = wording.rule_sentence(rule, "WARN", {"asked": ("BB",)})
        refusal = wording.rule_sentence(rule)
    assert "none is filled in" in remark or "Check that first" in remark
    assert remark != refusal


@both_languages
def test_sources_are_worded_and_articles_stand_as_they_are(language: str) -> None:
    with speaking(language):
        assert wording.source_name("Atw 3:2(2)c") == "Atw 3:2(2)c"
        for source in ("offer", "seeker", "programme", "person", "policy", "official guidance"):
            assert wording.source_name(source) != source


def test_what_the_engine_really_says_can_be_worded() -> None:
    """The facts above are those the engine gives."""
    problem = make_problem(
        seekers=[
            make_seeker(id="one", wishes=("nurse", "cook"), tags=frozenset({"cooking"})),
            make_seeker(id="two", track=None, birth=(2010, 1)),
        ],
        offers=[
            make_offer(id="kitchen", tags=frozenset({"cook", "cooking"})),
            make_offer(id="coach", kind=Kind.COACH, pc4="1068"),
        ],
    )
    said = [reason for one in suggest(problem).suggestions for reason in one.reasons]

    assert {"wish_occupation", "talents_shared", "needs_school_ack"} <= {one.code for one in said}
    for one in said:
        assert set(one.facts) >= set(FACTS[one.code]) - {"sector"}
        assert_sentence(wording.reason_sentence({"code": one.code, "facts": one.facts}))


def test_a_number_has_a_comma_in_dutch() -> None:
    with speaking("nl"):
        assert (wording.decimal(71.0789), wording.decimal(0.5, 4)) == ("71,08", "0,5000")
    with speaking("en"):
        assert wording.decimal(71.0789) == "71.08"


def test_a_word_has_its_label_and_a_sector_too() -> None:
    with speaking("nl"):
        assert wording.name_of("ZORG") == catalogue().sectors["ZORG"].label.nl
        assert wording.name_of("cook") == "Kok"
        assert wording.list_of(["a", "b", "c"]) == "a, b en c"


def verdicts_of(row: Any) -> set[Verdict]:
    cells = [*row.cells.values(), *row.by_age.values()]
    blocked = {Verdict.BLOCK} if any(cell.supervised for cell in cells) else set()
    # Serving alcohol may be learnt in some profiles, and whoever only looks is only warned.
    learnt = {Verdict.SCHOOL_ACK} if row.id == "Z-12" else set()
    watched = {Verdict.WARN} if row.id.startswith("Z-") and row.id != "Z-0" else set()
    return {cell.verdict for cell in cells} | blocked | learnt | watched


def assert_sentence(text: str) -> None:
    assert text
    assert "%(" not in text
    assert "!" not in text
    assert text[0].isupper()
    assert text[-1] in ".)"


HELP_FACTS: dict[str, dict[str, Any]] = {
    "travel_longer": {"minutes": 15, "limit": 45},
    "travel_also": {"mode": "ov"},
    "weekday_also": {"weekday": 5},
    "wish_also": {"wish": "HORECA", "is_neighbour": True},
    "kind_also": {"kind": "community_placement"},
    "start_earlier": {"weeks": 2, "day": "2027-02-01"},
    "end_later": {"weeks": 2, "day": "2027-06-01"},
    "birthday": {"age": 16, "day": "2027-04-30"},
}
HOST_FACTS: dict[str, dict[str, Any]] = {
    "hazards_answered": {"open": 3},
    "supervised": {},
    "track_also": {"track": "GL"},
    "profile_also": {"profile": "hbr"},
    "level_also": {"level": 2},
    "weekday_also": {"weekday": 5},
    "kind_also": {"kind": "community_placement"},
    "start_earlier": {"weeks": 2, "day": "2027-02-01"},
    "end_later": {"weeks": 2, "day": "2027-06-01"},
}


def change(code: str, **facts: Any) -> dict[str, Any]:
    return {"code": code, "facts": HELP_FACTS[code] | facts, "offers": 3, "lost": 1}


def test_what_would_help_is_worded_for_youth_school_and_host() -> None:
    assert set(HELP_FACTS) == set(help_wording.FOR_ADULTS) == set(help_wording.FOR_YOUTHS) == set(HELP_CODES)
    assert set(HOST_FACTS) == set(help_wording.FOR_HOSTS) == set(HOST_HELP_CODES)
    assert set(help_wording.WITHHELD) == set(WITHHOLDINGS)
    assert set(help_wording.IN_THE_WAY) <= set(WITHHOLDINGS)
    assert set(help_wording.AIMS) | {"level"} == set(AimName)
    assert set(help_wording.STEPS) <= set(HELP_CODES)


@both_languages
@pytest.mark.parametrize("code", HELP_CODES)
def test_every_change_is_a_sentence(language: str, code: str) -> None:
    with speaking(language):
        adult = help_wording.change_sentence(change(code, sector="HORECA", in_sector=2))
        youth = help_wording.youth_change_sentence(change(code, sector="HORECA", in_sector=3))
        alone = help_wording.youth_change_sentence(change(code))

    for sentence in (adult, youth, alone):
        assert sentence.endswith(".")
        assert "%(" not in sentence
        assert "!" not in sentence
        assert "3" in sentence
    assert all(len(part.split()) <= LONGEST_FOR_YOUTHS for part in re.split(r"[.:]", youth))


@both_languages
@pytest.mark.parametrize("code", HOST_HELP_CODES)
def test_a_host_reads_counts_and_few_of_them_coarsely(language: str, code: str) -> None:
    few = {"code": code, "facts": HOST_FACTS[code], "youths": 3}
    with speaking(language):
        coarse = help_wording.host_change_sentence(few, is_exact=False)
        exact = help_wording.host_change_sentence(few, is_exact=True)
        many = help_wording.host_change_sentence(few | {"youths": 12}, is_exact=False)

    assert ": 3 " in exact
    assert ": 12 " in many
    assert ": 3 " not in coarse
    assert all(sentence.endswith(".") and "%(" not in sentence for sentence in (coarse, exact, many))


def test_what_would_help_in_dutch() -> None:
    with speaking("nl"):
        assert help_wording.youth_change_sentence(change("travel_longer", sector="HORECA", in_sector=3)) == (
            f"Als je 15 minuten langer reist: 3 plekken erbij in {wording.youth_name_of('HORECA')}."
        )
        assert help_wording.youth_change_sentence(change("weekday_also")) == (
            "Als je ook op vrijdag kunt: 3 plekken erbij."
        )
        assert help_wording.change_sentence(change("birthday")).startswith("Vanaf vrijdag 30 april 2027")


@both_languages
@pytest.mark.parametrize("code", WITHHOLDINGS)
def test_every_reason_for_not_getting_it_is_a_sentence(language: str, code: str) -> None:
    told = {
        "code": code,
        "in_the_way": list(help_wording.IN_THE_WAY),
        "reached": 5,
        "with_pair": 4,
        "position": 1,
        "from_value": 0.0,
        "is_proven": False,
    }
    answer = {
        "outside": [],
        "forbidding": [],
        "score": 41.5,
        "reasons": [],
        "ranking": {"rank": 2, "allowed": 3, "is_proposed": True},
        "withheld": told,
    }
    with speaking(language):
        lines = help_wording.explanation_lines(answer)
    assert all(line.endswith((".", "?")) for line in lines)
    assert len(lines) == len(set(lines)) or code == "group"


@pytest.mark.parametrize("code", list(help_wording.SHORT_IN))
def test_every_shortfall_is_said(code: str) -> None:
    ranking = {"rank": 9, "allowed": 9, "is_proposed": False, "last_score": 50.0, "short_in": code}
    answer = {"outside": [], "forbidding": [], "score": 41.5, "reasons": [], "ranking": ranking}
    with speaking("en"):
        assert str(help_wording.SHORT_IN[code]) in help_wording.explanation_lines(answer)


@both_languages
def test_every_aim_is_said(language: str) -> None:
    with speaking(language):
        said = [help_wording.aim_sentence({"aim": aim, "from_value": 0.65}) for aim in AimName]
    assert len(set(said)) == len(said)
    assert any("65 %" in one for one in said)
