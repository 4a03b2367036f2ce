"""Asking for a run or why not, stopping, saying no to a proposal; a yes opens a placement and lives there."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import Session

from service.audit.record import record
from service.core import clock
from service.core.actor import Actor
from service.core.errors import Invalid, require
from service.core.i18n import _
from service.matchmaking import policy, queries
from service.matchmaking.errors import (
    AlreadyDecided,
    AskedTooMuchAtOnce,
    HasPlaceAlready,
    LookedOftenToday,
    ProgrammeIsNotOpen,
    RequestIsClosed,
    RequestIsFilled,
    RunIsGoing,
)
from service.matchmaking.models import PairQuestion, Run, RunStatus, Suggestion, SuggestionStatus
from service.matchmaking.schemas import PairInput, RefusalInput, RunInput
from service.offers.queries import get_offer
from service.programmes.models import Programme, ProgrammeStatus
from service.programmes.queries import get_programme
from service.school_requests.models import SchoolRequest, SchoolRequestStatus
from service.school_requests.queries import get_school_request
from service.youth.queries import class_of, get_youth

CLOSED_FOR_RUNS = (ProgrammeStatus.DRAFT, ProgrammeStatus.CLOSED)
OWN_RUNS_A_DAY = 5
A_DAY = timedelta(days=1)
QUESTIONS_AT_ONCE = 10


def ask_run(session: Session, actor: Actor, new: RunInput) -> Run:
    require(not actor.is_guest)
    if new.programme_id is not None and new.school_request_id is None:
        return ask_programme_run(session, actor, new.programme_id)
    if new.school_request_id is not None and new.programme_id is None:
        return ask_request_run(session, actor, new.school_request_id)
    raise Invalid({"": _("Name a programme or a school request, not both.")})


def ask_programme_run(session: Session, actor: Actor, programme_id: UUID) -> Run:
    """For everybody in the programme who has nothing yet."""
    programme = get_programme(session, actor, programme_id)
    require(policy.may_run(actor, programme))
    return _queue(session, actor, programme)


def ask_request_run(session: Session, actor: Actor, request_id: UUID) -> Run:
    """For the youths a school named, or for its class."""
    request = get_school_request(session, actor, request_id)
    require(policy.may_run_for_request(actor, request))
    programme = session.get_one(Programme, request.programme_id)
    session.refresh(request, with_for_update=True)
    if request.status is SchoolRequestStatus.FILLED:
        raise RequestIsFilled
    if request.status is SchoolRequestStatus.CLOSED:
        raise RequestIsClosed
    run = _queue(session, actor, programme, request=request)
    request.status = SchoolRequestStatus.MATCHING
    session.add(request)
    return run


def ask_own_run(session: Session, actor: Actor) -> Run:
    """A youth asks what there is for him; who has a place already is no rival of those who have none."""
    require(actor.is_youth)
    assert actor.youth_id is not None
    programme = queries.youth_programme(session, actor.youth_id)
    if programme is None:
        raise ProgrammeIsNotOpen
    if queries.has_place(session, actor.youth_id):
        raise HasPlaceAlready
    if queries.count_own_runs(session, actor.youth_id, clock.now() - A_DAY) >= OWN_RUNS_A_DAY:
        raise LookedOftenToday
    return _queue(session, actor, programme, youth_id=actor.youth_id)


def _queue(
    session: Session,
    actor: Actor,
    programme: Programme,
    *,
    request: SchoolRequest | None = None,
    youth_id: UUID | None = None,
) -> Run:
    if programme.status in CLOSED_FOR_RUNS:
        raise ProgrammeIsNotOpen
    session.refresh(programme, with_for_update=True)
    request_id = request.id if request else None
    if queries.find_going_run(session, programme_id=programme.id, request_id=request_id, youth_id=youth_id):
        raise RunIsGoing
    run = Run(
        programme_id=programme.id,
        school_request_id=request_id,
        youth_id=youth_id,
        asked_by=actor.account_id,
        seed=programme.lottery_seed,
        weights={
            "sector": programme.sector_weight,
            "location": programme.location_weight,
            "talent": programme.talent_weight,
        },
    )
    session.add(run)
    session.flush()
    record(session, actor, "run.asked", run, programme=str(programme.id))
    return run


def stop_run(session: Session, actor: Actor, run_id: UUID) -> Run:
    """A queued run ends now; a running one at its next step."""
    run = queries.get_run(session, actor, run_id)
    require(policy.may_stop(actor, run))
    session.refresh(run, with_for_update=True)
    if run.status not in queries.GOING:
        raise AlreadyDecided
    run.stop_asked_at = clock.now()
    if run.status is RunStatus.QUEUED:
        run.status = RunStatus.STOPPED
        run.finished_at = clock.now()
        run.due_at = None
    session.add(run)
    record(session, actor, "run.stop_asked", run)
    return run


def ask_why_not(session: Session, actor: Actor, pair: PairInput) -> PairQuestion:
    """The worker finds out; it needs the engine, which the web does not have."""
    youth = get_youth(session, actor, pair.youth_id)
    programme_id = class_of(session, youth).programme_id
    if programme_id is None:
        raise ProgrammeIsNotOpen
    require(policy.may_ask_why_not(actor, programme_id))
    offer = get_offer(session, actor, pair.offer_id)
    if queries.count_waiting_questions(session, actor) >= QUESTIONS_AT_ONCE:
        raise AskedTooMuchAtOnce
    question = PairQuestion(
        programme_id=programme_id, youth_id=youth.id, offer_id=offer.id, asked_by=actor.account_id
    )
    session.add(question)
    session.flush()
    record(session, actor, "pair_question.asked", question)
    return question


def refuse_suggestion(
    session: Session, actor: Actor, suggestion_id: UUID, refusal: RefusalInput
) -> Suggestion:
    suggestion = queries.get_suggestion(session, actor, suggestion_id)
    require(policy.may_decide(actor, suggestion))
    session.refresh(suggestion, with_for_update=True)
    if suggestion.status is not SuggestionStatus.PROPOSED:
        raise AlreadyDecided
    suggestion.status = SuggestionStatus.REFUSED
    suggestion.refusal_code = refusal.refusal_code
    suggestion.decision_note = refusal.decision_note
    suggestion.decided_at = clock.now()
    suggestion.decided_by = actor.account_id
    session.add(suggestion)
    record(session, actor, "suggestion.refused", suggestion, code=refusal.refusal_code)
    return suggestion
