"""An allocation as a whole-number programme, for rules that do not nest: groups, and half-days that
cross hosts.

Guarantee: within the time limit the best by the aims in their order, each with the bound HiGHS proves (gap
0); out of time the best found, with the bound reached. The lottery among equals is drawn in 1,000 steps and
is not proven. Growth: exponential at worst; a region of 1,000 seekers takes seconds, because the programme
is nearly a network. Source: HiGHS through scipy.optimize.milp (Huangfu and Hall, 2018).
"""

import math
from collections.abc import Callable
from time import monotonic
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from matching.aims import Aim, AimName, Nodes, Table, Whole
from matching.allocation_answer import Certificate, Solver
from matching.errors import EngineFault
from matching.network import check_required

LOTTERY_STEPS = 1000
_LOTTERY = frozenset({AimName.LUCK, AimName.LOT})
_OPTIMAL, _OUT_OF_TIME = 0, 1
# HiGHS calls a number whole that is this near to one; sums of many such numbers may be off by more.
_ROUNDING = 1e-4
_SOONEST = 0.01

Floats = NDArray[np.float64]


class _Found(NamedTuple):
    """What one programme gave: columns, the bound of its aim (None: none), whether it was cut short."""

    values: Floats | None
    bound: float | None
    is_late: bool


def solve(table: Table, limit_seconds: float, is_late: Callable[[], bool]) -> tuple[Nodes, Certificate]:
    """The best allocation by the aims in their order, each solved with those before held."""
    ends_at = monotonic() + limit_seconds
    programme = _Programme(table)
    chosen: Nodes = np.array([], dtype=np.intp)
    short: dict[Aim, int | None] = {}
    is_out_of_time = False
    aims = tuple(table.aims())
    for place, aim in enumerate(aims):
        is_out_of_time = is_out_of_time or is_late()
        if is_out_of_time:
            break
        found = _Found(None, None, is_late=False)
        if programme.total(aim, chosen) != programme.most(aim):
            found = programme.maximise(aim, max(_SOONEST, ends_at - monotonic()))
        if found.values is not None:
            other = programme.chosen(found.values)
            if all(programme.total(one, other) >= programme.total(one, chosen) for one in aims[:place]):
                chosen = other
        short[aim] = programme.short(aim, chosen, found)
        programme.hold(aim, chosen)
        is_out_of_time = found.is_late
        check_required(table, chosen, is_proven=not found.is_late)
    check_required(table, chosen, is_proven=False)
    certificate = Certificate(
        solver=Solver.MILP,
        reached=tuple(table.reached(aim, chosen, short.get(aim)) for aim in aims),
        limit_seconds=limit_seconds,
        is_out_of_time=is_out_of_time,
    )
    return chosen, certificate


