"""Hard rules over a pair of seeker and offer; the first in RULES that says BLOCK is the reason.

Guarantee: no rule is part of the score, and what is unknown never lifts a rule of law. Source: DOMAIN 2,
PRODUCT 4. Constant time per pair, linear in the birthdays within the shared days. Light: no numpy.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from matching.ages import age_on, birthday, stretches
from matching.geography import ADULT_AGE, Journey, Limits, journey, kilometres
from matching.law_nl import LAW, LOWEST_AGE, PREVOCATIONAL_YEARS
from matching.lawfulness import ALL_AGES, Learner, verdicts_at, verdicts_over
from matching.nouns import Fact, Kind, Offer, Place, RuleVerdict, Seeker, Verdict

BLOCKED_PAIR = "P-1"
GROUP_KIND = "G-1"
KIND_NOT_WANTED = "G-2"
POSITIONS = "C-1"
OVER = "D-1"
NO_SHARED_DAYS = "D-2"
NO_SHARED_WEEKDAY = "D-3"
TOO_YOUNG = "L-1"
TOO_OLD = "L-2"
TRACK = "T-1"
PROFILE = "T-2"
LEVEL = "T-3"
CREBO = "T-4"
BPV_IS_FOR_MBO = "T-5"
PREVOCATIONAL_YEAR = "T-6"
RECOGNITION = "A-5"
OUT_OF_REACH = "R-1"
NO_OFFERS = "no_offers"

_BEFORE_LAW = (
    BLOCKED_PAIR,
    GROUP_KIND,
    KIND_NOT_WANTED,
    POSITIONS,
    OVER,
    NO_SHARED_DAYS,
    NO_SHARED_WEEKDAY,
    TOO_YOUNG,
    TOO_OLD,
)
AUDIENCE_RULES = (BPV_IS_FOR_MBO, PREVOCATIONAL_YEAR, TRACK, PROFILE, LEVEL, CREBO, RECOGNITION)
LAW_RULES = tuple(row.id for row in LAW)
# In the order in which they are asked.
RULES: tuple[str, ...] = (*_BEFORE_LAW, *LAW_RULES, *AUDIENCE_RULES, OUT_OF_REACH)
# Why somebody has no suggestion: a rule that forbids, or nothing to choose from.
CAUSES: tuple[str, ...] = (*RULES, NO_OFFERS)

_BY_OFFER, _BY_SEEKER, _BY_PROGRAMME, _BY_PERSON = "offer", "seeker", "programme", "person"


class Days(NamedTuple):
    """The days two sides share, both ends included; `last` None: no end is known, the first day is judged."""

    first: date
    last: date | None

    @property
    def are_none(self) -> bool:
        """Whether there is no such day."""
        return self.last is not None and self.last < self.first

    @property
    def judged_to(self) -> date:
        """The last day whose age is judged now; later dates are judged when they are known."""
        return self.first if self.last is None else self.last


def check_pair(
    seeker: Seeker,
    offer: Offer,
    *,
    on: date,
    places: Mapping[str, Place],
    limits: Limits | None = None,
    acknowledged: Collection[str] = (),
    is_blocked: bool = False,
) -> list[RuleVerdict]:
    """Every rule that speaks about a pair, in the order of RULES, also those that say OK.

    `on` is today, `places` holds at least both postcodes, `acknowledged` the rules a named coordinator has
    taken on himself (only a SCHOOL_ACK listens to that), `is_blocked` whether a person ruled this pair out.
    """
    limits = limits or Limits()
    days = shared_days(seeker, offer, on)
    verdicts = [
        *_standing_verdicts(seeker, offer, is_blocked),
        *_day_verdicts(seeker, offer, days, on),
        *([] if days.are_none else _age_verdicts(seeker, days, limits)),
        *([] if days.are_none else _law_verdicts(seeker, offer, days)),
        *audience_verdicts(seeker, offer),
        _travel_verdict(seeker, offer, on, places, limits),
    ]
    return [_with_acknowledgement(said, acknowledged) for said in verdicts]


def worst(verdicts: Iterable[RuleVerdict]) -> Verdict:
    """The strictest verdict of all; OK when nothing was said."""
    return max((said.verdict for said in verdicts), key=lambda verdict: verdict.severity, default=Verdict.OK)


def permits(verdicts: Iterable[RuleVerdict]) -> bool:
    """Whether the pair may go on now: nothing forbids it, and nothing still waits for the school's word."""
    return worst(verdicts).severity < Verdict.SCHOOL_ACK.severity


def first_block(verdicts: Iterable[RuleVerdict]) -> RuleVerdict | None:
    """The first rule that forbids."""
    return next((said for said in verdicts if said.verdict is Verdict.BLOCK), None)


