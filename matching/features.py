"""What can be said of pairs: three named columns between 0 and 1 (sector, location, talent) in arrays.

Exact. The talent column is the TF-IDF cosine of canonical tags, fitted on the vocabulary and the offers only;
nothing is learned from anybody's decisions. Memory: three floats per pair of a block.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack
from sklearn.feature_extraction.text import TfidfTransformer

from matching.nouns import WISHES_THAT_COUNT
from matching.problem import Problem
from matching.reach import Floats, Minutes, Rows
from matching.scoring import AT_LIMIT, FULL_MARK_MINUTES
from matching.taxonomy import RANK_WORTH, SAME_WORD, Taxonomy


class Features:
    """The columns of a problem, prepared for blocks of seekers."""

    def __init__(self, problem: Problem) -> None:
        """Fit the weights of the tags and lay out how alike each wish and each offer are."""
        self.taxonomy = Taxonomy(problem.sectors, problem.tags)
        self._likeness, self._wishes = _wish_table(problem, self.taxonomy)
        self._column_of = {code: column for column, code in enumerate(problem.tags)}
        own = self._tag_rows([seeker.tags for seeker in problem.seekers])
        theirs = self._tag_rows([offer.tags for offer in problem.offers])
        words = self._tag_rows([frozenset((code,)) for code in problem.tags])
        self._idf: dict[str, float] = {}
        self._own, self._theirs = own, theirs
        if problem.tags:
            transformer = TfidfTransformer()
            transformer.fit(vstack([words, theirs], format="csr"))
            self._idf = dict(zip(problem.tags, transformer.idf_.tolist(), strict=True))
            self._own, self._theirs = _unit_rows(own, transformer), _unit_rows(theirs, transformer)

    def sector(self, rows: Rows) -> Floats:
        """The best, over the ranked wishes, of the rank's worth times the likeness."""
        best = np.zeros((len(rows), self._likeness.shape[1]))
        for rank, worth in enumerate(RANK_WORTH):
            np.maximum(best, worth * self._likeness[self._wishes[rows, rank]], out=best)
        return best

    def talent(self, rows: Rows) -> Floats:
        """The cosine of the tags of both sides; 0 when one has none."""
        cosine: Floats = (self._own[rows] @ self._theirs.T).toarray()
        # Two equal sets can come out as 1.0000000000000002.
        return np.minimum(cosine, 1.0)

    def location(self, minutes: Minutes, limit: NDArray[np.int16]) -> Floats:
        """1 up to ten minutes, then straight down to 0.2 at the limit, and 0.2 in the tolerance behind it."""
        span = np.maximum(limit.astype(np.float64) - FULL_MARK_MINUTES, 1.0)[:, None]
        fallen = 1.0 - (1.0 - AT_LIMIT) * (minutes - FULL_MARK_MINUTES) / span
        return np.where(minutes <= FULL_MARK_MINUTES, 1.0, np.maximum(fallen, AT_LIMIT))

    def weight(self, tag: str) -> float:
        """The inverse document frequency of a tag."""
        return self._idf[tag]

    def rarest_first(self, tags: frozenset[str]) -> tuple[str, ...]:
        """Tags by how much they say: those few offers have come first, equals by code."""
        return tuple(sorted(tags, key=lambda code: (-self._idf[code], code)))

    def _tag_rows(self, sets: Sequence[frozenset[str]]) -> csr_array:
        lengths = np.cumsum([0, *(len(tags) for tags in sets)])
        columns = [column for tags in sets for column in sorted(self._column_of[code] for code in tags)]
        shape = (len(sets), len(self._column_of))
        return csr_array((np.ones(len(columns)), np.array(columns, dtype=np.int32), lengths), shape=shape)


def _unit_rows(rows: csr_array, transformer: TfidfTransformer) -> csr_array:
    # The transformer refuses a table without rows, which has nothing to transform anyway.
    return csr_array(transformer.transform(rows)) if rows.shape[0] else rows


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
