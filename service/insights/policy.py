"""Who sees where positions lack: coordinators all of it, admins numbers, schools counts of their own."""

from typing import Any

from sqlalchemy import ColumnElement, false, or_, true
from sqlmodel import col, select

from service.core.actor import Actor
from service.core.errors import require
from service.programmes.models import Programme, ProgrammeSchool
from service.youth.models import SchoolClass

# As in the audit (docs/insights.md).
SMALLEST_CELL = 10


def visible_programmes(actor: Actor) -> Any:
    """Programmes of which the actor learns something here; a guest or a host learns nothing."""
    require(actor.is_coordinator or actor.is_admin or actor.is_school_staff or actor.is_system)
    conditions: list[ColumnElement[bool]] = [false()]
    if actor.is_admin or actor.is_system:
        conditions.append(true())
    if actor.programme_ids:
        conditions.append(col(Programme.id).in_(actor.programme_ids))
    if actor.school_ids:
        of_schools = select(ProgrammeSchool.programme_id).where(
            col(ProgrammeSchool.school_id).in_(actor.school_ids)
        )
        conditions.append(col(Programme.id).in_(of_schools))
    if actor.class_ids:
        of_classes = select(SchoolClass.programme_id).where(col(SchoolClass.id).in_(actor.class_ids))
        conditions.append(col(Programme.id).in_(of_classes))
    return select(Programme).where(or_(*conditions))


def may_see_whole(actor: Actor, programme: Programme) -> bool:
    """The numbers of all schools together, and how fairly it is divided."""
    return actor.is_admin or programme.id in actor.programme_ids


def may_see_youths(actor: Actor, programme: Programme) -> bool:
    return programme.id in actor.programme_ids


def fewest_to_show(actor: Actor, programme: Programme) -> int:
    """Of how many youths a number must be: who may not know the youths learns nothing of a handful."""
    return 1 if may_see_youths(actor, programme) else SMALLEST_CELL


def may_renew(actor: Actor, programme: Programme) -> bool:
    return programme.id in actor.programme_ids
