"""Pages of runs, of the coordinator's desk, and of what a youth is suggested."""

import asyncio
import json
from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from service.core.actor import Actor
from service.core.db import transaction
from service.core.errors import Forbidden, require
from service.core.i18n import Message, _
from service.matchmaking import actions, help_wording, policy, queries, wording
from service.matchmaking.caps import left_this_month
from service.matchmaking.models import CODES_FOR_PEOPLE, RefusalCode, Run, RunStatus, SuggestionStatus
from service.matchmaking.nothing import weightiest_first, why_nothing
from service.matchmaking.schemas import PairInput, RefusalInput
from service.matchmaking.streams import one_more_stream
from service.offers.queries import get_offer
from service.web.forms import Form, form_of
from service.web.listing import chosen, linked, page_number
from service.web.page import ActorDep, Page, PageDep, SessionDep, query_text
from service.youth.queries import class_of, get_youth

router = APIRouter()
RefusalForm = Annotated[Form[RefusalInput], form_of(RefusalInput)]
PairForm = Annotated[Form[PairInput], form_of(PairInput)]
LOOK_EVERY_SECONDS = 0.4
LONGEST_STREAM_SECONDS = 600

REFUSALS: dict[RefusalCode, Message] = {
    RefusalCode.TOO_FAR: _("Too far away"),
    RefusalCode.WRONG_DAYS: _("The days do not fit"),
    RefusalCode.NOT_WHAT_YOUTH_WANTS: _("Not what the youth wants"),
    RefusalCode.HAS_SOMETHING_ALREADY: _("Has something already"),
    RefusalCode.BEEN_THERE_BEFORE: _("Has been there before"),
    RefusalCode.HOST_CANNOT: _("The host cannot after all"),
    RefusalCode.NEEDS_OTHER_GUIDANCE: _("Needs other guidance than the host can give"),
    RefusalCode.OTHER: _("Another reason"),
    RefusalCode.DECLINED_BY_YOUTH: _("The youth said no"),
    RefusalCode.DECLINED_BY_HOST: _("The host said no"),
    RefusalCode.NO_ANSWER: _("Nobody answered in time"),
}
STATUSES: dict[SuggestionStatus, Message] = {
    SuggestionStatus.PROPOSED: _("Proposed"),
    SuggestionStatus.APPROVED: _("Approved"),
    SuggestionStatus.REFUSED: _("Refused"),
    SuggestionStatus.REPLACED: _("Replaced"),
    SuggestionStatus.EXPIRED: _("Out of date"),
}
RUN_STATUSES: dict[RunStatus, Message] = {
    RunStatus.QUEUED: _("Waiting for its turn"),
    RunStatus.RUNNING: _("Busy"),
    RunStatus.DONE: _("Done"),
    RunStatus.FAILED: _("Failed"),
    RunStatus.STOPPED: _("Stopped"),
}
WORDS: dict[str, Any] = {
    "refusals": REFUSALS,
    "refusal_options": [(code.value, REFUSALS[code]) for code in CODES_FOR_PEOPLE],
    "statuses": STATUSES,
    "run_statuses": RUN_STATUSES,
    "wording": wording,
    "help_wording": help_wording,
}
MOST_CHANGES_SHOWN = 4


@router.get("/runs")
def list_runs(page: PageDep) -> Response:
    require(page.actor.is_coordinator or page.actor.is_school_staff)
    runs = queries.list_runs(page.session, page.actor, number=page_number(page.request))
    programmes = queries.programmes_to_run(page.session, page.actor)
    return page.render("matchmaking/runs.html", runs=runs, programmes=programmes, **WORDS)


@router.post("/programmes/{programme_id}/runs")
def ask_programme_run(page: PageDep, programme_id: UUID) -> Response:
    run = actions.ask_programme_run(page.session, page.actor, programme_id)
    return page.see_other(f"/runs/{run.id}")


@router.post("/school-requests/{request_id}/runs")
def ask_request_run(page: PageDep, request_id: UUID) -> Response:
    run = actions.ask_request_run(page.session, page.actor, request_id)
    return page.see_other(f"/runs/{run.id}")


@router.get("/runs/{run_id}")
def show_run(page: PageDep, run_id: UUID) -> Response:
    run = queries.get_run(page.session, page.actor, run_id)
    if page.actor.is_youth:
        return page.see_other("/my-suggestions")
    gaps = queries.list_gaps(page.session, page.actor, run, page_number(page.request))
    suggestions = queries.list_suggestions(page.session, page.actor, run_id=run.id, order="score", size=10)
    return page.render(
        "matchmaking/run.html",
        run=run,
        gaps=gaps,
        helped=queries.help_of_run(page.session, run, [gap for gap, _class, _youth in gaps.rows]),
        most_changes=MOST_CHANGES_SHOWN,
        weightiest_first=weightiest_first,
        suggestions=suggestions,
        proposals=queries.proposals_of(page.session, suggestions.rows),
        may_stop=policy.may_stop(page.actor, run),
        is_going=run.status in queries.GOING,
        **WORDS,
    )


