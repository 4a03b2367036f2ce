"""Sends what is due: claimed in one transaction, sent with none open, recorded in a second."""

from datetime import timedelta

from sqlalchemy import update
from sqlmodel import col

from service.core import clock
from service.core.jobs import Begin, Job, claim
from service.core.logs import get_logger
from service.mail import queries, retention
from service.mail.models import Mail, MailStatus
from service.mail.rendering import render
from service.mail.transport import Refused, Transport, Undelivered, mail_folder, open_transport

BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
MAILS_PER_CONNECTION = 20

log = get_logger(__name__)


def send_mail(begin: Begin) -> bool:
    """Mail over one connection; each is claimed, sent and recorded by itself, so that a kill concerns one.

    A worker that dies between sending and recording leaves a mail that is sent again when its lease ends:
    at least once, and with the same Message-ID.
    """
    mail = _claim_mail(begin)
    if mail is None:
        return False
    with open_transport(begin.settings) as transport:
        for remaining in reversed(range(MAILS_PER_CONNECTION)):
            _deliver(begin, transport, mail)
            following = _claim_mail(begin) if remaining else None
            if following is None:
                break
            mail = following
    return True


def _claim_mail(begin: Begin) -> Mail | None:
    """The next mail, ours until `due_at`; another worker may have been faster, then the one after it."""
    while True:
        with begin(read_only=True) as session:
            mail = queries.find_due_mail(session, clock.now())
        if mail is None:
            return None
        lease = begin.lease_end()
        with begin() as session:
            won = claim(session, Mail, mail, lease)
        if won:
            mail.due_at = lease
            return mail


def _deliver(begin: Begin, transport: Transport, mail: Mail) -> None:
    try:
        transport.send(render(mail, begin.settings))
    except Undelivered as error:
        _note_failure(begin, mail, error.reason, is_final=isinstance(error, Refused))
    except ValueError as error:
        # An address or a header that no server would take: the row itself is wrong.
        _note_failure(begin, mail, type(error).__name__, is_final=True)
    except Exception as error:
        log.exception("mail_not_rendered", template=mail.template)
        _note_failure(begin, mail, type(error).__name__, is_final=False)
    else:
        _note_sent(begin, mail)


def _note_sent(begin: Begin, mail: Mail) -> None:
    """Also when the lease ran out meanwhile: who sees this will not send it again."""
    values: dict[str, object] = {"status": MailStatus.SENT, "sent_at": clock.now(), "due_at": None}
    values |= {"attempts": mail.attempts + 1, "last_error": ""}
    with begin() as session:
        session.execute(
            update(Mail)
            .where(col(Mail.id) == mail.id, col(Mail.status) == MailStatus.QUEUED)
            .values(values | _what_goes(mail))
        )


def _note_failure(begin: Begin, mail: Mail, reason: str, *, is_final: bool) -> None:
    values: dict[str, object] = {"attempts": mail.attempts + 1, "last_error": reason}
    if is_final or mail.attempts >= len(BACK_OFF):
        values |= {"status": MailStatus.FAILED, "due_at": None} | _what_goes(mail)
    else:
        values |= {"due_at": clock.now() + BACK_OFF[mail.attempts]}
    log.warning("mail_not_sent", mail=str(mail.id), reason=reason, attempts=mail.attempts + 1)
    with begin() as session:
        # Only while the lease is ours: whoever took it over knows better how it ended.
        session.execute(
            update(Mail).where(col(Mail.id) == mail.id, col(Mail.due_at) == mail.due_at).values(values)
        )


def _what_goes(mail: Mail) -> dict[str, object]:
    return {"context": {}} if mail.stream in retention.ONLY_UNTIL_SENT else {}


def forget_mail(begin: Begin) -> bool:
    """Texts after a month, deliveries after three."""
    now = clock.now()
    with begin() as session:
        forgotten = retention.forget_texts(session, now) + retention.forget_deliveries(session, now)
    forgotten += retention.forget_files(mail_folder(begin.settings), now)
    return forgotten > 0


JOBS = [
    Job("send_mail", timedelta(seconds=1), send_mail),
    Job("forget_mail", timedelta(hours=6), forget_mail),
]
