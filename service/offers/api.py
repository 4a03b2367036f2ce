"""Offers as JSON."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlmodel import Session

from service.core.actor import Actor
from service.core.errors import require
from service.core.text import Line
from service.offers import actions, engine, policy, queries
from service.offers.models import Offer, OfferStatus
from service.offers.queries import Filters, OfferRow
from service.offers.schemas import Kind, OfferInput, OfferOutput, OwnPart, Sector
from service.web.listing import FIRST_PAGE, USUAL_SIZE, Listing, PageNumber, PageSize, listing
from service.web.page import ActorDep, SessionDep

router = APIRouter(prefix="/offers", tags=["offers"])


@router.get("")
def list_offers(
    session: SessionDep,
    actor: ActorDep,
    kind: Kind | None = None,
    sector: Sector | None = None,
    place: Annotated[Line, Query(max_length=80)] = "",
    status: OfferStatus | None = None,
    organisation_id: UUID | None = None,
    page: PageNumber = FIRST_PAGE,
    size: PageSize = USUAL_SIZE,
) -> Listing[OfferOutput]:
    """Makers and coordinators get theirs in every state; others what they may go to."""
    _signed_in(actor)
    filters = Filters(
        kind=kind or "",
        sector=sector or "",
        place=place,
        status=status or "",
        organisation_id=organisation_id,
    )
    find = queries.list_own_offers if policy.makes_offers(actor) else queries.list_public_offers
    return listing(find(session, actor, filters, page, size), lambda row: _row_output(actor, row))


@router.post("", status_code=201)
def create_offer(session: SessionDep, actor: ActorDep, new: OfferInput) -> OfferOutput:
    return _output(session, actor, actions.create_offer(session, _signed_in(actor), new))


@router.get("/{offer_id}")
def get_offer(session: SessionDep, actor: ActorDep, offer_id: UUID) -> OfferOutput:
    return _output(session, actor, queries.get_offer(session, _signed_in(actor), offer_id))


@router.put("/{offer_id}")
def change_offer(session: SessionDep, actor: ActorDep, offer_id: UUID, new: OfferInput) -> OfferOutput:
    return _output(session, actor, actions.change_offer(session, _signed_in(actor), offer_id, new))


@router.post("/{offer_id}/publish")
def publish_offer(session: SessionDep, actor: ActorDep, offer_id: UUID) -> OfferOutput:
    return _output(session, actor, actions.publish_offer(session, _signed_in(actor), offer_id))


@router.post("/{offer_id}/pause")
def pause_offer(session: SessionDep, actor: ActorDep, offer_id: UUID) -> OfferOutput:
    return _output(session, actor, actions.pause_offer(session, _signed_in(actor), offer_id))


@router.post("/{offer_id}/close")
def close_offer(session: SessionDep, actor: ActorDep, offer_id: UUID) -> OfferOutput:
    return _output(session, actor, actions.close_offer(session, _signed_in(actor), offer_id))


@router.post("/{offer_id}/copy", status_code=201)
def copy_offer(session: SessionDep, actor: ActorDep, offer_id: UUID) -> OfferOutput:
    return _output(session, actor, actions.copy_offer(session, _signed_in(actor), offer_id))


@router.post("/{offer_id}/confirm")
def confirm_offer(session: SessionDep, actor: ActorDep, offer_id: UUID) -> OfferOutput:
    return _output(session, actor, actions.confirm_offer(session, _signed_in(actor), offer_id))


def _signed_in(actor: Actor) -> Actor:
    require(not actor.is_guest)
    return actor


def _output(session: Session, actor: Actor, offer: Offer) -> OfferOutput:
    details = queries.details_of(session, actor, offer)
    return _row_output(actor, OfferRow(offer, details.organisation.name, details.place))


def _row_output(actor: Actor, row: OfferRow) -> OfferOutput:
    law = engine.check_offer(row.offer)
    own = OwnPart.of(row.offer, list(law.open_hazards)) if policy.may_change(actor, row.offer) else None
    columns = row.offer.model_dump(include=set(OfferOutput.model_fields))
    return OfferOutput(
        **columns,
        positions_left=row.offer.positions_left,
        organisation=row.organisation,
        place=row.place,
        ages=list(law.allowed_bands),
        own=own,
    )
