"""What comes back: for good stops a stream, three times in a row pauses it, a complaint ends it."""

import hashlib
import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy.engine import make_url
from sqlmodel import Session, select

from service.cli import run
from service.core.db import make_engine, transaction
from service.core.jobs import Begin, drain
from service.core.settings import Settings
from service.mail import commands, jobs, outbox
from service.mail.actions import Outcome, note_report
from service.mail.models import (
    Bounce,
    BounceKind,
    Mail,
    MailStatus,
    Stream,
    Suppression,
    SuppressionReason,
)
from service.mail.rendering import render
from service.mail.reports import Report, read_report
from service.mail.transport import return_address
from tests.service.mail.conftest import PutMail, a_mail
from tests.service.mail.reports import bounce_of, complaint_of
from tests.smtp_server import Inbox

NONSENSE = (
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\n"
    b"Content-Type: message/delivery-status\n\nnonsense\n--x--\n"
)
NOON = datetime(2027, 1, 11, 12, tzinfo=UTC)
SEND = jobs.JOBS[0]


@pytest.fixture
def at_noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def report_of(content: bytes) -> Report:
    report = read_report(content)
    assert report is not None
    return report


def note(session: Session, content: bytes) -> Outcome:
    outcome = note_report(session, report_of(content))
    session.commit()
    return outcome


def suppressed(session: Session) -> list[tuple[Stream, SuppressionReason]]:
    return [(row.stream, row.reason) for row in session.exec(select(Suppression))]


def test_it_works(session: Session, begin_smtp: Begin, inbox: Inbox, put_mail: PutMail) -> None:
    mail = put_mail()
    drain(SEND, begin_smtp)
    assert note(session, bounce_of(mail)) is Outcome.NOTED
    assert (mail.status, mail.due_at, mail.last_error) == (MailStatus.FAILED, None, "HardBounce 5.1.1")
    assert suppressed(session) == [(Stream.DIGEST, SuppressionReason.HARD_BOUNCE)]
    later = put_mail(key="digest:2", to="Marieke@Example.nl")
    drain(SEND, begin_smtp)
    session.refresh(later)
    assert (later.status, later.last_error) == (MailStatus.SUPPRESSED, "hard_bounce")
    assert len(inbox.messages) == 1


def test_other_streams_and_other_people_are_not_held(
    session: Session, begin_smtp: Begin, inbox: Inbox, put_mail: PutMail
) -> None:
    note(session, bounce_of(put_mail()))
    put_mail(key="question:1", stream=Stream.QUESTION)
    put_mail(key="digest:2", to="ans@example.nl")
    drain(SEND, begin_smtp)
    assert sorted(inbox.recipients) == ["ans@example.nl", "marieke@example.nl"]


@pytest.mark.parametrize(
    ("status", "action", "kind"),
    [
        ("5.1.1", "failed", BounceKind.HARD),
        ("5.2.1", "failed", BounceKind.HARD),
        ("5.4.4", "Failed", BounceKind.HARD),
        ("5.2.2", "failed", BounceKind.SOFT),
        ("5.7.1", "failed", BounceKind.SOFT),
        ("4.4.7", "failed", BounceKind.SOFT),
        ("4.4.1", "delayed", None),
        ("2.1.5", "delivered", None),
        ("2.1.9", "relayed", None),
    ],
)
def test_a_report_is_read_by_its_codes(status: str, action: str, kind: BounceKind | None) -> None:
    mail = a_mail()
    report = report_of(bounce_of(mail, status=status, action=action))
    assert report.verdict_on(mail.recipient) == (kind, status)
    assert report.message_id == mail.message_id


@pytest.mark.parametrize("enclosed", ["text/rfc822-headers", "message/rfc822", "message/rfc822-headers"])
def test_the_mail_is_found_by_what_is_enclosed(enclosed: str) -> None:
    mail = a_mail()
    assert report_of(bounce_of(mail, enclosed=enclosed)).message_id == mail.message_id


