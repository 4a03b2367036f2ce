"""The hard rules over many pairs at once: the same verdicts as `eligibility.check_pair`, read from tables.

Exact. Rules of law and audience are asked once per distinct sort of seeker, sort of offer and range of ages,
by the very functions that judge one pair; days and minutes are arithmetic on arrays. Memory: a few bytes per
pair of a block.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, combinations_with_replacement, product
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from matching.ages import birthday
from matching.eligibility import (
    BLOCKED_PAIR,
    GROUP_KIND,
    KIND_NOT_WANTED,
    NO_SHARED_DAYS,
    NO_SHARED_WEEKDAY,
    OUT_OF_REACH,
    OVER,
    POSITIONS,
    RULES,
    TOO_OLD,
    TOO_YOUNG,
    audience_verdicts,
)
from matching.law_nl import ADULT_AGE, LOWEST_AGE
from matching.lawfulness import ALL_AGES, Learner, verdicts_at, verdicts_over
from matching.nouns import Kind, Offer, OfferFacts, RuleVerdict, Seeker, Verdict
from matching.problem import Problem
from matching.reach import BEYOND, Minutes, Reach, Rows

ALLOWED = -1
_RULE_NUMBER = {rule: number for number, rule in enumerate(RULES)}
_OPEN_START = date.min.toordinal()
_OPEN_END = date.max.toordinal()
_ALL_WEEKDAYS = 0b111_1111
_UNKNOWN_AGE = len(ALL_AGES) + 1

Days = NDArray[np.int32]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.int16]
Sort = TypeVar("Sort", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Screened:
    """Pairs of some seekers (rows) with all offers (columns) after the hard rules.

    `first` is the number in RULES of the first rule that forbids, ALLOWED where none does; `count` how many
    forbid; `has_remark` whether a rule asks for a word of the school or makes a remark.
    """

    first: Numbers
    count: Numbers
    has_remark: Flags
    minutes: Minutes

    @property
    def allowed(self) -> Flags:
        """Which pairs no rule forbids."""
        allowed: Flags = self.first == ALLOWED
        return allowed


class Screening:
    """The hard rules of a problem, prepared for blocks of seekers."""

    def __init__(self, problem: Problem) -> None:
        """Read every seeker and offer once; nothing is done per pair yet."""
        self.reach = Reach(problem)
        self._on = problem.on.toordinal()
        self._seekers = _SeekerColumns(problem)
        self._offers = _OfferColumns(problem)
        self._law = _law_table(self._seekers.learners, self._offers.laws)
        self._audience = _audience_table(self._seekers.pupils, self._offers.audiences)
        self._blocked = _blocked_columns(problem)

    def screen(self, rows: Rows) -> Screened:
        """Judge the pairs of these seekers with every offer."""
        result = _Tally(len(rows), self._offers.count)
        seekers, offers = self._seekers, self._offers
        minutes = self.reach.minutes(rows)
        starts = np.maximum(np.maximum(seekers.starts[rows, None], offers.starts[None, :]), self._on)
        ends = np.minimum(seekers.ends[rows, None], offers.ends[None, :])
        shares_days = ends >= starts
        is_over = np.broadcast_to((offers.ends < self._on)[None, :], shares_days.shape)

        result.forbid(BLOCKED_PAIR, self._blocked_pairs(rows))
        result.forbid(GROUP_KIND, seekers.is_class[rows, None] != offers.is_group[None, :])
        result.forbid(KIND_NOT_WANTED, (seekers.kinds[rows, None] & offers.kind[None, :]) == 0)
        result.forbid(POSITIONS, seekers.size[rows, None] > offers.positions[None, :])
        result.forbid(OVER, is_over)
        result.forbid(NO_SHARED_DAYS, ~shares_days & ~is_over)
        weekdays = _weekdays_between(starts, ends) & seekers.weekdays[rows, None] & offers.weekdays[None, :]
        result.forbid(NO_SHARED_WEEKDAY, shares_days & (weekdays == 0))
        judged_to = np.where(ends == _OPEN_END, starts, ends)
        result.forbid(TOO_YOUNG, shares_days & (starts < seekers.of_age[rows, None]))
        result.forbid(TOO_OLD, shares_days & (judged_to >= seekers.too_old[rows, None]))
        first_age, last_age = self._ages(rows, starts), self._ages(rows, judged_to)
        law = self._law.at(seekers.learner[rows, None], offers.law[None, :], first_age, last_age)
        result.forbid_by_table(law, shares_days)
        result.forbid_by_table(self._audience.at(seekers.pupil[rows, None], offers.audience[None, :]), None)
        result.forbid(OUT_OF_REACH, minutes == BEYOND)
        return Screened(result.first, result.count, result.has_remark, minutes)

    def _ages(self, rows: Rows, days: Days) -> Numbers:
        """How many birthdays from 12 to 18 are past: the row of the law table; more for an unknown age."""
        ages = np.zeros(days.shape, dtype=np.int16)
        for birthdays in self._seekers.birthdays[rows].T:
            ages += days >= birthdays[:, None]
        ages[~self._seekers.has_birth[rows]] = _UNKNOWN_AGE
        return ages

    def _blocked_pairs(self, rows: Rows) -> Flags:
        pairs = np.zeros((len(rows), self._offers.count), dtype=bool)
        for place, row in enumerate(rows.tolist()):
            for column in self._blocked.get(row, ()):
                pairs[place, column] = True
        return pairs


class _SeekerColumns:
    def __init__(self, problem: Problem) -> None:
        seekers = problem.seekers
        self.is_class = np.array([seeker.is_class for seeker in seekers], dtype=bool)
        self.kinds = np.array([_kind_bits(seeker.kinds or Kind) for seeker in seekers], dtype=np.int32)
        self.size = np.array([seeker.size for seeker in seekers], dtype=np.int32)
        self.starts = _ordinals([seeker.available_from for seeker in seekers], _OPEN_START)
        self.ends = _ordinals([seeker.until for seeker in seekers], _OPEN_END)
        self.weekdays = _weekday_bits([seeker.weekdays for seeker in seekers])
        self.has_birth = np.array([seeker.birth is not None for seeker in seekers], dtype=bool)
        ages = range(LOWEST_AGE, ADULT_AGE + 1)
        self.birthdays = np.array(
            [[_birthday(seeker, age, _OPEN_END) for age in ages] for seeker in seekers], dtype=np.int32
        ).reshape(len(seekers), len(ages))
        limits = problem.limits
        self.of_age = np.array(
            [_birthday(seeker, limits.min_age, _OPEN_START) for seeker in seekers], dtype=np.int32
        )
        self.too_old = np.array(
            [_birthday(seeker, limits.max_age + 1, _OPEN_END) for seeker in seekers], dtype=np.int32
        )
        self.learners, self.learner = _sorts([Learner.of(seeker) for seeker in seekers])
        self.pupils, self.pupil = _sorts([_pupil(seeker) for seeker in seekers])


class _OfferColumns:
    def __init__(self, problem: Problem) -> None:
        offers = problem.offers
        self.count = len(offers)
        self.is_group = np.array([offer.kind.is_group for offer in offers], dtype=bool)
        self.kind = np.array([_kind_bits((offer.kind,)) for offer in offers], dtype=np.int32)
        self.positions = np.array([offer.positions for offer in offers], dtype=np.int32)
        self.starts = _ordinals([offer.starts_on for offer in offers], _OPEN_START)
        self.ends = _ordinals([offer.ends_on for offer in offers], _OPEN_END)
        self.weekdays = _weekday_bits([offer.weekdays for offer in offers])
        self.laws, self.law = _sorts([offer.facts for offer in offers])
        self.audiences, self.audience = _sorts([_audience(offer) for offer in offers])


class _Tally:
    """Rules laid over the pairs of a block, one after another."""

    def __init__(self, rows: int, columns: int) -> None:
        self.first = np.full((rows, columns), ALLOWED, dtype=np.int16)
        self.count = np.zeros((rows, columns), dtype=np.int16)
        self.has_remark = np.zeros((rows, columns), dtype=bool)

    def forbid(self, rule: str, where: Flags) -> None:
        self.first[where & (self.first == ALLOWED)] = _RULE_NUMBER[rule]
        self.count += where

    def forbid_by_table(self, said: tuple[Numbers, Numbers, Flags], where: Flags | None) -> None:
        first, count, has_remark = said
        if where is not None:
            first = np.where(where, first, np.int16(ALLOWED))
            count = np.where(where, count, np.int16(0))
            has_remark = has_remark & where
        np.copyto(self.first, first, where=self.first == ALLOWED)
        self.count += count
        self.has_remark |= has_remark


class _Table:
    """Verdicts looked up by the numbers of a sort of seeker, a sort of offer, and whatever else decides."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self._first = np.full(shape, ALLOWED, dtype=np.int16)
        self._count = np.zeros(shape, dtype=np.int16)
        self._has_remark = np.zeros(shape, dtype=bool)

    def write(self, cell: tuple[int, ...], verdicts: Iterable[RuleVerdict]) -> None:
        said = list(verdicts)
        forbidding = sorted({_RULE_NUMBER[one.rule] for one in said if one.verdict is Verdict.BLOCK})
        self._first[cell] = forbidding[0] if forbidding else ALLOWED
        self._count[cell] = len(forbidding)
        self._has_remark[cell] = any(one.verdict in (Verdict.WARN, Verdict.SCHOOL_ACK) for one in said)

    def at(self, *numbers: NDArray[np.intp] | Numbers) -> tuple[Numbers, Numbers, Flags]:
        return self._first[numbers], self._count[numbers], self._has_remark[numbers]


