"""The job process: a ticker without a memory, since what is due stands in rows."""

import signal
from collections.abc import Sequence
from datetime import timedelta
from types import FrameType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler

from service import tables
from service.core import clock
from service.core.db import make_engine
from service.core.jobs import Begin, Job, drain, note_failure, note_look
from service.core.logs import get_logger
from service.core.metrics import JOB_STEPS
from service.core.settings import Settings

JOBS: Sequence[Job] = ()
MOST_STEPS_A_TICK = 500
LATE_IS_FINE = timedelta(hours=1)

log = get_logger(__name__)


def job_named(name: str) -> Job:
    found = next((job for job in JOBS if job.name == name), None)
    if found is None:
        known = ", ".join(job.name for job in JOBS)
        raise LookupError(f"There is no job {name}. There are: {known}.")
    return found


def run_job(job: Job, begin: Begin) -> int:
    """Drains one job; a failing step is noted and tried again at the next tick."""
    try:
        done = drain(job, begin, most=MOST_STEPS_A_TICK)
    except Exception as error:
        JOB_STEPS.labels(job.name, "failed").inc()
        log.exception("job_failed", job=job.name)
        note_failure(begin, job, type(error).__name__)
        return 0
    if done:
        JOB_STEPS.labels(job.name, "done").inc(done)
    note_look(begin, job, done)
    return done


def work(settings: Settings) -> None:
    """Runs until it is told to stop; kill it at any line and another takes over what it had claimed."""
    assert tables.METADATA.tables
    engine = make_engine(settings.database_url)
    begin = Begin(engine, settings)
    scheduler = BlockingScheduler(
        timezone=clock.AMSTERDAM,
        executors={"default": ThreadPoolExecutor(max(1, len(JOBS)))},
        job_defaults={
            "coalesce": True,
            "max_instances": 1,
            "misfire_grace_time": int(LATE_IS_FINE.total_seconds()),
        },
    )
    for job in JOBS:
        scheduler.add_job(
            run_job,
            "interval",
            seconds=job.every.total_seconds(),
            args=[job, begin],
            id=job.name,
            next_run_time=clock.now(),
        )

    def stop(_signal: int, _frame: FrameType | None) -> None:
        scheduler.shutdown(wait=False)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    log.info("worker_started", jobs=[job.name for job in JOBS])
    scheduler.start()
    engine.dispose()
