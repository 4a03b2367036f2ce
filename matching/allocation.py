"""Who gets what: capacities, locks, and the aims of DOMAIN 7 in their order, with a certificate.

Guarantee: no hard rule, capacity or lock is ever broken; `verify` has looked at every answer before it is
returned. Optimal for every aim in its order wherever a network says all that binds (`network`) and wherever
the time limit suffices (`programming`); `stable` gives each seeker the best that any stable allocation gives
(`stability`). The certificate says which, and how much may be missing. Equal problems give equal answers,
whatever the order of rows, as long as the time limit is not reached.
"""

from collections import defaultdict
from collections.abc import Callable
from time import monotonic

import numpy as np

from matching import network, programming, stability
from matching.aims import WORTH, Nodes, Table
from matching.allocation_answer import (
    Allocation,
    AllocationNumbers,
    Certificate,
    Change,
    ChangeReason,
    Placing,
)
from matching.allocation_problem import AllocationProblem, Pair, Policy
from matching.errors import RunStopped
from matching.verifying import verified

LIMIT_SECONDS = 60.0


def allocate(
    problem: AllocationProblem,
    *,
    limit_seconds: float = LIMIT_SECONDS,
    stop: Callable[[], bool] | None = None,
) -> Allocation:
    """Give out the positions of `problem` by its policy.

    Who is out of time gets the best found so far, and the certificate says so and bounds what is missing;
    when not even locks and minima could be kept, OutOfTime. `stop()` is asked now and then; when it says
    yes the run ends with RunStopped. Minima that cannot be met together are InvalidProblem.
    """
    table = Table(problem)
    chosen, certificate = _solved(table, limit_seconds, stop)
    allocation = answer(table, chosen, certificate)
    verified(allocation, table)
    return allocation


def answer(table: Table, chosen: Nodes, certificate: Certificate) -> Allocation:
    """The answer that makes pairs of these candidates."""
    problem = table.problem
    placings = tuple(_placings(table, chosen))
    placed = {placing.seeker_id for placing in placings}
    changes = tuple(_changes(table, chosen))
    pairs = {placing.pair for placing in placings}
    numbers = AllocationNumbers(
        seekers=len(problem.applicants),
        placed=len(placed),
        with_good=len({placing.seeker_id for placing in placings if placing.is_good}),
        positions=sum(capacity.maximum for capacity in problem.capacities),
        filled=len(placings),
        kept=len(pairs & (problem.previous or frozenset())),
        changed=len(changes),
    )
    return Allocation(
        placings=placings,
        left_out=tuple(one.id for one in problem.applicants if one.id not in placed),
        changes=changes,
        numbers=numbers,
        certificate=certificate,
        problem=problem,
    )


def _solved(table: Table, limit_seconds: float, stop: Callable[[], bool] | None) -> tuple[Nodes, Certificate]:
    ends_at = monotonic() + limit_seconds
    is_late = _clock(limit_seconds, stop)
    if table.problem.policy is Policy.STABLE:
        return stability.solve(table, limit_seconds, is_late)
    if network.suits(table):
        chosen, certificate = network.solve(table, limit_seconds, is_late)
        if not network.collides(table, chosen):
            return chosen, certificate
    return programming.solve(table, limit_seconds, is_late, ends_at)


def _clock(limit_seconds: float, stop: Callable[[], bool] | None) -> Callable[[], bool]:
    ends_at = monotonic() + limit_seconds

    def is_late() -> bool:
        if stop is not None and stop():
            raise RunStopped
        return monotonic() >= ends_at

    return is_late


def _placings(table: Table, chosen: Nodes) -> list[Placing]:
    order = np.lexsort((table.lots[chosen], -table.worth[chosen], table.seeker[chosen]))
    placings: list[Placing] = []
    for row in chosen[order].tolist():
        candidate = table.problem.candidates[row]
        follows = bool(placings) and placings[-1].seeker_id == candidate.seeker_id
        placings.append(
            Placing(
                seeker_id=candidate.seeker_id,
                offer_id=candidate.offer_id,
                position=placings[-1].position + 1 if follows else 1,
                value=int(table.worth[row]) / WORTH,
                is_good=bool(table.is_good[row]),
                is_locked=bool(table.is_locked[row]),
            )
        )
    return placings


def _changes(table: Table, chosen: Nodes) -> list[Change]:
    """What differs from the allocation before, seeker by seeker, the best against the best."""
    problem = table.problem
    if problem.previous is None:
        return []
    rows, worth = problem.candidate_rows, table.worth
    now = {problem.candidates[row].pair for row in chosen.tolist()}
    lost: dict[str, list[Pair]] = defaultdict(list)
    got: dict[str, list[Pair]] = defaultdict(list)
    for pair in sorted(problem.previous - now):
        lost[pair.seeker_id].append(pair)
    for pair in sorted(now - problem.previous):
        got[pair.seeker_id].append(pair)
    for pairs in (*lost.values(), *got.values()):
        pairs.sort(key=lambda pair: -int(worth[rows[pair]]) if pair in rows else 1)
    why = _Why(table, now)
    changes: list[Change] = []
    for seeker_id in sorted(lost.keys() | got.keys()):
        before, after = lost[seeker_id], got[seeker_id]
        for place in range(max(len(before), len(after))):
            old = before[place] if place < len(before) else None
            new = after[place] if place < len(after) else None
            changes.append(
                Change(
                    seeker_id,
                    None if old is None else old.offer_id,
                    None if new is None else new.offer_id,
                    why.of(old, new),
                )
            )
    return changes


class _Why:
    """The reason of one change."""

    def __init__(self, table: Table, now: set[Pair]) -> None:
        problem = table.problem
        self._table, self._now = table, now
        self._wanted_back: dict[str, int] = defaultdict(int)
        for pair in problem.previous or ():
            self._wanted_back[pair.offer_id] += pair in problem.candidate_rows
        self._locked = {pair.seeker_id: pair for pair in problem.locked}

    def of(self, old: Pair | None, new: Pair | None) -> ChangeReason:
        """Why `old` became `new`."""
        table, problem = self._table, self._table.problem
        rows = problem.candidate_rows
        if old is None:
            return ChangeReason.NEW
        if old not in rows:
            return ChangeReason.NOT_ALLOWED
        if new is not None and new in problem.locked:
            return ChangeReason.LOCK
        if table.maximum[problem.offer_rows[old.offer_id]] < self._wanted_back[old.offer_id]:
            return ChangeReason.NO_POSITION
        if new is not None and table.worth[rows[new]] > table.worth[rows[old]]:
            return ChangeReason.BETTER
        return ChangeReason.MADE_ROOM
