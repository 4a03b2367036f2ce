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
    changed_at: datetime

    @property
    def days(self) -> list[date]:
        """Those on which somebody comes; a period without weekdays means its working days."""
        length = (self.last - self.first).days + 1
        every = [self.first + step * A_DAY for step in range(length)]
        wanted = self.weekdays or tuple(range(1, FRIDAY + 1))
        return [day for day in every if day.isoweekday() in wanted] or [self.first]


def calendar_file(
    entries: Sequence[Entry], method: str, *, organiser: str = "", attendee: str = "", name: str = ""
) -> bytes:
    """The same entries give the same bytes, so that a mail that is sent twice is recognised as one."""
    calendar = Calendar()
    calendar.add("prodid", "-//Podium//placements//NL")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", name)
    for entry in entries:
        calendar.add_component(_event(entry, method, organiser, attendee))
    if entries:
        calendar.add_missing_timezones(
            first_date=min(entry.first for entry in entries), last_date=max(entry.last for entry in entries)
        )
    content: bytes = calendar.to_ical()
    return content


def _event(entry: Entry, method: str, organiser: str, attendee: str) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.number)
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
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
    if entry.starts_at is None or entry.ends_at is None:
        event.add("dtstart", days[0])
        event.add("dtend", days[0] + A_DAY)
        until: date | datetime = days[-1]
    else:
        event.add("dtstart", datetime.combine(days[0], entry.starts_at, AMSTERDAM))
        event.add("dtend", datetime.combine(days[0], entry.ends_at, AMSTERDAM))
        until = datetime.combine(days[-1], entry.starts_at, AMSTERDAM).astimezone(UTC)
    if len(days) > 1:
        codes = [DAY_CODES[weekday - 1] for weekday in sorted({day.isoweekday() for day in days})]
        event.add("rrule", {"freq": "weekly", "byday": codes, "until": until})


def text_of(content: bytes) -> str:
    return content.decode("utf-8")


def newest(entries: Iterable[Entry]) -> list[Entry]:
    """In the order of their days."""
    return sorted(entries, key=lambda entry: (entry.first, entry.uid))
