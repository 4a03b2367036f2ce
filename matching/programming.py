"""An allocation as a whole-number programme, for rules no network says: groups, collisions of positions.

Guarantee: within the time limit the best by the aims in their order, each with the bound that HiGHS proves;
out of time the best found, filled up as far as there is room. The lottery among equals is drawn in 1,000
steps and is not proven. Growth: exponential at worst. Each aim is first solved as a linear programme:
mostly its answer is whole, and its reduced costs settle, for all aims to come, every pair that could only
make this one worse (reduced-cost fixing: Dantzig, Fulkerson and Johnson, 1954). Solver: HiGHS, through
scipy.optimize.
"""

import math
from collections.abc import Callable, Mapping
from time import monotonic
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array

from matching.aims import Aim, AimName, Nodes, Table, Whole
from matching.allocation_answer import Certificate, Solver
from matching.local_search import filled
from matching.network import check_required

LOTTERY_STEPS = 1000
_LOTTERY = frozenset({AimName.LUCK, AimName.LOT})
_OPTIMAL, _OUT_OF_TIME = 0, 1
# HiGHS calls a number whole that is this near to one; sums of many such numbers may be off by more.
_ROUNDING = 1e-4
_SMALLEST_PRICE = 1e-6
_SOONEST = 0.01

Floats = NDArray[np.float64]


class _Found(NamedTuple):
    """What one programme gave: columns, the bound of its aim (None: none), whether it was cut short."""

    values: Floats | None
    bound: float | None
    is_late: bool


class _Relaxed(NamedTuple):
    """The linear programme of an aim: its best, the price of each bound, the rows that have a price."""

    best: float
    at_lower: Floats
    at_upper: Floats
    binding: Nodes


def solve(
    table: Table, limit_seconds: float, is_late: Callable[[], bool], ends_at: float
) -> tuple[Nodes, Certificate]:
    """The best allocation by the aims in their order, each solved with those before held.

    `ends_at` is when the time is up, by the clock that only ever goes on.
    """
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
        if not programme.is_settled and programme.total(aim, chosen) != programme.most(aim, short):
            found = programme.maximise(aim, max(_SOONEST, ends_at - monotonic()))
        if found.values is not None and len(found.values):
            other = programme.chosen(found.values)
            if all(programme.total(one, other) >= programme.total(one, chosen) for one in aims[:place]):
                chosen = other
        short[aim] = programme.short(aim, chosen, found, short)
        programme.hold(aim, chosen)
        is_out_of_time = found.is_late
        check_required(table, chosen, is_proven=not found.is_late)
    check_required(table, chosen, is_proven=False)
    best = {aim: table.best(aim, chosen, some) for aim, some in short.items()}
    if is_out_of_time:
        chosen = filled(table, chosen)
    certificate = Certificate(
        solver=Solver.MILP,
        reached=tuple(table.reached(aim, chosen, best.get(aim)) for aim in aims),
        limit_seconds=limit_seconds,
        is_out_of_time=is_out_of_time,
    )
    return chosen, certificate


