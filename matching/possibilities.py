"""Every pair that may be made, as candidates of an allocation: what a proof about all within reach needs.

Exact: the pairs, scores and minutes of `suggest` with a list as long as there are offers, without the
reasons, which cost most of its time. Linear in the pairs; memory for the candidates and one block of pairs.
"""

from collections.abc import Iterator

import numpy as np

from matching.allocation_problem import Candidate
from matching.problem import Problem
from matching.reach import Rows
from matching.suggesting import Block, Run

_PAIRS_PER_BLOCK = 1 << 18


def possible_candidates(
    problem: Problem, *, wished_only: bool = False, most_each: int | None = None
) -> tuple[Candidate, ...]:
    """All pairs no rule forbids, by seeker and offer, with the score as value.

    `wished_only` leaves out, for who has wishes, the offers no wish leads to (their sector part is 0).
    `most_each` keeps the best so many of each seeker: what is proven then holds for these only.
    """
    run = Run(problem)
    candidates: list[Candidate] = []
    size = max(1, _PAIRS_PER_BLOCK // max(1, len(problem.offers)))
    for start in range(0, len(problem.seekers), size):
        rows = np.arange(start, min(start + size, len(problem.seekers)), dtype=np.intp)
        candidates.extend(_of_block(run, run.block(rows), rows, wished_only, most_each))
    return tuple(candidates)


def _of_block(
    run: Run, block: Block, rows: Rows, wished_only: bool, most_each: int | None
) -> Iterator[Candidate]:
    allowed = block.screened.allowed
    if wished_only:
        is_silent = run.weights[rows, 0] == 0
        allowed = allowed & ((block.columns[0] > 0) | is_silent[:, None])
    offers = [offer.id for offer in run.problem.offers]
    for place, row in enumerate(rows.tolist()):
        seeker_id = run.problem.seekers[row].id
        columns = np.flatnonzero(allowed[place])
        scores, minutes = block.scores[place], block.screened.minutes[place]
        if most_each is not None and len(columns) > most_each:
            best = np.lexsort((block.lots[place, columns], -scores[columns]))[:most_each]
            columns = np.sort(columns[best])
        for column, score, journey in zip(
            columns.tolist(), scores[columns].tolist(), minutes[columns].tolist(), strict=True
        ):
            yield Candidate(seeker_id, offers[column], score, minutes=journey)
