"""Whether all appointments fit in so many rounds, and one way in which they do.

Exact: the answer is a way, a proof that there is none, or that time ran out. When everybody is there all the
time a colouring of edges says at once whether they fit (`edge_colouring`). Else rounds are filled one after
another with a matching that serves first who has no round to lose, in a few orders of rounds. That need not
succeed; then the linear programme decides, or the whole-number programme (HiGHS, through scipy): the question
is NP-complete when people are not always there (Even, Itai and Shamir, 1976).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from time import monotonic

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, vstack

from matching.edge_colouring import coloured, fewest_colours
from matching.flow import HUB, Circulation
from matching.timetable_grid import Flags, Grid, Nodes, Whole

_CRITICAL = 1 << 20
_URGENT = 1 << 10
_ROUNDING = 1e-6
_SOONEST = 0.01
_OPTIMAL, _INFEASIBLE = 0, 2
_TRIES = 5

Floats = NDArray[np.float64]


class TimetableSolver(StrEnum):
    """What found a timetable: a colouring of edges, matchings round after round, or a programme."""

    COLOURING = "colouring"
    MATCHINGS = "matchings"
    MILP = "milp"


@dataclass(frozen=True, slots=True)
class Fitting:
    """The round of each unit of the grid, or None.

    Without rounds `contended` are the appointments among which the proof that they do not fit was found;
    None: nothing was found in time.
    """

    rounds: Nodes | None
    solver: TimetableSolver
    contended: Nodes | None = None


def fit(grid: Grid, ends_at: float, is_late: Callable[[], bool]) -> Fitting:
    """Try the cheapest way first."""
    if _all_are_there(grid):
        return _by_colouring(grid)
    for order in _orders(grid):
        found = _filled(grid, order, is_late)
        if found is not None:
            return Fitting(found, TimetableSolver.MATCHINGS)
    programme = _Programme(grid, ends_at)
    return programme.relaxed() or programme.whole()


def _orders(grid: Grid) -> Iterator[Nodes]:
    """Orders to fill the rounds in: the one with fewest visitors first, then a few that are drawn."""
    yield np.argsort(grid.is_free.sum(axis=0), kind="stable")
    random = np.random.default_rng(grid.rounds)
    for _ in range(_TRIES):
        yield random.permutation(grid.rounds)


def _all_are_there(grid: Grid) -> bool:
    """Whether nobody who has appointments is ever away."""
    room = grid.room[grid.stand]
    return bool(grid.is_free[grid.visitor].all() and (room == room[:, :1]).all() and (room > 0).all())


def _by_colouring(grid: Grid) -> Fitting:
    units = grid.units
    ends = grid.visitor[units].tolist(), grid.stand[units].tolist()
    if not len(units):
        return Fitting(units, TimetableSolver.COLOURING)
    capacities = grid.room[:, 0].tolist()
    if fewest_colours(*ends, capacities) > grid.rounds:
        return Fitting(None, TimetableSolver.COLOURING, np.arange(len(grid.times)))
    return Fitting(np.array(coloured(*ends, capacities), dtype=np.intp), TimetableSolver.COLOURING)


def _filled(grid: Grid, order: Nodes, is_late: Callable[[], bool]) -> Nodes | None:
    """Fill round after round; None when somebody misses his last chance."""
    filling = _Filling(grid)
    for number in order.tolist():
        if is_late() or not filling.fill(number, is_late):
            return None
    return filling.rounds if (filling.rounds >= 0).all() else None


class _Filling:
    """Units without a round, and the rounds that are not filled yet."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._visitor, self._stand = grid.visitor[grid.units], grid.stand[grid.units]
        self._is_open: Flags = np.ones(grid.rounds, dtype=bool)
        self.rounds = np.full(len(self._visitor), -1, dtype=np.intp)

    def fill(self, number: int, is_late: Callable[[], bool]) -> bool:
        """Give a round to as many as can be; False when somebody then has too few rounds left."""
        grid = self._grid
        waiting = np.flatnonzero(self.rounds < 0)
        visits = np.bincount(self._visitor[waiting], minlength=len(grid.is_free))
        receives = np.bincount(self._stand[waiting], minlength=len(grid.room))
        chances = grid.is_free[:, self._is_open].sum(axis=1) - visits
        self._is_open[number] = False
        later = grid.room[:, self._is_open].sum(axis=1)
        must = np.maximum(0, receives - later)
        here = waiting[
            grid.is_free[self._visitor[waiting], number] & (grid.room[self._stand[waiting], number] > 0)
        ]
        # Of several meetings of one appointment one is enough to choose from.
        _, first = np.unique(self._visitor[here] * len(grid.room) + self._stand[here], return_index=True)
        here = here[first]
        if (must > grid.room[:, number]).any() or (chances < 0).any():
            return False
        self.rounds[here[self._matched(here, number, chances, must, is_late)]] = number
        return True

    def _matched(
        self, units: Nodes, number: int, chances: Whole, must: Whole, is_late: Callable[[], bool]
    ) -> Nodes:
        """Which of these units meet: most that matter, and first of all who has no chance to lose."""
        visitors, stands = len(chances), len(must)
        room = self._grid.room[:, number]
        nodes = 1 + np.arange(visitors), 1 + visitors + np.arange(stands)
        rest = room - np.minimum(must, room)
        ways = Circulation(
            1 + visitors + stands,
            np.concatenate([np.full(visitors, HUB), 1 + self._visitor[units], nodes[1], nodes[1]]),
            np.concatenate([nodes[0], 1 + visitors + self._stand[units], np.full(2 * stands, HUB)]),
            np.concatenate([np.ones(visitors + len(units), dtype=np.int64), room - rest, rest]),
        )
        urgent = np.where(chances == 0, _CRITICAL, _URGENT // (1 + np.maximum(chances, 0)) + 1)
        costs = np.zeros(len(ways.tails), dtype=np.int64)
        costs[:visitors] = -urgent
        costs[visitors + len(units) :] = np.repeat([-_CRITICAL, -1], stands)
        ways.minimise(costs, is_late)
        return np.flatnonzero(ways.flow[visitors : visitors + len(units)] > 0)


class _Programme:
    """A column per appointment and round in which it could be; rows for how often and how many at once."""

    def __init__(self, grid: Grid, ends_at: float) -> None:
        self._times, self._ends_at = grid.times, ends_at
        rows, self._rounds = np.nonzero(grid.is_free[grid.visitor] & (grid.room[grid.stand] > 0))
        self._columns, rounds = len(rows), grid.rounds
        self._meets = _sums(rows, len(grid.times))
        visits = _sums(grid.visitor[rows] * rounds + self._rounds, len(grid.is_free) * rounds)
        receives = _sums(grid.stand[rows] * rounds + self._rounds, len(grid.room) * rounds)
        self._limits = vstack([visits, receives], format="csr")
        self._uppers = np.concatenate([np.ones(visits.shape[0]), grid.room.reshape(-1)])

    def relaxed(self) -> Fitting | None:
        """What the linear programme says; None when it says that parts of meetings fit."""
        if not self._columns:
            return Fitting(None, TimetableSolver.MILP, np.arange(len(self._times)))
        found = linprog(
            -np.ones(self._columns),
            A_ub=vstack([self._meets, self._limits], format="csr"),
            b_ub=np.concatenate([self._times, self._uppers]),
            bounds=(0, 1),
            options={"time_limit": self._seconds},
        )
        if found.status != _OPTIMAL:
            return Fitting(None, TimetableSolver.MILP)
        if -found.fun < self._times.sum() - _ROUNDING:
            # What has its full price is met whatever the others do; among the rest is the proof.
            prices = -found.ineqlin.marginals[: len(self._times)]
            return Fitting(None, TimetableSolver.MILP, np.flatnonzero(prices < 1 - _ROUNDING))
        is_whole = np.abs(found.x - np.round(found.x)).max() < _ROUNDING
        return self._fitting(found.x) if is_whole else None

    def whole(self) -> Fitting:
        """What the whole-number programme says."""
        found = milp(
            np.zeros(self._columns),
            integrality=np.ones(self._columns),
            bounds=Bounds(0, 1),
            constraints=[
                LinearConstraint(self._meets, self._times, self._times),
                LinearConstraint(self._limits, -np.inf, self._uppers),
            ],
            options={"time_limit": self._seconds},
        )
        if found.x is not None:
            return self._fitting(found.x)
        proven = np.arange(len(self._times)) if found.status == _INFEASIBLE else None
        return Fitting(None, TimetableSolver.MILP, proven)

    @property
    def _seconds(self) -> float:
        return max(_SOONEST, self._ends_at - monotonic())

    def _fitting(self, values: Floats) -> Fitting:
        # Columns stand by appointment, as the units of a grid do.
        return Fitting(self._rounds[values > 0.5], TimetableSolver.MILP)


def _sums(groups: Nodes, rows: int) -> csr_array:
    """A row per group that adds up its columns."""
    return csr_array((np.ones(len(groups)), (groups, np.arange(len(groups)))), shape=(rows, len(groups)))
