"""The law check of an offer in the making, and the tables it reads."""

import pytest

from matching import (
    LAW,
    RULES,
    AgeBand,
    Hazard,
    Kind,
    OfferFacts,
    RuleVerdict,
    Verdict,
    offer_verdicts,
    worst,
)
from tests.matching import oracle

NONE = frozenset[Hazard]()
LETTER = {"O": Verdict.OK, "W": Verdict.WARN, "A": Verdict.SCHOOL_ACK, "B": Verdict.BLOCK}
KIND_FACTS = {
    "K-1": OfferFacts(Kind.GUEST_LESSON, NONE),
    "K-2": OfferFacts(Kind.COMPANY_VISIT, NONE),
    "K-3": OfferFacts(Kind.HANDS_ON_DAY, NONE),
    "K-4": OfferFacts(Kind.COMMUNITY_PLACEMENT, NONE),
    "K-5": OfferFacts(Kind.ORIENTATION_PLACEMENT, NONE),
    "K-6": OfferFacts(Kind.ORIENTATION_PLACEMENT, NONE, observe_only=True),
    "K-7": OfferFacts(Kind.PREVOCATIONAL_PLACEMENT, NONE),
    "K-8": OfferFacts(Kind.WORK_LEARN_TRACK, NONE),
    "K-9": OfferFacts(Kind.BPV, NONE),
    "K-11": OfferFacts(Kind.ROLE_MODEL, NONE),
}


def test_it_works() -> None:
    said = offer_verdicts(OfferFacts(Kind.ORIENTATION_PLACEMENT, frozenset({Hazard.Z_2}), supervised=True))

    assert {band: _of(verdicts, "Z-2") for band, verdicts in said.items()} == {
        AgeBand.AGE_12: Verdict.BLOCK,
        AgeBand.AGE_13: Verdict.BLOCK,
        AgeBand.AGE_14_15: Verdict.BLOCK,
        AgeBand.AGE_16_17: Verdict.WARN,
        AgeBand.ADULT: Verdict.OK,
    }


@pytest.mark.parametrize("rule", KIND_FACTS)
def test_every_kind_at_every_age(rule: str) -> None:
    said = offer_verdicts(KIND_FACTS[rule])

    twelve, thirteen, fourteen, fifteen, young, adult = tuple(oracle.KINDS[rule])
    strictest = max(fourteen, fifteen, key=lambda letter: LETTER[letter].severity)
    expected = [LETTER[letter] for letter in (twelve, thirteen, strictest, young, adult)]
    assert [_of(said[band], rule) for band in AgeBand] == expected


@pytest.mark.parametrize("kind", Kind)
def test_one_rule_speaks_about_each_kind(kind: Kind) -> None:
    for verdicts in offer_verdicts(OfferFacts(kind, NONE)).values():
        assert [said.rule for said in verdicts] == [oracle.KIND_RULE[kind.value]]


@pytest.mark.parametrize("supervised", [True, False])
@pytest.mark.parametrize("hazard", Hazard)
def test_every_hazard_at_every_age(hazard: Hazard, supervised: bool) -> None:
    facts = OfferFacts(Kind.BPV, frozenset({hazard}), supervised=supervised)
    said = offer_verdicts(facts)

    youngest, child, young = oracle.HAZARDS[hazard.value]
    for band, word in zip(AgeBand, (youngest, youngest, child, young, "O"), strict=True):
        expected = Verdict.BLOCK if word.endswith("s") and not supervised else LETTER[word[0]]
        assert _of(said[band], hazard.value) is expected


@pytest.mark.parametrize(
    "facts",
    [
        OfferFacts(Kind.ORIENTATION_PLACEMENT),
        OfferFacts(Kind.ORIENTATION_PLACEMENT, NONE, unanswered=frozenset({Hazard.Z_5})),
    ],
)
def test_an_unanswered_hazard_forbids_everybody_under_18(facts: OfferFacts) -> None:
    said = offer_verdicts(facts)

    assert [_of(said[band], "Z-0") for band in AgeBand] == [Verdict.BLOCK] * 4 + [Verdict.OK]


def test_the_open_questions_are_named() -> None:
    facts = OfferFacts(Kind.BPV, NONE, unanswered=frozenset({Hazard.Z_10, Hazard.Z_2}))

    (said,) = [one for one in offer_verdicts(facts)[AgeBand.AGE_16_17] if one.rule == "Z-0"]

    assert said.facts["unanswered"] == ("Z-2", "Z-10")


def test_on_school_ground_no_hazard_is_asked() -> None:
    facts = OfferFacts(Kind.HANDS_ON_DAY, frozenset({Hazard.Z_2}), on_school_ground=True)

    assert [said.rule for said in offer_verdicts(facts)[AgeBand.AGE_12]] == ["K-1"]


def test_looking_on_a_visit_makes_a_hazard_a_remark() -> None:
    facts = OfferFacts(Kind.COMPANY_VISIT, frozenset({Hazard.Z_1}))
    doing = OfferFacts(Kind.COMPANY_VISIT, frozenset({Hazard.Z_1}), observe_only=False)

    assert _of(offer_verdicts(facts)[AgeBand.AGE_12], "Z-1") is Verdict.WARN
    assert _of(offer_verdicts(doing)[AgeBand.AGE_12], "Z-1") is Verdict.BLOCK


def test_a_visit_with_unanswered_hazards_waits_for_its_answers() -> None:
    assert worst(offer_verdicts(OfferFacts(Kind.COMPANY_VISIT))[AgeBand.AGE_13]) is Verdict.BLOCK


def test_the_form_hears_for_whom_serving_alcohol_is_an_exception() -> None:
    facts = OfferFacts(Kind.PREVOCATIONAL_PLACEMENT, frozenset({Hazard.Z_12}))

    (said,) = [one for one in offer_verdicts(facts)[AgeBand.AGE_14_15] if one.rule == "Z-12"]

    assert said.verdict is Verdict.BLOCK
    assert said.facts["unless_profiles"] == ("zw", "hbr", "groen", "dp")


def test_only_the_asked_bands_are_answered() -> None:
    said = offer_verdicts(OfferFacts(Kind.COACH, NONE), [AgeBand.ADULT])

    assert list(said) == [AgeBand.ADULT]


def test_every_row_of_law_has_its_source_and_stands_among_the_rules() -> None:
    assert [rule for rule in RULES if rule[0] in "KZ"] == [row.id for row in LAW]
    for row in LAW:
        assert row.source
        assert set(row.cells) == set(AgeBand)


def _of(verdicts: list[RuleVerdict], rule: str) -> Verdict:
    (said,) = [one for one in verdicts if one.rule == rule]
    return said.verdict
