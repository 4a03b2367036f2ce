"""Proof that an allocation keeps its promises, read from the problem's rows and not from the solver.

Looks at every rule (capacities, minima, caps, once per host, one per period, locks, what is forbidden,
groups), counts every aim again, and then at the certificate: for `network` the reduced costs of all arcs
that are not full or not empty, compared in the order of the stages, which proves that no swap, no chain of
moves and no other allocation is better; for `deferred_acceptance` that no seeker and offer would rather
have each other; for `milp` that no single move and no swap of two is better. Linear in the candidates (a
swap: in their square per offer).
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from matching import stability
from matching.aims import WORTH, Nodes, Table
from matching.allocation_answer import Allocation, Solver
from matching.allocation_problem import AllocationProblem, Pair
from matching.errors import EngineFault
from matching.local_search import improvement
from matching.network import Network


@dataclass(frozen=True, slots=True)
class Verified:
    """How many pairs keep every rule, how many aims were counted again, and how many nothing can improve."""

    pairs: int
    aims: int
    proven_aims: int


def verify(allocation: Allocation) -> Verified:
    """Prove the promises of `allocation`; EngineFault names the first that is broken."""
    return verified(allocation, Table(allocation.problem))


def verified(allocation: Allocation, table: Table) -> Verified:
    """The same with the table of the problem at hand."""
    for broken in broken_rules(allocation.problem, allocation.pairs):
        raise EngineFault(broken)
    rows = allocation.problem.candidate_rows
    chosen: Nodes = np.array(sorted(rows[pair] for pair in allocation.pairs), dtype=np.intp)
    _check_statements(allocation)
    certificate = allocation.certificate
    if certificate.solver is not Solver.DEFERRED_ACCEPTANCE:
        _check_aims(allocation, table, chosen)
    if certificate.solver is Solver.NETWORK:
        _check_stages(allocation, table, chosen)
    elif certificate.solver is Solver.DEFERRED_ACCEPTANCE and not certificate.is_out_of_time:
        for pair in stability.blocking_pairs(table, chosen):
            raise EngineFault(f"not stable: {pair.row}")
    elif not certificate.is_out_of_time:
        for pair in improvement(table, chosen):
            raise EngineFault(f"could be better: {pair.row}")
    proven = sum(one.is_proven for one in certificate.reached)
    return Verified(len(allocation.placings), len(certificate.reached), proven)


def broken_rules(problem: AllocationProblem, pairs: tuple[Pair, ...]) -> Iterator[str]:
    """Every rule these pairs break, with the ids it is about."""
    rows = problem.candidate_rows
    yield from (f"not allowed: {pair.row}" for pair in pairs if pair not in rows or pair in problem.forbidden)
    yield from (f"made twice: {pair.row}" for pair, times in Counter(pairs).items() if times > 1)
    yield from (f"lock not kept: {pair.row}" for pair in sorted(problem.locked - set(pairs)))
    capacities = {capacity.offer_id: capacity for capacity in problem.capacities}
    known = [pair for pair in pairs if pair.offer_id in capacities]
    loads = Counter(pair.offer_id for pair in known)
    for capacity in problem.capacities:
        if not capacity.minimum <= loads[capacity.offer_id] <= capacity.maximum:
            yield f"minimum or maximum not kept: {capacity.offer_id}"
    hosts = Counter(capacities[pair.offer_id].host for pair in known)
    for host, cap in problem.host_caps.items():
        if hosts[host] > cap:
            yield f"host cap not kept: {host}"
    yield from _broken_by_seekers(problem, known)
    yield from _broken_by_groups(problem, known)


def _broken_by_seekers(problem: AllocationProblem, pairs: list[Pair]) -> Iterator[str]:
    capacities = {capacity.offer_id: capacity for capacity in problem.capacities}
    had = Counter(pair.seeker_id for pair in pairs)
    for applicant in problem.applicants:
        if had[applicant.id] > applicant.wanted:
            yield f"more than wanted: {applicant.id}"
    at_host = Counter((pair.seeker_id, capacities[pair.offer_id].host) for pair in pairs)
    in_period = Counter((pair.seeker_id, capacities[pair.offer_id].period) for pair in pairs)
    yield from (f"twice at one host: {seeker_id}" for (seeker_id, _), times in at_host.items() if times > 1)
    for (seeker_id, period), times in in_period.items():
        if period is not None and times > 1:
            yield f"twice in one period: {seeker_id}"


def _broken_by_groups(problem: AllocationProblem, pairs: list[Pair]) -> Iterator[str]:
    hosts = {capacity.offer_id: capacity.host for capacity in problem.capacities}
    offers: dict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        offers[pair.seeker_id].add(pair.offer_id)
    for group in problem.together:
        if any(offers[seeker_id] != offers[group[0]] for seeker_id in group):
            yield f"not together: {'/'.join(group)}"
    for group in problem.apart:
        at_host = Counter(hosts[offer_id] for seeker_id in group for offer_id in offers[seeker_id])
        if max(at_host.values(), default=0) > 1:
            yield f"not apart: {'/'.join(group)}"


def _check_statements(allocation: Allocation) -> None:
    """What the answer says of itself follows from its pairs."""
    placed = {pair.seeker_id for pair in allocation.pairs}
    left_out = tuple(one.id for one in allocation.problem.applicants if one.id not in placed)
    if left_out != allocation.left_out:
        raise EngineFault("who is left out is not who has nothing")
    stated = (allocation.numbers.placed, allocation.numbers.filled, allocation.numbers.with_good)
    good = {placing.seeker_id for placing in allocation.placings if placing.is_good}
    if stated != (len(placed), len(allocation.pairs), len(good)):
        raise EngineFault("the numbers are not those of the pairs")


def _check_aims(allocation: Allocation, table: Table, chosen: Nodes) -> None:
    rows = allocation.problem.candidate_rows
    for placing in allocation.placings:
        if round(placing.value * WORTH) != table.worth[rows[placing.pair]]:
            raise EngineFault(f"another value: {placing.pair.row}")
    for aim, stated in zip(table.aims(), allocation.certificate.reached, strict=True):
        counted = table.measure(aim, chosen)
        if (aim.name.value, counted) != (stated.aim, stated.reached):
            raise EngineFault(f"another count: {aim.name} {counted}, stated {stated.reached}")
        if stated.best is not None and aim.sign * (stated.best - counted) > 0:
            raise EngineFault(f"better than the best there is: {aim.name}")


def _check_stages(allocation: Allocation, table: Table, chosen: Nodes) -> None:
    """No arc with room could be used more, and none in use less, and make an aim better before others worse.

    Around any circle of such arcs the reduced costs of a stage add up to its costs. So when on every arc the
    first stage that is not 0 is above 0, no other allocation is better in the order of the aims.
    """
    made = Network(table)
    flow = made.flow_of(chosen)
    ways = made.circulation
    open_up, open_down = flow < ways.capacities, flow > 0
    proven: list[object] = []
    for stage in allocation.certificate.proof:
        potentials = stage.minimum.potentials
        reduced = made.costs_together(stage.aims) + potentials[ways.tails] - potentials[ways.heads]
        if (open_up & (reduced < 0)).any() or (open_down & (reduced > 0)).any():
            raise EngineFault(f"an allocation with a better {stage.aims[0][0].name} exists")
        open_up &= reduced == 0
        open_down &= reduced == 0
        proven += [aim for aim, _ in stage.aims]
    claimed = [one.is_proven for one in allocation.certificate.reached]
    if not allocation.certificate.is_out_of_time and (
        sum(claimed) < len(claimed) or len(proven) < len(claimed)
    ):
        raise EngineFault("a proof is missing")
