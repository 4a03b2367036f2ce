"""Tables in files: CSV and XLSX from bytes to rows of text with their line numbers, and back."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from io import BytesIO, StringIO
from itertools import islice

import xlsxwriter

from service.core import workbooks
from service.core.errors import Invalid, TooMany
from service.core.i18n import Message, _
from service.core.workbooks import Line

LARGEST_BYTES = 2_000_000
MOST_ROWS = 5_000
MOST_COLUMNS = 100

ZIP_START = b"PK\x03\x04"
OLD_EXCEL_START = b"\xd0\xcf\x11\xe0"
DELIMITERS = (";", "\t", ",")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
CSV_TYPE = "text/csv; charset=utf-8"
SAME_MOMENT = datetime(2000, 1, 1)  # noqa: DTZ001 the format knows no time zone
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

EMPTY = _("This file is empty. Choose a file with a first line of column names and a line per row.")
NO_ROWS = _("There is only a line of column names. Put at least one row below it.")
TOO_LARGE = _("This file is larger than 2 MB. Send it in parts.")
TOO_MANY_ROWS = _("This file has more than %(most)s rows. Send it in parts of at most %(most)s rows.")
TOO_MANY_COLUMNS = _("This file has more than %(most)s columns. Leave out what is not asked for.")
OLD_EXCEL = _("This is a file of an old Excel. Save it as .xlsx or as CSV, and choose it again.")
NOT_A_TABLE = _("This is not a table we can read. Save it as .xlsx or as CSV, and choose it again.")
LOCKED = _("This workbook has a password. Save it without one, and choose it again.")
OTHERS_ARE_READ = _("Many people send a workbook at this moment. Try again in half a minute.")
DOUBLE_COLUMN = _("The column «%(column)s» is there twice. Keep one of the two.")


class UnreadableTable(Invalid):
    """Nothing was read: the file as a whole is not what was asked for."""

    code = "unreadable_table"

    def __init__(self, sentence: Message) -> None:
        super().__init__({"file": sentence})
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its line in the file, counted as an editor or Excel does, and its cells by column name."""

    line: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its column names in the order of the file, tidy and in lower case."""

    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]


@dataclass(frozen=True, slots=True)
class LongSheet:
    """A table with more rows than one wants to hold: they are read anew each time they are gone through."""

    columns: tuple[str, ...]
    lines: Callable[[], Iterable[Line]]

    @property
    def rows(self) -> Iterator[SheetRow]:
        filled = _filled(self.lines())
        next(filled)
        return (_row(number, self.columns, cells) for number, cells in filled)


def read_table(
    filename: str,
    content: bytes,
    *,
    most_rows: int | None = MOST_ROWS,
    most_bytes: int | None = LARGEST_BYTES,
) -> Sheet:
    """The rows that say something; the kind of file follows from its content, never from its name.

    Raises UnreadableTable for a file that is empty, too large or no table; stops reading after `most_rows`.
    `filename` only tells a text with tabs in it from one without.
    """
    if most_bytes is not None and len(content) > most_bytes:
        raise UnreadableTable(TOO_LARGE)
    return _sheet(_lines(filename, content, most_rows)(), most_rows)


def open_table(filename: str, content: bytes) -> LongSheet:
    """The same without limits, for files on one's own machine."""
    lines = _lines(filename, content, None)
    filled = _filled(lines())
    columns = _columns(filled)
    if next(filled, None) is None:
        raise UnreadableTable(NO_ROWS)
    return LongSheet(columns, lines)


