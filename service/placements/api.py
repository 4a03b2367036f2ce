"""Placements for programs, and the two yeses that open one."""

from uuid import UUID

from fastapi import APIRouter
from sqlmodel import Session

from service.core.errors import require
from service.placements import actions, following, policy, queries, rescue, undelivered
from service.placements.models import Agreement, ContactNote, Placement, PlacementStatus
from service.placements.schemas import (
    AgreementInput,
    AgreementOutput,
    ApprovalInput,
    CallOutput,
    DaysInput,
    HostConfirmInput,
    HostDeclineInput,
    NoteInput,
    NoteOutput,
    PaperOutput,
    PlacementOutput,
    ReplacementInput,
    YouthDeclineInput,
)
from service.web.listing import FIRST_PAGE, USUAL_SIZE, Listing, PageNumber, PageSize, listing
from service.web.page import ActorDep, SessionDep

router = APIRouter(tags=["placements"])


@router.post("/suggestions/{suggestion_id}/approve", status_code=201, response_model=PlacementOutput)
def approve_suggestion(
    session: SessionDep, actor: ActorDep, suggestion_id: UUID, approval: ApprovalInput
) -> Placement:
    return actions.approve_suggestion(session, actor, suggestion_id, approval)


@router.post("/suggestions/{suggestion_id}/replace", status_code=201, response_model=PlacementOutput)
def replace_suggestion(
    session: SessionDep, actor: ActorDep, suggestion_id: UUID, replacement: ReplacementInput
) -> Placement:
    return actions.replace_suggestion(session, actor, suggestion_id, replacement)


@router.get("/placements")
def list_placements(
    session: SessionDep,
    actor: ActorDep,
    status: PlacementStatus | None = None,
    page: PageNumber = FIRST_PAGE,
    size: PageSize = USUAL_SIZE,
) -> Listing[PlacementOutput]:
    policy.require_any_role(actor)
    found = queries.list_placements(session, actor, status=status, number=page, size=size)
    return listing(found, PlacementOutput.model_validate)


@router.get("/placements/{placement_id}", response_model=PlacementOutput)
def get_placement(session: SessionDep, actor: ActorDep, placement_id: UUID) -> Placement:
    return queries.get_placement(session, actor, placement_id)


@router.post("/placements/{placement_id}/accept", response_model=PlacementOutput)
def accept_placement(session: SessionDep, actor: ActorDep, placement_id: UUID) -> Placement:
    return actions.accept_placement(session, actor, placement_id)


@router.post("/placements/{placement_id}/decline", response_model=PlacementOutput)
def decline_placement(
    session: SessionDep, actor: ActorDep, placement_id: UUID, answer: YouthDeclineInput
) -> Placement:
    return actions.decline_placement(session, actor, placement_id, answer)


@router.post("/placements/{placement_id}/confirm", response_model=PlacementOutput)
def confirm_placement(
    session: SessionDep, actor: ActorDep, placement_id: UUID, answer: HostConfirmInput
) -> Placement:
    return actions.confirm_placement(session, actor, placement_id, answer)


@router.post("/placements/{placement_id}/refuse", response_model=PlacementOutput)
def refuse_placement(
    session: SessionDep, actor: ActorDep, placement_id: UUID, answer: HostDeclineInput
) -> Placement:
    return actions.refuse_placement(session, actor, placement_id, answer)


@router.post("/placements/{placement_id}/other-days", response_model=PlacementOutput)
def propose_other_days(session: SessionDep, actor: ActorDep, placement_id: UUID, new: DaysInput) -> Placement:
    """The host's answer that is neither yes nor no."""
    return actions.propose_other_days(session, actor, placement_id, new)


@router.post("/placements/{placement_id}/withdraw", response_model=PlacementOutput)
def withdraw_placement(session: SessionDep, actor: ActorDep, placement_id: UUID) -> Placement:
    return actions.withdraw_placement(session, actor, placement_id)


@router.get("/placements/{placement_id}/agreement")
def get_agreement(session: SessionDep, actor: ActorDep, placement_id: UUID) -> AgreementOutput:
    """Which papers there are, and which rule still asks for one."""
    placement = queries.get_placement(session, actor, placement_id)
    require(policy.may_follow(actor, placement))
    return _agreement(session, placement)


