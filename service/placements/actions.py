"""From a yes of the coordinator to the end: each act takes or frees its positions in the same transaction."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from service.audit.record import record
from service.core import clock
from service.core.actor import Actor
from service.core.errors import Invalid, require
from service.core.i18n import _
from service.matchmaking import policy as matchmaking_policy
from service.matchmaking.errors import AlreadyDecided
from service.matchmaking.models import RefusalCode, Suggestion, SuggestionStatus
from service.matchmaking.queries import get_proposal
from service.offers.errors import OfferIsNotOpen
from service.offers.models import Offer
from service.offers.positions import free_positions, take_positions
from service.organisations.models import OrganisationStatus
from service.placements import policy
from service.placements.errors import HasApprovedAlready, HasPlaceInTheseDays, SeenSomethingElse
from service.placements.lifecycle import FREES_POSITION, LIFECYCLE, LIVE, WAITING
from service.placements.models import Placement, PlacementStatus
from service.placements.queries import get_placement
from service.placements.schemas import (
    ApprovalInput,
    HostConfirmInput,
    HostDeclineInput,
    ReplacementInput,
    YouthDeclineInput,
)
from service.programmes.models import Programme
from service.youth.errors import YouthHasLeft
from service.youth.models import SchoolClass, Youth, YouthStatus

REFUSAL_AFTER = {
    PlacementStatus.DECLINED_BY_YOUTH: RefusalCode.DECLINED_BY_YOUTH,
    PlacementStatus.DECLINED_BY_HOST: RefusalCode.DECLINED_BY_HOST,
    PlacementStatus.EXPIRED: RefusalCode.NO_ANSWER,
    PlacementStatus.WITHDRAWN: RefusalCode.OTHER,
}


def approve_suggestion(
    session: Session, actor: Actor, suggestion_id: UUID, approval: ApprovalInput
) -> Placement:
    """Opens a placement and takes its positions; of two yeses on the last position one gets OfferIsFull."""
    proposal = get_proposal(session, actor, suggestion_id)
    suggestion = proposal.suggestion
    require(matchmaking_policy.may_decide(actor, suggestion))
    _check_seen(proposal.reason_codes, approval)
    _check_acknowledged(proposal.rules_to_acknowledge, approval)
    _lock_seeker(session, suggestion)
    session.refresh(suggestion, with_for_update=True)
    if suggestion.status is not SuggestionStatus.PROPOSED:
        raise AlreadyDecided
    if proposal.organisation.status is not OrganisationStatus.ACTIVE:
        raise OfferIsNotOpen
    _check_nothing_approved_yet(session, suggestion)
    _check_free_in_these_days(session, suggestion, proposal.offer)
    positions = 1 if suggestion.youth_id else _class_size(session, suggestion)
    take_positions(session, suggestion.offer_id, positions)
    suggestion.status = SuggestionStatus.APPROVED
    suggestion.decided_at = clock.now()
    suggestion.decided_by = actor.account_id
    suggestion.decision_note = approval.decision_note
    suggestion.acknowledged_rules = proposal.rules_to_acknowledge
    session.add(suggestion)
    programme = session.get_one(Programme, suggestion.programme_id)
    placement = _new_placement(suggestion, proposal.offer)
    placement.positions = positions
    placement.due_at = clock.now() + timedelta(days=programme.answer_days)
    session.add(placement)
    session.flush()
    record(
        session,
        actor,
        "suggestion.approved",
        suggestion,
        placement=str(placement.id),
        acknowledged=proposal.rules_to_acknowledge,
    )
    return placement


def replace_suggestion(
    session: Session, actor: Actor, suggestion_id: UUID, replacement: ReplacementInput
) -> Placement:
    """Approves another proposal of the same run instead, and keeps which one it took the place of."""
    replaced = get_proposal(session, actor, suggestion_id).suggestion
    require(matchmaking_policy.may_decide(actor, replaced))
    _lock_seeker(session, replaced)
    session.refresh(replaced, with_for_update=True)
    if replaced.status is not SuggestionStatus.PROPOSED:
        raise AlreadyDecided
    other = get_proposal(session, actor, replacement.replacement_id).suggestion
    is_of_the_list = (other.run_id, other.youth_id, other.class_id) == (
        replaced.run_id,
        replaced.youth_id,
        replaced.class_id,
    )
    if not is_of_the_list or other.id == replaced.id:
        raise Invalid({"replacement_id": _("Choose another proposal from the same list.")})
    placement = approve_suggestion(session, actor, other.id, replacement)
    replaced.status = SuggestionStatus.REPLACED
    replaced.replaced_by = other.id
    replaced.decided_at = clock.now()
    replaced.decided_by = actor.account_id
    session.add(replaced)
    record(session, actor, "suggestion.replaced", replaced, by=str(other.id))
    return placement


def _check_seen(codes: list[str], approval: ApprovalInput) -> None:
    if approval.seen != codes:
        raise SeenSomethingElse


def _check_acknowledged(rules: list[str], approval: ApprovalInput) -> None:
    if not set(rules) <= set(approval.acknowledged_rules):
        raise Invalid(
            {
                "acknowledged_rules": _(
                    "The law asks the school's word here. Tick that you take it upon yourself."
                )
            }
        )
    if rules and not approval.decision_note:
        raise Invalid({"decision_note": _("Write in one line why this is all right.")})


def _check_nothing_approved_yet(session: Session, suggestion: Suggestion) -> None:
    approved = session.exec(
        select(Suggestion.id).where(
            Suggestion.run_id == suggestion.run_id,
            Suggestion.youth_id == suggestion.youth_id,
            Suggestion.class_id == suggestion.class_id,
            Suggestion.status == SuggestionStatus.APPROVED,
        )
    ).first()
    if approved is not None:
        raise HasApprovedAlready


def _lock_seeker(session: Session, suggestion: Suggestion) -> None:
    """Of two yeses at once to different proposals for the same youth the second one sees the first."""
    if suggestion.youth_id is None:
        session.get_one(SchoolClass, suggestion.class_id, with_for_update=True)
        return
    youth = session.get_one(Youth, suggestion.youth_id, with_for_update=True, populate_existing=True)
    if youth.status is YouthStatus.LEFT:
        raise YouthHasLeft


def _check_free_in_these_days(session: Session, suggestion: Suggestion, offer: Offer) -> None:
    """Also what another run brought; of what has no days nobody can say that it is at the same time."""
    if offer.starts_on is None or offer.ends_on is None:
        return
    taken = session.exec(
        select(Offer)
        .join(Placement, col(Placement.offer_id) == col(Offer.id))
        .where(
            Placement.youth_id == suggestion.youth_id,
            Placement.class_id == suggestion.class_id,
            col(Placement.status).in_(LIVE),
            col(Placement.starts_on) <= offer.ends_on,
            col(Placement.ends_on) >= offer.starts_on,
        )
    )
    if any(_share_a_weekday(offer, other) for other in taken):
        raise HasPlaceInTheseDays


def _share_a_weekday(one: Offer, other: Offer) -> bool:
    """An offer that names no weekdays may be on each of them."""
    return not (one.weekdays and other.weekdays) or bool(set(one.weekdays) & set(other.weekdays))


def _class_size(session: Session, suggestion: Suggestion) -> int:
    members = session.exec(
        select(Youth.id).where(Youth.class_id == suggestion.class_id, col(Youth.status) != YouthStatus.LEFT)
    ).all()
    return max(1, len(members))


def _new_placement(suggestion: Suggestion, offer: Offer) -> Placement:
    return Placement(
        programme_id=suggestion.programme_id,
        suggestion_id=suggestion.id,
        school_id=suggestion.school_id,
        youth_id=suggestion.youth_id,
        class_id=suggestion.class_id,
        offer_id=offer.id,
        organisation_id=offer.organisation_id,
        starts_on=offer.starts_on,
        ends_on=offer.ends_on,
        company_supervisor=offer.supervisor_name,
    )


def _step(session: Session, actor: Actor, placement: Placement, to: PlacementStatus) -> None:
    """Checks the step, frees positions where they come free, and writes it down."""
    session.refresh(placement, with_for_update=True)
    LIFECYCLE.check(placement.status, to)
    placement.status = to
    if to not in WAITING:
        placement.due_at = None
    if to in FREES_POSITION:
        placement.ended_at = clock.now()
        free_positions(session, placement.offer_id, placement.positions)
        suggestion = session.get_one(Suggestion, placement.suggestion_id)
        suggestion.status = SuggestionStatus.REFUSED
        suggestion.refusal_code = REFUSAL_AFTER[to]
        session.add(suggestion)
    session.add(placement)
    record(session, actor, f"placement.{to}", placement)


def accept_placement(session: Session, actor: Actor, placement_id: UUID) -> Placement:
    """The youth's yes; from now on the host may know who it is, and has his own days to answer."""
    placement = get_placement(session, actor, placement_id)
    require(policy.may_answer_as_youth(actor, placement))
    programme = session.get_one(Programme, placement.programme_id)
    _step(session, actor, placement, PlacementStatus.ACCEPTED)
    placement.youth_answered_at = clock.now()
    placement.due_at = clock.now() + timedelta(days=programme.answer_days)
    return placement


