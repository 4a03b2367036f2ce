"""What rules ask or remark of pairs they do not forbid, remembered by what the rules look at.

Exact: the rules are asked by the very functions that judge one pair, once per sort of seeker, sort of offer
and ages; beside the pairs there are few of these. Growth: constant time per pair, memory in the sorts.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from matching.ages import stretches
from matching.eligibility import (
    RULES,
    Days,
    audience_verdicts,
    shared_days,
    shared_weekdays,
    worked_days,
)
from matching.hours import ALL_AGES, Sundays, activity_of, hours_at
from matching.hours_nl import Activity
from matching.law_book import LawBook, LawInForce
from matching.law_nl import LOWEST_AGE
from matching.lawfulness import Learner, strictest, sundays_of, verdicts_at, voice
from matching.nouns import Fact, Offer, OfferFacts, OfferHours, Reason, RuleVerdict, Seeker
from matching.reasons import rule_reasons

_ORDER = {rule: number for number, rule in enumerate(RULES)}
_NOTHING_SAID = 0

# The ages on some days, under each law in force; None: unknown.
_Ages = tuple[tuple[int, tuple[int, ...] | None], ...]
_Ask = Callable[[int, LawInForce], Iterable[RuleVerdict]]


class _Own(NamedTuple):
    """A seeker as the rules see him, with the numbers of his sorts."""

    seeker: Seeker
    learner: Learner
    learner_sort: int
    pupil_sort: int


class _Their(NamedTuple):
    """An offer as the rules see it, with the numbers of its sorts."""

    offer: Offer
    facts: OfferFacts
    facts_sort: int
    hours: OfferHours
    activity: Activity | None
    times_sort: int
    audience_sort: int


class Remarks:
    """The reasons that rules add to a suggestion: what needs the word of the school, and what is remarked."""

    def __init__(self, offers: Sequence[Offer], on: date, law: LawBook) -> None:
        """`offers` is what can be suggested, `on` the day of the run."""
        self._on, self._law = on, law
        self._sorts: dict[Hashable, int] = {}
        self._ages: dict[Hashable, _Ages] = {}
        self._worked: dict[Hashable, tuple[Days | None, Sundays]] = {}
        self._said: list[tuple[RuleVerdict, ...]] = [()]
        self._numbers: dict[Hashable, int] = {}
        self._reasons: dict[tuple[int, ...], tuple[Reason, ...]] = {}
        self._theirs = [self._their(offer) for offer in offers]
        self._last: _Own | None = None

    def of(self, seeker: Seeker, row: int) -> tuple[Reason, ...]:
        """The reasons for a seeker and the offer of this row, a pair that no rule forbids."""
        own, their = self._own(seeker), self._theirs[row]
        days = shared_days(seeker, their.offer, self._on)
        spoken = (self._by_law(own, their, days), self._by_hours(own, their, days), self._by_who(own, their))
        reasons = self._reasons.get(spoken)
        if reasons is None:
            said = [one for number in spoken for one in self._said[number]]
            reasons = self._reasons[spoken] = tuple(rule_reasons(said))
        return reasons

    def _by_law(self, own: _Own, their: _Their, days: Days) -> int:
        ages = self._ages_on(own.seeker, days)
        key = "law", own.learner_sort, their.facts_sort, ages
        if key not in self._numbers:
            self._note(
                key, self._over(ages, lambda age, law: verdicts_at(their.facts, own.learner, age, law))
            )
        return self._numbers[key]

    def _by_hours(self, own: _Own, their: _Their, days: Days) -> int:
        worked, sundays = self._worked_on(own.seeker, their.offer, days)
        if worked is None:
            return _NOTHING_SAID
        ages = self._ages_on(own.seeker, worked)
        key = "hours", their.times_sort, sundays, ages
        if key not in self._numbers:
            said = self._over(ages, lambda age, law: hours_at(their.hours, their.activity, age, sundays, law))
            self._note(key, said)
        return self._numbers[key]

    def _by_who(self, own: _Own, their: _Their) -> int:
        key = "who", own.pupil_sort, their.audience_sort
        if key not in self._numbers:
            self._note(key, audience_verdicts(own.seeker, their.offer))
        return self._numbers[key]

    def _note(self, key: Hashable, said: Iterable[RuleVerdict]) -> None:
        self._numbers[key] = len(self._said)
        self._said.append(tuple(said))

    def _over(self, ages: _Ages, ask: _Ask) -> list[RuleVerdict]:
        """What is said at these ages: rules in order, of each the measures as they are met."""
        by_voice: dict[tuple[str, Fact], list[RuleVerdict]] = {}
        for epoch, some in ages:
            law = self._law.epochs[epoch].law
            for said in _said_at(some, law, ask):
                by_voice.setdefault(voice(said), []).append(said)
        ordered = sorted(by_voice.items(), key=lambda item: _ORDER[item[0][0]])
        return [said for _voice, spoken in ordered for said in spoken]

    def _ages_on(self, seeker: Seeker, days: Days) -> _Ages:
        key = seeker.birth, days.first, days.judged_to
        if key not in self._ages:
            self._ages[key] = tuple(self._ages_between(*key))
        return self._ages[key]

    def _ages_between(
        self, birth: tuple[int, int] | None, first: date, last: date
    ) -> Iterator[tuple[int, tuple[int, ...] | None]]:
        for number, epoch in enumerate(self._law.epochs):
            start, end = max(first, epoch.first), min(last, epoch.last)
            if start > end:
                continue
            if birth is None:
                yield number, None
            else:
                # Below 12 another rule has spoken; the law table starts there.
                yield number, tuple(max(one.age, LOWEST_AGE) for one in stretches(birth, start, end))

    def _worked_on(self, seeker: Seeker, offer: Offer, days: Days) -> tuple[Days | None, Sundays]:
        key = seeker.weekdays, offer.weekdays, days
        if key not in self._worked:
            weekdays = shared_weekdays(seeker, offer, days)
            self._worked[key] = worked_days(days, weekdays), sundays_of(weekdays, offer.weekdays)
        return self._worked[key]

    def _own(self, seeker: Seeker) -> _Own:
        """Pairs come seeker by seeker, so the last one is remembered."""
        if self._last is None or self._last.seeker is not seeker:
            learner = Learner.of(seeker)
            pupil = seeker.track, seeker.profile, seeker.crebo, seeker.level, seeker.year
            self._last = _Own(seeker, learner, self._sort("learner", learner), self._sort("pupil", pupil))
        return self._last

    def _their(self, offer: Offer) -> _Their:
        facts, hours = offer.facts, replace(offer.hours, weekdays=frozenset())
        activity = activity_of(facts)
        audience = offer.kind, offer.tracks, offer.profiles, offer.levels, offer.crebos
        return _Their(
            offer,
            facts,
            self._sort("facts", facts),
            hours,
            activity,
            self._sort("times", (activity, hours)),
            self._sort("audience", audience),
        )

    def _sort(self, name: str, value: Hashable) -> int:
        return self._sorts.setdefault((name, value), len(self._sorts))


def _said_at(ages: tuple[int, ...] | None, law: LawInForce, ask: _Ask) -> Iterator[RuleVerdict]:
    if ages is None:
        # Nobody knows the age, so the strictest word of any age holds.
        yield from strictest(ask(age, law) for age in ALL_AGES)
        return
    for age in ages:
        yield from ask(age, law)
