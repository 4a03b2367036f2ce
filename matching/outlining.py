"""Suggestions at the size of a country: those of `suggest`, with the codes of their reasons and no facts.

Guarantee: offer for offer, number for number and code for code what `suggest` says, in the same order, in any
number of shards. Growth: that of `rank`, then a few microseconds for each suggestion. Seekers pass by and are
not kept: memory is some hundred bytes for each, and for each suggestion forty.
"""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.arrays import SeekerArrays
from matching.eligibility import NO_OFFERS, OUT_OF_REACH, RULES
from matching.market import Market, Ranked, Shard, merge_ranked, rank, rank_shard, shards
from matching.nouns import Offer, Seeker
from matching.problem import Problem
from matching.reach import Rows
from matching.reasons import (
    JUST_BEYOND_LIMIT,
    NEAR,
    NO_TALENTS_GIVEN,
    NO_TALENTS_SHARED,
    NO_WISH_FITS,
    NO_WISHES_SPREAD,
    OFFER_HAS_NO_SECTOR,
    OFFER_HAS_NO_TAGS,
    TALENTS_SHARED,
    WISH_NEIGHBOUR,
    WISH_OCCUPATION,
    WISH_SECTOR,
    WITHIN_REACH,
)
from matching.remarks import Remarks
from matching.screening import ALLOWED, Screening
from matching.sharding import in_shards
from matching.taxonomy import SAME_SECTOR

Codes = NDArray[np.int64]
Flags = NDArray[np.bool_]
_SEEKERS_AT_ONCE = 4_096
_PAIRS_SCREENED_AT_ONCE = 1 << 20
_SILENT = 0
# By number; 0 says nothing. Of the first three a suggestion has one each, of the others it has or has not.
_OF_SECTOR = ("", WISH_OCCUPATION, WISH_SECTOR, WISH_NEIGHBOUR, NO_WISH_FITS)
_OF_LOCATION = ("", NEAR, WITHIN_REACH, JUST_BEYOND_LIMIT)
_OF_TALENT = ("", TALENTS_SHARED, NO_TALENTS_SHARED)
_OF_PARTS = (_OF_SECTOR, _OF_LOCATION, _OF_TALENT)
_OF_SILENCE = (NO_WISHES_SPREAD, NO_TALENTS_GIVEN, OFFER_HAS_NO_SECTOR, OFFER_HAS_NO_TAGS)
_MOST_CODES = 8


class Outline(NamedTuple):
    """A suggestion in short: `codes` are those of its reasons, in their order."""

    seeker_id: str
    offer_id: str
    rank: int
    score: float
    sector: float
    location: float
    talent: float
    minutes: int
    codes: tuple[str, ...]


class OutlinedCause(NamedTuple):
    """How many offers a rule was the first to forbid."""

    code: str
    offers: int


class OutlinedGap(NamedTuple):
    """A seeker without any suggestion, and why, the commonest cause first."""

    seeker_id: str
    causes: tuple[OutlinedCause, ...]


@dataclass(frozen=True, repr=False)
class Outlines:
    """What `outline` found: the suggestions by seeker id and rank, the gaps by seeker id."""

    market: Market
    ranked: Ranked
    gaps: tuple[OutlinedGap, ...]
    _offers: tuple[Offer, ...]
    _roll: "_Roll"

    @property
    def number(self) -> int:
        """How many suggestions there are."""
        return int((self.ranked.offers >= 0).sum())

    @property
    def suggestions(self) -> Iterator[Outline]:
        """Every suggestion, made when it is asked for."""
        frame, names = self.market.frame, self.market.seeker_ids
        remarks = Remarks(self._offers, frame.on, frame.law)
        codes: dict[tuple[int, tuple[str, ...]], tuple[str, ...]] = {}
        by_place = np.argsort(self.market.offers.row)
        for first in range(0, len(names), _SEEKERS_AT_ONCE):
            some = _Some(self.market, self.ranked, by_place, slice(first, first + _SEEKERS_AT_ONCE))
            for row, rank_, offer, pattern, score, sector, location, talent, minutes in some.rows():
                name = names[row]
                by_rules = remarks.of(self._roll.example(self._roll.number_of(name)), offer)
                key = pattern, tuple(reason.code for reason in by_rules)
                if key not in codes:
                    codes[key] = (*_read(pattern), *key[1])
                yield Outline(
                    name,
                    self.market.offer_ids[offer],
                    rank_,
                    score,
                    sector,
                    location,
                    talent,
                    minutes,
                    codes[key],
                )


