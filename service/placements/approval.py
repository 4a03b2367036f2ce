"""From a yes of the coordinator to a placement: everything is asked once more, and positions are taken."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from service.audit.record import record
from service.core import clock
from service.core.actor import Actor
from service.core.db import TO_CHANGE
from service.core.errors import Invalid, require
from service.core.i18n import _
from service.matchmaking import policy as matchmaking_policy
from service.matchmaking.errors import AlreadyDecided, ProgrammeIsNotOpen
from service.matchmaking.models import Suggestion, SuggestionStatus
from service.matchmaking.queries import Proposal, get_proposal
from service.offers.errors import OfferIsNotOpen
from service.offers.models import Offer
from service.offers.positions import take_positions
from service.organisations.models import Organisation, OrganisationStatus
from service.placements import engine, queries, questions
from service.placements.errors import (
    HasApprovedAlready,
    HasPlaceInTheseDays,
    HostAskedEnough,
    NotAllowedAnyMore,
    SeenSomethingElse,
)
from service.placements.lifecycle import LIVE
from service.placements.models import Placement
from service.placements.schemas import ApprovalInput, ReplacementInput
from service.programmes.lifecycle import PUBLIC
from service.programmes.models import Programme
from service.youth.errors import YouthHasLeft
from service.youth.models import SchoolClass, Youth, YouthStatus


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
    session.refresh(suggestion, with_for_update=TO_CHANGE)
    if suggestion.status is not SuggestionStatus.PROPOSED:
        raise AlreadyDecided
    if proposal.organisation.status is not OrganisationStatus.ACTIVE:
        raise OfferIsNotOpen
    programme = session.get_one(Programme, suggestion.programme_id)
    if programme.status not in PUBLIC:
        raise ProgrammeIsNotOpen
    placement = _new_placement(suggestion, proposal.offer)
    members = queries.members_of(session, placement)
    _check_nothing_approved_yet(session, suggestion)
    _check_free_in_these_days(session, suggestion, proposal.offer)
    _check_still_allowed(session, proposal, programme, members)
    _check_cap(session, proposal.offer.organisation_id)
    positions = max(1, len(members))
    take_positions(session, suggestion.offer_id, positions)
    suggestion.status = SuggestionStatus.APPROVED
    suggestion.decided_at = clock.now()
    suggestion.decided_by = actor.account_id
    suggestion.decision_note = approval.decision_note
    suggestion.acknowledged_rules = proposal.rules_to_acknowledge
    session.add(suggestion)
    placement.positions = positions
    placement.due_at = questions.answer_until(session, placement)
    session.add(placement)
    session.flush()
    questions.ask(session, placement)
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
    session.refresh(replaced, with_for_update=TO_CHANGE)
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
        session.get_one(SchoolClass, suggestion.class_id, with_for_update=TO_CHANGE)
        return
    youth = session.get_one(Youth, suggestion.youth_id, with_for_update=TO_CHANGE, populate_existing=True)
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


def _check_still_allowed(
    session: Session, proposal: Proposal, programme: Programme, members: Sequence[Youth]
) -> None:
    """Offer and youth may have changed since the run: no hard rule is broken by an old proposal."""
    if not members:
        raise NotAllowedAnyMore
    if not engine.may_go_on(
        members,
        proposal.offer,
        programme,
        queries.school_pc4(session, proposal.suggestion.school_id),
        is_class=proposal.youth is None,
        on=clock.today(),
        acknowledged=proposal.rules_to_acknowledge,
    ):
        raise NotAllowedAnyMore


def _check_cap(session: Session, organisation_id: UUID) -> None:
    """Over all schools and kinds; the row is locked, so that two yeses at once count each other."""
    host = session.get_one(Organisation, organisation_id, with_for_update=TO_CHANGE, populate_existing=True)
    if host.monthly_cap is not None and queries.count_asked(session, host.id) >= host.monthly_cap:
        raise HostAskedEnough


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
