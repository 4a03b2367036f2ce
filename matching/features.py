"""What can be said of pairs: three named columns between 0 and 1 (sector, location, talent) in arrays.

Exact. The talent column is the cosine of canonical tags that weigh what `rarity` says. Memory: three floats
per pair of a block.
"""

import numpy as np
from numpy.typing import NDArray

from matching.nouns import WISHES_THAT_COUNT
from matching.problem import Problem
from matching.rarity import Rarity
from matching.reach import Floats, Minutes, Rows
from matching.scoring import AT_LIMIT, FULL_MARK_MINUTES
from matching.taxonomy import RANK_WORTH, SAME_WORD, Taxonomy


class Features:
    """The columns of a problem, prepared for blocks of seekers."""

    def __init__(self, problem: Problem, rarity: Rarity | None = None) -> None:
        """Lay out how alike each wish and each offer are; `rarity` is fitted on the offers unless given."""
        self.taxonomy = Taxonomy(problem.sectors, problem.tags)
        self._likeness, self._wishes = _wish_table(problem, self.taxonomy)
        self._rarity = rarity or Rarity(problem.tags, [offer.tags for offer in problem.offers])
        self._own = self._rarity.unit_rows([seeker.tags for seeker in problem.seekers])
        self._theirs = self._rarity.unit_rows([offer.tags for offer in problem.offers])

    def sector(self, rows: Rows, columns: Rows | None = None) -> Floats:
        """The best, over the ranked wishes, of the rank's worth times the likeness.

        `columns` are the offers that are asked for, by default all.
        """
        likeness = self._likeness if columns is None else self._likeness[:, columns]
        best = np.zeros((len(rows), likeness.shape[1]))
        for rank, worth in enumerate(RANK_WORTH):
            np.maximum(best, worth * likeness[self._wishes[rows, rank]], out=best)
        return best

    def talent(self, rows: Rows, columns: Rows | None = None) -> Floats:
        """The cosine of the tags of both sides; 0 when one has none. `columns` as in `sector`."""
        theirs = self._theirs if columns is None else self._theirs[columns]
        cosine: Floats = (self._own[rows] @ theirs.T).toarray()
        # Two equal sets can come out as 1.0000000000000002.
        return np.minimum(cosine, 1.0)

    def location(self, minutes: Minutes, limit: NDArray[np.int16]) -> Floats:
        """1 up to ten minutes, then straight down to 0.2 at the limit, and 0.2 in the tolerance behind it."""
        span = np.maximum(limit.astype(np.float64) - FULL_MARK_MINUTES, 1.0)[:, None]
        fallen = 1.0 - (1.0 - AT_LIMIT) * (minutes - FULL_MARK_MINUTES) / span
        return np.where(minutes <= FULL_MARK_MINUTES, 1.0, np.maximum(fallen, AT_LIMIT))

    def weight(self, tag: str) -> float:
        """The inverse document frequency of a tag."""
        return self._rarity.weight(tag)

    def rarest_first(self, tags: frozenset[str]) -> tuple[str, ...]:
        """Tags by how much they say: those few offers have come first, equals by code."""
        return tuple(sorted(tags, key=lambda code: (-self.weight(code), code)))


def _wish_table(problem: Problem, taxonomy: Taxonomy) -> tuple[Floats, Rows]:
    """How alike each wish (rows; row 0 for none) and each offer are, and the rows of each seeker's wishes."""
    codes = sorted({wish for seeker in problem.seekers for wish in seeker.wishes[:WISHES_THAT_COUNT]})
    row_of = {code: row for row, code in enumerate(codes, start=1)}
    by_sector = {sector: _sector_row(sector, problem, taxonomy) for sector in problem.sectors}
    likeness = np.zeros((len(codes) + 1, len(problem.offers)))
    for code, row in row_of.items():
        sector = taxonomy.sector_of(code)
        if sector is not None:
            likeness[row] = by_sector[sector]
    for column, offer in enumerate(problem.offers):
        for code in offer.tags & row_of.keys():
            likeness[row_of[code], column] = SAME_WORD
    wishes = np.zeros((len(problem.seekers), WISHES_THAT_COUNT), dtype=np.intp)
    for number, seeker in enumerate(problem.seekers):
        for rank, wish in enumerate(seeker.wishes[:WISHES_THAT_COUNT]):
            wishes[number, rank] = row_of[wish]
    return likeness, wishes


def _sector_row(sector: str, problem: Problem, taxonomy: Taxonomy) -> Floats:
    return np.array(
        [
            max((taxonomy.between(sector, theirs) for theirs in taxonomy.sectors_of(offer)), default=0.0)
            for offer in problem.offers
        ],
        dtype=np.float64,
    )
