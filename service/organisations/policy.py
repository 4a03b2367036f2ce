"""Who sees an organisation with its people, and who may change it."""

from typing import Any

from sqlalchemy import ColumnElement, false, or_, true
from sqlmodel import col, select

from service.core.actor import Actor
from service.organisations.models import Organisation, OrganisationKind

OPEN_TO_ALL = frozenset(OrganisationKind) - {OrganisationKind.SCHOOL}


def visible(actor: Actor) -> Any:
    """Contacts and school staff see their own; companies are known to others only through their offers."""
    conditions: list[ColumnElement[bool]] = []
    if _arranges(actor) or actor.is_system:
        conditions.append(true())
    if _own_ids(actor):
        conditions.append(col(Organisation.id).in_(_own_ids(actor)))
    return select(Organisation).where(or_(*conditions) if conditions else false())


def may_list(actor: Actor) -> bool:
    return _arranges(actor) or bool(_own_ids(actor))


def may_create(actor: Actor, kind: OrganisationKind) -> bool:
    """A company starts by itself, or is brought by a teacher who knows it; a school by who arranges."""
    return _arranges(actor) or (kind in OPEN_TO_ALL and not actor.is_youth)


def kinds_to_create(actor: Actor) -> list[OrganisationKind]:
    return [kind for kind in OrganisationKind if may_create(actor, kind)]


def may_change(actor: Actor, organisation: Organisation) -> bool:
    return _arranges(actor) or is_own(actor, organisation)


def may_admit(actor: Actor) -> bool:
    """A person of the programmes looks at who registered itself, before youths meet its offers."""
    return _arranges(actor)


def is_trusted(actor: Actor) -> bool:
    """Whose new organisation nobody has to look at."""
    return _arranges(actor) or actor.is_system


def may_change_people(actor: Actor, organisation: Organisation, *, may_give_role: bool) -> bool:
    """Whom a school or a host lets in sees its youths: for itself to decide, or for who may give that role.

    At a school not for a coordinator, who may be of elsewhere.
    """
    if actor.is_system or is_own(actor, organisation):
        return True
    return may_give_role and (actor.is_admin or organisation.kind is not OrganisationKind.SCHOOL)


def is_own(actor: Actor, organisation: Organisation) -> bool:
    return organisation.id in _own_ids(actor)


def _arranges(actor: Actor) -> bool:
    return actor.is_admin or actor.is_coordinator


def _own_ids(actor: Actor) -> frozenset[Any]:
    return actor.organisation_ids | actor.school_ids