class _Programme:
    """Columns (a seeker or a group at an offer, and what aims count) and rows (rules, and aims that are
    held).
    """

    def __init__(self, table: Table) -> None:
        """Write every rule down."""
        self._table = table
        self._columns = self._made_columns()
        self._uppers: list[float] = [1.0] * len(self._columns)
        self._entries: list[tuple[Nodes, Floats]] = []
        self._row_uppers: list[float] = []
        self._aims: dict[Aim, tuple[Nodes, Floats]] = {}
        self._of_row = np.full(len(table.seeker), -1, dtype=np.intp)
        for column, rows in enumerate(self._columns):
            self._of_row[rows] = column
        self._add_rules()

    def maximise(self, aim: Aim, seconds: float) -> _Found:
        """The best columns for an aim under all rules and all aims that are held."""
        columns, gains = self._expression(aim)
        costs = np.zeros(len(self._uppers))
        np.add.at(costs, columns, -gains)
        if not len(costs):
            return _Found(costs, 0.0, is_late=False)
        whole = np.zeros(len(costs))
        whole[: len(self._columns)] = 1
        result = milp(
            costs,
            integrality=whole,
            bounds=Bounds(0, np.array(self._uppers)),
            constraints=self._rows(),
            options={"time_limit": seconds, "mip_rel_gap": 0.0},
        )
        if result.status not in {_OPTIMAL, _OUT_OF_TIME}:
            raise EngineFault(f"HiGHS: {result.message}")
        bound = result.mip_dual_bound
        return _Found(result.x, None if bound is None else -float(bound), result.status == _OUT_OF_TIME)

    def _rows(self) -> LinearConstraint:
        lengths = [len(columns) for columns, _ in self._entries]
        matrix = csr_array(
            (
                np.concatenate([np.zeros(0), *(factors for _, factors in self._entries)]),
                (
                    np.repeat(np.arange(len(lengths)), lengths),
                    np.concatenate([np.zeros(0, np.intp), *(columns for columns, _ in self._entries)]),
                ),
            ),
            shape=(len(lengths), len(self._uppers)),
        )
        return LinearConstraint(matrix, -np.inf, np.array(self._row_uppers))

    def chosen(self, values: Floats) -> Nodes:
        """The candidates that whole columns make pairs of."""
        made = [rows for rows, value in zip(self._columns, values, strict=False) if value > 0.5]
        return np.sort(np.concatenate([np.zeros(0, dtype=np.intp), *made]))

    def total(self, aim: Aim, chosen: Nodes) -> int:
        """What an aim's expression comes to: as measured, but of seekers the first positions together."""
        table = self._table
        if aim.name in _LOTTERY:
            return int(self._lottery(aim)[chosen].sum())
        if aim.is_of_seekers:
            counted = chosen[table.weights(aim)[chosen] > 0]
            positions = np.bincount(table.seeker[counted], minlength=len(table.wanted))
            return int(np.minimum(positions, np.minimum(table.wanted, aim.position)).sum())
        return -aim.sign * table.measure(aim, chosen)

    def most(self, aim: Aim) -> int | None:
        """What no allocation can exceed, where that is plain to see."""
        table = self._table
        if aim.name is AimName.REQUIRED:
            return table.required()
        return self.total(aim, np.flatnonzero(self._of_row >= 0)) if aim.is_of_seekers else None

    def short(self, aim: Aim, chosen: Nodes, found: _Found) -> int | None:
        """By how much `chosen` may fall short of the best; None when nothing is known or it is a lottery."""
        if aim.name in _LOTTERY:
            return None
        value = self.total(aim, chosen)
        if value == self.most(aim):
            return 0
        return None if found.bound is None else max(0, math.floor(found.bound + _ROUNDING) - value)

    def hold(self, aim: Aim, chosen: Nodes) -> None:
        """From now on nothing may be worse for this aim than `chosen`."""
        columns, gains = self._expression(aim)
        # Totals are whole, so half a unit keeps rounding out.
        self._add_row(columns, -gains, 0.5 - self.total(aim, chosen))

    def _expression(self, aim: Aim) -> tuple[Nodes, Floats]:
        """The columns an aim counts and what each gains; made once, with columns of its own where needed."""
        if aim not in self._aims:
            self._aims[aim] = self._made_expression(aim)
        return self._aims[aim]

    def _made_expression(self, aim: Aim) -> tuple[Nodes, Floats]:
        table = self._table
        if aim.name is AimName.SPREAD:
            return self._spread()
        if aim.name is AimName.REQUIRED:
            return self._required()
        weights = self._lottery(aim) if aim.name in _LOTTERY else -aim.sign * table.weights(aim)
        rows = np.flatnonzero((weights != 0) & (self._of_row >= 0))
        if not aim.is_of_seekers:
            return self._of_row[rows], weights[rows].astype(np.float64)
        several = table.wanted[table.seeker[rows]] > aim.position
        counts = [self._count(aim, group) for group in _grouped(rows[several], table.seeker)]
        simple = self._of_row[rows[~several]]
        columns = np.concatenate([simple, np.array(counts, dtype=np.intp)])
        return columns, np.ones(len(columns))

    def _count(self, aim: Aim, rows: Nodes) -> int:
        """A column for how many of these pairs are made, up to the position that is counted."""
        count = self._add_column(float(aim.position))
        columns = self._of_row[rows]
        self._add_row(np.append(columns, count), np.append(-np.ones(len(columns)), 1.0), 0.0)
        return count

    def _spread(self) -> tuple[Nodes, Floats]:
        """The n-th position of a host costs 2n - 1, so that n positions cost n²."""
        table = self._table
        rows = np.flatnonzero(self._of_row >= 0)
        columns: list[int] = []
        costs: list[float] = []
        for group in _grouped(rows, table.host[table.offer]):
            host = int(table.host[table.offer[group[0]]])
            steps = [self._add_column(1.0) for _ in range(min(len(group), int(table.host_cap[host])))]
            used = self._of_row[group]
            self._add_row(np.append(used, steps), np.append(np.ones(len(used)), -np.ones(len(steps))), 0.0)
            columns += steps
            costs += [-(2.0 * place + 1) for place in range(len(steps))]
        return np.array(columns, dtype=np.intp), np.array(costs)

    def _required(self) -> tuple[Nodes, Floats]:
        table = self._table
        rows = np.flatnonzero((table.minimum[table.offer] > 0) & (self._of_row >= 0))
        columns = self._of_row[table.is_locked & (self._of_row >= 0)].tolist()
        for group in _grouped(rows, table.offer):
            met = self._add_column(float(table.minimum[table.offer[group[0]]]))
            used = self._of_row[group]
            self._add_row(np.append(used, met), np.append(-np.ones(len(used)), 1.0), 0.0)
            columns.append(met)
        return np.array(columns, dtype=np.intp), np.ones(len(columns))

    def _lottery(self, aim: Aim) -> Whole:
        """The numbers of the lottery in few steps: HiGHS reckons with sixteen digits."""
        weights = -aim.sign * self._table.weights(aim)
        most = max(1, int(np.abs(weights).max(initial=0)))
        return weights * LOTTERY_STEPS // most

    def _made_columns(self) -> list[Nodes]:
        """Which candidates each column makes pairs of at once, in the order of the lottery.

        Members of a group share a column; where one of them cannot come, none does.
        """
        table = self._table
        unit = np.arange(len(table.wanted))
        for group in table.problem.together:
            members = [table.problem.seeker_rows[seeker_id] for seeker_id in group]
            unit[members] = min(members)
        sizes = np.bincount(unit, minlength=len(unit))
        order = np.argsort(table.lots, kind="stable")
        together = _grouped(order, unit[table.seeker] * len(table.host) + table.offer)
        columns = [rows for rows in together if len(rows) == sizes[unit[table.seeker[rows[0]]]]]
        return sorted(columns, key=lambda rows: int(table.lots[rows].min()))

    def _add_rules(self) -> None:
        table = self._table
        rows = np.flatnonzero(self._of_row >= 0)
        # Of a group the first member stands for all in what a seeker may have.
        leaders = np.array(sorted(int(rows.min()) for rows in self._columns), dtype=np.intp)
        host, period = table.host[table.offer], table.period[table.offer]
        for group in _grouped(leaders, table.seeker):
            self._at_most(group, int(table.wanted[table.seeker[group[0]]]))
        for group in _grouped(leaders, table.seeker * len(table.hosts) + host):
            self._at_most(group, 1)
        for group in _grouped(leaders[period[leaders] >= 0], table.seeker * len(table.host) + period):
            self._at_most(group, 1)
        for group in _grouped(rows, table.offer):
            self._at_most(group, int(table.maximum[table.offer[group[0]]]))
        for group in _grouped(rows, host):
            self._at_most(group, int(table.host_cap[host[group[0]]]))
        for seekers in table.problem.apart:
            members = [table.problem.seeker_rows[seeker_id] for seeker_id in seekers]
            for group in _grouped(rows[np.isin(table.seeker[rows], members)], host):
                self._at_most(group, 1)

    def _at_most(self, rows: Nodes, most: int) -> None:
        if len(rows) > most:
            self._add_row(self._of_row[rows], np.ones(len(rows)), float(most))

    def _add_column(self, upper: float) -> int:
        self._uppers.append(upper)
        return len(self._uppers) - 1

    def _add_row(self, columns: Nodes, factors: Floats, upper: float) -> None:
        self._entries.append((columns, factors))
        self._row_uppers.append(upper)


def _grouped(rows: Nodes, keys: Nodes) -> list[Nodes]:
    """The rows that have the same key, by rising key, each group in the order given."""
    if not len(rows):
        return []
    ordered = rows[np.argsort(keys[rows], kind="stable")]
    return np.split(ordered, np.flatnonzero(np.diff(keys[ordered])) + 1)
