"""Mails about placements: what is asked, and what became of it; never with the name of a youth."""

from dataclasses import dataclass
from typing import Any

from service.mail.models import Mail, Stream
from service.mail.outbox import letter
from service.placements.models import Question


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a mail goes to, and in which language."""

    name: str
    email: str
    language: str


def question(about: Question, reader: Reader, template: str, context: dict[str, Any]) -> Mail:
    """The first time as a question, later as a reminder; each turn and each time is a mail of its own."""
    mail = letter(
        f"placements/mails/{template}",
        to=reader.email,
        key=f"question:{about.id}:{about.turn}:{about.mails_sent}",
        stream=Stream.QUESTION,
        language=reader.language,
        context={"name": reader.name, "is_reminder": about.mails_sent > 0} | context,
    )
    mail.organisation_id = about.organisation_id
    return mail


def notice(key: str, reader: Reader, template: str, context: dict[str, Any]) -> Mail:
    return letter(
        f"placements/mails/{template}",
        to=reader.email,
        key=key,
        stream=Stream.NOTICE,
        language=reader.language,
        context={"name": reader.name} | context,
    )
