"""Sending: claimed, sent, recorded; tried again while there is hope; the same message each time."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from pydantic import SecretStr
from sqlmodel import Session

from service.core.jobs import Begin, drain
from service.core.settings import Settings
from service.mail import jobs
from service.mail.models import MailStatus, Stream
from service.mail.rendering import render
from service.mail.transport import NotNow, open_transport
from tests.service.mail.conftest import PutMail, a_mail
from tests.smtp_server import Inbox

NOON = datetime(2027, 1, 11, 12, tzinfo=UTC)
SEND = jobs.JOBS[0]


@pytest.fixture
def at_noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def test_it_works(session: Session, begin_smtp: Begin, inbox: Inbox, put_mail: PutMail) -> None:
    mail = put_mail()
    assert jobs.send_mail(begin_smtp) is True
    (message,) = inbox.messages
    assert inbox.recipients == ["marieke@example.nl"]
    assert message["Subject"] == "Overzicht van week 2 van 2027 voor Sloterwaard College"
    text = message.get_body(("plain",))
    assert text is not None
    assert "3 voorstellen wachten op de coördinator." in text.get_content()
    session.refresh(mail)
    assert (mail.status, mail.due_at, mail.attempts, mail.last_error) == (MailStatus.SENT, None, 1, "")
    assert mail.sent_at is not None
    assert jobs.send_mail(begin_smtp) is False
    assert len(inbox.messages) == 1


def test_what_is_not_due_waits(session: Session, begin_smtp: Begin, inbox: Inbox, put_mail: PutMail) -> None:
    mail = put_mail()
    mail.due_at = datetime.now(UTC) + timedelta(minutes=1)
    session.commit()
    assert jobs.send_mail(begin_smtp) is False
    assert inbox.messages == []


def test_many_go_over_one_connection(begin_smtp: Begin, inbox: Inbox, put_mail: PutMail) -> None:
    for number in range(jobs.MAILS_PER_CONNECTION + 1):
        put_mail(key=f"digest:{number}")
    steps = drain(SEND, begin_smtp)
    assert len(set(inbox.ids)) == jobs.MAILS_PER_CONNECTION + 1
    assert (steps, inbox.connections) == (2, 2)


def test_greylisting_is_tried_again_with_the_same_message(
    session: Session, begin_smtp: Begin, inbox: Inbox, put_mail: PutMail, at_noon: time_machine.Traveller
) -> None:
    mail = put_mail()
    inbox.refuses_recipient = "451 4.7.1 Greylisted, try again in a minute"
    jobs.send_mail(begin_smtp)
    session.refresh(mail)
    assert (mail.status, mail.attempts) == (MailStatus.QUEUED, 1)
    assert mail.last_error == "SMTPRecipientsRefused 451 4.7.1"
    assert mail.due_at == NOON + timedelta(minutes=1)
    inbox.refuses_recipient = ""
    assert jobs.send_mail(begin_smtp) is False, "too early"
    at_noon.shift(timedelta(minutes=1))
    jobs.send_mail(begin_smtp)
    session.refresh(mail)
    assert (mail.status, mail.attempts, mail.last_error) == (MailStatus.SENT, 2, "")
    assert inbox.ids == [f"<{mail.message_id}@localhost>"]


def test_the_pauses_grow_and_then_it_ends(
    session: Session, begin_smtp: Begin, inbox: Inbox, put_mail: PutMail, at_noon: time_machine.Traveller
) -> None:
    mail = put_mail()
    inbox.refuses_recipient = "451 4.3.0 Not now"
    waited = []
    while jobs.send_mail(begin_smtp):
        session.refresh(mail)
        if mail.due_at is None:
            break
        waited.append(mail.due_at - datetime.now(UTC))
        at_noon.move_to(mail.due_at)
    minutes = [wait.total_seconds() / 60 for wait in waited]
    assert minutes == [1, 5, 30, 120, 720]
    assert (mail.status, mail.attempts) == (MailStatus.FAILED, 6)


@pytest.mark.parametrize("where", ["refuses_recipient", "refuses_content"], ids=["address", "content"])
def test_a_refusal_for_good_is_not_tried_again(
    session: Session, begin_smtp: Begin, inbox: Inbox, put_mail: PutMail, where: str
) -> None:
    mail = put_mail()
    setattr(inbox, where, "550 5.1.1 There is no Marieke here")
    jobs.send_mail(begin_smtp)
    session.refresh(mail)
    assert (mail.status, mail.due_at) == (MailStatus.FAILED, None)
    assert mail.last_error.endswith(" 550 5.1.1")
    assert "Marieke" not in mail.last_error, "what a server says may name people"


def test_a_line_that_drops_is_picked_up_later(
    session: Session, begin_smtp: Begin, inbox: Inbox, put_mail: PutMail, at_noon: time_machine.Traveller
) -> None:
    first, second = put_mail(key="digest:1"), put_mail(key="digest:2")
    inbox.drops_lines = 1
    drain(SEND, begin_smtp)
    for mail in (first, second):
        session.refresh(mail)
    assert sorted([first.status, second.status]) == [MailStatus.QUEUED, MailStatus.SENT]
    at_noon.shift(timedelta(minutes=1))
    drain(SEND, begin_smtp)
    assert sorted(inbox.ids) == sorted(f"<{mail.message_id}@localhost>" for mail in (first, second))


def test_no_server_at_all_is_not_the_fault_of_the_mail(
    session: Session, begin: Begin, put_mail: PutMail, server: tuple[Inbox, str]
) -> None:
    mail = put_mail()
    object.__setattr__(
        begin, "settings", begin.settings.model_copy(update={"smtp_url": SecretStr("smtp://127.0.0.1:1")})
    )
    jobs.send_mail(begin)
    session.refresh(mail)
    assert (mail.status, mail.last_error) == (MailStatus.QUEUED, "ConnectionRefusedError")


def test_an_address_that_breaks_out_of_its_line_is_never_sent(
    session: Session, begin_smtp: Begin, inbox: Inbox, put_mail: PutMail
) -> None:
    mail = put_mail(to="marieke@example.nl\r\nBcc: everyone@example.nl")
    jobs.send_mail(begin_smtp)
    session.refresh(mail)
    assert mail.status is MailStatus.FAILED
    assert inbox.messages == []


def test_a_mail_that_cannot_be_worded_waits_for_a_better_version(
    session: Session, begin_smtp: Begin, inbox: Inbox, put_mail: PutMail
) -> None:
    mail, healthy = put_mail(key="digest:1"), put_mail(key="digest:2")
    mail.context = {}
    session.commit()
    drain(SEND, begin_smtp)
    session.refresh(mail)
    assert (mail.status, mail.last_error) == (MailStatus.QUEUED, "UndefinedError")
    assert inbox.ids == [f"<{healthy.message_id}@localhost>"]


def test_a_mail_with_a_key_inside_is_emptied_when_it_has_left(
    session: Session, begin_smtp: Begin, put_mail: PutMail
) -> None:
    secret, other = put_mail(key="sign-in:1", stream=Stream.SIGN_IN), put_mail(key="digest:2")
    drain(SEND, begin_smtp)
    for mail in (secret, other):
        session.refresh(mail)
    assert (secret.status, secret.context) == (MailStatus.SENT, {})
    assert other.context != {}


def test_a_lease_that_ran_out_is_taken_over(
    session: Session, begin_smtp: Begin, inbox: Inbox, put_mail: PutMail, at_noon: time_machine.Traveller
) -> None:
    """As after a kill between claiming and recording."""
    put_mail()
    assert jobs._claim_mails(begin_smtp) != []
    assert jobs.send_mail(begin_smtp) is False, "somebody is at work on it"
    at_noon.shift(timedelta(seconds=begin_smtp.settings.lease_seconds + 1))
    assert jobs.send_mail(begin_smtp) is True
    assert len(inbox.messages) == 1


def test_who_lost_the_lease_does_not_spoil_what_another_did(
    session: Session, begin_smtp: Begin, inbox: Inbox, put_mail: PutMail, at_noon: time_machine.Traveller
) -> None:
    mail = put_mail()
    (late,) = jobs._claim_mails(begin_smtp)
    at_noon.shift(timedelta(seconds=begin_smtp.settings.lease_seconds + 1))
    jobs.send_mail(begin_smtp)
    jobs._note_failure(begin_smtp, late, "TimeoutError", is_final=True)
    session.refresh(mail)
    assert (mail.status, mail.last_error) == (MailStatus.SENT, "")


def test_a_slow_server_gets_no_more_than_fits_in_half_a_lease(
    session: Session,
    begin_smtp: Begin,
    inbox: Inbox,
    put_mail: PutMail,
    at_noon: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is begun at its end another worker would send as well; what is not begun waits for nobody."""
    mails = [put_mail(key=f"digest:{number}") for number in range(5)]
    deliver = jobs._deliver

    def deliver_slowly(*arguments: Any) -> None:
        deliver(*arguments)
        at_noon.shift(timedelta(seconds=begin_smtp.settings.lease_seconds * 0.3))

    monkeypatch.setattr(jobs, "_deliver", deliver_slowly)
    assert jobs.send_mail(begin_smtp) is True
    assert len(inbox.messages) == 2
    for mail in mails:
        session.refresh(mail)
    assert sorted(mail.status for mail in mails) == [MailStatus.QUEUED] * 3 + [MailStatus.SENT] * 2
    assert drain(SEND, begin_smtp) == 2
    assert sorted(inbox.ids) == sorted(f"<{mail.message_id}@localhost>" for mail in mails)


