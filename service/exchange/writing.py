"""Answers to files: the columns of PRODUCT 6, with a fixed number of decimals."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from service.core.sheets import write_csv, write_xlsx
from service.exchange.cells import SEPARATOR
from service.exchange.engine import Answer
from service.matchmaking.wording import cause_sentence

SCORE_DIGITS = 2
PART_DIGITS = 4
SUFFIXES = (".csv", ".xlsx")

Line = tuple[object, ...]


def match_lines(answer: Answer) -> Iterator[Line]:
    for one in answer.suggestions:
        yield (
            one.seeker_id,
            one.rank,
            one.offer_id,
            _rounded(one.score, SCORE_DIGITS),
            *(_rounded(part, PART_DIGITS) for part in (one.sector, one.location, one.talent)),
            one.minutes,
            SEPARATOR.join(reason.code for reason in one.reasons),
        )


def gap_lines(answer: Answer) -> Iterator[Line]:
    for gap in answer.gaps:
        for cause in gap.causes:
            text = cause_sentence({"code": cause.code, "offers": cause.offers})
            yield gap.seeker_id, cause.code, cause.offers, text


def write_lines(path: Path, columns: Sequence[str], lines: Iterable[Line]) -> None:
    if path.suffix.lower() == ".xlsx":
        path.write_bytes(write_xlsx(path.stem, columns, ([_number(cell) for cell in line] for line in lines)))
    else:
        path.write_bytes(write_csv(columns, lines))


def _rounded(value: float, digits: int) -> Decimal:
    return Decimal(f"{value:.{digits}f}")


def _number(cell: object) -> object:
    """In a workbook a number is a number, so that it can be sorted and added up."""
    return float(cell) if isinstance(cell, Decimal) else cell
