"""Sends one mail past the outbox, to see whether the way out works."""

from uuid import uuid4

from service.core.settings import Settings
from service.mail.models import Stream
from service.mail.outbox import letter
from service.mail.rendering import render
from service.mail.transport import Undelivered, open_transport


def try_out(settings: Settings, address: str, language: str) -> str:
    """Why it does not work, as `last_error` says it; empty when a server or the folder took the mail."""
    mail = letter(
        "mail/mails/trial", to=address, key=f"trial:{uuid4()}", stream=Stream.SIGN_IN, language=language
    )
    try:
        with open_transport(settings) as transport:
            transport.send(render(mail, settings))
    except Undelivered as error:
        return error.reason
    except ValueError as error:
        return type(error).__name__
    return ""
