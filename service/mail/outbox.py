"""Puts a mail into the outbox, in the transaction of the act that causes it."""

import secrets

from sqlmodel import Session, col, select

from service.mail.models import Mail, Stream

MESSAGE_ID_BYTES = 16


def letter(
    template: str,
    *,
    to: str,
    key: str,
    stream: Stream,
    language: str = "nl",
    context: dict[str, object] | None = None,
) -> Mail:
    """A mail that has not been put yet. `key` says what makes it one of its kind: «digest:school:week».

    The template `offers/mails/published` is the folder service/offers/templates/mails/published with
    subject.txt, body.txt and body.html; the context is JSON and is what those three may use. The Message-ID
    is drawn here, once for the one row that a key has: who can guess the key must not forge a report.
    """
    return Mail(
        template=template,
        recipient=to,
        key=key,
        message_id=secrets.token_hex(MESSAGE_ID_BYTES),
        stream=stream,
        language=language,
        context=context or {},
    )


def put(session: Session, mail: Mail) -> bool:
    """Whether it is new; a second mail with the same key is never written."""
    if session.exec(select(Mail.id).where(col(Mail.key) == mail.key)).first() is not None:
        return False
    session.add(mail)
    return True
