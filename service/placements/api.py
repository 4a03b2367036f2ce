"""Placements for programs, and the two yeses that open one."""

from uuid import UUID

from fastapi import APIRouter

from service.placements import actions, policy, queries
from service.placements.models import Placement, PlacementStatus
from service.placements.schemas import (
    ApprovalInput,
    HostConfirmInput,
    HostDeclineInput,
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


@router.post("/placements/{placement_id}/withdraw", response_model=PlacementOutput)
def withdraw_placement(session: SessionDep, actor: ActorDep, placement_id: UUID) -> Placement:
    return actions.withdraw_placement(session, actor, placement_id)