def test_a_server_elsewhere_must_speak_tls(settings: Settings, server: tuple[Inbox, str]) -> None:
    """The server on loopback offers none: reached as if it stood elsewhere, nothing is sent."""
    port = server[1].rpartition(":")[2]
    elsewhere = settings.model_copy(update={"smtp_url": SecretStr(f"smtp://0.0.0.0:{port}")})
    with open_transport(elsewhere) as transport, pytest.raises(NotNow) as refused:
        transport.send(render(a_mail(), settings))
    assert refused.value.reason == "SMTPNotSupportedError"
    assert server[0].messages == []
    trusted = elsewhere.model_copy(update={"smtp_url": SecretStr(f"smtp://0.0.0.0:{port}?starttls=off")})
    with open_transport(trusted) as transport:
        transport.send(render(a_mail(), settings))
    assert len(server[0].messages) == 1


def test_a_password_never_travels_in_the_clear(settings: Settings, server: tuple[Inbox, str]) -> None:
    port = server[1].rpartition(":")[2]
    url = f"smtp://podium:secret@0.0.0.0:{port}"
    with_password = settings.model_copy(update={"smtp_url": SecretStr(url)})
    with open_transport(with_password) as transport, pytest.raises(NotNow) as refused:
        transport.send(render(a_mail(), settings))
    assert refused.value.reason == "SMTPNotSupportedError"