def test_the_mail_is_found_by_the_address_when_nothing_is_enclosed(settings: Settings) -> None:
    mail = a_mail()
    to = return_address("bounces@podium.example", render(mail, settings))
    assert to == f"bounces+{mail.message_id}@podium.example"
    content = bounce_of(mail, to=to, enclosed="text/plain", original="")
    assert report_of(content).message_id == mail.message_id


def test_reports_come_to_an_address_of_each_mail(
    session: Session, begin_smtp: Begin, inbox: Inbox, put_mail: PutMail
) -> None:
    mail = put_mail()
    changed = begin_smtp.settings.model_copy(update={"bounce_address": "bounces@podium.example"})
    object.__setattr__(begin_smtp, "settings", changed)
    drain(SEND, begin_smtp)
    assert inbox.senders == [f"bounces+{mail.message_id}@podium.example"]
    assert inbox.messages[0]["From"] == "Podium <podium@localhost>"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Subject: hello\n\nI am on holiday.",
        b"\xff\xfe\x00" * 50,
        bounce_of(a_mail(), enclosed="text/plain", original=""),
        NONSENSE,
    ],
    ids=["nothing", "holiday", "binary", "no-id", "nonsense"],
)
def test_what_is_no_report_of_ours_is_none(content: bytes) -> None:
    assert read_report(content) is None


def test_a_mail_of_somebody_else_is_not_ours(session: Session) -> None:
    assert note(session, bounce_of(a_mail(key="unknown"))) is Outcome.NOT_OURS
    assert suppressed(session) == []


def test_who_knows_of_a_mail_cannot_report_about_it(session: Session, put_mail: PutMail) -> None:
    """A key is made of what many people see; the number that a report needs is only in the mail itself."""
    mail = put_mail()
    guessed = hashlib.sha256(mail.key.encode()).hexdigest()[:32]
    forged = a_mail(key=mail.key)
    for number in (guessed, forged.message_id):
        forged.message_id = number
        for content in (bounce_of(forged), bounce_of(forged, to=f"bounces+{number}@podium.example")):
            assert note(session, content) is Outcome.NOT_OURS
        assert note(session, complaint_of(forged)) is Outcome.NOT_OURS
    session.refresh(mail)
    assert mail.status is MailStatus.QUEUED
    assert suppressed(session) == []


@pytest.mark.parametrize("kind", ["bounce", "complaint"])
def test_a_report_about_another_address_is_not_ours(session: Session, put_mail: PutMail, kind: str) -> None:
    mail = put_mail()
    forged = a_mail(to="nobody@nowhere.example")
    forged.message_id = mail.message_id
    content = bounce_of(forged) if kind == "bounce" else complaint_of(forged)
    assert note(session, content) is Outcome.NOT_OURS
    assert suppressed(session) == []


def test_a_report_may_write_our_address_in_its_own_way(session: Session, put_mail: PutMail) -> None:
    """Capitals, brackets, and the signs that mail servers write as numbers (RFC 3461)."""
    mail = put_mail(to="marieke+podium@example.nl")
    report = bounce_of(mail).replace(
        b"Final-Recipient: rfc822; marieke+podium@example.nl\n"
        b"Original-Recipient: rfc822;marieke+podium@example.nl",
        b"Final-Recipient: rfc822; <box7@inside.example.nl>\n"
        b"Original-Recipient: RFC822;Marieke+2Bpodium@Example.NL",
    )
    assert note(session, report) is Outcome.NOTED


def test_only_what_is_said_about_our_address_counts(session: Session, put_mail: PutMail) -> None:
    """One report may be about several addresses, of which another one failed."""
    mail = put_mail()
    late = bounce_of(mail, status="4.4.1", action="delayed")
    another = b"\nFinal-Recipient: rfc822; ans@example.nl\nAction: failed\nStatus: 5.1.1\n\n--outer"
    mixed = late.replace(b"no Marieke Jansen here\n\n--outer", b"no Marieke Jansen here\n" + another)
    assert mixed != late
    assert note(session, mixed) is Outcome.NOTHING_YET
    assert suppressed(session) == []


