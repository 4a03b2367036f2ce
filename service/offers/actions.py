"""Writing: making, publishing, pausing and closing offers, and taking their positions."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from service.audit.record import record
from service.core import clock
from service.core.actor import Actor
from service.core.errors import Invalid, require
from service.core.i18n import _
from service.mail import outbox
from service.offers import mails, policy, queries
from service.offers.engine import asks_ground
from service.offers.errors import OfferIsClosed
from service.offers.keeping import broken_by
from service.offers.lifecycle import LIFECYCLE, LIVE
from service.offers.models import Offer, OfferStatus
from service.offers.positions import free_positions, take_positions
from service.offers.publishing import require_ready
from service.offers.schemas import OfferInput
from service.organisations.actions import activate_organisation
from service.organisations.contacts import language_of
from service.organisations.errors import OrganisationIsClosed
from service.organisations.models import Location, Organisation, OrganisationStatus
from service.organisations.queries import get_organisation, locations_of, own_organisations
from service.reference.actions import count_unknown_words
from service.reference.words import plain_letters, read_words

__all__ = ["free_positions", "take_positions"]

OF_THE_STATE = frozenset(
    {
        "id",
        "created_at",
        "updated_at",
        "positions_taken",
        "status",
        "published_at",
        "confirmed_at",
        "external_id",
    }
)
"""What a copy does not take over."""


def count_words(session: Session, actor: Actor, typed: str) -> None:
    """So that the vocabulary can grow by what hosts call their work; never by what they are called."""
    require(policy.makes_offers(actor))
    unknown = [
        plain_letters(word.text) for word in read_words(typed) if word.tag is None and not word.proposals
    ]
    if unknown:
        names = [part for one in own_organisations(session, actor) for part in one.name.split()]
        count_unknown_words(session, typed, unknown, names)


def create_offer(session: Session, actor: Actor, new: OfferInput) -> Offer:
    """A draft: only a kind and a title are needed, and nobody else sees it."""
    organisation = _organisation_for(session, actor, new.organisation_id)
    location = _location_for(session, organisation, new.location_id)
    offer = Offer(organisation_id=organisation.id, **_columns(new, location), updated_at=clock.now())
    session.add(offer)
    session.flush()
    record(session, actor, "offer.created", offer, kind=offer.kind)
    return offer


def change_offer(session: Session, actor: Actor, offer_id: UUID, new: OfferInput) -> Offer:
    """What is published stays publishable: the law is asked again, and nobody's position is taken away."""
    offer = _get_to_change(session, actor, offer_id)
    if new.organisation_id not in {None, offer.organisation_id}:
        raise Invalid({"organisation_id": _("An offer stays with its organisation. Make a copy instead.")})
    if new.positions < offer.positions_taken:
        raise Invalid({"positions": _too_few(offer.positions_taken)})
    organisation = session.get_one(Organisation, offer.organisation_id)
    columns = _columns(new, _location_for(session, organisation, new.location_id))
    broken = broken_by(offer, columns)
    if broken:
        raise Invalid(broken)
    fields = sorted(name for name, value in columns.items() if getattr(offer, name) != value)
    offer.sqlmodel_update(columns)
    if offer.status in LIVE:
        require_ready(offer, clock.today())
    offer.updated_at = clock.now()
    _follow_positions(offer)
    session.add(offer)
    session.flush()
    record(session, actor, "offer.changed", offer, fields=fields)
    return offer


def publish_offer(session: Session, actor: Actor, offer_id: UUID) -> Offer:
    """A draft for the first time, or a paused offer again."""
    offer = _get_to_change(session, actor, offer_id)
    LIFECYCLE.check(offer.status, OfferStatus.PUBLISHED)
    require_ready(offer, clock.today())
    organisation = session.get_one(Organisation, offer.organisation_id)
    if organisation.status is OrganisationStatus.CLOSED:
        raise OrganisationIsClosed
    activate_organisation(session, actor, organisation)
    is_first_time = offer.published_at is None
    offer.status = OfferStatus.PUBLISHED
    offer.published_at = offer.published_at or clock.now()
    offer.confirmed_at = clock.now()
    _follow_positions(offer)
    session.add(offer)
    session.flush()
    record(session, actor, "offer.published", offer)
    if is_first_time:
        _tell_the_contact_person(session, actor, offer, organisation)
    return offer


