"""A mail server on loopback, job steps that send to it, and a mail to send."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from pydantic import SecretStr
from sqlmodel import Session

from service.core.jobs import Begin
from service.mail import outbox
from service.mail.models import Mail, Stream
from service.mail.outbox import letter
from tests.smtp_server import Inbox, smtp_server

SENTENCE = "3 voorstellen wachten op de coördinator."
PutMail = Callable[..., Mail]


@pytest.fixture
def server() -> Iterator[tuple[Inbox, str]]:
    with smtp_server() as running:
        yield running


@pytest.fixture
def inbox(server: tuple[Inbox, str]) -> Inbox:
    return server[0]


@pytest.fixture
def begin_smtp(begin: Begin, server: tuple[Inbox, str]) -> Begin:
    """As `begin`, with the mail server in the settings."""
    return replace(begin, settings=begin.settings.model_copy(update={"smtp_url": SecretStr(server[1])}))


def school_digest(**changes: object) -> dict[str, object]:
    return {
        "place": "Sloterwaard College",
        "period": "week 2 van 2027",
        "since": "2027-01-04T06:30:00+00:00",
        "parts": [{"heading": "Voorstellen", "lines": [SENTENCE], "invite": ""}],
        "missed": "",
        "because": "Je krijgt deze mail omdat je bij Sloterwaard College werkt.",
        "path": "/digests/5f0c9f0e-0000-4000-8000-000000000001",
    } | changes


def a_mail(
    *,
    to: str = "marieke@example.nl",
    key: str = "digest:1",
    stream: Stream = Stream.DIGEST,
    token: str | None = "signed.token",
    language: str = "nl",
    **changes: object,
) -> Mail:
    mail = letter(
        "digests/mails/overview",
        to=to,
        key=key,
        stream=stream,
        language=language,
        context=school_digest(**changes),
    )
    mail.unsubscribe_token = token
    return mail


@pytest.fixture
def put_mail(session: Session) -> PutMail:
    """Puts a digest into the outbox, with what the test cares about changed."""

    def put(**changes: object) -> Mail:
        mail = a_mail(**changes)  # type: ignore[arg-type]
        outbox.put(session, mail)
        session.commit()
        return mail

    return put