def shared_days(seeker: Seeker, offer: Offer, on: date) -> Days:
    """From the latest start (not before today) to the earliest end."""
    first = max(day for day in (seeker.available_from, offer.starts_on, on) if day is not None)
    ends = [day for day in (seeker.until, offer.ends_on) if day is not None]
    return Days(first, min(ends) if ends else None)


def shared_weekdays(seeker: Seeker, offer: Offer, days: Days) -> frozenset[int]:
    """The weekdays that occur in the shared days and suit both."""
    length = 7 if days.last is None else min(7, (days.last - days.first).days + 1)
    weekdays = {(days.first + timedelta(days=step)).isoweekday() for step in range(length)}
    for wanted in (seeker.weekdays, offer.weekdays):
        weekdays &= wanted or weekdays
    return frozenset(weekdays)


def journey_of(
    seeker: Seeker, offer: Offer, on: date, places: Mapping[str, Place], limits: Limits
) -> Journey:
    """The seeker's journey to the offer, at the age of today; an unknown age is the youngest."""
    age = None if seeker.birth is None else age_on(seeker.birth, on)
    is_adult = age is not None and age >= ADULT_AGE
    limit = limits.minutes_at(age, seeker.max_minutes)
    distance = kilometres(places[seeker.pc4], places[offer.pc4])
    return journey(distance, seeker.modes, is_adult, limit, limits)


def limit_for(seeker: Seeker, on: date, limits: Limits) -> int:
    """The seeker's limit in minutes one way."""
    age = None if seeker.birth is None else age_on(seeker.birth, on)
    return limits.minutes_at(age, seeker.max_minutes)


def audience_verdicts(seeker: Seeker, offer: Offer) -> Iterator[RuleVerdict]:
    """For whom the offer is, by schooling; what a seeker does not say is a remark, never a refusal."""
    if offer.kind is Kind.BPV and not seeker.is_mbo:
        yield RuleVerdict(BPV_IS_FOR_MBO, Verdict.BLOCK, "WEB 7.2.8")
    if offer.kind is Kind.PREVOCATIONAL_PLACEMENT and (
        seeker.is_mbo or (seeker.year is not None and seeker.year not in PREVOCATIONAL_YEARS)
    ):
        yield RuleVerdict(PREVOCATIONAL_YEAR, Verdict.BLOCK, "WVO")
    if seeker.is_mbo:
        own, other = _mbo_conditions(seeker, offer), _vmbo_conditions(seeker, offer)
    else:
        own, other = _vmbo_conditions(seeker, offer), _mbo_conditions(seeker, offer)
    is_known = seeker.is_mbo or seeker.track is not None or seeker.profile is not None
    yield from own
    if is_known and not own:
        yield from (replace(said, verdict=Verdict.BLOCK) for said in other)
    elif not is_known:
        yield from other
    if offer.kind is Kind.BPV and not offer.crebos:
        yield RuleVerdict(RECOGNITION, Verdict.WARN, "WEB 7.2.8(4)")


def _vmbo_conditions(seeker: Seeker, offer: Offer) -> list[RuleVerdict]:
    said = []
    if offer.tracks:
        said.append(_membership(TRACK, seeker.track, offer.tracks))
    if offer.profiles:
        said.append(_membership(PROFILE, seeker.profile, offer.profiles))
    return said


def _mbo_conditions(seeker: Seeker, offer: Offer) -> list[RuleVerdict]:
    said = []
    if offer.levels:
        level = None if seeker.level is None else str(seeker.level)
        said.append(_membership(LEVEL, level, {str(level) for level in offer.levels}))
    if offer.crebos and offer.kind is Kind.BPV:
        said.append(_membership(RECOGNITION, seeker.crebo, offer.crebos, "WEB 7.2.8(4)"))
    elif offer.crebos:
        said.append(_membership(CREBO, seeker.crebo, offer.crebos))
    return said


def _membership(rule: str, own: str | None, wanted: Collection[str], source: str = _BY_OFFER) -> RuleVerdict:
    facts: dict[str, Fact] = {"asked": tuple(sorted(str(item) for item in wanted))}
    if own is None:
        return RuleVerdict(rule, Verdict.WARN, source, facts)
    facts["own"] = str(own)
    return RuleVerdict(rule, Verdict.OK if own in wanted else Verdict.BLOCK, source, facts)


