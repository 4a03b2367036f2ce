"""Why a pair that could be made was not: the rule that stands in its way, and the aim that would get worse.

Exact, by recomputing: the pair is locked, the allocation is made again, and the first aim of which less is
reached is the reason. Nobody else is named: what is told are codes and counts. Growth: one more allocation.
Where a solver ran out of time the answer says that it is not proven. Source: DOMAIN 7.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from matching.aims import SMALL, Table
from matching.allocation import LIMIT_SECONDS, allocate, answer
from matching.allocation_answer import Allocation, Certificate, Reached, Solver
from matching.allocation_problem import AllocationProblem, Pair, Policy
from matching.errors import Fault, InvalidProblem
from matching.standing import Standing


class Withholding(StrEnum):
    """Why a pair was not made."""

    IS_MADE = "is_made"
    """It was made."""
    NOT_A_CANDIDATE = "not_a_candidate"
    """It was not proposed, so it was not there to give."""
    FORBIDDEN = "forbidden"
    """A person ruled it out."""
    LOCK = "lock"
    """What is fixed already leaves no room for it."""
    CAPACITY = "capacity"
    """The offer has no position to give."""
    HOST_CAP = "host_cap"
    """The host takes nobody."""
    ONCE_PER_HOST = "once_per_host"
    """The seeker is at this host already, and that is fixed."""
    SAME_PERIOD = "same_period"
    """The seeker has something fixed in this period already."""
    WANTED = "wanted"
    """The seeker has as much as he wants, and that is fixed."""
    GROUP = "group"
    """A group goes together, or apart."""
    MINIMUM = "minimum"
    """Another offer would come below the least it must have."""
    GOOD = "good"
    """Fewer seekers would have something good."""
    PLACED = "placed"
    """Fewer seekers would have anything: who has nothing else came first."""
    UNCHANGED = "unchanged"
    """More would change since the allocation before."""
    LEVEL = "level"
    """Seekers who are worse off would be still worse off."""
    VALUE = "value"
    """All together would get less of what they value."""
    SPREAD = "spread"
    """Hosts would be burdened less evenly."""
    CREDIT = "credit"
    """Who had bad luck before went first."""
    LOTTERY = "lottery"
    """Between equals the lottery decided."""
    HAS_BETTER = "has_better"
    """The seeker has something he values at least as much (`stable`)."""
    WELCOME = "welcome"
    """Others meet more of the host's declared conditions (`stable`)."""


WITHHOLDINGS: tuple[str, ...] = tuple(Withholding)

_OF_FAULT = {
    "too_many_for_position": Withholding.LOCK,
    "too_many_for_host_cap": Withholding.LOCK,
    "too_many_for_wanted": Withholding.WANTED,
    "too_many_for_host": Withholding.ONCE_PER_HOST,
    "too_many_for_period": Withholding.SAME_PERIOD,
    "too_many_for_apart": Withholding.GROUP,
}
_OF_AIM = {
    "good": Withholding.GOOD,
    "placed": Withholding.PLACED,
    "unchanged": Withholding.UNCHANGED,
    "level": Withholding.LEVEL,
    "value": Withholding.VALUE,
    "spread": Withholding.SPREAD,
}


@dataclass(frozen=True, slots=True)
class Withheld:
    """Why a pair was not made.

    `in_the_way` are the rules that keep it from simply being added: `capacity`, `host_cap`, `wanted`,
    `once_per_host`, `same_period`, `group`. `reached` and `with_pair` are what is reached of the aim `code`
    names without and with the pair (None where a rule alone decides); for `level`, of the `position`-th best
    position and from `from_value`. `is_proven` when both allocations are proven to be best.
    """

    seeker_id: str
    offer_id: str
    code: Withholding
    in_the_way: tuple[Withholding, ...] = ()
    reached: int | None = None
    with_pair: int | None = None
    position: int = 1
    from_value: float = 0.0
    is_proven: bool = True