def decline_placement(
    session: Session, actor: Actor, placement_id: UUID, answer: YouthDeclineInput
) -> Placement:
    placement = get_placement(session, actor, placement_id)
    require(policy.may_answer_as_youth(actor, placement))
    _step(session, actor, placement, PlacementStatus.DECLINED_BY_YOUTH)
    placement.youth_answered_at = clock.now()
    placement.decline_code = answer.decline_code
    return placement


def confirm_placement(
    session: Session, actor: Actor, placement_id: UUID, answer: HostConfirmInput
) -> Placement:
    """The host's yes, with who guides on the spot."""
    placement = get_placement(session, actor, placement_id)
    require(policy.may_answer_as_host(actor, placement))
    _step(session, actor, placement, PlacementStatus.CONFIRMED)
    placement.host_answered_at = clock.now()
    placement.company_supervisor = answer.company_supervisor or placement.company_supervisor
    return placement


def refuse_placement(
    session: Session, actor: Actor, placement_id: UUID, answer: HostDeclineInput
) -> Placement:
    placement = get_placement(session, actor, placement_id)
    require(policy.may_answer_as_host(actor, placement))
    _step(session, actor, placement, PlacementStatus.DECLINED_BY_HOST)
    placement.host_answered_at = clock.now()
    placement.decline_code = answer.decline_code
    return placement


def withdraw_placement(session: Session, actor: Actor, placement_id: UUID) -> Placement:
    placement = get_placement(session, actor, placement_id)
    require(policy.may_withdraw(actor, placement))
    _step(session, actor, placement, PlacementStatus.WITHDRAWN)
    return placement


def expire_placement(session: Session, actor: Actor, placement: Placement) -> None:
    """Silence has an end: the position goes to somebody else."""
    _step(session, actor, placement, PlacementStatus.EXPIRED)


def end_for_leaver(session: Session, actor: Actor, placement: Placement) -> None:
    """Who has left the school does not come; the position is free for who does."""
    _step(session, actor, placement, PlacementStatus.WITHDRAWN)
