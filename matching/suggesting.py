"""The run: rules, features, scores, the exact best k and their reasons, or the causes of having none.

Guarantee: equal problems give equal answers, whatever the order of rows, the size of a block and the number
of shards. Linear in the pairs; memory for one block of pairs at a time. (Not named `suggest`, because the
package's function has that name.)
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.eligibility import NO_OFFERS, RULES, journey_of
from matching.errors import EngineFault, RunStopped
from matching.features import Features
from matching.lottery import lots, tickets
from matching.nouns import (
    ENGINE_VERSION,
    Answer,
    Cause,
    Gap,
    Numbers,
    Offer,
    Part,
    Reason,
    Seeker,
    Suggestion,
)
from matching.problem import Problem
from matching.reach import Floats, Rows
from matching.reasons import Way, reasons_for
from matching.remarks import Remarks
from matching.scoring import Weights, parts_of, total
from matching.screening import Screened, Screening
from matching.sharding import in_shards, ranges
from matching.topk import best, spread

# Neighbours reach the same few offers of a country, and in a region this many pairs fit in memory.
_PAIRS_PER_BLOCK = 1 << 20


class _Found(NamedTuple):
    """What was found for some seekers."""

    suggestions: list[Suggestion]
    gaps: list[Gap]
    eligible_pairs: int


def suggest(
    problem: Problem,
    progress: Callable[[int, int], None] | None = None,
    stop: Callable[[], bool] | None = None,
    *,
    shards: int | None = None,
) -> Answer:
    """The best `problem.top` offers for every seeker, each with its reasons; for who has none, the causes.

    `progress(done, all)` hears of seekers after each block, `stop()` is asked between blocks; when it says
    yes the run ends with RunStopped. With `shards` the seekers are parted into so many pieces, which go where
    the caller's `joblib.parallel_config` sends them, and `progress` hears of pieces; the answer is the same.
    Suggestions stand by seeker id and rank, gaps by seeker id.
    """
    run = Run(problem)
    everybody = range(len(run.neighbours))
    if shards is None:
        pieces = _blocks(problem, everybody)
        finding = _in_turn(run, pieces, stop)
    else:
        pieces = ranges(len(everybody), shards)
        finding = in_shards(_find, run, pieces, stop)
    suggestions: list[Suggestion] = []
    gaps: list[Gap] = []
    eligible_pairs = 0
    for piece, found in zip(pieces, finding, strict=True):
        suggestions += found.suggestions
        gaps += found.gaps
        eligible_pairs += found.eligible_pairs
        if progress is not None:
            progress(piece.stop, len(problem.seekers))
    suggestions.sort(key=lambda one: (one.seeker_id, one.rank))
    gaps.sort(key=lambda gap: gap.seeker_id)
    numbers = Numbers(
        seekers=len(problem.seekers),
        offers=len(problem.offers),
        pairs=len(problem.seekers) * len(problem.offers),
        eligible_pairs=eligible_pairs,
        suggestions=len(suggestions),
        seekers_with_suggestion=len(problem.seekers) - len(gaps),
    )
    return Answer(
        suggestions=tuple(suggestions),
        gaps=tuple(gaps),
        numbers=numbers,
        engine_version=ENGINE_VERSION,
        input_hash=problem.input_hash,
        config_hash=problem.config_hash,
        seed=problem.seed,
    )


def suggestions_of(problem: Problem, pairs: Iterable[tuple[str, str]]) -> tuple[Suggestion, ...]:
    """Certain pairs (seeker id, offer id) as `suggest` gives them in lists as long as there are offers.

    So each has its place among all that are allowed to its seeker; a pair that a rule forbids is left out, an
    unknown id is InvalidProblem. Reasons are made for these alone: linear in all pairs of their seekers.
    """
    wanted: dict[int, set[int]] = defaultdict(set)
    for seeker_id, offer_id in pairs:
        wanted[problem.seeker_row(seeker_id)].add(problem.offer_row(offer_id))
    rows = sorted(wanted)
    seekers = tuple(problem.seekers[row] for row in rows)
    run = Run(replace(problem, seekers=seekers, top=max(1, len(problem.offers))))
    found: list[Suggestion] = []
    for places in _blocks(problem, range(len(rows))):
        block = run.block(np.array(places, dtype=np.intp))
        for place, row in enumerate(rows[places.start : places.stop]):
            found += block.suggestions(place, wanted[row])
    return tuple(found)


class Run:
    """A problem prepared for scoring: what is the same for all pairs is done once."""

    def __init__(self, problem: Problem) -> None:
        """Prepare rules, columns, weights and tickets."""
        self.problem = problem
        self.screening = Screening(problem)
        self.features = Features(problem)
        self._weights: dict[tuple[bool, bool], Weights] = {}
        weights = [self.weights_for(seeker) for seeker in problem.seekers]
        self.weights: Floats = np.array(
            [(weight.sector, weight.location, weight.talent) for weight in weights], dtype=np.float64
        ).reshape(len(weights), 3)
        self._rarest_first: dict[frozenset[str], tuple[str, ...]] = {}
        self.seeker_tickets = tickets(problem.seed, "seeker", (seeker.id for seeker in problem.seekers))
        self.offer_tickets = tickets(problem.seed, "offer", (offer.id for offer in problem.offers))
        self.main_sectors = _main_sectors(problem, self.features)
        self.neighbours = self.screening.reach.neighbours()

    @cached_property
    def remarks(self) -> Remarks:
        """What rules say of pairs beside yes."""
        return Remarks(self.problem.offers, self.problem.on, self.problem.law)

    def weights_for(self, seeker: Seeker) -> Weights:
        """The weights when this seeker is silent about wishes or talents: there are four kinds."""
        speaks = bool(seeker.wishes), bool(seeker.tags)
        if speaks not in self._weights:
            self._weights[speaks] = self.problem.weights.for_seeker(seeker)
        return self._weights[speaks]

    def shared(self, seeker: Seeker, offer: Offer) -> tuple[str, ...]:
        """The tags both have, rarest first."""
        tags = seeker.tags & offer.tags
        if tags not in self._rarest_first:
            self._rarest_first[tags] = self.features.rarest_first(tags)
        return self._rarest_first[tags]

    def block(self, rows: Rows) -> "Block":
        """The pairs of these seekers with all offers, judged and scored."""
        return Block(self, rows, np.arange(len(self.problem.offers), dtype=np.intp))

    def block_in_reach(self, rows: Rows) -> "Block":
        """The same with only the offers one of them can go to, which are all that can be suggested."""
        return Block(self, rows, self.screening.reach.within(rows))


class Block:
    """Some seekers (rows) and some offers (columns), all of them or those in reach."""

    def __init__(self, run: Run, rows: Rows, offers: Rows) -> None:
        """Judge and score every pair; reasons are made later, only for what is suggested."""
        self._run = run
        self._rows = rows
        self._offers = offers
        some = None if len(offers) == len(run.problem.offers) else offers
        self.screened: Screened = run.screening.screen(rows, some)
        self.columns = (
            run.features.sector(rows, some),
            run.features.location(self.screened.minutes, run.screening.reach.limit[rows]),
            run.features.talent(rows, some),
        )
        self.scores = total(run.weights[rows], self.columns)
        self.lots = lots(run.seeker_tickets[rows], run.offer_tickets[offers])

    def suggestions(self, place: int, only: Collection[int] | None = None) -> Iterator[Suggestion]:
        """The list of one seeker of the block, best first, or those of it in some columns."""
        for rank, column in enumerate(self._chosen(place).tolist(), start=1):
            if only is None or column in only:
                yield self._suggestion(place, column, rank)

    def parts(self, place: int, column: int) -> tuple[Part, ...]:
        """The parts of one score."""
        seeker = self._run.problem.seekers[self._rows[place]]
        values = tuple(float(values[place, column]) for values in self.columns)
        return parts_of(self._run.problem.weights, self._run.weights_for(seeker), values)

    def gap(self, place: int) -> Gap:
        """Why a seeker has nothing: how many offers each rule is first, or alone, to forbid.

        Only a block with all offers knows.
        """
        seeker_id = self._run.problem.seekers[self._rows[place]].id
        first = self.screened.first[place]
        if not len(first):
            return Gap(seeker_id, (Cause(NO_OFFERS, 0, 0),))
        offers = np.bincount(first, minlength=len(RULES))
        alone = np.bincount(first[self.screened.count[place] == 1], minlength=len(RULES))
        causes = [
            Cause(RULES[rule], int(offers[rule]), int(alone[rule]))
            for rule in np.flatnonzero(offers).tolist()
        ]
        return Gap(seeker_id, tuple(sorted(causes, key=lambda cause: -cause.offers)))

    def remarks(self, place: int, column: int) -> tuple[Reason, ...]:
        """What rules say of one pair beside yes; asked only where one does."""
        if not self.screened.has_remark[place, column]:
            return ()
        seeker = self._run.problem.seekers[self._rows[place]]
        return self._run.remarks.of(seeker, int(self._offers[column]))

    def _chosen(self, place: int) -> Rows:
        seeker = self._run.problem.seekers[self._rows[place]]
        allowed, scores, drawn = self.screened.allowed[place], self.scores[place], self.lots[place]
        if seeker.wishes:
            return best(allowed, scores, drawn, self._run.problem.top)
        sectors = self._run.main_sectors[self._offers]
        return spread(allowed, scores, drawn, sectors, self._run.problem.top)

    def _suggestion(self, place: int, column: int, rank: int) -> Suggestion:
        problem = self._run.problem
        seeker, offer = problem.seekers[self._rows[place]], problem.offers[self._offers[column]]
        parts = self.parts(place, column)
        reasons = reasons_for(
            seeker,
            offer,
            parts,
            self._way(place, column),
            self._run.shared(seeker, offer),
            self._run.features.taxonomy,
            self.remarks(place, column),
        )
        return Suggestion(
            seeker_id=seeker.id,
            offer_id=offer.id,
            rank=rank,
            score=float(self.scores[place, column]),
            sector=parts[0].value,
            location=parts[1].value,
            talent=parts[2].value,
            minutes=int(self.screened.minutes[place, column]),
            reasons=reasons,
        )

    def _way(self, place: int, column: int) -> Way:
        problem = self._run.problem
        seeker, offer = problem.seekers[self._rows[place]], problem.offers[self._offers[column]]
        journey = journey_of(seeker, offer, problem.on, problem.places, problem.limits)
        if journey.minutes is None or journey.mode is None:
            raise EngineFault(f"out of reach, but suggested: {seeker.id} to {offer.id}")
        if journey.minutes != self.screened.minutes[place, column]:
            raise EngineFault(f"two measures of one journey differ: {seeker.id} to {offer.id}")
        return Way(
            journey.minutes, journey.mode.value, int(self._run.screening.reach.limit[self._rows[place]])
        )


def _in_turn(run: Run, pieces: list[range], stop: Callable[[], bool] | None) -> Iterator[_Found]:
    for piece in pieces:
        if stop is not None and stop():
            raise RunStopped
        yield _find(run, piece)


def _find(run: Run, piece: range) -> _Found:
    """What there is for these neighbours; of the run it changes nothing, so it can be asked anywhere."""
    found = _Found([], [], 0)
    eligible_pairs = 0
    for places in _blocks(run.problem, piece):
        rows = run.neighbours[places.start : places.stop]
        block = run.block_in_reach(rows)
        eligible_pairs += int(block.screened.allowed.sum())
        for place in range(len(rows)):
            listed = list(block.suggestions(place))
            found.suggestions.extend(listed)
            if not listed:
                found.gaps.append(run.block(rows[place : place + 1]).gap(0))
    return found._replace(eligible_pairs=eligible_pairs)


def _blocks(problem: Problem, piece: range) -> list[range]:
    """Few enough seekers at a time for the pairs to fit in memory."""
    size = max(1, _PAIRS_PER_BLOCK // max(1, len(problem.offers)))
    return [piece[start : start + size] for start in range(0, len(piece), size)]


def _main_sectors(problem: Problem, features: Features) -> NDArray[np.intp]:
    """The number of each offer's main sector; offers without any share one number."""
    numbers: dict[str | None, int] = {}
    mains = [next(iter(features.taxonomy.sectors_of(offer)), None) for offer in problem.offers]
    return np.array([numbers.setdefault(main, len(numbers)) for main in mains], dtype=np.intp)