def withheld(
    allocation: Allocation,
    seeker_id: str,
    offer_id: str,
    *,
    limit_seconds: float = LIMIT_SECONDS,
    stop: Callable[[], bool] | None = None,
) -> Withheld:
    """Why `allocation` did not make this pair. An unknown seeker or offer is InvalidProblem.

    One more allocation is made, with at most `limit_seconds`; `stop()` is asked as in `allocate`.
    """
    problem, pair = allocation.problem, Pair(seeker_id, offer_id)
    _check_known(problem, pair)
    if pair in allocation.pairs:
        return Withheld(seeker_id, offer_id, Withholding.IS_MADE)
    if pair in problem.forbidden:
        return Withheld(seeker_id, offer_id, Withholding.FORBIDDEN)
    if pair not in problem.candidate_rows:
        return Withheld(seeker_id, offer_id, Withholding.NOT_A_CANDIDATE)
    in_the_way = _in_the_way(allocation, pair)
    if problem.policy is Policy.STABLE:
        return Withheld(seeker_id, offer_id, _of_stable(allocation, pair), in_the_way)
    try:
        forced = allocate(_with_lock(problem, pair), limit_seconds=limit_seconds, stop=stop)
    except InvalidProblem as error:
        return Withheld(seeker_id, offer_id, _of_faults(problem, pair, error), in_the_way)
    return _compared(allocation, forced, pair, in_the_way)


def resumed(problem: AllocationProblem, pairs: tuple[tuple[str, str], ...]) -> Allocation:
    """An allocation as it stands, from its pairs: for `cancel`, `reserve_lists` and `withheld` later on.

    Its certificate counts every aim again and claims nothing. Pairs that are no candidates are
    InvalidProblem.
    """
    rows = problem.candidate_rows
    unknown = [Pair(*pair) for pair in pairs if pair not in rows]
    if unknown:
        raise InvalidProblem(tuple(Fault(pair.row, "pair", "not_a_candidate") for pair in unknown))
    table = Table(problem)
    chosen = np.array(sorted(rows[pair] for pair in pairs), dtype=np.intp)
    reached = tuple(table.reached(aim, chosen, None) for aim in table.aims())
    return answer(table, chosen, Certificate(Solver.MILP, reached, 0.0, is_out_of_time=False))


def _check_known(problem: AllocationProblem, pair: Pair) -> None:
    faults = [Fault(pair.seeker_id, "seeker_id", "unknown")] * (pair.seeker_id not in problem.seeker_rows)
    faults += [Fault(pair.offer_id, "offer_id", "unknown")] * (pair.offer_id not in problem.offer_rows)
    if faults:
        raise InvalidProblem(tuple(faults))


def _with_lock(problem: AllocationProblem, pair: Pair) -> AllocationProblem:
    """The same with this pair locked, checked as any input."""
    return AllocationProblem.of(
        applicants=problem.applicants,
        capacities=problem.capacities,
        candidates=problem.candidates,
        seed=problem.seed,
        policy=problem.policy,
        host_caps=problem.host_caps,
        locked=problem.locked | {pair},
        forbidden=problem.forbidden,
        together=problem.together,
        apart=problem.apart,
        previous=problem.previous,
        good=problem.good,
        steps=problem.steps,
    )


def _in_the_way(allocation: Allocation, pair: Pair) -> tuple[Withholding, ...]:
    """Every rule that keeps the pair from being added to what was made."""
    problem = allocation.problem
    standing = Standing(problem, allocation.pairs)
    capacities = {capacity.offer_id: capacity for capacity in problem.capacities}
    here = capacities[pair.offer_id]
    had = [capacities[offer_id] for offer_id in standing.offers_of(pair.seeker_id)]
    load = sum(capacities[one.offer_id].host == here.host for one in allocation.pairs)
    cap = problem.host_caps.get(here.host)
    wanted = next(one.wanted for one in problem.applicants if one.id == pair.seeker_id)
    in_the_way = {
        Withholding.CAPACITY: len(standing.seekers_at(pair.offer_id)) >= here.maximum,
        Withholding.HOST_CAP: cap is not None and load >= cap,
        Withholding.WANTED: len(had) >= wanted,
        Withholding.ONCE_PER_HOST: any(one.host == here.host for one in had),
        Withholding.SAME_PERIOD: here.period is not None and any(one.period == here.period for one in had),
        Withholding.GROUP: _is_grouped(problem, standing, pair, here.host),
    }
    return tuple(code for code, stands in in_the_way.items() if stands)


def _is_grouped(problem: AllocationProblem, standing: Standing, pair: Pair, host: str) -> bool:
    hosts = {capacity.offer_id: capacity.host for capacity in problem.capacities}
    if any(pair.seeker_id in group for group in problem.together):
        return True
    mates = {mate for group in problem.apart if pair.seeker_id in group for mate in group} - {pair.seeker_id}
    return any(hosts[offer_id] == host for mate in mates for offer_id in standing.offers_of(mate))


