"""Who sees a programme, and who may change it."""

from typing import Any

from sqlmodel import col, or_, select

from service.core.actor import Actor
from service.programmes.lifecycle import PUBLIC
from service.programmes.models import Programme, ProgrammeSchool


def visible(actor: Actor) -> Any:
    """Programmes that go on are public; a draft or a closed one is for those who have a part in it."""
    query = select(Programme)
    if actor.is_admin or actor.is_system:
        return query
    own_schools = select(ProgrammeSchool.programme_id).where(
        col(ProgrammeSchool.school_id).in_(actor.school_ids)
    )
    return query.where(
        or_(
            col(Programme.status).in_(PUBLIC),
            col(Programme.id).in_(actor.programme_ids),
            col(Programme.id).in_(own_schools),
        )
    )


def may_create(actor: Actor) -> bool:
    return actor.is_admin or actor.is_system


def may_edit(actor: Actor, programme: Programme) -> bool:
    return actor.is_admin or actor.is_system or programme.id in actor.programme_ids


def may_add_schools(actor: Actor) -> bool:
    return actor.is_admin or actor.is_system


def may_see_schools(actor: Actor, programme: Programme) -> bool:
    return may_edit(actor, programme) or actor.is_school_staff
