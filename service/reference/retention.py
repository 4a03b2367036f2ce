"""Words that nobody knows hold no person; a rare one may be a name and goes soon, all go in the end."""

from datetime import date, timedelta

from sqlalchemy import and_, delete, or_
from sqlmodel import Session, col, select

from service.reference.models import UnknownWord
from service.reference.policy import SHOWN_FROM

RARE_IS_KEPT = timedelta(days=90)
IS_KEPT = timedelta(days=365)
AT_A_TIME = 500


def forget_words(session: Session, today: date) -> int:
    """How many were let go: rare ones after a quarter, all others a year after they were last read."""
    old = session.exec(
        select(UnknownWord.id)
        .where(
            or_(
                col(UnknownWord.last_on) < today - IS_KEPT,
                and_(col(UnknownWord.days) < SHOWN_FROM, col(UnknownWord.last_on) < today - RARE_IS_KEPT),
            )
        )
        .limit(AT_A_TIME)
    ).all()
    session.execute(delete(UnknownWord).where(col(UnknownWord.id).in_(old)))
    return len(old)