def _law_table(learners: Sequence[Learner], laws: Sequence[OfferFacts]) -> _Table:
    """By learner, offer and the first and last age (rows of `_ages`)."""
    rows = (ALL_AGES[0], *ALL_AGES)
    table = _Table((len(learners), len(laws), _UNKNOWN_AGE + 1, _UNKNOWN_AGE + 1))
    for (learner_row, learner), (law_row, law) in product(enumerate(learners), enumerate(laws)):
        at_age = [list(verdicts_at(law, learner, age)) for age in rows]
        for first, last in combinations_with_replacement(range(len(rows)), 2):
            table.write((learner_row, law_row, first, last), chain(*at_age[first : last + 1]))
        unknown = verdicts_over(law, learner, ALL_AGES)
        table.write((learner_row, law_row, _UNKNOWN_AGE, _UNKNOWN_AGE), unknown)
    return table


def _audience_table(pupils: Sequence[Seeker], audiences: Sequence[Offer]) -> _Table:
    table = _Table((len(pupils), len(audiences)))
    for (pupil_row, pupil), (audience_row, audience) in product(enumerate(pupils), enumerate(audiences)):
        table.write((pupil_row, audience_row), audience_verdicts(pupil, audience))
    return table


def _pupil(seeker: Seeker) -> Seeker:
    """A seeker with only what the rules of audience ask, so that many share one."""
    return Seeker(
        id="",
        pc4="",
        birth=None,
        track=seeker.track,
        profile=seeker.profile,
        crebo=seeker.crebo,
        level=seeker.level,
        year=seeker.year,
    )


