"""The score of a pair: fixed, declared arithmetic over three parts between 0 and 1.

score = 100 × (w_sector·sector + w_location·location + w_talent·talent). Nothing is learned. Source: PRODUCT
4.
"""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matching.errors import Fault, InvalidProblem
from matching.nouns import Part

if TYPE_CHECKING:
    from matching.nouns import Seeker
    from matching.reach import Floats

FULL_MARK_MINUTES = 10
AT_LIMIT = 0.2
DECIMALS = 9
_SUM_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Weights:
    """How heavily each part counts: at least 0, together 1; anything else is InvalidProblem.

    >>> Weights().sector
    0.45
    """

    sector: float = 0.45
    location: float = 0.25
    talent: float = 0.30

    def __post_init__(self) -> None:
        """Check the two promises."""
        values = (self.sector, self.location, self.talent)
        faults = [
            Fault("weights", name, "negative")
            for name, value in zip(self.__slots__, values, strict=True)
            if not value >= 0
        ]
        if not abs(math.fsum(values) - 1) <= _SUM_TOLERANCE:
            faults.append(Fault("weights", "sum", "not_1"))
        if faults:
            raise InvalidProblem(tuple(faults))

    def for_seeker(self, seeker: "Seeker") -> "Weights":
        """The weights when this seeker is silent about wishes or talents.

        The weight of a silent part goes to the parts that speak, in proportion; when these weigh nothing, in
        equal shares. Location always speaks, for a postcode is always known.
        """
        speaks = (bool(seeker.wishes), True, bool(seeker.tags))
        kept = [
            value if part else 0.0
            for value, part in zip((self.sector, self.location, self.talent), speaks, strict=True)
        ]
        total = math.fsum(kept)
        if total > 0:
            return Weights(*(value / total for value in kept))
        return Weights(*(1 / sum(speaks) if part else 0.0 for part in speaks))


def total(weights: "Floats", columns: "tuple[Floats, Floats, Floats]") -> "Floats":
    """The scores of a block: `weights` has a row per seeker, `columns` are sector, location and talent.

    Rounded to nine decimals, so that what is equal on paper is equal here and only the lottery decides.
    """
    sector, location, talent = (weights[:, part, None] * column for part, column in enumerate(columns))
    scores: Floats = (100.0 * (sector + location + talent)).round(DECIMALS)
    return scores


def parts_of(given: Weights, weights: Weights, values: tuple[float, ...]) -> tuple[Part, ...]:
    """The parts of one score in the order sector, location, talent: `given` are the programme's weights."""
    return tuple(
        Part(name, value, getattr(given, name), getattr(weights, name), 100 * getattr(weights, name) * value)
        for name, value in zip(Weights.__slots__, values, strict=True)
    )
