"""Reads lists of free days as schools and the ministry give them: .ics, CSV or a sheet; no database here."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar
from icalendar.error import InvalidCalendar

from service.core.errors import Invalid
from service.core.i18n import Message, _
from service.core.sheets import Sheet, SheetRow, read_table, write_csv

LONGEST_NAME = 80
LARGEST_BYTES = 2_000_000
MOST_PERIODS = 1_000
MOST_PARTS = 10_000
"""Events, alarms and time zones in one calendar: more than a school plans in years."""
MOST_LINES = 25_000
"""Of what is asked for: five of each event, of as many events as a school writes down in years."""
LONGEST_LINE = 500
FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST_DAYS = 70
"""Summer takes six weeks: what is longer is a school year or a mistake."""
NAMED = ("name", "naam", "vakantie", "holiday", "omschrijving", "summary", "titel", "title")
FROM = (
    "from", "van", "vanaf", "begin", "start", "startdatum", "begindatum", "start_date", "eerste_dag",
    "first_day", "datum", "date", "dag", "day",
)  # fmt: skip
UNTIL = (
    "until", "tot", "t/m", "t_m", "tm", "tot_en_met", "tot_met", "eind", "einde", "einddatum", "end",
    "end_date", "to", "laatste_dag", "last_day",
)  # fmt: skip
COLUMNS = dict.fromkeys(NAMED, "name") | dict.fromkeys(FROM, "from") | dict.fromkeys(UNTIL, "until")
"""What a column means, by its name as read_table gives it; the last day is free too, also after «tot»."""
# A school's calendar also holds tests and trips: only what says that nobody has lessons counts.
FREE_WORDS = re.compile(
    r"vakantie|vrij|studiedag|margedag|pasen|paasdag|hemelvaart|pinkster|koningsdag|bevrijdingsdag|kerst"
    r"|nieuwjaar|carnaval|holiday|day off|no lessons|geen les",
    re.IGNORECASE,
)
# What a calendar says besides, from attachments to guests, is not even read.
ASKED_LINE = re.compile(
    rb"(?:BEGIN|END|VERSION|PRODID|SUMMARY|DTSTART|DTEND|DURATION|RRULE|RDATE)[;:]", re.IGNORECASE
)
FOLD = re.compile(rb"\r?\n[ \t]")
# Whole days have none; looking up names that do not exist takes longer than all the rest.
ZONE = re.compile(rb';TZID=(?:"[^"]*"|[^:;]*)', re.IGNORECASE)
DUTCH_DATE = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
TOO_LARGE = _("This file is larger than 2 MB. Send it in parts.")
TOO_MANY = _("There is too much in this file. Send it in parts.")
NOT_A_CALENDAR = _("This is not a calendar we can read. Choose an .ics file, a CSV file or an Excel file.")
NOTHING_FREE = _("There are no free days in this file.")
BAD_DAY = _("Write a day as 2027-02-20 or 20-02-2027.")
NO_NAME = _("The name is missing.")
WRONG_ORDER = _("The last day comes before the first.")
TOO_LONG = _("This is longer than ten weeks.")
NO_LAST_DAY = _("The last day is missing. For one day, write the same day twice.")
TOO_MANY_CELLS = _("There is more in this line than there are columns.")
NEEDS_COLUMNS = _("The columns «name», «from» and «until» are needed; without «until» each line is one day.")
UNKNOWN_COLUMN = _(
    "The column «%(column)s» is not known. Call the columns name, from and until; remove others."
)
SAME_COLUMN = _("The columns «%(one)s» and «%(other)s» say the same. Keep one of the two.")


@dataclass(frozen=True, slots=True)
class Listed:
    name: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What was not taken over: the line or the name, and why."""

    what: str
    why: Message


@dataclass(frozen=True, slots=True)
class FreeList:
    """Everything in the file: free days, and what is none with the reason."""

    periods: tuple[Listed, ...]
    left_out: tuple[LeftOut, ...] = ()
    """Of a calendar, which holds much else and which a school cannot mend by hand."""
    wrong: tuple[LeftOut, ...] = ()
    """Lines of a table: each is meant as a free day, so all have to be right before one of them counts."""


def read_free_days(name: str, content: bytes) -> FreeList:
    """Raises Invalid when the file as a whole is not what was asked for."""
    if len(content) > LARGEST_BYTES:
        raise Invalid({"file": TOO_LARGE})
    is_calendar = b"BEGIN:VCALENDAR" in content[:1000].upper()
    found = list(_from_calendar(content) if is_calendar else _from_table(name, content))
    periods = sorted(
        {one for one in found if isinstance(one, Listed)}, key=lambda one: (one.starts_on, one.name)
    )
    others = tuple(one for one in found if isinstance(one, LeftOut))
    if len(periods) > MOST_PERIODS:
        raise Invalid({"file": TOO_MANY})
    if not is_calendar and others:
        return FreeList(tuple(periods), wrong=others)
    if not periods:
        raise Invalid({"file": NOTHING_FREE})
    return FreeList(tuple(periods), left_out=others)


