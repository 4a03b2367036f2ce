"""Puts a mail into the outbox, in the transaction of the act that causes it."""

from sqlmodel import Session, col, select

from service.core.tokens import hash_token
from service.mail.models import Mail, Stream

KEY_LENGTH = 32


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
    subject.txt, body.txt and body.html; the context is JSON and is what those three may use.
    """
    return Mail(
        template=template,
        recipient=to,
        key=key,
        message_id=hash_token(key)[:KEY_LENGTH],
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
