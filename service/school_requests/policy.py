"""Who sees a request: the school that asked, the mentor of the class, the coordinator of the programme."""

from typing import Any

from sqlmodel import col, or_, select

from service.core.actor import Actor
from service.core.errors import require
from service.school_requests.models import SchoolRequest
from service.youth.models import SchoolClass


def signed_in(actor: Actor) -> Actor:
    """A guest is told to sign in, and a youth has no requests of schools to look at."""
    require(actor.is_school_staff or actor.is_coordinator or actor.is_system)
    return actor


def visible(actor: Actor) -> Any:
    query = select(SchoolRequest)
    if actor.is_system:
        return query
    return query.where(
        or_(
            col(SchoolRequest.school_id).in_(actor.school_ids),
            col(SchoolRequest.class_id).in_(actor.class_ids),
            col(SchoolRequest.programme_id).in_(actor.programme_ids),
        )
    )


def may_ask_for(actor: Actor, school_class: SchoolClass) -> bool:
    return school_class.school_id in actor.school_ids or school_class.id in actor.class_ids


def may_close(actor: Actor, request: SchoolRequest) -> bool:
    return may_start(actor, request) or request.class_id in actor.class_ids


def may_start(actor: Actor, request: SchoolRequest) -> bool:
    """Whom matchmaking lets start a run for it; a mentor asks, and the school or the coordinator starts."""
    return request.school_id in actor.school_ids or request.programme_id in actor.programme_ids
