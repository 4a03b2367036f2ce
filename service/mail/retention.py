"""Mail holds an address, and what was said to it: the text for 30 days, the delivery for 90 (DOMAIN 3).

A sign-in mail holds a key as well: its text goes as soon as it has left or has failed. Erasing somebody's
mail is deleting the rows with that address; an export is the rows as they stand. What an address does not
want is kept under a hash of it, as long as it holds: without it the next mail would be sent after all. A
bounce is a code, and goes with its mail.
"""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, String, cast, delete, update
from sqlmodel import Session, col, select

from service.mail.models import Mail, MailStatus, Stream, Suppression

TEXT_IS_KEPT = timedelta(days=30)
DELIVERY_IS_KEPT = timedelta(days=90)
ONLY_UNTIL_SENT = frozenset({Stream.SIGN_IN})
AT_A_TIME = 500
NOTHING = "{}"


def forget_texts(session: Session, now: datetime) -> int:
    """Empties the context of mail that ended long ago; how many there were."""
    old = (
        select(Mail.id)
        .where(
            col(Mail.status) != MailStatus.QUEUED,
            col(Mail.created_at) < now - TEXT_IS_KEPT,
            has_text(),
        )
        .limit(AT_A_TIME)
    )
    ids = session.exec(old).all()
    session.execute(update(Mail).where(col(Mail.id).in_(ids)).values(context={}, unsubscribe_token=None))
    return len(ids)


def has_text() -> ColumnElement[bool]:
    return cast(col(Mail.context), String) != NOTHING


def forget_deliveries(session: Session, now: datetime) -> int:
    """Deletes what nobody needs any more; also what never left in all that time."""
    ids = session.exec(
        select(Mail.id).where(col(Mail.created_at) < now - DELIVERY_IS_KEPT).limit(AT_A_TIME)
    ).all()
    session.execute(delete(Mail).where(col(Mail.id).in_(ids)))
    return len(ids)


def forget_pauses(session: Session, now: datetime) -> int:
    """Pauses that have ended."""
    ids = session.exec(select(Suppression.id).where(col(Suppression.until) < now).limit(AT_A_TIME)).all()
    session.execute(delete(Suppression).where(col(Suppression.id).in_(ids)))
    return len(ids)


def forget_files(folder: Path, now: datetime) -> int:
    """Removes written messages, and leftovers of a machine that stopped while writing one."""
    oldest = (now - TEXT_IS_KEPT).timestamp()
    old = [path for path in folder.glob("*") if path.is_file() and path.stat().st_mtime < oldest]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
