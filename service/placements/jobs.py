"""What placements do by themselves: waiting that ends, places of leavers, the first day."""

from datetime import timedelta

from sqlmodel import col, select

from service.core import clock
from service.core.actor import SYSTEM
from service.core.db import TO_CHANGE
from service.core.jobs import Begin, Job
from service.placements import retention
from service.placements.actions import end_for_leaver, expire_placement
from service.placements.asking import send_question
from service.placements.calendars import send_entries
from service.placements.keeping import find_next, open_next
from service.placements.lifecycle import STILL_TO_COME, WAITING
from service.placements.models import Placement, PlacementStatus
from service.placements.queries import find_due_question, find_to_start
from service.placements.stepping import step
from service.placements.telling import tell_of_silence, tell_of_silence_of_school
from service.youth.models import Youth, YouthStatus


def expire_silence(begin: Begin) -> bool:
    """One placement in one transaction; the lock on its row makes two workers harmless."""
    with begin() as session:
        due = session.exec(
            select(Placement)
            .where(col(Placement.status).in_(WAITING), col(Placement.due_at) <= clock.now())
            .order_by(col(Placement.due_at), col(Placement.id))
            .limit(1)
            .with_for_update(skip_locked=True, **TO_CHANGE)
        ).first()
        if due is None:
            return False
        tell = tell_of_silence_of_school if due.waits_for_school else tell_of_silence
        expire_placement(session, SYSTEM, due)
        session.flush()
        tell(session, due)
    return True


def ask_questions(begin: Begin) -> bool:
    """One question or reminder and the moment of the next, in one transaction: none is sent twice or lost."""
    with begin(read_only=True) as session:
        if find_due_question(session) is None:
            return False
    with begin() as session:
        due = find_due_question(session, lock=True)
        if due is not None:
            send_question(session, begin.settings, due)
    return True


def forget_placements(begin: Begin) -> bool:
    """What is kept around placements goes when its term is over."""
    with begin() as session:
        return retention.forget(session, clock.now()) > 0


def open_questions(begin: Begin) -> bool:
    """Whether an offer or a contact person still holds, and papers that are late: one question a step."""
    with begin(read_only=True) as session:
        if find_next(session) is None:
            return False
    with begin() as session:
        return open_next(session) is not None


def send_calendars(begin: Begin) -> bool:
    """One change is told; the moment and its mails go together."""
    with begin() as session:
        due = session.exec(
            select(Placement)
            .where(col(Placement.calendar_due_at) <= clock.now())
            .order_by(col(Placement.calendar_due_at), col(Placement.id))
            .limit(1)
            .with_for_update(skip_locked=True, **TO_CHANGE)
        ).first()
        if due is None:
            return False
        send_entries(session, begin.settings, due)
    return True


def free_places_of_leavers(begin: Begin) -> bool:
    """A youth who left the school gives his place to somebody else."""
    with begin() as session:
        left = session.exec(
            select(Placement)
            .join(Youth, col(Youth.id) == col(Placement.youth_id))
            .where(Youth.status == YouthStatus.LEFT, col(Placement.status).in_(STILL_TO_COME))
            .order_by(col(Placement.id))
            .limit(1)
            .with_for_update(of=Placement, skip_locked=True, **TO_CHANGE)
        ).first()
        if left is None:
            return False
        end_for_leaver(session, SYSTEM, left)
    return True


def start_placements(begin: Begin) -> bool:
    """What is agreed begins by itself on its first day; what lacks a paper by now waits for a person."""
    with begin(read_only=True) as session:
        ready = find_to_start(session)
    if ready is None:
        return False
    with begin() as session:
        placement = session.get_one(Placement, ready.id, with_for_update=TO_CHANGE)
        if placement.status is PlacementStatus.AGREED:
            step(session, SYSTEM, placement, PlacementStatus.ACTIVE)
    return True


JOBS = [
    Job("ask_questions", timedelta(seconds=10), ask_questions),
    Job("forget_placements", timedelta(hours=6), forget_placements),
    Job("open_questions", timedelta(hours=1), open_questions),
    Job("send_calendars", timedelta(seconds=30), send_calendars),
    Job("free_places_of_leavers", timedelta(minutes=5), free_places_of_leavers),
    Job("start_placements", timedelta(minutes=15), start_placements),
    Job("expire_silence", timedelta(minutes=5), expire_silence),
]
