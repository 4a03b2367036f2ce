"""The smallest list of new positions that would serve everybody, by sector and neighbourhood.

Guarantee: no shorter list exists. Each new position serves at most one more, and each position on the list
is proven, by the largest flow, to serve one. Which sectors and neighbourhoods carry it is chosen greedily,
those that serve most seekers of the blocking sets first, so that few hosts have to be asked. Growth: two
largest flows over the blocking sets for each line of the list.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from time import monotonic

import numpy as np

from matching.aims import Nodes, Table
from matching.allocation_problem import AllocationProblem, Applicant
from matching.blocking import LIMIT_SECONDS, Cut
from matching.lottery import tickets

Opening = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Recruit:
    """So many new `positions` in this sector (empty: any) and neighbourhood, which `seeker_ids` could have.

    `helps` is how many seekers of the blocking sets, as they are when the lines before are filled, could take
    one of them: the larger, the surer that it helps.
    """

    sector: str
    pc4: str
    positions: int
    helps: int
    seeker_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecruitingList:
    """What would serve all but `left`, who are among the `unhelped`: seekers of whom no reach is known.

    `is_complete` is False when time ran out: more is needed then.
    """

    recruits: tuple[Recruit, ...]
    unhelped: tuple[str, ...]
    left: int
    is_complete: bool

    @property
    def positions(self) -> int:
        """How many new positions it asks for."""
        return sum(one.positions for one in self.recruits)


def recruiting_list(
    problem: AllocationProblem, *, good_only: bool = False, limit_seconds: float = LIMIT_SECONDS
) -> RecruitingList:
    """The new positions that would serve everybody at once, those that help most first.

    Reads `sectors`, `pc4` and `reach` of the applicants: a new position serves whoever wishes its sector (or
    wishes none) and has its postcode in reach.
    """
    ends_at = monotonic() + limit_seconds
    table = Table(problem)

    def is_late() -> bool:
        return monotonic() >= ends_at

    return _Search(table, good_only, is_late).run()


class _Search:
    def __init__(self, table: Table, good_only: bool, is_late: Callable[[], bool]) -> None:
        self._table, self._good_only, self._is_late = table, good_only, is_late
        cut = Cut(table, good_only=good_only, is_late=is_late)
        self._contending = cut.contending
        applicants = [table.problem.applicants[row] for row in self._contending.tolist()]
        wished = sorted({sector for one in applicants for sector in one.sectors}) or [""]
        self._openings = {
            row: frozenset(_openings(one, wished))
            for row, one in zip(self._contending.tolist(), applicants, strict=True)
        }
        self._chosen: list[tuple[Nodes, int]] = []
        self._is_complete = cut.is_complete

    def run(self) -> RecruitingList:
        """Choose opening after opening until nobody is left whom one would serve."""
        recruits: list[Recruit] = []
        cut = self._cut()
        while self._is_complete and (best := self._best(cut.contending)) is not None:
            opening, helped = best
            takers = self._takers(opening)
            served = cut.served
            trial = self._cut((takers, len(self._contending)))
            gained = trial.served - served
            if not trial.is_complete:
                break
            self._chosen.append((takers, gained))
            cut = self._cut()
            ids = tuple(self._table.problem.applicants[row].id for row in helped)
            recruits.append(Recruit(*opening, positions=gained, helps=len(ids), seeker_ids=ids))
        unhelped = [row for row in cut.contending.tolist() if not self._openings[row]]
        return RecruitingList(
            recruits=tuple(recruits),
            unhelped=tuple(self._table.problem.applicants[row].id for row in unhelped),
            left=len(cut.asking) - cut.served if unhelped else 0,
            is_complete=self._is_complete,
        )

    def _best(self, contending: Nodes) -> tuple[Opening, list[int]] | None:
        """The opening most of these could take; equals by lot."""
        counts = Counter(opening for row in contending.tolist() for opening in self._openings[row])
        if not counts:
            return None
        most = max(counts.values())
        equal = sorted(opening for opening, count in counts.items() if count == most)
        drawn = tickets(self._table.problem.seed, "opening", ("/".join(opening) for opening in equal))
        best = equal[int(drawn.argmin())]
        return best, [row for row in contending.tolist() if best in self._openings[row]]

    def _takers(self, opening: Opening) -> Nodes:
        takers = [row for row in self._contending.tolist() if opening in self._openings[row]]
        return np.array(takers, dtype=np.intp)

    def _cut(self, *more: tuple[Nodes, int]) -> Cut:
        cut = Cut(
            self._table,
            good_only=self._good_only,
            among=self._contending,
            extra=(*self._chosen, *more),
            is_late=self._is_late,
        )
        self._is_complete = self._is_complete and cut.is_complete
        return cut


def _openings(applicant: Applicant, wished: list[str]) -> Iterator[Opening]:
    sectors = applicant.sectors or tuple(wished)
    reach = applicant.reach or ({applicant.pc4} if applicant.pc4 else set())
    return product(sectors, sorted(reach))
