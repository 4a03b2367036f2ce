"""Who is where at a moment, and whether one more pair would break a rule.

Exact; each question takes time in what one seeker and one group have, not in the size of the problem.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

from matching.allocation_problem import AllocationProblem, Pair


class Standing:
    """The pairs that are made, and questions about one more."""

    def __init__(self, problem: AllocationProblem, pairs: Iterable[Pair]) -> None:
        """Begin with these pairs."""
        self.problem = problem
        self._capacity = {capacity.offer_id: capacity for capacity in problem.capacities}
        self._wanted = {applicant.id: applicant.wanted for applicant in problem.applicants}
        self._offers: dict[str, set[str]] = defaultdict(set)
        self._seekers: dict[str, set[str]] = defaultdict(set)
        self._loads: Counter[str] = Counter()
        self._bound = {seeker_id for group in problem.together for seeker_id in group}
        self._apart: dict[str, set[str]] = defaultdict(set)
        for group in problem.apart:
            for seeker_id in group:
                self._apart[seeker_id].update(set(group) - {seeker_id})
        for pair in pairs:
            self.add(pair)

    def add(self, pair: Pair) -> None:
        """Make a pair."""
        self._offers[pair.seeker_id].add(pair.offer_id)
        self._seekers[pair.offer_id].add(pair.seeker_id)
        self._loads[self._capacity[pair.offer_id].host] += 1

    def remove(self, pair: Pair) -> None:
        """Undo a pair."""
        self._offers[pair.seeker_id].remove(pair.offer_id)
        self._seekers[pair.offer_id].remove(pair.seeker_id)
        self._loads[self._capacity[pair.offer_id].host] -= 1

    def offers_of(self, seeker_id: str) -> list[str]:
        """What a seeker has, in order of id."""
        return sorted(self._offers[seeker_id])

    def seekers_at(self, offer_id: str) -> list[str]:
        """Who is at an offer, in order of id."""
        return sorted(self._seekers[offer_id])

    def has_room(self, offer_id: str, leaving: str | None = None) -> bool:
        """Whether one more can come, when somebody leaves the other offer."""
        capacity = self._capacity[offer_id]
        cap = self.problem.host_caps.get(capacity.host)
        load = self._loads[capacity.host]
        if leaving is not None and self._capacity[leaving].host == capacity.host:
            load -= 1
        return len(self._seekers[offer_id]) < capacity.maximum and (cap is None or load < cap)

    def may_leave(self, pair: Pair) -> bool:
        """Whether this seeker can be moved: no lock, no minimum and no group holds him."""
        return (
            pair not in self.problem.locked
            and pair.seeker_id not in self._bound
            and len(self._seekers[pair.offer_id]) > self._capacity[pair.offer_id].minimum
        )

    def may_join(self, pair: Pair, leaving: str | None = None) -> bool:
        """Whether every rule but room allows this seeker here once he has left the other offer."""
        seeker_id, offer_id = pair
        if pair not in self.problem.candidate_rows or seeker_id in self._bound:
            return False
        here, others = self._capacity[offer_id], self._offers[seeker_id] - {leaving}
        if offer_id in others or len(others) >= self._wanted[seeker_id]:
            return False
        if any(self.collide(offer_id, other) for other in others):
            return False
        return not any(
            self._capacity[other].host == here.host
            for mate in self._apart.get(seeker_id, ())
            for other in self._offers[mate]
        )

    def collide(self, offer_id: str, other_id: str) -> bool:
        """Whether nobody can have both: one host, or one period."""
        one, other = self._capacity[offer_id], self._capacity[other_id]
        return one.host == other.host or (one.period is not None and one.period == other.period)
