"""Deferred acceptance: each seeker gets the best that any stable allocation gives him.

Stable: no seeker and offer would both rather have each other than what they have. Seekers choose by value,
then by lot; hosts by how many of their declared conditions are met, then by credit and the drawn number,
one number per seeker for all hosts. Both sides choose greedily among what their rules allow at once; where
these nest (matroids) a stable allocation exists and this finds the one best for the seekers (Gale and
Shapley, 1962; Fleiner, A fixed-point approach to stable matchings, 2003). Growth: every candidate is
refused at most once.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from matching.aims import Nodes, Table
from matching.allocation_answer import Certificate, Reached, Solver
from matching.allocation_problem import Pair
from matching.network import check_required


def solve(table: Table, limit_seconds: float, is_late: Callable[[], bool]) -> tuple[Nodes, Certificate]:
    """The stable allocation that is best for every seeker; out of time, what hosts hold so far."""
    sides = _Sides(table)
    chosen, is_complete = sides.settle(is_late)
    check_required(table, chosen, is_proven=is_complete)
    unstable = sum(1 for _ in sides.blocking(chosen)) if is_complete else None
    certificate = Certificate(
        solver=Solver.DEFERRED_ACCEPTANCE,
        reached=()
        if unstable is None
        else (Reached(aim="unstable", position=1, from_value=0.0, reached=unstable, best=0),),
        limit_seconds=limit_seconds,
        is_out_of_time=not is_complete,
    )
    return chosen, certificate


def blocking_pairs(table: Table, chosen: Nodes) -> Iterator[Pair]:
    """Seekers and offers that would both rather have each other."""
    for row in _Sides(table).blocking(chosen):
        yield table.problem.candidates[row].pair


class _Sides:
    """What seekers and hosts choose, and their meeting."""

    def __init__(self, table: Table) -> None:
        problem = table.problem
        self._table = table
        self._problem = problem
        values = np.array([row.value for row in problem.candidates], dtype=np.float64)
        priorities = np.array([row.priority for row in problem.candidates], dtype=np.int64)
        strength = table.tickets[table.seeker]
        rank = np.empty(len(values), dtype=np.intp)
        rank[np.lexsort((table.lots, -values, ~table.is_locked))] = np.arange(len(values))
        self._wish = rank.tolist()
        rank = np.empty(len(values), dtype=np.intp)
        rank[np.lexsort((table.lots, -strength, -priorities, ~table.is_locked))] = np.arange(len(values))
        self._welcome = rank.tolist()
        self._seeker, self._offer = table.seeker.tolist(), table.offer.tolist()
        self._host = table.host[table.offer].tolist()

    def settle(self, is_late: Callable[[], bool]) -> tuple[Nodes, bool]:
        """Propose and refuse until nobody is refused; whether it came to that."""
        open_rows: dict[int, list[int]] = defaultdict(list)
        for row in sorted(range(len(self._wish)), key=self._wish.__getitem__):
            open_rows[self._seeker[row]].append(row)
        held: dict[int, list[int]] = defaultdict(list)
        asking = sorted(open_rows)
        while asking and not is_late():
            proposals: dict[int, set[int]] = defaultdict(set)
            for seeker in asking:
                for row in self._wished(seeker, open_rows[seeker]):
                    proposals[self._host[row]].add(row)
            refused: set[int] = set()
            for host, rows in proposals.items():
                rows |= set(held[host])
                held[host] = self._welcomed(host, sorted(rows))
                refused |= rows - set(held[host])
            asking = sorted({self._seeker[row] for row in refused})
            for seeker in asking:
                open_rows[seeker] = [row for row in open_rows[seeker] if row not in refused]
        chosen = sorted(row for rows in held.values() for row in rows)
        return np.array(chosen, dtype=np.intp), not asking

    def blocking(self, chosen: Nodes) -> Iterator[int]:
        """Rows of pairs that are not made and that both sides would choose beside what they have."""
        of_seeker: dict[int, list[int]] = defaultdict(list)
        of_host: dict[int, list[int]] = defaultdict(list)
        made = set(chosen.tolist())
        for row in sorted(made):
            of_seeker[self._seeker[row]].append(row)
            of_host[self._host[row]].append(row)
        for row in range(len(self._wish)):
            seeker, host = self._seeker[row], self._host[row]
            if (
                row not in made
                and row in self._wished(seeker, [*of_seeker[seeker], row])
                and row in self._welcomed(host, [*of_host[host], row])
            ):
                yield row

    def _wished(self, seeker: int, rows: Sequence[int]) -> list[int]:
        """What a seeker takes of these, the dearest first, as far as his rules allow."""
        wanted = int(self._table.wanted[seeker])
        period = self._table.period
        taken: list[int] = []
        hosts: set[int] = set()
        periods: set[int] = set()
        for row in sorted(rows, key=self._wish.__getitem__):
            when = int(period[self._offer[row]])
            if len(taken) == wanted:
                break
            if self._host[row] in hosts or when in periods:
                continue
            taken.append(row)
            hosts.add(self._host[row])
            if when >= 0:
                periods.add(when)
        return taken

    def _welcomed(self, host: int, rows: Sequence[int]) -> list[int]:
        """Whom a host takes of these, the most welcome first, as far as there is room."""
        taken: list[int] = []
        loads: dict[int, int] = defaultdict(int)
        for row in sorted(rows, key=self._welcome.__getitem__):
            offer = self._offer[row]
            if len(taken) < self._table.host_cap[host] and loads[offer] < self._table.maximum[offer]:
                taken.append(row)
                loads[offer] += 1
        return taken
