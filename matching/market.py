"""The exact best k of every seeker at the size of a country: suggestions without their reasons.

Guarantee: rank for rank the offers of `suggest`, with the same scores and parts to the last bit, in any order
of rows, in any number of shards, on any number of threads. Growth: linear in the pairs within reach, of which
some two hundred million pass per second and processor; memory linear in the rows, and in the postcodes times
the tags. Source: docs/matching.md 10.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.arrays import (
    Numbers,
    OfferArrays,
    SeekerArrays,
    Shorts,
    Terms,
    read_offers,
    read_seekers,
    taken,
    terms_of,
)
from matching.bars import bars_of
from matching.errors import Fault, InvalidProblem, RunStopped
from matching.kernel import ENTRY, Lists, Work, fill_lists
from matching.nouns import Offer, Place, Seeker, TravelMode
from matching.problem import Problem
from matching.rarity import Rarity
from matching.reach import BEYOND, Rows, kilometres_between, minutes_by

_SEEKERS_CHECKED_AT_ONCE = 20_000
_SEEKERS_PER_SHARD = 4_096


@dataclass(frozen=True, repr=False)
class Market:
    """Seekers and offers read into arrays, ready to be ranked. Make it with `of` or `from_rows`.

    `frame` is the problem without its rows, `rarity` how much each tag says. Rows stand in order of id.
    """

    frame: Problem
    rarity: Rarity
    seeker_ids: tuple[str, ...]
    offer_ids: tuple[str, ...]
    terms: Terms
    seekers: SeekerArrays
    offers: OfferArrays

    @classmethod
    def of(cls, problem: Problem, rarity: Rarity | None = None) -> "Market":
        """The market of a checked problem; `rarity` is fitted on its offers unless given."""
        return _market(problem, problem.seekers, problem.offers, rarity)

    @classmethod
    def from_rows(cls, frame: Problem, seekers: Iterable[Seeker], offers: Iterable[Offer]) -> "Market":
        """The market of rows that come one by one; of seekers only some thousands are held at once.

        `frame` is a problem without rows. Raises InvalidProblem with the faults of the first piece that has
        any, or with the ids that occur twice.
        """
        return _market(frame, _checked_seekers(frame, seekers), checked(frame, (), offers).offers, None)


@dataclass(frozen=True, repr=False)
class Shard:
    """Some seekers of a market with all it takes to rank them, and nothing else: it can be sent elsewhere.

    `rows` are their rows in the market. `terms`, `offers` and `places` are the same for all shards.
    """

    rows: Rows
    seekers: SeekerArrays
    terms: Terms
    offers: OfferArrays
    places: tuple[Place, ...]
    top: int


@dataclass(frozen=True, repr=False)
class Ranked:
    """The lists of seekers (`rows`): rows of offers, best first, -1 where there is none; scores and parts.

    `pairs_in_reach` counts the pairs no limit of travel parts, whatever other rules say.
    """

    rows: Rows
    offers: Numbers
    scores: NDArray[np.float64]
    sectors: NDArray[np.float64]
    locations: NDArray[np.float64]
    talents: NDArray[np.float64]
    minutes: Shorts
    pairs_in_reach: int


def rank(
    market: Market,
    *,
    top: int | None = None,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Ranked:
    """The best `top` offers of every seeker (by default as many as the frame asks), on so many threads.

    `progress(done, all)` hears of seekers after each shard, `stop()` is asked before; when it says yes the
    ranking ends with RunStopped. Guarantee, growth and source: as the module's.
    """
    everybody = len(market.seeker_ids)
    pieces = shards(market, -(-everybody // _SEEKERS_PER_SHARD), top=top)
    found: list[Ranked] = []
    done = 0
    with ThreadPoolExecutor(workers) as pool:
        for ranking in _in_turn(pool, pieces, workers, stop):
            found.append(ranking)
            done += len(ranking.rows)
            if progress is not None:
                progress(done, everybody)
    return merge_ranked(found)


def shards(market: Market, number: int, *, top: int | None = None) -> Iterator[Shard]:
    """The seekers in so many parts, neighbours together; fewer when there are fewer seekers, but always one.

    However they are cut, `merge_ranked` makes the same ranking of them, byte for byte.
    """
    seekers = market.seekers
    by_neighbour = np.lexsort((seekers.limit, seekers.is_adult, seekers.ways, seekers.place))
    for rows in np.array_split(by_neighbour, max(1, min(number, len(by_neighbour)))):
        yield _shard(market, rows.astype(np.intp), taken(seekers, rows), top)


def rank_shard(shard: Shard) -> Ranked:
    """The lists of one shard: a pure function of its arrays, for a thread, a process or another machine."""
    number, top = len(shard.rows), shard.top
    starts, start_of = np.unique(shard.seekers.place, return_inverse=True)
    minutes = journeys(
        [shard.places[place] for place in starts.tolist()],
        [shard.places[place] for place in shard.offers.place.tolist()],
    )
    lists = empty_lists(number, top)
    pairs = fill_lists(
        shard.terms,
        shard.seekers,
        shard.offers,
        bars_of(shard.terms, shard.seekers, shard.offers),
        minutes,
        start_of.astype(np.int32),
        work_for(shard.terms, shard.offers, top),
        lists,
    )
    return Ranked(shard.rows, *lists, pairs_in_reach=int(pairs))


def merge_ranked(rankings: Sequence[Ranked]) -> Ranked:
    """One of the rankings of all shards of a market, in the order of its rows."""
    rows = np.concatenate([ranking.rows for ranking in rankings])
    place = np.argsort(rows)
    columns = {name: _merged(name, rankings, place) for name in ("rows", *Lists._fields)}
    return Ranked(**columns, pairs_in_reach=sum(ranking.pairs_in_reach for ranking in rankings))


def journeys(starts: Sequence[Place], ends: Sequence[Place]) -> Shorts:
    """Minutes by start, way of travelling (bike under 18, bike, ov, walk) and end; BEYOND for never."""
    distances = kilometres_between(starts, ends)
    ways = (
        (TravelMode.BIKE, False),
        (TravelMode.BIKE, True),
        (TravelMode.OV, False),
        (TravelMode.WALK, False),
    )
    return np.stack([minutes_by(mode, distances, is_adult) for mode, is_adult in ways], axis=1)


def empty_lists(number: int, top: int) -> Lists:
    """Room for the lists of so many seekers, in which nothing stands yet."""
    shape = (number, top)
    return Lists(
        offers=np.full(shape, -1, dtype=np.int32),
        scores=np.zeros(shape),
        sectors=np.zeros(shape),
        locations=np.zeros(shape),
        talents=np.zeros(shape),
        minutes=np.full(shape, BEYOND, dtype=np.int16),
    )


def work_for(terms: Terms, offers: OfferArrays, top: int) -> Work:
    """Room to work in for one thread."""
    lists, places, rows = len(offers.likeness) + 1, len(offers.place), len(offers.row)
    return Work(
        own=np.zeros(terms.tags),
        word=np.zeros(terms.tags),
        base=np.zeros(offers.likeness.shape[1]),
        near=_numbers(places + 1),
        took=_numbers(places),
        place=_numbers(places),
        minutes=_numbers(places),
        tally=_numbers(BEYOND + 2),
        stretch_first=_numbers(places),
        stretch_end=_numbers(places),
        at=_numbers(places),
        sector=np.zeros(rows),
        talent=np.zeros(rows),
        points=np.zeros(rows),
        chosen=_numbers(rows + 1),
        size=_numbers(lists),
        given=_numbers(lists),
        floor=np.zeros(lists),
        best=np.zeros((lists, top), dtype=ENTRY),
    )


def _numbers(length: int) -> Numbers:
    return np.zeros(length, dtype=np.int32)


def _market(
    problem: Problem, seekers: Iterable[Seeker], offers: Sequence[Offer], rarity: Rarity | None
) -> Market:
    frame = replace(problem, seekers=(), offers=())
    rarity = rarity or Rarity(frame.tags, [offer.tags for offer in offers])
    offer_ids = tuple(offer.id for offer in offers)
    offer_rows = {offer_id: row for row, offer_id in enumerate(offer_ids)}
    ids, arrays = read_seekers(frame, seekers, rarity, offer_rows)
    _refuse_duplicates(ids)
    order = np.array(sorted(range(len(ids)), key=ids.__getitem__), dtype=np.intp)
    return Market(
        frame=frame,
        rarity=rarity,
        seeker_ids=tuple(ids[row] for row in order.tolist()),
        offer_ids=offer_ids,
        terms=terms_of(frame),
        seekers=taken(arrays, order),
        offers=read_offers(frame, offers, rarity),
    )


def checked(frame: Problem, seekers: Iterable[Seeker], offers: Iterable[Offer]) -> Problem:
    """The frame with these rows, every one checked and in order of id."""
    return Problem.of(
        seekers=seekers,
        offers=offers,
        sectors=frame.sectors.values(),
        tags=frame.tags.values(),
        places=frame.places.values(),
        on=frame.on,
        seed=frame.seed,
        weights=frame.weights,
        top=frame.top,
        limits=frame.limits,
        blocked=frame.blocked,
        law=frame.law,
    )


def _checked_seekers(frame: Problem, seekers: Iterable[Seeker]) -> Iterator[Seeker]:
    rest = iter(seekers)
    while some := tuple(islice(rest, _SEEKERS_CHECKED_AT_ONCE)):
        yield from checked(frame, some, ()).seekers


def _refuse_duplicates(ids: Sequence[str]) -> None:
    twice = [row_id for row_id, times in Counter(ids).items() if times > 1]
    if twice:
        raise InvalidProblem(tuple(Fault(row_id, "id", "duplicate") for row_id in twice))


def _shard(market: Market, rows: Rows, seekers: SeekerArrays, top: int | None) -> Shard:
    return Shard(
        rows=rows,
        seekers=seekers,
        terms=market.terms,
        offers=market.offers,
        places=tuple(market.frame.places.values()),
        top=market.frame.top if top is None else top,
    )


def _in_turn(
    pool: ThreadPoolExecutor, pieces: Iterable[Shard], workers: int, stop: Callable[[], bool] | None
) -> Iterator[Ranked]:
    """The rankings of the shards in order; never more under way than there are workers, and one to spare."""
    under_way: deque[Future[Ranked]] = deque()
    for shard in pieces:
        if stop is not None and stop():
            raise RunStopped
        under_way.append(pool.submit(rank_shard, shard))
        if len(under_way) > workers:
            yield under_way.popleft().result()
    while under_way:
        yield under_way.popleft().result()


def _merged(name: str, rankings: Sequence[Ranked], order: Rows) -> NDArray[Any]:
    merged: NDArray[Any] = np.concatenate([getattr(ranking, name) for ranking in rankings])[order]
    return merged
