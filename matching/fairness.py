"""Who is served how well: shares, the worst off and inequality, for all and per group, without telling
of a few.

Exact. A cell of fewer than ten is suppressed, and as many others as needed, so that no sum or difference of
what is shown, within a grouping or across several, speaks of one to nine seekers (see `disclosure`). A
minimum, p10 or Gini is no sum: it says something of its own cell alone. The promise holds for one audit; who
keeps the audit of another moment can hold the two against each other. Linear in the seekers.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matching.disclosure import few, hidden_groups
from matching.errors import Fault, InvalidProblem

SMALLEST_CELL = 10


@dataclass(frozen=True, slots=True)
class Cell:
    """How a number of seekers fared: `p10` is the value nine in ten reach; `gini` 0 is equal, towards 1
    is not.

    `overruled_share` is of those on whom somebody decided; None when nobody did, or when it is suppressed.
    """

    seekers: int
    placed_share: float
    good_share: float
    minimum: float
    p10: float
    mean: float
    gini: float
    overruled_share: float | None = None


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
    overruled: Mapping[str, bool] | None = None,
) -> Audit:
    """Count how seekers fared.

    `outcomes` has a value between 0 (nothing) and 1 (the best in reach) per seeker id, as
    `Allocation.outcomes`; `good` is the value from which one is good; `groups` has per grouping (school,
    track, neighbourhood) the group of each seeker; `overruled` has the seekers on whom somebody decided, and
    whether against the proposal. Groups are only counted here: the engine that gives out positions never
    reads them. Raises InvalidProblem for values that are no share and for seekers in a grouping or a decision
    who have no outcome. Growth: see `disclosure`; a second for 10,000 seekers.
    """
    groups, overruled = groups or {}, overruled or {}
    faults = [
        Fault(seeker_id, "outcome", "impossible")
        for seeker_id, value in outcomes.items()
        if not 0 <= value <= 1
    ]
    for name, members in (*groups.items(), ("overruled", overruled)):
        faults += [Fault(seeker_id, name, "unknown") for seeker_id in members if seeker_id not in outcomes]
    if faults:
        raise InvalidProblem(tuple(faults))
    return _Counter(outcomes, good, overruled).audit(groups)


def shown_counts(counts: Mapping[str, int]) -> Mapping[str, int | None]:
    """Counts that add up to a known total, as decisions by reason: None for what is not to be shown.

    Hidden are counts from one to nine, and then, the smallest first, others until the hidden ones are ten
    together. Exact, linear.

    >>> shown_counts({"too_far": 3, "wrong_days": 12, "other": 40, "host_cannot": 0})
    {'too_far': None, 'wrong_days': None, 'other': 40, 'host_cannot': 0}
    """
    hidden = few({name: count for name, count in counts.items() if count}, unnamed=0, smallest=SMALLEST_CELL)
    return {name: None if name in hidden else count for name, count in counts.items()}


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


class _Counter:
    def __init__(self, outcomes: Mapping[str, float], good: float, overruled: Mapping[str, bool]) -> None:
        self._outcomes, self._good, self._overruled = outcomes, good, overruled

    def audit(self, groups: Mapping[str, Mapping[str, str]]) -> Audit:
        # Who was decided on is a smaller crowd, so their numbers are protected apart.
        decided = {
            name: {one: group for one, group in members.items() if one in self._overruled}
            for name, members in groups.items()
        }
        hidden = hidden_groups(groups, self._outcomes, SMALLEST_CELL)
        silent = hidden_groups(decided, self._overruled, SMALLEST_CELL)
        tells = len(self._overruled) >= SMALLEST_CELL
        return Audit(
            good=self._good,
            overall=self._cell(list(self._outcomes), tells) if len(self._outcomes) >= SMALLEST_CELL else None,
            groups={
                name: self._cells(members, hidden[name], silent[name])
                for name, members in sorted(groups.items())
            },
        )

    def _cells(
        self, members: Mapping[str, str], hidden: set[str], silent: set[str]
    ) -> Mapping[str, Cell | None]:
        seekers: dict[str, list[str]] = defaultdict(list)
        for seeker_id, group in members.items():
            seekers[group].append(seeker_id)
        return {
            group: None if group in hidden else self._cell(some, group not in silent)
            for group, some in sorted(seekers.items())
        }

    def _cell(self, seekers: Sequence[str], tells: bool) -> Cell:
        overruled = [self._overruled[one] for one in seekers if one in self._overruled]
        ordered = sorted(self._outcomes[one] for one in seekers)
        count = len(ordered)
        return Cell(
            seekers=count,
            placed_share=sum(value > 0 for value in ordered) / count,
            good_share=sum(value >= self._good for value in ordered) / count,
            minimum=ordered[0],
            # The largest value that at least nine in ten have.
            p10=ordered[count // 10],
            mean=math.fsum(ordered) / count,
            gini=gini(ordered),
            overruled_share=sum(overruled) / len(overruled) if overruled and tells else None,
        )
