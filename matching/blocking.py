"""Why not everybody can be served, with proof, and the smallest list of new positions that would serve
all.

Exact. The blocking sets are one side of a minimum cut (Ford and Fulkerson, 1956): all that the seekers of a
set can come to are the positions of the set, and these are fewer than the seekers. The sets share nothing,
and what they lack adds up to how many are left without, whoever allocates. They speak of the candidates of
the problem: to speak of all that is within reach, give all allowed pairs and not only the best of each
seeker. A seeker counts as served with one position. Where a set is large, its cores tell where it is
tightest: the seekers of the minimum cut when every position serves several (the principal partition:
Fujishige, 1980). Minima are not looked at, for who is kept for one is served. Rules about groups are left
out, so that with groups at least so many are left without. Growth: one largest flow, the arcs times the
square root of the nodes (Dinic on unit networks; Even and Tarjan, 1975).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import monotonic

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matching.aims import Flags, Nodes, Table
from matching.allocation_problem import AllocationProblem
from matching.errors import EngineFault, Fault, InvalidProblem
from matching.flow import HUB, Circulation
from matching.nouns import RuleVerdict

LIMIT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class BlockingSet:
    """Seekers who have together only so many positions: `shortage` = seekers - `positions`.

    `positions` are those locks leave free. `capped_hosts` take fewer than their offers have. `sectors` (what
    these seekers wish; of their offers when nobody wishes anything) and `pc4s` (where they live) have the
    commonest first, each with how many seekers; `minutes` is the longest journey among the pairs, None when
    unknown. `obstacle` is there when it is one seeker whom no position could be given, wherever it were.
    """

    seeker_ids: tuple[str, ...]
    offer_ids: tuple[str, ...]
    capped_hosts: tuple[str, ...]
    positions: int
    sectors: tuple[tuple[str, int], ...]
    pc4s: tuple[tuple[str, int], ...]
    minutes: int | None
    obstacle: RuleVerdict | None = None

    @property
    def shortage(self) -> int:
        """How many of them stay without."""
        return len(self.seeker_ids) - self.positions


@dataclass(frozen=True, slots=True)
class Bottlenecks:
    """All blocking sets, the largest shortage first.

    `is_exact` is False when groups were left out; `is_complete` is False when time ran out: then there are no
    sets, and nothing is claimed.
    """

    sets: tuple[BlockingSet, ...]
    is_exact: bool
    is_complete: bool = True

    @property
    def shortage(self) -> int:
        """How many seekers stay without, however positions are given out."""
        return sum(one.shortage for one in self.sets)


def bottlenecks(
    problem: AllocationProblem,
    *,
    good_only: bool = False,
    per_position: int = 1,
    limit_seconds: float = LIMIT_SECONDS,
) -> Bottlenecks:
    """The blocking sets of `problem`; `good_only` counts only good positions.

    No set: everybody can be served at once. With `per_position` only the cores where it is tightest: sets
    with more than so many seekers for each position. They lie inside the blocking sets, the higher the
    deeper, and each is one by itself; what they lack is then only part of the whole. The clock is looked at
    once, when all is laid out: what follows is one largest flow, which takes moments.
    """
    if per_position < 1:
        raise InvalidProblem((Fault("bottlenecks", "per_position", "below_1"),))
    ends_at = monotonic() + limit_seconds
    cut = Cut(
        Table(problem),
        good_only=good_only,
        per_position=per_position,
        is_late=lambda: monotonic() >= ends_at,
    )
    sets = cut.blocking_sets() if cut.is_complete else ()
    return Bottlenecks(
        sets=tuple(sorted(sets, key=lambda one: (-one.shortage, one.seeker_ids))),
        is_exact=not (problem.together or problem.apart),
        is_complete=cut.is_complete,
    )


class Cut:
    """Seekers without a lock, the positions locks leave, and the largest number that can be served at once.

    `extra` are positions that do not exist yet: for each, who would take them and how many there would be.
    Each position serves `per_position` seekers.
    """

    def __init__(
        self,
        table: Table,
        *,
        good_only: bool,
        per_position: int = 1,
        among: Nodes | None = None,
        extra: Sequence[tuple[Nodes, int]] = (),
        is_late: Callable[[], bool] = lambda: False,
    ) -> None:
        """Serve as many as can be; `among`: only these seekers."""
        self.table = table
        seekers, offers, hosts = len(table.wanted), len(table.host), len(table.hosts)
        is_asking = np.zeros(len(table.problem.applicants), dtype=bool)
        is_asking[np.arange(seekers) if among is None else among] = True
        is_asking[table.seeker[table.is_locked]] = False
        self.asking = np.flatnonzero(is_asking)
        rows = is_asking[table.seeker] & (table.is_good if good_only else True)
        self.candidates = np.flatnonzero(rows)
        taken = table.offer[table.is_locked]
        self._per_position = per_position
        self._room = table.maximum - np.bincount(taken, minlength=offers)
        self._host_room = table.host_cap - np.bincount(table.host[taken], minlength=hosts)
        self._first_offer, self._first_host = 1 + seekers, 1 + seekers + offers
        first_extra = self._first_host + hosts
        takers = [np.zeros(0, dtype=np.intp), *(who for who, _ in extra)]
        counts = [len(who) for who, _ in extra]
        news = first_extra + np.arange(len(extra))
        self.ways = Circulation(
            first_extra + len(extra),
            np.concatenate(
                [
                    np.full(len(self.asking), HUB),
                    1 + table.seeker[self.candidates],
                    self._first_offer + np.arange(offers),
                    self._first_host + np.arange(hosts),
                    1 + np.concatenate(takers),
                    news,
                ]
            ),
            np.concatenate(
                [
                    1 + self.asking,
                    self._first_offer + table.offer[self.candidates],
                    self._first_host + table.host,
                    np.full(hosts, HUB),
                    np.repeat(news, counts),
                    np.full(len(extra), HUB),
                ]
            ),
            np.concatenate(
                [
                    np.ones(len(self.asking) + len(self.candidates), dtype=np.int64),
                    self._room * per_position,
                    self._host_room * per_position,
                    np.ones(sum(counts), dtype=np.int64),
                    np.array([many for _, many in extra], dtype=np.int64),
                ]
            ),
        )
        self.is_complete = not is_late()
        if self.is_complete:
            self.ways.fill()
        self.served = int(self.ways.flow[: len(self.asking)].sum())
        without = self.asking[self.ways.flow[: len(self.asking)] == 0]
        self._reached = self.ways.reachable(1 + without)

    @property
    def contending(self) -> Nodes:
        """The seekers of all blocking sets."""
        return self.asking[self._reached[1 + self.asking]]

    def blocking_sets(self) -> Iterable[BlockingSet]:
        """The parts of the cut that have nothing to do with each other."""
        table = self.table
        rows = self.candidates[self._reached[1 + table.seeker[self.candidates]]]
        offers = np.flatnonzero(self._offers_reached)
        bound = offers[self._hosts_reached[table.host[offers]]]
        ends = np.concatenate([1 + table.seeker[rows], self._first_offer + bound])
        others = np.concatenate([self._first_offer + table.offer[rows], self._first_host + table.host[bound]])
        links = coo_array((np.ones(len(ends)), (ends, others)), shape=(self.ways.nodes,) * 2)
        part = connected_components(links, directed=False)[1]
        for number in np.unique(part[1 + self.contending]).tolist():
            yield self._blocking_set(part == number)

    @property
    def _offers_reached(self) -> Flags:
        return self._reached[self._first_offer : self._first_host]

    @property
    def _hosts_reached(self) -> Flags:
        return self._reached[self._first_host : self._first_host + len(self.table.hosts)]

    def _blocking_set(self, is_here: Flags) -> BlockingSet:
        table, problem = self.table, self.table.problem
        seekers = self.contending[is_here[1 + self.contending]]
        offers = np.flatnonzero(self._offers_reached & is_here[self._first_offer : self._first_host])
        is_capped = self._hosts_reached[table.host[offers]]
        hosts = np.unique(table.host[offers[is_capped]])
        positions = int(self._room[offers[~is_capped]].sum() + self._host_room[hosts].sum())
        served = int(self.ways.flow[: len(self.asking)][np.isin(self.asking, seekers)].sum())
        if positions * self._per_position != served:
            raise EngineFault(f"a cut of {positions} positions serves {served}")
        rows = self.candidates[np.isin(table.seeker[self.candidates], seekers)].tolist()
        minutes = [problem.candidates[row].minutes for row in rows]
        applicants = [problem.applicants[row] for row in seekers.tolist()]
        wishes = Counter(sector for one in applicants for sector in set(one.sectors))
        offered = Counter(
            sector for row in offers.tolist() if (sector := problem.capacities[row].sector) is not None
        )
        return BlockingSet(
            seeker_ids=tuple(one.id for one in applicants),
            offer_ids=tuple(problem.capacities[row].offer_id for row in offers.tolist()),
            capped_hosts=tuple(table.hosts[row] for row in hosts.tolist()),
            positions=positions,
            sectors=_commonest(wishes or offered),
            pc4s=_commonest(Counter(one.pc4 for one in applicants if one.pc4)),
            minutes=max((one for one in minutes if one is not None), default=None),
            obstacle=applicants[0].obstacle if len(applicants) == 1 and not len(offers) else None,
        )


def _commonest(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda one: (-one[1], one[0])))
