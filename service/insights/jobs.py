"""The worker's part: notices a run nobody looked into, works it out with no transaction open, writes once."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select, update

from service.audit.record import record
from service.core import clock
from service.core.actor import SYSTEM
from service.core.jobs import Begin, Job, claim
from service.core.logs import get_logger
from service.insights import engine, queries
from service.insights.blind_spots import Question, question_of, write_findings
from service.insights.models import GOING, STEPS, Analysis, AnalysisStatus, Scope
from service.insights.retention import forget_bottlenecks
from service.matchmaking.models import Run

MOST_ATTEMPTS = 20
"""Work that ends its worker so often is at fault itself."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Taken:
    """An analysis that is ours until the lease ends."""

    analysis_id: UUID
    run_id: UUID | None
    lease: datetime
    attempts: int


def compute_analysis(begin: Begin) -> bool:
    """One analysis from due to done. Killed anywhere, it becomes due again when its lease ends."""
    noticed = notice_run(begin)
    if not _is_any_due(begin):
        return noticed
    engine.load()
    taken = _take(begin)
    if taken is None:
        return noticed
    if taken.attempts > MOST_ATTEMPTS or taken.run_id is None:
        _fail(begin, taken.analysis_id)
        return True
    lease = Lease(begin, taken)
    try:
        question = _question(begin, taken.run_id)
        _work_out(begin, lease, question)
    except engine.EngineFault as error:
        log.warning("analysis_refused", analysis=str(taken.analysis_id), kind=type(error).__name__)
        _fail(begin, taken.analysis_id)
    return True


def notice_run(begin: Begin) -> bool:
    """Leaves a row for the newest run of a programme that nobody looked into yet."""
    with begin(read_only=True) as session:
        if queries.find_unanalysed(session) is None:
            return False
    with begin() as session:
        found = queries.find_unanalysed(session)
        if found is None:
            return False
        programme_id, finished_at = found
        run = queries.find_newest_run(session, programme_id)
        run_id = run.id if run else None
        changed = session.exec(
            update(Analysis)
            .where(col(Analysis.programme_id) == programme_id, col(Analysis.status).not_in(GOING))
            .values(
                run_id=run_id,
                run_finished_at=finished_at,
                status=AnalysisStatus.QUEUED,
                due_at=clock.now(),
                attempts=0,
                steps_done=0,
            )
        )
        if changed.rowcount == 0:
            # Another worker may notice it in this very moment: then its row is the one.
            with suppress(IntegrityError), session.begin_nested():
                session.add(Analysis(programme_id=programme_id, run_id=run_id, run_finished_at=finished_at))
    return True


def _find_due(session: Session, now: datetime) -> Analysis | None:
    return session.exec(
        select(Analysis)
        .where(col(Analysis.status).in_(GOING), col(Analysis.due_at) <= now)
        .order_by(col(Analysis.due_at), col(Analysis.id))
        .limit(1)
    ).first()


def _is_any_due(begin: Begin) -> bool:
    with begin(read_only=True) as session:
        return _find_due(session, clock.now()) is not None


def _take(begin: Begin) -> Taken | None:
    with begin() as session:
        analysis = _find_due(session, clock.now())
        lease = begin.lease_end()
        if analysis is None or not claim(session, Analysis, analysis, lease):
            return None
        taken = Taken(analysis.id, analysis.run_id, lease, analysis.attempts + 1)
        session.exec(
            update(Analysis)
            .where(col(Analysis.id) == analysis.id)
            .values(attempts=taken.attempts, status=AnalysisStatus.RUNNING, steps_done=0)
        )
        return taken


def _question(begin: Begin, run_id: UUID) -> Question:
    with begin(read_only=True) as session:
        question = question_of(session, session.get_one(Run, run_id), clock.today())
        session.expunge_all()
    return question


class Lease:
    """Tells the page how far it is, and keeps the work ours."""

    def __init__(self, begin: Begin, taken: Taken) -> None:
        self.begin = begin
        self.analysis_id = taken.analysis_id
        self.ends_at = taken.lease
        self.steps = 0

    def step(self) -> None:
        self.steps += 1
        ends_at = self.begin.lease_end()
        with self.begin() as session:
            written = session.exec(
                update(Analysis)
                .where(col(Analysis.id) == self.analysis_id, col(Analysis.due_at) == self.ends_at)
                .values(steps_done=self.steps, due_at=ends_at)
            )
        # A lease that is no longer ours means that another worker has it now; ours is not written.
        if written.rowcount == 1:
            self.ends_at = ends_at


def _work_out(begin: Begin, lease: Lease, question: Question) -> None:
    lease.step()
    found = {}
    for scope in Scope:
        found[scope] = engine.find_bottlenecks(question.material, question.terms, scope)
        lease.step()
    audit = engine.audit(question.standing)
    with begin() as session:
        analysis = session.exec(
            select(Analysis)
            .where(
                Analysis.id == lease.analysis_id,
                Analysis.due_at == lease.ends_at,
                Analysis.status == AnalysisStatus.RUNNING,
            )
            .with_for_update()
        ).first()
        if analysis is None:
            return
        write_findings(session, analysis, found)
        analysis.audit = audit
        analysis.seekers = question.seekers
        analysis.steps_done = STEPS
        analysis.computed_at = clock.now()
        analysis.status = AnalysisStatus.DONE
        analysis.due_at = None
        session.add(analysis)
        record(session, SYSTEM, "analysis.done", analysis, shortage=analysis.shortage_wish)


def _fail(begin: Begin, analysis_id: UUID) -> None:
    with begin() as session:
        analysis = session.get_one(Analysis, analysis_id)
        analysis.status = AnalysisStatus.FAILED
        analysis.due_at = None
        session.add(analysis)
        record(session, SYSTEM, "analysis.failed", analysis)


def forget_who_was_short(begin: Begin) -> bool:
    with begin() as session:
        return forget_bottlenecks(session, clock.now()) > 0


JOBS = [
    Job("compute_analysis", timedelta(seconds=5), compute_analysis),
    Job("forget_bottlenecks", timedelta(hours=6), forget_who_was_short),
]
