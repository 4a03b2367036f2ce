"""A Monday morning: 2,000 digests of a busy region, built and handed to a real SMTP server by one worker.

On demand (`pytest -m scale -s tests/scale/test_digests.py`): it fills a database first, which takes a minute.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path

import psutil
import pytest
from sqlmodel import Session, col, func, select

from service.accounts.models import Role
from service.core import clock
from service.core.db import make_engine
from service.digests.actions import create_default_subscription
from service.digests.models import Audience, Digest, DigestStatus, Subscription
from service.insights.models import Analysis, AnalysisStatus
from service.matchmaking.models import Run
from service.organisations.models import Organisation
from service.youth.models import SchoolClass
from tests import factories as make
from tests.scale import full_region
from tests.smtp_server import Inbox, smtp_server

pytestmark = pytest.mark.scale

READERS, FIRST_LOOK = 2_000, 500
MOST_SECONDS = 60
PATIENCE_SECONDS = 600
MOST_GROWTH = 1.1
MIB = 1024 * 1024


@dataclass(frozen=True)
class Look:
    """What the worker had used when so many had arrived."""

    arrived: int
    wall: float
    processor: float
    resident: float


def fill(url: str) -> None:
    """Staff of twenty schools of 500 youths, and mentors of their 400 classes; each has something to tell."""
    engine = make_engine(url)
    with Session(engine, expire_on_commit=False) as session:
        world, run = full_region.fill(session)
        _look_into(session, run)
        schools = [
            (Role.SCHOOL_STAFF, Audience.SCHOOL, school_id)
            for school_id in session.exec(select(Organisation.id).where(Organisation.kind == "school"))
            if school_id != world.other_school.id
        ]
        full = select(SchoolClass.id).where(SchoolClass.id != world.other_class.id)
        classes = [(Role.MENTOR, Audience.CLASS, class_id) for class_id in session.exec(full)]
        half, due_at = READERS // 2, clock.now() - timedelta(minutes=1)
        places = [*islice(cycle(schools), half), *islice(cycle(classes), READERS - half)]
        for number, (role, audience, place_id) in enumerate(places):
            account = make.make_account(session, email=f"reader{number}@example.nl")
            column = "class_id" if role is Role.MENTOR else "organisation_id"
            make.make_membership(session, account, role, **{column: place_id})
            row = create_default_subscription(session, account.id, place_id, audience)
            row.told_until = due_at - timedelta(days=7)
            row.weekday = clock.today().isoweekday()
            row.due_at = due_at
        session.commit()
    engine.dispose()


def _look_into(session: Session, run: Run) -> None:
    """Otherwise the same worker works out where positions lack, and what we measure is that."""
    session.add(
        Analysis(
            programme_id=run.programme_id,
            run_finished_at=clock.now(),
            computed_at=clock.now(),
            status=AnalysisStatus.DONE,
            due_at=None,
        )
    )


@contextmanager
def worker(url: str, smtp_url: str, folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PODIUM_")}
    chosen = {
        "PODIUM_ENVIRONMENT": "development",
        "PODIUM_DATABASE_URL": url,
        "PODIUM_SMTP_URL": smtp_url,
        "PODIUM_VAR_DIR": str(folder),
    }
    with (folder / "worker.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "service", "worker"], env=plain | chosen, stdout=log, stderr=log
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def look(process: "subprocess.Popen[bytes]", inbox: Inbox, started: float) -> Look:
    of_process = psutil.Process(process.pid)
    spent = of_process.cpu_times()
    return Look(
        len(inbox.messages),
        time.monotonic() - started,
        spent.user + spent.system,
        of_process.memory_info().rss / MIB,
    )


def wait_for(many: int, process: "subprocess.Popen[bytes]", inbox: Inbox, started: float) -> Look:
    while len(inbox.messages) < many:
        assert process.poll() is None, "the worker ended"
        assert time.monotonic() - started < PATIENCE_SECONDS, f"{len(inbox.messages)} arrived"
        time.sleep(0.05)
    return look(process, inbox, started)


def test_a_monday_morning(own_database: str, tmp_path: Path, backend: str) -> None:
    fill(own_database)
    with smtp_server() as (inbox, smtp_url):
        started = time.monotonic()
        with worker(own_database, smtp_url, tmp_path) as process:
            early = wait_for(FIRST_LOOK, process, inbox, started)
            late = wait_for(READERS, process, inbox, started)
    for one in (early, late):
        print(  # noqa: T201 what one runs it for
            f"\n{backend}: {one.arrived} arrived, {one.wall:.1f} s, {one.processor:.1f} s of the processor, "
            f"{one.resident:.0f} MiB"
        )
    assert len(set(inbox.recipients)) == len(set(inbox.ids)) == len(inbox.messages) == READERS
    engine = make_engine(own_database)
    with Session(engine) as session:
        untold = session.exec(
            select(func.count()).select_from(Subscription).where(col(Subscription.due_at) <= clock.now())
        ).one()
        skipped = select(func.count()).select_from(Digest).where(Digest.status == DigestStatus.SKIPPED)
        assert (untold, session.exec(skipped).one()) == (0, 0)
    engine.dispose()
    assert late.resident <= early.resident * MOST_GROWTH
    assert late.processor <= MOST_SECONDS
