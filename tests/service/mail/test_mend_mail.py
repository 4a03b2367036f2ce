"""The page that shows what failed and what to do: send again, let an address through."""

import os
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from service.core.jobs import Begin, drain
from service.mail import jobs, transport
from service.mail.models import Mail, MailStatus, Stream, Suppression, SuppressionReason
from service.mail.transport import mail_folder
from tests.conftest import Browser
from tests.service.mail.conftest import PutMail
from tests.service.mail.reports import bounce_of
from tests.service.mail.test_bounces import note
from tests.smtp_server import Inbox
from tests.world import World

SEND = jobs.JOBS[0]


@pytest.fixture
def failed(session: Session, world: World, put_mail: PutMail) -> Mail:
    mail = put_mail(to="els@example.nl")
    mail.status, mail.due_at, mail.last_error = MailStatus.FAILED, None, "SMTPAuthenticationError 535"
    mail.attempts = 6
    session.commit()
    return mail


def test_it_works(client: Browser, session: Session, begin: Begin, world: World, failed: Mail) -> None:
    client.acting_as(world.admin)
    page = client.get("/mails").text
    assert "The mail server does not accept the name or password." in page
    assert "Check name and password in PODIUM_SMTP_URL" in page
    shown = client.get(f"/mails/{failed.id}").text
    assert "Check name and password" in shown
    assert client.post(f"/mails/{failed.id}/again").status_code == 303
    session.refresh(failed)
    assert (failed.status, failed.attempts) == (MailStatus.QUEUED, 0)
    drain(SEND, begin)
    session.refresh(failed)
    assert failed.status is MailStatus.SENT


def test_all_that_failed_for_one_reason_goes_again(
    client: Browser, session: Session, world: World, failed: Mail, put_mail: PutMail
) -> None:
    other, secret = put_mail(key="other"), put_mail(key="secret", stream=Stream.SIGN_IN)
    other.status, other.last_error = MailStatus.FAILED, "HardBounce 5.1.1"
    secret.status, secret.last_error = MailStatus.FAILED, failed.last_error
    session.commit()
    answer = client.acting_as(world.admin).post("/mails/again", data={"reason": failed.last_error})
    assert answer.status_code == 303
    for mail, status in (
        (failed, MailStatus.QUEUED),
        (other, MailStatus.FAILED),
        (secret, MailStatus.FAILED),
    ):
        session.refresh(mail)
        assert mail.status is status
    assert client.post("/mails/again").status_code == 404


def test_a_text_that_is_gone_is_not_sent_empty(
    client: Browser, session: Session, world: World, failed: Mail
) -> None:
    failed.context = {}
    session.commit()
    client.acting_as(world.admin)
    assert "/again" not in client.get(f"/mails/{failed.id}").text
    assert client.post(f"/mails/{failed.id}/again").status_code == 409


def test_nobody_is_offered_to_send_what_has_no_text_any_more(
    client: Browser, session: Session, world: World, failed: Mail, put_mail: PutMail
) -> None:
    """As a link to sign in, of which the text goes at once; beside another the button is for that one."""
    secret = put_mail(key="secret", stream=Stream.SIGN_IN)
    secret.status, secret.last_error, secret.context = MailStatus.FAILED, "SMTPRecipientsRefused 550", {}
    session.commit()
    client.acting_as(world.admin)
    page = client.get("/mails").text
    assert f'value="{failed.last_error}"' in page
    assert f'value="{secret.last_error}"' not in page
    assert "not any more: the text is erased" in page
    assert client.post("/mails/again", data={"reason": secret.last_error}).status_code == 409
    failed.last_error = secret.last_error
    session.commit()
    page = client.get("/mails").text
    assert f'value="{secret.last_error}"' in page
    assert "not any more: the text is erased" not in page


def test_what_was_sent_is_not_sent_again(
    client: Browser, session: Session, world: World, failed: Mail
) -> None:
    failed.status = MailStatus.SENT
    session.commit()
    assert client.acting_as(world.admin).post(f"/mails/{failed.id}/again").status_code == 403


def test_an_address_that_gets_no_mail_is_a_task(
    client: Browser, session: Session, begin_smtp: Begin, inbox: Inbox, world: World, put_mail: PutMail
) -> None:
    client.acting_as(world.admin)
    assert "Every address gets its mail" in client.get("/mails/held").text
    note(session, bounce_of(put_mail(to="els@example.nl")))
    assert "1 address gets no mail." in client.get("/mails").text
    page = client.get("/mails/held").text
    assert "els@example.nl" in page
    assert "Ask for the right address" in page
    (row,) = session.exec(select(Suppression)).all()
    assert client.post(f"/mails/held/{row.id}/lift").status_code == 303
    assert session.exec(select(Suppression)).all() == []
    put_mail(to="els@example.nl", key="digest:2")
    drain(SEND, begin_smtp)
    assert inbox.recipients == ["els@example.nl"]


