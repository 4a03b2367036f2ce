"""Seekers and offers as plain arrays, in which half a million rows can be compared with a quarter million.

Exact: nothing is left out that a rule or a score asks. What the rules ask of seekers is written once per
distinct sort, and what the law says once per sort of offer. Linear in the rows; about 200 bytes for each.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, pairwise, product
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matching.ages import age_on
from matching.eligibility import limit_for
from matching.geography import ADULT_AGE, MODE_ORDER
from matching.law_nl import PREVOCATIONAL_YEARS
from matching.lawfulness import Learner
from matching.lottery import Lots, tickets
from matching.nouns import WISHES_THAT_COUNT, Kind, Offer, Pathway, Profile, Seeker, Track
from matching.problem import Problem
from matching.rarity import Rarity
from matching.reach import Floats
from matching.rule_tables import (
    BIRTHDAYS,
    OPEN_END,
    OPEN_START,
    REMARK,
    UNKNOWN_AGE,
    Bits,
    OfferColumns,
    SeekerColumns,
    hours_table,
    law_table,
)
from matching.scoring import AT_LIMIT, DECIMALS, FULL_MARK_MINUTES
from matching.taxonomy import RANK_WORTH, SAME_WORD, Taxonomy

Flags = NDArray[np.bool_]
Bytes = NDArray[np.int8]
Shorts = NDArray[np.int16]
Numbers = NDArray[np.int32]
Bounds = NDArray[np.int64]
Records = NDArray[np.void]
Value = TypeVar("Value", bound=Hashable)

# In which schooling an offer is closed to a seeker whatever else it asks.
GATE_OPEN, GATE_MBO, GATE_PREVOCATIONAL = 0, 1, 2
# Whether the year of a seeker is one of the prevocational years.
YEAR_UNKNOWN, YEAR_FITS, YEAR_DIFFERS = 0, 1, 2
NO_CREBO = -1
# What of its rules decides to whom an offer is open on whatever days.
_AUDIENCE = ["kind", "is_group", "gate", "tracks", "profiles", "levels", "asks_crebo"]

_LEARNERS = tuple(Learner(*said) for said in product((False, True), (False, True), (None, *Pathway)))
_LEARNER_NUMBER = {learner: number for number, learner in enumerate(_LEARNERS)}
_BIT_OF_TRACK = {track: 1 << number for number, track in enumerate(Track)}
_BIT_OF_PROFILE = {profile: 1 << number for number, profile in enumerate(Profile)}
_GATE_OF_KIND = {Kind.BPV: GATE_MBO, Kind.PREVOCATIONAL_PLACEMENT: GATE_PREVOCATIONAL}
_SEEKERS_AT_ONCE = 20_000


# What the rules ask of a sort of seekers; of schooling a bit, or 0 for unknown. `age` is the row of tables
# by age on the day of the run.
SEEKER_RULES = np.dtype(
    [
        ("kinds", np.int32),
        ("size", np.int32),
        ("starts", np.int32),
        ("ends", np.int32),
        ("of_age", np.int32),
        ("too_old", np.int32),
        ("learner", np.int32),
        ("track", np.int32),
        ("profile", np.int32),
        ("level", np.int32),
        ("crebo", np.int32),
        ("weekdays", np.int16),
        ("is_class", np.bool_),
        ("is_mbo", np.bool_),
        ("year", np.int8),
        ("age", np.int8),
    ],
    align=True,
)
# What the rules ask of an offer; of law and hours the number of its sort.
OFFER_RULES = np.dtype(
    [
        ("kind", np.int32),
        ("positions", np.int32),
        ("starts", np.int32),
        ("ends", np.int32),
        ("law", np.int32),
        ("time", np.int32),
        ("tracks", np.int32),
        ("profiles", np.int32),
        ("levels", np.int32),
        ("weekdays", np.int16),
        ("is_group", np.bool_),
        ("asks_crebo", np.bool_),
        ("names_sunday", np.int8),
        ("gate", np.int8),
    ],
    align=True,
)


class Terms(NamedTuple):
    """What holds for every pair: the day, limits, weights by who is silent, and the sector of each wish."""

    on: int
    bike_minutes_under_18: int
    tolerance_minutes: int
    full_mark_minutes: int
    at_limit: float
    same_word: float
    rounding: float
    weights: Floats
    worth: Floats
    sector_of_wish: Numbers
    tags: int
    epochs: Numbers


class SeekerArrays(NamedTuple):
    """Seekers by row, `rules` and `birthdays` by sort.

    The tags and the blocked offers of all stand one after another, those of a row from its `…_first` on.
    """

    ticket: Lots
    place: Numbers
    ways: Bytes
    is_adult: Flags
    limit: Shorts
    silence: Bytes
    wishes: Numbers
    sort: Numbers
    tag_first: Bounds
    tag: Numbers
    tag_weight: Floats
    blocked_first: Bounds
    blocked: Numbers
    rules: Records
    birthdays: Numbers


class OfferArrays(NamedTuple):
    """Offers by postcode: those of `place[k]` stand from `first[k]` to `first[k + 1]`, in order of row.

    Those of `place[k]` with tag t stand in `word_offer` from `word_first[t, k]` to `word_first[t, k + 1]`,
    and in `word_weight` what the tag weighs in them. `audiences` has, by `audience`, the rules of an offer
    without days; `latest` is the last day on which any offer begins or, if it ends, ends.

    `likeness` is by sector and sort of offer; `law_forbids` by learner, law of the offer, law in force and
    the rows of the youngest and the oldest age; `hours_forbid` by times, Sundays, law in force and ages.
    """

    place: Numbers
    first: Bounds
    row: Numbers
    ticket: Lots
    sort: Numbers
    main_sector: Numbers
    tag_first: Bounds
    tag: Numbers
    tag_weight: Floats
    word_first: Numbers
    word_offer: Numbers
    word_weight: Floats
    likeness: Floats
    rules: Records
    audience: Numbers
    audiences: Records
    law: Numbers
    latest: int
    crebo_first: Bounds
    crebo: Numbers
    law_forbids: Flags
    hours_forbid: Flags


def terms_of(frame: Problem) -> Terms:
    """What holds for all pairs of a problem, whoever its seekers and offers are."""
    sectors = {code: number for number, code in enumerate(frame.sectors)}
    of_tags = [-1 if tag.sector is None else sectors[tag.sector] for tag in frame.tags.values()]
    said = product(((), ("wish",)), (frozenset[str](), frozenset(("tag",))))
    weights = [
        frame.weights.for_seeker(Seeker("", "", None, wishes=wishes, tags=tags)) for wishes, tags in said
    ]
    return Terms(
        on=frame.on.toordinal(),
        bike_minutes_under_18=frame.limits.bike_minutes_under_18,
        tolerance_minutes=frame.limits.tolerance_minutes,
        full_mark_minutes=FULL_MARK_MINUTES,
        at_limit=AT_LIMIT,
        same_word=SAME_WORD,
        rounding=10.0**DECIMALS,
        weights=np.array([(each.sector, each.location, each.talent) for each in weights], dtype=np.float64),
        worth=np.array(RANK_WORTH, dtype=np.float64),
        sector_of_wish=np.array([-1, *of_tags, *sectors.values()], dtype=np.int32),
        tags=len(frame.tags),
        epochs=np.array(
            [(epoch.first.toordinal(), epoch.last.toordinal()) for epoch in frame.law.epochs], dtype=np.int32
        ),
    )


def read_seekers(
    frame: Problem, seekers: Iterable[Seeker], rarity: Rarity, offer_rows: Mapping[str, int]
) -> tuple[list[str], SeekerArrays]:
    """The ids and the arrays of seekers, in the order in which they come; some thousands are held at once."""
    reader = _SeekerReader(frame, rarity, offer_rows)
    ids: list[str] = []
    parts = []
    for some in _pieces(seekers):
        ids += [seeker.id for seeker in some]
        parts.append(reader.read(some))
    return ids, reader.with_rules(joined(parts or [reader.read([])]))


def read_offers(frame: Problem, offers: Sequence[Offer], rarity: Rarity) -> OfferArrays:
    """The arrays of offers that stand in the order of their rows."""
    place_of = {pc4: number for number, pc4 in enumerate(frame.places)}
    places = np.array([place_of[offer.pc4] for offer in offers], dtype=np.int32)
    order = np.argsort(places, kind="stable")
    by_place = [offers[row] for row in order.tolist()]
    place, counts = np.unique(places, return_counts=True)
    taxonomy = Taxonomy(frame.sectors, frame.tags)
    sorts, sort = _sorted_out([taxonomy.sectors_of(offer) for offer in by_place])
    number_of = {code: number for number, code in enumerate(frame.sectors)}
    mains = [number_of[sectors[0]] if sectors else len(number_of) for sectors in sorts]
    vectors = rarity.unit_rows([offer.tags for offer in by_place])
    columns = OfferColumns(by_place)
    crebos = [sorted(map(int, offer.crebos)) for offer in by_place]
    first, rules = _bounds(counts.tolist()), _offer_rules(by_place, columns)
    audience, audiences = _audiences(rules)
    words = _by_word(vectors, first)
    return OfferArrays(
        place=place.astype(np.int32),
        first=first,
        row=order.astype(np.int32),
        ticket=tickets(frame.seed, "offer", (offer.id for offer in by_place)),
        sort=sort,
        main_sector=np.array(mains, dtype=np.int32)[sort],
        tag_first=vectors.indptr.astype(np.int64),
        tag=vectors.indices.astype(np.int32),
        tag_weight=vectors.data.astype(np.float64),
        word_first=words[0],
        word_offer=words[1],
        word_weight=words[2],
        likeness=_likeness(frame, taxonomy, sorts),
        rules=rules,
        audience=audience,
        audiences=audiences,
        law=rules["law"].copy(),
        latest=_latest(rules),
        crebo_first=_bounds([len(each) for each in crebos]),
        crebo=np.array(list(chain.from_iterable(crebos)), dtype=np.int32),
        law_forbids=_forbids(law_table(_LEARNERS, columns.laws, frame.law.epochs)),
        hours_forbid=_forbids(hours_table(columns.times, frame.law.epochs)),
    )


def taken(seekers: SeekerArrays, rows: NDArray[np.integer]) -> SeekerArrays:
    """Some of the seekers, with only the sorts they are of."""
    sorts, sort = np.unique(seekers.sort[rows], return_inverse=True)
    tag_first, tags = _gathered(seekers.tag_first, rows)
    blocked_first, blocked = _gathered(seekers.blocked_first, rows)
    by_row = {
        name: getattr(seekers, name)[rows]
        for name in ("ticket", "place", "ways", "is_adult", "limit", "silence", "wishes")
    }
    return SeekerArrays(
        **by_row,
        sort=sort.astype(np.int32),
        tag_first=tag_first,
        tag=seekers.tag[tags],
        tag_weight=seekers.tag_weight[tags],
        blocked_first=blocked_first,
        blocked=seekers.blocked[blocked],
        rules=seekers.rules[sorts],
        birthdays=seekers.birthdays[sorts],
    )


def joined(parts: Sequence[SeekerArrays]) -> SeekerArrays:
    """Seekers of one numbering of sorts, one after another."""
    columns: dict[str, NDArray[Any]] = {}
    for name in SeekerArrays._fields:
        if name.endswith("_first"):
            lengths = [np.diff(getattr(part, name)) for part in parts]
            columns[name] = _bounds(np.concatenate(lengths))
        else:
            columns[name] = np.concatenate([getattr(part, name) for part in parts])
    return SeekerArrays(**columns)


class _SeekerReader:
    """Reads seekers piece by piece and remembers the sorts it met."""

    def __init__(self, frame: Problem, rarity: Rarity, offer_rows: Mapping[str, int]) -> None:
        self._frame = frame
        self._rarity = rarity
        self._place_of = {pc4: number for number, pc4 in enumerate(frame.places)}
        self._wish_of = {code: number for number, code in enumerate((*frame.tags, *frame.sectors), start=1)}
        self._blocked: dict[str, list[int]] = {}
        for seeker_id, offer_id in sorted(frame.blocked):
            if offer_id in offer_rows:
                self._blocked.setdefault(seeker_id, []).append(offer_rows[offer_id])
        self._sorts: dict[Hashable, int] = {}
        self._examples: list[Seeker] = []
        self._travels: dict[Hashable, tuple[int, bool, int]] = {}

    def read(self, seekers: Sequence[Seeker]) -> SeekerArrays:
        travels = [self._travel(seeker) for seeker in seekers]
        vectors = self._rarity.unit_rows([seeker.tags for seeker in seekers])
        blocked = [self._blocked.get(seeker.id, []) for seeker in seekers]
        return SeekerArrays(
            ticket=tickets(self._frame.seed, "seeker", (seeker.id for seeker in seekers)),
            place=np.array([self._place_of[seeker.pc4] for seeker in seekers], dtype=np.int32),
            ways=np.array([ways for ways, _, _ in travels], dtype=np.int8),
            is_adult=np.array([is_adult for _, is_adult, _ in travels], dtype=bool),
            limit=np.array([limit for _, _, limit in travels], dtype=np.int16),
            silence=np.array(
                [2 * bool(seeker.wishes) + bool(seeker.tags) for seeker in seekers], dtype=np.int8
            ),
            wishes=np.array([self._wishes(seeker) for seeker in seekers], dtype=np.int32).reshape(
                len(seekers), WISHES_THAT_COUNT
            ),
            sort=np.array([self._sort(seeker) for seeker in seekers], dtype=np.int32),
            tag_first=vectors.indptr.astype(np.int64),
            tag=vectors.indices.astype(np.int32),
            tag_weight=vectors.data.astype(np.float64),
            blocked_first=_bounds([len(rows) for rows in blocked]),
            blocked=np.array(list(chain.from_iterable(blocked)), dtype=np.int32),
            rules=np.zeros(0, dtype=SEEKER_RULES),
            birthdays=np.zeros((0, len(BIRTHDAYS)), dtype=np.int32),
        )

    def with_rules(self, seekers: SeekerArrays) -> SeekerArrays:
        """The same with the rows of all sorts that were met."""
        columns = SeekerColumns(self._examples, self._frame.limits)
        rules = _seeker_rules(self._examples, columns, self._frame)
        return seekers._replace(rules=rules, birthdays=columns.birthdays)

    def _wishes(self, seeker: Seeker) -> list[int]:
        numbers = [self._wish_of[wish] for wish in seeker.wishes[:WISHES_THAT_COUNT]]
        return numbers + [0] * (WISHES_THAT_COUNT - len(numbers))

    def _travel(self, seeker: Seeker) -> tuple[int, bool, int]:
        """Ways of travelling as bits, whether of age today, and the limit; asked once per sort."""
        key = (seeker.modes, seeker.birth, seeker.max_minutes)
        if key not in self._travels:
            on, limits = self._frame.on, self._frame.limits
            ways = sum(
                1 << number
                for number, mode in enumerate(MODE_ORDER)
                if not seeker.modes or mode in seeker.modes
            )
            is_adult = seeker.birth is not None and age_on(seeker.birth, on) >= ADULT_AGE
            self._travels[key] = ways, is_adult, limit_for(seeker, on, limits)
        return self._travels[key]

    def _sort(self, seeker: Seeker) -> int:
        key = (
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
        )
        number = self._sorts.setdefault(key, len(self._sorts))
        if number == len(self._examples):
            self._examples.append(seeker)
        return number


def _seeker_rules(seekers: Sequence[Seeker], columns: SeekerColumns, frame: Problem) -> Records:
    rules = np.zeros(len(seekers), dtype=SEEKER_RULES)
    for name in ("kinds", "size", "starts", "ends", "of_age", "too_old", "weekdays", "is_class"):
        rules[name] = getattr(columns, name)
    learner = np.array([_LEARNER_NUMBER[learner] for learner in columns.learners], dtype=np.int32)
    rules["learner"] = learner[columns.learner]
    rules["track"] = [0 if seeker.track is None else _BIT_OF_TRACK[seeker.track] for seeker in seekers]
    rules["profile"] = [
        0 if seeker.profile is None else _BIT_OF_PROFILE[seeker.profile] for seeker in seekers
    ]
    rules["level"] = [0 if seeker.level is None else 1 << seeker.level for seeker in seekers]
    rules["crebo"] = [NO_CREBO if seeker.crebo is None else int(seeker.crebo) for seeker in seekers]
    rules["is_mbo"] = [seeker.is_mbo for seeker in seekers]
    rules["year"] = [_year(seeker) for seeker in seekers]
    past = (columns.birthdays <= frame.on.toordinal()).sum(axis=1)
    rules["age"] = np.where(columns.has_birth, past, UNKNOWN_AGE)
    return rules


def _year(seeker: Seeker) -> int:
    if seeker.year is None:
        return YEAR_UNKNOWN
    return YEAR_FITS if seeker.year in PREVOCATIONAL_YEARS else YEAR_DIFFERS


def _offer_rules(offers: Sequence[Offer], columns: OfferColumns) -> Records:
    rules = np.zeros(len(offers), dtype=OFFER_RULES)
    for name in ("kind", "positions", "starts", "ends", "law", "time", "weekdays", "is_group"):
        rules[name] = getattr(columns, name)
    rules["names_sunday"] = columns.names_sunday[0]
    rules["tracks"] = [sum(_BIT_OF_TRACK[track] for track in offer.tracks) for offer in offers]
    rules["profiles"] = [sum(_BIT_OF_PROFILE[profile] for profile in offer.profiles) for offer in offers]
    rules["levels"] = [sum(1 << level for level in offer.levels) for offer in offers]
    rules["asks_crebo"] = [bool(offer.crebos) for offer in offers]
    rules["gate"] = [_GATE_OF_KIND.get(offer.kind, GATE_OPEN) for offer in offers]
    return rules


def _forbids(said: Bits) -> Flags:
    forbids: Flags = (said & ~REMARK) != 0
    return forbids


def _likeness(frame: Problem, taxonomy: Taxonomy, sorts: Sequence[tuple[str, ...]]) -> Floats:
    """How alike each sector (rows) and each sort of offer (columns) are."""
    likeness = [
        max((taxonomy.between(sector, theirs) for theirs in sectors), default=0.0)
        for sector, sectors in product(frame.sectors, sorts)
    ]
    return np.array(likeness, dtype=np.float64).reshape(len(frame.sectors), len(sorts))


def _by_word(vectors: csr_array, first: Bounds) -> tuple[Numbers, Numbers, Floats]:
    """By tag and postcode where offers with that tag begin; these offers, and what the tag weighs in them."""
    by_tag = vectors.tocsc()
    by_tag.sort_indices()
    begins = [
        int(start) + np.searchsorted(by_tag.indices[start:end], first)
        for start, end in pairwise(by_tag.indptr.tolist())
    ]
    word_first = np.array(begins, dtype=np.int32).reshape(len(begins), len(first))
    return word_first, by_tag.indices.astype(np.int32), by_tag.data.astype(np.float64)


def _audiences(rules: Records) -> tuple[Numbers, Records]:
    """The number of each offer's audience, and an offer without days for each of them."""
    sorts, sort = _sorted_out(rules[_AUDIENCE].tolist())
    audiences = np.zeros(len(sorts), dtype=OFFER_RULES)
    audiences[_AUDIENCE] = np.array(sorts, dtype=rules[_AUDIENCE].dtype)
    audiences["positions"], audiences["ends"] = np.iinfo(np.int32).max, OPEN_END
    return sort, audiences


def _latest(rules: Records) -> int:
    days = np.concatenate([rules["starts"], rules["ends"]])
    return int(days[days != OPEN_END].max(initial=OPEN_START))


def _sorted_out(values: Iterable[Value]) -> tuple[list[Value], Numbers]:
    numbers: dict[Value, int] = {}
    rows = [numbers.setdefault(value, len(numbers)) for value in values]
    return list(numbers), np.array(rows, dtype=np.int32)


def _bounds(lengths: Sequence[int] | NDArray[np.integer]) -> Bounds:
    bounds = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=bounds[1:])
    return bounds


def _gathered(first: Bounds, rows: NDArray[np.integer]) -> tuple[Bounds, Bounds]:
    """The bounds of some rows when they stand alone, and where what they hold is now."""
    lengths = first[rows + 1] - first[rows]
    bounds = _bounds(lengths)
    return bounds, np.repeat(first[rows] - bounds[:-1], lengths) + np.arange(bounds[-1])


def _pieces(seekers: Iterable[Seeker]) -> Iterator[list[Seeker]]:
    rest = iter(seekers)
    while some := list(islice(rest, _SEEKERS_AT_ONCE)):
        yield some
