"""Everything that is measured, figure by figure; loads the heavy parts, so only the command asks for it."""

import statistics
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from service.bench import contenders, engine, solvers
from service.bench.contenders import Best
from service.bench.figures import Figure, Role, Topic
from service.bench.invented import make_crowd, make_files, phrases
from service.bench.machine import machine
from service.bench.sizes import APPOINTMENTS, CANDIDATES, PHRASES, CrowdSize, Size
from service.bench.stopwatch import Spent, timed
from service.core.sheets import LongSheet, open_table
from service.exchange.reading import Account, read_offers, stream_youths
from service.reference.catalogue import catalogue

FIRST_SLICE = 64
WANTED_SECONDS = 5.0
MOST_IN_SLICE = 20_000
PHRASES_FOR_RAPIDFUZZ = 500
ONE_YOUTH_TIMES, ONE_OFFER_TIMES = 100, 20
MOST_WITH_REASONS = 1_000_000
"""Pairs of which every reason is made in a moment."""

Rows = Sequence[Mapping[str, Any]]


def measure(size: Size, topics: Collection[Topic]) -> Iterator[Figure]:
    """Every figure as soon as it is there."""
    if {Topic.READING, Topic.MATCHING, Topic.ONE_BY_ONE} & set(topics):
        with tempfile.TemporaryDirectory() as folder:
            country = _Country(size, *make_files(size, Path(folder)))
            yield from (figure for figure in country.figures() if figure.topic in topics)
    if Topic.ALLOCATION in topics:
        for crowd in size.crowds:
            yield from _allocation(crowd)
    if Topic.TIMETABLE in topics:
        for crowd in size.crowds:
            yield from _timetable(crowd)
    if Topic.WORDS in topics:
        yield from _words()


class _Country:
    """The youths and offers of one size, read from their files."""

    def __init__(self, size: Size, youths: Path, offers: Path) -> None:
        self._size = {"youths": size.youths, "offers": size.offers}
        self._cores = machine().cores
        self._youths = youths
        self._offers = offers

    def figures(self) -> Iterator[Figure]:
        sheet = self._open(self._youths)
        offers, spent = timed(lambda: [row.values for row in read_offers(self._open(self._offers)).used])
        yield Figure(Topic.READING, "offers", {"rows": len(offers)}, spent)
        some = [row.values for row in islice(stream_youths(sheet, Account()), MOST_IN_SLICE)]
        engine.compile_kernel(some[:FIRST_SLICE], offers[:FIRST_SLICE])
        market, spent = timed(
            lambda: engine.market((row.values for row in stream_youths(sheet, Account())), offers)
        )
        yield Figure(Topic.READING, "youths", {"rows": self._size["youths"]}, spent)
        ranking, spent = timed(lambda: engine.rank(market, self._cores))
        yield self._matching("rank", spent, pairs_in_reach=ranking.pairs_in_reach)
        yield from self._with_reasons(some, offers)
        yield from self._contenders(some, offers)
        known = engine.index(market, ranking)
        yield self._one_by_one("one_youth", partial(engine.list_of, known), some[:ONE_YOUTH_TIMES], "offers")
        yield self._one_by_one(
            "one_offer", partial(engine.entered_by, known), offers[:ONE_OFFER_TIMES], "youths"
        )

    def _one_by_one(
        self, name: str, ask: Callable[[Mapping[str, Any]], object], rows: Rows, against: str
    ) -> Figure:
        """The first time is to warm up and does not count."""
        ask(rows[0])
        seconds, spent = timed(lambda: sorted(timed(partial(ask, row))[1].seconds for row in rows))
        facts = {
            "median_milliseconds": statistics.median(seconds) * 1000,
            "slowest_milliseconds": seconds[-1] * 1000,
        }
        size = {"times": len(rows), against: self._size[against]}
        return Figure(Topic.ONE_BY_ONE, name, size, spent, facts=facts)

    def _with_reasons(self, youths: Rows, offers: Rows) -> Iterator[Figure]:
        if self._size["youths"] * self._size["offers"] > MOST_WITH_REASONS:
            return
        answer, spent = timed(lambda: engine.suggest(engine.problem(youths, offers)))
        allowed = answer.numbers.eligible_pairs
        yield self._matching("suggest", spent, role=Role.MORE, pairs_allowed=allowed)

    def _contenders(self, youths: Rows, offers: Rows) -> Iterator[Figure]:
        field = contenders.field_of(youths, offers)
        yield self._contender("numpy", contenders.numpy_best(field), len(youths))
        yield self._contender("scipy", contenders.scipy_best(field), len(youths))
        if contenders.has_sparse_dot_topn():
            best = contenders.sparse_dot_topn_best(field, self._cores)
            yield self._contender("sparse_dot_topn", best, len(youths))

    def _contender(self, name: str, best: Best, youths: int) -> Figure:
        """Some youths at first, then as many as take some seconds: all of them where that is possible."""
        measured = min(FIRST_SLICE, youths)
        _, spent = timed(lambda: best(measured))
        again = min(youths, int(measured * WANTED_SECONDS / spent.seconds))
        if again > measured:
            measured = again
            _, spent = timed(lambda: best(measured))
        return self._matching(name, spent, measured / self._size["youths"], role=Role.REFERENCE)

    def _matching(
        self, name: str, spent: Spent, share: float = 1.0, *, role: Role = Role.PODIUM, **facts: float
    ) -> Figure:
        return Figure(Topic.MATCHING, name, self._size, spent, role, share, facts)

    def _open(self, path: Path) -> LongSheet:
        return open_table(path.name, path.read_bytes())


