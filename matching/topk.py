"""The exact best k per seeker: by score, then by lot, and spread over sectors for who has no wishes.

Exact, no pruning that could lose a pair. Linear in the pairs plus k·log k per seeker (all pairs for a spread
list).
"""

import numpy as np
from numpy.typing import NDArray

from matching.lottery import Lots
from matching.reach import Floats, Rows
from matching.screening import Flags


def best(allowed: Flags, scores: Floats, lots: Lots, top: int) -> Rows:
    """The columns of the best `top` allowed pairs of one seeker, best first."""
    columns = np.flatnonzero(allowed)
    if len(columns) > top:
        candidates = scores[columns]
        threshold = np.partition(candidates, len(candidates) - top)[len(candidates) - top]
        columns = columns[candidates >= threshold]
    return in_order(columns, scores, lots)[:top]


def spread(allowed: Flags, scores: Floats, lots: Lots, sectors: NDArray[np.intp], top: int) -> Rows:
    """The same for a seeker without wishes: the best of each sector, then the second of each, and so on.

    `sectors` has the number of the main sector per column. Within a round the order is that of `best`.
    """
    ordered = in_order(np.flatnonzero(allowed), scores, lots)
    seen: dict[int, int] = {}
    rounds = np.zeros(len(ordered), dtype=np.intp)
    for place, sector in enumerate(sectors[ordered].tolist()):
        rounds[place] = seen.get(sector, 0)
        seen[sector] = seen.get(sector, 0) + 1
    return ordered[np.argsort(rounds, kind="stable")][:top]


def in_order(columns: Rows, scores: Floats, lots: Lots) -> Rows:
    """Columns by falling score; equal scores by rising lot."""
    return columns[np.lexsort((lots[columns], -scores[columns]))]
