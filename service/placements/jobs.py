"""Ends the waiting of placements that nobody answered."""

from datetime import timedelta

from sqlmodel import col, select

from service.core import clock
from service.core.actor import SYSTEM
from service.core.jobs import Begin, Job
from service.placements.actions import expire_placement
from service.placements.lifecycle import WAITING
from service.placements.models import Placement


def expire_silence(begin: Begin) -> bool:
    """One placement in one transaction; the lock on its row makes two workers harmless."""
    with begin() as session:
        due = session.exec(
            select(Placement)
            .where(col(Placement.status).in_(WAITING), col(Placement.due_at) <= clock.now())
            .order_by(col(Placement.due_at), col(Placement.id))
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if due is None:
            return False
        expire_placement(session, SYSTEM, due)
    return True


JOBS = [Job("expire_silence", timedelta(minutes=5), expire_silence)]
