"""Runs and suggestions for programs: the same use cases as the pages."""

from uuid import UUID

from fastapi import APIRouter

from service.matchmaking import actions, help_wording, queries, wording
from service.matchmaking.models import PairQuestion, Run, Suggestion, SuggestionStatus
from service.matchmaking.nothing import why_nothing
from service.matchmaking.schemas import (
    ChangeOutput,
    ExplanationOutput,
    HelpOutput,
    PairInput,
    ReasonOutput,
    RefusalInput,
    RunInput,
    RunOutput,
    SuggestionOutput,
)
from service.web.listing import FIRST_PAGE, USUAL_SIZE, Listing, PageNumber, PageSize, listing
from service.web.page import ActorDep, SessionDep
from service.youth.queries import get_youth

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


@router.get("/youths/{youth_id}/help")
def get_help(session: SessionDep, actor: ActorDep, youth_id: UUID) -> HelpOutput:
    youth = get_youth(session, actor, youth_id)
    found, why = queries.help_for_youth(session, youth.id), why_nothing(session, youth.id)
    causes = why.causes if why else []
    say = help_wording.youth_change_sentence if actor.is_youth else help_wording.change_sentence
    fields = ("code", "facts", "offers", "positions", "wished", "lost")
    return HelpOutput(
        youth_id=youth.id,
        run_id=found.run_id if found else why.run_id if why else None,
        in_reach=found.in_reach if found else None,
        causes=[cause for cause in causes if not actor.is_youth or wording.may_be_told_to_youth(cause)],
        changes=[
            ChangeOutput(**{name: change[name] for name in fields}, text=say(change))
            for change in (found.changes if found else [])
        ],
    )


def explanation_output(question: PairQuestion) -> ExplanationOutput:
    return ExplanationOutput(
        id=question.id,
        youth_id=question.youth_id,
        offer_id=question.offer_id,
        is_waiting=question.is_waiting,
        answer=question.answer,
        text=help_wording.explanation_lines(question.answer) if question.answer else [],
    )


@router.post("/explanations", status_code=201)
def ask_explanation(session: SessionDep, actor: ActorDep, pair: PairInput) -> ExplanationOutput:
    return explanation_output(actions.ask_why_not(session, actor, pair))


@router.get("/explanations/{question_id}")
def get_explanation(session: SessionDep, actor: ActorDep, question_id: UUID) -> ExplanationOutput:
    return explanation_output(queries.get_question(session, actor, question_id))
