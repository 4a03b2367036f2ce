"""Kill the worker at any moment, and run two of them: no run, digest or mail is lost or doubled.

Work is queued as people and schools queue it, two real workers take it up, and again and again one of them is
killed with SIGKILL in the middle of it. What counts is what stands in the database and what arrived at the
mail server.
"""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from service.accounts.models import Role
from service.audit.models import AuditEntry
from service.core import clock
from service.core.db import make_engine, transaction
from service.core.jobs import JobRecord
from service.digests.models import Digest, DigestStatus, Subscription
from service.insights.models import Analysis, AnalysisStatus, Bottleneck, BottleneckYouth, Scope
from service.mail import outbox
from service.mail.models import Mail, MailStatus, Stream
from service.matchmaking.models import Run, RunStatus, Suggestion
from service.programmes.models import ProgrammeSchool
from tests import factories as make
from tests.journeys.nursery import Nursery, nursery
from tests.smtp_server import Inbox, smtp_server
from tests.world import build_world

SEED = 20270111


class Work(Protocol):
    """Something that is queued and must be done once, whatever happens to the workers."""

    def queue(self, session: Session) -> None: ...

    def moved(self, session: Session) -> int:
        """Grows with what is taken up or finished."""

    def is_finished(self, session: Session) -> bool: ...

    def check(self, session: Session, inbox: Inbox, kills: int) -> None: ...


@dataclass
class Mails:
    """Each arrives; one that arrives twice is the same message, and there is a kill for it."""

    number: int = 500
    message_ids: set[str] = field(default_factory=set)

    def queue(self, session: Session) -> None:
        context = {
            "place": "Sloterwaard College",
            "period": "week 2 van 2027",
            "since": None,
            "missed": "",
            "parts": [{"heading": "Voorstellen", "lines": ["3 voorstellen wachten."], "invite": ""}],
            "because": "Je krijgt deze mail omdat je bij Sloterwaard College werkt.",
            "path": "/digests",
        }
        for number in range(self.number):
            mail = outbox.letter(
                "digests/mails/overview",
                to=f"reader{number}@example.nl",
                key=f"rehearsal:{number}",
                stream=Stream.NOTICE,
                context=dict(context),
            )
            outbox.put(session, mail)
            self.message_ids.add(f"<{mail.message_id}@localhost>")

    def moved(self, session: Session) -> int:
        return session.exec(
            select(func.count()).select_from(Mail).where(Mail.status == MailStatus.SENT)
        ).one()

    def is_finished(self, session: Session) -> bool:
        return session.exec(select(Mail.id).where(Mail.status != MailStatus.SENT)).first() is None

    def check(self, session: Session, inbox: Inbox, kills: int) -> None:
        arrived = Counter(inbox.ids)
        assert arrived.keys() >= self.message_ids, "lost"
        assert arrived.total() - len(arrived) <= kills, "more doubles than kills can explain"
        contents: dict[str, set[bytes]] = {}
        for message_id, raw in zip(inbox.ids, inbox.raw, strict=True):
            contents.setdefault(message_id, set()).add(raw)
        assert all(len(versions) == 1 for versions in contents.values()), "a double that is another mail"
        by_reader: dict[str, set[str]] = {}
        for reader, message_id in zip(inbox.recipients, inbox.ids, strict=True):
            by_reader.setdefault(reader, set()).add(message_id)
        assert by_reader.keys() >= {f"reader{number}@example.nl" for number in range(self.number)}
        assert all(len(ids) == 1 for ids in by_reader.values()), "a double under another name"


