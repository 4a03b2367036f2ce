"""What the hard rules ask of seekers and of offers, in columns, and what rules say by sort, in tables.

Exact: the tables are filled by the very functions that judge one pair, once per distinct sort of seeker, sort
of offer, law in force and age. What all rules say of a cell is one number: a bit per rule that forbids, and
one for a remark. Growth: linear in the rows; tables in the product of the distinct sorts.
"""

from collections.abc import Hashable, Iterable, Sequence
from copy import copy
from dataclasses import replace
from datetime import date
from itertools import product
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from matching.ages import birthday
from matching.eligibility import RULES, audience_verdicts
from matching.geography import Limits
from matching.hours import ALL_AGES, Sundays, activity_of, hours_at
from matching.hours_nl import Activity
from matching.law_book import Epoch
from matching.law_nl import ADULT_AGE, LOWEST_AGE
from matching.lawfulness import Learner, sundays_of, verdicts_at
from matching.nouns import Kind, Offer, OfferFacts, OfferHours, RuleVerdict, Seeker, Verdict

OPEN_START = date.min.toordinal()
OPEN_END = date.max.toordinal()
_ALL_WEEKDAYS = 0b111_1111
_SUNDAY = 7
# Beside the members of Sundays: no day suits both.
_NO_DAY = len(Sundays)
# The rows of a table by age: under 12, which reads as 12, and 12 to 18; then the strictest word of them all.
_AGE_ROWS = (ALL_AGES[0], *ALL_AGES)
UNKNOWN_AGE = len(_AGE_ROWS)
# The birthdays that part these rows.
BIRTHDAYS = range(LOWEST_AGE, ADULT_AGE + 1)
# Qualifications that stand for all others, the one asked for and the other not.
_STAND_IN, _OTHER_CREBO = "00001", "00002"
_STAND_INS = frozenset({_STAND_IN})
BIT_OF_RULE = {rule: np.uint64(1 << number) for number, rule in enumerate(RULES)}
REMARK = np.uint64(1 << 63)

Days = NDArray[np.int32]
Bits = NDArray[np.uint64]
Rows = NDArray[np.intp]
Sort = TypeVar("Sort", bound=Hashable)


class Times(NamedTuple):
    """What of an offer decides its hours, beside the days that are shared."""

    activity: Activity | None
    hours: OfferHours


class SeekerColumns:
    """What the rules ask of seekers; of schooling the number of the sort, as learner and as pupil."""

    def __init__(self, seekers: Sequence[Seeker], limits: Limits) -> None:
        """Read every seeker once; `limits` has the ages a programme is for."""
        self.is_class = np.array([seeker.is_class for seeker in seekers], dtype=bool)
        self.kinds = np.array([_kind_bits(seeker.kinds or Kind) for seeker in seekers], dtype=np.int32)
        self.size = np.array([seeker.size for seeker in seekers], dtype=np.int32)
        self.starts = _ordinals([seeker.available_from for seeker in seekers], OPEN_START)
        self.ends = _ordinals([seeker.until for seeker in seekers], OPEN_END)
        self.weekdays = _weekday_bits([seeker.weekdays for seeker in seekers])
        self.has_birth = np.array([seeker.birth is not None for seeker in seekers], dtype=bool)
        self.birthdays = np.array(
            [[_birthday(seeker, age, OPEN_END) for age in BIRTHDAYS] for seeker in seekers], dtype=np.int32
        ).reshape(len(seekers), len(BIRTHDAYS))
        self.of_age = np.array(
            [_birthday(seeker, limits.min_age, OPEN_START) for seeker in seekers], dtype=np.int32
        )
        self.too_old = np.array(
            [_birthday(seeker, limits.max_age + 1, OPEN_END) for seeker in seekers], dtype=np.int32
        )
        self.learners, self.learner = _sorts([Learner.of(seeker) for seeker in seekers])
        self.pupils, self.pupil = _sorts([_pupil(seeker) for seeker in seekers])


class OfferColumns:
    """What the rules ask of offers; of the law, of hours and of audience the number of the sort."""

    def __init__(self, offers: Sequence[Offer]) -> None:
        """Read every offer once."""
        self.count = len(offers)
        self.is_group = np.array([offer.kind.is_group for offer in offers], dtype=bool)
        self.kind = np.array([_kind_bits((offer.kind,)) for offer in offers], dtype=np.int32)
        self.positions = np.array([offer.positions for offer in offers], dtype=np.int32)
        self.starts = _ordinals([offer.starts_on for offer in offers], OPEN_START)
        self.ends = _ordinals([offer.ends_on for offer in offers], OPEN_END)
        self.weekdays = _weekday_bits([offer.weekdays for offer in offers])
        self.laws, self.law = _sorts([offer.facts for offer in offers])
        self.times, self.time = _sorts([_times(offer) for offer in offers])
        self.names_sunday = np.array([[_SUNDAY in offer.weekdays for offer in offers]], dtype=np.intp)
        self.audiences, self.audience = _sorts([_audience(offer) for offer in offers])

    def taken(self, rows: Rows) -> "OfferColumns":
        """Some of the offers, by the same numbers of sorts."""
        some = copy(self)
        some.count = len(rows)
        some.is_group, some.kind, some.positions = self.is_group[rows], self.kind[rows], self.positions[rows]
        some.starts, some.ends, some.weekdays = self.starts[rows], self.ends[rows], self.weekdays[rows]
        some.law, some.time, some.audience = self.law[rows], self.time[rows], self.audience[rows]
        some.names_sunday = self.names_sunday[:, rows]
        return some