def pause_offer(session: Session, actor: Actor, offer_id: UUID) -> Offer:
    return _move(session, actor, offer_id, OfferStatus.PAUSED)


def close_offer(session: Session, actor: Actor, offer_id: UUID) -> Offer:
    return _move(session, actor, offer_id, OfferStatus.CLOSED)


def copy_offer(session: Session, actor: Actor, offer_id: UUID) -> Offer:
    """A new draft with the same words; dates that are over are left open."""
    offer = queries.get_offer(session, actor, offer_id)
    require(policy.may_change(actor, offer))
    columns = offer.model_dump(exclude=set(OF_THE_STATE))
    if offer.ends_on is not None and offer.ends_on < clock.today():
        columns |= {"starts_on": None, "ends_on": None}
    copied = Offer(**columns, updated_at=clock.now())
    session.add(copied)
    session.flush()
    record(session, actor, "offer.copied", copied, copy_of=str(offer.id))
    return copied


def confirm_offer(session: Session, actor: Actor, offer_id: UUID) -> Offer:
    """«Klopt nog», with one click."""
    offer = _get_to_change(session, actor, offer_id)
    offer.confirmed_at = clock.now()
    session.add(offer)
    session.flush()
    record(session, actor, "offer.confirmed", offer)
    return offer


def _get_to_change(session: Session, actor: Actor, offer_id: UUID) -> Offer:
    offer = queries.get_offer(session, actor, offer_id, lock=True)
    require(policy.may_change(actor, offer))
    if offer.status is OfferStatus.CLOSED:
        raise OfferIsClosed
    return offer


def _move(session: Session, actor: Actor, offer_id: UUID, status: OfferStatus) -> Offer:
    offer = _get_to_change(session, actor, offer_id)
    LIFECYCLE.check(offer.status, status)
    offer.status = status
    offer.updated_at = clock.now()
    session.add(offer)
    session.flush()
    record(session, actor, f"offer.{status.value}", offer)
    return offer


def _follow_positions(offer: Offer) -> None:
    """Full when none is left, and open again when there is room."""
    if offer.status is OfferStatus.PUBLISHED and offer.positions_left == 0:
        offer.status = OfferStatus.FULL
    elif offer.status is OfferStatus.FULL and offer.positions_left > 0:
        offer.status = OfferStatus.PUBLISHED


def _organisation_for(session: Session, actor: Actor, organisation_id: UUID | None) -> Organisation:
    if organisation_id is not None:
        organisation = get_organisation(session, actor, organisation_id)
        require(policy.may_create(actor, organisation))
    else:
        require(policy.makes_offers(actor))
        own = own_organisations(session, actor)
        if len(own) != 1:
            raise Invalid({"organisation_id": _("Choose the organisation that makes this offer.")})
        organisation = own[0]
    if organisation.status is OrganisationStatus.CLOSED:
        raise OrganisationIsClosed
    return organisation


def _location_for(session: Session, organisation: Organisation, location_id: UUID | None) -> Location:
    """The one that was chosen, else the first."""
    locations = locations_of(session, organisation.id)
    if location_id is None and locations:
        return locations[0]
    chosen = next((location for location in locations if location.id == location_id), None)
    if chosen is None:
        raise Invalid({"location_id": _("Choose a location of this organisation.")})
    return chosen


def _columns(new: OfferInput, location: Location) -> dict[str, Any]:
    columns = new.model_dump(exclude={"organisation_id", "location_id"})
    if not asks_ground(new.kind):
        columns["on_school_ground"] = False
    if not new.supervised:
        columns["supervisor_name"] = ""
    return columns | {"location_id": location.id, "pc4": location.pc4}


def _too_few(taken: int) -> Any:
    return _("%(taken)s positions have been given already. Fill in that number or more.", taken=taken)


def _tell_the_contact_person(
    session: Session, actor: Actor, offer: Offer, organisation: Organisation
) -> None:
    contact = queries.details_of(session, actor, offer).contact
    if contact is not None and contact.email:
        language = language_of(session, contact)
        outbox.put(session, mails.offer_published(offer, organisation, contact, language))
