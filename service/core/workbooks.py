"""Workbooks of strangers: read in a process of its own, which may end instead of the one that serves pages.

The reader asks for room for every cell between the first and the last one of a sheet, and ends the whole
process when it does not get it: five kilobytes with one word in the last cell of the last row are enough.
"""

import json
import resource
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from enum import IntEnum
from io import BytesIO
from threading import BoundedSemaphore
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

MOST_MEMORY = 1_000_000_000
MOST_READERS = 2
"""Processes at once, for each may take so much memory; others wait for as long as one may read."""
MOST_SECONDS = 20
MOST_CELLS = 200
"""Of a row; what comes after is put together into one more, so that nothing is lost unseen."""
LARGEST_UNPACKED = 50_000_000
"""A workbook is a zip; what unpacks to more than this was made to break something."""
MOST_LETTERS = 5_000_000
"""Of all cells together: one long text may stand in every cell of a workbook that is itself small."""
LETTERS_OF_A_CELL = 10
"""What a filled cell counts for at least."""

Line = tuple[int, Sequence[str]]


class NotAWorkbook(Exception):
    """It cannot be read, or not within bounds."""


class TooLarge(NotAWorkbook):
    """It unpacks to more than anybody types."""


class IsLocked(NotAWorkbook):
    """It has a password."""


class IsBusy(NotAWorkbook):
    """Others are being read, and it was not its turn within bounds."""


class _Ended(IntEnum):
    WELL = 0
    TOO_LARGE = 2
    LOCKED = 3
    UNREADABLE = 4


_readers = BoundedSemaphore(MOST_READERS)


def read_apart(content: bytes, most_rows: int) -> list[Line]:
    """The first sheet, at most so many lines of it; raises NotAWorkbook."""
    _check_size(content)
    command = [sys.executable, "-m", __name__, str(most_rows)]
    if not _readers.acquire(timeout=MOST_SECONDS):
        raise IsBusy
    try:
        done = subprocess.run(  # noqa: S603 our own module, and a number
            command, input=content, capture_output=True, timeout=MOST_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise NotAWorkbook from error
    finally:
        _readers.release()
    if done.returncode == _Ended.TOO_LARGE:
        raise TooLarge
    if done.returncode == _Ended.LOCKED:
        raise IsLocked
    if done.returncode != _Ended.WELL:
        raise NotAWorkbook
    return [(number, cells) for number, cells in json.loads(done.stdout)]


def read_here(content: bytes) -> list[Line]:
    """The whole first sheet of a file of one's own."""
    _check_size(content)
    return _lines(content, None)


def _check_size(content: bytes) -> None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        # Also a version that nobody knows, and names that are no text.
        raise NotAWorkbook from error
    if unpacked > LARGEST_UNPACKED:
        raise TooLarge


def _lines(content: bytes, most_rows: int | None) -> list[Line]:
    try:
        sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
    except PasswordError as error:
        raise IsLocked from error
    except (CalamineError, IndexError) as error:
        raise NotAWorkbook from error
    # Calamine leaves out empty lines at the top; they count for whoever looks the line up in Excel.
    above = sheet.start[0] if sheet.start else 0
    rows = sheet.to_python(skip_empty_area=True, nrows=most_rows)
    return [(number, [_text(cell) for cell in row]) for number, row in enumerate(rows, above + 1)]


def _text(cell: Any) -> str:
    """What Excel would show: whole numbers without a point, days as 2027-02-12."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.isoformat("minutes")
    return str(cell)


def _short(cells: Sequence[str]) -> list[str]:
    rest = " ".join(cell for cell in cells[MOST_CELLS:] if cell)
    return [*cells[:MOST_CELLS], rest] if rest else list(cells[:MOST_CELLS])


def _within_bounds(lines: Iterable[Line]) -> Iterator[Line]:
    letters = 0
    for number, cells in lines:
        kept = _short(cells)
        letters += sum(max(len(cell), LETTERS_OF_A_CELL) for cell in kept if cell)
        if letters > MOST_LETTERS:
            raise TooLarge
        yield number, kept


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        lines = list(_within_bounds(_lines(sys.stdin.buffer.read(), int(sys.argv[1]))))
    except TooLarge:
        return _Ended.TOO_LARGE
    except IsLocked:
        return _Ended.LOCKED
    except NotAWorkbook:
        return _Ended.UNREADABLE
    sys.stdout.buffer.write(json.dumps(lines, ensure_ascii=False).encode())
    return _Ended.WELL


if __name__ == "__main__":
    sys.exit(main())
