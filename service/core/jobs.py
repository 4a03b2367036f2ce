"""Work that runs by itself: what is due stands in rows, a job does one piece of it at a time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, select

from service.core import clock
from service.core.db import Table, UtcDateTime, transaction
from service.core.settings import Settings


class JobRecord(Table, table=True):
    """When a job last looked, last had work, and what went wrong last; for the operator's eyes."""

    __tablename__ = "job"

    name: str = Field(unique=True, max_length=60)
    looked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    worked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    steps_done: int = 0
    failed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_error: str = Field(default="", max_length=500)


@dataclass(frozen=True)
class Begin:
    """Opens a transaction for a step; call it as often as the step needs, never one inside another."""

    engine: Engine
    settings: Settings

    @contextmanager
    def __call__(self, *, read_only: bool = False) -> Iterator[Session]:
        with transaction(self.engine, read_only=read_only) as session:
            yield session

    def lease_end(self) -> datetime:
        """Until when a piece of work is ours; after it another worker takes it up."""
        return clock.now() + timedelta(seconds=self.settings.lease_seconds)


Step = Callable[[Begin], bool]


@dataclass(frozen=True, slots=True)
class Job:
    """A name, how often to look, and a step that says whether there was anything to do."""

    name: str
    every: timedelta
    step: Step


def drain(job: Job, begin: Begin, *, most: int = 100_000, stop: Callable[[], bool] = lambda: False) -> int:
    """Steps until there is nothing left; how many had work."""
    done = 0
    while done < most and not stop() and job.step(begin):
        done += 1
    return done


def claim(session: Session, table: type[SQLModel], row: Any, until: datetime) -> bool:
    """Takes a due row by compare-and-swap on `due_at`: of several workers exactly one wins."""
    columns = table.__table__.c  # type: ignore[attr-defined]
    taken = session.execute(
        update(table).where(columns.id == row.id, columns.due_at == row.due_at).values(due_at=until)
    )
    return bool(taken.rowcount == 1)  # type: ignore[attr-defined]


NOTE_A_QUIET_LOOK_EVERY = timedelta(minutes=1)


def _record_of(session: Session, job: Job) -> JobRecord:
    of_this_job = select(JobRecord).where(JobRecord.name == job.name)
    if session.exec(of_this_job).first() is None:
        # Another worker may start in this very moment: then its row is the one.
        with suppress(IntegrityError), session.begin_nested():
            session.add(JobRecord(name=job.name))
    return session.exec(of_this_job).one()


def note_look(begin: Begin, job: Job, done: int) -> None:
    """Leaves a trace of a tick; without work only once a minute, so that an idle worker hardly writes."""
    now = clock.now()
    with begin(read_only=True) as session:
        seen = session.exec(select(JobRecord.looked_at).where(JobRecord.name == job.name)).first()
    if not done and seen is not None and now - seen < NOTE_A_QUIET_LOOK_EVERY:
        return
    with begin() as session:
        row = _record_of(session, job)
        row.looked_at = now
        if done:
            row.worked_at = now
            row.steps_done += done


def note_failure(begin: Begin, job: Job, kind: str) -> None:
    """Keeps the kind of error, never its text: that may hold what people typed."""
    with begin() as session:
        row = _record_of(session, job)
        row.looked_at = row.failed_at = clock.now()
        row.last_error = kind
