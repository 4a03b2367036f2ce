"""The hard rules over many pairs at once: the same verdicts as `eligibility.check_pair`, read from tables.

Exact. Rules of law, of hours and of audience are read from `rule_tables`; days and minutes are arithmetic on
arrays. Memory: a few dozen bytes per pair of a block.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.eligibility import (
    BLOCKED_PAIR,
    GROUP_KIND,
    KIND_NOT_WANTED,
    NO_SHARED_DAYS,
    NO_SHARED_WEEKDAY,
    OUT_OF_REACH,
    OVER,
    POSITIONS,
    TOO_OLD,
    TOO_YOUNG,
)
from matching.nouns import Offer, Seeker
from matching.problem import Problem
from matching.reach import BEYOND, Minutes, Reach, Rows
from matching.rule_tables import (
    BIT_OF_RULE,
    OPEN_END,
    OPEN_START,
    REMARK,
    STEPS_BACK,
    STEPS_TO,
    SUNDAYS_OF,
    UNKNOWN_AGE,
    WEEKDAYS_OF_STRETCH,
    Bits,
    Days,
    OfferColumns,
    SeekerColumns,
    audience_table,
    hours_table,
    law_table,
)

ALLOWED = -1

Flags = NDArray[np.bool_]
Numbers = NDArray[np.int16]


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
        self._seekers = SeekerColumns(problem.seekers, problem.limits)
        self._offers = OfferColumns(problem.offers)
        epochs = problem.law.epochs
        self._epochs = [(epoch.first.toordinal(), epoch.last.toordinal()) for epoch in epochs]
        self._law = law_table(self._seekers.learners, self._offers.laws, epochs)
        self._hours = hours_table(self._offers.times, epochs)
        self._audience = audience_table(self._seekers.pupils, self._offers.audiences)
        self._blocked = _blocked_columns(problem)

    def screen(self, rows: Rows, columns: Rows | None = None) -> Screened:
        """Judge the pairs of these seekers with these offers, by default with every one."""
        seekers, offers = self._seekers, self._offers
        if columns is not None:
            offers = offers.taken(columns)
        result = _Tally(len(rows), offers.count)
        minutes = self.reach.minutes(rows, columns)
        starts = np.maximum(np.maximum(seekers.starts[rows, None], offers.starts[None, :]), self._on)
        ends = np.minimum(seekers.ends[rows, None], offers.ends[None, :])
        shares_days = ends >= starts
        is_over = np.broadcast_to((offers.ends < self._on)[None, :], shares_days.shape)

        blocked = self._blocked_pairs(rows)
        result.forbid(BLOCKED_PAIR, blocked if columns is None else blocked[:, columns])
        result.forbid(GROUP_KIND, seekers.is_class[rows, None] != offers.is_group[None, :])
        result.forbid(KIND_NOT_WANTED, (seekers.kinds[rows, None] & offers.kind[None, :]) == 0)
        result.forbid(POSITIONS, seekers.size[rows, None] > offers.positions[None, :])
        result.forbid(OVER, is_over)
        result.forbid(NO_SHARED_DAYS, ~shares_days & ~is_over)
        start_weekday = _weekday(starts)
        weekdays = _weekdays_between(starts, ends, start_weekday)
        weekdays &= seekers.weekdays[rows, None] & offers.weekdays[None, :]
        result.forbid(NO_SHARED_WEEKDAY, shares_days & (weekdays == 0))
        judged_to = np.where(ends == OPEN_END, starts, ends)
        result.forbid(TOO_YOUNG, shares_days & (starts < seekers.of_age[rows, None]))
        result.forbid(TOO_OLD, shares_days & (judged_to >= seekers.too_old[rows, None]))
        judged = (starts, judged_to)
        result.add(self._by_age(self._law, (seekers.learner[rows, None], offers.law[None, :]), rows, judged))
        first_worked = starts + STEPS_TO[start_weekday, weekdays]
        last_worked = np.maximum(judged_to - STEPS_BACK[_weekday(judged_to), weekdays], first_worked)
        times = (offers.time[None, :], SUNDAYS_OF[offers.names_sunday, weekdays])
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
        earliest, latest = days.min(axis=1, initial=OPEN_END), days.max(axis=1, initial=OPEN_START)
        past = (birthdays <= earliest[:, None]).sum(axis=1)
        ages = np.repeat(past.astype(np.int16)[:, None], days.shape[1], axis=1)
        to_come = (birthdays <= latest[:, None]).sum(axis=1) - past
        for step in range(int(to_come.max(initial=0))):
            has_next = np.flatnonzero(to_come > step)
            birthday_then = birthdays[has_next, past[has_next] + step]
            ages[has_next] += days[has_next] >= birthday_then[:, None]
        ages[~self._seekers.has_birth[rows]] = UNKNOWN_AGE
        return ages

    def _blocked_pairs(self, rows: Rows) -> Flags:
        pairs = np.zeros((len(rows), self._offers.count), dtype=bool)
        for place, row in enumerate(rows.tolist()):
            for column in self._blocked.get(row, ()):
                pairs[place, column] = True
        return pairs


class _Tally:
    """Rules laid over the pairs of a block, one after another; every rule has a bit of its own."""

    def __init__(self, rows: int, columns: int) -> None:
        self._bits = np.zeros((rows, columns), dtype=np.uint64)

    def forbid(self, rule: str, where: Flags) -> None:
        if where.any():
            self._bits |= np.where(where, BIT_OF_RULE[rule], np.uint64(0))

    def add(self, bits: Bits) -> None:
        self._bits |= bits

    @property
    def has_remark(self) -> Flags:
        remarks: Flags = (self._bits & REMARK) != 0
        return remarks

    @property
    def count(self) -> Numbers:
        count: Numbers = np.bitwise_count(self._bits & ~REMARK).astype(np.int16)
        return count

    @property
    def first(self) -> Numbers:
        """The number of the lowest bit, which is that of the first rule."""
        rules = self._bits & ~REMARK
        below = np.bitwise_count(~rules & (rules - np.uint64(1))).astype(np.int16)
        first: Numbers = np.where(rules == 0, np.int16(ALLOWED), below)
        return first


def _looked_up(table: Bits, numbers: tuple[NDArray[np.integer] | int, ...]) -> Bits:
    """As `table[numbers]`, by one number per cell, which is quicker."""
    cells: NDArray[np.intp] = np.zeros((1, 1), dtype=np.intp)
    for size, number in zip(table.shape, numbers, strict=True):
        cells = cells * size + number
    return np.take(table, cells)


def _blocked_columns(problem: Problem) -> dict[int, list[int]]:
    """The columns ruled out per row; pairs of which one side is not in this run do not matter.

    An id may stand more than once, each time with another answer: what a person ruled out holds for all.
    """
    rows_of = _places(problem.seekers, {seeker_id for seeker_id, _offer_id in problem.blocked})
    columns_of = _places(problem.offers, {offer_id for _seeker_id, offer_id in problem.blocked})
    columns: dict[int, list[int]] = {}
    for seeker_id, offer_id in problem.blocked:
        for row in rows_of.get(seeker_id, ()):
            columns.setdefault(row, []).extend(columns_of.get(offer_id, ()))
    return columns


def _places(sides: Sequence[Seeker | Offer], ids: set[str]) -> dict[str, list[int]]:
    """Where each of these ids stands."""
    places: dict[str, list[int]] = {}
    for place, side in enumerate(sides):
        if side.id in ids:
            places.setdefault(side.id, []).append(place)
    return places


def _weekday(days: Days) -> NDArray[np.int32]:
    """Monday is 0; day 1 of the calendar is a Monday."""
    weekday: NDArray[np.int32] = (days - 1) % 7
    return weekday


def _weekdays_between(starts: Days, ends: Days, weekday: NDArray[np.int32]) -> NDArray[np.int16]:
    """The weekdays from start to end, as bits, Monday the lowest; `weekday` is that of the starts."""
    lengths = np.clip(ends - starts + 1, 0, 7)
    weekdays: NDArray[np.int16] = WEEKDAYS_OF_STRETCH[weekday, lengths]
    return weekdays