def outline(
    frame: Problem, seekers: Iterable[Seeker], offers: Iterable[Offer], *, shards: int | None = None
) -> Outlines:
    """The best `frame.top` offers of every seeker, and why others have none.

    `frame` is a problem without rows; seekers come one by one. With `shards` they are ranked in so many
    pieces, which go where the caller's `joblib.parallel_config` sends them. Raises InvalidProblem as
    `Market.from_rows` does. Guarantee and growth: as the module's.
    """
    known = tuple(sorted(offers, key=lambda offer: offer.id))
    roll = _Roll(frame)
    market = Market.from_rows(frame, roll.passing(seekers), known)
    ranked = rank(market) if shards is None else _rank_in_shards(market, shards)
    nothing = np.flatnonzero((ranked.offers < 0).all(axis=1)).tolist()
    gaps = _gaps(frame, roll, [market.seeker_ids[row] for row in nothing], known)
    return Outlines(market, ranked, tuple(gaps), known, roll)


class _Roll:
    """Who passed by: for each seeker one who is alike in all that rules look at, but for the journey."""

    def __init__(self, frame: Problem) -> None:
        self._named = {seeker_id for seeker_id, _offer_id in frame.blocked}
        self._numbers: dict[Hashable, int] = {}
        self._examples: list[Seeker] = []
        self._number_of: dict[str, int] = {}

    def passing(self, seekers: Iterable[Seeker]) -> Iterator[Seeker]:
        for seeker in seekers:
            number = self._numbers.setdefault(self._sort(seeker), len(self._examples))
            if number == len(self._examples):
                self._examples.append(seeker)
            self._number_of[seeker.id] = number
            yield seeker

    def number_of(self, seeker_id: str) -> int:
        return self._number_of[seeker_id]

    def example(self, number: int) -> Seeker:
        return self._examples[number]

    def _sort(self, seeker: Seeker) -> Hashable:
        return (
            seeker.birth,
            seeker.track,
            seeker.profile,
            seeker.crebo,
            seeker.level,
            seeker.year,
            seeker.pathway,
            seeker.kinds,
            seeker.available_from,
            seeker.until,
            seeker.weekdays,
            seeker.class_size,
            # Whom a person keeps away from something is like nobody else.
            seeker.id if seeker.id in self._named else None,
        )


class _Some:
    """Some seekers of a ranking, and what is said of each of their suggestions."""

    def __init__(self, market: Market, ranked: Ranked, by_place: Rows, rows: slice) -> None:
        """`by_place` is where each offer stands in the arrays."""
        self._market, self._ranked = market, ranked
        places, self._at = np.nonzero(ranked.offers[rows] >= 0)
        self._seeker: Rows = places + rows.start
        self._offer: Rows = self._of("offers").astype(np.intp)
        self._place: Rows = by_place[self._offer]
        tags = market.seekers.tag_first
        self._has_tags: Flags = tags[self._seeker + 1] > tags[self._seeker]
        tags = market.offers.tag_first
        self._offer_has_tags: Flags = tags[self._place + 1] > tags[self._place]

    def rows(self) -> Iterator[tuple[int, int, int, int, float, float, float, float, int]]:
        """Seeker, rank, offer, the number that stands for the codes, and the numbers of the suggestion."""
        columns = (self._seeker, self._at + 1, self._offer, self._patterns())
        numbers = [self._of(name) for name in ("scores", "sectors", "locations", "talents", "minutes")]
        yield from zip(*(column.tolist() for column in (*columns, *numbers)), strict=True)

    def _of(self, name: str) -> NDArray[Any]:
        column: NDArray[Any] = getattr(self._ranked, name)[self._seeker, self._at]
        return column

    def _patterns(self) -> Codes:
        """The codes of each suggestion as one number: those of the parts by falling points, then the rest."""
        codes = np.stack([self._sector(), self._location(), self._talent()], axis=1)
        parts = np.stack([self._of("sectors"), self._of("locations"), self._of("talents")], axis=1)
        weights = self._market.terms.weights[self._market.seekers.silence[self._seeker]]
        order = np.argsort(-(100 * weights * parts), axis=1, kind="stable")
        pattern: Codes = np.zeros(len(self._seeker), dtype=np.int64)
        for place in range(codes.shape[1]):
            part = order[:, place]
            pattern = (pattern * len(_OF_PARTS) + part) * _MOST_CODES + codes[np.arange(len(part)), part]
        for is_silent in self._silences():
            pattern = 2 * pattern + is_silent
        return pattern

    def _sector(self) -> Codes:
        market = self._market
        wishes = market.seekers.wishes[self._seeker]
        sectors = market.terms.sector_of_wish[wishes]
        likeness = np.where(
            sectors >= 0, market.offers.likeness[sectors, market.offers.sort[self._place][:, None]], 0.0
        )
        worth = market.terms.worth * likeness
        reached = self._of("sectors")
        # What is more than any sector gives, a word gives; no word is worth just what a sector is.
        is_word = reached > worth.max(axis=1)
        first = np.argmax(worth == reached[:, None], axis=1)
        is_same = likeness[np.arange(len(first)), first] == SAME_SECTOR
        code = np.where(is_same, _OF_SECTOR.index(WISH_SECTOR), _OF_SECTOR.index(WISH_NEIGHBOUR))
        code = np.where(reached == 0, _OF_SECTOR.index(NO_WISH_FITS), code)
        code = np.where(is_word, _OF_SECTOR.index(WISH_OCCUPATION), code)
        return np.where(wishes[:, 0] == 0, _SILENT, code)

    def _location(self) -> Codes:
        minutes, limit = self._of("minutes"), self._market.seekers.limit[self._seeker]
        within = np.where(
            minutes <= limit, _OF_LOCATION.index(WITHIN_REACH), _OF_LOCATION.index(JUST_BEYOND_LIMIT)
        )
        is_near = minutes <= self._market.terms.full_mark_minutes
        return np.where(is_near, _OF_LOCATION.index(NEAR), within)

    def _talent(self) -> Codes:
        # Every word weighs something, so who shares one has more than nothing here.
        is_shared = self._of("talents") > 0
        code = np.where(is_shared, _OF_TALENT.index(TALENTS_SHARED), _OF_TALENT.index(NO_TALENTS_SHARED))
        return np.where(self._has_tags & self._offer_has_tags, code, _SILENT)

    def _silences(self) -> tuple[Flags, ...]:
        """In the order of the codes that say so."""
        market = self._market
        has_no_sector = market.offers.main_sector[self._place] == len(market.frame.sectors)
        has_no_wishes = market.seekers.wishes[self._seeker, 0] == 0
        return has_no_wishes, ~self._has_tags, has_no_sector, ~self._offer_has_tags


