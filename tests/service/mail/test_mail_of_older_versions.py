"""Mail that waits while Podium is upgraded: it leaves with what the version of before wrote.

The rows stand here as those versions wrote them: they are not made anew when a template asks for more.
"""

from email.message import EmailMessage

import pytest

from service.core.i18n import LANGUAGES
from service.core.settings import Settings
from service.mail.models import Stream
from service.mail.outbox import letter
from service.mail.reading import read_as_sent
from service.mail.rendering import render

CALENDAR = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:{method}\r\nEND:VCALENDAR\r\n"
ENTRY: dict[str, object] = {
    "name": "Farida",
    "title": "Een dag in de bakkerij",
    "school": "Sloterwaard College",
    "days": "maandag 11 januari 2027",
    "is_again": False,
    "path": "/placements/5f0c9f0e-0000-4000-8000-000000000001",
    "calendar": {"method": "REQUEST", "text": CALENDAR.format(method="REQUEST")},
}
QUESTION: dict[str, object] = {
    "name": "Farida",
    "is_reminder": False,
    "title": "Een dag in de bakkerij",
    "kind": "Bliksemstage",
    "school": "Sloterwaard College",
    "programme": "On Stage Nieuw-West",
    "organisation": "Bakkerij Bos",
    "days": "maandag 11 januari 2027",
    "is_class": False,
    "until": "2027-01-26T07:30:00+00:00",
    "cap_path": "/organisations/5f0c9f0e-0000-4000-8000-000000000001/edit",
    "path": "/answer/signed.token",
}
PART = {"heading": "Voorstellen", "lines": ["3 voorstellen wachten."]}
OVERVIEW: dict[str, object] = {
    "place": "Sloterwaard College",
    "period": "week 2 van 2027",
    "since": "2027-01-04T06:30:00+00:00",
    "missed": "",
    "parts": [PART | {"invite": ""}],
    "because": "Je krijgt deze mail omdat je bij Sloterwaard College werkt.",
    "path": "/digests/5f0c9f0e-0000-4000-8000-000000000001",
}
ROWS: dict[str, tuple[str, dict[str, object], str]] = {
    "entry": ("placements/mails/calendar", ENTRY, "Sloterwaard College"),
    "entry that moved": (
        "placements/mails/calendar",
        ENTRY | {"is_again": True},
        "maandag 11 januari 2027",
    ),
    "cancellation": (
        "placements/mails/calendar_cancelled",
        ENTRY | {"calendar": {"method": "CANCEL", "text": CALENDAR.format(method="CANCEL")}},
        "Sloterwaard College",
    ),
    "question": ("placements/mails/host_question", QUESTION, "Bakkerij Bos"),
    "reminder": (
        "placements/mails/host_question",
        QUESTION | {"is_reminder": True},
        "Een dag in de bakkerij",
    ),
    "overview without a point": ("digests/mails/overview", OVERVIEW, "3 voorstellen wachten."),
    "overview without answers": (
        "digests/mails/overview",
        OVERVIEW
        | {
            "point": "3 voorstellen wachten",
            "ask": "Kijk naar 3 voorstellen",
            "parts": [PART | {"invite": "", "link": "Kijk naar de voorstellen", "path": "/matchmaking"}],
        },
        "Kijk naar de voorstellen",
    ),
    "overview of a school": (
        "digests/mails/school",
        {
            "school": "Sloterwaard College",
            "week": "week 2 van 2027",
            "since": "2027-01-04T06:30:00+00:00",
            "parts": [PART],
            "path": "/digests/5f0c9f0e-0000-4000-8000-000000000001",
        },
        "3 voorstellen wachten.",
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("row", ROWS)
def test_it_leaves(settings: Settings, row: str, language: str) -> None:
    template, context, said = ROWS[row]
    mail = letter(
        template,
        to="farida@example.nl",
        key=f"old:{row}",
        stream=Stream.NOTICE,
        language=language,
        context=dict(context),
    )
    found = read_as_sent(settings, mail)
    assert found.subject
    assert said in found.text
    html = render(mail, settings).get_body(("html",))
    assert isinstance(html, EmailMessage)
    assert said in html.get_content()