@dataclass
class Digests:
    """Each school is told exactly once, and its next moment lies ahead."""

    schools: int = 15

    def queue(self, session: Session) -> None:
        programme = make.make_programme(session)
        for number in range(self.schools):
            school = make.make_school(session)
            session.add(ProgrammeSchool(programme_id=programme.id, school_id=school.id))
            make.make_youth(session, make.make_class(session, school))
            account = make.make_account(session, email=f"staff{number}@example.nl")
            make.make_membership(session, account, Role.SCHOOL_STAFF, organisation_id=school.id)
            week_ago = clock.now() - timedelta(days=7)
            session.add(
                Subscription(
                    account_id=account.id,
                    school_id=school.id,
                    weekday=clock.today().isoweekday(),
                    due_at=clock.now() - timedelta(hours=1),
                    told_until=week_ago,
                )
            )

    def moved(self, session: Session) -> int:
        return session.exec(select(func.count()).select_from(Digest)).one()

    def is_finished(self, session: Session) -> bool:
        sent = session.exec(
            select(func.count()).select_from(Digest).where(Digest.status == DigestStatus.SENT)
        ).one()
        return sent == self.schools

    def check(self, session: Session, inbox: Inbox, kills: int) -> None:
        digests = session.exec(select(Digest)).all()
        assert len({row.school_id for row in digests}) == len(digests) == self.schools
        mails = {mail.id: mail for mail in session.exec(select(Mail).where(Mail.stream == Stream.DIGEST))}
        assert len(mails) == self.schools
        arrived = Counter(inbox.ids)
        for digest in digests:
            assert digest.mail_id is not None
            mail = mails[digest.mail_id]
            assert mail.key == digest.key
            assert arrived[f"<{mail.message_id}@localhost>"] >= 1
        assert all(
            row.due_at is not None and row.due_at > clock.now() for row in session.exec(select(Subscription))
        )
        for action in ("digest.built", "digest.sent"):
            told = session.exec(select(AuditEntry.object_id).where(AuditEntry.action == action)).all()
            assert sorted(map(str, told)) == sorted(str(row.id) for row in digests), action


@dataclass
class Runs:
    """Each is computed to the end once, with its suggestions written once."""

    number: int = 14

    def queue(self, session: Session) -> None:
        host = make.make_organisation(session)
        for _ in range(3):
            make.make_offer(session, host, positions=10)
        for _ in range(self.number):
            school = make.make_school(session)
            programme = make.make_programme(session, school)
            school_class = make.make_class(session, school, programme_id=programme.id)
            for _ in range(3):
                make.make_youth(session, school_class)
            make.make_run(session, programme, status=RunStatus.QUEUED, due_at=clock.now(), finished_at=None)

    def moved(self, session: Session) -> int:
        return sum(session.exec(select(Run.attempts)))

    def is_finished(self, session: Session) -> bool:
        return session.exec(select(Run.id).where(Run.status != RunStatus.DONE)).first() is None

    def check(self, session: Session, inbox: Inbox, kills: int) -> None:
        noted = session.exec(select(AuditEntry).where(AuditEntry.action == "run.done")).all()
        runs = session.exec(select(Run.id)).all()
        assert sorted(str(entry.object_id) for entry in noted) == sorted(map(str, runs))
        for entry in noted:
            written = session.exec(
                select(Suggestion.youth_id, Suggestion.offer_id).where(
                    col(Suggestion.run_id) == entry.object_id
                )
            ).all()
            assert len(set(written)) == len(written) == entry.facts["suggestions"] > 0


@dataclass
class Analyses:
    """What lacks is found out for each programme, and stands there once."""

    number: int = 12

    def queue(self, session: Session) -> None:
        host = make.make_organisation(session)
        make.make_offer(session, host, positions=2)
        for _ in range(self.number):
            school = make.make_school(session)
            programme = make.make_programme(session, school)
            school_class = make.make_class(session, school, programme_id=programme.id)
            for _ in range(7):
                make.make_youth(session, school_class)
            make.make_run(session, programme)

    def moved(self, session: Session) -> int:
        return sum(session.exec(select(Analysis.attempts)))

    def is_finished(self, session: Session) -> bool:
        statuses = session.exec(select(Analysis.status)).all()
        return statuses == [AnalysisStatus.DONE] * self.number

    def check(self, session: Session, inbox: Inbox, kills: int) -> None:
        noted = session.exec(select(AuditEntry).where(AuditEntry.action == "analysis.done")).all()
        analyses = session.exec(select(Analysis.id)).all()
        assert sorted(str(entry.object_id) for entry in noted) == sorted(map(str, analyses))
        found = session.exec(select(Bottleneck)).all()
        assert Counter((one.analysis_id, one.scope) for one in found) == {
            (analysis, scope): 1 for analysis in analyses for scope in Scope
        }
        # The bakery and the garage of the cast have four positions too; the garage suits nobody's wish.
        assert {(one.scope, one.seekers, one.positions) for one in found} == {
            (Scope.WISH, 7, 5),
            (Scope.ANY, 7, 6),
        }
        members = session.exec(select(BottleneckYouth.bottleneck_id)).all()
        assert Counter(members) == {one.id: 7 for one in found}


@dataclass(frozen=True)
class Rehearsal:
    """What is queued, and how it is disturbed."""

    works: Sequence[Work]
    kills: int
    victims: int
    """How many workers go down at once; two of two is a power cut."""
    moves: tuple[int, int]
    """A kill comes after so many moves of the work, at least and at most."""
    seconds_later: float
    """And at most so long after that."""
    lease_seconds: int
    seconds_each: float = 0.01
    """How long the mail server takes for a mail."""
    longest_seconds: int = 900
    """Only so that a fault cannot keep the tests for ever."""


