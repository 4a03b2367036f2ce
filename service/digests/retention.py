"""A digest holds counts, no person; it is kept for a year, for a school to look back over its school year.

A subscription says when somebody is told: it goes with the account or the school. An export is the rows as
they are.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from service.digests.models import Digest

IS_KEPT = timedelta(days=400)
AT_A_TIME = 500


def forget_digests(session: Session, now: datetime) -> int:
    ids = session.exec(select(Digest.id).where(col(Digest.until) < now - IS_KEPT).limit(AT_A_TIME)).all()
    session.execute(delete(Digest).where(col(Digest.id).in_(ids)))
    return len(ids)
