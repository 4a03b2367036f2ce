"""One step of a placement: its state, its position, what was asked about it, calendars, the request."""

from sqlmodel import Session, col, select

from service.audit.record import record
from service.core import clock
from service.core.actor import Actor
from service.core.db import TO_CHANGE
from service.matchmaking.models import RefusalCode, Suggestion, SuggestionStatus
from service.offers.positions import free_positions
from service.placements import questions
from service.placements.lifecycle import FREES_POSITION, LIFECYCLE, OVER, SETTLED, WAITING
from service.placements.models import Placement, PlacementStatus
from service.placements.requests import follow_requests

REFUSAL_AFTER = {
    PlacementStatus.DECLINED_BY_YOUTH: RefusalCode.DECLINED_BY_YOUTH,
    PlacementStatus.DECLINED_BY_HOST: RefusalCode.DECLINED_BY_HOST,
    PlacementStatus.EXPIRED: RefusalCode.NO_ANSWER,
    PlacementStatus.WITHDRAWN: RefusalCode.OTHER,
}


def step(session: Session, actor: Actor, placement: Placement, to: PlacementStatus) -> None:
    """Checks the step, frees positions where they come free, and writes it down."""
    session.flush()  # what the caller has set would be lost when the row is read again
    session.refresh(placement, with_for_update=TO_CHANGE)
    LIFECYCLE.check(placement.status, to)
    was_settled = placement.status in SETTLED
    placement.status = to
    if to not in WAITING:
        placement.due_at = None
        placement.other_starts_on = placement.other_ends_on = None
    if to in OVER:
        placement.ended_at = clock.now()
    if to in FREES_POSITION:
        _give_back(session, placement)
    session.add(placement)
    questions.close_answered(session, placement)
    if to is PlacementStatus.CONFIRMED or (to in FREES_POSITION and placement.is_in_calendars):
        tell_calendars(placement)
    session.flush()
    if was_settled or to in SETTLED:
        follow_requests(session, actor, placement)
    record(session, actor, f"placement.{to}", placement)


def tell_calendars(placement: Placement) -> None:
    """A higher number makes a calendar program replace what it has."""
    placement.calendar_number += 1
    placement.calendar_due_at = clock.now()


def _give_back(session: Session, placement: Placement) -> None:
    """The position, and to the seeker what had been put aside for it."""
    free_positions(session, placement.offer_id, placement.positions)
    suggestion = session.get_one(Suggestion, placement.suggestion_id)
    suggestion.status = SuggestionStatus.REFUSED
    suggestion.refusal_code = REFUSAL_AFTER[placement.status]
    session.add(suggestion)
    put_aside = session.exec(
        select(Suggestion).where(
            col(Suggestion.replaced_by) == suggestion.id,
            col(Suggestion.status) == SuggestionStatus.REPLACED,
        )
    )
    for other in put_aside:
        other.sqlmodel_update(
            {
                "status": SuggestionStatus.PROPOSED,
                "replaced_by": None,
                "decided_at": None,
                "decided_by": None,
            }
        )
        session.add(other)