def decoded(content: bytes) -> str:
    """A byte order mark decides; else UTF-8 if possible, else Windows: guessing calls Dutch Macedonian."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\0" in text:
        raise UnreadableTable(NOT_A_TABLE)
    return text


def column_name(cell: str) -> str:
    """As «first_name» for «First name »: case, blanks and dashes make no other column."""
    return "_".join(cell.strip().lower().replace("-", " ").replace("_", " ").split())


def _lines(filename: str, content: bytes, most_rows: int | None) -> Callable[[], Iterable[Line]]:
    if content.startswith(OLD_EXCEL_START):
        raise UnreadableTable(OLD_EXCEL)
    if content.startswith(ZIP_START):
        return partial(_lines_of_workbook, content, most_rows)
    return partial(_lines_of_text, decoded(content), filename)


def _filled(lines: Iterable[Line]) -> Iterator[Line]:
    return ((number, cells) for number, cells in lines if any(cell.strip() for cell in cells))


def _columns(filled: Iterator[Line]) -> tuple[str, ...]:
    head = next(filled, None)
    if head is None:
        raise UnreadableTable(EMPTY)
    columns = tuple(column_name(cell) for cell in head[1])
    while columns and not columns[-1]:
        columns = columns[:-1]
    _check_columns(columns)
    return columns


def _sheet(lines: Iterable[Line], most_rows: int | None) -> Sheet:
    filled = _filled(lines)
    columns = _columns(filled)
    wanted = None if most_rows is None else most_rows + 1
    rows = tuple(_row(number, columns, cells) for number, cells in islice(filled, wanted))
    if most_rows is not None and len(rows) > most_rows:
        raise UnreadableTable(Message(TOO_MANY_ROWS.source, most=most_rows))
    if not rows:
        raise UnreadableTable(NO_ROWS)
    return Sheet(columns, rows)


def _check_columns(columns: Sequence[str]) -> None:
    if len(columns) > MOST_COLUMNS:
        raise UnreadableTable(Message(TOO_MANY_COLUMNS.source, most=MOST_COLUMNS))
    named = [column for column in columns if column]
    double = next((column for column in named if named.count(column) > 1), None)
    if double is not None:
        raise UnreadableTable(Message(DOUBLE_COLUMN.source, column=double))


def _row(number: int, columns: Sequence[str], cells: Sequence[str]) -> SheetRow:
    """Cells beyond the last column keep a name of their own, so that nothing is lost unseen."""
    named = {column: _tidy(cell) for column, cell in zip(columns, cells, strict=False) if column}
    rest = [_tidy(cell) for cell in cells[len(columns) :]]
    if any(rest):
        named[""] = " ".join(cell for cell in rest if cell)
    return SheetRow(number, named)


def _tidy(cell: str) -> str:
    """Without blanks around, and without the apostrophe that made a formula harmless."""
    text = " ".join(cell.split())
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


def _lines_of_text(text: str, filename: str) -> Iterable[Line]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    counted = {delimiter: first.count(delimiter) for delimiter in DELIMITERS}
    delimiter = "\t" if filename.endswith(".tsv") else max(DELIMITERS, key=lambda mark: counted[mark])
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    start = 1
    try:
        for cells in reader:
            yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableTable(NOT_A_TABLE) from error


def _lines_of_workbook(content: bytes, most_rows: int | None) -> Iterable[Line]:
    try:
        if most_rows is None:
            return workbooks.read_here(content)
        # Two more than wanted: the line of column names, and the one that is too many.
        return workbooks.read_apart(content, most_rows + 2)
    except workbooks.IsBusy as error:
        raise TooMany(OTHERS_ARE_READ) from error
    except workbooks.IsLocked as error:
        raise UnreadableTable(LOCKED) from error
    except workbooks.TooLarge as error:
        raise UnreadableTable(TOO_LARGE) from error
    except workbooks.NotAWorkbook as error:
        raise UnreadableTable(NOT_A_TABLE) from error


def harmless(cell: object) -> str:
    """The text of a cell; what a spreadsheet would take for a formula gets an apostrophe in front."""
    text = "" if cell is None else str(cell)
    if isinstance(cell, int | float):
        return text
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[object]], *, delimiter: str = ";") -> bytes:
    """UTF-8 with a byte order mark, so that Excel reads the accents."""
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([harmless(column) for column in columns])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def write_xlsx(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """One sheet with its first line fixed; numbers stay numbers, everything else is text."""
    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        # Equal rows give equal bytes.
        book.set_properties({"created": SAME_MOMENT})
        sheet = book.add_worksheet(_sheet_name(title))
        sheet.write_row(0, 0, [harmless(column) for column in columns], book.add_format({"bold": True}))
        for number, row in enumerate(rows, 1):
            for position, cell in enumerate(row):
                if isinstance(cell, int | float) and not isinstance(cell, bool):
                    sheet.write_number(number, position, cell)
                else:
                    sheet.write_string(number, position, harmless(cell))
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return content.getvalue()


def _sheet_name(title: str) -> str:
    """What Excel allows: at most 31 letters, none of []:*?/\\, no apostrophe at an end."""
    kept = "".join(letter for letter in title if letter not in "[]:*?/\\")
    return kept[:31].strip("' ") or "Podium"
