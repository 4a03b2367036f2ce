"""Reads what a run needs: who seeks, what is offered, what people have ruled out."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select

from service.matchmaking.caps import left_this_month
from service.matchmaking.engine import ClassMaterial, Material
from service.matchmaking.models import Run, Suggestion, SuggestionStatus
from service.offers.models import Offer, OfferStatus
from service.organisations.models import Location, Organisation, OrganisationStatus
from service.programmes.models import Programme
from service.reference.catalogue import catalogue
from service.school_requests.models import SchoolRequest, SchoolRequestYouth
from service.youth.models import SchoolClass, Youth, YouthStatus


def material_of(session: Session, run: Run, on: date) -> Material:
    programme = session.get_one(Programme, run.programme_id)
    request = session.get_one(SchoolRequest, run.school_request_id) if run.school_request_id else None
    youths = _seeking_youths(session, run, request)
    is_group = request is not None and catalogue().kinds[request.kind].is_group
    period = (request.starts_on, request.ends_on) if request else None
    free, elsewhere = _by_days(youths, period)
    offers = _offers(session, programme, request)
    return Material(
        programme=programme,
        youths=[] if is_group else free,
        youths_elsewhere=[] if is_group else elsewhere,
        classes=_classes(youths) if is_group else [],
        offers=offers,
        asked_enough=_asked_enough(session, offers),
        school_pc4=_school_postcodes(session, {youth.school_id for youth in youths}),
        blocked=_blocked(session, programme),
        top=programme.suggestions_each,
        period=period,
        on=on,
    )


def _by_days(youths: Sequence[Youth], period: tuple[date, date] | None) -> tuple[list[Youth], list[Youth]]:
    """Those who are there on some day of the period, and those who are not."""
    free: list[Youth] = []
    elsewhere: list[Youth] = []
    first, last = period or (date.min, date.max)
    for youth in youths:
        starts, ends = youth.available_from or first, youth.available_until or last
        (free if starts <= last and ends >= first else elsewhere).append(youth)
    return free, elsewhere


def _seeking_youths(session: Session, run: Run, request: SchoolRequest | None) -> Sequence[Youth]:
    query = select(Youth).where(col(Youth.status) != YouthStatus.LEFT)
    if run.youth_id is not None:
        return session.exec(query.where(Youth.id == run.youth_id)).all()
    if request is not None:
        return session.exec(query.where(col(Youth.id).in_(_asked_youths(request)))).all()
    placed = select(Suggestion.youth_id).where(
        Suggestion.programme_id == run.programme_id,
        Suggestion.status == SuggestionStatus.APPROVED,
        col(Suggestion.youth_id).is_not(None),
    )
    of_programme = select(SchoolClass.id).where(SchoolClass.programme_id == run.programme_id)
    return session.exec(
        query.where(
            Youth.status == YouthStatus.ACTIVE,
            col(Youth.class_id).in_(of_programme),
            col(Youth.id).not_in(placed),
        )
    ).all()


def _asked_youths(request: SchoolRequest) -> Any:
    """Those who are named; a request that names nobody is for everyone in the class."""
    named = select(SchoolRequestYouth.youth_id).where(SchoolRequestYouth.school_request_id == request.id)
    return (
        select(Youth.id)
        .where(Youth.school_id == request.school_id)
        .where(
            or_(
                col(Youth.id).in_(named),
                (col(Youth.class_id) == request.class_id) & ~named.exists(),
            )
        )
    )


def _classes(youths: Sequence[Youth]) -> list[ClassMaterial]:
    members: dict[UUID, list[Youth]] = defaultdict(list)
    for youth in youths:
        members[youth.class_id].append(youth)
    return [ClassMaterial(class_id, group) for class_id, group in members.items()]


def _offers(session: Session, programme: Programme, request: SchoolRequest | None) -> Sequence[Offer]:
    """Published offers with room, in the programme's kinds and season; a request narrows kind and period."""
    kinds = [request.kind] if request else programme.kinds
    first, last = (
        (request.starts_on, request.ends_on) if request else (programme.starts_on, programme.ends_on)
    )
    return session.exec(
        select(Offer)
        .join(Organisation, col(Organisation.id) == col(Offer.organisation_id))
        .where(
            Offer.status == OfferStatus.PUBLISHED,
            Organisation.status == OrganisationStatus.ACTIVE,
            col(Offer.kind).in_(kinds),
            col(Offer.positions_taken) < col(Offer.positions),
            or_(col(Offer.starts_on).is_(None), col(Offer.starts_on) <= last),
            or_(col(Offer.ends_on).is_(None), col(Offer.ends_on) >= first),
        )
    ).all()


def _asked_enough(session: Session, offers: Sequence[Offer]) -> frozenset[UUID]:
    left = left_this_month(session, {offer.organisation_id for offer in offers})
    return frozenset(offer.id for offer in offers if left.get(offer.organisation_id) == 0)


def _school_postcodes(session: Session, schools: set[UUID]) -> dict[UUID, str]:
    """Where each school's youths leave from when they have not said; the first location by age of the row."""
    rows = session.exec(
        select(Location)
        .where(col(Location.organisation_id).in_(schools))
        .order_by(col(Location.created_at), col(Location.id))
    )
    found: dict[UUID, str] = {}
    for row in rows:
        found.setdefault(row.organisation_id, row.pc4)
    return found


def _blocked(session: Session, programme: Programme) -> frozenset[tuple[UUID, UUID]]:
    """What a person has refused is not proposed again in the same programme."""
    rows = session.exec(
        select(Suggestion.youth_id, Suggestion.class_id, Suggestion.offer_id).where(
            Suggestion.programme_id == programme.id, Suggestion.status == SuggestionStatus.REFUSED
        )
    )
    return frozenset((youth or school_class, offer) for youth, school_class, offer in rows)  # type: ignore[misc]