def _read(pattern: int) -> tuple[str, ...]:
    """The codes a number stands for."""
    silent = []
    for code in reversed(_OF_SILENCE):
        pattern, is_silent = divmod(pattern, 2)
        if is_silent:
            silent.append(code)
    spoken = []
    for _place in _OF_PARTS:
        pattern, code_number = divmod(pattern, _MOST_CODES)
        pattern, part = divmod(pattern, len(_OF_PARTS))
        if code_number != _SILENT:
            spoken.append(_OF_PARTS[part][code_number])
    return (*reversed(spoken), *reversed(silent))


def _rank_in_shards(market: Market, number: int) -> Ranked:
    pieces = iter(shards(market, number))
    # What all have in common is packed once; of each only its seekers travel.
    first = next(pieces)
    shared = replace(first, rows=first.rows[:0])
    everybody = chain([first], pieces)
    return merge_ranked(list(in_shards(_ranked, shared, ((one.rows, one.seekers) for one in everybody))))


def _ranked(shared: Shard, piece: tuple[Rows, SeekerArrays]) -> Ranked:
    return rank_shard(replace(shared, rows=piece[0], seekers=piece[1]))


def _gaps(frame: Problem, roll: _Roll, names: list[str], offers: tuple[Offer, ...]) -> Iterator[OutlinedGap]:
    """Why these seekers have nothing: asked once for all who are alike.

    The journey is the last rule of all, so who has nothing is kept by it from all that no other forbids.
    """
    numbers = sorted({roll.number_of(name) for name in names})
    # They travel differently, which is not asked here; so they may as well all live in one place.
    alike = [replace(roll.example(number), pc4=offers[0].pc4) for number in numbers] if offers else []
    counted = dict(zip(numbers, _counted(replace(frame, seekers=tuple(alike), offers=offers)), strict=False))
    for name in names:
        if not offers:
            yield OutlinedGap(name, (OutlinedCause(NO_OFFERS, 0),))
            continue
        counts = counted[roll.number_of(name)]
        causes = [OutlinedCause(RULES[rule], counts[rule]) for rule in range(len(RULES)) if counts[rule]]
        yield OutlinedGap(name, tuple(sorted(causes, key=lambda cause: -cause.offers)))


def _counted(problem: Problem) -> Iterator[list[int]]:
    """For each seeker how many offers each rule is the first to forbid."""
    if not problem.seekers:
        return
    screening = Screening(problem)
    at_once = max(1, _PAIRS_SCREENED_AT_ONCE // len(problem.offers))
    beyond = RULES.index(OUT_OF_REACH)
    for start in range(0, len(problem.seekers), at_once):
        rows = np.arange(start, min(start + at_once, len(problem.seekers)), dtype=np.intp)
        first = screening.screen(rows).first
        for of_one in np.where(first == ALLOWED, beyond, first):
            yield np.bincount(of_one, minlength=len(RULES)).tolist()
