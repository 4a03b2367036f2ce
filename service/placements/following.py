"""What school and coordinator write down of a placement: days, papers, beginning and end."""

from uuid import UUID

from sqlmodel import Session

from service.audit.record import record
from service.core import clock
from service.core.actor import Actor
from service.core.db import TO_CHANGE
from service.core.errors import require
from service.core.lifecycle import StepNotAllowed
from service.offers.models import Offer
from service.placements import engine, policy, queries, questions
from service.placements.errors import (
    DaysAreNotKnown,
    HasPlaceInTheseDays,
    NotAllowedAnyMore,
    NotTheDayYet,
    PapersAreMissing,
)
from service.placements.lifecycle import STILL_TO_COME, WAITING
from service.placements.models import Agreement, AnswerCode, Placement, PlacementStatus
from service.placements.schemas import AgreementInput, DaysInput
from service.placements.stepping import step, tell_calendars
from service.placements.telling import tell_that_days_are_possible
from service.programmes.models import Programme

GUARDIAN_SIGNS = "A-8"
"""The one rule on papers that a school may set aside."""
OPEN_FOR_PAPERS = (PlacementStatus.CONFIRMED, PlacementStatus.AGREED, PlacementStatus.ACTIVE)


def save_agreement(session: Session, actor: Actor, placement_id: UUID, new: AgreementInput) -> Placement:
    """What is on paper; also afterwards, since recognition may lapse and guidance may fail."""
    placement = _to_follow(session, actor, placement_id)
    if placement.status not in OPEN_FOR_PAPERS:
        raise StepNotAllowed
    agreement = queries.find_agreement(session, placement) or Agreement(placement_id=placement.id)
    fields = new.model_dump(
        exclude={"signatures", "without_guardian", "school_supervisor", "company_supervisor"}
    )
    agreement.sqlmodel_update(fields)
    agreement.signatures = {party: day.isoformat() for party, day in new.signatures.items()}
    agreement.acknowledged_rules = [GUARDIAN_SIGNS] if new.without_guardian else []
    placement.school_supervisor = new.school_supervisor or placement.school_supervisor
    placement.company_supervisor = new.company_supervisor or placement.company_supervisor
    session.add_all([agreement, placement])
    session.flush()
    record(session, actor, "placement.papers_noted", placement, fields=sorted(new.model_fields_set))
    return placement


def agree_placement(session: Session, actor: Actor, placement_id: UUID) -> Placement:
    placement = _to_follow(session, actor, placement_id)
    _require_papers(session, placement)
    step(session, actor, placement, PlacementStatus.AGREED)
    return placement


def start_placement(session: Session, actor: Actor, placement_id: UUID) -> Placement:
    """Papers are looked at once more: a signature may have come after the first day."""
    placement = _to_follow(session, actor, placement_id)
    _require_papers(session, placement)
    if placement.starts_on is None or placement.starts_on > clock.today():
        raise NotTheDayYet
    step(session, actor, placement, PlacementStatus.ACTIVE)
    return placement


def complete_placement(session: Session, actor: Actor, placement_id: UUID) -> Placement:
    return _move(session, actor, placement_id, PlacementStatus.COMPLETED)


def end_placement_early(session: Session, actor: Actor, placement_id: UUID) -> Placement:
    return _move(session, actor, placement_id, PlacementStatus.ENDED_EARLY)


def note_no_show(session: Session, actor: Actor, placement_id: UUID) -> Placement:
    return _move(session, actor, placement_id, PlacementStatus.NO_SHOW)


def change_days(session: Session, actor: Actor, placement_id: UUID, new: DaysInput) -> Placement:
    """Other days that all have agreed on by phone; the rules are asked of them, and calendars hear of it."""
    placement = _to_follow(session, actor, placement_id)
    if placement.status not in STILL_TO_COME:
        raise StepNotAllowed
    _set_days(session, placement, new)
    if placement.is_in_calendars or placement.status not in WAITING:
        tell_calendars(placement)
    if placement.status in WAITING:
        placement.other_starts_on = placement.other_ends_on = None
        questions.ask_anew(session, placement)
        placement.due_at = questions.answer_until(session, placement)
    record(session, actor, "placement.days_changed", placement)
    return placement


def accept_other_days(session: Session, actor: Actor, placement_id: UUID) -> Placement:
    """The host's other days are possible: now the youth is asked again, about these."""
    placement = _to_follow(session, actor, placement_id)
    if placement.other_starts_on is None or placement.other_ends_on is None:
        raise StepNotAllowed
    _set_days(
        session, placement, DaysInput(starts_on=placement.other_starts_on, ends_on=placement.other_ends_on)
    )
    placement.other_starts_on = placement.other_ends_on = None
    questions.close_for_school(session, placement, AnswerCode.YES)
    step(session, actor, placement, PlacementStatus.OFFERED)
    placement.due_at = questions.answer_until(session, placement)
    questions.ask(session, placement)
    tell_that_days_are_possible(session, placement)
    return placement


def refuse_other_days(session: Session, actor: Actor, placement_id: UUID) -> Placement:
    """Not possible: the host is asked once more about the days as they were."""
    placement = _to_follow(session, actor, placement_id)
    if placement.other_starts_on is None or placement.status is not PlacementStatus.ACCEPTED:
        raise StepNotAllowed
    placement.other_starts_on = placement.other_ends_on = None
    placement.due_at = questions.answer_until(session, placement)
    session.add(placement)
    questions.close_for_school(session, placement, AnswerCode.NO)
    questions.ask(session, placement)
    record(session, actor, "placement.other_days_refused", placement)
    return placement


def _to_follow(session: Session, actor: Actor, placement_id: UUID) -> Placement:
    placement = queries.get_placement(session, actor, placement_id)
    require(policy.may_follow(actor, placement))
    session.refresh(placement, with_for_update=TO_CHANGE)
    return placement


def _move(session: Session, actor: Actor, placement_id: UUID, to: PlacementStatus) -> Placement:
    placement = _to_follow(session, actor, placement_id)
    step(session, actor, placement, to)
    return placement


def _require_papers(session: Session, placement: Placement) -> None:
    if placement.youth_id is not None and placement.starts_on is None:
        raise DaysAreNotKnown
    if any(paper.stops for paper in queries.papers(session, placement)):
        raise PapersAreMissing


def _set_days(session: Session, placement: Placement, new: DaysInput) -> None:
    """Every hard rule asked of the new days, and that there is nothing else on them."""
    if queries.has_other_place(session, placement, new.starts_on, new.ends_on):
        raise HasPlaceInTheseDays
    if not engine.may_go_on(
        queries.members_of(session, placement),
        session.get_one(Offer, placement.offer_id),
        session.get_one(Programme, placement.programme_id),
        queries.school_pc4(session, placement.school_id),
        is_class=placement.youth_id is None,
        on=clock.today(),
        acknowledged=queries.acknowledged_rules(session, placement),
        days=(new.starts_on, new.ends_on),
    ):
        raise NotAllowedAnyMore
    placement.starts_on, placement.ends_on = new.starts_on, new.ends_on
    session.add(placement)
    session.flush()
