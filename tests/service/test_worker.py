"""The job process: drains what is due, survives what fails, bears a second one, and stops when told."""

import importlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType

import pytest
import time_machine
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlmodel import Session, select

from service import worker
from service.core.clock import AMSTERDAM
from service.core.db import make_engine, transaction
from service.core.jobs import Begin, Job, JobRecord
from service.core.settings import Settings
from service.web import templating

ROOT = Path(__file__).parents[2]
A_MINUTE = timedelta(minutes=1)


def job_of(*outcomes: bool | Exception) -> Job:
    """A job whose steps end as told, and which then has nothing left to do."""
    left = list(outcomes)

    def step(_begin: Begin) -> bool:
        outcome = left.pop(0) if left else False
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return Job("rehearsal", A_MINUTE, step)


def record_of(session: Session) -> JobRecord:
    return session.exec(select(JobRecord).where(JobRecord.name == "rehearsal")).one()


def test_it_works(session: Session, begin: Begin) -> None:
    assert worker.run_job(job_of(True, True, True), begin) == 3
    row = record_of(session)
    assert (row.steps_done, row.last_error) == (3, "")
    assert row.worked_at == row.looked_at is not None


def test_a_step_that_fails_is_noted_and_tried_again(session: Session, begin: Begin) -> None:
    job = job_of(True, ValueError("Noor's telephone number"), True)
    assert worker.run_job(job, begin) == 0
    row = record_of(session)
    assert row.last_error == "ValueError", "what an error says may hold what people typed"
    assert row.failed_at is not None
    assert worker.run_job(job, begin) == 1


def test_a_quiet_look_is_noted_once_a_minute(session: Session, begin: Begin) -> None:
    with time_machine.travel(datetime(2027, 1, 11, tzinfo=UTC), tick=False) as clock:
        looked_at = []
        for _ in range(3):
            worker.run_job(job_of(), begin)
            looked_at.append(record_of(session).looked_at)
            clock.shift(A_MINUTE / 2)
    assert looked_at[0] == looked_at[1] != looked_at[2]


def test_it_stops_between_steps(begin: Begin) -> None:
    seen: list[int] = []
    job = Job("rehearsal", A_MINUTE, lambda _begin: seen.append(1) or True)  # type: ignore[func-returns-value]
    assert worker.run_job(job, begin, lambda: len(seen) == 2) == 2


def test_every_feature_with_jobs_is_asked() -> None:
    modules = [
        importlib.import_module(f"service.{path.parent.name}.jobs")
        for path in sorted((ROOT / "service").glob("*/jobs.py"))
        if path.parent.name != "core"
    ]
    assert len(modules) > 3
    written = {job.name for module in modules for job in module.JOBS}
    names = [job.name for job in worker.JOBS]
    assert sorted(names) == sorted(written)
    assert worker.job_named("send_mail").name == "send_mail"
    with pytest.raises(LookupError, match="send_mail"):
        worker.job_named("no such job")


def test_mails_may_name_sectors_in_the_worker_too(begin: Begin) -> None:
    templating.environment().globals.pop("label", None)
    worker.run_job(job_of(), begin)
    assert templating.environment().from_string("{{ label('sectors', 'HORECA') }}").render()


def test_pages_find_their_words_after_a_worker_in_the_same_process(begin: Begin) -> None:
    """What a template imports keeps the words of that moment: the worker must not come before them."""
    templating.environment.cache_clear()
    worker.run_job(job_of(), begin)
    shared = templating.environment().from_string("{{ ui.icon('check') }}")
    assert "/static/icons.svg" in shared.render()


def test_two_may_start_at_the_same_moment(own_database: str, settings: Settings) -> None:
    """Both find no record of the job and write one."""
    begin = Begin(make_engine(own_database), settings)
    ready = threading.Barrier(4)
    errors: list[BaseException] = []

    def run() -> None:
        ready.wait()
        try:
            worker.run_job(job_of(True), begin)
        except BaseException as error:
            errors.append(error)
            raise

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with begin() as session:
        assert len(session.exec(select(JobRecord)).all()) == 1
    assert errors == []
    begin.engine.dispose()


@contextmanager
def no_longer_than(seconds: int) -> Iterator[None]:
    """Ends a loop without end, also one that lets nobody else run."""

    def too_long(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("night", [(2027, 10, 31), (2027, 3, 28)], ids=["autumn", "spring"])
@pytest.mark.parametrize(
    "trigger",
    [
        IntervalTrigger(seconds=10, timezone=AMSTERDAM),
        IntervalTrigger(minutes=5, timezone=AMSTERDAM),
        CronTrigger(minute="*/10", timezone=AMSTERDAM),
        CronTrigger(hour=7, minute=30, timezone=AMSTERDAM),
    ],
    ids=["ten_seconds", "five_minutes", "each_ten_minutes", "half_past_seven"],
)
def test_the_ticker_survives_the_night_when_the_clock_changes(
    trigger: IntervalTrigger | CronTrigger, night: tuple[int, int, int]
) -> None:
    """APScheduler 3.11.0 and 3.11.1 hung for ever in the doubled hour."""
    start = datetime(*night, 0, 30, tzinfo=AMSTERDAM).astimezone(UTC)
    now, previous, ticks = start, None, 0
    with no_longer_than(10):
        while now < start + timedelta(hours=5):
            following = trigger.get_next_fire_time(previous, now)
            # Two moments of one zone would be compared by what the clock on the wall says.
            assert previous is None or following.astimezone(UTC) > previous.astimezone(UTC)
            previous, now, ticks = following, max(now, following.astimezone(UTC)), ticks + 1
    assert ticks > 0


def test_our_own_ticks_take_no_notice_of_that_night(begin: Begin) -> None:
    start = datetime(2027, 10, 30, 23, tzinfo=UTC)
    with time_machine.travel(start, tick=False), no_longer_than(10):
        scheduler = worker.make_scheduler(worker.JOBS, begin, lambda: False)
        jobs = scheduler.get_jobs()
        assert {job.id for job in jobs} == {job.name for job in worker.JOBS}
        for job in jobs:
            moment = job.trigger.get_next_fire_time(None, start)
            for _ in range(100):
                following = job.trigger.get_next_fire_time(moment, moment)
                assert following - moment == job.trigger.interval
                moment = following


def test_it_stops_when_it_is_told(own_database: str, tmp_path: Path) -> None:
    """And not halfway: what it was doing is finished, which its exit says."""
    environment = os.environ | {
        "PODIUM_ENVIRONMENT": "development",
        "PODIUM_DATABASE_URL": own_database,
        "PODIUM_VAR_DIR": str(tmp_path),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "service", "worker"],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        assert "worker_started" in process.stderr.readline()
        wait_for_first_look(own_database)
        process.send_signal(signal.SIGTERM)
        _output, log = process.communicate(timeout=20)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0
    assert "worker_stopped" in log
    assert "job_failed" not in log


def wait_for_first_look(url: str) -> None:
    engine = make_engine(url)
    until = time.monotonic() + 20
    looked: set[str] = set()
    while looked != {job.name for job in worker.JOBS} and time.monotonic() < until:
        time.sleep(0.05)
        with transaction(engine, read_only=True) as session:
            looked = set(session.exec(select(JobRecord.name)))
    engine.dispose()
    assert looked == {job.name for job in worker.JOBS}
