"""Reads what an allocation needs beside a run's proposals: hosts, what is spoken for, earlier luck.

Two moments are read: before a run allocates (`terms_of`), and afterwards, as things stand (`standing_of`).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from service.core import clock
from service.matchmaking.caps import left_this_month
from service.matchmaking.engine import Pair, Standing, Terms
from service.matchmaking.models import RefusalCode, Run, RunStatus, Suggestion, SuggestionStatus
from service.offers.models import Offer, OfferStatus
from service.programmes.models import Programme

BY_THE_HOST = (RefusalCode.DECLINED_BY_HOST, RefusalCode.HOST_CANNOT)
UNDECIDED = (SuggestionStatus.PROPOSED, SuggestionStatus.EXPIRED)
DECIDED = (SuggestionStatus.APPROVED, SuggestionStatus.REFUSED, SuggestionStatus.REPLACED)


def terms_of(
    session: Session,
    run: Run,
    offers: Sequence[Offer],
    seekers: Collection[UUID],
    *,
    whole_season: bool = False,
) -> Terms:
    """For a run that is about to allocate to these youths; a month's cap binds no season."""
    programme = session.get_one(Programme, run.programme_id)
    hosts = {offer.id: offer.organisation_id for offer in offers}
    caps = _caps_left(session, programme, set(hosts.values()))
    if not whole_season:
        for host, left in left_this_month(session, set(hosts.values())).items():
            caps[host] = min(left, caps.get(host, left))
    return Terms(
        hosts=hosts,
        maxima=_room(session, offers, seekers),
        caps=caps,
        credit=_credit(session, run, seekers),
        previous=_previous(session, run, seekers),
    )


def standing_of(session: Session, run: Run, fallen: Suggestion | None = None) -> Standing:
    """A run's proposals as they stand: what is still open or approved, and the pair that fell away."""
    rows = session.exec(
        select(Suggestion).where(Suggestion.run_id == run.id, col(Suggestion.youth_id).is_not(None))
    ).all()
    placed = {one.youth_id for one in rows if one.status is SuggestionStatus.APPROVED}
    candidates = [
        one
        for one in rows
        if one.status is SuggestionStatus.APPROVED
        or (one.status is SuggestionStatus.PROPOSED and one.youth_id not in placed)
        or (fallen is not None and one.id == fallen.id)
    ]
    offers = _offers(session, {one.offer_id for one in candidates})
    youths = {one.youth_id for one in candidates if one.youth_id is not None}
    terms = terms_of(session, run, offers, youths)
    approved = Counter(one.offer_id for one in candidates if one.status is SuggestionStatus.APPROVED)
    caps: Counter[UUID] = Counter()
    for offer_id, many in approved.items():
        caps[terms.hosts[offer_id]] += many
    return Standing(
        candidates=tuple((_pair(one), one.score) for one in candidates),
        made=frozenset(
            _pair(one)
            for one in candidates
            if one.status is SuggestionStatus.APPROVED or one.allocated_at is not None
        ),
        fixed=frozenset(_pair(one) for one in candidates if one.status is SuggestionStatus.APPROVED),
        terms=Terms(
            hosts=terms.hosts,
            maxima={offer.id: terms.maxima[offer.id] + approved[offer.id] for offer in offers},
            caps={host: left + caps[host] for host, left in terms.caps.items()},
            credit=terms.credit,
            previous=terms.previous,
        ),
        seed=run.seed,
    )


def waiting_youths(session: Session, run: Run) -> set[UUID]:
    """Whom the run proposed something that is open still, and nothing that was approved."""
    rows = session.exec(
        select(Suggestion.youth_id, Suggestion.status).where(
            Suggestion.run_id == run.id, col(Suggestion.youth_id).is_not(None)
        )
    ).all()
    placed = {youth for youth, status in rows if status is SuggestionStatus.APPROVED}
    open_to = {youth for youth, status in rows if status is SuggestionStatus.PROPOSED}
    return {youth for youth in open_to - placed if youth is not None}


def latest_allocated_run(session: Session, programme_id: UUID, youth_id: UUID) -> Run | None:
    """The newest run that gave out positions among others and proposed something to this youth."""
    proposed = select(Suggestion.run_id).where(
        Suggestion.youth_id == youth_id, Suggestion.status == SuggestionStatus.PROPOSED
    )
    return session.exec(
        select(Run)
        .where(
            Run.programme_id == programme_id,
            Run.status == RunStatus.DONE,
            col(Run.youth_id).is_(None),
            col(Run.id).in_(proposed),
        )
        .order_by(col(Run.finished_at).desc())
        .limit(1)
    ).first()


