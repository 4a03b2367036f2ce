"""The worker's part when a position falls free: who is next in line gets it as his proposal.

Computed with no transaction open and written at once; a second worker finds nothing left to do.
"""

from uuid import UUID

from sqlmodel import Session, col, select

from service.audit.record import record
from service.core import clock
from service.core.actor import SYSTEM
from service.core.jobs import Begin
from service.core.logs import get_logger
from service.matchmaking import engine
from service.matchmaking.models import Run, Suggestion, SuggestionStatus
from service.matchmaking.scarcity import standing_of

FELL_AWAY = (SuggestionStatus.REFUSED, SuggestionStatus.REPLACED)
Moves = list[tuple[UUID, UUID, UUID | None]]

log = get_logger(__name__)


def move_up(begin: Begin) -> bool:
    """One position that was meant for somebody and is free again; whether there was one."""
    with begin(read_only=True) as session:
        fallen = _find_fallen(session)
        if fallen is None:
            return False
        standing = standing_of(session, session.get_one(Run, fallen.run_id), fallen)
        session.expunge_all()
    assert fallen.youth_id is not None
    try:
        moves = engine.successors(standing, (fallen.youth_id, fallen.offer_id))
    except engine.EngineFault as error:
        # The position is free all the same; the next run gives it out again.
        log.warning("nobody_moves_up", suggestion=str(fallen.id), kind=type(error).__name__)
        moves = []
    with begin() as session:
        _write(session, fallen.id, moves)
    return True


def _find_fallen(session: Session) -> Suggestion | None:
    return session.exec(
        select(Suggestion)
        .where(
            col(Suggestion.allocated_at).is_not(None),
            col(Suggestion.youth_id).is_not(None),
            col(Suggestion.status).in_(FELL_AWAY),
        )
        .order_by(col(Suggestion.decided_at), col(Suggestion.id))
        .limit(1)
    ).first()


def _write(session: Session, fallen_id: UUID, moves: Moves) -> None:
    fallen = session.get_one(Suggestion, fallen_id, with_for_update=True)
    if fallen.allocated_at is None:
        return
    fallen.allocated_at = None
    session.add(fallen)
    for youth_id, to_offer, from_offer in moves:
        found = {
            one.offer_id: one
            for one in session.exec(
                select(Suggestion)
                .where(
                    Suggestion.run_id == fallen.run_id,
                    Suggestion.youth_id == youth_id,
                    Suggestion.status == SuggestionStatus.PROPOSED,
                )
                .with_for_update()
            )
        }
        if to_offer not in found:
            # Somebody decided in the meantime; who comes after him follows from that decision.
            return
        if from_offer in found:
            found[from_offer].allocated_at = None
        found[to_offer].allocated_at = clock.now()
        session.add_all(found.values())
        record(session, SYSTEM, "suggestion.moved_up", found[to_offer])
