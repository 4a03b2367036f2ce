"""The general ways to find the best 20 of each youth: every one of them does a part of what Podium does.

numpy goes through all pairs with sector, distance and words, and no rule. The sparse products know sectors
and words alone, which one product can add up: no place, no rule, so nobody could use their lists.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from service.reference.catalogue import catalogue

TOP = 20
SECTOR, LOCATION, TALENT = 0.45, 0.25, 0.30
RANK_WORTH = (1.00, 0.85, 0.70, 0.60, 0.50)
SAME_SECTOR, NEIGHBOUR = 0.8, 0.4
KILOMETRES_PER_DEGREE = 111.2
MIDDLE_OF_THE_COUNTRY = 52.2
NEAR_KILOMETRES, FAR_KILOMETRES, WORTH_WHEN_FAR = 2.0, 12.0, 0.2
YOUTHS_AT_ONCE = 32

Floats = NDArray[np.float32]
Columns = NDArray[np.integer]
Rows = Sequence[Mapping[str, Any]]
Best = Callable[[int], Sequence[Columns]]
"""The columns of the best, for the first so many youths."""


@dataclass(frozen=True)
class Field:
    """Youths and offers as numbers: words by how rare they are, sectors, and places in kilometres."""

    wishes: NDArray[np.intp]
    own_words: csr_matrix
    their_words: csr_matrix
    own_sectors: csr_matrix
    their_sectors: csr_matrix
    homes: Floats
    works: Floats


def field_of(youths: Rows, offers: Rows) -> Field:
    sectors = {code: number for number, code in enumerate(catalogue().sectors)}
    words = {code: number for number, code in enumerate(catalogue().tags)}
    # One more than there are: the sector of a wish that is not there.
    wishes = np.full((len(youths), len(RANK_WORTH)), len(sectors), dtype=np.intp)
    for number, row in enumerate(youths):
        of_wishes = [sectors.get(_sector_of(wish) or "", len(sectors)) for wish in row.get("wishes", ())]
        wishes[number, : len(of_wishes)] = of_wishes[: len(RANK_WORTH)]
    between = _between_sectors()
    parts = [np.float32(worth) * between[wishes[:, rank]] for rank, worth in enumerate(RANK_WORTH)]
    own_words, their_words = (
        _ones([[words[code] for code in row.get("tags", ())] for row in side], len(words))
        for side in (youths, offers)
    )
    rarity = np.log((1 + len(offers)) / (1 + their_words.sum(axis=0).A1)) + 1
    return Field(
        wishes=wishes,
        own_words=_of_length_1(own_words, rarity),
        their_words=_of_length_1(their_words, rarity),
        own_sectors=csr_matrix(np.max(parts, axis=0)),
        their_sectors=_ones(
            [[sectors[code] for code in row.get("sectors", ())] for row in offers], len(sectors)
        ),
        homes=_points(youths),
        works=_points(offers),
    )


def numpy_best(field: Field) -> Best:
    """Brute force, some youths at a time."""
    between, offered = _between_sectors(), field.their_sectors.toarray()
    likeness = np.array([(offered * row).max(axis=1) for row in between])
    their_words = field.their_words.toarray().T.copy()

    def block(rows: slice) -> Columns:
        parts = [
            np.float32(worth) * likeness[field.wishes[rows, rank]] for rank, worth in enumerate(RANK_WORTH)
        ]
        apart = field.homes[rows, None, :] - field.works[None, :, :]
        kilometres = np.sqrt(np.einsum("ijk,ijk->ij", apart, apart))
        fall = (1 - WORTH_WHEN_FAR) / (FAR_KILOMETRES - NEAR_KILOMETRES)
        location = np.clip(1 - fall * (kilometres - NEAR_KILOMETRES), WORTH_WHEN_FAR, 1)
        talent = field.own_words[rows].toarray() @ their_words
        score = SECTOR * np.max(parts, axis=0) + LOCATION * location + TALENT * talent
        score[kilometres > FAR_KILOMETRES] = -1
        top = min(TOP, score.shape[1])
        found = np.argpartition(-score, top - 1, axis=1)[:, :top]
        order = np.argsort(-np.take_along_axis(score, found, axis=1), axis=1)
        columns: Columns = np.take_along_axis(found, order, axis=1)
        return columns

    return lambda youths: [columns for rows in _blocks(youths) for columns in block(rows)]


def scipy_best(field: Field) -> Best:
    """A sparse product, some youths at a time, and of each row the best."""
    own, theirs = _features(field)

    def best(youths: int) -> list[Columns]:
        found: list[Columns] = []
        for rows in _blocks(youths):
            product = own[rows] @ theirs
            for row in range(product.shape[0]):
                stretch = slice(product.indptr[row], product.indptr[row + 1])
                scores, columns = product.data[stretch], product.indices[stretch]
                if len(scores) > TOP:
                    kept = np.argpartition(-scores, TOP)[:TOP]
                    scores, columns = scores[kept], columns[kept]
                found.append(columns[np.argsort(-scores)])
        return found

    return best


def has_sparse_dot_topn() -> bool:
    """It comes with the extra `bench`."""
    return find_spec("sparse_dot_topn") is not None


def sparse_dot_topn_best(field: Field, cores: int) -> Best:
    """The same product on all cores, by the library that is made for it."""
    own, theirs = _features(field)
    multiply = import_module("sparse_dot_topn").sp_matmul_topn

    def best(youths: int) -> list[Columns]:
        product = multiply(own[:youths], theirs, top_n=TOP, sort=True, n_threads=cores)
        return np.split(product.indices, product.indptr[1:-1])

    return best


def _blocks(youths: int) -> list[slice]:
    return [slice(first, min(first + YOUTHS_AT_ONCE, youths)) for first in range(0, youths, YOUTHS_AT_ONCE)]


def _features(field: Field) -> tuple[csr_matrix, csr_matrix]:
    """Sectors and words side by side, so that one product weighs both; offers lie in columns."""
    own = hstack([SECTOR * field.own_sectors, TALENT * field.own_words], format="csr", dtype=np.float32)
    theirs = hstack([field.their_sectors, field.their_words], format="csr", dtype=np.float32)
    return own, csr_matrix(theirs.T)


def _between_sectors() -> Floats:
    """How alike two sectors are; the last row is that of no sector."""
    chambers = [sector.chamber for sector in catalogue().sectors.values()]
    between = np.zeros((len(chambers) + 1, len(chambers)), dtype=np.float32)
    for number, chamber in enumerate(chambers):
        between[number] = [NEIGHBOUR * (chamber == other) for other in chambers]
        between[number, number] = SAME_SECTOR
    return between


def _sector_of(wish: str) -> str | None:
    known = catalogue()
    return wish if wish in known.sectors else known.tags[wish].sector


def _of_length_1(words: csr_matrix, rarity: NDArray[np.float64]) -> csr_matrix:
    """Rare words weigh more, and many words not more than few."""
    weighted = words.multiply(rarity.astype(np.float32)).tocsr()
    lengths = np.sqrt(weighted.multiply(weighted).sum(axis=1).A1)
    weighted.data /= np.repeat(lengths, np.diff(weighted.indptr))
    return weighted


def _ones(columns: Sequence[Sequence[int]], width: int) -> csr_matrix:
    bounds = np.cumsum([0, *(len(row) for row in columns)])
    flat = np.array([column for row in columns for column in row], dtype=np.int32)
    return csr_matrix((np.ones(len(flat), dtype=np.float32), flat, bounds), shape=(len(columns), width))


def _points(rows: Rows) -> Floats:
    """In kilometres north and east; flat, which is near enough for who must only be quick."""
    postcodes = catalogue().postcodes
    scale = np.array([1, np.cos(np.radians(MIDDLE_OF_THE_COUNTRY))]) * KILOMETRES_PER_DEGREE
    places = [postcodes[row["pc4"]] for row in rows]
    points = np.array([(place.latitude, place.longitude) for place in places]).reshape(len(places), 2)
    return (points * scale).astype(np.float32)
