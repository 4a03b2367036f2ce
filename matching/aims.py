"""What an allocation is for: the aims in their order, as whole numbers over pairs.

Source: DOMAIN 7. First what must be (locks, minima), then most seekers with a good position, most with any,
leximin over seekers, the total, the spread over hosts, the lottery. Whole numbers, so that equal is equal.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from matching.allocation_answer import Reached
from matching.allocation_problem import AllocationProblem, Pair, Policy
from matching.lottery import pair_lots, tickets

WORTH = 1000
"""The worth of a seeker's best offer in reach; values are compared in thousandths of it."""
_TICKET_BITS = 16
_LOT_BITS = 32

Whole = NDArray[np.int64]
Nodes = NDArray[np.intp]
Flags = NDArray[np.bool_]


class AimName(StrEnum):
    """What is counted. All are to be large, but for the last two of `SMALL`."""

    REQUIRED = "required"
    GOOD = "good"
    PLACED = "placed"
    UNCHANGED = "unchanged"
    LEVEL = "level"
    VALUE = "value"
    SPREAD = "spread"
    LUCK = "luck"
    LOT = "lot"


SMALL = frozenset({AimName.SPREAD, AimName.LOT})
_OF_SEEKERS = frozenset({AimName.GOOD, AimName.PLACED, AimName.LEVEL})
_LEVELS = frozenset({AimName.PLACED, AimName.LEVEL})
_OF_PAIRS = frozenset({AimName.UNCHANGED, AimName.VALUE, AimName.LUCK, AimName.LOT})


@dataclass(frozen=True, slots=True)
class Aim:
    """One aim. LEVEL counts seekers whose `position`-th best position is of this level or higher."""

    name: AimName
    position: int = 1
    level: int = 1

    @property
    def sign(self) -> int:
        """+1 when small is good, -1 when large is."""
        return 1 if self.name in SMALL else -1

    @property
    def is_of_pairs(self) -> bool:
        """Whether it is a sum over pairs."""
        return self.name in _OF_PAIRS

    @property
    def is_of_seekers(self) -> bool:
        """Whether it counts seekers."""
        return self.name in _OF_SEEKERS

    def is_below(self, other: "Aim") -> bool:
        """Whether whoever counts for `other` counts for this too."""
        if self.name not in _LEVELS or other.name not in _LEVELS:
            return False
        return self.position == other.position and self.level <= other.level


