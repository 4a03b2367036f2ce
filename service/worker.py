"""The job process: a ticker without a memory, since what is due stands in rows."""

import logging
import signal
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, timedelta
from types import FrameType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from service import tables
from service.accounts import jobs as accounts
from service.core import clock
from service.core.db import make_engine
from service.core.jobs import Begin, Job, drain, note_failure, note_look
from service.core.logs import get_logger
from service.core.metrics import JOB_STEPS
from service.core.settings import Settings
from service.digests import jobs as digests
from service.insights import jobs as insights
from service.mail import jobs as mail
from service.matchmaking import jobs as matchmaking
from service.offers import jobs as offers
from service.organisations import jobs as organisations
from service.placements import jobs as placements
from service.reference import jobs as unknown_words
from service.reference import labels as reference
from service.web import templating
from service.youth import jobs as youth

JOBS: Sequence[Job] = (
    *matchmaking.JOBS,
    *insights.JOBS,
    *placements.JOBS,
    *digests.JOBS,
    *organisations.JOBS,
    *offers.JOBS,
    *youth.JOBS,
    *accounts.JOBS,
    *unknown_words.JOBS,
    *mail.JOBS,
)
MOST_STEPS_A_TICK = 500
LATE_IS_FINE = timedelta(hours=1)

log = get_logger(__name__)


def job_named(name: str) -> Job:
    found = next((job for job in JOBS if job.name == name), None)
    if found is None:
        known = ", ".join(job.name for job in JOBS)
        raise LookupError(f"There is no job {name}. There are: {known}.")
    return found


def never() -> bool:
    return False


def run_job(job: Job, begin: Begin, must_stop: Callable[[], bool] = never) -> int:
    """Drains one job; a failing step is noted and tried again at the next tick."""
    teach_templates()
    try:
        done = drain(job, begin, most=MOST_STEPS_A_TICK, stop=must_stop)
    except Exception as error:
        JOB_STEPS.labels(job.name, "failed").inc()
        log.exception("job_failed", job=job.name)
        note_failure(begin, job, type(error).__name__)
        return 0
    if done:
        JOB_STEPS.labels(job.name, "done").inc(done)
    note_look(begin, job, done)
    return done


def teach_templates() -> None:
    """The words that mails may use; pages get theirs from create_app."""
    templating.add_words({"label": reference.label, "youth_label": reference.youth_label})


def make_scheduler(jobs: Sequence[Job], begin: Begin, must_stop: Callable[[], bool]) -> BackgroundScheduler:
    """Ticks on UTC: no tick is skipped or doubled when the clock changes; wall time is reckoned in rows."""
    scheduler = BackgroundScheduler(
        timezone=UTC,
        executors={"default": ThreadPoolExecutor(max(1, len(jobs)))},
        job_defaults={
            "coalesce": True,
            "max_instances": 1,
            "misfire_grace_time": int(LATE_IS_FINE.total_seconds()),
        },
    )
    for job in jobs:
        scheduler.add_job(
            run_job,
            "interval",
            seconds=job.every.total_seconds(),
            args=[job, begin, must_stop],
            id=job.name,
            next_run_time=clock.now(),
        )
    return scheduler


def work(settings: Settings) -> None:
    """Runs until it is told to stop, then finishes the steps it is in.

    Kill it at any line and another takes over what it had claimed.
    """
    assert tables.METADATA.tables
    engine = make_engine(settings.database_url)
    stopping = threading.Event()
    # A tick that finds the one before still at work is no news.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    scheduler = make_scheduler(JOBS, Begin(engine, settings), stopping.is_set)
    scheduler.start()
    log.info("worker_started", jobs=[job.name for job in JOBS])
    stopping.wait()
    scheduler.shutdown(wait=True)
    engine.dispose()
    log.info("worker_stopped")
