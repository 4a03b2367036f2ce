"""Files to rows, with an account: rows in = rows used + rows refused, and every refusal has its reason."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from service.core.i18n import Message, _
from service.core.sheets import LongSheet, Sheet, SheetRow, UnreadableTable
from service.exchange.cells import BadCell
from service.exchange.columns import (
    APPOINTMENTS,
    LOCKS,
    MEETINGS,
    OFFERS,
    PREVIOUS,
    ROOMS,
    STANDS,
    VISITORS,
    YOUTHS,
    Layout,
)

Table = Sheet | LongSheet

EMPTY = _("This cell is empty. Fill it in.")
BEYOND = _("This line has more cells than there are columns. Perhaps a text holds a separator.")
WRONG_ORDER = _("The last day is before the first day.")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row was not used: its line in the file, the column, and what to do."""

    line: int
    column: str
    reason: Message


@dataclass(frozen=True, slots=True)
class Row:
    """A row that was read: only the cells that say something."""

    line: int
    values: Mapping[str, Any]


@dataclass(slots=True)
class Account:
    """What became of a file."""

    rows_in: int = 0
    used: list[Row] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    unknown_columns: tuple[str, ...] = ()
    allocation_columns: tuple[str, ...] = ()

    @property
    def rows_refused(self) -> int:
        return len({refusal.line for refusal in self.refusals})

    @property
    def rows_used(self) -> int:
        return self.rows_in - self.rows_refused

    def row(self, external_id: str) -> Row | None:
        """The usable row with this id."""
        return next((row for row in self.used if row.values["external_id"] == external_id), None)


def read_youths(sheet: Table) -> Account:
    return _read(sheet, YOUTHS)


def read_offers(sheet: Table) -> Account:
    account = _read(sheet, OFFERS)
    _refuse_differing_caps(account)
    return account


def read_locks(sheet: Table) -> Account:
    """Pairs of a youth and an offer; columns of an allocation beside these are no matter."""
    return _read(sheet, LOCKS)


def read_previous(sheet: Table) -> Account:
    """The same, but a youth may have no offer."""
    _check_required(sheet, LOCKS)
    return _read(sheet, PREVIOUS)


def read_appointments(sheet: Table) -> Account:
    return _read(sheet, APPOINTMENTS)


def read_stands(sheet: Table) -> Account:
    return _read(sheet, STANDS)


def read_visitors(sheet: Table) -> Account:
    """Youths on a day of meetings: when each is there."""
    return _read(sheet, VISITORS)


def read_rooms(sheet: Table) -> Account:
    return _read(sheet, ROOMS)


def read_meetings(sheet: Table) -> Account:
    """As a timetable is written, so that one can be given as what stays."""
    return _read(sheet, MEETINGS)


def stream_youths(sheet: LongSheet, account: Account) -> Iterator[Row]:
    """The usable rows one by one, so that half a million need not be held; the account is of the others."""
    return _stream(sheet, YOUTHS, account)


def _read(sheet: Table, layout: Layout) -> Account:
    account = Account()
    account.used = list(_stream(sheet, layout, account))
    return account


def _stream(sheet: Table, layout: Layout, account: Account) -> Iterator[Row]:
    _check_required(sheet, layout)
    filled = {*layout.required, *(name for name in layout.filled_if_there if name in sheet.columns)}
    account.unknown_columns = _unknown_columns(sheet, layout)
    account.allocation_columns = tuple(name for name in layout.of_allocation if name in sheet.columns)
    lines = _lines_by_id(sheet)
    for row in sheet.rows:
        account.rows_in += 1
        refusals = [*_beyond(row, sheet), *_duplicates(row, lines)]
        values = dict(_values(row, layout, filled, refusals))
        refusals += _order(row, values)
        if refusals:
            account.refusals += refusals
        else:
            yield Row(row.line, values)


def _check_required(sheet: Table, layout: Layout) -> None:
    missing = [column for column in layout.required if column not in sheet.columns]
    if missing:
        raise UnreadableTable(_("These columns must be there too: %(columns)s.", columns=", ".join(missing)))


def _unknown_columns(sheet: Table, layout: Layout) -> tuple[str, ...]:
    """In the order of the file; one without a name is called by its place."""
    return tuple(
        column or f"({place})"
        for place, column in enumerate(sheet.columns, 1)
        if column not in layout.columns
    )


def _lines_by_id(sheet: Table) -> Mapping[str, list[int]]:
    lines: dict[str, list[int]] = defaultdict(list)
    for row in sheet.rows:
        lines[row.get("external_id")].append(row.line)
    return lines


def _values(
    row: SheetRow, layout: Layout, filled: set[str], refusals: list[Refusal]
) -> Iterator[tuple[str, Any]]:
    for column, read in layout.columns.items():
        cell = row.get(column)
        try:
            if cell:
                yield column, read(cell)
            elif column in filled:
                raise BadCell(EMPTY)
        except BadCell as error:
            refusals.append(Refusal(row.line, column, error.sentence))


def _beyond(row: SheetRow, sheet: Table) -> Iterator[Refusal]:
    if row.get(""):
        yield Refusal(row.line, f"({len(sheet.columns) + 1})", BEYOND)


def _duplicates(row: SheetRow, lines: Mapping[str, list[int]]) -> Iterator[Refusal]:
    """Of rows with one id none is used: which is the right one, nobody can tell, and no order decides."""
    external_id = row.get("external_id")
    same = lines[external_id]
    if external_id and len(same) > 1:
        other = next(line for line in same if line != row.line)
        reason = _(
            "«%(cell)s» is on line %(line)s too. Each row needs an id of its own.",
            cell=external_id,
            line=other,
        )
        yield Refusal(row.line, "external_id", reason)


def _order(row: SheetRow, values: Mapping[str, Any]) -> Iterator[Refusal]:
    if "from" in values and "until" in values and values["until"] < values["from"]:
        yield Refusal(row.line, "until", WRONG_ORDER)


def _refuse_differing_caps(account: Account) -> None:
    """An organisation has one cap: where rows say different ones, nobody can tell which holds."""
    caps: dict[str, dict[int, int]] = defaultdict(dict)
    for row in account.used:
        if "host_cap" in row.values:
            caps[row.values["organisation"]].setdefault(row.values["host_cap"], row.line)
    differing = {name: lines for name, lines in caps.items() if len(lines) > 1}
    if not differing:
        return
    refused = [row for row in account.used if row.values["organisation"] in differing]
    account.used = [row for row in account.used if row.values["organisation"] not in differing]
    for row in refused:
        (cap, line), (other, other_line) = sorted(differing[row.values["organisation"]].items())[:2]
        reason = _(
            "An organisation has one cap, and here it is %(cap)s on line %(line)s and %(other)s on line"
            " %(other_line)s. Write the same in each of its rows, or in one.",
            cap=cap,
            line=line,
            other=other,
            other_line=other_line,
        )
        account.refusals.append(Refusal(row.line, "host_cap", reason))
    account.refusals.sort(key=lambda refusal: refusal.line)
