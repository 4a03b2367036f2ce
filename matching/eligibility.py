"""Hard rules over a pair of seeker and offer; the first in RULES that says BLOCK is the reason.

Guarantee: no rule is part of the score, and what is unknown never lifts a rule of law. Source: DOMAIN 2,
PRODUCT 4. Constant time per pair, linear in the birthdays within the shared days. Light: no numpy.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from matching.ages import age_on, birthday, stretches
from matching.geography import ADULT_AGE, Journey, Limits, journey, kilometres
from matching.hours import ALL_AGES, activity_of, hours_at
from matching.hours_nl import HOURS
from matching.law_book import DUTCH_LAW, LawBook, LawInForce
from matching.law_nl import LAW, LOWEST_AGE, PREVOCATIONAL_YEARS
from matching.lawfulness import Learner, strictest, sundays_of, verdicts_at, voice
from matching.nouns import Fact, Kind, Offer, Place, RuleVerdict, Seeker, Verdict
from matching.plan_hours import check_hours
from matching.workdays import Schedule

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
LAW_RULES = tuple(dict.fromkeys(row.id for row in LAW))
HOUR_RULES = tuple(dict.fromkeys(row.id for row in HOURS))
# In the order in which they are asked.
RULES: tuple[str, ...] = (*_BEFORE_LAW, *LAW_RULES, *HOUR_RULES, *AUDIENCE_RULES, OUT_OF_REACH)
_ORDER = {rule: number for number, rule in enumerate(RULES)}
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
    schedule: Schedule | None = None,
    law: LawBook = DUTCH_LAW,
) -> list[RuleVerdict]:
    """Every rule that speaks about a pair, in the order of RULES, also those that say OK.

    `on` is today, `places` holds at least both postcodes, `acknowledged` the rules a named coordinator has
    taken on himself (only a SCHOOL_ACK listens to that), `is_blocked` whether a person ruled this pair out.
    With a `schedule` the ages and the law are those of its days, and its hours are judged in full; without
    one they are those of the days both sides share, and of the hours only what the offer says of them.
    """
    limits = limits or Limits()
    days = shared_days(seeker, offer, on)
    judged = days if schedule is None else Days(schedule.first, schedule.last)
    verdicts = [
        *_standing_verdicts(seeker, offer, is_blocked),
        *_day_verdicts(seeker, offer, days, on),
        *([] if judged.are_none else _age_verdicts(seeker, judged, limits)),
        *([] if judged.are_none else _law_verdicts(seeker, offer, judged, law)),
        *(
            _hours_verdicts(seeker, offer, days, law)
            if schedule is None
            else check_hours(seeker, offer.facts, schedule, law=law)
        ),
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


def worked_days(days: Days, weekdays: Collection[int]) -> Days | None:
    """From the first to the last of the days that falls on one of the weekdays; None when none does."""
    if days.are_none or not weekdays:
        return None
    first, last = days.first, days.judged_to
    while first.isoweekday() not in weekdays:
        first += timedelta(days=1)
    while last > first and last.isoweekday() not in weekdays:
        last -= timedelta(days=1)
    return Days(first, max(first, last))


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


def _law_verdicts(seeker: Seeker, offer: Offer, days: Days, law: LawBook) -> Iterator[RuleVerdict]:
    facts, learner = offer.facts, Learner.of(seeker)
    return _over_ages(seeker, days, law, lambda age, in_force: verdicts_at(facts, learner, age, in_force))


def _hours_verdicts(seeker: Seeker, offer: Offer, days: Days, law: LawBook) -> Iterator[RuleVerdict]:
    """As far as an offer can tell: of the days that suit both, at the ages of those days."""
    weekdays = frozenset[int]() if days.are_none else shared_weekdays(seeker, offer, days)
    worked = worked_days(days, weekdays)
    if worked is None:
        return iter(())
    hours, activity = offer.hours, activity_of(offer.facts)
    sundays = sundays_of(weekdays, offer.weekdays)
    return _over_ages(
        seeker, worked, law, lambda age, in_force: hours_at(hours, activity, age, sundays, in_force)
    )


def _over_ages(
    seeker: Seeker, days: Days, law: LawBook, ask: Callable[[int, LawInForce], Iterable[RuleVerdict]]
) -> Iterator[RuleVerdict]:
    """What rules say at every age and under every law of the days; dated where it is not all of them."""
    by_voice: dict[tuple[str, Fact], list[RuleVerdict]] = {}
    for first, last, said in _asked(seeker, days, law, ask):
        spoken = by_voice.setdefault(voice(said), [])
        if spoken and spoken[-1].verdict is said.verdict and spoken[-1].to_day == first - timedelta(days=1):
            spoken[-1] = replace(spoken[-1], to_day=last)
        else:
            spoken.append(replace(said, from_day=first, to_day=last))
    for _voice, spoken in sorted(by_voice.items(), key=lambda item: _ORDER[item[0][0]]):
        for said in spoken:
            covers_all = (said.from_day, said.to_day) == (days.first, days.judged_to)
            yield replace(said, from_day=None, to_day=None) if covers_all else said


def _asked(
    seeker: Seeker, days: Days, law: LawBook, ask: Callable[[int, LawInForce], Iterable[RuleVerdict]]
) -> Iterator[tuple[date, date, RuleVerdict]]:
    for epoch in law.between(days.first, days.judged_to):
        if seeker.birth is None:
            # Nobody knows the age, so the strictest word of any age holds.
            for said in strictest(ask(age, epoch.law) for age in ALL_AGES):
                yield epoch.first, epoch.last, said
            continue
        for stretch in stretches(seeker.birth, epoch.first, epoch.last):
            # Below 12 L-1 has spoken; the law table starts there.
            for said in ask(max(stretch.age, LOWEST_AGE), epoch.law):
                yield stretch.first, stretch.last, said


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