@router.put("/placements/{placement_id}/agreement")
def save_agreement(
    session: SessionDep, actor: ActorDep, placement_id: UUID, new: AgreementInput
) -> AgreementOutput:
    return _agreement(session, following.save_agreement(session, actor, placement_id, new))


@router.post("/placements/{placement_id}/agree", response_model=PlacementOutput)
def agree_placement(session: SessionDep, actor: ActorDep, placement_id: UUID) -> Placement:
    return following.agree_placement(session, actor, placement_id)


@router.post("/placements/{placement_id}/start", response_model=PlacementOutput)
def start_placement(session: SessionDep, actor: ActorDep, placement_id: UUID) -> Placement:
    return following.start_placement(session, actor, placement_id)


@router.post("/placements/{placement_id}/complete", response_model=PlacementOutput)
def complete_placement(session: SessionDep, actor: ActorDep, placement_id: UUID) -> Placement:
    return following.complete_placement(session, actor, placement_id)


@router.post("/placements/{placement_id}/end-early", response_model=PlacementOutput)
def end_placement_early(session: SessionDep, actor: ActorDep, placement_id: UUID) -> Placement:
    return following.end_placement_early(session, actor, placement_id)


@router.post("/placements/{placement_id}/no-show", response_model=PlacementOutput)
def note_no_show(session: SessionDep, actor: ActorDep, placement_id: UUID) -> Placement:
    return following.note_no_show(session, actor, placement_id)


@router.post("/placements/{placement_id}/days", response_model=PlacementOutput)
def change_days(session: SessionDep, actor: ActorDep, placement_id: UUID, new: DaysInput) -> Placement:
    return following.change_days(session, actor, placement_id, new)


@router.post("/placements/{placement_id}/other-days/accept", response_model=PlacementOutput)
def accept_other_days(session: SessionDep, actor: ActorDep, placement_id: UUID) -> Placement:
    return following.accept_other_days(session, actor, placement_id)


@router.post("/placements/{placement_id}/other-days/refuse", response_model=PlacementOutput)
def refuse_other_days(session: SessionDep, actor: ActorDep, placement_id: UUID) -> Placement:
    return following.refuse_other_days(session, actor, placement_id)


@router.get("/rescue-list")
def list_calls(
    session: SessionDep, actor: ActorDep, page: PageNumber = FIRST_PAGE, size: PageSize = USUAL_SIZE
) -> Listing[CallOutput]:
    """Hosts to phone, whose time is over first."""
    return listing(rescue.list_calls(session, actor, page, size), _call)


@router.post("/organisations/{organisation_id}/contact-notes", status_code=201, response_model=NoteOutput)
def note_call(session: SessionDep, actor: ActorDep, organisation_id: UUID, new: NoteInput) -> ContactNote:
    return rescue.note_call(session, actor, organisation_id, new)


@router.post("/organisations/{organisation_id}/ask-again", response_model=list[PlacementOutput])
def ask_again(session: SessionDep, actor: ActorDep, organisation_id: UUID) -> list[Placement]:
    """When the mail did not arrive and the address is right now: the question leaves once more."""
    return undelivered.ask_again(session, actor, organisation_id)


def _call(call: rescue.Call) -> CallOutput:
    return CallOutput(
        organisation_id=call.organisation.id,
        organisation=call.organisation.name,
        contact=call.contact.name if call.contact else "",
        phone=call.contact.phone if call.contact else "",
        waiting=call.waiting,
        reminders=call.reminders,
        due_at=call.due_at,
        undelivered=call.delivery.reason,
        may_ask_again=call.delivery.may_ask_again,
        answer_rate=call.habit.rate,
        days_to_answer=call.habit.days,
        notes=[NoteOutput.model_validate(note) for note, _name in call.notes],
    )


def _agreement(session: Session, placement: Placement) -> AgreementOutput:
    row = queries.find_agreement(session, placement) or Agreement(placement_id=placement.id)
    papers = queries.papers(session, placement)
    return AgreementOutput(
        **row.model_dump(include=set(AgreementOutput.model_fields)),
        without_guardian=following.GUARDIAN_SIGNS in row.acknowledged_rules,
        school_supervisor=placement.school_supervisor,
        company_supervisor=placement.company_supervisor,
        papers=[
            PaperOutput(rule=one.rule, source=one.source, verdict=one.verdict, missing=list(one.missing))
            for one in papers
        ],
    )
