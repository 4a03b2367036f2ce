"""Answers to files: the columns of PRODUCT 6, with a fixed number of decimals."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from service.core.sheets import harmless, write_xlsx
from service.exchange.cells import SEPARATOR
from service.exchange.engine import Matches
from service.matchmaking.wording import cause_sentence

SCORE_DIGITS = 2
PART_DIGITS = 4
SUFFIXES = (".csv", ".xlsx")

MOST_LINES_OF_WORKBOOK = 1_048_575
"""Below the line of column names."""

Line = tuple[object, ...]


class Figure(str):
    """A number with as many decimals as it is written with."""

    __slots__ = ()


class TooManyLines(Exception):
    """A workbook has no room for so many; it would leave the rest out unseen."""


def match_lines(matches: Matches) -> Iterator[Line]:
    for one in matches.suggestions:
        yield (
            one.seeker_id,
            one.rank,
            one.offer_id,
            _rounded(one.score, SCORE_DIGITS),
            *(_rounded(part, PART_DIGITS) for part in (one.sector, one.location, one.talent)),
            one.minutes,
            SEPARATOR.join(one.codes),
        )


def gap_lines(matches: Matches) -> Iterator[Line]:
    for gap in matches.gaps:
        for cause in gap.causes:
            text = cause_sentence({"code": cause.code, "offers": cause.offers})
            yield gap.seeker_id, cause.code, cause.offers, text


def write_lines(path: Path, columns: Sequence[str], lines: Iterable[Line]) -> None:
    if path.suffix.lower() == ".xlsx":
        rows = ([_number(cell) for cell in line] for line in _fitting(lines))
        path.write_bytes(write_xlsx(path.stem, columns, rows))
    else:
        # As write_csv does, but a line at a time: there may be millions.
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
            writer.writerow([harmless(column) for column in columns])
            writer.writerows([harmless(cell) for cell in line] for line in lines)


def _fitting(lines: Iterable[Line]) -> Iterator[Line]:
    for number, line in enumerate(lines, 1):
        if number > MOST_LINES_OF_WORKBOOK:
            raise TooManyLines
        yield line


def _rounded(value: float, digits: int) -> Figure:
    return Figure(f"{value:.{digits}f}")


def _number(cell: object) -> object:
    """In a workbook a number is a number, so that it can be sorted and added up."""
    return float(cell) if isinstance(cell, Decimal | Figure) else cell
