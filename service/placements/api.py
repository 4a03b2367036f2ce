"""Placements for programs, and the two yeses that open one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from service.core.paging import LARGEST_PAGE
from service.placements import actions, policy, queries
from service.placements.models import Placement, PlacementStatus
from service.placements.schemas import (
    ApprovalInput,
    HostConfirmInput,
    HostDeclineInput,
    PlacementList,
    PlacementOutput,
    ReplacementInput,
    YouthDeclineInput,
)
from service.web.page import ActorDep, SessionDep

router = APIRouter(tags=["placements"])
PageNumber = Annotated[int, Query(ge=1, le=1_000_000)]
PageSize = Annotated[int, Query(ge=1, le=LARGEST_PAGE)]


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
    page: PageNumber = 1,
    size: PageSize = 25,
) -> PlacementList:
    policy.require_any_role(actor)
    return PlacementList.of(queries.list_placements(session, actor, status=status, number=page, size=size))


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
