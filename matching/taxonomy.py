"""The tree of sectors: how alike a wish and an offer are, in four steps.

The same word 1.0, the same sector 0.8, a neighbouring sector (one chamber) 0.4, else 0. Source: PRODUCT 4.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from matching.nouns import Offer, Sector, Tag

SAME_WORD = 1.0
SAME_SECTOR = 0.8
NEIGHBOUR = 0.4
# What a wish is worth by its rank: the first fully, the fifth half.
RANK_WORTH = (1.00, 0.85, 0.70, 0.60, 0.50)


class Tie(StrEnum):
    """How a wish and an offer hang together."""

    WORD = "word"
    SECTOR = "sector"
    NEIGHBOUR = "neighbour"
    NONE = "none"


class Likeness(NamedTuple):
    """How alike, by which tie, and the offer's sector that makes it so (None for a word)."""

    value: float
    tie: Tie
    sector: str | None


class Taxonomy:
    """Sectors and tags, ready to compare wishes with offers."""

    def __init__(self, sectors: Mapping[str, Sector], tags: Mapping[str, Tag]) -> None:
        """Keep what is needed; nothing is copied."""
        self._sectors = sectors
        self._tags = tags

    def sector_of(self, code: str) -> str | None:
        """The sector a wish belongs to: its own code, or that of its tag; a talent may have none."""
        return code if code in self._sectors else self._tags[code].sector

    def sectors_of(self, offer: Offer) -> tuple[str, ...]:
        """The offer's sectors as its maker gave them, main one first; else those of its tags, by code."""
        if offer.sectors:
            return offer.sectors
        return tuple(sorted({sector for tag in offer.tags if (sector := self._tags[tag].sector) is not None}))

    def between(self, one: str, other: str) -> float:
        """How alike two sectors are."""
        if one == other:
            return SAME_SECTOR
        return NEIGHBOUR if self._sectors[one].chamber == self._sectors[other].chamber else 0.0

    def likeness(self, wish: str, offer: Offer) -> Likeness:
        """How alike a wish and an offer are, by the best tie they have."""
        if wish in offer.tags:
            return Likeness(SAME_WORD, Tie.WORD, None)
        wished = self.sector_of(wish)
        best = Likeness(0.0, Tie.NONE, None)
        if wished is None:
            return best
        for sector in self.sectors_of(offer):
            value = self.between(wished, sector)
            if value > best.value:
                best = Likeness(value, Tie.SECTOR if value == SAME_SECTOR else Tie.NEIGHBOUR, sector)
        return best
