"""One click stops one stream, without signing in; what somebody asks for himself always comes."""

import re
from email.message import EmailMessage

import pytest
from sqlmodel import Session, select

from service.audit.models import AuditEntry
from service.core.jobs import Begin, drain
from service.core.settings import Settings
from service.mail import jobs
from service.mail.addresses import leaving_path
from service.mail.models import OUTSIDE_LISTS, MailStatus, Stream, Suppression, SuppressionReason
from tests.conftest import BASE_URL, Browser
from tests.service.mail.conftest import PutMail
from tests.service.mail.reports import bounce_of
from tests.service.mail.test_bounces import note
from tests.smtp_server import Inbox
from tests.world import World

SEND = jobs.JOBS[0]
FROM_A_MAIL_PROGRAM = {"sec-fetch-site": "cross-site", "origin": "https://mail.example"}


def address_in(message: EmailMessage) -> str:
    found = re.match(rf"<{BASE_URL}(/unsubscribe/[^>]+)>", str(message["List-Unsubscribe"]))
    assert found is not None
    return found[1]


@pytest.fixture
def address(begin_smtp: Begin, inbox: Inbox, put_mail: PutMail) -> str:
    """In the header of a question that arrived."""
    put_mail(stream=Stream.QUESTION, token=None)
    drain(SEND, begin_smtp)
    return address_in(inbox.messages[0])


def test_it_works(
    client: Browser, session: Session, begin_smtp: Begin, inbox: Inbox, put_mail: PutMail, address: str
) -> None:
    for _ in range(2):
        answer = client.as_guest().post(
            address, data={"List-Unsubscribe": "One-Click"}, headers=FROM_A_MAIL_PROGRAM
        )
        assert answer.status_code == 200
        assert "You get no more questions by mail" in answer.text
    later = put_mail(key="later", stream=Stream.QUESTION, token=None)
    drain(SEND, begin_smtp)
    session.refresh(later)
    assert (later.status, later.last_error) == (MailStatus.SUPPRESSED, "unsubscribed")
    assert len(inbox.messages) == 1
    entries = session.exec(select(AuditEntry).where(AuditEntry.action == "suppression.made")).all()
    assert [entry.facts for entry in entries] == [{"stream": "question", "reason": "unsubscribed"}]


def test_looking_at_the_link_stops_nothing(client: Browser, session: Session, address: str) -> None:
    page = client.as_guest().get(address)
    assert (page.status_code, "Stop these mails" in page.text) == (200, True)
    head = client.head(address)
    assert (head.status_code, head.content) == (200, b"")
    assert session.exec(select(Suppression)).all() == []


def test_only_that_stream_stops(
    client: Browser, begin_smtp: Begin, inbox: Inbox, put_mail: PutMail, address: str
) -> None:
    client.as_guest().post(address)
    for stream in Stream:
        put_mail(key=f"next:{stream}", stream=stream)
    drain(SEND, begin_smtp)
    assert len(inbox.messages) == 1 + len(Stream) - 1


def test_it_can_start_again(
    client: Browser, begin_smtp: Begin, inbox: Inbox, put_mail: PutMail, address: str
) -> None:
    client.as_guest().post(address)
    page = client.post(f"{address}/back")
    assert (page.status_code, "Stop these mails" in page.text) == (200, True)
    put_mail(key="later", stream=Stream.QUESTION)
    drain(SEND, begin_smtp)
    assert len(inbox.messages) == 2


def test_what_bounced_does_not_start_again_by_the_link(
    client: Browser, session: Session, put_mail: PutMail, settings: Settings
) -> None:
    mail = put_mail(stream=Stream.NOTICE)
    note(session, bounce_of(mail))
    path = leaving_path(settings.secret_key.get_secret_value(), Stream.NOTICE, mail.recipient)
    client.as_guest().post(f"/unsubscribe/{path}/back")
    assert [row.reason for row in session.exec(select(Suppression))] == [SuppressionReason.HARD_BOUNCE]


@pytest.mark.parametrize("stream", sorted(OUTSIDE_LISTS))
def test_what_somebody_asks_for_cannot_be_stopped(
    client: Browser, session: Session, settings: Settings, stream: Stream
) -> None:
    path = leaving_path(settings.secret_key.get_secret_value(), stream, "marieke@example.nl")
    assert client.as_guest().post(f"/unsubscribe/{path}").status_code == 404
    assert session.exec(select(Suppression)).all() == []


def test_a_link_of_another_stream_reader_or_secret_does_nothing(
    client: Browser, session: Session, settings: Settings, world: World
) -> None:
    secret = settings.secret_key.get_secret_value()
    stream, reader, proof = leaving_path(secret, Stream.NOTICE, "marieke@example.nl").split("/")
    _stream, other, _proof = leaving_path(secret, Stream.NOTICE, "ans@example.nl").split("/")
    forged = leaving_path("another secret", Stream.NOTICE, "marieke@example.nl")
    for path in (f"digest/{reader}/{proof}", f"{stream}/{other}/{proof}", forged, "nonsense/a/b"):
        for answer in (
            client.as_guest().get(f"/unsubscribe/{path}"),
            client.post(f"/unsubscribe/{path}"),
            client.post(f"/unsubscribe/{path}/back"),
        ):
            assert answer.status_code == 404
            assert "This link no longer works" in answer.text
    assert session.exec(select(Suppression)).all() == []
