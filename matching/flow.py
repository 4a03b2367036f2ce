"""The cheapest circulation, stage after stage: each cost is minimised among the minima of the costs before.

Guarantee: exact in whole numbers. At the end of a stage every arc that is still open has a reduced cost of at
least 0 under the stage's potentials, which proves the minimum (complementary slackness); arcs that could only
leave the minimum are closed before the next stage. Stopped early, the flow is still a circulation, and the
potentials bound how far it is from the minimum.

Method: successive shortest paths and, from a flow that is not yet one of shortest paths, cancelled circles
(Ahuja, Magnanti and Orlin, Network Flows, 1993, chapters 5 and 9). Labels are corrected a frontier at a time,
and of each tree of shortest paths every branch is used at once. Growth: a stage passes over the arcs some
tens of times for each step in the length of a path; see docs/allocation.md for what was measured.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import maximum_flow

from matching.errors import EngineFault

HUB = 0
LARGEST_COST = 1 << 56
"""No sum of costs along a path may reach this, so that labels never overflow."""
_UNSEEN = np.int64(1 << 61)
_CUT_OFF = np.int64(1 << 59)
_PASSES_BETWEEN_CHECKS = 8

Whole = NDArray[np.int64]
Nodes = NDArray[np.intp]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Minimum:
    """What a stage reached: `potentials` prove that nothing cheaper than `cost` - `missing` exists."""

    cost: int
    potentials: Whole
    missing: int

    @property
    def is_proven(self) -> bool:
        """Whether the minimum itself was reached."""
        return self.missing == 0


class Circulation:
    """Arcs with capacities around a hub, the flow on them, and what earlier stages left open.

    `opens_up` says whether an arc may carry more, `opens_down` whether it may carry less.
    """

    def __init__(self, nodes: int, tails: Nodes, heads: Nodes, capacities: Whole) -> None:
        """Start without flow; node 0 is the hub."""
        self.nodes = nodes
        self.tails, self.heads, self.capacities = tails, heads, capacities
        self.flow: Whole = np.zeros(len(tails), dtype=np.int64)
        self.opens_up: Flags = np.ones(len(tails), dtype=bool)
        self.opens_down: Flags = np.ones(len(tails), dtype=bool)

    def approach(self, costs: Whole, is_late: Callable[[], bool] = lambda: False) -> None:
        """Make the flow the cheapest, and close nothing: a start from which the stages have less to do."""
        _Search(self, costs, is_late).run()

    def minimise(self, costs: Whole, is_late: Callable[[], bool] = lambda: False) -> Minimum:
        """Make the flow the cheapest that is still open, and close what would leave this minimum.

        `is_late` is asked between passes; after a yes the flow reached so far stays, nothing is closed, and
        `missing` bounds the distance to the minimum.
        """
        search = _Search(self, costs, is_late)
        search.run()
        reduced = costs + search.labels[self.tails] - search.labels[self.heads]
        missing = self._missing(reduced)
        if missing == 0:
            self._close(reduced)
        elif not search.was_late:
            raise EngineFault("a stage ended with a way to do better")
        return Minimum(int(costs @ self.flow), search.labels, missing)

    def fill(self) -> None:
        """Lead as much as can be from the hub and back to it, whatever it costs; no two arcs are parallel.

        Dinic's method, through scipy: not in stages, so much quicker when only the size of the flow counts.
        """
        if not len(self.tails):
            return
        sink = self.nodes
        heads = np.where(self.heads == HUB, sink, self.heads)
        shape = (sink + 1, sink + 1)
        room = coo_array((self.capacities.astype(np.int32), (self.tails, heads)), shape=shape).tocsr()
        led = maximum_flow(room, HUB, sink).flow
        self.flow = led[self.tails, heads].astype(np.int64)

    def reachable(self, starts: Nodes) -> Flags:
        """The nodes to which flow could be led from these without passing the hub: one side of a cut."""
        reached: Flags = np.zeros(self.nodes, dtype=bool)
        reached[starts] = True
        up, down = self.flow < self.capacities, self.flow > 0
        before = -1
        while before < (before := int(reached.sum())):
            led = np.concatenate(
                [self.heads[up & reached[self.tails]], self.tails[down & reached[self.heads]]]
            )
            reached[led] = True
            reached[HUB] = False
        return reached

    def _missing(self, reduced: Whole) -> int:
        """No circulation that is still open is cheaper by more than this (weak duality)."""
        up = self.opens_up & (self.flow < self.capacities) & (reduced < 0)
        down = self.opens_down & (self.flow > 0) & (reduced > 0)
        room = (self.capacities - self.flow)[up].tolist()
        # Whole numbers of any size: potentials of nodes out of reach are large.
        more = sum(gain * units for gain, units in zip((-reduced[up]).tolist(), room, strict=True))
        less = sum(
            gain * units for gain, units in zip(reduced[down].tolist(), self.flow[down].tolist(), strict=True)
        )
        return int(more + less)

    def _close(self, reduced: Whole) -> None:
        self.opens_up &= reduced <= 0
        self.opens_down &= reduced >= 0
        # What can neither rise nor fall again carries its flow for good.
        self.opens_down &= self.opens_up | (self.flow > 0)
        self.opens_up &= self.opens_down | (self.flow < self.capacities)


class _Search:
    """One stage: labels (lengths of shortest paths from the hub) and the branches they hang on."""

    def __init__(self, circulation: Circulation, costs: Whole, is_late: Callable[[], bool]) -> None:
        """Lay every arc that is open out in both directions, in order of tail."""
        self._circulation = circulation
        self._is_late = is_late
        self.was_late = False
        arcs = np.flatnonzero(circulation.opens_up | circulation.opens_down)
        tails = np.concatenate([circulation.tails[arcs], circulation.heads[arcs]])
        order = np.argsort(tails, kind="stable")
        self._arcs = np.concatenate([arcs, arcs])[order]
        self._signs: Whole = np.repeat(np.array([1, -1], dtype=np.int64), len(arcs))[order]
        self._tails = tails[order]
        self._heads = np.concatenate([circulation.heads[arcs], circulation.tails[arcs]])[order]
        self._costs: Whole = self._signs * costs[self._arcs]
        self._starts = np.searchsorted(self._tails, np.arange(circulation.nodes + 1))
        place = np.empty(len(order), dtype=np.intp)
        place[order] = np.arange(len(order))
        self._mates = place[np.where(order < len(arcs), order + len(arcs), order - len(arcs))]
        self._is_open = self._has_room(np.arange(len(order)))
        self._homeward = np.flatnonzero(self._heads == HUB)
        self.labels: Whole = np.zeros(circulation.nodes, dtype=np.int64)
        self._parents = np.full(circulation.nodes, -1, dtype=np.intp)

    def run(self) -> None:
        """Send flow round as long as a round trip saves something."""
        if not len(self._arcs):
            return
        proven = self.labels.copy()
        may_circle = True
        unsettled = np.arange(self._circulation.nodes)
        while True:
            self.was_late = self._is_late()
            circles = [] if self.was_late else self._settle(unsettled, may_circle)
            if self.was_late:
                self.labels = proven
                return
            if not circles:
                may_circle, proven = False, self.labels.copy()
            tops = self._tops()
            trips, used = self._round_trips(tops)
            if not trips and not circles:
                return
            self._send(trips + circles)
            unsettled = np.arange(len(tops)) if circles else np.flatnonzero(used[tops])

    def _settle(self, unsettled: Nodes, may_circle: bool) -> list[Nodes]:
        """Give these nodes the length of their shortest path; or stop at circles that save something."""
        unseen = self._flags(unsettled)
        unseen[HUB] = False
        unsettled = np.flatnonzero(unseen)
        self.labels[unsettled] = _UNSEEN
        self._parents[unsettled] = -1
        inward = self._mates[self._outward(unsettled)]
        circles, cut_off = self._spread(inward[~unseen[self._tails[inward]]], may_circle), unsettled[:0]
        if not circles and not self.was_late:
            cut_off = np.flatnonzero(self.labels == _UNSEEN)
        if len(cut_off):
            self.labels[cut_off] = _CUT_OFF
            circles = self._spread(self._outward(cut_off), may_circle)
        return circles

    def _spread(self, edges: Nodes, may_circle: bool) -> list[Nodes]:
        passes = 0
        while len(edges):
            edges = self._outward(self._relax(edges))
            passes += 1
            if passes % _PASSES_BETWEEN_CHECKS:
                continue
            if self._is_late():
                self.was_late = True
                return []
            circles = self._circles() if may_circle else []
            if circles:
                return circles
        return []

    def _relax(self, edges: Nodes) -> Nodes:
        """Shorten what these edges can shorten; the nodes that got shorter."""
        edges = edges[self._is_open[edges]]
        lengths = self.labels[self._tails[edges]] + self._costs[edges]
        heads = self._heads[edges]
        shorter = (lengths < self.labels[heads]) & (heads != HUB)
        edges, lengths, heads = edges[shorter], lengths[shorter], heads[shorter]
        np.minimum.at(self.labels, heads, lengths)
        shortest = lengths == self.labels[heads]
        self._parents[heads[shortest]] = edges[shortest]
        return np.flatnonzero(self._flags(heads))

    def _round_trips(self, tops: Nodes) -> tuple[list[Nodes], Flags]:
        """The best way home from every branch of the tree, and which branches have one."""
        home = self._homeward[self._is_open[self._homeward]]
        lengths = self.labels[self._tails[home]] + self._costs[home]
        branches = tops[self._tails[home]]
        saves = (lengths < 0) & (branches >= 0)
        home, lengths, branches = home[saves], lengths[saves], branches[saves]
        order = np.lexsort((lengths, branches))
        home, branches = home[order], branches[order]
        is_best = np.ones(len(home), dtype=bool)
        is_best[1:] = branches[1:] != branches[:-1]
        used = np.zeros(len(tops) + 1, dtype=bool)
        used[branches] = True
        return [self._path(edge, HUB) for edge in home[is_best].tolist()], used

    def _path(self, edge: int, start: int) -> Nodes:
        """The edges from `start` up to and with this one."""
        path = [edge]
        node = int(self._tails[edge])
        while node != start:
            path.append(int(self._parents[node]))
            node = int(self._tails[path[-1]])
        return np.array(path, dtype=np.intp)

    def _circles(self) -> list[Nodes]:
        """Circles among the parents: each saves something, and no two share a node."""
        ends = self._followed(self._above())
        on_circle = np.unique(ends[self._parents[ends] >= 0])
        circles, seen = [], set[int]()
        for node in on_circle.tolist():
            if node not in seen:
                edge = int(self._parents[node])
                circles.append(self._path(edge, node))
                seen.update(self._heads[circles[-1]].tolist())
        return circles

    def _tops(self) -> Nodes:
        """The child of the hub each node hangs under; -1 (the last place) when it hangs under none."""
        above = self._above()
        is_top = (above == HUB) & (self._parents >= 0)
        here = np.arange(len(above))
        ends = self._followed(np.where(is_top, here, above))
        return np.where(is_top[ends], ends, -1)

    def _above(self) -> Nodes:
        here = np.arange(len(self._parents))
        return np.where(self._parents >= 0, self._tails[self._parents], here)

    def _followed(self, above: Nodes) -> Nodes:
        """Where everybody ends who goes up for longer than any path is."""
        for _ in range(len(above).bit_length()):
            above = above[above]
        return above

    def _send(self, trips: list[Nodes]) -> None:
        edges = np.concatenate(trips)
        self._circulation.flow[self._arcs[edges]] += self._signs[edges]
        for touched in (edges, self._mates[edges]):
            self._is_open[touched] = self._has_room(touched)

    def _has_room(self, edges: Nodes) -> Flags:
        ways, arcs = self._circulation, self._arcs[edges]
        up = ways.opens_up[arcs] & (ways.flow[arcs] < ways.capacities[arcs])
        down = ways.opens_down[arcs] & (ways.flow[arcs] > 0)
        room: Flags = np.where(self._signs[edges] > 0, up, down)
        return room

    def _outward(self, nodes: Nodes) -> Nodes:
        """All edges that leave these nodes."""
        first = self._starts[nodes]
        counts = self._starts[nodes + 1] - first
        skipped = np.cumsum(counts) - counts
        edges: Nodes = np.arange(int(counts.sum())) + np.repeat(first - skipped, counts)
        return edges

    def _flags(self, nodes: Nodes) -> Flags:
        flags = np.zeros(self._circulation.nodes, dtype=bool)
        flags[nodes] = True
        return flags
