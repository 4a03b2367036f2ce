"""The worker's part: takes a run up, computes with no transaction open, and writes the answer once."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, delete, select, update

from service.audit.record import record
from service.core import clock
from service.core.actor import SYSTEM
from service.core.jobs import Begin, Job, claim
from service.core.logs import get_logger
from service.matchmaking import engine
from service.matchmaking.material import material_of
from service.matchmaking.models import Run, RunGap, RunHelp, RunStatus, Suggestion, SuggestionStatus
from service.matchmaking.questions import answer_question
from service.matchmaking.retention import forget_proposals
from service.matchmaking.scarcity import terms_of
from service.matchmaking.succession import move_up
from service.school_requests.models import SchoolRequest, SchoolRequestStatus

MOST_ATTEMPTS = 20
"""A run that ends its worker so often is at fault itself; restarts of a machine alone never come near."""
GOING = (RunStatus.QUEUED, RunStatus.RUNNING)
NOTE_PROGRESS_EVERY = timedelta(milliseconds=500)

log = get_logger(__name__)


def compute_run(begin: Begin) -> bool:
    """One run from due to done. Killed anywhere, it becomes due again when its lease ends."""
    if not _is_any_due(begin):
        return False
    engine.load()
    taken = _take(begin)
    if taken is None:
        return False
    if taken.attempts > MOST_ATTEMPTS:
        _end(begin, taken.run_id, RunStatus.FAILED, "too_many_attempts")
        return True
    watcher = Watcher(begin, taken.run_id, taken.lease, stopped=taken.stop_asked)
    try:
        material, terms = _material(begin, taken.run_id)
        outcome = _compute(material, terms, watcher)
    except engine.Stopped:
        _end(begin, taken.run_id, RunStatus.STOPPED, "stopped")
        return True
    except engine.EngineFault as error:
        log.warning("run_refused", run=str(taken.run_id), kind=type(error).__name__)
        _end(begin, taken.run_id, RunStatus.FAILED, "input_refused", *engine.plain_faults(error))
        return True
    with begin() as session:
        current = _still_ours(session, taken.run_id, watcher.lease)
        if current is not None:
            _write(session, current, material, outcome)
    return True


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the engine found; the problem it was asked goes along."""

    problem: Any
    answer: Any
    proposals: list[Any]
    allocation: Any
    seekers_helped: list[engine.Helped]
    offers_helped: list[engine.Helped]


def _compute(material: engine.Material, terms: engine.Terms | None, watcher: "Watcher") -> Outcome:
    """Proposals, who gets which, and what would help who has few; no transaction is open."""
    problem = engine.problem_of(material)
    answer = engine.suggest(problem, watcher.progress, watcher.is_stopped)
    allocation = engine.allocate(problem, terms, watcher.look) if terms else None
    proposals = engine.proposals(problem, answer, allocation)
    return Outcome(
        problem=problem,
        answer=answer,
        proposals=proposals,
        allocation=allocation,
        seekers_helped=engine.help_for_seekers(problem, answer, allocation),
        offers_helped=engine.help_for_offers(problem, proposals, material.programme.kinds)
        if allocation
        else [],
    )


def _material(begin: Begin, run_id: UUID) -> tuple[engine.Material, engine.Terms | None]:
    """Who asks for himself is given nothing that others wait for: his run allocates nothing."""
    with begin(read_only=True) as session:
        run = session.get_one(Run, run_id)
        material = material_of(session, run, clock.today())
        seekers = {youth.id for youth in material.youths}
        terms = terms_of(session, run, material.offers, seekers) if run.youth_id is None else None
        session.expunge_all()
    return material, terms


@dataclass(frozen=True, slots=True)
class Taken:
    """A run that is ours until the lease ends."""

    run_id: UUID
    lease: datetime
    attempts: int
    stop_asked: bool


def _find_due(session: Session, now: datetime) -> Run | None:
    return session.exec(
        select(Run)
        .where(col(Run.status).in_(GOING), col(Run.due_at) <= now)
        .order_by(col(Run.due_at), col(Run.id))
        .limit(1)
    ).first()


def _is_any_due(begin: Begin) -> bool:
    with begin(read_only=True) as session:
        return _find_due(session, clock.now()) is not None


def _take(begin: Begin) -> Taken | None:
    now = clock.now()
    with begin() as session:
        run = _find_due(session, now)
        lease = begin.lease_end()
        if run is None or not claim(session, Run, run, lease):
            return None
        taken = Taken(run.id, lease, run.attempts + 1, run.stop_asked_at is not None)
        session.exec(
            update(Run)
            .where(col(Run.id) == run.id)
            .values(attempts=taken.attempts, status=RunStatus.RUNNING, started_at=now)
        )
        return taken