def _pair(suggestion: Suggestion) -> Pair:
    assert suggestion.youth_id is not None
    return suggestion.youth_id, suggestion.offer_id


def _offers(session: Session, ids: Iterable[UUID]) -> Sequence[Offer]:
    return session.exec(select(Offer).where(col(Offer.id).in_(set(ids)))).all()


def _room(session: Session, offers: Sequence[Offer], seekers: Collection[UUID]) -> dict[UUID, int]:
    """Positions left, without those that are meant for somebody outside this run already."""
    meant = session.exec(
        select(Suggestion.offer_id, Suggestion.youth_id).where(
            Suggestion.status == SuggestionStatus.PROPOSED,
            col(Suggestion.allocated_at).is_not(None),
            col(Suggestion.offer_id).in_({offer.id for offer in offers}),
        )
    )
    others = Counter(offer_id for offer_id, youth_id in meant if youth_id not in seekers)
    return {
        offer.id: max(0, offer.positions_left - others[offer.id])
        if offer.status is OfferStatus.PUBLISHED
        else 0
        for offer in offers
    }


def _caps_left(session: Session, programme: Programme, hosts: set[UUID]) -> dict[UUID, int]:
    """What each host may still take in this programme; empty when the programme has no cap."""
    if programme.cap_per_host is None:
        return {}
    taken = dict(
        session.exec(
            select(Offer.organisation_id, func.count(col(Suggestion.id)))
            .join(Offer, col(Offer.id) == col(Suggestion.offer_id))
            .where(
                Suggestion.programme_id == programme.id,
                Suggestion.status == SuggestionStatus.APPROVED,
                col(Suggestion.youth_id).is_not(None),
            )
            .group_by(col(Offer.organisation_id))
        ).all()
    )
    return {host: max(0, programme.cap_per_host - taken.get(host, 0)) for host in hosts}


def _credit(session: Session, run: Run, seekers: Collection[UUID]) -> dict[UUID, int]:
    """One for each time a host said no, and for each earlier day on which no position was left."""
    refused = session.exec(
        select(Suggestion.youth_id).where(
            Suggestion.programme_id == run.programme_id,
            Suggestion.status == SuggestionStatus.REFUSED,
            col(Suggestion.refusal_code).in_(BY_THE_HOST),
        )
    )
    credit = Counter(youth_id for youth_id in refused if youth_id in seekers)
    for youth_id, days in _days_left_out(session, run).items():
        if youth_id in seekers:
            credit[youth_id] += len(days)
    return {youth_id: times for youth_id, times in credit.items() if youth_id is not None}


def _days_left_out(session: Session, run: Run) -> dict[UUID, set[date]]:
    """Pressing the button twice on one day is no bad luck twice."""
    rows: Any = session.exec(
        select(
            Suggestion.youth_id,
            Run.finished_at,
            func.max(Suggestion.allocated_at),
            func.count(col(Suggestion.decided_at)),
        )
        .join(Run, col(Run.id) == col(Suggestion.run_id))
        .where(*_earlier_runs(run), col(Suggestion.youth_id).is_not(None))
        .group_by(col(Suggestion.youth_id), col(Run.id), col(Run.finished_at))
    )
    today = _day(run.started_at or clock.now())
    found: dict[UUID, set[date]] = defaultdict(set)
    for youth_id, finished_at, allocated_at, decided in rows:
        day = _day(finished_at)
        if allocated_at is None and not decided and day < today:
            found[youth_id].add(day)
    return found


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.AMSTERDAM).date()


def _previous(session: Session, run: Run, seekers: Collection[UUID]) -> frozenset[Pair] | None:
    """What the last run of the same sort meant for these youths; None when there was none."""
    before = session.exec(
        select(Run)
        .where(*_earlier_runs(run), Run.school_request_id == run.school_request_id)
        .order_by(col(Run.finished_at).desc())
        .limit(1)
    ).first()
    if before is None:
        return None
    rows = session.exec(
        select(Suggestion).where(
            Suggestion.run_id == before.id,
            col(Suggestion.allocated_at).is_not(None),
            col(Suggestion.status).in_(UNDECIDED),
        )
    )
    return frozenset(_pair(one) for one in rows if one.youth_id in seekers)


def _earlier_runs(run: Run) -> tuple[Any, ...]:
    """Runs that gave out positions among several, before this one."""
    return (
        Run.programme_id == run.programme_id,
        Run.status == RunStatus.DONE,
        col(Run.youth_id).is_(None),
        Run.id != run.id,
        col(Run.created_at) <= run.created_at,
    )
