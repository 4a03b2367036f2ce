"""What the law says of an offer at an age: the rows of `law_nl`, read while somebody types.

Guarantee: every K or Z rule that applies speaks, also when it says OK, and the rule on hours does as far as
the offer says when and how long. Below 12 nothing is read: the age limits of a programme forbid that.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from itertools import chain
from typing import NamedTuple

from matching.hours import Sundays, activity_of, hours_at
from matching.kinds import kind_rule
from matching.law_book import DUTCH_LAW, LawBook, LawInForce
from matching.law_nl import ADULT_AGE, ALCOHOL_PROFILES, UNANSWERED, WORK_LEARN_YEARS, Cell, LawRow
from matching.nouns import (
    AgeBand,
    Fact,
    Hazard,
    Kind,
    OfferFacts,
    OfferHours,
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
_SUNDAY = 7


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
    offer: OfferFacts,
    bands: Collection[AgeBand] = tuple(AgeBand),
    *,
    hours: OfferHours | None = None,
    law: LawBook = DUTCH_LAW,
    on: date = date.max,
) -> dict[AgeBand, list[RuleVerdict]]:
    """What the law says of an offer in the making, for each age band, before anybody is matched with it.

    Within 14-15 the stricter age counts. Rules that depend on the school's profile take none; the facts name
    the exception (`unless_profiles`). An unanswered hazard (Z-0) forbids everybody under 18. `hours` is what
    the offer says of its days: their times, their length and Sunday are judged, the rest waits for a plan.
    `on` is the day whose law is asked; without it, the last law that is known.
    """
    in_force = law.on(on)
    said_hours = hours or OfferHours()
    activity = activity_of(offer)
    sundays = sundays_of(said_hours.weekdays, said_hours.weekdays)
    return {
        band: strictest(
            chain(
                verdicts_at(offer, None, age, in_force),
                hours_at(said_hours, activity, age, sundays, in_force),
            )
            for age in _AGES_OF_BAND[band]
        )
        for band in bands
    }


def sundays_of(shared: Collection[int], asked: Collection[int]) -> Sundays:
    """Whether Sunday is among the weekdays that suit both; a day the offer does not name is not asked."""
    if _SUNDAY not in shared:
        return Sundays.NONE
    if len(shared) == 1:
        return Sundays.ONLY
    return Sundays.SOME if _SUNDAY in asked else Sundays.NONE


def strictest(ages: Iterable[Iterable[RuleVerdict]]) -> list[RuleVerdict]:
    """The strictest word of each rule (of hours: on each measure) over some ages, rules in order."""
    found: dict[tuple[str, Fact], RuleVerdict] = {}
    for said in chain.from_iterable(ages):
        key = voice(said)
        before = found.get(key)
        if before is None or said.verdict.severity > before.verdict.severity:
            found[key] = said
    return list(found.values())


def voice(said: RuleVerdict) -> tuple[str, Fact]:
    """Who speaks: a rule, and of the rules on hours the measure."""
    return said.rule, said.facts.get("measure", "")


def verdicts_at(
    offer: OfferFacts, learner: Learner | None, age: int, law: LawInForce
) -> Iterator[RuleVerdict]:
    """Every rule of kind and hazard at one age (12 or more; from 18 on nothing changes)."""
    rule = kind_rule(offer, learner.pathway if learner else None)
    yield _kind_verdict(law.rows[rule], offer, learner, age)
    # On school ground the working-time act does not apply, so there the hazards are not asked (Atw 2:3).
    if rule == "K-1":
        return
    if offer.open_hazards and UNANSWERED in law.rows:
        row = law.rows[UNANSWERED]
        names: Fact = _codes(offer.open_hazards)
        yield _said(row, row.at(age), offer, age, {"unanswered": names})
    for hazard in Hazard:
        if offer.hazards and hazard in offer.hazards and hazard.value in law.rows:
            said = _hazard_verdict(law.rows[hazard.value], offer, learner, age)
            # Only looking, with school staff, is no work (Atw 1:2): a hazard is then a remark, not a ban.
            yield _at_most_warn(said) if rule == "K-2" else said


def _kind_verdict(row: LawRow, offer: OfferFacts, learner: Learner | None, age: int) -> RuleVerdict:
    facts: dict[str, Fact] = {"kind": offer.kind.value}
    cell = row.at(age)
    if row.id == "K-8" and learner is not None and not learner.may_work_and_learn:
        facts |= {"track": Track.BB.value, "years": tuple(str(year) for year in WORK_LEARN_YEARS)}
        cell = Cell(Verdict.BLOCK)
    return _said(row, cell, offer, age, facts)


def _hazard_verdict(row: LawRow, offer: OfferFacts, learner: Learner | None, age: int) -> RuleVerdict:
    facts: dict[str, Fact] = {}
    cell = row.at(age)
    if row.id == Hazard.Z_12 and cell.verdict is Verdict.BLOCK:
        if offer.kind is Kind.WORK_LEARN_TRACK or (learner is not None and learner.may_serve_alcohol):
            cell = Cell(Verdict.SCHOOL_ACK)
        else:
            facts["unless_profiles"] = tuple(
                profile.value for profile in Profile if profile in ALCOHOL_PROFILES
            )
    return _said(row, cell, offer, age, facts)


def _said(row: LawRow, cell: Cell, offer: OfferFacts, age: int, facts: dict[str, Fact]) -> RuleVerdict:
    facts = {"age": age, **facts}
    verdict = cell.verdict
    if cell.supervised and not offer.supervised:
        verdict = Verdict.BLOCK
        facts["needs_supervision"] = True
    if cell.conditions and verdict is not Verdict.BLOCK:
        facts["conditions"] = tuple(condition.value for condition in cell.conditions)
    return RuleVerdict(row.id, verdict, row.source, facts)


def _at_most_warn(said: RuleVerdict) -> RuleVerdict:
    if said.verdict.severity <= Verdict.WARN.severity:
        return said
    return RuleVerdict(said.rule, Verdict.WARN, said.source, {"age": said.facts["age"], "looking_only": True})


def _codes(hazards: frozenset[Hazard]) -> tuple[str, ...]:
    return tuple(hazard.value for hazard in Hazard if hazard in hazards)