def written(periods: Iterable[Listed]) -> str:
    """As a table that is read back as the same days."""
    rows = [(one.name, one.starts_on.isoformat(), one.ends_on.isoformat()) for one in periods]
    return write_csv(("name", "from", "until"), rows).decode("utf-8-sig")


def _asked_lines(content: bytes) -> Iterator[bytes]:
    """Without time zones: whole days know none, and a wrong one would spoil the whole file."""
    is_zone = False
    for line in FOLD.sub(b"", content).splitlines():
        mark = line.strip().upper()
        if mark in {b"BEGIN:VTIMEZONE", b"END:VTIMEZONE"}:
            is_zone = mark.startswith(b"BEGIN")
        elif not is_zone and ASKED_LINE.match(line):
            yield ZONE.sub(b"", line[:LONGEST_LINE])


def _from_calendar(content: bytes) -> Iterator[Listed | LeftOut]:
    asked = list(_asked_lines(content))
    if len(asked) > MOST_LINES or sum(line[:6].upper() == b"BEGIN:" for line in asked) > MOST_PARTS:
        raise Invalid({"file": TOO_MANY})
    try:
        events = Calendar.from_ical(b"\r\n".join(asked)).events
    except (ValueError, IndexError, KeyError) as error:
        raise Invalid({"file": NOT_A_CALENDAR}) from error
    for event in events:
        name = _tidy(str(event.get("SUMMARY", "")))
        try:
            yield _of_event(name, event.start, event.end, repeats="RRULE" in event or "RDATE" in event)
        except (InvalidCalendar, ValueError, TypeError, AttributeError, OverflowError):
            yield LeftOut(name, BAD_DAY)


def _of_event(name: str, start: date, end: date, *, repeats: bool) -> Listed | LeftOut:
    if not FREE_WORDS.search(name):
        return LeftOut(name, _("The name does not say that it is a free day."))
    if repeats:
        return LeftOut(name, _("It repeats. Give each day by itself."))
    if isinstance(start, datetime) or isinstance(end, datetime):
        return LeftOut(name, _("It has a time, so it is not a whole day."))
    # In a calendar the end is the first day after it.
    return _checked(name, name, start, max(start, end - timedelta(days=1)))


def _from_table(name: str, content: bytes) -> Iterator[Listed | LeftOut]:
    sheet = read_table(name, content)
    named = _columns_of(sheet)
    for row in sheet.rows:
        yield _of_row(row, {name: row.get(column) for name, column in named.items()})


def _columns_of(sheet: Sheet) -> dict[str, str]:
    """Nothing is passed over unseen: a last day that is not read makes one day of a holiday."""
    named: dict[str, str] = {}
    for column in filter(None, sheet.columns):
        name = COLUMNS.get(column)
        if name is None:
            raise Invalid({"file": Message(UNKNOWN_COLUMN.source, column=column)})
        if name in named:
            raise Invalid({"file": Message(SAME_COLUMN.source, one=named[name], other=column)})
        named[name] = column
    if not named.keys() >= {"name", "from"}:
        raise Invalid({"file": NEEDS_COLUMNS})
    return named


def _of_row(row: SheetRow, cells: dict[str, str]) -> Listed | LeftOut:
    """One day only when the table has no column for the last one."""
    what = str(row.line)
    if row.get(""):
        return LeftOut(what, TOO_MANY_CELLS)
    if "until" in cells and not cells["until"]:
        return LeftOut(what, NO_LAST_DAY)
    first = _day(cells["from"])
    last = _day(cells["until"]) if "until" in cells else first
    if first is None or last is None:
        return LeftOut(what, BAD_DAY)
    return _checked(what, _tidy(cells["name"]), first, last)


def _checked(what: str, name: str, first: date, last: date) -> Listed | LeftOut:
    if not name:
        return LeftOut(what, NO_NAME)
    if not is_of_this_time(first):
        return LeftOut(what, BAD_DAY)
    if last < first:
        return LeftOut(what, WRONG_ORDER)
    if (last - first).days >= LONGEST_DAYS:
        return LeftOut(what, TOO_LONG)
    return Listed(name, first, last)


def is_of_this_time(day: date) -> bool:
    """A year typed wrongly would otherwise stand in a list for ever."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def _day(text: str) -> date | None:
    dutch = DUTCH_DATE.fullmatch(text.strip())
    try:
        if dutch:
            return date(int(dutch[3]), int(dutch[2]), int(dutch[1]))
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def _tidy(text: str) -> str:
    return " ".join(text.split())[:LONGEST_NAME]
