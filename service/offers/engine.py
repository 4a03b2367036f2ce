"""The law check of an offer in the making: light enough for the web process, asked at every change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time

from matching import (
    AgeBand,
    Hazard,
    Kind,
    OfferFacts,
    OfferHours,
    RuleVerdict,
    Verdict,
    offer_verdicts,
    worst,
)
from service.core import clock
from service.offers.models import Offer

SCHOOL_GROUND_KINDS = frozenset({Kind.HANDS_ON_DAY, Kind.COMMUNITY_PLACEMENT})
UNANSWERED = "Z-0"
OF_HOURS = "H-"


@dataclass(frozen=True, slots=True)
class AgeCheck:
    """What the law says at the ages of one band: the strictest word, and every rule with something to say."""

    band: str
    verdict: str
    findings: tuple[RuleVerdict, ...]
    waits: bool
    """Whether only open questions stand in the way."""
    hours_forbid: bool
    """Whether only the hours stand in the way."""

    @property
    def is_allowed(self) -> bool:
        return self.verdict != Verdict.BLOCK


@dataclass(frozen=True, slots=True)
class LawCheck:
    ages: tuple[AgeCheck, ...]
    open_hazards: tuple[str, ...]
    """Questions that must be answered before anybody under 18 may come."""

    @property
    def allowed_bands(self) -> tuple[str, ...]:
        return tuple(age.band for age in self.ages if age.is_allowed)


def hazard_codes() -> tuple[str, ...]:
    return tuple(hazard.value for hazard in Hazard)


def asks_ground(kind: str) -> bool:
    """Whether it matters if this takes place on school ground."""
    return kind in SCHOOL_GROUND_KINDS


def is_visit(kind: str) -> bool:
    return kind in set(Kind) and Kind(kind).is_visit


def check_offer(offer: Offer) -> LawCheck:
    return check_law(
        offer.kind,
        offer.hazards,
        supervised=offer.supervised,
        observe_only=offer.observe_only,
        on_school_ground=offer.on_school_ground,
        hours=hours_of(offer.starts_at, offer.ends_at, offer.hours_per_day, offer.weekdays),
        on=offer.starts_on,
    )


def hours_of(
    starts_at: time | None, ends_at: time | None, hours_per_day: float | None, weekdays: Iterable[int]
) -> OfferHours:
    return OfferHours(starts_at, ends_at, hours_per_day, frozenset(weekdays))


def check_law(
    kind: str,
    hazards: Mapping[str, bool],
    *,
    supervised: bool = False,
    observe_only: bool | None = None,
    on_school_ground: bool = False,
    hours: OfferHours | None = None,
    on: date | None = None,
) -> LawCheck:
    """A hazard that is not in the answers has not been answered; such a question matters only for ages that
    could come if the answer were no. The law is that of the first day, or of today."""
    facts = OfferFacts(
        kind=Kind(kind),
        hazards=frozenset(Hazard(code) for code, applies in hazards.items() if applies),
        unanswered=frozenset(hazard for hazard in Hazard if hazard.value not in hazards),
        supervised=supervised,
        observe_only=observe_only,
        on_school_ground=on_school_ground,
    )
    verdicts = offer_verdicts(facts, hours=hours, on=max(on or date.min, clock.today()))
    ages = tuple(_age_check(band, said) for band, said in verdicts.items())
    still_open = facts.open_hazards if any(age.waits for age in ages) else ()
    return LawCheck(ages, tuple(hazard.value for hazard in Hazard if hazard in still_open))


def _age_check(band: AgeBand, said: list[RuleVerdict]) -> AgeCheck:
    answered = [one for one in said if one.rule != UNANSWERED]
    telling = tuple(one for one in answered if one.verdict is not Verdict.OK or "conditions" in one.facts)
    verdict = worst(said)
    waits = verdict is Verdict.BLOCK and worst(answered) is not Verdict.BLOCK
    tasks = worst(one for one in said if not one.rule.startswith(OF_HOURS))
    hours_forbid = verdict is Verdict.BLOCK and tasks is not Verdict.BLOCK
    return AgeCheck(band.value, verdict.value, telling, waits, hours_forbid)
