"""Who sees runs and suggestions, and who decides."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, true
from sqlmodel import col, select

from service.core.actor import Actor
from service.core.errors import require
from service.matchmaking.models import PairQuestion, Run, Suggestion, SuggestionStatus
from service.offers.models import Offer
from service.offers.policy import may_change as may_change_offer
from service.programmes.models import Programme
from service.school_requests.models import SchoolRequest
from service.youth.models import Youth

SHOWN_TO_YOUTHS = (SuggestionStatus.PROPOSED, SuggestionStatus.APPROVED)


def _any_of(conditions: list[ColumnElement[bool]]) -> ColumnElement[bool]:
    return or_(*conditions) if conditions else false()


def visible_runs(actor: Actor) -> Any:
    """Coordinators see the runs of their programmes, schools those of their requests, a youth his own."""
    require(not actor.is_guest)
    conditions: list[ColumnElement[bool]] = []
    if actor.is_system:
        conditions.append(true())
    if actor.programme_ids:
        conditions.append(col(Run.programme_id).in_(actor.programme_ids))
    if actor.school_ids or actor.class_ids:
        asked = select(SchoolRequest.id).where(
            or_(
                col(SchoolRequest.school_id).in_(actor.school_ids),
                col(SchoolRequest.class_id).in_(actor.class_ids),
            )
        )
        conditions.append(col(Run.school_request_id).in_(asked))
    if actor.youth_id:
        conditions.append(col(Run.youth_id) == actor.youth_id)
    return select(Run).where(_any_of(conditions))


def visible_suggestions(actor: Actor) -> Any:
    """Hosts see none: before approval they get counts only."""
    require(not actor.is_guest)
    conditions: list[ColumnElement[bool]] = []
    if actor.is_system:
        conditions.append(true())
    if actor.programme_ids:
        conditions.append(col(Suggestion.programme_id).in_(actor.programme_ids))
    if actor.school_ids:
        conditions.append(col(Suggestion.school_id).in_(actor.school_ids))
    if actor.class_ids:
        mine = select(Youth.id).where(col(Youth.class_id).in_(actor.class_ids))
        conditions.append(
            or_(col(Suggestion.youth_id).in_(mine), col(Suggestion.class_id).in_(actor.class_ids))
        )
    if actor.youth_id:
        conditions.append(
            (col(Suggestion.youth_id) == actor.youth_id) & col(Suggestion.status).in_(SHOWN_TO_YOUTHS)
        )
    return select(Suggestion).where(_any_of(conditions))


def visible_questions(actor: Actor) -> Any:
    """Why a youth does not get an offer is for who decides: coordinators of the programme."""
    require(not actor.is_guest)
    return select(PairQuestion).where(col(PairQuestion.programme_id).in_(actor.programme_ids))


def may_ask_why_not(actor: Actor, programme_id: UUID) -> bool:
    return programme_id in actor.programme_ids


def may_see_help_for_offer(actor: Actor, offer: Offer) -> bool:
    """Its maker, and who looks for hosts."""
    return may_change_offer(actor, offer)


def may_run(actor: Actor, programme: Programme) -> bool:
    return programme.id in actor.programme_ids


def may_run_for_request(actor: Actor, request: SchoolRequest) -> bool:
    return request.programme_id in actor.programme_ids or request.school_id in actor.school_ids


def may_stop(actor: Actor, run: Run) -> bool:
    return run.programme_id in actor.programme_ids or (
        run.youth_id is not None and run.youth_id == actor.youth_id
    )


def may_decide(actor: Actor, suggestion: Suggestion) -> bool:
    """A person decides: a coordinator of the programme, never the system."""
    return suggestion.programme_id in actor.programme_ids
