"""The hard rules over many pairs at once: the same verdicts as `eligibility.check_pair`, read from tables.

Exact. Rules of law, of hours and of audience are asked once per distinct sort of seeker, sort of offer, law
in force and age, by the very functions that judge one pair; days and minutes are arithmetic on arrays. What
all rules say of a pair is one number: a bit per rule that forbids, and one for a remark. Memory: a few dozen
bytes per pair of a block.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import NamedTuple, TypeVar

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
from matching.hours import ALL_AGES, Sundays, activity_of, hours_at
from matching.hours_nl import Activity
from matching.law_book import Epoch
from matching.law_nl import ADULT_AGE, LOWEST_AGE
from matching.lawfulness import Learner, sundays_of, verdicts_at
from matching.nouns import Kind, Offer, OfferFacts, OfferHours, RuleVerdict, Seeker, Verdict
from matching.problem import Problem
from matching.reach import BEYOND, Minutes, Reach, Rows

ALLOWED = -1
_OPEN_START = date.min.toordinal()
_OPEN_END = date.max.toordinal()
_ALL_WEEKDAYS = 0b111_1111
_SUNDAY = 7
# Beside the members of Sundays: no day suits both.
_NO_DAY = len(Sundays)
# The rows of a table by age: under 12, which reads as 12, and 12 to 18; then the strictest word of them all.
_AGE_ROWS = (ALL_AGES[0], *ALL_AGES)
_UNKNOWN_AGE = len(_AGE_ROWS)
_BIT_OF_RULE = {rule: np.uint64(1 << number) for number, rule in enumerate(RULES)}
_REMARK = np.uint64(1 << 63)

Days = NDArray[np.int32]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.int16]
Bits = NDArray[np.uint64]
Sort = TypeVar("Sort", bound=Hashable)


class _Times(NamedTuple):
    """What of an offer decides its hours, beside the days that are shared."""

    activity: Activity | None
    hours: OfferHours


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
        epochs = problem.law.epochs
        self._epochs = [(epoch.first.toordinal(), epoch.last.toordinal()) for epoch in epochs]
        self._law = _law_table(self._seekers.learners, self._offers.laws, epochs)
        self._hours = _hours_table(self._offers.times, epochs)
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
        start_weekday = _weekday(starts)
        weekdays = _weekdays_between(starts, ends, start_weekday)
        weekdays &= seekers.weekdays[rows, None] & offers.weekdays[None, :]
        result.forbid(NO_SHARED_WEEKDAY, shares_days & (weekdays == 0))
        judged_to = np.where(ends == _OPEN_END, starts, ends)
        result.forbid(TOO_YOUNG, shares_days & (starts < seekers.of_age[rows, None]))
        result.forbid(TOO_OLD, shares_days & (judged_to >= seekers.too_old[rows, None]))
        judged = (starts, judged_to)
        result.add(self._by_age(self._law, (seekers.learner[rows, None], offers.law[None, :]), rows, judged))
        first_worked = starts + _STEPS_TO[start_weekday, weekdays]
        last_worked = np.maximum(judged_to - _STEPS_BACK[_weekday(judged_to), weekdays], first_worked)
        times = (offers.time[None, :], _SUNDAYS_OF[offers.names_sunday, weekdays])
        result.add(self._by_age(self._hours, times, rows, (first_worked, last_worked)))
        result.add(self._audience[seekers.pupil[rows, None], offers.audience[None, :]])
        result.forbid(OUT_OF_REACH, minutes == BEYOND)
        return Screened(result.first, result.count, result.has_remark, minutes)

    def _by_age(
        self, table: Bits, sorts: tuple[NDArray[np.integer], ...], rows: Rows, days: tuple[Days, Days]
    ) -> Bits:
        """What a table says of these days; nothing where the first comes after the last."""
        found = np.zeros(days[0].shape, dtype=np.uint64)
        for number, (epoch_first, epoch_last) in enumerate(self._epochs):
            first, last = np.maximum(days[0], epoch_first), np.minimum(days[1], epoch_last)
            said = _looked_up(table, (*sorts, number, self._ages(rows, first), self._ages(rows, last)))
            found |= np.where(first <= last, said, np.uint64(0))
        return found

    def _ages(self, rows: Rows, days: Days) -> Numbers:
        """How many birthdays from 12 to 18 are past: the row of a table by age; more for an unknown age.

        Most seekers have the same age on all days of a block, so only birthdays within them are compared.
        """
        birthdays = self._seekers.birthdays[rows]
        earliest, latest = days.min(axis=1, initial=_OPEN_END), days.max(axis=1, initial=_OPEN_START)
        past = (birthdays <= earliest[:, None]).sum(axis=1)
        ages = np.repeat(past.astype(np.int16)[:, None], days.shape[1], axis=1)
        to_come = (birthdays <= latest[:, None]).sum(axis=1) - past
        for step in range(int(to_come.max(initial=0))):
            has_next = np.flatnonzero(to_come > step)
            birthday_then = birthdays[has_next, past[has_next] + step]
            ages[has_next] += days[has_next] >= birthday_then[:, None]
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
        self.times, self.time = _sorts([_times(offer) for offer in offers])
        self.names_sunday = np.array([[_SUNDAY in offer.weekdays for offer in offers]], dtype=np.intp)
        self.audiences, self.audience = _sorts([_audience(offer) for offer in offers])


class _Tally:
    """Rules laid over the pairs of a block, one after another; every rule has a bit of its own."""

    def __init__(self, rows: int, columns: int) -> None:
        self._bits = np.zeros((rows, columns), dtype=np.uint64)

    def forbid(self, rule: str, where: Flags) -> None:
        if where.any():
            self._bits |= np.where(where, _BIT_OF_RULE[rule], np.uint64(0))

    def add(self, bits: Bits) -> None:
        self._bits |= bits

    @property
    def has_remark(self) -> Flags:
        remarks: Flags = (self._bits & _REMARK) != 0
        return remarks

    @property
    def count(self) -> Numbers:
        count: Numbers = np.bitwise_count(self._bits & ~_REMARK).astype(np.int16)
        return count

    @property
    def first(self) -> Numbers:
        """The number of the lowest bit, which is that of the first rule."""
        rules = self._bits & ~_REMARK
        below = np.bitwise_count(~rules & (rules - np.uint64(1))).astype(np.int16)
        first: Numbers = np.where(rules == 0, np.int16(ALLOWED), below)
        return first


def _looked_up(table: Bits, numbers: tuple[NDArray[np.integer] | int, ...]) -> Bits:
    """As `table[numbers]`, by one number per cell, which is quicker."""
    cells: NDArray[np.intp] = np.zeros((1, 1), dtype=np.intp)
    for size, number in zip(table.shape, numbers, strict=True):
        cells = cells * size + number
    return np.take(table, cells)


def _bits_of(verdicts: Iterable[RuleVerdict]) -> int:
    bits = 0
    for said in verdicts:
        if said.verdict is Verdict.BLOCK:
            bits |= int(_BIT_OF_RULE[said.rule])
        elif said.verdict is not Verdict.OK:
            bits |= int(_REMARK)
    return bits


def _law_table(learners: Sequence[Learner], laws: Sequence[OfferFacts], epochs: Sequence[Epoch]) -> Bits:
    """By learner, offer, law in force, and the first and last age."""
    said = np.zeros((len(learners), len(laws), len(epochs), len(_AGE_ROWS)), dtype=np.uint64)
    sorts = product(enumerate(learners), enumerate(laws), enumerate(epochs), enumerate(_AGE_ROWS))
    for (learner_row, learner), (law_row, law), (number, epoch), (row, age) in sorts:
        said[learner_row, law_row, number, row] = _bits_of(verdicts_at(law, learner, age, epoch.law))
    return _over_ranges(said)


def _hours_table(times: Sequence[_Times], epochs: Sequence[Epoch]) -> Bits:
    """By the times of offers, Sundays, law in force, and the first and last age."""
    said = np.zeros((len(times), _NO_DAY + 1, len(epochs), len(_AGE_ROWS)), dtype=np.uint64)
    sorts = product(enumerate(times), Sundays, enumerate(epochs), enumerate(_AGE_ROWS))
    for (time_row, (activity, hours)), sundays, (number, epoch), (row, age) in sorts:
        bits = _bits_of(hours_at(hours, activity, age, sundays, epoch.law))
        said[time_row, sundays, number, row] = bits
    return _over_ranges(said)


def _over_ranges(at_age: Bits) -> Bits:
    """What is said at each age becomes what is said from a first to a last age; last: at any age."""
    ages = len(_AGE_ROWS)
    ranges = np.zeros((*at_age.shape[:-1], ages + 1, ages + 1), dtype=np.uint64)
    for first in range(ages):
        ranges[..., first, first:ages] = np.bitwise_or.accumulate(at_age[..., first:], axis=-1)
    ranges[..., _UNKNOWN_AGE, _UNKNOWN_AGE] = np.bitwise_or.reduce(at_age, axis=-1)
    return ranges


def _audience_table(pupils: Sequence[Seeker], audiences: Sequence[Offer]) -> Bits:
    table = np.zeros((len(pupils), len(audiences)), dtype=np.uint64)
    for (pupil_row, pupil), (audience_row, audience) in product(enumerate(pupils), enumerate(audiences)):
        table[pupil_row, audience_row] = _bits_of(audience_verdicts(pupil, audience))
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


def _times(offer: Offer) -> _Times:
    """The times of an offer without its weekdays, so that many share one."""
    return _Times(activity_of(offer.facts), replace(offer.hours, weekdays=frozenset()))


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


def _weekday(days: Days) -> NDArray[np.int32]:
    """Monday is 0; day 1 of the calendar is a Monday."""
    weekday: NDArray[np.int32] = (days - 1) % 7
    return weekday


def _weekdays_between(starts: Days, ends: Days, weekday: NDArray[np.int32]) -> NDArray[np.int16]:
    """The weekdays from start to end, as bits, Monday the lowest; `weekday` is that of the starts."""
    lengths = np.clip(ends - starts + 1, 0, 7)
    weekdays: NDArray[np.int16] = _WEEKDAYS_OF_STRETCH[weekday, lengths]
    return weekdays


def _weekdays_in(bits: int) -> list[int]:
    return [weekday for weekday in range(1, 8) if bits >> (weekday - 1) & 1]


def _steps(direction: int) -> NDArray[np.int32]:
    """From a weekday (row, Monday 0) to the nearest one of a set (column, as bits); 0 for the empty set."""
    return np.array(
        [
            [
                next((step for step in range(7) if chosen >> ((day + direction * step) % 7) & 1), 0)
                for chosen in range(_ALL_WEEKDAYS + 1)
            ]
            for day in range(7)
        ],
        dtype=np.int32,
    )


_STEPS_TO, _STEPS_BACK = _steps(1), _steps(-1)
# By whether the offer names Sunday, and the weekdays that suit both.
_SUNDAYS_OF = np.array(
    [
        [
            sundays_of(_weekdays_in(bits), {_SUNDAY} if names_sunday else ()) if bits else _NO_DAY
            for bits in range(_ALL_WEEKDAYS + 1)
        ]
        for names_sunday in (False, True)
    ],
    dtype=np.intp,
)
_BIT_OF_KIND = {kind: 1 << number for number, kind in enumerate(Kind)}
_WEEKDAYS_OF_STRETCH = np.array(
    [[sum(1 << ((first + step) % 7) for step in range(length)) for length in range(8)] for first in range(7)],
    dtype=np.int16,
)