def _audience(offer: Offer) -> Offer:
    """An offer with only what the rules of audience ask."""
    return Offer(
        id="",
        kind=offer.kind,
        pc4="",
        tracks=offer.tracks,
        profiles=offer.profiles,
        levels=offer.levels,
        crebos=offer.crebos,
    )


def _sorts(values: Sequence[Sort]) -> tuple[list[Sort], Rows]:
    numbers: dict[Sort, int] = {}
    rows = [numbers.setdefault(value, len(numbers)) for value in values]
    return list(numbers), np.array(rows, dtype=np.intp)


def _blocked_columns(problem: Problem) -> dict[int, list[int]]:
    """The columns ruled out per row; pairs of which one side is not in this run do not matter."""
    seekers = {seeker.id: row for row, seeker in enumerate(problem.seekers)}
    offers = {offer.id: column for column, offer in enumerate(problem.offers)}
    columns: dict[int, list[int]] = {}
    for seeker_id, offer_id in problem.blocked:
        if seeker_id in seekers and offer_id in offers:
            columns.setdefault(seekers[seeker_id], []).append(offers[offer_id])
    return columns


def _ordinals(days: Sequence[date | None], if_open: int) -> Days:
    return np.array([if_open if day is None else day.toordinal() for day in days], dtype=np.int32)


def _birthday(seeker: Seeker, age: int, if_unknown: int) -> int:
    return if_unknown if seeker.birth is None else birthday(seeker.birth, age).toordinal()


def _kind_bits(kinds: Iterable[Kind]) -> int:
    return sum(_BIT_OF_KIND[kind] for kind in kinds)


def _weekday_bits(choices: Sequence[frozenset[int]]) -> NDArray[np.int16]:
    bits = [sum(1 << (weekday - 1) for weekday in chosen) or _ALL_WEEKDAYS for chosen in choices]
    return np.array(bits, dtype=np.int16)


def _weekdays_between(starts: Days, ends: Days) -> NDArray[np.int16]:
    """The weekdays from start to end, as bits, Monday the lowest. Day 1 of the calendar is a Monday."""
    lengths = np.clip(ends - starts + 1, 0, 7)
    weekdays: NDArray[np.int16] = _WEEKDAYS_OF_STRETCH[(starts - 1) % 7, lengths]
    return weekdays


_BIT_OF_KIND = {kind: 1 << number for number, kind in enumerate(Kind)}
_WEEKDAYS_OF_STRETCH = np.array(
    [[sum(1 << ((first + step) % 7) for step in range(length)) for length in range(8)] for first in range(7)],
    dtype=np.int16,
)
