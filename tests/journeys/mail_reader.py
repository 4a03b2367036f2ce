"""Reads mail as strangers do: by the standards, with nothing of ours, and refuses what is only almost right.

Lines and headers as in RFC 5322, parts as in RFC 2046, lists as in RFC 2369, 2919 and 8058, invitations as in
RFC 5545 and 6047. What cannot be read that way is an assertion that fails.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlsplit

from icalendar import Calendar

# A defect that other readers would repair is one that some reader does not.
STRICT = SMTP.clone(raise_on_defect=True)
LONGEST_LINE = 998
LARGEST = 100_000
LONGEST_CALENDAR_LINE = 75
ONCE = ("From", "To", "Date", "Subject", "Message-ID", "MIME-Version", "Auto-Submitted", "Content-Language")
OF_LISTS = ("List-Id", "List-Unsubscribe", "List-Unsubscribe-Post")
FIELD = re.compile(rb"[!-9;-~]+: ?.*", re.DOTALL)
MESSAGE_ID = re.compile(r"<[0-9a-f]{32}@[a-z.]+>")
LIST_ID = re.compile(r"(.+) <([a-z_]+)\.([a-z.]+)>")
UNSUBSCRIBE = re.compile(r"<(https://[^<>\s]+)>, <(mailto:[^<>\s]+)>")
ADDRESS = re.compile(r"https?://\S+")
LOADS = frozenset({"img", "script", "link", "iframe", "object", "embed", "video", "audio", "source", "form"})
"""What would fetch something, run something or send something away."""


@dataclass(frozen=True)
class Invitation:
    """What a calendar program makes of the third way to read a mail."""

    method: str
    uid: str
    sequence: int
    status: str
    first: date
    days: tuple[str, ...]
    """Weekdays of a repeated entry, as «MO»."""
    until: datetime | date | None
    attendee: str
    text: str


@dataclass(frozen=True)
class Letter:
    """A message as its reader's program shows it."""

    to: str
    sender: str
    subject: str
    language: str
    date: datetime
    message_id: str
    list_id: str
    """The stream it belongs to; empty outside lists."""
    unsubscribe: str
    """What a mail program posts to when its own button is pressed."""
    text: str
    html: str
    links: tuple[str, ...]
    invitation: Invitation | None
    size: int

    def find(self, path: str) -> str:
        """The link that goes there, or nothing."""
        found = [link for link in self.links if urlsplit(link).path.startswith(path)]
        assert len(found) <= 1
        return found[0] if found else ""


def read(raw: bytes, *, base_url: str) -> Letter:
    """The letter in these octets; everything they promise is looked at."""
    _check_lines(raw)
    message = message_from_bytes(raw, policy=STRICT)
    assert isinstance(message, EmailMessage)
    assert not [defect for part in message.walk() for defect in part.defects]
    _check_headers(message)
    plain, marked_up, calendar = _alternatives(message)
    text, html = plain.get_content(), marked_up.get_content()
    page = _read_page(html)
    links = tuple(dict.fromkeys(ADDRESS.findall(text)))
    _check_links(links, page, base_url)
    list_id, unsubscribe = _list_of(message)
    assert not unsubscribe or unsubscribe in links, "who reads only the text can leave too"
    to = message["To"].addresses[0].addr_spec
    return Letter(
        to=to,
        sender=message["From"].addresses[0].addr_spec,
        subject=str(message["Subject"]),
        language=str(message["Content-Language"]),
        date=message["Date"].datetime,
        message_id=str(message["Message-ID"]),
        list_id=list_id,
        unsubscribe=unsubscribe,
        text=text,
        html=html,
        links=links,
        invitation=_read_calendar(calendar, to) if calendar else None,
        size=len(raw),
    )


def _check_lines(raw: bytes) -> None:
    assert len(raw) < LARGEST
    assert raw.isascii(), "no server on the way needs to take more than seven bits"
    assert b"\0" not in raw
    assert raw.endswith(b"\r\n")
    lines = raw.split(b"\r\n")
    assert not [line for line in lines if b"\r" in line or b"\n" in line], "lines end in CR and LF together"
    assert max(map(len, lines)) <= LONGEST_LINE
    head = raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert FIELD.fullmatch(head[0])
    for line in head:
        assert FIELD.fullmatch(line) or (line[:1] in b" \t" and line.strip()), line


def _check_headers(message: EmailMessage) -> None:
    names = [name.lower() for name in message]
    for name in ONCE:
        assert names.count(name.lower()) == 1, name
    for name in OF_LISTS:
        assert names.count(name.lower()) <= 1, name
    assert not {"cc", "bcc", "reply-to", "x-mailer"} & set(names)
    assert len(message["From"].addresses) == len(message["To"].addresses) == 1
    assert message["Auto-Submitted"] == "auto-generated"
    assert MESSAGE_ID.fullmatch(str(message["Message-ID"]))
    assert message["Date"].datetime.tzinfo is not None
    assert str(message["Subject"]).strip()
    assert not re.search(r"[\r\n\t]", str(message["Subject"]))


