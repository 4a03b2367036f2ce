"""The nearest improvements: a position nobody used, a move to a better one, two who would both rather swap.

An allocation that is optimal for aims that grow with what seekers get has none of these. Linear in the
candidates; swaps in the candidates times the seekers of an offer.
"""

from collections.abc import Iterator

import numpy as np

from matching.aims import Nodes, Table
from matching.allocation_problem import Pair
from matching.standing import Standing


def filled(table: Table, chosen: Nodes) -> Nodes:
    """`chosen`, and what can still be added: who has least first, the dearest first.

    No aim that is proven gets worse by it, for then it would not have been left.
    """
    problem = table.problem
    standing = Standing(problem, (problem.candidates[row].pair for row in chosen.tolist()))
    has = np.bincount(table.seeker[chosen], minlength=len(table.wanted))
    added: list[int] = []
    for row in np.lexsort((table.lots, -table.worth, has[table.seeker])).tolist():
        pair = problem.candidates[row].pair
        if standing.may_join(pair) and standing.has_room(pair.offer_id):
            standing.add(pair)
            added.append(row)
    return np.sort(np.append(chosen, np.array(added, dtype=np.intp)))


def improvement(table: Table, chosen: Nodes) -> tuple[Pair, ...]:
    """Pairs that could be made instead, so that nobody loses and somebody gains; empty when there are none.

    A pair of the allocation before is not given up for it, and members of a group are not moved.
    """
    problem = table.problem
    standing = Standing(problem, (problem.candidates[row].pair for row in chosen.tolist()))
    is_made = np.zeros(len(table.seeker), dtype=bool)
    is_made[chosen] = True
    for row in np.flatnonzero(~is_made).tolist():
        for found in _better_with(table, standing, row):
            return found
    return ()


def _better_with(table: Table, standing: Standing, row: int) -> Iterator[tuple[Pair, ...]]:
    problem = table.problem
    pair = problem.candidates[row].pair
    if standing.may_join(pair) and standing.has_room(pair.offer_id):
        yield (pair,)
    for offer_id in standing.offers_of(pair.seeker_id):
        left = Pair(pair.seeker_id, offer_id)
        held = problem.candidate_rows[left]
        if table.worth[held] >= table.worth[row] or table.was_there[held] or left in problem.locked:
            continue
        if not standing.may_join(pair, offer_id):
            continue
        if standing.may_leave(left) and standing.has_room(pair.offer_id, offer_id):
            yield (pair,)
        yield from _swaps(table, standing, pair, left)


def _swaps(table: Table, standing: Standing, pair: Pair, left: Pair) -> Iterator[tuple[Pair, ...]]:
    """Who at `pair`'s offer would not mind to have `left`'s instead."""
    rows = table.problem.candidate_rows
    for mate in standing.seekers_at(pair.offer_id):
        given, got = Pair(mate, pair.offer_id), Pair(mate, left.offer_id)
        if given in table.problem.locked or table.was_there[rows[given]] or got not in rows:
            continue
        if table.worth[rows[got]] < table.worth[rows[given]]:
            continue
        standing.remove(left)
        standing.remove(given)
        fits = standing.may_join(pair) and standing.may_join(got)
        standing.add(left)
        standing.add(given)
        if fits:
            yield (pair, got)
