"""Placements as entries for calendar programs (RFC 5545, 5546): when and where, and no name of a youth."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event, vCalAddress

from service.core.clock import AMSTERDAM

FRIDAY = 5
A_DAY = timedelta(days=1)
DAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a calendar shows of one placement, or of several at the same offer on the same days."""

    uid: str
    number: int
    """SEQUENCE: the entry with the highest one holds."""
    title: str
    text: str
    where: str
    first: date
    last: date
    weekdays: tuple[int, ...]
    starts_at: time | None
    ends_at: time | None
    days_off: frozenset[date] = frozenset()
    """Of the school, and those off for everybody."""

    @property
    def days(self) -> list[date]:
        """Those on which somebody comes; a period without weekdays means its working days.

        Days that lie in a holiday without exception were meant that way.
        """
        wanted = self.weekdays or tuple(range(1, FRIDAY + 1))
        agreed = [day for day in days_between(self.first, self.last) if day.isoweekday() in wanted]
        return [day for day in agreed if day not in self.days_off] or agreed or [self.first]


def days_between(first: date, last: date) -> list[date]:
    """Both of them too."""
    return [first + step * A_DAY for step in range((last - first).days + 1)]


def calendar_file(
    entries: Sequence[Entry],
    method: str,
    *,
    made_at: datetime,
    organiser: str = "",
    attendee: str = "",
    name: str = "",
) -> bytes:
    """The same entries of the same moment give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Podium//placements//NL")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", name)
    for entry in entries:
        calendar.add_component(_event(entry, method, made_at, organiser, attendee))
    if entries:
        # Whole years: a zone of no length has no time in it, and other programs refuse such a file.
        first, last = min(entry.first for entry in entries), max(entry.last for entry in entries)
        calendar.add_missing_timezones(date(first.year, 1, 1), date(last.year + 1, 1, 1))
    content: bytes = calendar.to_ical()
    return content


def _event(entry: Entry, method: str, made_at: datetime, organiser: str, attendee: str) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.number)
    event.add("dtstamp", made_at.astimezone(UTC))
    event.add("summary", entry.title)
    event.add("description", entry.text)
    event.add("location", entry.where)
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    if organiser:
        event.add("organizer", vCalAddress(f"mailto:{organiser}"))
    if attendee:
        # Answers come by link; a calendar program need not send one.
        guest = vCalAddress(f"mailto:{attendee}")
        guest.params["RSVP"] = "FALSE"
        guest.params["PARTSTAT"] = "ACCEPTED"
        event.add("attendee", guest)
    _put_days(event, entry)
    return event


def _put_days(event: Event, entry: Entry) -> None:
    days = entry.days
    event.add("dtstart", _start(entry, days[0]))
    if entry.starts_at is None or entry.ends_at is None:
        event.add("dtend", days[0] + A_DAY)
    else:
        event.add("dtend", datetime.combine(days[0], entry.ends_at, AMSTERDAM))
    if len(days) > 1:
        _repeat(event, entry, days)


def _repeat(event: Event, entry: Entry, days: Sequence[date]) -> None:
    """On the same weekdays each week, but for the days on which nobody comes."""
    weekdays = sorted({day.isoweekday() for day in days})
    until = _start(entry, days[-1])
    if isinstance(until, datetime):
        until = until.astimezone(UTC)
    codes = [DAY_CODES[weekday - 1] for weekday in weekdays]
    event.add("rrule", {"freq": "weekly", "byday": codes, "until": until})
    repeated = [day for day in days_between(days[0], days[-1]) if day.isoweekday() in weekdays]
    left_out = [_start(entry, day) for day in repeated if day not in days]
    if left_out:
        event.add(
            "exdate", left_out, parameters={} if isinstance(left_out[0], datetime) else {"value": "DATE"}
        )


def _start(entry: Entry, day: date) -> date | datetime:
    if entry.starts_at is None or entry.ends_at is None:
        return day
    return datetime.combine(day, entry.starts_at, AMSTERDAM)


def text_of(content: bytes) -> str:
    return content.decode("utf-8")


def newest(entries: Iterable[Entry]) -> list[Entry]:
    """In the order of their days."""
    return sorted(entries, key=lambda entry: (entry.first, entry.uid))
