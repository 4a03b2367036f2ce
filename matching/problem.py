"""The checked input of a run: every row valid and known, in one order whatever the order it came in.

Guarantee: two inputs with the same rows give equal problems and equal hashes. Linear in the rows.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, time
from enum import StrEnum
from functools import cached_property
from typing import TypeVar

from matching.errors import Fault, InvalidProblem
from matching.geography import Limits
from matching.law_book import DUTCH_LAW, LawBook
from matching.nouns import (
    ENGINE_VERSION,
    Hazard,
    Kind,
    Offer,
    Pathway,
    Place,
    Profile,
    Sector,
    Seeker,
    Tag,
    Track,
    TravelMode,
)
from matching.scoring import Weights

DEFAULT_TOP = 20
Row = TypeVar("Row")
_PC4 = re.compile(r"[1-9]\d{3}")
_CREBO = re.compile(r"\d{5}")
_ISO_WEEKDAYS = range(1, 8)
_LEVELS = range(1, 5)
_HOURS_A_DAY = 24
_MONTHS = range(1, 13)
_BIRTH_YEARS = range(1900, 2200)
_YEARS = range(1900, 2200)
_SEEKER_OPTIONS: Mapping[str, type[StrEnum]] = {
    "track": Track,
    "profile": Profile,
    "pathway": Pathway,
    "modes": TravelMode,
    "kinds": Kind,
}
_OFFER_OPTIONS: Mapping[str, type[StrEnum]] = {
    "kind": Kind,
    "tracks": Track,
    "profiles": Profile,
    "hazards": Hazard,
    "unanswered": Hazard,
}


@dataclass(frozen=True)
class Problem:
    """The input of a run. Make it with `Problem.of`, which checks it; rows stand in order of id."""

    seekers: tuple[Seeker, ...]
    offers: tuple[Offer, ...]
    sectors: Mapping[str, Sector]
    tags: Mapping[str, Tag]
    places: Mapping[str, Place]
    on: date
    seed: int
    weights: Weights
    top: int
    limits: Limits
    blocked: frozenset[tuple[str, str]]
    law: LawBook

    @classmethod
    def of(
        cls,
        *,
        seekers: Iterable[Seeker],
        offers: Iterable[Offer],
        sectors: Iterable[Sector],
        tags: Iterable[Tag],
        places: Iterable[Place],
        on: date,
        seed: int,
        weights: Weights | None = None,
        top: int = DEFAULT_TOP,
        limits: Limits | None = None,
        blocked: Iterable[tuple[str, str]] = (),
        law: LawBook = DUTCH_LAW,
    ) -> "Problem":
        """Check everything and put it in order.

        `on` is the day of the run, `seed` that of the lottery, `top` the longest list per seeker, `blocked`
        pairs (seeker id, offer id) a person has ruled out, `law` the rows of the law by date. Raises
        InvalidProblem with every fault found.
        """
        faults: list[Fault] = []
        problem = cls(
            seekers=tuple(sorted(seekers, key=lambda seeker: seeker.id)),
            offers=tuple(sorted(offers, key=lambda offer: offer.id)),
            sectors=_by_code(((sector.code, sector) for sector in sectors), faults),
            tags=_by_code(((tag.code, tag) for tag in tags), faults),
            places=_by_code(((place.pc4, place) for place in places), faults),
            on=on,
            seed=seed,
            weights=weights or Weights(),
            top=top,
            limits=limits or Limits(),
            blocked=frozenset(blocked),
            law=law,
        )
        faults.extend(_faults(problem))
        if faults:
            raise InvalidProblem(tuple(faults))
        return problem

    def seeker(self, seeker_id: str) -> Seeker:
        """The seeker with this id; InvalidProblem when there is none."""
        return self.seekers[self.seeker_row(seeker_id)]

    def offer(self, offer_id: str) -> Offer:
        """The offer with this id; InvalidProblem when there is none."""
        return self.offers[self.offer_row(offer_id)]

    def seeker_row(self, seeker_id: str) -> int:
        """The row of a seeker; InvalidProblem when there is none."""
        return _row(self._seeker_rows, seeker_id)

    def offer_row(self, offer_id: str) -> int:
        """The row of an offer; InvalidProblem when there is none."""
        return _row(self._offer_rows, offer_id)

    @cached_property
    def _seeker_rows(self) -> dict[str, int]:
        return {seeker.id: row for row, seeker in enumerate(self.seekers)}

    @cached_property
    def _offer_rows(self) -> dict[str, int]:
        return {offer.id: row for row, offer in enumerate(self.offers)}

    @cached_property
    def input_hash(self) -> str:
        """SHA-256 of all rows that can change the answer, and of the day."""
        used = {seeker.pc4 for seeker in self.seekers} | {offer.pc4 for offer in self.offers}
        return _digest(
            {
                "seekers": self.seekers,
                "offers": self.offers,
                "sectors": tuple(self.sectors.values()),
                "tags": tuple((tag.code, tag.kind, tag.sector) for tag in self.tags.values()),
                "places": tuple(place for pc4, place in self.places.items() if pc4 in used),
                "blocked": self.blocked,
                "on": self.on,
            }
        )

    @cached_property
    def config_hash(self) -> str:
        """SHA-256 of the settings, of the law and of the engine's version."""
        return _digest(
            {
                "engine": ENGINE_VERSION,
                "weights": self.weights,
                "top": self.top,
                "limits": self.limits,
                "law": self.law,
            }
        )


