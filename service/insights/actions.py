"""Asking to look again where positions lack, after people have decided."""

from uuid import UUID

from sqlmodel import Session, select

from service.audit.record import record
from service.core import clock
from service.core.actor import Actor
from service.core.errors import require
from service.insights import policy, queries
from service.insights.errors import AnalysisIsGoing, NoRunYet
from service.insights.models import Analysis, AnalysisStatus
from service.programmes.models import Programme


def renew_analysis(session: Session, actor: Actor, programme_id: UUID) -> Analysis:
    """Leaves a row for the worker; what was found before stays until the new answer is there."""
    programme = queries.get_programme(session, actor, programme_id)
    require(policy.may_renew(actor, programme))
    # Of two who ask at once the second one finds the row of the first.
    session.get_one(Programme, programme.id, with_for_update=True)
    run = queries.find_newest_run(session, programme.id)
    if run is None:
        raise NoRunYet
    analysis = session.exec(
        select(Analysis).where(Analysis.programme_id == programme.id).with_for_update()
    ).first() or Analysis(programme_id=programme.id, status=AnalysisStatus.DONE)
    if analysis.is_going:
        raise AnalysisIsGoing
    analysis.status = AnalysisStatus.QUEUED
    analysis.due_at = clock.now()
    analysis.attempts = analysis.steps_done = 0
    analysis.run_id, analysis.run_finished_at = run.id, run.finished_at
    session.add(analysis)
    session.flush()
    record(session, actor, "analysis.asked", analysis, programme=str(programme.id))
    return analysis
