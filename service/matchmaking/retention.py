"""What is kept of proposals: why, and how long (DOMAIN 3).

What was proposed and came to nothing goes after 90 days, and so does why there was nothing and what would
help. What somebody decided on stays with its placement. Everything about a youth goes with the youth.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from service.core.db import Table
from service.matchmaking.models import PairQuestion, RunGap, RunHelp, Suggestion, SuggestionStatus

IS_KEPT = timedelta(days=90)
AT_A_TIME = 500


def forget_proposals(session: Session, now: datetime) -> int:
    """Out of date for so long that nobody can still want to look at it; how many rows."""
    before = now - IS_KEPT
    undecided = (SuggestionStatus.EXPIRED, SuggestionStatus.PROPOSED)
    return sum(
        (
            _forget(session, Suggestion, before, col(Suggestion.status).in_(undecided)),
            _forget(session, RunGap, before),
            _forget(session, RunHelp, before),
            _forget(session, PairQuestion, before),
        )
    )


def _forget(session: Session, table: type[Table], before: datetime, *conditions: Any) -> int:
    ids = session.exec(
        select(table.id).where(col(table.created_at) < before, *conditions).limit(AT_A_TIME)
    ).all()
    session.execute(delete(table).where(col(table.id).in_(ids)))
    return len(ids)