def test_who_unsubscribed_is_no_task_and_is_not_signed_up_by_others(
    client: Browser, session: Session, world: World
) -> None:
    row = Suppression(address_hash="a" * 64, stream=Stream.DIGEST, reason=SuppressionReason.UNSUBSCRIBED)
    session.add(row)
    session.commit()
    client.acting_as(world.admin)
    assert "Every address gets its mail" in client.get("/mails/held").text
    assert client.post(f"/mails/held/{row.id}/lift").status_code == 404
    assert session.exec(select(Suppression.id)).all() == [row.id]


def test_the_history_of_a_mail_tells_what_came_back(
    client: Browser, session: Session, world: World, put_mail: PutMail
) -> None:
    mail = put_mail()
    note(session, bounce_of(mail, status="4.2.2"))
    shown = client.acting_as(world.admin).get(f"/mails/{mail.id}").text
    assert "Came back: not now (4.2.2)" in shown


def test_only_admins_mend(client: Browser, session: Session, world: World, failed: Mail) -> None:
    note(session, bounce_of(failed))
    (row,) = session.exec(select(Suppression)).all()
    for name, actor in world.everybody.items():
        if actor.is_admin:
            continue
        client.acting_as(actor)
        assert client.get("/mails/held").status_code == 403, name
        assert client.post(f"/mails/held/{row.id}/lift").status_code == 403, name
        assert client.post("/mails/again", data={"reason": "x"}).status_code == 403, name
        assert client.post(f"/mails/{failed.id}/again").status_code in {403, 404}, name
    assert session.exec(select(Suppression.id)).all() == [row.id]
    assert client.acting_as(world.admin).post(f"/mails/held/{uuid4()}/lift").status_code == 404


MISFORTUNES: dict[str, tuple[dict[str, object], str, str]] = {
    "hangs": ({"seconds_each": 1.0}, "does not answer in time", "by itself"),
    "drops": ({"drops_lines": 1}, "The line to the mail server dropped", "by itself"),
    "greylists": ({"refuses_recipient": "451 4.7.1 later"}, "asks to try again later", "by itself"),
    "refuses the address": ({"refuses_recipient": "550 5.1.1 no"}, "knows nobody with this", "Send again"),
    "refuses the content": ({"refuses_content": "554 5.7.1 spam"}, "refuses the content", "Send again"),
    "refuses the sender": ({"refuses_sender": "553 5.7.1 no"}, "does not accept our sender", "by itself"),
}


@pytest.mark.parametrize("misfortune", MISFORTUNES)
def test_a_server_with_a_bad_day_loses_and_doubles_nothing(
    client: Browser,
    session: Session,
    begin_smtp: Begin,
    inbox: Inbox,
    world: World,
    put_mail: PutMail,
    monkeypatch: pytest.MonkeyPatch,
    misfortune: str,
) -> None:
    """The page says what happened and what to do; afterwards the mail arrives once."""
    monkeypatch.setattr(transport, "TIMEOUT_SECONDS", 0.3)
    behaviour, what, todo = MISFORTUNES[misfortune]
    good = dict(vars(inbox))
    vars(inbox).update(behaviour)
    mail = put_mail()
    drain(SEND, begin_smtp)
    session.refresh(mail)
    is_final = todo == "Send again"
    assert mail.status is (MailStatus.FAILED if is_final else MailStatus.QUEUED)
    assert inbox.messages == []
    page = client.acting_as(world.admin).get("/mails").text
    assert what in page
    assert ("Not delivered" if is_final else "Waits to be sent") in page
    assert ('action="/mails/again"' in page) is is_final
    vars(inbox).update(good)
    if is_final:
        client.post("/mails/again", data={"reason": mail.last_error})
    else:
        mail.due_at = mail.created_at
        session.commit()
    drain(SEND, begin_smtp)
    assert inbox.ids == [f"<{mail.message_id}@localhost>"]
    assert what not in client.get("/mails").text


def test_a_full_disk_loses_and_doubles_nothing(
    client: Browser, session: Session, begin: Begin, world: World, put_mail: PutMail
) -> None:
    """A device that is always full stands where the message is written."""
    mail = put_mail()
    folder = mail_folder(begin.settings)
    folder.mkdir(parents=True)
    full = folder / f".{mail.message_id}.{os.getpid()}"
    full.symlink_to("/dev/full")
    drain(SEND, begin)
    session.refresh(mail)
    assert (mail.status, mail.last_error) == (MailStatus.QUEUED, "OSError ENOSPC")
    assert list(folder.iterdir()) == [], "half a message would take the room the next attempt needs"
    assert "The disk with the folder for mail is full." in client.acting_as(world.admin).get("/mails").text
    mail.due_at = mail.created_at
    session.commit()
    drain(SEND, begin)
    session.refresh(mail)
    assert (mail.status, mail.last_error) == (MailStatus.SENT, "")
    assert [path.name for path in folder.iterdir()] == [f"{mail.message_id}.eml"]