def _list_of(message: EmailMessage) -> tuple[str, str]:
    """Stream and one-click address: both there with what RFC 8058 asks, or none of it."""
    present = [name for name in OF_LISTS if message[name] is not None]
    if not present:
        return "", ""
    assert tuple(present) == OF_LISTS
    listed = LIST_ID.fullmatch(str(message["List-Id"]))
    leaving = UNSUBSCRIBE.fullmatch(str(message["List-Unsubscribe"]))
    assert listed
    assert leaving
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    by_mail = parse_qs(urlsplit(leaving[2]).query)
    assert by_mail == {"subject": ["unsubscribe"], "body": [leaving[1]]}
    return listed[2], leaving[1]


def _alternatives(message: EmailMessage) -> tuple[EmailMessage, EmailMessage, EmailMessage | None]:
    """Text first, the same with markup after it, and perhaps a calendar; nothing is attached beside."""
    assert message.get_content_type() == "multipart/alternative"
    parts = [part for part in message.iter_parts() if isinstance(part, EmailMessage)]
    kinds = [part.get_content_type() for part in parts]
    assert kinds in (["text/plain", "text/html"], ["text/plain", "text/html", "text/calendar"]), kinds
    for part in parts:
        assert part.get_content_charset() == "utf-8"
        assert str(part["Content-Transfer-Encoding"]) in {"quoted-printable", "7bit"}
    return parts[0], parts[1], parts[2] if len(parts) > len(("text", "markup")) else None


class _Page(HTMLParser):
    """The markup of a mail: what it links to, what it says, and that it does nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.words: list[str] = []
        self.language = ""
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in LOADS, tag
        for name, value in attrs:
            assert not name.startswith("on"), f"{tag} {name}"
            assert name not in {"src", "srcset", "background", "action"}, f"{tag} {name}"
            assert "url(" not in (value or "").lower()
        self.open.append(tag)
        values = dict(attrs)
        if tag == "html":
            self.language = values.get("lang") or ""
        if tag == "a":
            self.links.append(values.get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "style" in self.open:
            assert "url(" not in data.lower()
            assert "@import" not in data.lower()
        elif "title" not in self.open:
            self.words.append(data)


def _read_page(html: str) -> _Page:
    page = _Page()
    page.feed(html)
    page.close()
    assert page.language
    return page


def _check_links(links: tuple[str, ...], page: _Page, base_url: str) -> None:
    """Both ways to read a mail lead to the same places, and all of them are ours."""
    ours = urlsplit(base_url)
    for link in {*links, *page.links}:
        parts = urlsplit(link)
        assert (parts.scheme, parts.netloc) == (ours.scheme, ours.netloc), link
        assert not parts.query.startswith("utm"), link
    assert set(page.links) - {base_url, f"{base_url}/"} <= set(links)
    assert set(links) <= set(page.links)


def _read_calendar(part: EmailMessage, to: str) -> Invitation:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert content.endswith(b"\r\n")
    for line in content.split(b"\r\n"):
        assert len(line) <= LONGEST_CALENDAR_LINE
        assert b"\n" not in line
    calendar: Any = Calendar.from_ical(content)
    assert (str(calendar["VERSION"]), bool(calendar["PRODID"])) == ("2.0", True)
    assert str(calendar["METHOD"]) == part.get_param("method")
    (event,) = calendar.walk("VEVENT")
    assert not [error for component in calendar.walk() for error in component.errors]
    zones = {str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")}
    for zone in calendar.walk("VTIMEZONE"):
        # Without one of the two it says nothing about any time, and strict programs refuse the file.
        assert {part.name for part in zone.subcomponents} & {"STANDARD", "DAYLIGHT"}
    assert {zone for name in ("DTSTART", "DTEND", "EXDATE") for zone in _zone(event, name)} <= zones
    attendee = str(event["ATTENDEE"]).removeprefix("mailto:")
    assert attendee == to
    assert str(event["ORGANIZER"]).startswith("mailto:")
    first = event.decoded("DTSTART")
    rule = event.get("RRULE", {})
    return Invitation(
        method=str(calendar["METHOD"]),
        uid=str(event["UID"]),
        sequence=int(event["SEQUENCE"]),
        status=str(event["STATUS"]),
        first=first.date() if isinstance(first, datetime) else first,
        days=tuple(rule.get("BYDAY", ())),
        until=next(iter(rule.get("UNTIL", ())), None),
        attendee=attendee,
        text=content.decode(),
    )


def _zone(event: Any, name: str) -> Iterator[str]:
    if name in event and "TZID" in event[name].params:
        yield str(event[name].params["TZID"])
