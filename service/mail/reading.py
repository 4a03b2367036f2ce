"""Reads messages back: those written into the folder for a demo, and those that have still to be sent."""

from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from service.core.settings import Settings
from service.mail.models import Mail
from service.mail.rendering import render
from service.mail.transport import file_of


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as its reader's program would show it."""

    content: bytes
    subject: str
    headers: tuple[tuple[str, str], ...]
    text: str


def read_letter(settings: Settings, mail: Mail) -> Letter | None:
    """None while it has not been written, and when it went to a server instead."""
    path = file_of(settings, mail.message_id)
    if not path.is_file():
        return None
    return _letter(path.read_bytes())


def read_as_sent(settings: Settings, mail: Mail) -> Letter:
    """What a mail would say if it left now."""
    return _letter(render(mail, settings).as_bytes())


def _letter(content: bytes) -> Letter:
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    assert body is not None, "every mail has a text (rendering.py)"
    headers = tuple((name, str(value)) for name, value in message.items() if name != "MIME-Version")
    return Letter(content, str(message["Subject"]), headers, body.get_content())