class Watcher:
    """Tells the page how far it is, keeps the lease alive, and hears the stop button."""

    def __init__(self, begin: Begin, run_id: UUID, lease: datetime, *, stopped: bool) -> None:
        self.begin = begin
        self.run_id = run_id
        self.lease = lease
        self.noted_at = clock.now()
        self.stopped = stopped

    def progress(self, done: int, total: int) -> None:
        now = clock.now()
        if now - self.noted_at < NOTE_PROGRESS_EVERY and done < total:
            return
        self._note(steps_done=done, steps_total=total)

    def _note(self, **seen: int) -> None:
        self.noted_at = clock.now()
        lease = self.begin.lease_end()
        with self.begin() as session:
            written = session.exec(
                update(Run)
                .where(col(Run.id) == self.run_id, col(Run.due_at) == self.lease)
                .values(due_at=lease, **seen)
            )
            if written.rowcount == 1:
                self.lease = lease
            # A lease that is no longer ours means that another worker has the run now; ours is not written.
            asked = session.exec(select(Run.stop_asked_at).where(Run.id == self.run_id)).first()
        self.stopped = asked is not None

    def is_stopped(self) -> bool:
        return self.stopped

    def look(self) -> bool:
        """As `is_stopped`, where nothing counts the steps: keeps the lease alive and hears the button."""
        if clock.now() - self.noted_at >= NOTE_PROGRESS_EVERY:
            self._note()
        return self.stopped


def _still_ours(session: Session, run_id: UUID, lease: datetime) -> Run | None:
    """The run, locked, unless another worker took it up in the meantime."""
    return session.exec(
        select(Run)
        .where(Run.id == run_id, Run.due_at == lease, Run.status == RunStatus.RUNNING)
        .with_for_update()
    ).first()


def _end(begin: Begin, run_id: UUID, status: RunStatus, *lines: str) -> None:
    with begin() as session:
        _close(session, session.get_one(Run, run_id), status, *lines)


def _close(session: Session, run: Run, status: RunStatus, *lines: str, **facts: int) -> None:
    run.status = status
    run.finished_at = clock.now()
    run.due_at = None
    run.log = [*run.log, *lines]
    session.add(run)
    _release_request(session, run)
    record(session, SYSTEM, f"run.{status}", run, **facts)


def _write(session: Session, run: Run, material: engine.Material, outcome: Outcome) -> None:
    """The answer, the gaps, what would help, and the end of the run: all of it or nothing."""
    if run.stop_asked_at is not None:
        _close(session, run, RunStatus.STOPPED, "stopped")
        return
    schools = {youth.id: youth.school_id for youth in material.youths}
    schools |= {group.class_id: group.members[0].school_id for group in material.classes}
    class_ids = {group.class_id for group in material.classes}
    _expire_earlier(session, run, set(schools))
    _write_suggestions(session, run, outcome, schools, class_ids)
    _write_gaps(session, run, material, outcome.answer, schools, class_ids)
    _write_help(session, run, outcome, class_ids)
    answer = outcome.answer
    run.steps_done = run.steps_total = max(run.steps_total, 1)
    run.seed = answer.seed
    run.engine_version = answer.engine_version
    run.input_hash = answer.input_hash
    run.configuration_hash = answer.config_hash
    run.output_hash = engine.output_hash(answer)
    numbers: dict[str, Any] = engine.plain_numbers(answer)
    numbers["seekers"] += len(material.youths_elsewhere)
    numbers["suggestions"] = len(outcome.proposals)
    if outcome.allocation is not None:
        numbers["allocation"] = engine.plain_allocation(outcome.problem, outcome.allocation)
    run.numbers = numbers
    _close(session, run, RunStatus.DONE, suggestions=len(outcome.proposals), gaps=len(answer.gaps))


