"""Without a mail server each mail is a file: whole or absent, and never twice."""

import os
from email import message_from_bytes
from email.policy import default

import pytest
from sqlmodel import Session

from service.core.jobs import Begin
from service.core.settings import Settings
from service.mail import jobs, transport
from service.mail.models import MailStatus
from service.mail.reading import read_letter
from service.mail.rendering import render
from tests.service.mail.conftest import PutMail, a_mail


def test_it_works(session: Session, begin: Begin, put_mail: PutMail) -> None:
    mail = put_mail()
    assert jobs.send_mail(begin) is True
    session.refresh(mail)
    assert mail.status is MailStatus.SENT
    (path,) = transport.mail_folder(begin.settings).iterdir()
    assert path.name == f"{mail.message_id}.eml"
    assert message_from_bytes(path.read_bytes(), policy=default)["To"] == "marieke@example.nl"


def test_it_can_be_read_back(begin: Begin, put_mail: PutMail) -> None:
    mail = put_mail()
    assert read_letter(begin.settings, mail) is None
    jobs.send_mail(begin)
    letter = read_letter(begin.settings, mail)
    assert letter is not None
    assert letter.subject == "Overzicht van week 2 van 2027 voor Sloterwaard College"
    assert "3 voorstellen wachten op de coördinator." in letter.text
    assert ("To", "marieke@example.nl") in letter.headers


def test_a_repeated_send_replaces_the_file(settings: Settings) -> None:
    mail = a_mail()
    for _ in range(2):
        with transport.open_transport(settings) as folder:
            folder.send(render(mail, settings))
    assert len(list(transport.mail_folder(settings).iterdir())) == 1


def test_a_machine_that_stops_halfway_leaves_no_half_mail(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_power(_descriptor: int) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "fsync", no_power)
    with transport.open_transport(settings) as folder, pytest.raises(transport.NotNow):
        folder.send(render(a_mail(), settings))
    assert not list(transport.mail_folder(settings).glob("*.eml"))


def test_an_empty_address_of_a_server_means_the_folder(settings: Settings) -> None:
    """As a compose file passes on what nobody has set."""
    unset = Settings(**settings.model_dump(exclude={"smtp_url", "secret_key"}), smtp_url="")
    with transport.open_transport(unset) as folder:
        assert isinstance(folder, transport.FolderTransport)
