"""What would place those who are left out because they go together or apart: one offer large enough for all.

Guarantee: a new offer of these positions at a host of its own, of a kind and in a period the rules allow for
all of them, can be given to the group while nobody gives up anything: the allocation with it keeps every rule
and every pair. How much is free now is counted; that this is the only cause is not claimed, for an earlier
aim may have put others first. Linear in the candidates, per group.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from matching.allocation_answer import Allocation
from matching.allocation_problem import AllocationProblem, Applicant
from matching.standing import Standing


@dataclass(frozen=True, slots=True)
class JointNeed:
    """Seekers who are left out and go together (one seeker: who goes apart from others).

    `largest_free` is the most positions an offer has left that all of them may have, at a host where nobody
    is from whom they go apart; 0 when there is none. What to look for is one offer with as many positions as
    they are, of `sector` (empty: any, they share no wish) in `pc4`. That is None when they can come to no
    postcode together, or one of them to none at all.
    """

    seeker_ids: tuple[str, ...]
    largest_free: int
    sector: str
    pc4: str | None

    @property
    def positions(self) -> int:
        """How many positions one offer must have."""
        return len(self.seeker_ids)


def joint_needs(allocation: Allocation) -> tuple[JointNeed, ...]:
    """One for each group that goes together and is left out, and for each who goes apart and is left out.

    Reads `sectors`, `pc4` and `reach` of the applicants; the largest group first.
    """
    problem = allocation.problem
    standing = Standing(problem, allocation.pairs)
    applicants = {one.id: one for one in problem.applicants}
    needs = (
        JointNeed(
            seeker_ids=group,
            largest_free=_largest_free(allocation, standing, group),
            sector=_shared_sector([applicants[one] for one in group]),
            pc4=_shared_place([applicants[one] for one in group]),
        )
        for group in _left_out(allocation)
    )
    return tuple(sorted(needs, key=lambda need: (-need.positions, need.seeker_ids)))


def _left_out(allocation: Allocation) -> Iterator[tuple[str, ...]]:
    left_out = set(allocation.left_out)
    problem = allocation.problem
    yield from (group for group in problem.together if left_out.issuperset(group))
    together = {one for group in problem.together for one in group}
    apart = {one for group in problem.apart for one in group}
    yield from ((one,) for one in sorted(apart - together) if one in left_out)


def _largest_free(allocation: Allocation, standing: Standing, group: tuple[str, ...]) -> int:
    problem = allocation.problem
    host_of = {one.offer_id: one.host for one in problem.capacities}
    load = Counter(host_of[one.offer_id] for one in allocation.pairs)
    members = set(group)
    times = Counter(one.offer_id for one in problem.candidates if one.seeker_id in members)
    avoided = {host_of[offer] for mate in _mates(problem, members) for offer in standing.offers_of(mate)}
    free = [0]
    for one in problem.capacities:
        if times[one.offer_id] == len(members) and one.host not in avoided:
            room = one.maximum - len(standing.seekers_at(one.offer_id))
            free.append(min(room, problem.host_caps.get(one.host, load[one.host] + room) - load[one.host]))
    return max(free)


def _mates(problem: AllocationProblem, members: set[str]) -> set[str]:
    """From whom they go apart."""
    groups = [set(group) for group in problem.apart if members.intersection(group)]
    return set[str]().union(*groups) - members


def _shared_sector(applicants: list[Applicant]) -> str:
    """What all who wish something wish; the first of the first of them."""
    wishing = [one.sectors for one in applicants if one.sectors]
    shared = [sector for sector in wishing[0] if all(sector in one for one in wishing)] if wishing else []
    return shared[0] if shared else ""


def _shared_place(applicants: list[Applicant]) -> str | None:
    """Where all can come; of these, where most of them live."""
    shared = frozenset[str].intersection(*(one.reach for one in applicants))
    homes = Counter(one.pc4 for one in applicants)
    return min(shared, key=lambda pc4: (-homes[pc4], pc4), default=None)