def _allocation(size: CrowdSize) -> Iterator[Figure]:
    """Podium with all its aims and with one, and the solvers that know only that one."""
    crowd = make_crowd(size)
    task = {"seekers": size.seekers, "candidates": CANDIDATES, "offers": size.offers}
    for policy, role in ((engine.Policy.FAIR, Role.MORE), (engine.Policy.TOTAL, Role.PODIUM)):
        asked = engine.allocation_problem(crowd, policy)
        given, spent = timed(partial(engine.allocate, asked))
        facts = {"worth": engine.worth_of(given), "is_optimal": given.certificate.is_optimal}
        yield Figure(Topic.ALLOCATION, policy.value, task, spent, role, facts=facts)
    for name, solve in solvers.SOLVERS.items():
        worth, spent = timed(partial(solve, crowd))
        if worth is not None:
            yield Figure(Topic.ALLOCATION, name, task, spent, Role.REFERENCE, facts={"worth": worth})


def _timetable(size: CrowdSize) -> Iterator[Figure]:
    """The fewest rounds in which everybody meets his hosts, and a programme for the same."""
    crowd = make_crowd(size)
    task = {"seekers": size.seekers, "appointments": APPOINTMENTS, "offers": size.offers}
    asked = engine.timetable_problem(crowd)
    given, spent = timed(partial(engine.schedule, asked))
    rounds = given.certificate.rounds
    facts = {"rounds": rounds.reached, "is_optimal": rounds.is_proven}
    yield Figure(Topic.TIMETABLE, "schedule", task, spent, facts=facts)
    found, spent = timed(partial(solvers.timetable, crowd))
    if found is not None:
        yield Figure(Topic.TIMETABLE, "timetable_milp", task, spent, Role.REFERENCE, facts={"rounds": found})


def _words() -> Iterator[Figure]:
    """Beside the usual way: the nearest of all words, which understands less and is surer of itself."""
    typed = phrases(PHRASES)
    engine.read_phrases(typed[:1])
    understood, spent = timed(lambda: engine.read_phrases(typed))
    yield Figure(Topic.WORDS, "vocabulary", {"phrases": PHRASES}, spent, facts={"understood": understood})
    names = [name for tag in catalogue().tags.values() for name in (tag.label.nl, *tag.aliases)]
    some = typed[:: PHRASES // PHRASES_FOR_RAPIDFUZZ]
    _, spent = timed(lambda: [process.extractOne(phrase, names, scorer=fuzz.WRatio) for phrase in some])
    share = len(some) / PHRASES
    yield Figure(Topic.WORDS, "rapidfuzz", {"phrases": PHRASES}, spent, Role.REFERENCE, share)