def _standing_verdicts(seeker: Seeker, offer: Offer, is_blocked: bool) -> Iterator[RuleVerdict]:
    if is_blocked:
        yield RuleVerdict(BLOCKED_PAIR, Verdict.BLOCK, _BY_PERSON)
    kind: Fact = offer.kind.value
    if offer.kind.is_group != seeker.is_class:
        yield RuleVerdict(GROUP_KIND, Verdict.BLOCK, _BY_OFFER, {"kind": kind, "is_class": seeker.is_class})
    if seeker.kinds and offer.kind not in seeker.kinds:
        yield RuleVerdict(KIND_NOT_WANTED, Verdict.BLOCK, _BY_SEEKER, {"kind": kind})
    verdict = Verdict.OK if seeker.size <= offer.positions else Verdict.BLOCK
    yield RuleVerdict(POSITIONS, verdict, _BY_OFFER, {"positions": offer.positions, "needed": seeker.size})


def _day_verdicts(seeker: Seeker, offer: Offer, days: Days, on: date) -> Iterator[RuleVerdict]:
    if offer.ends_on is not None and offer.ends_on < on:
        yield RuleVerdict(OVER, Verdict.BLOCK, _BY_OFFER, {"ended_on": offer.ends_on.isoformat()})
        return
    if days.are_none:
        facts: dict[str, Fact] = {
            name: day.isoformat()
            for name, day in (
                ("starts_on", offer.starts_on),
                ("ends_on", offer.ends_on),
                ("available_from", seeker.available_from),
                ("until", seeker.until),
            )
            if day is not None
        }
        yield RuleVerdict(NO_SHARED_DAYS, Verdict.BLOCK, _BY_SEEKER, facts)
        return
    weekdays = shared_weekdays(seeker, offer, days)
    verdict = Verdict.OK if weekdays else Verdict.BLOCK
    shared: Fact = tuple(str(day) for day in sorted(weekdays))
    yield RuleVerdict(NO_SHARED_WEEKDAY, verdict, _BY_SEEKER, {"weekdays": shared})


def _age_verdicts(seeker: Seeker, days: Days, limits: Limits) -> Iterator[RuleVerdict]:
    if seeker.birth is None:
        return
    youngest = age_on(seeker.birth, days.first)
    if youngest < limits.min_age:
        reached = birthday(seeker.birth, limits.min_age)
        facts: dict[str, Fact] = {
            "age": youngest,
            "from_age": limits.min_age,
            "reached_on": reached.isoformat(),
        }
        yield RuleVerdict(TOO_YOUNG, Verdict.BLOCK, _BY_PROGRAMME, facts)
    oldest = age_on(seeker.birth, days.judged_to)
    if oldest > limits.max_age:
        yield RuleVerdict(TOO_OLD, Verdict.BLOCK, _BY_PROGRAMME, {"age": oldest, "to_age": limits.max_age})


def _law_verdicts(seeker: Seeker, offer: Offer, days: Days) -> Iterator[RuleVerdict]:
    learner = Learner.of(seeker)
    if seeker.birth is None:
        # Nobody knows the age, so the strictest word of any age holds.
        yield from verdicts_over(offer.facts, learner, ALL_AGES)
        return
    by_rule: dict[str, list[RuleVerdict]] = {}
    for stretch in stretches(seeker.birth, days.first, days.judged_to):
        # Below 12 L-1 has spoken; the law table starts there.
        for said in verdicts_at(offer.facts, learner, max(stretch.age, LOWEST_AGE)):
            dated = replace(said, from_day=stretch.first, to_day=stretch.last)
            spoken = by_rule.setdefault(said.rule, [])
            if spoken and spoken[-1].verdict is dated.verdict:
                spoken[-1] = replace(spoken[-1], to_day=dated.to_day)
            else:
                spoken.append(dated)
    for rule in LAW_RULES:
        spoken = by_rule.get(rule, [])
        if len(spoken) == 1:
            yield replace(spoken[0], from_day=None, to_day=None)
        else:
            yield from spoken


def _travel_verdict(
    seeker: Seeker, offer: Offer, on: date, places: Mapping[str, Place], limits: Limits
) -> RuleVerdict:
    way = journey_of(seeker, offer, on, places, limits)
    facts: dict[str, Fact] = {"kilometres": way.kilometres, "limit": limit_for(seeker, on, limits)}
    if way.minutes is None or way.mode is None:
        return RuleVerdict(OUT_OF_REACH, Verdict.BLOCK, _BY_SEEKER, facts)
    facts |= {"minutes": way.minutes, "mode": way.mode.value}
    return RuleVerdict(OUT_OF_REACH, Verdict.OK, _BY_SEEKER, facts)


def _with_acknowledgement(said: RuleVerdict, acknowledged: Collection[str]) -> RuleVerdict:
    if said.verdict is Verdict.SCHOOL_ACK and said.rule in acknowledged:
        return replace(said, verdict=Verdict.OK, facts={**said.facts, "acknowledged": True})
    return said
