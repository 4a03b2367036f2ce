"""Who sees placements, and who answers."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlmodel import col, select

from service.core import clock
from service.core.actor import Actor
from service.core.errors import require
from service.placements.lifecycle import KNOWN_TO_HOST
from service.placements.models import Placement, PlacementStatus
from service.programmes.models import Programme
from service.youth.models import Youth

KNOWN_AFTER_THE_END = timedelta(days=30)


def visible(actor: Actor) -> Any:
    """A host sees a placement only after the youth's yes, and until a month after its end (DOMAIN 3).

    What is withdrawn after that yes he sees too, so that nobody waits for somebody who does not come.
    """
    conditions: list[ColumnElement[bool]] = []
    if actor.is_system:
        conditions.append(true())
    if actor.programme_ids:
        conditions.append(col(Placement.programme_id).in_(actor.programme_ids))
    if actor.school_ids:
        conditions.append(col(Placement.school_id).in_(actor.school_ids))
    if actor.class_ids:
        mine = select(Youth.id).where(col(Youth.class_id).in_(actor.class_ids))
        conditions.append(
            or_(col(Placement.youth_id).in_(mine), col(Placement.class_id).in_(actor.class_ids))
        )
    if actor.organisation_ids:
        conditions.append(
            col(Placement.organisation_id).in_(actor.organisation_ids)
            & (
                col(Placement.status).in_(KNOWN_TO_HOST)
                | (
                    (col(Placement.status) == PlacementStatus.WITHDRAWN)
                    & col(Placement.youth_answered_at).is_not(None)
                )
            )
            & _is_not_long_over()
        )
    if actor.youth_id:
        conditions.append(col(Placement.youth_id) == actor.youth_id)
    return select(Placement).where(or_(*conditions) if conditions else false())


def _is_not_long_over() -> ColumnElement[bool]:
    """By its last day, by the day it ended, and without either by the end of the programme."""
    limit = clock.today() - KNOWN_AFTER_THE_END
    since = datetime.combine(limit, time(), clock.AMSTERDAM).astimezone(UTC)
    of_programmes = select(Programme.id).where(col(Programme.ends_on) >= limit)
    return and_(
        or_(
            col(Placement.ends_on) >= limit,
            col(Placement.ends_on).is_(None)
            & or_(col(Placement.ended_at).is_not(None), col(Placement.programme_id).in_(of_programmes)),
        ),
        or_(col(Placement.ended_at).is_(None), col(Placement.ended_at) >= since),
    )


WAITS_FOR_HOST = (col(Placement.status) == PlacementStatus.ACCEPTED) & col(Placement.other_starts_on).is_(
    None
)
WAITS_FOR_SCHOOL = (col(Placement.status) == PlacementStatus.ACCEPTED) & col(
    Placement.other_starts_on
).is_not(None)
"""The host has answered with other days: it is not the host who is silent."""


def may_answer_as_youth(actor: Actor, placement: Placement) -> bool:
    """The youth himself; for a class its school."""
    if placement.youth_id is not None:
        return actor.youth_id == placement.youth_id
    return placement.school_id in actor.school_ids or placement.class_id in actor.class_ids


def may_answer_as_host(actor: Actor, placement: Placement) -> bool:
    return placement.organisation_id in actor.organisation_ids


def may_withdraw(actor: Actor, placement: Placement) -> bool:
    return placement.programme_id in actor.programme_ids or placement.school_id in actor.school_ids


def may_follow(actor: Actor, placement: Placement) -> bool:
    """Who writes down that it was agreed, began or ended."""
    return may_withdraw(actor, placement)


def may_print_slips(actor: Actor) -> bool:
    """Who hands out paper to youths: their school and their mentor."""
    return actor.is_school_staff


def may_rescue(actor: Actor) -> bool:
    """Who phones hosts, and writes down what they said."""
    return actor.is_coordinator


def may_follow_in_calendar(actor: Actor) -> bool:
    return actor.account_id is not None or actor.is_youth


def require_any_role(actor: Actor) -> None:
    """Guests have no placements to look at."""
    require(not actor.is_guest)
