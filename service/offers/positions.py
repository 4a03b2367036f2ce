"""Scarce positions: taken and given back by compare-and-swap, so that none is ever given twice."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col

from service.core.errors import NotFound
from service.offers.errors import OfferIsFull, OfferIsNotOpen, PositionsNotTaken
from service.offers.lifecycle import SHOWN
from service.offers.models import Offer, OfferStatus


def take_positions(session: Session, offer_id: UUID, number: int) -> None:
    """Of many at the same moment on the last position exactly one goes on; the others get OfferIsFull."""
    _at_least_one(number)
    taken = col(Offer.positions_taken)
    done = _swap(
        session,
        col(Offer.id) == offer_id,
        col(Offer.status).in_(SHOWN),
        taken + number <= col(Offer.positions),
        positions_taken=taken + number,
    )
    if not done:
        raise _why_not(session, offer_id)
    _swap(
        session,
        col(Offer.id) == offer_id,
        col(Offer.status) == OfferStatus.PUBLISHED,
        taken == col(Offer.positions),
        status=OfferStatus.FULL,
    )
    _read_again(session, offer_id)


def free_positions(session: Session, offer_id: UUID, number: int) -> None:
    """Gives positions back; a full offer opens again, a paused or closed one stays as it is."""
    _at_least_one(number)
    taken = col(Offer.positions_taken)
    if not _swap(session, col(Offer.id) == offer_id, taken >= number, positions_taken=taken - number):
        raise PositionsNotTaken if session.get(Offer, offer_id) else NotFound
    _swap(
        session,
        col(Offer.id) == offer_id,
        col(Offer.status) == OfferStatus.FULL,
        taken < col(Offer.positions),
        status=OfferStatus.PUBLISHED,
    )
    _read_again(session, offer_id)


def _at_least_one(number: int) -> None:
    if number < 1:
        raise ValueError("positions are taken and given back by one or more")


def _swap(session: Session, *which: ColumnElement[bool], **values: Any) -> bool:
    """One statement that looks and writes at once; whether it found the row as it had to be."""
    statement = update(Offer).where(*which).values(**values)
    done = session.execute(statement, execution_options={"synchronize_session": False})
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def _why_not(session: Session, offer_id: UUID) -> Exception:
    offer = session.get(Offer, offer_id, populate_existing=True)
    if offer is None:
        return NotFound()
    return OfferIsFull() if offer.status in SHOWN else OfferIsNotOpen()


def _read_again(session: Session, offer_id: UUID) -> None:
    """A row that was loaded before must not show, or write back, what was there before."""
    session.get(Offer, offer_id, populate_existing=True)
