"""Which youths were in a bottleneck: kept to find something for them, until the next analysis or 90 days.

The rows go with the youth when it is erased, with an analysis that is made anew, and after the term. What an
analysis keeps beside them are counts. An export tells a youth nothing from here: that others lack a position
too is no fact about him.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from service.insights.models import Analysis, Bottleneck, BottleneckYouth

IS_KEPT = timedelta(days=90)
AT_A_TIME = 500


def forget_bottlenecks(session: Session, now: datetime) -> int:
    """Who was in bottlenecks of long ago; how many rows."""
    ids = session.exec(
        select(BottleneckYouth.id)
        .join(Bottleneck, col(Bottleneck.id) == col(BottleneckYouth.bottleneck_id))
        .join(Analysis, col(Analysis.id) == col(Bottleneck.analysis_id))
        .where(col(Analysis.computed_at) < now - IS_KEPT)
        .limit(AT_A_TIME)
    ).all()
    session.execute(delete(BottleneckYouth).where(col(BottleneckYouth.id).in_(ids)))
    return len(ids)
