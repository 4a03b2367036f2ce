"""Who comes next: the reserve list of each offer, and who moves up when a position falls free.

Exact by a declared order: under `fair` and `total` first who has nothing, then who has least, then who
gains most here, then by credit and lot; under `stable` the order in which the host welcomes. On a list
stand those whom every rule allows to come, and whom it serves: who gives something up for it gets something
better. Growth: linear in the candidates of an offer; a cancellation in those of each offer that is passed
on. Members of a group that goes together are on no list: one alone cannot move.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic

from matching.aims import Table
from matching.allocation_answer import Allocation
from matching.allocation_problem import Pair, Policy
from matching.errors import Fault, InvalidProblem, OutOfTime
from matching.standing import Standing

LIMIT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Reserve:
    """One seeker on a reserve list, and the offer that falls free when he comes (None: he had room)."""

    seeker_id: str
    leaves: str | None


@dataclass(frozen=True, slots=True)
class Move:
    """A seeker who moves up to an offer, and the one he leaves for it."""

    seeker_id: str
    to_offer: str
    from_offer: str | None


@dataclass(frozen=True, slots=True)
class Succession:
    """What follows when `cancelled` falls away: moves in their order, and where a position stays free.

    `left_free` is None when the last who moved had room for one more.
    """

    cancelled: Pair
    moves: tuple[Move, ...]
    left_free: str | None


def reserve_lists(
    allocation: Allocation, *, limit_seconds: float = LIMIT_SECONDS
) -> Mapping[str, tuple[Reserve, ...]]:
    """The reserve list of every offer, first in line first; offers by id.

    Raises OutOfTime when the limit passes: some of the lists would say that nobody waits for the others.
    """
    ends_at = monotonic() + limit_seconds
    lists = _Lists(allocation)
    found: dict[str, tuple[Reserve, ...]] = {}
    for capacity in allocation.problem.capacities:
        if monotonic() >= ends_at:
            raise OutOfTime
        found[capacity.offer_id] = lists.of(capacity.offer_id)
    return found


def cancel(allocation: Allocation, seeker_id: str, offer_id: str) -> Succession:
    """Who moves up when this seeker gives up this position, and who takes the place he leaves, and so
    on.

    Every move gives its seeker something better and happens once per seeker, so it ends. Raises
    InvalidProblem when the pair is not part of the allocation.
    """
    cancelled = Pair(seeker_id, offer_id)
    if cancelled not in allocation.pairs:
        raise InvalidProblem((Fault(cancelled.row, "pair", "unknown"),))
    lists = _Lists(allocation)
    lists.standing.remove(cancelled)
    moves: list[Move] = []
    free: str | None = offer_id
    moved = {seeker_id}
    while free is not None:
        waiting = (one for one in lists.of(free, with_room=True) if one.seeker_id not in moved)
        successor = next(waiting, None)
        if successor is None:
            break
        moves.append(Move(successor.seeker_id, free, successor.leaves))
        moved.add(successor.seeker_id)
        lists.move(successor, free)
        free = successor.leaves
    return Succession(cancelled, tuple(moves), free)


class _Lists:
    """The reserve lists as things stand."""

    def __init__(self, allocation: Allocation) -> None:
        self._problem = allocation.problem
        self._table = Table(self._problem)
        self.standing = Standing(self._problem, allocation.pairs)
        self._rows: dict[str, list[int]] = {}
        for row, candidate in enumerate(self._problem.candidates):
            self._rows.setdefault(candidate.offer_id, []).append(row)

    def move(self, reserve: Reserve, offer_id: str) -> None:
        """Let somebody come."""
        if reserve.leaves is not None:
            self.standing.remove(Pair(reserve.seeker_id, reserve.leaves))
        self.standing.add(Pair(reserve.seeker_id, offer_id))

    def of(self, offer_id: str, *, with_room: bool = False) -> tuple[Reserve, ...]:
        """Who would come here; `with_room`: only who could come at this moment."""
        found: list[tuple[tuple[int, ...], Reserve]] = []
        for row in self._rows.get(offer_id, ()):
            reserve = self._reserve(row)
            if reserve is None or (with_room and not self.standing.has_room(offer_id, reserve.leaves)):
                continue
            found.append((self._order(row), reserve))
        return tuple(reserve for _, reserve in sorted(found, key=lambda one: one[0]))

    def _reserve(self, row: int) -> Reserve | None:
        pair = self._problem.candidates[row].pair
        had = self.standing.offers_of(pair.seeker_id)
        if pair.offer_id in had:
            return None
        if self.standing.may_join(pair):
            return Reserve(pair.seeker_id, None)
        rows = self._problem.candidate_rows
        for offer_id in sorted(had, key=lambda one: int(self._table.worth[rows[pair.seeker_id, one]])):
            left = Pair(pair.seeker_id, offer_id)
            gains = self._table.worth[row] > self._table.worth[rows[left]]
            if gains and self.standing.may_leave(left) and self.standing.may_join(pair, offer_id):
                return Reserve(pair.seeker_id, offer_id)
        return None

    def _order(self, row: int) -> tuple[int, ...]:
        table, candidate = self._table, self._problem.candidates[row]
        strength, lot = int(table.tickets[table.seeker[row]]), int(table.lots[row])
        if self._problem.policy is Policy.STABLE:
            return (-candidate.priority, -strength, lot)
        rows = self._problem.candidate_rows
        had = [
            int(table.worth[rows[candidate.seeker_id, one]])
            for one in self.standing.offers_of(candidate.seeker_id)
        ]
        return (max(had, default=0), -int(table.worth[row]), -strength, lot)