def test_a_bounce_that_names_nobody_is_not_ours(session: Session, put_mail: PutMail) -> None:
    lines = bounce_of(put_mail()).splitlines(keepends=True)
    content = b"".join(line for line in lines if b"-Recipient:" not in line)
    assert note(session, content) is Outcome.NOT_OURS
    assert suppressed(session) == []


def test_a_complaint_that_hides_the_address_counts(session: Session, put_mail: PutMail) -> None:
    lines = complaint_of(put_mail()).splitlines(keepends=True)
    content = b"".join(line for line in lines if b"Original-Rcpt-To:" not in line)
    assert note(session, content) is Outcome.NOTED


def test_a_delay_is_nothing_yet(session: Session, put_mail: PutMail) -> None:
    mail = put_mail()
    assert note(session, bounce_of(mail, status="4.4.1", action="delayed")) is Outcome.NOTHING_YET
    assert mail.status is MailStatus.QUEUED


def test_the_same_report_counts_once(session: Session, put_mail: PutMail) -> None:
    mail = put_mail()
    full = bounce_of(mail, status="4.2.2")
    assert [note(session, full) for _ in range(3)] == [Outcome.NOTED, *[Outcome.TOLD_BEFORE] * 2]
    assert mail.soft_bounces == 1


def test_soft_is_three_tries_in_a_day_and_then_a_pause(
    session: Session,
    begin_smtp: Begin,
    inbox: Inbox,
    put_mail: PutMail,
    at_noon: time_machine.Traveller,
) -> None:
    mail = put_mail()
    for number in range(3):
        drain(SEND, begin_smtp)
        assert len(inbox.ids) == number + 1
        note(session, bounce_of(mail, status="4.2.2", action="failed", to=f"try{number}@localhost"))
        session.refresh(mail)
        if number < 2:
            assert (mail.status, mail.due_at) == (
                MailStatus.QUEUED,
                NOON + timedelta(hours=8 * (number + 1)),
            )
            assert suppressed(session) == []
            at_noon.shift(timedelta(hours=8))
    assert len(set(inbox.ids)) == 1, "the same message each time"
    assert datetime.now(UTC) - NOON <= timedelta(hours=24)
    assert mail.status is MailStatus.FAILED
    assert suppressed(session) == [(Stream.DIGEST, SuppressionReason.SOFT_BOUNCES)]
    second = put_mail(key="digest:2")
    drain(SEND, begin_smtp)
    session.refresh(second)
    assert second.status is MailStatus.SUPPRESSED
    at_noon.shift(timedelta(days=7, seconds=1))
    put_mail(key="digest:3")
    drain(SEND, begin_smtp)
    assert len(inbox.ids) == 4, "after the pause it is tried again"
    drain(jobs.JOBS[1], begin_smtp)
    assert suppressed(session) == []


def test_a_complaint_ends_the_stream(session: Session, put_mail: PutMail) -> None:
    mail = put_mail()
    report = report_of(complaint_of(mail))
    assert report.message_id == mail.message_id
    assert report.verdict_on(mail.recipient) == (BounceKind.COMPLAINT, "")
    assert note(session, complaint_of(mail)) is Outcome.NOTED
    assert suppressed(session) == [(Stream.DIGEST, SuppressionReason.COMPLAINT)]


