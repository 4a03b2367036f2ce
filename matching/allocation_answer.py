"""The outcome of an allocation: who gets what, what was reached of each aim, and how sure that is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from matching.allocation_problem import AllocationProblem, Pair

if TYPE_CHECKING:
    from matching.network import Stage


class Solver(StrEnum):
    """What computed it."""

    NETWORK = "network"
    MILP = "milp"
    DEFERRED_ACCEPTANCE = "deferred_acceptance"


class ChangeReason(StrEnum):
    """Why a seeker's position differs from the allocation before."""

    NEW = "new"
    NOT_ALLOWED = "not_allowed"
    NO_POSITION = "no_position"
    LOCK = "lock"
    BETTER = "better"
    MADE_ROOM = "made_room"


@dataclass(frozen=True, slots=True)
class Placing:
    """One seeker at one offer; `position` 1 is the best of this seeker's, `value` 1 the best in reach."""

    seeker_id: str
    offer_id: str
    position: int
    value: float
    is_good: bool
    is_locked: bool

    @property
    def pair(self) -> Pair:
        """The seeker and the offer."""
        return Pair(self.seeker_id, self.offer_id)


@dataclass(frozen=True, slots=True)
class Reached:
    """What was reached of one aim, given those before it.

    `best` is the most (for `spread` and `lot` the least) any allocation can reach without giving up an
    earlier aim; None when nothing is known. For `level`: how many seekers have a `position`-th best
    position worth at least `from_value`.
    """

    aim: str
    position: int
    from_value: float
    reached: int
    best: int | None

    @property
    def is_proven(self) -> bool:
        """Whether nothing better exists."""
        return self.reached == self.best


@dataclass(frozen=True, slots=True)
class Certificate:
    """How sure the answer is: optimal for every aim in order, or how far from it at most.

    `proof` has the potentials of each stage (network): `verify` checks them without trusting the solver.
    """

    solver: Solver
    reached: tuple[Reached, ...]
    limit_seconds: float
    is_out_of_time: bool
    proof: "tuple[Stage, ...]" = field(default=(), repr=False, compare=False)

    @property
    def is_optimal(self) -> bool:
        """Whether every aim is proven; among equals the lottery decides, which needs no proof with `milp`."""
        lottery = ("luck", "lot") if self.solver is Solver.MILP else ()
        claims = (one.is_proven for one in self.reached if one.aim not in lottery)
        return not self.is_out_of_time and all(claims)


@dataclass(frozen=True, slots=True)
class Change:
    """What a seeker gave up or got since the allocation before; None: nothing."""

    seeker_id: str
    from_offer: str | None
    to_offer: str | None
    reason: ChangeReason


@dataclass(frozen=True, slots=True)
class AllocationNumbers:
    """The size of an allocation."""

    seekers: int
    placed: int
    with_good: int
    positions: int
    filled: int
    kept: int
    changed: int


@dataclass(frozen=True)
class Allocation:
    """Who gets what. `placings` stand by seeker id and position, `left_out` (nothing at all) by seeker id."""

    placings: tuple[Placing, ...]
    left_out: tuple[str, ...]
    changes: tuple[Change, ...]
    numbers: AllocationNumbers
    certificate: Certificate
    problem: AllocationProblem = field(repr=False)

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The pairs alone."""
        return tuple(placing.pair for placing in self.placings)

    @property
    def outcomes(self) -> Mapping[str, float]:
        """The value of each seeker's best position; 0 for who has none."""
        best = dict.fromkeys((applicant.id for applicant in self.problem.applicants), 0.0)
        best.update((placing.seeker_id, placing.value) for placing in self.placings if placing.position == 1)
        return best