def _by_code(rows: Iterable[tuple[str, Row]], faults: list[Fault]) -> dict[str, Row]:
    known: dict[str, Row] = {}
    for code, row in rows:
        if known.setdefault(code, row) != row:
            faults.append(Fault(code, "code", "duplicate"))
    return dict(sorted(known.items()))


def _row(rows: Mapping[str, int], row_id: str) -> int:
    if row_id not in rows:
        raise InvalidProblem((Fault(row_id, "id", "unknown"),))
    return rows[row_id]


def _faults(problem: Problem) -> Iterator[Fault]:
    for rows in (problem.seekers, problem.offers):
        for row_id, times in Counter(row.id for row in rows).items():
            if times > 1:
                yield Fault(row_id, "id", "duplicate")
            if not row_id:
                yield Fault(row_id, "id", "empty")
    if problem.top < 1:
        yield Fault("problem", "top", "below_1")
    yield from _code_faults(problem)
    for seeker in problem.seekers:
        yield from _seeker_faults(seeker, problem)
    for offer in problem.offers:
        yield from _offer_faults(offer, problem)


def _code_faults(problem: Problem) -> Iterator[Fault]:
    for code in problem.tags.keys() & problem.sectors.keys():
        yield Fault(code, "code", "both_tag_and_sector")
    for tag in problem.tags.values():
        if tag.sector is not None and tag.sector not in problem.sectors:
            yield Fault(tag.code, "sector", "unknown")


def _seeker_faults(seeker: Seeker, problem: Problem) -> Iterator[Fault]:
    yield from _pc4_faults(seeker.id, seeker.pc4, problem)
    yield from _option_faults(seeker, _SEEKER_OPTIONS)
    if seeker.birth is not None and not (seeker.birth[0] in _BIRTH_YEARS and seeker.birth[1] in _MONTHS):
        yield Fault(seeker.id, "birth", "impossible")
    if len(set(seeker.wishes)) < len(seeker.wishes):
        yield Fault(seeker.id, "wishes", "repeated")
    known = problem.tags.keys() | problem.sectors.keys() if seeker.wishes else set()
    if not known.issuperset(seeker.wishes):
        yield Fault(seeker.id, "wishes", "unknown")
    if not seeker.tags <= problem.tags.keys():
        yield Fault(seeker.id, "tags", "unknown")
    if seeker.crebo is not None and not _CREBO.fullmatch(seeker.crebo):
        yield Fault(seeker.id, "crebo", "impossible")
    if seeker.level is not None and seeker.level not in _LEVELS:
        yield Fault(seeker.id, "level", "impossible")
    if seeker.max_minutes is not None and seeker.max_minutes < 0:
        yield Fault(seeker.id, "max_minutes", "negative")
    if seeker.class_size is not None and seeker.class_size < 1:
        yield Fault(seeker.id, "class_size", "below_1")
    yield from _day_faults(seeker.id, seeker.available_from, seeker.until, seeker.weekdays)


def _offer_faults(offer: Offer, problem: Problem) -> Iterator[Fault]:
    yield from _pc4_faults(offer.id, offer.pc4, problem)
    yield from _option_faults(offer, _OFFER_OPTIONS)
    if not problem.sectors.keys() >= set(offer.sectors):
        yield Fault(offer.id, "sectors", "unknown")
    if len(set(offer.sectors)) < len(offer.sectors):
        yield Fault(offer.id, "sectors", "repeated")
    if not offer.tags <= problem.tags.keys():
        yield Fault(offer.id, "tags", "unknown")
    if offer.positions < 0:
        yield Fault(offer.id, "positions", "negative")
    if offer.hours_per_day is not None and not 0 < offer.hours_per_day <= _HOURS_A_DAY:
        yield Fault(offer.id, "hours_per_day", "impossible")
    if not offer.levels <= set(_LEVELS):
        yield Fault(offer.id, "levels", "impossible")
    if not all(_CREBO.fullmatch(crebo) for crebo in offer.crebos):
        yield Fault(offer.id, "crebos", "impossible")
    yield from _day_faults(offer.id, offer.starts_on, offer.ends_on, offer.weekdays)


def _option_faults(row: Seeker | Offer, options: Mapping[str, type[StrEnum]]) -> Iterator[Fault]:
    """A word that is no member of its list, also one that only looks like it: text is not yet an option."""
    for name, option in options.items():
        value = getattr(row, name)
        values = value if isinstance(value, frozenset) else () if value is None else (value,)
        if not all(isinstance(item, option) for item in values):
            yield Fault(row.id, name, "impossible")


def _pc4_faults(row_id: str, pc4: str, problem: Problem) -> Iterator[Fault]:
    if not _PC4.fullmatch(pc4):
        yield Fault(row_id, "pc4", "impossible")
    elif pc4 not in problem.places:
        yield Fault(row_id, "pc4", "unknown")


def _day_faults(
    row_id: str, first: date | None, last: date | None, weekdays: frozenset[int]
) -> Iterator[Fault]:
    if first is not None and last is not None and last < first:
        yield Fault(row_id, "days", "end_before_start")
    # Variants and ages reckon with weeks and years beyond the last day; the calendar has an end.
    if any(day is not None and day.year not in _YEARS for day in (first, last)):
        yield Fault(row_id, "days", "impossible")
    if not weekdays <= set(_ISO_WEEKDAYS):
        yield Fault(row_id, "weekdays", "impossible")


def _digest(value: object) -> str:
    text = json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    """Values as JSON knows them, with sets in order, so that equal input gives equal text."""
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted((_plain(item) for item in value), key=repr)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date | time):
        return value.isoformat()
    return value
