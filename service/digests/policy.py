"""Who sees which digests, and who may be sent them."""

from typing import Any
from uuid import UUID

from sqlmodel import col, or_, select

from service.core.actor import Actor
from service.digests.models import Audience, Digest
from service.programmes.models import ProgrammeSchool


def visible(actor: Actor) -> Any:
    """What one's own places were told; for coordinators also what the schools of their programmes were."""
    query = select(Digest)
    if actor.is_admin or actor.is_system:
        return query
    of_programmes = select(ProgrammeSchool.school_id).where(
        col(ProgrammeSchool.programme_id).in_(actor.programme_ids)
    )
    return query.where(
        or_(
            col(Digest.school_id).in_(actor.school_ids),
            col(Digest.school_id).in_(of_programmes),
            col(Digest.class_id).in_(actor.class_ids),
            col(Digest.programme_id).in_(actor.programme_ids),
            col(Digest.organisation_id).in_(actor.organisation_ids),
        )
    )


def may_list(actor: Actor) -> bool:
    return bool(actor.is_admin or actor.is_system or any(places_of(actor).values()))


def may_subscribe(actor: Actor, audience: Audience, place_id: UUID) -> bool:
    return actor.account_id is not None and place_id in places_of(actor)[audience]


def places_of(actor: Actor) -> dict[Audience, frozenset[UUID]]:
    """About what somebody may be told, by his roles."""
    return {
        Audience.SCHOOL: actor.school_ids,
        Audience.CLASS: actor.class_ids,
        Audience.PROGRAMME: actor.programme_ids,
        Audience.HOST: actor.organisation_ids,
    }
