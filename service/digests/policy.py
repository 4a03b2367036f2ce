"""Who sees which digests, and who may be sent them."""

from typing import Any
from uuid import UUID

from sqlmodel import col, or_, select

from service.core.actor import Actor
from service.digests.models import Digest
from service.programmes.models import ProgrammeSchool


def visible(actor: Actor) -> Any:
    """Staff see what their school was told; coordinators that of the schools of their programmes."""
    query = select(Digest)
    if actor.is_admin or actor.is_system:
        return query
    of_programmes = select(ProgrammeSchool.school_id).where(
        col(ProgrammeSchool.programme_id).in_(actor.programme_ids)
    )
    return query.where(
        or_(col(Digest.school_id).in_(actor.school_ids), col(Digest.school_id).in_(of_programmes))
    )


def may_list(actor: Actor) -> bool:
    return bool(actor.is_admin or actor.is_system or actor.programme_ids or actor.school_ids)


def may_subscribe(actor: Actor, school_id: UUID) -> bool:
    return actor.account_id is not None and school_id in actor.school_ids