def _write_suggestions(
    session: Session, run: Run, outcome: Outcome, schools: Mapping[UUID, UUID], class_ids: set[UUID]
) -> None:
    proposals = Counter(one.seeker_id for one in outcome.proposals)
    allocated = set(outcome.allocation.pairs) if outcome.allocation else set()
    now = clock.now()
    for one in outcome.proposals:
        seeker = UUID(one.seeker_id)
        weights = engine.used_weights(outcome.problem, one.seeker_id)
        session.add(
            Suggestion(
                run_id=run.id,
                programme_id=run.programme_id,
                school_id=schools[seeker],
                youth_id=None if seeker in class_ids else seeker,
                class_id=seeker if seeker in class_ids else None,
                offer_id=UUID(one.offer_id),
                rank=one.rank,
                alternatives=proposals[one.seeker_id] - 1,
                allocated_at=now if (one.seeker_id, one.offer_id) in allocated else None,
                meets_wish=one.sector > 0 or not weights["sector"],
                score=one.score,
                sector=one.sector,
                location=one.location,
                talent=one.talent,
                minutes=one.minutes,
                weights=weights,
                reasons=engine.plain_reasons(one.reasons),
            )
        )


def _write_gaps(
    session: Session,
    run: Run,
    material: engine.Material,
    answer: Any,
    schools: Mapping[UUID, UUID],
    class_ids: set[UUID],
) -> None:
    for gap in answer.gaps:
        seeker = UUID(gap.seeker_id)
        session.add(
            RunGap(
                run_id=run.id,
                school_id=schools[seeker],
                youth_id=None if seeker in class_ids else seeker,
                class_id=seeker if seeker in class_ids else None,
                causes=engine.plain_causes(gap, material),
            )
        )
    for youth in material.youths_elsewhere:
        session.add(
            RunGap(
                run_id=run.id,
                school_id=youth.school_id,
                youth_id=youth.id,
                causes=[{"code": "D-2", "offers": len(material.offers), "alone": 0}],
            )
        )


def _write_help(session: Session, run: Run, outcome: Outcome, class_ids: set[UUID]) -> None:
    """What would help now takes the place of what would have helped before."""
    seekers = {UUID(seeker.id) for seeker in outcome.problem.seekers}
    offers = {UUID(offer.id) for offer in outcome.problem.offers}
    # Of an offer, a school's request for some of the youths does not unsay what all of them together say.
    of_the_same = col(RunHelp.run_id).in_(
        select(Run.id).where(
            Run.programme_id == run.programme_id, Run.school_request_id == run.school_request_id
        )
    )
    session.exec(delete(RunHelp).where(col(RunHelp.youth_id).in_(seekers)))
    session.exec(delete(RunHelp).where(col(RunHelp.class_id).in_(class_ids)))
    if outcome.allocation is not None:
        session.exec(delete(RunHelp).where(col(RunHelp.offer_id).in_(offers), of_the_same))
    for seeker, in_reach, changes in outcome.seekers_helped:
        session.add(
            RunHelp(
                run_id=run.id,
                youth_id=None if seeker in class_ids else seeker,
                class_id=seeker if seeker in class_ids else None,
                in_reach=in_reach,
                changes=changes,
            )
        )
    for offer, in_reach, changes in outcome.offers_helped:
        session.add(RunHelp(run_id=run.id, offer_id=offer, in_reach=in_reach, changes=changes))


def _expire_earlier(session: Session, run: Run, seekers: set[UUID]) -> None:
    """What an earlier run proposed to the same seekers and nobody decided on is out of date now."""
    earlier = (
        col(Suggestion.programme_id) == run.programme_id,
        col(Suggestion.status) == SuggestionStatus.PROPOSED,
        col(Suggestion.run_id).in_(
            select(Run.id).where(
                Run.programme_id == run.programme_id,
                Run.id != run.id,
                col(Run.school_request_id) == run.school_request_id
                if run.school_request_id
                else col(Run.school_request_id).is_(None),
            )
        ),
    )
    for column in (Suggestion.youth_id, Suggestion.class_id):
        session.exec(
            update(Suggestion)
            .where(*earlier, col(column).in_(seekers))
            .values(status=SuggestionStatus.EXPIRED)
            .execution_options(synchronize_session=False)
        )


def _release_request(session: Session, run: Run) -> None:
    """The school may ask again."""
    if run.school_request_id is None:
        return
    request = session.get_one(SchoolRequest, run.school_request_id)
    if request.status is SchoolRequestStatus.MATCHING:
        request.status = SchoolRequestStatus.OPEN
        session.add(request)


def forget_old_proposals(begin: Begin) -> bool:
    with begin() as session:
        return forget_proposals(session, clock.now()) > 0


JOBS = [
    Job("compute_run", timedelta(seconds=1), compute_run),
    Job("move_up", timedelta(seconds=2), move_up),
    Job("answer_question", timedelta(seconds=1), answer_question),
    Job("forget_proposals", timedelta(hours=6), forget_old_proposals),
]
