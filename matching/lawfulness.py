"""What the law says of an offer at an age: the rows of `law_nl`, read while somebody types.

Guarantee: every K or Z rule that applies speaks, also when it says OK. Below 12 nothing is read: the age
limits of a programme forbid that.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from matching.law_nl import (
    ADULT_AGE,
    ALCOHOL_PROFILES,
    LAW_BY_ID,
    LOWEST_AGE,
    UNANSWERED,
    WORK_LEARN_YEARS,
    Cell,
)
from matching.nouns import (
    AgeBand,
    Fact,
    Hazard,
    Kind,
    OfferFacts,
    Pathway,
    Profile,
    RuleVerdict,
    Seeker,
    Track,
    Verdict,
)

_AGES_OF_BAND = {
    AgeBand.AGE_12: (12,),
    AgeBand.AGE_13: (13,),
    AgeBand.AGE_14_15: (14, 15),
    AgeBand.AGE_16_17: (16, 17),
    AgeBand.ADULT: (ADULT_AGE,),
}
ALL_AGES = tuple(range(LOWEST_AGE, ADULT_AGE + 1))
_RULE_OF_KIND = {
    Kind.PREVOCATIONAL_PLACEMENT: "K-7",
    Kind.WORK_LEARN_TRACK: "K-8",
    Kind.ROLE_MODEL: "K-11",
    Kind.COACH: "K-11",
    Kind.GUEST_LESSON: "K-1",
    Kind.PEER_LESSON: "K-1",
}


class Learner(NamedTuple):
    """What of a seeker's schooling the law asks about."""

    may_serve_alcohol: bool
    may_work_and_learn: bool
    pathway: Pathway | None

    @classmethod
    def of(cls, seeker: Seeker) -> "Learner":
        """The part of a seeker that matters here; what is unknown does not open a door."""
        return cls(
            may_serve_alcohol=seeker.profile in ALCOHOL_PROFILES,
            may_work_and_learn=seeker.track is Track.BB and seeker.year in WORK_LEARN_YEARS,
            pathway=seeker.pathway,
        )


def offer_verdicts(
    offer: OfferFacts, bands: Collection[AgeBand] = tuple(AgeBand)
) -> dict[AgeBand, list[RuleVerdict]]:
    """What the law says of an offer in the making, for each age band, before anybody is matched with it.

    Within 14-15 the stricter age counts. Rules that depend on the school's profile take none; the facts name
    the exception (`unless_profiles`). An unanswered hazard (Z-0) forbids everybody under 18.
    """
    return {band: verdicts_over(offer, None, _AGES_OF_BAND[band]) for band in bands}


def verdicts_over(offer: OfferFacts, learner: Learner | None, ages: Iterable[int]) -> list[RuleVerdict]:
    """The strictest word of each rule over some ages, in the order of the rules."""
    strictest: dict[str, RuleVerdict] = {}
    for age in ages:
        for said in verdicts_at(offer, learner, age):
            before = strictest.get(said.rule)
            if before is None or said.verdict.severity > before.verdict.severity:
                strictest[said.rule] = said
    return list(strictest.values())


def verdicts_at(offer: OfferFacts, learner: Learner | None, age: int) -> Iterator[RuleVerdict]:
    """Every rule of kind and hazard at one age (12 or more; from 18 on nothing changes)."""
    rule = kind_rule(offer, learner.pathway if learner else None)
    yield _kind_verdict(rule, offer, learner, age)
    # On school ground the working-time act does not apply, so there the hazards are not asked (Atw 2:3).
    if rule == "K-1":
        return
    if offer.open_hazards:
        names: Fact = _codes(offer.open_hazards)
        yield _said(UNANSWERED, LAW_BY_ID[UNANSWERED].at(age), offer, age, {"unanswered": names})
    for hazard in Hazard:
        if offer.hazards and hazard in offer.hazards:
            said = _hazard_verdict(hazard, offer, learner, age)
            # Only looking, with school staff, is no work (Atw 1:2): a hazard is then a remark, not a ban.
            yield _at_most_warn(said) if rule == "K-2" else said


def kind_rule(offer: OfferFacts, pathway: Pathway | None) -> str:
    """The one rule K that speaks about this kind of activity."""
    if offer.kind in (Kind.HANDS_ON_DAY, Kind.COMMUNITY_PLACEMENT) and offer.on_school_ground:
        return "K-1"
    if offer.kind.is_visit:
        return "K-2" if offer.is_looking_only else "K-3"
    if offer.kind is Kind.HANDS_ON_DAY:
        return "K-3"
    if offer.kind is Kind.COMMUNITY_PLACEMENT:
        return "K-4"
    if offer.kind is Kind.ORIENTATION_PLACEMENT:
        return "K-6" if offer.is_looking_only else "K-5"
    if offer.kind is Kind.BPV:
        return "K-10" if pathway is Pathway.BBL else "K-9"
    return _RULE_OF_KIND[offer.kind]


def _kind_verdict(rule: str, offer: OfferFacts, learner: Learner | None, age: int) -> RuleVerdict:
    facts: dict[str, Fact] = {"kind": offer.kind.value}
    cell = LAW_BY_ID[rule].at(age)
    if rule == "K-8" and learner is not None and not learner.may_work_and_learn:
        facts |= {"track": Track.BB.value, "years": tuple(str(year) for year in WORK_LEARN_YEARS)}
        cell = Cell(Verdict.BLOCK)
    return _said(rule, cell, offer, age, facts)


def _hazard_verdict(hazard: Hazard, offer: OfferFacts, learner: Learner | None, age: int) -> RuleVerdict:
    facts: dict[str, Fact] = {}
    cell = LAW_BY_ID[hazard.value].at(age)
    if hazard is Hazard.Z_12 and cell.verdict is Verdict.BLOCK:
        if offer.kind is Kind.WORK_LEARN_TRACK or (learner is not None and learner.may_serve_alcohol):
            cell = Cell(Verdict.SCHOOL_ACK)
        else:
            facts["unless_profiles"] = tuple(
                profile.value for profile in Profile if profile in ALCOHOL_PROFILES
            )
    return _said(hazard.value, cell, offer, age, facts)


def _said(rule: str, cell: Cell, offer: OfferFacts, age: int, facts: dict[str, Fact]) -> RuleVerdict:
    facts = {"age": age, **facts}
    verdict = cell.verdict
    if cell.supervised and not offer.supervised:
        verdict = Verdict.BLOCK
        facts["needs_supervision"] = True
    if cell.conditions and verdict is not Verdict.BLOCK:
        facts["conditions"] = tuple(condition.value for condition in cell.conditions)
    return RuleVerdict(rule, verdict, LAW_BY_ID[rule].source, facts)


def _at_most_warn(said: RuleVerdict) -> RuleVerdict:
    if said.verdict.severity <= Verdict.WARN.severity:
        return said
    return RuleVerdict(said.rule, Verdict.WARN, said.source, {"age": said.facts["age"], "looking_only": True})


def _codes(hazards: frozenset[Hazard]) -> tuple[str, ...]:
    return tuple(hazard.value for hazard in Hazard if hazard in hazards)