def _of_faults(problem: AllocationProblem, pair: Pair, error: InvalidProblem) -> Withholding:
    """Why locking this pair contradicts what is fixed; where nothing is given out, that alone."""
    capacity = problem.capacities[problem.offer_rows[pair.offer_id]]
    if capacity.maximum == 0:
        return Withholding.CAPACITY
    if problem.host_caps.get(capacity.host) == 0:
        return Withholding.HOST_CAP
    mine = [fault.code for fault in error.faults if fault.row == pair.row and fault.field == "locked"]
    if mine and mine[0] in _OF_FAULT:
        return _OF_FAULT[mine[0]]
    if any(fault.field == "together" for fault in error.faults):
        return Withholding.GROUP
    return Withholding.MINIMUM if any(one.minimum for one in problem.capacities) else Withholding.LOCK


def _compared(
    allocation: Allocation, forced: Allocation, pair: Pair, in_the_way: tuple[Withholding, ...]
) -> Withheld:
    """The first aim, in their order, of which less is reached with the pair than without."""
    are_best = allocation.certificate.is_optimal and forced.certificate.is_optimal
    with_pair = {_aim_of(one): one for one in forced.certificate.reached}
    for one in allocation.certificate.reached:
        other = with_pair.get(_aim_of(one))
        if other is None or one.aim == "required" or other.reached == one.reached:
            continue
        if (other.reached > one.reached) is not (one.aim in SMALL):
            # More of an aim with the pair: the allocation at hand was not the best there is.
            return Withheld(pair.seeker_id, pair.offer_id, Withholding.LOTTERY, in_the_way, is_proven=False)
        return Withheld(
            seeker_id=pair.seeker_id,
            offer_id=pair.offer_id,
            code=_OF_AIM.get(one.aim) or _luck(allocation, forced),
            in_the_way=in_the_way,
            reached=one.reached,
            with_pair=other.reached,
            position=one.position,
            from_value=one.from_value,
            is_proven=are_best,
        )
    return Withheld(pair.seeker_id, pair.offer_id, Withholding.LOTTERY, in_the_way, is_proven=are_best)


def _aim_of(reached: Reached) -> tuple[str, int, float]:
    return reached.aim, reached.position, reached.from_value


def _luck(allocation: Allocation, forced: Allocation) -> Withholding:
    """Whether credit for earlier bad luck decided, or only what was drawn."""
    credit = {one.id: one.credit for one in allocation.problem.applicants}

    def counted(made: Allocation) -> float:
        return sum(credit[placing.seeker_id] * placing.value for placing in made.placings)

    return Withholding.CREDIT if counted(forced) < counted(allocation) else Withholding.LOTTERY


def _of_stable(allocation: Allocation, pair: Pair) -> Withholding:
    """In a stable allocation the seeker has what he would rather have, or all who came are more welcome."""
    problem, table = allocation.problem, Table(allocation.problem)
    rows = problem.candidate_rows
    row, standing = rows[pair], Standing(problem, allocation.pairs)
    dearer = [
        offer_id
        for offer_id in standing.offers_of(pair.seeker_id)
        if _wish(table, rows[pair.seeker_id, offer_id]) < _wish(table, row)
    ]
    wanted = next(one.wanted for one in problem.applicants if one.id == pair.seeker_id)
    if len(dearer) >= wanted or any(standing.collide(pair.offer_id, other) for other in dearer):
        return Withholding.HAS_BETTER
    capacity = problem.capacities[problem.offer_rows[pair.offer_id]]
    if capacity.maximum == 0:
        return Withholding.CAPACITY
    if problem.host_caps.get(capacity.host) == 0:
        return Withholding.HOST_CAP
    is_full = len(standing.seekers_at(pair.offer_id)) >= capacity.maximum
    came = [
        rows[one]
        for one in allocation.pairs
        if one not in problem.locked
        and (
            one.offer_id == pair.offer_id
            if is_full
            else table.host[table.offer[rows[one]]] == table.host[table.offer[row]]
        )
    ]
    if not came:
        return Withholding.LOCK
    weakest, own = max(_welcome(table, one) for one in came), _welcome(table, row)
    if weakest[0] != own[0]:
        return Withholding.WELCOME
    return Withholding.CREDIT if weakest[1] != own[1] else Withholding.LOTTERY


def _wish(table: Table, row: int) -> tuple[float, int]:
    """What a seeker goes by, as `stability` does: the dearest first, then by lot."""
    return -table.problem.candidates[row].value, int(table.lots[row])


def _welcome(table: Table, row: int) -> tuple[int, int, int, int]:
    """What a host goes by: conditions met, credit, the drawn number, the lot."""
    seeker = int(table.seeker[row])
    credit = table.problem.applicants[seeker].credit
    return -table.problem.candidates[row].priority, -credit, -int(table.tickets[seeker]), int(table.lots[row])
