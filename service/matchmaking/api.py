"""Runs and suggestions for programs: the same use cases as the pages."""

from uuid import UUID

from fastapi import APIRouter

from service.matchmaking import actions, queries, wording
from service.matchmaking.models import Run, Suggestion, SuggestionStatus
from service.matchmaking.schemas import (
    ReasonOutput,
    RefusalInput,
    RunInput,
    RunOutput,
    SuggestionOutput,
)
from service.web.listing import FIRST_PAGE, USUAL_SIZE, Listing, PageNumber, PageSize, listing
from service.web.page import ActorDep, SessionDep

router = APIRouter(tags=["matchmaking"])


def suggestion_output(suggestion: Suggestion) -> SuggestionOutput:
    reasons = [
        ReasonOutput(code=reason["code"], facts=reason["facts"], text=wording.reason_sentence(reason))
        for reason in suggestion.reasons
    ]
    known = suggestion.model_dump(include=set(SuggestionOutput.model_fields) - {"reasons"})
    return SuggestionOutput(**known, reasons=reasons)


@router.get("/runs")
def list_runs(
    session: SessionDep, actor: ActorDep, page: PageNumber = FIRST_PAGE, size: PageSize = USUAL_SIZE
) -> Listing[RunOutput]:
    found = queries.list_runs(session, actor, number=page, size=size)
    return listing(found, RunOutput.model_validate)


@router.post("/runs", status_code=201, response_model=RunOutput)
def ask_run(session: SessionDep, actor: ActorDep, new: RunInput) -> Run:
    return actions.ask_run(session, actor, new)


@router.get("/runs/{run_id}", response_model=RunOutput)
def get_run(session: SessionDep, actor: ActorDep, run_id: UUID) -> Run:
    return queries.get_run(session, actor, run_id)


@router.post("/runs/{run_id}/stop", response_model=RunOutput)
def stop_run(session: SessionDep, actor: ActorDep, run_id: UUID) -> Run:
    return actions.stop_run(session, actor, run_id)


@router.get("/suggestions")
def list_suggestions(
    session: SessionDep,
    actor: ActorDep,
    status: SuggestionStatus | None = None,
    run_id: UUID | None = None,
    page: PageNumber = FIRST_PAGE,
    size: PageSize = USUAL_SIZE,
) -> Listing[SuggestionOutput]:
    found = queries.list_suggestions(session, actor, status=status, run_id=run_id, number=page, size=size)
    return listing(found, suggestion_output)


@router.get("/suggestions/{suggestion_id}")
def get_suggestion(session: SessionDep, actor: ActorDep, suggestion_id: UUID) -> SuggestionOutput:
    return suggestion_output(queries.get_suggestion(session, actor, suggestion_id))


@router.post("/suggestions/{suggestion_id}/refuse")
def refuse_suggestion(
    session: SessionDep, actor: ActorDep, suggestion_id: UUID, refusal: RefusalInput
) -> SuggestionOutput:
    return suggestion_output(actions.refuse_suggestion(session, actor, suggestion_id, refusal))
