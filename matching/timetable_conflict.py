"""Appointments that cannot all be met, though all but any one of them can: why a timetable is impossible.

Exact: a smallest set in the sense that leaving out any one makes the others fit, found by halving (Junker,
QuickXplain, 2004). Growth: one question whether appointments fit per member of the set and halving.
"""

from collections.abc import Callable

import numpy as np

from matching.timetable_grid import Nodes


def conflict(rows: Nodes, fits: Callable[[Nodes], bool]) -> Nodes:
    """The members of `rows` that stand in each other's way; all of `rows` together must not fit."""
    return np.sort(_explained(np.zeros(0, dtype=np.intp), rows, fits, is_new=False))


def _explained(held: Nodes, rows: Nodes, fits: Callable[[Nodes], bool], *, is_new: bool) -> Nodes:
    """What of `rows` contradicts together with `held`; `is_new`: `held` has not been asked about."""
    if is_new and not fits(held):
        return rows[:0]
    if len(rows) == 1:
        return rows
    one, other = rows[: len(rows) // 2], rows[len(rows) // 2 :]
    needed = _explained(np.append(held, one), other, fits, is_new=True)
    also = _explained(np.append(held, needed), one, fits, is_new=bool(len(needed)))
    return np.append(also, needed)
