"""Why a youth has nothing: what the last run could not find, or what became of what it proposed."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from service.matchmaking.models import RefusalCode, RunGap, Suggestion, SuggestionStatus
from service.offers.models import Offer, OfferStatus

OFFER_FULL = "offer_full"
OFFER_CLOSED = "offer_closed"
REFUSED = "refused_"
"""Before the code of the refusal."""
STANDING = (SuggestionStatus.PROPOSED, SuggestionStatus.APPROVED, SuggestionStatus.REFUSED)


@dataclass(frozen=True, slots=True)
class WhyNothing:
    """The causes, what says most first, and the run they are of."""

    run_id: UUID
    causes: Sequence[Mapping[str, Any]]
    has_fallen_away: bool
    """There were proposals; only a new run knows what else there is, and what would help now."""


def why_nothing(session: Session, youth_id: UUID) -> WhyNothing | None:
    """None for who has an open proposal or something approved, and for whom no run has looked."""
    gap = _gap(session, youth_id)
    if gap is not None:
        return WhyNothing(gap.run_id, weightiest_first(gap.causes), has_fallen_away=False)
    return _fallen_away(session, youth_id)


def weightiest_first(causes: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What alone keeps most offers away comes first: with that one gone, they are there."""
    return sorted(causes, key=lambda cause: (-cause["alone"], -cause["offers"]))


def _gap(session: Session, youth_id: UUID) -> RunGap | None:
    """What the last run could not find, unless a later one proposed something."""
    last_proposal = select(func.max(Suggestion.created_at)).where(Suggestion.youth_id == youth_id)
    return session.exec(
        select(RunGap)
        .where(
            RunGap.youth_id == youth_id,
            (RunGap.created_at > last_proposal.scalar_subquery())
            | ~select(Suggestion.id).where(Suggestion.youth_id == youth_id).exists(),
        )
        .order_by(col(RunGap.created_at).desc())
        .limit(1)
    ).first()


def _fallen_away(session: Session, youth_id: UUID) -> WhyNothing | None:
    """Each offer once, by what became of the newest proposal for it."""
    rows = session.exec(
        select(Suggestion, Offer)
        .join(Offer, col(Offer.id) == col(Suggestion.offer_id))
        .where(Suggestion.youth_id == youth_id, col(Suggestion.status).in_(STANDING))
        .order_by(col(Suggestion.created_at).desc(), col(Suggestion.id))
    ).all()
    codes: dict[UUID, str] = {}
    for suggestion, offer in rows:
        code = _cause(suggestion, offer)
        if code is None:
            return None
        codes.setdefault(suggestion.offer_id, code)
    if not codes:
        return None
    causes = [
        {"code": code, "offers": offers, "alone": offers} for code, offers in Counter(codes.values()).items()
    ]
    return WhyNothing(rows[0][0].run_id, weightiest_first(causes), has_fallen_away=True)


def _cause(suggestion: Suggestion, offer: Offer) -> str | None:
    """Why nothing comes of a proposal; None while something may, or does."""
    if suggestion.status is SuggestionStatus.REFUSED:
        return REFUSED + (suggestion.refusal_code or RefusalCode.OTHER)
    if suggestion.status is SuggestionStatus.APPROVED or offer.status is OfferStatus.PUBLISHED:
        return None
    return OFFER_FULL if offer.status is OfferStatus.FULL else OFFER_CLOSED
