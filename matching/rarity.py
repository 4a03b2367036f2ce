"""How much each tag says: the inverse document frequency, fitted on the vocabulary and the offers.

Exact: smoothed as in scikit-learn, which computes it. The documents are the words of the vocabulary, each
with that word alone, and the offers, each with its tags; nothing is learned from anybody's decisions. Linear
in the tags of the rows.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from scipy.sparse import csr_array, vstack
from sklearn.feature_extraction.text import TfidfTransformer


class Rarity:
    """The weights of the tags, fitted once; rows of tags as vectors of length 1."""

    def __init__(self, tags: Iterable[str], offers: Sequence[frozenset[str]]) -> None:
        """Fit on these words and on the tags of these offers."""
        self._column_of = {code: column for column, code in enumerate(sorted(tags))}
        self._idf: dict[str, float] = {}
        # The transformer refuses a table without columns, in which nothing can be said anyway.
        if self._column_of:
            words = self.rows([frozenset((code,)) for code in self._column_of])
            self._transformer = TfidfTransformer().fit(vstack([words, self.rows(offers)], format="csr"))
            self._idf = dict(zip(self._column_of, self._transformer.idf_.tolist(), strict=True))

    def weight(self, tag: str) -> float:
        """The inverse document frequency of a tag."""
        return self._idf[tag]

    def rows(self, sets: Sequence[frozenset[str]]) -> csr_array:
        """A row per set of tags, ones in the columns of its tags, in the order of their codes."""
        lengths = np.cumsum([0, *(len(tags) for tags in sets)])
        columns = [column for tags in sets for column in sorted(self._column_of[code] for code in tags)]
        shape = (len(sets), len(self._column_of))
        return csr_array((np.ones(len(columns)), np.array(columns, dtype=np.int32), lengths), shape=shape)

    def unit_rows(self, sets: Sequence[frozenset[str]]) -> csr_array:
        """The same with the weights in place of the ones, each row divided by its length."""
        rows = self.rows(sets)
        # As above, of rows.
        return csr_array(self._transformer.transform(rows)) if min(rows.shape) else rows