@router.post("/runs/{run_id}/stop")
def stop_run(page: PageDep, run_id: UUID) -> Response:
    run = actions.stop_run(page.session, page.actor, run_id)
    return page.say(_("The run stops.")).see_other(f"/runs/{run.id}")


def run_of(session: SessionDep, actor: ActorDep, run_id: UUID) -> Run:
    """Found before the answer begins: a stream that has started can no longer say that there is nothing."""
    return queries.get_run(session, actor, run_id)


@router.get("/runs/{run_id}/progress", response_class=EventSourceResponse)
async def stream_progress(
    request: Request,
    actor: ActorDep,
    run: Annotated[Run, Depends(run_of)],
    _slot: Annotated[None, Depends(one_more_stream)],
) -> AsyncIterator[ServerSentEvent]:
    """Events `progress` until the run has ended, then `done`; the page itself does without."""
    for _look in range(int(LONGEST_STREAM_SECONDS / LOOK_EVERY_SECONDS)):
        if run.status not in queries.GOING:
            yield ServerSentEvent(event="done", raw_data="done")
            return
        seen = {
            "value": run.steps_done,
            "max": max(run.steps_total, 1),
            "text": str(RUN_STATUSES[run.status]),
        }
        yield ServerSentEvent(event="progress", raw_data=json.dumps(seen))
        await asyncio.sleep(LOOK_EVERY_SECONDS)
        run = await run_in_threadpool(_look_at_run, request, actor, run.id)


def _look_at_run(request: Request, actor: Actor, run_id: UUID) -> Run:
    with transaction(request.app.state.engine, read_only=True) as session:
        return queries.get_run(session, actor, run_id)


@router.get("/desk")
def open_desk(page: PageDep, after: UUID | None = None) -> Response:
    """The next proposal to decide on; `after` puts one aside and goes on to the following."""
    require(page.actor.is_coordinator)
    suggestion = queries.next_at_desk(page.session, page.actor, after)
    if suggestion is not None:
        return page.see_other(f"/suggestions/{suggestion.id}")
    waiting = queries.count_to_decide(page.session, page.actor)
    programmes = queries.programmes_to_run(page.session, page.actor)
    return page.render("matchmaking/desk_empty.html", waiting=waiting, programmes=programmes)


@router.get("/suggestions")
def list_suggestions(page: PageDep) -> Response:
    require(page.actor.is_coordinator or page.actor.is_school_staff)
    status = chosen(page.request, "status", SuggestionStatus)
    sort = page.request.query_params.get("sort", "new")
    number = page_number(page.request)
    found = linked(
        page.request,
        queries.list_suggestions(
            page.session,
            page.actor,
            status=status,
            order="score" if sort == "score" else "new",
            number=number,
        ),
    )
    return page.render(
        "matchmaking/suggestions.html",
        suggestions=found,
        proposals=queries.proposals_of(page.session, found.rows),
        chosen=status,
        sort=sort,
        **WORDS,
    )


def render_suggestion(
    page: Page, suggestion_id: UUID, form: Form[RefusalInput], status: int = 200
) -> Response:
    proposal = queries.get_proposal(page.session, page.actor, suggestion_id)
    suggestion = proposal.suggestion
    may_decide = policy.may_decide(page.actor, suggestion)
    youth_id, host_id = suggestion.youth_id, proposal.organisation.id
    found = queries.help_for_youth(page.session, youth_id) if youth_id else None
    return page.render(
        "matchmaking/suggestion.html",
        help=found,
        best_offers=queries.offers_of_help(page.session, found),
        most_changes=MOST_CHANGES_SHOWN,
        is_outdated=bool(youth_id and queries.outdated_runs(page.session, youth_id, [suggestion.run_id])),
        moved_up=queries.has_moved_up(page.session, suggestion),
        asked_enough=left_this_month(page.session, [host_id]).get(host_id, 1) == 0,
        status=status,
        proposal=proposal,
        suggestion=suggestion,
        alternatives=queries.alternatives_of(page.session, suggestion),
        rivals=queries.count_rivals(page.session, suggestion),
        waiting=queries.count_to_decide(page.session, page.actor) if may_decide else 0,
        may_decide=may_decide and suggestion.status is SuggestionStatus.PROPOSED,
        form=form,
        wishes=[wording.name_of(wish) for wish in proposal.youth.wishes] if proposal.youth else [],
        acknowledgements=[
            (reason["facts"]["rule"], wording.reason_sentence(reason))
            for reason in proposal.reasons_to_acknowledge
        ],
        **WORDS,
    )


@router.get("/suggestions/{suggestion_id}")
def show_suggestion(page: PageDep, suggestion_id: UUID) -> Response:
    require(not page.actor.is_youth)
    return render_suggestion(page, suggestion_id, Form(RefusalInput))


