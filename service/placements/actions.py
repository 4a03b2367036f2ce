"""Youth and host say yes or no, school and coordinator take back; positions are taken and freed at once."""

from uuid import UUID

from sqlmodel import Session

from service.audit.record import record
from service.core import clock
from service.core.actor import Actor
from service.core.db import TO_CHANGE
from service.core.errors import Invalid, require
from service.core.i18n import _
from service.core.lifecycle import StepNotAllowed
from service.placements import policy, questions
from service.placements.approval import approve_suggestion, replace_suggestion
from service.placements.models import AnswerCode, Placement, PlacementStatus, QuestionKind
from service.placements.queries import get_placement
from service.placements.readers import whom_to_ask_for_school
from service.placements.schemas import DaysInput, HostConfirmInput, HostDeclineInput, YouthDeclineInput
from service.placements.stepping import step
from service.placements.telling import tell_of_end_after_other_days

__all__ = ["approve_suggestion", "replace_suggestion"]


def accept_placement(session: Session, actor: Actor, placement_id: UUID) -> Placement:
    """The youth's yes; from now on the host may know who it is, and has his own days to answer."""
    placement = get_placement(session, actor, placement_id)
    require(policy.may_answer_as_youth(actor, placement))
    step(session, actor, placement, PlacementStatus.ACCEPTED)
    placement.youth_answered_at = clock.now()
    placement.due_at = questions.answer_until(session, placement)
    questions.ask(session, placement)
    return placement


def decline_placement(
    session: Session, actor: Actor, placement_id: UUID, answer: YouthDeclineInput
) -> Placement:
    placement = get_placement(session, actor, placement_id)
    require(policy.may_answer_as_youth(actor, placement))
    step(session, actor, placement, PlacementStatus.DECLINED_BY_YOUTH)
    placement.youth_answered_at = clock.now()
    placement.decline_code = answer.decline_code
    tell_of_end_after_other_days(session, placement)
    return placement


def confirm_placement(
    session: Session, actor: Actor, placement_id: UUID, answer: HostConfirmInput
) -> Placement:
    """The host's yes, with who guides on the spot."""
    placement = get_placement(session, actor, placement_id)
    require(policy.may_answer_as_host(actor, placement))
    step(session, actor, placement, PlacementStatus.CONFIRMED)
    placement.host_answered_at = clock.now()
    placement.company_supervisor = answer.company_supervisor or placement.company_supervisor
    return placement


def refuse_placement(
    session: Session, actor: Actor, placement_id: UUID, answer: HostDeclineInput
) -> Placement:
    placement = get_placement(session, actor, placement_id)
    require(policy.may_answer_as_host(actor, placement))
    step(session, actor, placement, PlacementStatus.DECLINED_BY_HOST)
    placement.host_answered_at = clock.now()
    placement.decline_code = answer.decline_code
    return placement


def propose_other_days(session: Session, actor: Actor, placement_id: UUID, new: DaysInput) -> Placement:
    """Neither yes nor no: the school looks whether these days are possible, and has its own days for that."""
    placement = get_placement(session, actor, placement_id)
    require(policy.may_answer_as_host(actor, placement))
    session.refresh(placement, with_for_update=TO_CHANGE)
    if placement.status is not PlacementStatus.ACCEPTED:
        raise StepNotAllowed
    if new.starts_on < clock.today():
        raise Invalid({"starts_on": _("This day is over. Choose a day that is to come.")})
    placement.other_starts_on, placement.other_ends_on = new.starts_on, new.ends_on
    placement.due_at = questions.answer_until(session, placement)
    session.add(placement)
    question = questions.find_open(session, placement, QuestionKind.HOST_ANSWER)
    if question is not None:
        questions.close(session, question, AnswerCode.OTHER_DAYS)
    questions.ask_school(session, placement, whom_to_ask_for_school(session, placement))
    record(session, actor, "placement.other_days_proposed", placement)
    return placement


def withdraw_placement(session: Session, actor: Actor, placement_id: UUID) -> Placement:
    placement = get_placement(session, actor, placement_id)
    require(policy.may_withdraw(actor, placement))
    step(session, actor, placement, PlacementStatus.WITHDRAWN)
    tell_of_end_after_other_days(session, placement)
    return placement


def expire_placement(session: Session, actor: Actor, placement: Placement) -> None:
    """Silence has an end: the position goes to somebody else."""
    step(session, actor, placement, PlacementStatus.EXPIRED)


def end_for_leaver(session: Session, actor: Actor, placement: Placement) -> None:
    """Who has left the school does not come; the position is free for who does."""
    step(session, actor, placement, PlacementStatus.WITHDRAWN)
    tell_of_end_after_other_days(session, placement)
