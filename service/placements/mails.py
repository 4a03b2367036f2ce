"""Mails about placements: what is asked, and what became of it; never with the name of a youth."""

from dataclasses import dataclass
from typing import Any

from service.mail.models import Mail, Stream
from service.mail.outbox import letter
from service.placements.models import Question, QuestionKind

ASKED_OF_SCHOOLS = (QuestionKind.SCHOOL_PAPERS, QuestionKind.OTHER_DAYS)


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a mail goes to, and in which language."""

    name: str
    email: str
    language: str


def question(about: Question, reader: Reader, template: str, context: dict[str, Any]) -> Mail:
    """The first time as a question, later as a reminder; each turn and each time is a mail of its own.

    What a school is asked is in the stream of agreements, which nobody leaves: the host would wait in vain.
    """
    mail = letter(
        f"placements/mails/{template}",
        to=reader.email,
        key=f"question:{about.id}:{about.turn}:{about.mails_sent}",
        stream=Stream.AGREEMENT if about.kind in ASKED_OF_SCHOOLS else Stream.QUESTION,
        language=reader.language,
        context={"name": reader.name, "is_reminder": about.mails_sent > 0} | context,
    )
    mail.organisation_id = about.organisation_id
    return mail


def notice(key: str, reader: Reader, template: str, context: dict[str, Any]) -> Mail:
    """News, which a reader may do without."""
    return _letter(Stream.NOTICE, key, reader, template, context)


def agreement(key: str, reader: Reader, template: str, context: dict[str, Any]) -> Mail:
    """What was agreed, and that it changes or does not go on: nobody may wait in vain for a youth."""
    return _letter(Stream.AGREEMENT, key, reader, template, context)


def _letter(stream: Stream, key: str, reader: Reader, template: str, context: dict[str, Any]) -> Mail:
    return letter(
        f"placements/mails/{template}",
        to=reader.email,
        key=key,
        stream=stream,
        language=reader.language,
        context={"name": reader.name} | context,
    )
