"""Less walking from meeting to meeting, without another round: meetings change rounds along chains.

Heuristic, with a bound. Two rounds change places for all who hang together through them, so that no rule
breaks (Kempe chains); every chain that saves walking is taken, and now and then one that costs nothing,
until for a while nothing gets better. The bound: nobody walks less than the shortest tree that joins the
rooms he is expected in. Growth: rounds squared times meetings, for each of some tens of passes. Equal seed
and input give equal rounds, unless time runs out.
"""

from collections.abc import Callable
from itertools import combinations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matching.timetable_grid import Flags, Grid, Nodes, Whole
from matching.timetable_problem import TimetableProblem

_PATIENCE = 12


class Walks:
    """How far it is between rooms, and how far visitors walk by their routes (rooms by round; -1: none)."""

    def __init__(self, problem: TimetableProblem) -> None:
        """Measure every two rooms once."""
        rooms = sorted({stand.room for stand in problem.stands})
        known = {room: row for row, room in enumerate(rooms)}
        self._far: Whole = np.array(
            [[problem.walk(room, other) for other in rooms] for room in rooms], dtype=np.int64
        ).reshape(len(rooms), len(rooms))
        self.room_of: Nodes = np.array([known[stand.room] for stand in problem.stands], dtype=np.intp)

    def of(self, routes: Nodes) -> Whole:
        """The walk of each route: from each room to the next that is not -1."""
        walked: Whole = np.zeros(len(routes), dtype=np.int64)
        last = np.full(len(routes), -1, dtype=np.intp)
        for here in routes.T:
            goes = (here >= 0) & (last >= 0)
            walked[goes] += self._far[last[goes], here[goes]]
            last = np.where(here >= 0, here, last)
        return walked

    def least(self, routes: Nodes) -> int:
        """No order of the rooms on these routes walks less: a shortest tree over the rooms of each."""
        trees: dict[tuple[int, ...], int] = {}
        total = 0
        for route in routes.tolist():
            rooms = tuple(sorted({room for room in route if room >= 0}))
            if rooms not in trees:
                trees[rooms] = self._tree(rooms)
            total += trees[rooms]
        return total

    def _tree(self, rooms: tuple[int, ...]) -> int:
        """Prim's shortest tree."""
        length = 0
        nearest = {room: int(self._far[rooms[0], room]) for room in rooms[1:]}
        while nearest:
            room = min(nearest, key=lambda one: (nearest[one], one))
            length += nearest.pop(room)
            for other, far in nearest.items():
                nearest[other] = min(far, int(self._far[room, other]))
        return length


class Walking:
    """Units of a grid with their rounds, and the routes that follow from them and from the locks."""

    def __init__(self, problem: TimetableProblem, grid: Grid, rounds: Nodes) -> None:
        """Begin with these rounds."""
        self._grid, self._walks = grid, Walks(problem)
        self._visitor, self._stand = grid.visitor[grid.units], grid.stand[grid.units]
        self.rounds = rounds.copy()
        self._routes = np.full(grid.is_free.shape, -1, dtype=np.intp)
        for lock in problem.locked:
            room = self._walks.room_of[problem.stand_rows[lock.stand_id]]
            self._routes[problem.visitor_rows[lock.seeker_id], lock.round - 1] = room
        self._routes[self._visitor, self.rounds] = self._walks.room_of[self._stand]
        self._random = np.random.default_rng(problem.seed)

    @property
    def walked(self) -> int:
        """How far all walk together."""
        return int(self._walks.of(self._routes).sum())

    @property
    def least(self) -> int:
        """How far they walk at least, in whatever order they meet."""
        return self._walks.least(self._routes)

    def shorten(self, is_late: Callable[[], bool]) -> bool:
        """Take what saves walking; whether there was time to the end."""
        least, walked, stale = self.least, self.walked, 0
        pairs = list(combinations(range(self._grid.rounds), 2))
        while walked > least and stale < _PATIENCE:
            for place in self._random.permutation(len(pairs)).tolist():
                if is_late():
                    return False
                self._exchange(*pairs[place])
            before, walked = walked, self.walked
            stale = stale + 1 if walked == before else 0
        return True

    def _exchange(self, one: int, other: int) -> None:
        """Let the two rounds change places wherever it saves, and here and there where it costs nothing."""
        units = np.flatnonzero((self.rounds == one) | (self.rounds == other))
        if not len(units):
            return
        visitors = len(self._routes)
        slots, may_move = self._slots(units, one, other)
        ends = self._visitor[units], visitors + slots
        size = visitors + int(slots.max()) + 1
        links = coo_array((np.ones(len(units), dtype=np.int8), ends), shape=(size, size))
        chains, chain_of = connected_components(links, directed=False)
        chain = chain_of[self._visitor[units]]
        is_stuck = np.zeros(chains, dtype=bool)
        is_stuck[chain[~may_move]] = True
        some = np.unique(self._visitor[units])
        turned = self._routes[some]
        turned[:, [one, other]] = turned[:, [other, one]]
        gains = self._walks.of(turned) - self._walks.of(self._routes[some])
        change: Whole = np.zeros(chains, dtype=np.int64)
        np.add.at(change, chain_of[some], gains)
        coin = self._random.random(chains) < 0.5
        takes = ~is_stuck & ((change < 0) | ((change == 0) & coin))
        moved = takes[chain]
        self.rounds[units[moved]] = one + other - self.rounds[units[moved]]
        turns = takes[chain_of[some]]
        self._routes[some[turns]] = turned[turns]

    def _slots(self, units: Nodes, one: int, other: int) -> tuple[Nodes, Flags]:
        """A place at its stand for each unit, and whether the unit could be in the other of the two rounds.

        A place holds one unit of each round. Those of one round are laid out from the first place and those
        of the other from the last, so that chains stay short.
        """
        grid = self._grid
        stand, is_one = self._stand[units], self.rounds[units] == one
        rank = np.empty(len(units), dtype=np.intp)
        for side in (is_one, ~is_one):
            rank[side] = _ranks(stand[side], self._random.permutation(int(side.sum())))
        room = grid.room[:, [one, other]]
        shared, most = room.min(axis=1), room.max(axis=1)
        # Beyond the places both rounds have, a unit cannot move.
        place = np.where(is_one | (rank >= shared[stand]), rank, shared[stand] - 1 - rank)
        first = np.cumsum(most) - most
        free = grid.is_free[self._visitor[units]]
        there = np.where(is_one, free[:, other], free[:, one])
        return first[stand] + place, there & (rank < shared[stand])


def _ranks(groups: Nodes, order: Nodes) -> Nodes:
    """The place of each within its group, in this order."""
    sequence = np.lexsort((order, groups))
    starts = np.flatnonzero(np.diff(groups[sequence], prepend=-1))
    lengths = np.diff(starts, append=len(groups))
    ranks = np.empty(len(groups), dtype=np.intp)
    ranks[sequence] = np.arange(len(groups)) - np.repeat(starts, lengths)
    return ranks
