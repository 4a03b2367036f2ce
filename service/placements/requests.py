"""What a school asked is filled when everybody it asked for has a yes of both sides, else open again."""

from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select

from service.audit.record import record
from service.core.actor import Actor
from service.offers.models import Offer
from service.placements.lifecycle import SETTLED
from service.placements.models import Placement
from service.reference.catalogue import catalogue
from service.school_requests.models import SchoolRequest, SchoolRequestStatus, SchoolRequestYouth
from service.youth.models import Youth, YouthStatus

FOLLOWED = (SchoolRequestStatus.OPEN, SchoolRequestStatus.MATCHING, SchoolRequestStatus.FILLED)


def follow_requests(session: Session, actor: Actor, placement: Placement) -> None:
    """Looks at each request this placement may fill, or fill no longer."""
    offer = session.get_one(Offer, placement.offer_id)
    class_id = placement.class_id or session.get_one(Youth, placement.youth_id).class_id
    requests = session.exec(
        select(SchoolRequest)
        .where(
            SchoolRequest.school_id == placement.school_id,
            SchoolRequest.class_id == class_id,
            SchoolRequest.kind == offer.kind,
            col(SchoolRequest.status).in_(FOLLOWED),
        )
        .with_for_update()
    )
    for request in requests:
        _follow(session, actor, request)


def _follow(session: Session, actor: Actor, request: SchoolRequest) -> None:
    filled = _is_filled(session, request)
    if filled is (request.status is SchoolRequestStatus.FILLED):
        return
    request.status = SchoolRequestStatus.FILLED if filled else SchoolRequestStatus.OPEN
    session.add(request)
    session.flush()
    record(session, actor, f"school_request.{'filled' if filled else 'opened'}", request)


def _is_filled(session: Session, request: SchoolRequest) -> bool:
    if catalogue().kinds[request.kind].is_group:
        return bool(_settled(session, request, col(Placement.class_id) == request.class_id))
    asked = _asked_youths(session, request)
    return bool(asked) and asked <= _settled(session, request, col(Placement.youth_id).in_(asked))


def _asked_youths(session: Session, request: SchoolRequest) -> frozenset[UUID]:
    """Those who are named; when nobody is, everybody who is in the class now."""
    named = session.exec(
        select(Youth.id)
        .join(SchoolRequestYouth, col(SchoolRequestYouth.youth_id) == col(Youth.id))
        .where(SchoolRequestYouth.school_request_id == request.id, col(Youth.status) != YouthStatus.LEFT)
    ).all()
    members = (
        named
        or session.exec(
            select(Youth.id).where(Youth.class_id == request.class_id, col(Youth.status) != YouthStatus.LEFT)
        ).all()
    )
    return frozenset(members)


def _settled(session: Session, request: SchoolRequest, whose: ColumnElement[bool]) -> frozenset[UUID | None]:
    """Who has a yes of both sides for this kind in these days; days that are not known count."""
    rows = session.exec(
        select(Placement.youth_id)
        .join(Offer, col(Offer.id) == col(Placement.offer_id))
        .where(
            whose,
            Offer.kind == request.kind,
            col(Placement.status).in_(SETTLED),
            or_(col(Placement.starts_on).is_(None), col(Placement.starts_on) <= request.ends_on),
            or_(col(Placement.ends_on).is_(None), col(Placement.ends_on) >= request.starts_on),
        )
    ).all()
    return frozenset(rows)