def _bits_of(verdicts: Iterable[RuleVerdict]) -> int:
    bits = 0
    for said in verdicts:
        if said.verdict is Verdict.BLOCK:
            bits |= int(BIT_OF_RULE[said.rule])
        elif said.verdict is not Verdict.OK:
            bits |= int(REMARK)
    return bits


def law_table(learners: Sequence[Learner], laws: Sequence[OfferFacts], epochs: Sequence[Epoch]) -> Bits:
    """By learner, offer, law in force, and the first and last age."""
    said = np.zeros((len(learners), len(laws), len(epochs), len(_AGE_ROWS)), dtype=np.uint64)
    sorts = product(enumerate(learners), enumerate(laws), enumerate(epochs), enumerate(_AGE_ROWS))
    for (learner_row, learner), (law_row, law), (number, epoch), (row, age) in sorts:
        said[learner_row, law_row, number, row] = _bits_of(verdicts_at(law, learner, age, epoch.law))
    return _over_ranges(said)


def hours_table(times: Sequence[Times], epochs: Sequence[Epoch]) -> Bits:
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
    ranges[..., UNKNOWN_AGE, UNKNOWN_AGE] = np.bitwise_or.reduce(at_age, axis=-1)
    return ranges


def audience_table(pupils: Sequence[Seeker], audiences: Sequence[Offer]) -> Bits:
    """By the schooling of seekers, and what offers ask of it.

    Of qualifications the rules only ask whether that of a pupil is among those of an offer. So each sort is
    judged with a stand-in that is, and with one that is not: there are far more qualifications than sorts.
    """
    own, own_sort = _sorts([replace(pupil, crebo=pupil.crebo and _OTHER_CREBO) for pupil in pupils])
    theirs, their_sort = _sorts([replace(one, crebos=one.crebos and _STAND_INS) for one in audiences])
    judged = np.zeros((2, len(own), len(theirs)), dtype=np.uint64)
    for (row, pupil), (column, audience) in product(enumerate(own), enumerate(theirs)):
        among = replace(pupil, crebo=pupil.crebo and _STAND_IN)
        judged[:, row, column] = [_bits_of(audience_verdicts(one, audience)) for one in (pupil, among)]
    return judged[_are_among(pupils, audiences), own_sort[:, None], their_sort[None, :]]


def _are_among(pupils: Sequence[Seeker], audiences: Sequence[Offer]) -> NDArray[np.intp]:
    """1 where the qualification of a pupil (rows) is one an offer (columns) asks for."""
    crebos, own = _sorts([pupil.crebo for pupil in pupils])
    asked = np.zeros((len(crebos), len(audiences)), dtype=np.intp)
    rows = {crebo: row for row, crebo in enumerate(crebos)}
    for column, audience in enumerate(audiences):
        asked[[rows[crebo] for crebo in audience.crebos if crebo in rows], column] = 1
    return asked[own]


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


def _times(offer: Offer) -> Times:
    """The times of an offer without its weekdays, so that many share one."""
    return Times(activity_of(offer.facts), replace(offer.hours, weekdays=frozenset()))


def _sorts(values: Sequence[Sort]) -> tuple[list[Sort], Rows]:
    numbers: dict[Sort, int] = {}
    rows = [numbers.setdefault(value, len(numbers)) for value in values]
    return list(numbers), np.array(rows, dtype=np.intp)


def _ordinals(days: Sequence[date | None], if_open: int) -> Days:
    return np.array([if_open if day is None else day.toordinal() for day in days], dtype=np.int32)


def _birthday(seeker: Seeker, age: int, if_unknown: int) -> int:
    return if_unknown if seeker.birth is None else birthday(seeker.birth, age).toordinal()


def _kind_bits(kinds: Iterable[Kind]) -> int:
    return sum(_BIT_OF_KIND[kind] for kind in kinds)


def _weekday_bits(choices: Sequence[frozenset[int]]) -> NDArray[np.int16]:
    bits = [sum(1 << (weekday - 1) for weekday in chosen) or _ALL_WEEKDAYS for chosen in choices]
    return np.array(bits, dtype=np.int16)


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


STEPS_TO, STEPS_BACK = _steps(1), _steps(-1)
# By whether the offer names Sunday, and the weekdays that suit both.
SUNDAYS_OF = np.array(
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
WEEKDAYS_OF_STRETCH = np.array(
    [[sum(1 << ((first + step) % 7) for step in range(length)) for length in range(8)] for first in range(7)],
    dtype=np.int16,
)