class Table:
    """A problem as arrays: a row per applicant, per capacity, per host and per candidate."""

    def __init__(self, problem: AllocationProblem) -> None:
        """Read every row once."""
        self.problem = problem
        candidates, capacities = problem.candidates, problem.capacities
        seekers, offers = problem.seeker_rows, problem.offer_rows
        self.seeker: Nodes = np.array([seekers[row.seeker_id] for row in candidates], dtype=np.intp)
        self.offer: Nodes = np.array([offers[row.offer_id] for row in candidates], dtype=np.intp)
        values = np.array([row.value for row in candidates], dtype=np.float64)
        best = np.zeros(len(problem.applicants))
        np.maximum.at(best, self.seeker, values)
        # Who values everything at nothing values everything alike.
        shares = np.where(best[self.seeker] > 0, values / np.where(best > 0, best, 1)[self.seeker], 1.0)
        # Any position is worth something, so that none is left empty for nothing.
        self.worth: Whole = np.maximum(1, np.floor(shares * WORTH + 0.5)).astype(np.int64)
        self.level: Whole = 1 + self.worth * problem.steps // WORTH
        self.is_good: Flags = self.worth >= round(problem.good * WORTH)
        self.is_locked = self._among(problem.locked)
        self.was_there = self._among(problem.previous or frozenset())
        self.hosts = tuple(sorted({capacity.host for capacity in capacities}))
        host_rows = {host: row for row, host in enumerate(self.hosts)}
        self.host: Nodes = np.array([host_rows[capacity.host] for capacity in capacities], dtype=np.intp)
        periods = {capacity.period: row for row, capacity in enumerate(capacities)}
        self.period: Nodes = np.array(
            [-1 if capacity.period is None else periods[capacity.period] for capacity in capacities],
            dtype=np.intp,
        )
        self.minimum: Whole = np.array([capacity.minimum for capacity in capacities], dtype=np.int64)
        self.maximum: Whole = np.array([capacity.maximum for capacity in capacities], dtype=np.int64)
        offered = np.bincount(self.host, weights=self.maximum, minlength=len(self.hosts)).astype(np.int64)
        self.host_cap: Whole = np.array(
            [
                min(int(most), problem.host_caps.get(host, int(most)))
                for host, most in zip(self.hosts, offered, strict=True)
            ],
            dtype=np.int64,
        )
        wanted = np.array([applicant.wanted for applicant in problem.applicants], dtype=np.int64)
        self.wanted: Whole = np.minimum(wanted, self._most_at_once(wanted))

    def _most_at_once(self, wanted: Whole) -> Whole:
        """How many positions each seeker could have if nobody else were there.

        Each of them is of another host and, where offers have one, of another period: the largest matching
        of hosts with periods (Hopcroft and Karp, 1973).
        """
        most = np.bincount(self.seeker, minlength=len(wanted))
        rows = np.flatnonzero((wanted > 1)[self.seeker])
        if not len(rows):
            return most
        seeker, offer = self.seeker[rows], self.offer[rows]
        # An offer without a period is a period of its own.
        period = np.where(self.period[offer] >= 0, self.period[offer], len(self.host) + offer)
        hosts, host = np.unique(np.stack([seeker, self.host[offer]]), axis=1, return_inverse=True)
        periods, when = np.unique(np.stack([seeker, period]), axis=1, return_inverse=True)
        shape = (hosts.shape[1], periods.shape[1])
        links = csr_array(coo_array((np.ones(len(rows), dtype=np.int8), (host, when)), shape=shape))
        matched = maximum_bipartite_matching(links, perm_type="column") >= 0
        most[np.unique(seeker)] = 0
        np.add.at(most, hosts[0, matched], 1)
        return most

    def _among(self, pairs: frozenset[Pair]) -> Flags:
        flags = np.zeros(len(self.problem.candidates), dtype=bool)
        rows = self.problem.candidate_rows if pairs else {}
        flags[[rows[pair] for pair in pairs if pair in rows]] = True
        return flags

    @cached_property
    def tickets(self) -> Whole:
        """The strength of each applicant in the lottery: first credit, then the drawn number."""
        applicants = self.problem.applicants
        drawn = tickets(self.problem.seed, "seeker", (applicant.id for applicant in applicants))
        numbers = (drawn >> np.uint64(64 - _TICKET_BITS)).astype(np.int64)
        credit = np.array([applicant.credit for applicant in applicants], dtype=np.int64)
        # The lower number is the stronger one.
        strength: Whole = (credit << _TICKET_BITS) + (1 << _TICKET_BITS) - numbers
        return strength

    @cached_property
    def lots(self) -> Whole:
        """The number of each candidate in the last lottery; lower goes first."""
        seed, problem = self.problem.seed, self.problem
        seekers = tickets(seed, "seeker", (applicant.id for applicant in problem.applicants))
        offers = tickets(seed, "offer", (capacity.offer_id for capacity in problem.capacities))
        drawn = pair_lots(seekers[self.seeker], offers[self.offer])
        return (drawn >> np.uint64(64 - _LOT_BITS)).astype(np.int64)

    @cached_property
    def levels(self) -> tuple[int, ...]:
        """The levels that occur, lowest first."""
        return tuple(np.unique(self.level).tolist())

    def aims(self) -> Iterator[Aim]:
        """The aims of the problem's policy, first things first."""
        if self.is_locked.any() or (self.minimum > 0).any():
            yield Aim(AimName.REQUIRED)
        if self.problem.policy is Policy.TOTAL:
            yield Aim(AimName.VALUE)
            yield from self._unchanged()
        else:
            yield from self._fair_aims()
            yield Aim(AimName.VALUE)
        yield Aim(AimName.SPREAD)
        yield Aim(AimName.LUCK)
        yield Aim(AimName.LOT)

    def _fair_aims(self) -> Iterator[Aim]:
        yield Aim(AimName.GOOD)
        yield Aim(AimName.PLACED)
        yield from self._unchanged()
        most = int(self.wanted.max(initial=0))
        for position in range(1, most + 1):
            several = self.level[self.wanted[self.seeker] >= position]
            levels = np.unique(several).tolist()
            # That a seeker has a first position at all was the aim before.
            for level in levels[1:] if position == 1 else levels:
                yield Aim(AimName.LEVEL, position, level)

    def _unchanged(self) -> Iterator[Aim]:
        if self.problem.previous is not None:
            yield Aim(AimName.UNCHANGED)

    def measure(self, aim: Aim, chosen: Nodes) -> int:
        """What an allocation (rows of candidates) reaches of an aim."""
        if aim.is_of_pairs:
            return int(self.weights(aim)[chosen].sum())
        if aim.name is AimName.SPREAD:
            loads = np.bincount(self.host[self.offer[chosen]], minlength=len(self.hosts))
            return int((loads.astype(np.int64) ** 2).sum())
        if aim.name is AimName.REQUIRED:
            loads = np.bincount(self.offer[chosen], minlength=len(self.minimum))
            return int(np.minimum(loads, self.minimum).sum() + self.is_locked[chosen].sum())
        counted = chosen[self.weights(aim)[chosen] > 0]
        positions = np.bincount(self.seeker[counted], minlength=len(self.wanted))
        return int((positions >= aim.position).sum())

    def weights(self, aim: Aim) -> Whole:
        """What each candidate adds to an aim over pairs, or whether it counts for an aim over seekers."""
        if aim.name is AimName.GOOD:
            return self.is_good.astype(np.int64)
        if aim.name is AimName.UNCHANGED:
            return self.was_there.astype(np.int64)
        if aim.name is AimName.VALUE:
            return self.worth
        if aim.name is AimName.LUCK:
            return self.tickets[self.seeker] * self.worth
        if aim.name is AimName.LOT:
            return self.lots
        return (self.level >= aim.level).astype(np.int64)

    def best(self, aim: Aim, chosen: Nodes, short: int | None) -> int | None:
        """The best there is of an aim when `chosen` falls short of it by so much at most; None: unknown."""
        if short is None:
            return None
        best = self.measure(aim, chosen) - aim.sign * short
        return min(best, int((self.wanted >= aim.position).sum())) if aim.is_of_seekers else best

    def reached(self, aim: Aim, chosen: Nodes, best: int | None) -> Reached:
        """What `chosen` reaches of an aim, beside the best there is."""
        return Reached(
            aim=aim.name.value,
            position=aim.position,
            from_value=(aim.level - 1) / self.problem.steps,
            reached=self.measure(aim, chosen),
            best=best,
        )

    def required(self) -> int:
        """What REQUIRED must reach."""
        return int(self.minimum.sum() + self.is_locked.sum())
