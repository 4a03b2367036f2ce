"""Brute force for allocations: every set of pairs, every rule and every aim, straight from the text."""

import hashlib
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

from matching import AllocationProblem, Candidate, Capacity, Pair, Policy
from tests.matching import oracle

Pairs = tuple[Pair, ...]


def best(problem: AllocationProblem) -> Pairs | None:
    """The allocation that is best by the aims in their order; None when locks and minima cannot be kept."""
    aims = Aims(problem)
    return max(lawful(problem), key=aims.of, default=None)


def lawful(problem: AllocationProblem) -> Iterator[Pairs]:
    """Every set of pairs that keeps every rule."""
    pairs = [candidate.pair for candidate in problem.candidates]
    for size in range(len(pairs) + 1):
        for some in combinations(pairs, size):
            if keeps_rules(problem, some):
                yield some


def keeps_rules(problem: AllocationProblem, pairs: Sequence[Pair]) -> bool:
    """Whether no rule is broken."""
    if not problem.locked <= set(pairs) or problem.forbidden & set(pairs):
        return False
    offers = {capacity.offer_id: capacity for capacity in problem.capacities}
    loads = Counter(pair.offer_id for pair in pairs)
    if any(not one.minimum <= loads[one.offer_id] <= one.maximum for one in problem.capacities):
        return False
    hosts = Counter(offers[pair.offer_id].host for pair in pairs)
    if any(hosts[host] > cap for host, cap in problem.host_caps.items()):
        return False
    mine = {
        one.id: [offers[pair.offer_id] for pair in pairs if pair.seeker_id == one.id]
        for one in problem.applicants
    }
    return all(_seeker_may(one.wanted, mine[one.id]) for one in problem.applicants) and _groups_may(
        problem, mine
    )


def _seeker_may(wanted: int, had: list[Capacity]) -> bool:
    periods = [capacity.period for capacity in had if capacity.period is not None]
    hosts = [capacity.host for capacity in had]
    return len(had) <= wanted and len(set(hosts)) == len(hosts) and len(set(periods)) == len(periods)


def _groups_may(problem: AllocationProblem, mine: dict[str, list[Capacity]]) -> bool:
    for group in problem.together:
        if len({frozenset(capacity.offer_id for capacity in mine[one]) for one in group}) > 1:
            return False
    return not any(
        {capacity.host for capacity in mine[one]} & {capacity.host for capacity in mine[other]}
        for group in problem.apart
        for one, other in combinations(group, 2)
    )


class Aims:
    def __init__(self, problem: AllocationProblem) -> None:
        self._problem = problem
        self._hosts = {capacity.offer_id: capacity.host for capacity in problem.capacities}
        self._most = {
            one.id: max((row.value for row in problem.candidates if row.seeker_id == one.id), default=0.0)
            for one in problem.applicants
        }
        self._rows = {row.pair: row for row in problem.candidates}

    def of(self, pairs: Pairs) -> tuple[object, ...]:
        """What is compared, first things first; more is better."""
        problem = self._problem
        worths = {
            one.id: sorted(
                (self.worth(self._rows[pair]) for pair in pairs if pair.seeker_id == one.id), reverse=True
            )
            for one in problem.applicants
        }
        good = sum(bool(had) and had[0] >= round(problem.good * 1000) for had in worths.values())
        placed = sum(bool(had) for had in worths.values())
        kept = len(set(pairs) & (problem.previous or frozenset()))
        total = sum(sum(had) for had in worths.values())
        leximin = [
            tuple(
                sorted(
                    1 + had[place] * problem.steps // 1000 if place < len(had) else 0
                    for had in worths.values()
                )
            )
            for place in range(max((one.wanted for one in problem.applicants), default=0))
        ]
        loads = Counter(self._hosts[pair.offer_id] for pair in pairs)
        spread = -sum(load * load for load in loads.values())
        luck = sum(self.strength(pair.seeker_id) * self.worth(self._rows[pair]) for pair in pairs)
        lot = -sum(oracle.lot(problem.seed, *pair) >> 32 for pair in pairs)
        first = (total, kept) if problem.policy is Policy.TOTAL else (good, placed, kept, *leximin, total)
        return (*first, spread, luck, lot)

    def most(self, seeker_id: str) -> float:
        """The value of a seeker's best offer in reach."""
        return self._most[seeker_id]

    def worth(self, row: Candidate) -> int:
        most = self._most[row.seeker_id]
        return 1000 if most == 0 else max(1, math.floor(row.value / most * 1000 + 0.5))

    def strength(self, seeker_id: str) -> int:
        credit = next(one.credit for one in self._problem.applicants if one.id == seeker_id)
        key = str(self._problem.seed).encode()
        digest = hashlib.blake2b(f"seeker:{seeker_id}".encode(), digest_size=8, key=key).digest()
        return credit * 65536 + 65536 - (int.from_bytes(digest, "big") >> 48)