class _Programme:
    """Columns: a seeker or a group at an offer, and what aims count. Rows: rules, and aims that are held."""

    def __init__(self, table: Table) -> None:
        """Write every rule down."""
        self._table = table
        self._columns = self._made_columns()
        self._lowers: Floats = np.zeros(len(self._columns))
        self._uppers: Floats = np.ones(len(self._columns))
        self._totals: dict[Aim, int] = {}
        self._relaxed: dict[Aim, _Relaxed] = {}
        self._is_tight: list[bool] = []
        self._entries: list[tuple[Nodes, Floats]] = []
        self._row_uppers: list[float] = []
        self._aims: dict[Aim, tuple[Nodes, Floats]] = {}
        self._of_row = np.full(len(table.seeker), -1, dtype=np.intp)
        for column, rows in enumerate(self._columns):
            self._of_row[rows] = column
        self._add_rules()

    @property
    def is_settled(self) -> bool:
        """Whether only one allocation is left."""
        pairs = slice(0, len(self._columns))
        return bool((self._lowers[pairs] == self._uppers[pairs]).all())

    def maximise(self, aim: Aim, seconds: float) -> _Found:
        """The best columns for an aim under all rules and all aims that are held."""
        columns, gains = self._expression(aim)
        costs = np.zeros(len(self._uppers))
        np.add.at(costs, columns, -gains)
        if not len(costs):
            return _Found(costs, 0.0, is_late=False)
        ends_at = monotonic() + seconds
        matrix, uppers, is_tight = (
            self._rows(),
            np.array(self._row_uppers),
            np.array(self._is_tight, dtype=bool),
        )
        relaxed = linprog(
            costs,
            A_ub=matrix[~is_tight],
            b_ub=uppers[~is_tight],
            A_eq=matrix[is_tight],
            b_eq=uppers[is_tight],
            bounds=np.stack([self._lowers, self._uppers], axis=1),
            options={"time_limit": seconds},
        )
        if relaxed.status != _OPTIMAL:
            # Out of time, or out of digits: nothing is claimed then.
            return _Found(None, None, is_late=relaxed.status == _OUT_OF_TIME)
        self._relaxed[aim] = _Relaxed(
            best=-relaxed.fun,
            at_lower=relaxed.lower.marginals,
            at_upper=relaxed.upper.marginals,
            binding=np.flatnonzero(~is_tight)[np.abs(relaxed.ineqlin.marginals) > _SMALLEST_PRICE],
        )
        made = relaxed.x[: len(self._columns)]
        if np.abs(made - np.round(made)).max(initial=0) < _ROUNDING:
            return _Found(relaxed.x, -relaxed.fun, is_late=False)
        whole = np.zeros(len(costs))
        whole[: len(self._columns)] = 1
        result = milp(
            costs,
            integrality=whole,
            bounds=Bounds(self._lowers, self._uppers),
            constraints=LinearConstraint(matrix, np.where(is_tight, uppers, -np.inf), uppers),
            options={"time_limit": max(_SOONEST, ends_at - monotonic()), "mip_rel_gap": 0.0},
        )
        # The bound of the linear programme holds too, and is there even when time was short.
        bounds = [-relaxed.fun] + ([] if result.get("mip_dual_bound") is None else [-result.mip_dual_bound])
        return _Found(result.x, min(bounds), result.status == _OUT_OF_TIME)

    def _settle(self, aim: Aim, total: int) -> bool:
        """Pin what every allocation as good as this for `aim` has in common; whether that says it all."""
        if aim not in self._relaxed:
            return False
        relaxed = self._relaxed.pop(aim)
        allowance = relaxed.best - total + _ROUNDING
        columns = slice(0, len(relaxed.at_lower))
        never, always = relaxed.at_lower > allowance, -relaxed.at_upper > allowance
        self._uppers[columns][never] = self._lowers[columns][never]
        self._lowers[columns][always] = self._uppers[columns][always]
        if allowance > 2 * _ROUNDING:
            return False
        # No gap: what is best has every row full that has a price (complementary slackness).
        for row in relaxed.binding.tolist():
            self._is_tight[row] = True
        return True

    def _rows(self) -> csr_array:
        lengths = [len(columns) for columns, _ in self._entries]
        return csr_array(
            (
                np.concatenate([np.zeros(0), *(factors for _, factors in self._entries)]),
                (
                    np.repeat(np.arange(len(lengths)), lengths),
                    np.concatenate([np.zeros(0, np.intp), *(columns for columns, _ in self._entries)]),
                ),
            ),
            shape=(len(lengths), len(self._uppers)),
        )

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

    def most(self, aim: Aim, short: Mapping[Aim, int | None]) -> int | None:
        """What no allocation can exceed, where that is plain from the rules and from earlier aims."""
        table = self._table
        if aim.name is AimName.REQUIRED:
            return table.required()
        if not aim.is_of_seekers:
            return None
        # Whoever has something above a level has it above every lower one.
        lower = [one for one in self._totals if short[one] == 0 and one.is_below(aim)]
        return min(
            (self._totals[one] for one in lower),
            default=self.total(aim, np.flatnonzero(self._of_row >= 0)),
        )

    def short(self, aim: Aim, chosen: Nodes, found: _Found, before: Mapping[Aim, int | None]) -> int | None:
        """By how much `chosen` may fall short of the best; None when nothing is known or it is a lottery."""
        if aim.name in _LOTTERY:
            return None
        value = self.total(aim, chosen)
        if self.is_settled or value == self.most(aim, before):
            return 0
        return None if found.bound is None else max(0, math.floor(found.bound + _ROUNDING) - value)

    def hold(self, aim: Aim, chosen: Nodes) -> None:
        """From now on nothing may be worse for this aim than `chosen`."""
        columns, gains = self._expression(aim)
        total = self._totals[aim] = self.total(aim, chosen)
        if not self._settle(aim, total):
            self._add_row(columns, -gains, -float(total))

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
        groups = _grouped(rows[several], table.seeker)
        # A column for how many of these pairs are made, up to the position that is counted.
        counts = self._add_columns(len(groups), float(aim.position))
        for count, group in zip(counts.tolist(), groups, strict=True):
            used = self._of_row[group]
            self._add_row(np.append(used, count), np.append(-np.ones(len(used)), 1.0), 0.0)
        columns = np.concatenate([self._of_row[rows[~several]], counts])
        return columns, np.ones(len(columns))

    def _spread(self) -> tuple[Nodes, Floats]:
        """The n-th position of a host costs 2n - 1, so that n positions cost n²."""
        table = self._table
        rows = np.flatnonzero(self._of_row >= 0)
        columns: list[int] = []
        costs: list[float] = []
        for group in _grouped(rows, table.host[table.offer]):
            host = int(table.host[table.offer[group[0]]])
            steps = self._add_columns(min(len(group), int(table.host_cap[host])), 1.0).tolist()
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
            met = int(self._add_columns(1, float(table.minimum[table.offer[group[0]]]))[0])
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

    def _add_columns(self, many: int, upper: float) -> Nodes:
        """New columns from 0 to `upper`; their numbers."""
        first = len(self._uppers)
        self._lowers = np.append(self._lowers, np.zeros(many))
        self._uppers = np.append(self._uppers, np.full(many, upper))
        return np.arange(first, first + many)

    def _add_row(self, columns: Nodes, factors: Floats, upper: float) -> None:
        self._entries.append((columns, factors))
        self._row_uppers.append(upper)
        self._is_tight.append(False)


def _grouped(rows: Nodes, keys: Nodes) -> list[Nodes]:
    """The rows that have the same key, by rising key, each group in the order given."""
    if not len(rows):
        return []
    ordered = rows[np.argsort(keys[rows], kind="stable")]
    return np.split(ordered, np.flatnonzero(np.diff(keys[ordered])) + 1)