@router.post("/suggestions/{suggestion_id}/refuse")
def refuse_suggestion(page: PageDep, suggestion_id: UUID, form: RefusalForm) -> Response:
    form.session = page.session
    refused = form.submit(partial(actions.refuse_suggestion, page.session, page.actor, suggestion_id))
    if refused is None:
        return render_suggestion(page, suggestion_id, form, status=422)
    return page.say(_("Refused. Here is the next one.")).see_other("/desk")


@router.get("/my-suggestions")
def show_own_suggestions(page: PageDep) -> Response:
    youth_id = page.actor.youth_id
    if youth_id is None:
        raise Forbidden
    run = queries.latest_own_run(page.session, page.actor)
    found = queries.list_suggestions(
        page.session, page.actor, status=SuggestionStatus.PROPOSED, only_open=True, order="score", size=10
    )
    why = why_nothing(page.session, youth_id)
    help_found = queries.help_for_youth(page.session, youth_id)
    run_ids = [one.run_id for one in found.rows]
    run_ids += [one.run_id for one in (why, help_found) if one]
    return page.render(
        "matchmaking/my_suggestions.html",
        run=run,
        outdated=queries.outdated_runs(page.session, youth_id, run_ids),
        is_going=run is not None and run.status in queries.GOING,
        proposals=queries.proposals_of(page.session, found.rows),
        has_place=queries.has_place(page.session, youth_id),
        why=why,
        help=help_found,
        most_changes=MOST_CHANGES_SHOWN,
        **WORDS,
    )


@router.post("/my-suggestions/ask")
def ask_own_run(page: PageDep) -> Response:
    actions.ask_own_run(page.session, page.actor)
    return page.see_other("/my-suggestions")


@router.get("/youths/{youth_id}/help")
def show_help_for_youth(page: PageDep, youth_id: UUID) -> Response:
    """Why there is little for a youth, and what would bring more; he himself reads it at his suggestions."""
    youth = get_youth(page.session, page.actor, youth_id)
    if page.actor.is_youth:
        return page.see_other("/my-suggestions")
    found = queries.help_for_youth(page.session, youth.id)
    programme = queries.youth_programme(page.session, youth.id)
    why = why_nothing(page.session, youth.id)
    run_ids = [one.run_id for one in (why, found) if one]
    return page.render(
        "matchmaking/help_for_youth.html",
        youth=youth,
        is_outdated=bool(queries.outdated_runs(page.session, youth.id, run_ids)),
        school_class=class_of(page.session, youth),
        why=why,
        has_place=queries.has_place(page.session, youth.id),
        has_proposal=queries.has_open_proposal(page.session, youth.id),
        runs_in=programme if programme and policy.may_run(page.actor, programme) else None,
        help=found,
        best_offers=queries.offers_of_help(page.session, found),
        **WORDS,
    )


@router.get("/offers/{offer_id}/help")
def show_help_for_offer(page: PageDep, offer_id: UUID) -> Response:
    """What would bring an offer more youths; its maker learns counts, and few of them as «fewer than 5»."""
    offer = get_offer(page.session, page.actor, offer_id)
    require(policy.may_see_help_for_offer(page.actor, offer))
    return page.render(
        "matchmaking/help_for_offer.html",
        offer=offer,
        by_programme=queries.help_for_offer(page.session, offer.id),
        is_exact=page.actor.is_coordinator,
        **WORDS,
    )


@router.get("/explanations")
def ask_explanation(page: PageDep, form: PairForm) -> Response:
    require(page.actor.is_coordinator)
    form.fill(dict(page.request.query_params))
    return _render_question(page, form)


@router.post("/explanations")
def create_explanation(page: PageDep, form: PairForm) -> Response:
    require(page.actor.is_coordinator)
    asked = form.submit(partial(actions.ask_why_not, page.session, page.actor))
    if asked is None:
        return _render_question(page, form, status=422)
    return page.see_other(f"/explanations/{asked.id}")


def _render_question(page: Page, form: Form[PairInput], status: int = 200) -> Response:
    youth_text, offer_text = query_text(page.request, "youth"), query_text(page.request, "offer")
    return page.render(
        "matchmaking/explanation_ask.html",
        status=status,
        form=form,
        youth_text=youth_text,
        offer_text=offer_text,
        youths=queries.youths_to_ask_about(page.session, page.actor, youth_text),
        offers=queries.offers_to_ask_about(page.session, page.actor, offer_text),
    )


@router.get("/explanations/{question_id}")
def show_explanation(page: PageDep, question_id: UUID) -> Response:
    question = queries.get_question(page.session, page.actor, question_id)
    return page.render(
        "matchmaking/explanation.html",
        question=question,
        pair=queries.pair_of(page.session, question),
        lines=help_wording.explanation_lines(question.answer) if question.answer else [],
        **WORDS,
    )
