"""The smallest list of new positions that would serve everybody, by sector and neighbourhood.

Guarantee: no shorter list exists. Each new position serves at most one more, and each position on the list
is proven, by the largest flow, to serve one. Which sectors and neighbourhoods carry it is chosen greedily:
first what serves most seekers of the blocking sets, or nearly so many; of these, where most of them live for
whom nothing new stands there yet, then where least stands yet, then by lot. They share: no neighbourhood gets
more than live there, or than its part, as long as another serves as many. Growth: some largest flows over
the blocking sets for each line of the list, mostly fewer.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from time import monotonic

import numpy as np

from matching.aims import Nodes, Table
from matching.allocation_problem import AllocationProblem, Applicant
from matching.blocking import LIMIT_SECONDS, Cut
from matching.lottery import tickets

Opening = tuple[str, str]
NEARLY_PERCENT = 90
"""Who serves so many of what the best serves is its equal: a street further must not take everything."""


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
    """What would serve all but `left`, who are among the `unhelped`: whom no new position can reach.

    Of these the problem's applicants have the rule as `obstacle`, if `applicants_of` made them.

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
        self._placed: Counter[str] = Counter()
        self._is_complete = cut.is_complete

    def run(self) -> RecruitingList:
        """Choose opening after opening until nobody is left whom one would serve."""
        lines: dict[Opening, Recruit] = {}
        cut = self._cut()
        while self._is_complete and (equals := self._best(cut.contending)):
            joint = self._cut(*((self._takers(opening), len(self._contending)) for opening in equals))
            if not joint.is_complete:
                break
            shares = self._shares(equals, joint.served - cut.served)
            for opening, gained in self._filled(shares, cut.served):
                self._chosen.append((self._takers(opening), gained))
                self._placed[opening[1]] += gained
                ids = tuple(self._table.problem.applicants[row].id for row in equals[opening])
                line = lines.setdefault(
                    opening, Recruit(*opening, positions=0, helps=len(ids), seeker_ids=ids)
                )
                lines[opening] = replace(line, positions=line.positions + gained)
            cut = self._cut()
        unhelped = [row for row in cut.contending.tolist() if not self._openings[row]]
        return RecruitingList(
            recruits=tuple(sorted(lines.values(), key=lambda line: -line.helps)),
            unhelped=tuple(self._table.problem.applicants[row].id for row in unhelped),
            left=len(cut.asking) - cut.served if unhelped else 0,
            is_complete=self._is_complete,
        )

    def _best(self, contending: Nodes) -> dict[Opening, list[int]]:
        """The openings most of these could take, or nearly as many, and who could."""
        takers: dict[Opening, list[int]] = defaultdict(list)
        for row in contending.tolist():
            for opening in self._openings[row]:
                takers[opening].append(row)
        most = max(map(len, takers.values()), default=0)
        return {
            opening: takers[opening]
            for opening in sorted(takers)
            if len(takers[opening]) * 100 >= most * NEARLY_PERCENT
        }

    def _shares(self, equals: dict[Opening, list[int]], many: int) -> dict[Opening, int]:
        """So many positions over these: as many as live there without one, then evenly."""
        applicants, names = self._table.problem.applicants, list(equals)
        drawn = tickets(self._table.problem.seed, "opening", ("/".join(opening) for opening in names))
        lot = dict(zip(names, drawn.tolist(), strict=True))
        homes = {
            opening: sum(applicants[row].pc4 == opening[1] for row in equals[opening]) for opening in names
        }
        living = {opening: max(0, homes[opening] - self._placed[opening[1]]) for opening in names}
        order = sorted(names, key=lambda one: (-living[one], self._placed[one[1]], lot[one]))
        shares = dict.fromkeys(order, 0)
        for opening in order:
            shares[opening] = min(living[opening], many)
            many -= shares[opening]
        for place, opening in enumerate(order):
            shares[opening] += many // len(order) + (place < many % len(order))
        return {opening: share for opening, share in shares.items() if share}

    def _filled(self, shares: dict[Opening, int], served: int) -> list[tuple[Opening, int]]:
        """As many of these positions as serve one more each; mostly all of them do."""
        asked = [(self._takers(opening), share) for opening, share in shares.items()]
        together = self._cut(*asked)
        if together.served - served == sum(shares.values()):
            return list(shares.items())
        filled: list[tuple[Opening, int]] = []
        kept: list[tuple[Nodes, int]] = []
        for (opening, _share), (takers, share) in zip(shares.items(), asked, strict=True):
            gained = self._cut(*kept, (takers, share)).served - served
            served += gained
            if gained:
                kept.append((takers, gained))
                filled.append((opening, gained))
        # Of flows that ran out of time nothing is known.
        return filled if self._is_complete else []

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
    return product(sectors, sorted(applicant.reach))
