"""Reads a postcode as people write it, and keeps only the four digits."""

import re

WRITTEN = re.compile(r"(?:NL[ -]?)?([1-9][0-9]{3})(?:[ -]?[A-Z]{2})?")


class NoPostcode(ValueError):
    """What was typed cannot be a Dutch postcode."""

    def __init__(self, typed: str) -> None:
        super().__init__(
            f"{typed.strip()!r} is not a Dutch postcode. Type four digits, the first from 1 to 9,"
            " with or without the two letters: 1068 or 1068 AB."
        )


def parse_pc4(typed: str) -> str:
    """The four digits; letters behind them are dropped, since nothing finer than PC4 is ever kept.

    >>> parse_pc4("NL-1068ab")
    '1068'
    """
    written = WRITTEN.fullmatch(" ".join(typed.split()).upper())
    if written is None:
        raise NoPostcode(typed)
    return written[1]
