"""Jobs: one piece at a time, each piece once over all workers, and a trace for the operator."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
import time_machine
from sqlmodel import Session, col, select

from service.core import clock
from service.core.db import make_engine, transaction
from service.core.jobs import Begin, Job, JobRecord, claim, drain, note_failure, note_look
from service.core.settings import Settings
from service.mail.models import Mail, Stream


def job(step: object) -> Job:
    return Job("count_sheep", timedelta(seconds=5), step)  # type: ignore[arg-type]


def test_it_works(begin: Begin) -> None:
    """Steps until there is nothing left."""
    sheep = [1, 2, 3]

    def step(_begin: Begin) -> bool:
        return bool(sheep) and bool(sheep.pop())

    assert drain(job(step), begin) == 3
    assert drain(job(step), begin) == 0


def test_an_endless_job_leaves_room_for_others(begin: Begin) -> None:
    assert drain(job(lambda _begin: True), begin, most=7) == 7


def test_a_job_stops_when_asked(begin: Begin) -> None:
    stops = iter([False, False, True])
    assert drain(job(lambda _begin: True), begin, stop=lambda: next(stops)) == 2


def test_every_piece_goes_to_one_worker(own_database: str, settings: Settings) -> None:
    """Compare-and-swap: forty pieces, eight workers, each piece once."""
    pieces, workers = 40, 8
    engine = make_engine(own_database)
    begin = Begin(engine, settings)
    with begin() as session:
        for number in range(pieces):
            session.add(
                Mail(
                    key=str(number),
                    message_id=str(number),
                    stream=Stream.NOTICE,
                    template="x",
                    recipient="a@example.nl",
                )
            )
    start = Barrier(workers)

    def work(_worker: int) -> list[str]:
        done = []
        start.wait(timeout=10)
        with begin(read_only=True) as session:
            due = session.exec(select(Mail).where(col(Mail.due_at) <= clock.now()).order_by(Mail.key)).all()
        for row in due:
            with begin() as session:
                if claim(session, Mail, row, begin.lease_end()):
                    done.append(row.key)
        return done

    with ThreadPoolExecutor(workers) as pool:
        claimed = [key for keys in pool.map(work, range(workers)) for key in keys]
    assert sorted(claimed) == sorted(str(number) for number in range(pieces))
    engine.dispose()


def test_a_claim_ends_by_itself(begin: Begin, session: Session) -> None:
    """The work of a killed worker is due again when its lease is over."""
    now = datetime(2027, 1, 12, 12, tzinfo=UTC)
    with time_machine.travel(now, tick=False):
        assert begin.lease_end() == now + timedelta(seconds=begin.settings.lease_seconds)


def test_looks_are_noted_quietly(begin: Begin, session: Session) -> None:
    now = clock.now()
    sheep = job(lambda _begin: True)
    for seconds in (0, 10, 20, 70):
        with time_machine.travel(now + timedelta(seconds=seconds), tick=False):
            note_look(begin, sheep, 0)
    row = session.exec(select(JobRecord)).one()
    assert row.looked_at == now + timedelta(seconds=70)
    assert (row.worked_at, row.steps_done) == (None, 0)


def test_work_is_noted_at_once(begin: Begin, session: Session) -> None:
    sheep = job(lambda _begin: True)
    note_look(begin, sheep, 0)
    note_look(begin, sheep, 3)
    note_look(begin, sheep, 2)
    row = session.exec(select(JobRecord)).one()
    assert row.steps_done == 5
    assert row.worked_at is not None


def test_a_failure_is_noted_without_its_text(begin: Begin, session: Session) -> None:
    note_failure(begin, job(lambda _begin: True), "ValueError")
    row = session.exec(select(JobRecord)).one()
    assert (row.last_error, row.failed_at is not None) == ("ValueError", True)


def test_two_workers_may_note_the_first_look_together(own_database: str, settings: Settings) -> None:
    engine = make_engine(own_database)
    begin = Begin(engine, settings)
    start = Barrier(4)

    def look(_worker: int) -> None:
        start.wait(timeout=10)
        note_look(begin, job(lambda _begin: True), 1)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(look, range(4)))
    with transaction(engine, read_only=True) as session:
        assert len(session.exec(select(JobRecord)).all()) == 1
    engine.dispose()


def test_a_failing_step_undoes_itself(own_database: str, settings: Settings) -> None:
    engine = make_engine(own_database)

    def fail_halfway() -> None:
        with Begin(engine, settings)() as session:
            session.add(JobRecord(name="half"))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()
    with transaction(engine, read_only=True) as session:
        assert session.exec(select(JobRecord)).all() == []
    engine.dispose()
