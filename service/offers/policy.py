"""Who sees an offer, who may change it, and who reads how to reach its maker."""

from typing import Any

from sqlalchemy import ColumnElement, String, cast, false, literal, or_, true
from sqlmodel import col, select

from service.core.actor import Actor
from service.offers.lifecycle import SHOWN
from service.offers.models import Offer
from service.organisations.models import Organisation, OrganisationStatus
from service.programmes.lifecycle import PUBLIC
from service.programmes.models import Programme


def visible(actor: Actor) -> Any:
    """Makers see their own in every state, coordinators all; others what is published."""
    conditions: list[ColumnElement[bool]] = []
    if arranges(actor) or actor.is_system:
        conditions.append(true())
    if actor.organisation_ids:
        conditions.append(col(Offer.organisation_id).in_(actor.organisation_ids))
    if actor.is_school_staff:
        conditions.append(published())
    if actor.is_guest or actor.is_youth:
        conditions.append(published() & in_open_programme())
    return select(Offer).where(or_(*conditions) if conditions else false())


def published() -> ColumnElement[bool]:
    """Shown by an organisation that takes part."""
    active = select(Organisation.id).where(Organisation.status == OrganisationStatus.ACTIVE)
    return col(Offer.status).in_(SHOWN) & col(Offer.organisation_id).in_(active)


def in_open_programme() -> ColumnElement[bool]:
    """Some programme that goes on asks for this kind in this time."""
    # The kinds are a JSON list; as text it reads ["bpv", "coach"] on every database.
    asks_kind = cast(col(Programme.kinds), String).contains(literal('"') + col(Offer.kind) + literal('"'))
    return (
        select(Programme.id)
        .where(
            col(Programme.status).in_(PUBLIC),
            asks_kind,
            or_(col(Offer.starts_on).is_(None), col(Offer.starts_on) <= col(Programme.ends_on)),
            or_(col(Offer.ends_on).is_(None), col(Offer.ends_on) >= col(Programme.starts_on)),
        )
        .exists()
    )


def arranges(actor: Actor) -> bool:
    return actor.is_admin or actor.is_coordinator


def makes_offers(actor: Actor) -> bool:
    return arranges(actor) or actor.is_contact


def may_create(actor: Actor, organisation: Organisation) -> bool:
    return arranges(actor) or organisation.id in actor.organisation_ids


def may_change(actor: Actor, offer: Offer) -> bool:
    return arranges(actor) or offer.organisation_id in actor.organisation_ids


def may_see_flags(actor: Actor) -> bool:
    return arranges(actor)
