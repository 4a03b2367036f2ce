"""Reading offers: one with where and whose it is, or a part of a list."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, cast, func, or_
from sqlmodel import Session, col, select

from service.core import clock
from service.core.actor import Actor
from service.core.errors import NotFound
from service.core.paging import PAGE_SIZE, Part, part_of
from service.offers import policy
from service.offers.lifecycle import LIVE
from service.offers.models import Offer, OfferStatus
from service.organisations.models import ContactPerson, Location, Organisation
from service.reference.catalogue import catalogue
from service.reference.models import Postcode

CONFIRM_AFTER = timedelta(days=182)


@dataclass(frozen=True, slots=True)
class Filters:
    text: str = ""
    sector: str = ""
    kind: str = ""
    place: str = ""
    status: str = ""
    is_stale: bool = False
    organisation_id: UUID | None = None
    sort: str = ""


@dataclass(frozen=True, slots=True)
class OfferRow:
    offer: Offer
    organisation: str
    place: str

    @property
    def is_stale(self) -> bool:
        return is_stale(self.offer)


@dataclass(frozen=True, slots=True)
class Details:
    """An offer with its organisation, its place and whom to ask."""

    offer: Offer
    organisation: Organisation
    location: Location | None
    contact: ContactPerson | None
    """Only for who may change the offer."""

    @property
    def place(self) -> str:
        if self.location is not None and self.location.place:
            return self.location.place
        found = catalogue().place(self.offer.pc4)
        return found.place if found else ""


def is_stale(offer: Offer) -> bool:
    """Whether its maker should be asked again if it still holds."""
    if offer.status not in LIVE:
        return False
    return offer.confirmed_at is None or offer.confirmed_at < clock.now() - CONFIRM_AFTER


def get_offer(session: Session, actor: Actor, offer_id: UUID, *, lock: bool = False) -> Offer:
    """Locked for who is going to change it, so that positions cannot move meanwhile."""
    query = policy.visible(actor).where(Offer.id == offer_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found: Offer | None = session.exec(query).first()
    if found is None:
        raise NotFound
    return found


def get_details(session: Session, actor: Actor, offer_id: UUID) -> Details:
    return details_of(session, actor, get_offer(session, actor, offer_id))


def details_of(session: Session, actor: Actor, offer: Offer) -> Details:
    """For who has the offer in hand already."""
    contact = None
    if policy.may_change(actor, offer):
        contact = session.exec(
            select(ContactPerson)
            .where(ContactPerson.organisation_id == offer.organisation_id)
            .order_by(col(ContactPerson.is_deputy))
        ).first()
    return Details(
        offer,
        session.get_one(Organisation, offer.organisation_id),
        session.get(Location, offer.location_id) if offer.location_id else None,
        contact,
    )


def list_public_offers(
    session: Session, actor: Actor, filters: Filters, page: int = 1, size: int = PAGE_SIZE
) -> Part[OfferRow]:
    """What somebody may go to: published, not over, and with room. Two statements, however many rows."""
    query = _filtered(_open(policy.visible(actor)), filters)
    return _rows(session, query, (filters.sort, "-published"), page, size)


def list_own_offers(
    session: Session, actor: Actor, filters: Filters, page: int = 1, size: int = PAGE_SIZE
) -> Part[OfferRow]:
    """For makers and coordinators: every state. Two statements, however many rows."""
    return _rows(session, _filtered(policy.visible(actor), filters), (filters.sort, "-created"), page, size)


def places_of_public_offers(session: Session, actor: Actor) -> Sequence[str]:
    """Municipalities to choose from."""
    offers = _open(policy.visible(actor)).subquery()
    found: Sequence[str] = session.exec(
        select(Postcode.municipality)
        .where(col(Postcode.pc4).in_(select(offers.c.pc4)))
        .distinct()
        .order_by(col(Postcode.municipality))
    ).all()
    return found


def _open(query: Any) -> Any:
    return query.where(
        Offer.status == OfferStatus.PUBLISHED,
        col(Offer.positions_taken) < col(Offer.positions),
        or_(col(Offer.ends_on).is_(None), col(Offer.ends_on) >= clock.today()),
    )


def _filtered(query: Any, filters: Filters) -> Any:
    if filters.organisation_id is not None:
        query = query.where(Offer.organisation_id == filters.organisation_id)
    if filters.kind:
        query = query.where(Offer.kind == filters.kind)
    if filters.sector in catalogue().sectors:
        # A JSON list as text reads ["ZORG", "ICT"] on every database; the codes hold letters only.
        query = query.where(cast(col(Offer.sectors), String).contains(f'"{filters.sector}"'))
    if filters.place:
        there = select(Postcode.pc4).where(Postcode.municipality == filters.place)
        query = query.where(col(Offer.pc4).in_(there))
    if filters.status in set(OfferStatus):
        query = query.where(Offer.status == OfferStatus(filters.status))
    if filters.is_stale:
        confirmed = col(Offer.confirmed_at)
        asked_again = or_(confirmed.is_(None), confirmed < clock.now() - CONFIRM_AFTER)
        query = query.where(col(Offer.status).in_(LIVE), asked_again)
    if filters.text:
        wanted = filters.text.lower()
        named = select(Organisation.id).where(
            func.lower(col(Organisation.name)).contains(wanted, autoescape=True)
        )
        in_title = func.lower(col(Offer.title)).contains(wanted, autoescape=True)
        query = query.where(or_(in_title, col(Offer.organisation_id).in_(named)))
    return query


def _rows(
    session: Session, query: Select[Any], sorts: tuple[str, ...], page: int, size: int
) -> Part[OfferRow]:
    """In the first order that exists."""
    columns: dict[str, Any] = {
        "title": func.lower(col(Offer.title)),
        "organisation": func.lower(col(Organisation.name)),
        "starts": func.coalesce(col(Offer.starts_on), clock.today()),
        "positions": col(Offer.positions) - col(Offer.positions_taken),
        "published": func.coalesce(col(Offer.published_at), col(Offer.created_at)),
        "confirmed": func.coalesce(col(Offer.confirmed_at), col(Offer.created_at)),
        "created": col(Offer.created_at),
    }
    sort = next(name for name in sorts if name.removeprefix("-") in columns)
    column = columns[sort.removeprefix("-")]
    ordered = (
        query.join(Organisation, col(Organisation.id) == col(Offer.organisation_id))
        .join(Postcode, col(Postcode.pc4) == col(Offer.pc4))
        .add_columns(col(Organisation.name), col(Postcode.place))
        .order_by(column.desc() if sort.startswith("-") else column, col(Offer.id))
    )
    part = part_of(session, ordered, page, size)
    return replace(part, rows=[OfferRow(*row) for row in part.rows])
