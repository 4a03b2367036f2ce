"""What happens to offers by itself: what is over is closed, and who has long stopped is forgotten."""

from datetime import timedelta

from sqlmodel import col, select

from service.audit.record import record
from service.core import clock
from service.core.actor import SYSTEM
from service.core.jobs import Begin, Job
from service.offers.lifecycle import LIVE
from service.offers.models import Offer, OfferStatus
from service.offers.retention import forget_idle_organisations, forget_supervisors

AT_A_TIME = 100


def close_what_is_over(begin: Begin) -> bool:
    """An offer is over the day after its last day."""
    with begin() as session:
        over = session.exec(
            select(Offer)
            .where(col(Offer.status).in_(LIVE), col(Offer.ends_on) < clock.today())
            .order_by(col(Offer.ends_on))
            .limit(AT_A_TIME)
            .with_for_update(skip_locked=True)
        ).all()
        for offer in over:
            offer.status = OfferStatus.CLOSED
            offer.updated_at = clock.now()
            session.add(offer)
            record(session, SYSTEM, "offer.closed", offer)
    return bool(over)


def forget_who_stopped(begin: Begin) -> bool:
    now = clock.now()
    with begin() as session:
        return bool(forget_idle_organisations(session, now) + forget_supervisors(session, now))


JOBS = (
    Job("close_offers", timedelta(hours=1), close_what_is_over),
    Job("forget_hosts", timedelta(hours=6), forget_who_stopped),
)