@dataclass
class Workers:
    """Real processes on one database."""

    nursery: Nursery
    running: list[int] = field(default_factory=list)

    def start(self) -> None:
        self.running.append(self.nursery.start())

    def kill(self, victims: Sequence[int]) -> None:
        for worker in victims:
            self.running.remove(worker)
            os.kill(worker, signal.SIGKILL)
        for worker in victims:
            assert self.nursery.wait(worker, 10) == -signal.SIGKILL, "it had ended by itself"

    def wait_a_little(self, until: float) -> None:
        assert all(self.nursery.status(worker) is None for worker in self.running), "one ended by itself"
        assert time.monotonic() < until, "nothing moves any more"
        time.sleep(0.02)

    def stop(self) -> list[int]:
        for worker in self.running:
            os.kill(worker, signal.SIGTERM)
        return [self.nursery.wait(worker, 30) for worker in self.running]


@contextmanager
def two_workers(database: str, smtp_url: str, folder: Path, lease_seconds: int) -> Iterator[Workers]:
    settings = {
        "PODIUM_ENVIRONMENT": "development",
        "PODIUM_DATABASE_URL": database,
        "PODIUM_LEASE_SECONDS": str(lease_seconds),
        "PODIUM_SMTP_URL": smtp_url,
        "PODIUM_VAR_DIR": str(folder),
    }
    with nursery(os.environ | settings) as forks:
        workers = Workers(forks)
        workers.start()
        workers.start()
        yield workers


def finished(engine: Engine, works: Sequence[Work]) -> bool:
    with transaction(engine, read_only=True) as session:
        return all(work.is_finished(session) for work in works)


def moved(engine: Engine, works: Sequence[Work]) -> int:
    with transaction(engine, read_only=True) as session:
        return sum(work.moved(session) for work in works)


def kill_again_and_again(engine: Engine, rehearsal: Rehearsal, workers: Workers, until: float) -> int:
    """Kills whoever comes, while there is work; how many went down."""
    chance = random.Random(SEED)
    killed = 0
    for _ in range(rehearsal.kills):
        goal = moved(engine, rehearsal.works) + chance.randint(*rehearsal.moves)
        while moved(engine, rehearsal.works) < goal:
            workers.wait_a_little(until)
        time.sleep(chance.random() * rehearsal.seconds_later)
        assert not finished(engine, rehearsal.works), "over too soon for this to say anything"
        workers.kill(chance.sample(workers.running, rehearsal.victims))
        for _ in range(rehearsal.victims):
            workers.start()
            killed += 1
    return killed


REHEARSALS: dict[str, Callable[[], Rehearsal]] = {
    "mail_and_digests": lambda: Rehearsal(
        (Mails(), Digests()), 100, 1, (1, 3), 0.05, lease_seconds=2, seconds_each=0.05
    ),
    # After three kills of the same run it is given up: something about it may be what kills.
    "runs": lambda: Rehearsal((Runs(),), 2, 2, (2, 5), 0.1, lease_seconds=4),
    "analyses": lambda: Rehearsal((Analyses(),), 2, 2, (2, 5), 0.1, lease_seconds=4),
}


@pytest.fixture
def engine(own_database: str) -> Iterator[Engine]:
    made = make_engine(own_database)
    yield made
    made.dispose()


@pytest.mark.parametrize("name", REHEARSALS)
def test_nothing_is_lost_or_doubled(engine: Engine, own_database: str, tmp_path: Path, name: str) -> None:
    rehearsal = REHEARSALS[name]()
    with transaction(engine) as session:
        build_world(session)
        for work in rehearsal.works:
            work.queue(session)
    until = time.monotonic() + rehearsal.longest_seconds
    with (
        smtp_server() as (inbox, url),
        two_workers(own_database, url, tmp_path, rehearsal.lease_seconds) as workers,
    ):
        inbox.seconds_each = rehearsal.seconds_each
        killed = kill_again_and_again(engine, rehearsal, workers, until)
        while not finished(engine, rehearsal.works):
            workers.wait_a_little(until)
        assert workers.stop() == [0, 0]
        with transaction(engine, read_only=True) as session:
            for work in rehearsal.works:
                work.check(session, inbox, killed)
            failures = session.exec(select(JobRecord).where(col(JobRecord.failed_at).is_not(None))).all()
            assert not failures, [(row.name, row.last_error) for row in failures]
