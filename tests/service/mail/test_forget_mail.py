"""Texts go after 30 days, deliveries after 90, keys at once."""

import os
from datetime import UTC, datetime, timedelta

import time_machine
from sqlmodel import Session, select

from service.core.jobs import Begin, drain
from service.mail import jobs
from service.mail.models import Mail, MailStatus
from service.mail.transport import file_of, mail_folder
from tests.service.mail.conftest import PutMail

FORGET = jobs.JOBS[1]


def days_from_now(days: int) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


def test_it_works(session: Session, begin: Begin, put_mail: PutMail) -> None:
    mail = put_mail()
    jobs.send_mail(begin)
    with time_machine.travel(days_from_now(29)):
        assert drain(FORGET, begin) == 0
    session.refresh(mail)
    assert mail.context != {}
    with time_machine.travel(days_from_now(31)):
        assert drain(FORGET, begin) == 1
        assert drain(FORGET, begin) == 0, "what is empty is not emptied again"
    session.refresh(mail)
    assert (mail.context, mail.unsubscribe_token, mail.status) == ({}, None, MailStatus.SENT)
    with time_machine.travel(days_from_now(91)):
        assert drain(FORGET, begin) == 1
    assert session.exec(select(Mail.id)).all() == []


def test_what_still_waits_keeps_its_text(session: Session, begin: Begin, put_mail: PutMail) -> None:
    mail = put_mail()
    with time_machine.travel(days_from_now(31)):
        drain(FORGET, begin)
    session.refresh(mail)
    assert mail.context != {}


def test_files_go_with_the_texts(begin: Begin, put_mail: PutMail) -> None:
    old, new = put_mail(key="digest:1"), put_mail(key="digest:2")
    jobs.send_mail(begin)
    leftover = mail_folder(begin.settings) / ".unfinished.1"
    leftover.touch()
    long_ago = days_from_now(-31).timestamp()
    for path in (file_of(begin.settings, old.message_id), leftover):
        os.utime(path, (long_ago, long_ago))
    assert drain(FORGET, begin) == 1
    assert list(mail_folder(begin.settings).iterdir()) == [file_of(begin.settings, new.message_id)]