@pytest.mark.parametrize("stream", [Stream.SIGN_IN, Stream.AGREEMENT])
def test_nobody_is_locked_out_by_a_report(
    session: Session,
    begin_smtp: Begin,
    inbox: Inbox,
    put_mail: PutMail,
    at_noon: time_machine.Traveller,
    stream: Stream,
) -> None:
    mail = put_mail(stream=stream)
    note(session, complaint_of(mail))
    assert suppressed(session) == []
    note(session, bounce_of(mail))
    at_noon.shift(timedelta(days=1, seconds=1))
    put_mail(key="tomorrow", stream=stream)
    drain(SEND, begin_smtp)
    assert len(inbox.messages) == 1


def test_nothing_a_server_wrote_is_kept(session: Session, put_mail: PutMail) -> None:
    mail = put_mail()
    note(session, bounce_of(mail))
    (bounce,) = session.exec(select(Bounce)).all()
    kept = f"{mail.last_error} {bounce.model_dump()}"
    assert "Jansen" not in kept
    assert "example.nl" not in kept


@pytest.fixture
def mailbox(begin: Begin, tmp_path: Path) -> Path:
    folder = tmp_path / "Maildir"
    for part in ("new", "cur", "tmp"):
        (folder / part).mkdir(parents=True)
    changed = begin.settings.model_copy(update={"bounce_folder": folder})
    object.__setattr__(begin, "settings", changed)
    return folder


def test_a_mailbox_folder_is_read(session: Session, begin: Begin, put_mail: PutMail, mailbox: Path) -> None:
    mail = put_mail()
    (mailbox / "new" / "1.host").write_bytes(bounce_of(mail))
    (mailbox / "new" / "2.host").write_bytes(b"Subject: Re: overzicht\n\nDank je wel")
    (mailbox / "new" / "3.host").write_bytes(bounce_of(a_mail(key="unknown")))
    job = next(job for job in jobs.JOBS if job.name == "read_bounce")
    assert drain(job, begin) == 3
    session.refresh(mail)
    assert mail.status is MailStatus.FAILED
    assert list((mailbox / "new").iterdir()) == []
    assert sorted(path.name for path in (mailbox / "cur").iterdir()) == ["2.host:2,S", "3.host:2,S"]


def test_a_report_of_which_the_file_stayed_counts_once(
    session: Session, begin: Begin, put_mail: PutMail, mailbox: Path
) -> None:
    """As after a kill between noting it and removing the file."""
    mail = put_mail()
    for name in ("1.host", "1.host"):
        (mailbox / "new" / name).write_bytes(bounce_of(mail, status="4.2.2"))
        assert jobs.read_bounce(begin)
    session.refresh(mail)
    assert mail.soft_bounces == 1


def test_without_a_folder_there_is_nothing_to_do(begin: Begin, mailbox: Path) -> None:
    assert jobs.read_bounce(begin) is False
    for folder in (None, mailbox / "nowhere"):
        changed = begin.settings.model_copy(update={"bounce_folder": folder})
        object.__setattr__(begin, "settings", changed)
        assert jobs.read_bounce(begin) is False


def test_by_pipe(own_database: str, settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    here = settings.model_copy(update={"database_url": own_database})
    engine = make_engine(make_url(own_database))
    mail = a_mail()
    content = bounce_of(mail)
    with transaction(engine) as session:
        outbox.put(session, mail)
    for said in ("Noted.", "This was noted before."):
        assert commands.note_bounce(io.BytesIO(content), here) == 0
        assert capsys.readouterr().out == f"{said}\n"
    assert commands.note_bounce(io.BytesIO(b"Subject: hello\n\n"), here) == 0
    assert "not a report" in capsys.readouterr().out
    with transaction(engine, read_only=True) as session:
        assert session.exec(select(Mail.status)).one() is MailStatus.FAILED
    engine.dispose()


def test_a_pipe_without_a_database_asks_the_server_to_come_back(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PODIUM_ENVIRONMENT", "development")
    monkeypatch.setenv("PODIUM_DATABASE_URL", f"sqlite:///{tmp_path}/nowhere/podium.db")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(bounce_of(a_mail()))))
    assert run(["mail", "bounce"]) == commands.TRY_LATER
