"""Who is served how well: shares, the worst off and inequality, for all and per group, without telling
of a few.

Exact. A cell of fewer than ten is suppressed, and when the suppressed cells of a grouping are together
fewer than ten, the next smallest too, so that nobody can subtract them from the whole. Linear in the
seekers.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matching.errors import Fault, InvalidProblem

SMALLEST_CELL = 10


@dataclass(frozen=True, slots=True)
class Cell:
    """How a number of seekers fared: `p10` is the value nine in ten reach; `gini` 0 is equal, towards 1
    is not.
    """

    seekers: int
    placed_share: float
    good_share: float
    minimum: float
    p10: float
    mean: float
    gini: float


@dataclass(frozen=True, slots=True)
class Audit:
    """The cell of all, and per grouping the cell of each group; None for what is suppressed."""

    good: float
    overall: Cell | None
    groups: Mapping[str, Mapping[str, Cell | None]]


def audit(
    outcomes: Mapping[str, float],
    *,
    good: float,
    groups: Mapping[str, Mapping[str, str]] | None = None,
) -> Audit:
    """Count how seekers fared.

    `outcomes` has a value between 0 (nothing) and 1 (the best in reach) per seeker id, as
    `Allocation.outcomes`; `good` is the value from which one is good; `groups` has per grouping (school,
    track, neighbourhood) the group of each seeker. Groups are only counted here: the engine that gives out
    positions never reads them. Raises InvalidProblem for values that are no share and for seekers in a
    grouping who have no outcome.
    """
    faults = [
        Fault(seeker_id, "outcome", "impossible")
        for seeker_id, value in outcomes.items()
        if not 0 <= value <= 1
    ]
    for name, members in (groups or {}).items():
        faults += [Fault(seeker_id, name, "unknown") for seeker_id in members if seeker_id not in outcomes]
    if faults:
        raise InvalidProblem(tuple(faults))
    return Audit(
        good=good,
        overall=_cell(tuple(outcomes.values()), good) if len(outcomes) >= SMALLEST_CELL else None,
        groups={name: _cells(members, outcomes, good) for name, members in sorted((groups or {}).items())},
    )


def gini(values: Sequence[float]) -> float:
    """The Gini coefficient: half the mean difference of all pairs, as a share of the mean; 0 when all have 0.

    >>> gini([1.0, 1.0]), gini([0.0, 1.0])
    (0.0, 0.5)
    """
    ordered = sorted(values)
    total = math.fsum(ordered)
    if not total:
        return 0.0
    count = len(ordered)
    return math.fsum((2 * place - count - 1) * value for place, value in enumerate(ordered, 1)) / (
        count * total
    )


def _cells(
    members: Mapping[str, str], outcomes: Mapping[str, float], good: float
) -> Mapping[str, Cell | None]:
    values: dict[str, list[float]] = defaultdict(list)
    for seeker_id, group in members.items():
        values[group].append(outcomes[seeker_id])
    sizes = {group: len(some) for group, some in values.items()}
    hidden = _suppressed(sizes, unnamed=len(outcomes) - len(members))
    return {
        group: None if group in hidden else _cell(tuple(some), good) for group, some in sorted(values.items())
    }


def _suppressed(sizes: Mapping[str, int], unnamed: int) -> set[str]:
    """The groups not to be shown; `unnamed` seekers are in none, and are what remains of the whole."""
    hidden = {group for group, size in sizes.items() if size < SMALLEST_CELL}
    others = sorted(sizes.keys() - hidden, key=lambda group: (sizes[group], group))
    while others and 0 < unnamed + sum(sizes[group] for group in hidden) < SMALLEST_CELL:
        hidden.add(others.pop(0))
    return hidden


def _cell(values: Sequence[float], good: float) -> Cell:
    ordered = sorted(values)
    count = len(ordered)
    return Cell(
        seekers=count,
        placed_share=sum(value > 0 for value in ordered) / count,
        good_share=sum(value >= good for value in ordered) / count,
        minimum=ordered[0],
        # The largest value that at least nine in ten have.
        p10=ordered[count // 10],
        mean=math.fsum(ordered) / count,
        gini=gini(ordered),
    )
