"""The database: no update is lost, all or nothing, moments in UTC, and errors that hide values."""

import fcntl
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Event
from time import sleep

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlmodel import Session, col, select

from service.accounts.models import Account, Role
from service.core import db
from service.core.db import UtcDateTime, make_engine, new_session, transaction
from service.core.jobs import JobRecord
from tests.factories import make_account, make_membership


def test_it_works(own_database: str) -> None:
    """What was committed is there; a row knows when it was made."""
    engine = make_engine(own_database)
    with transaction(engine) as session:
        account = make_account(session, email="a@example.nl")
    with transaction(engine, read_only=True) as session:
        found = session.exec(select(Account)).one()
        assert found.id == account.id
        assert found.created_at.tzinfo is UTC
        assert abs(found.created_at - datetime.now(UTC)) < timedelta(minutes=1)
    engine.dispose()


def test_all_or_nothing(own_database: str) -> None:
    engine = make_engine(own_database)

    def fail_halfway() -> None:
        with transaction(engine) as session:
            make_account(session)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()
    with transaction(engine, read_only=True) as session:
        assert session.exec(select(Account)).all() == []
    engine.dispose()


def test_no_update_is_lost(own_database: str) -> None:
    """Read, add one, write: with the driver's own way SQLite loses a good part of these (STACK 2)."""
    threads, times = 8, 25
    engine = make_engine(own_database)
    with transaction(engine) as session:
        session.add(JobRecord(name="count"))

    def count(_thread: int) -> None:
        for _time in range(times):
            with transaction(engine) as session:
                row = session.exec(select(JobRecord).with_for_update()).one()
                row.steps_done += 1

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(count, range(threads)))
    with transaction(engine, read_only=True) as session:
        assert session.exec(select(JobRecord)).one().steps_done == threads * times
    engine.dispose()


def test_writers_get_their_turn_in_order(tmp_path: Path) -> None:
    """«database is locked»: jobs that write again and again left no room for one that wrote now and then."""
    engines = [make_engine(f"sqlite:///{tmp_path / 'podium.db'}") for _worker in range(3)]
    busy, patient = engines[:2], engines[2]
    written: list[int] = []
    stop = Event()

    def write_again_and_again(engine: Engine) -> None:
        while not stop.is_set():
            with transaction(engine) as session:
                session.connection()
                sleep(0.005)
                written.append(1)

    def wait_for_a_turn() -> int:
        """How many others wrote meanwhile."""
        before = len(written)
        with transaction(patient) as session:
            session.connection()
            return len(written) - before

    with ThreadPoolExecutor(len(busy)) as pool:
        writers = [pool.submit(write_again_and_again, engine) for engine in busy]
        waited = []
        try:
            for _time in range(20):
                sleep(0.01)
                waited.append(wait_for_a_turn())
        finally:
            stop.set()
        for writer in writers:
            writer.result()
    for engine in engines:
        engine.dispose()
    # One writes, one stands before us in the queue; a few more where threads are slow to be woken.
    assert sum(waited) <= len(waited) * 2 * len(busy), waited


def test_nobody_waits_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the queue, at its head, and after somebody has given up: then it is the next one's turn."""
    monkeypatch.setattr(db, "PATIENCE_SECONDS", 0.05)
    path = tmp_path / "podium.db"
    engine = make_engine(f"sqlite:///{path}")
    with Path(f"{path}{db.QUEUE_SUFFIX}").open("ab") as queue:
        fcntl.flock(queue, fcntl.LOCK_EX)
        with transaction(engine) as session:
            assert session.connection(), "the queue stands still, but the database is free"
            with pytest.raises(OperationalError), transaction(engine) as other:
                other.connection()
    with transaction(engine) as session:
        session.connection()
        with pytest.raises(OperationalError), transaction(engine) as other:
            other.connection()
    with transaction(engine) as session:
        assert session.connection()
    engine.dispose()


def test_readers_see_no_half_work(own_database: str) -> None:
    engine = make_engine(own_database)
    with transaction(engine) as writer:
        make_account(writer)
        with transaction(engine, read_only=True) as reader:
            assert reader.exec(select(Account)).all() == []
    with transaction(engine, read_only=True) as reader:
        assert len(reader.exec(select(Account)).all()) == 1
    engine.dispose()


def test_rows_stay_readable_after_the_transaction(own_database: str) -> None:
    engine = make_engine(own_database)
    with new_session(engine) as session:
        account = make_account(session, name="Farida")
        session.commit()
    assert account.name == "Farida"
    engine.dispose()


def test_references_are_kept(session: Session) -> None:
    """On SQLite only because the connection asks for it."""
    with pytest.raises(IntegrityError):
        make_membership(session, Account(email="x", name="x"), Role.CONTACT)
    session.rollback()


def test_errors_hide_what_was_written(session: Session) -> None:
    """They end up in the log, and the log knows nobody's address."""
    make_account(session, email="known@example.nl")
    with pytest.raises(IntegrityError) as caught:
        make_account(session, email="known@example.nl", name="Somebody Real")
    session.rollback()
    assert "Somebody Real" not in str(caught.value)


def test_moments_are_aware_and_in_utc(session: Session) -> None:
    """Also on SQLite, which keeps no zone."""
    winter = timezone(timedelta(hours=1))
    account = make_account(session, signed_in_at=datetime(2027, 1, 12, 8, 30, tzinfo=winter))
    session.commit()
    session.expire_all()
    assert account.signed_in_at == datetime(2027, 1, 12, 7, 30, tzinfo=UTC)
    assert account.signed_in_at.utcoffset() == timedelta(0)
    after = datetime(2027, 1, 12, 8, 29, tzinfo=winter)
    assert session.exec(select(Account).where(col(Account.signed_in_at) > after)).one() == account


def test_a_moment_without_a_zone_is_refused(session: Session) -> None:
    with pytest.raises(StatementError, match="time zone"):
        make_account(session, signed_in_at=datetime(2027, 1, 12, 8, 30))  # noqa: DTZ001 that is the point
    session.rollback()
    assert UtcDateTime.cache_ok
