"""The database: one engine, one way to open a transaction, and the column types every feature uses."""

import fcntl
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from threading import Thread
from typing import IO, Any
from uuid import UUID, uuid4

from pydantic import ConfigDict
from sqlalchemy import JSON, DateTime, Dialect, Engine, Enum, MetaData, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, Session, SQLModel

from service.core import clock

KEPT_CONNECTIONS = 10
MOST_CONNECTIONS = 40
PATIENCE_SECONDS = 15
LOOK_EVERY_SECONDS = 0.001
PATIENCE = f"busy_timeout={PATIENCE_SECONDS * 1000}"
IMPATIENCE = "busy_timeout=0"
SQLITE_PRAGMAS = (PATIENCE, "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON")
QUEUE_SUFFIX = "-queue"
"""Of the empty file beside a SQLite database at which its writers queue."""

SQLModel.metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, aware and in UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 SQLAlchemy's signature
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 SQLAlchemy's signature
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def choice(kind: type[StrEnum]) -> Enum:
    """A column type for a fixed set of words, checked by the database."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
        name=kind.__name__.lower(),
    )


class Table(SQLModel):
    """What every table has in common: an id that tells nothing, and the moment the row was made."""

    model_config = ConfigDict(arbitrary_types_allowed=True)  # type: ignore[assignment]

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    created_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime, nullable=False)


JsonList = JSON
JsonObject = JSON


TO_CHANGE: dict[str, Any] = {"key_share": True}
"""How a row is locked before it is changed: its key stays, so rows that point to it may be written meanwhile.

`with_for_update=True` would stop those too, and two people who change different rows wait for each other.
"""


def make_engine(url: str | URL) -> Engine:
    """An engine that never loses an update: writers queue on SQLite, and rows are locked on PostgreSQL.

    Errors hide what was written: they end up in the log, and values are of people.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(
            parsed,
            pool_size=KEPT_CONNECTIONS,
            max_overflow=MOST_CONNECTIONS - KEPT_CONNECTIONS,
            pool_pre_ping=True,
            hide_parameters=True,
        )
    engine = create_engine(
        parsed,
        pool_size=KEPT_CONNECTIONS,
        max_overflow=MOST_CONNECTIONS - KEPT_CONNECTIONS,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    options = connection.get_execution_options()
    if options.get("read_only", False):
        connection.exec_driver_sql("BEGIN")
        return
    connection.exec_driver_sql(f"PRAGMA {IMPATIENCE}")
    try:
        if not options.get("hurried", False):
            _begin_in_turn(connection.connection.driver_connection, connection.engine.url.database)
        if not connection.connection.driver_connection.in_transaction:
            # By way of SQLAlchemy, which words what is wrong as every other fault.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA {PATIENCE}")


def _begin_in_turn(sqlite: sqlite3.Connection, database: str | None) -> None:
    """Tries for as long as anybody is asked to wait, in the queue and at its head together."""
    until = time.monotonic() + PATIENCE_SECONDS
    with _turn(database) as is_first:
        while is_first and time.monotonic() < until:
            with suppress(sqlite3.OperationalError):
                sqlite.execute("BEGIN IMMEDIATE")
                return
            time.sleep(LOOK_EVERY_SECONDS)


@contextmanager
def _turn(database: str | None) -> Iterator[bool]:
    """Writers in order of arrival: only the first of the queue looks whether the database is free.

    SQLite itself has no queue: each looks again, soon only ten times a second. Jobs that write again
    as soon as they have written are nearly always quicker, and somebody who waited all the time is told that
    the database is locked. False for who stood in the queue for as long as anybody is asked to wait.
    """
    if not database or database.startswith((":memory:", "file:")):
        yield True
        return
    queue = _stand_in_line(Path(f"{database}{QUEUE_SUFFIX}"))
    try:
        yield queue is not None
    finally:
        if queue is not None:
            queue.close()


def _stand_in_line(path: Path) -> IO[bytes] | None:
    """The file, open, once it is ours; None when that takes too long."""
    queue = path.open("ab")
    with suppress(BlockingIOError):
        fcntl.flock(queue, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return queue
    ours: Future[IO[bytes]] = Future()
    # Only who waits inside the system keeps his place in the queue, and only another thread can be given up.
    Thread(target=_wait_in_line, args=(queue, ours), daemon=True).start()
    try:
        return ours.result(PATIENCE_SECONDS)
    except TimeoutError:
        # It may have come just now.
        return None if ours.cancel() else ours.result()


def _wait_in_line(queue: IO[bytes], ours: Future[IO[bytes]]) -> None:
    fcntl.flock(queue, fcntl.LOCK_EX)
    if ours.set_running_or_notify_cancel():
        ours.set_result(queue)
    else:
        queue.close()


def new_session(engine: Engine, *, read_only: bool = False, hurried: bool = False) -> Session:
    """Hurried: rather an OperationalError than waiting for another writer, for what can be done later."""
    options = {name: True for name, wanted in (("read_only", read_only), ("hurried", hurried)) if wanted}
    return Session(engine.execution_options(**options) if options else engine, expire_on_commit=False)


@contextmanager
def transaction(engine: Engine, *, read_only: bool = False, hurried: bool = False) -> Iterator[Session]:
    """All or nothing: commits at the end, rolls back when anything is raised."""
    with new_session(engine, read_only=read_only, hurried=hurried) as session:
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
