"""Placements that belong together for who has something to do, in lists and in overviews."""

from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import col

from service.core import clock
from service.placements.lifecycle import WAITING
from service.placements.models import Placement, PlacementStatus

LATE_AFTER = timedelta(days=7)
SOON = timedelta(days=14)
WILL_COME = (PlacementStatus.CONFIRMED, PlacementStatus.AGREED)
"""Both sides have said yes, and it still has to begin."""


class Group(StrEnum):
    WAITING = "waiting"
    LATE = "late"
    SOON = "soon"


def is_late_youth(since: Any) -> ColumnElement[bool]:
    return and_(col(Placement.status) == PlacementStatus.OFFERED, col(Placement.created_at) < since)


def is_late_host(since: Any) -> ColumnElement[bool]:
    """Who proposed other days has answered: then it is the school's turn."""
    return and_(
        col(Placement.status) == PlacementStatus.ACCEPTED,
        col(Placement.other_starts_on).is_(None),
        func.coalesce(col(Placement.youth_answered_at), col(Placement.created_at)) < since,
    )


def is_in(group: Group) -> ColumnElement[bool]:
    match group:
        case Group.WAITING:
            return col(Placement.status).in_(WAITING)
        case Group.LATE:
            since = clock.now() - LATE_AFTER
            return or_(is_late_youth(since), is_late_host(since))
        case Group.SOON:
            soon = col(Placement.starts_on).between(clock.today(), clock.today() + SOON)
            return col(Placement.status).in_(WILL_COME) & soon
