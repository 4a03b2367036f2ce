"""«Why not?» for one youth and one offer: a coordinator asks, the worker answers, the page shows it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select, update

from service.core import clock
from service.core.jobs import Begin, claim
from service.core.logs import get_logger
from service.matchmaking import engine
from service.matchmaking.caps import left_this_month
from service.matchmaking.material import material_of
from service.matchmaking.models import PairQuestion, Run, RunStatus, Suggestion, SuggestionStatus
from service.matchmaking.scarcity import latest_allocated_run, terms_of, waiting_youths
from service.offers.models import Offer, OfferStatus
from service.organisations.models import Organisation, OrganisationStatus
from service.programmes.models import Programme
from service.youth.models import Youth, YouthStatus

MOST_ATTEMPTS = 5

log = get_logger(__name__)


@dataclass(frozen=True)
class Asked:
    """A question with everything its answer needs."""

    youth_id: UUID
    offer: Offer
    outside: list[str]
    material: engine.Material
    is_meant: bool
    """The last run that gave out positions means this one for this youth."""
    division: "Division | None"
    """Of that run, when it means the position for somebody else or for nobody."""


@dataclass(frozen=True)
class Division:
    """A run to be divided again: who still waits for what it proposed, and what is there for them now."""

    material: engine.Material
    terms: engine.Terms


def answer_question(begin: Begin) -> bool:
    """One question from due to answered; killed anywhere, it becomes due again when its lease ends."""
    with begin(read_only=True) as session:
        if _find_due(session) is None:
            return False
    engine.load()
    with begin() as session:
        question = _find_due(session)
        lease = begin.lease_end()
        if question is None or not claim(session, PairQuestion, question, lease):
            return False
        attempts = question.attempts + 1
        session.exec(
            update(PairQuestion).where(col(PairQuestion.id) == question.id).values(attempts=attempts)
        )
        question_id = question.id
    answer: dict[str, Any] = {}
    if attempts <= MOST_ATTEMPTS:
        with begin(read_only=True) as session:
            asked = _asked(session, session.get_one(PairQuestion, question_id))
            session.expunge_all()
        answer = _answer(asked)
    _write(begin, question_id, lease, answer)
    return True


def _find_due(session: Session) -> PairQuestion | None:
    return session.exec(
        select(PairQuestion)
        .where(col(PairQuestion.due_at) <= clock.now())
        .order_by(col(PairQuestion.due_at), col(PairQuestion.id))
        .limit(1)
    ).first()


def _asked(session: Session, question: PairQuestion) -> Asked:
    as_if = Run(
        programme_id=question.programme_id,
        youth_id=question.youth_id,
        status=RunStatus.QUEUED,
        created_at=clock.now(),
    )
    run = latest_allocated_run(session, question.programme_id, question.youth_id)
    proposed = None if run is None else _proposed(session, question, run)
    is_meant = proposed is not None and proposed.allocated_at is not None
    return Asked(
        youth_id=question.youth_id,
        offer=session.get_one(Offer, question.offer_id),
        outside=_outside(session, question),
        material=material_of(session, as_if, clock.today()),
        is_meant=is_meant,
        division=None if run is None or is_meant else _division(session, run),
    )


def _division(session: Session, run: Run) -> Division:
    """Who got something approved has it, and his position is no longer there."""
    waiting = waiting_youths(session, run)
    material = material_of(session, run, clock.today())
    return Division(
        material=replace(material, youths=[youth for youth in material.youths if youth.id in waiting]),
        terms=terms_of(session, run, material.offers, waiting),
    )


def _proposed(session: Session, question: PairQuestion, run: Run) -> Suggestion | None:
    return session.exec(
        select(Suggestion).where(
            Suggestion.run_id == run.id,
            Suggestion.youth_id == question.youth_id,
            Suggestion.offer_id == question.offer_id,
            Suggestion.status == SuggestionStatus.PROPOSED,
        )
    ).first()


def _outside(session: Session, question: PairQuestion) -> list[str]:
    """Why a run does not look at the youth or the offer at all."""
    youth = session.get_one(Youth, question.youth_id)
    offer = session.get_one(Offer, question.offer_id)
    host = session.get_one(Organisation, offer.organisation_id)
    programme = session.get_one(Programme, question.programme_id)
    may_be_asked = left_this_month(session, [host.id]).get(host.id, 1) > 0
    approved = _approved_offers(session, question)
    why = {
        "pair_is_approved": offer.id in approved,
        "youth_has_position": bool(approved - {offer.id}),
        "youth_has_left": youth.status is YouthStatus.LEFT,
        "offer_not_published": offer.status not in {OfferStatus.PUBLISHED, OfferStatus.FULL},
        "offer_is_full": offer.status is OfferStatus.FULL or offer.positions_left < 1,
        "host_is_not_active": host.status is not OrganisationStatus.ACTIVE,
        "host_asked_enough": not may_be_asked,
        "kind_not_in_programme": offer.kind not in programme.kinds,
        "outside_season": not _in_season(offer, programme.starts_on, programme.ends_on),
    }
    return [code for code, stands in why.items() if stands]


def _approved_offers(session: Session, question: PairQuestion) -> set[UUID]:
    """What somebody said yes to for this youth in this programme; a run for all leaves him out then."""
    return set(
        session.exec(
            select(Suggestion.offer_id).where(
                Suggestion.programme_id == question.programme_id,
                Suggestion.youth_id == question.youth_id,
                Suggestion.status == SuggestionStatus.APPROVED,
            )
        )
    )


def _in_season(offer: Offer, first: date, last: date) -> bool:
    return (offer.starts_on is None or offer.starts_on <= last) and (
        offer.ends_on is None or offer.ends_on >= first
    )


def _answer(asked: Asked) -> dict[str, Any]:
    if asked.outside:
        return {"outside": asked.outside, "forbidding": [], "parts": [], **_as_if_free(asked)}
    try:
        told = engine.explain(engine.problem_of(asked.material), asked.youth_id, asked.offer.id)
        if asked.division is not None and not told["forbidding"]:
            told["withheld"] = engine.why_not_allocated(
                asked.division.material, asked.division.terms, (asked.youth_id, asked.offer.id)
            )
    except engine.EngineFault as error:
        log.warning("question_refused", kind=type(error).__name__)
        return {}
    return {"outside": [], "is_meant": asked.is_meant, **told}


def _as_if_free(asked: Asked) -> dict[str, Any]:
    """What else there is to say of a pair no run looks at; nothing of a youth who left or half an offer."""
    if not asked.material.youths:
        return {}
    try:
        return engine.explain_as_if_free(asked.material, asked.youth_id, asked.offer)
    except engine.EngineFault:
        return {}


def _write(begin: Begin, question_id: UUID, lease: datetime, answer: dict[str, Any]) -> None:
    """Unless another worker took it up in the meantime."""
    with begin() as session:
        session.exec(
            update(PairQuestion)
            .where(col(PairQuestion.id) == question_id, col(PairQuestion.due_at) == lease)
            .values(answer=answer, answered_at=clock.now() if answer else None, due_at=None)
        )
