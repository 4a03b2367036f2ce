"""For how many a host may still be asked this month, as far as proposals tell; approval counts once more.

A host who heard of somebody that then said no counts there and not here, so a run may propose one too many.
"""

from collections.abc import Collection
from datetime import UTC, datetime, time
from uuid import UUID

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from service.core import clock
from service.matchmaking.models import RefusalCode, Suggestion, SuggestionStatus
from service.offers.models import Offer
from service.organisations.models import Organisation


def left_this_month(session: Session, hosts: Collection[UUID]) -> dict[UUID, int]:
    """By host; who set no cap of his own is not in it. One cap over all programmes, schools and kinds."""
    most = dict(
        session.exec(
            select(Organisation.id, Organisation.monthly_cap).where(
                col(Organisation.id).in_(hosts), col(Organisation.monthly_cap).is_not(None)
            )
        ).all()
    )
    asked = _asked_this_month(session, most)
    return {host: max(0, (cap or 0) - asked.get(host, 0)) for host, cap in most.items()}


def _asked_this_month(session: Session, hosts: Collection[UUID]) -> dict[UUID, int]:
    """Each yes of a coordinator since the first, unless it fell away before the host had to answer."""
    if not hosts:
        return {}
    first = datetime.combine(clock.today().replace(day=1), time(), clock.AMSTERDAM).astimezone(UTC)
    return dict(
        session.exec(
            select(Offer.organisation_id, func.count(col(Suggestion.id)))
            .join(Offer, col(Offer.id) == col(Suggestion.offer_id))
            .where(
                col(Offer.organisation_id).in_(hosts),
                col(Suggestion.decided_at) >= first,
                or_(
                    col(Suggestion.status) == SuggestionStatus.APPROVED,
                    (col(Suggestion.status) == SuggestionStatus.REFUSED)
                    & (col(Suggestion.refusal_code) == RefusalCode.DECLINED_BY_HOST),
                ),
            )
            .group_by(col(Offer.organisation_id))
        ).all()
    )
