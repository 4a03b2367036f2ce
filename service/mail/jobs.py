"""Sends what is due: claimed in one transaction, sent with none open, recorded in a second."""

from collections import deque
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import timedelta
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col

from service.core import clock
from service.core.jobs import Begin, Job, claim
from service.core.logs import get_logger
from service.mail import actions, queries, retention
from service.mail.mailbox import find_message, read_message, set_aside
from service.mail.models import Mail, MailStatus
from service.mail.rendering import render
from service.mail.reports import read_report
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
    """Mail over one connection; each is sent and recorded by itself, so that a kill concerns one.

    A worker that dies between sending and recording leaves a mail that is sent again when its lease ends:
    at least once, and with the same Message-ID.
    """
    mails = _claim_mails(begin)
    if not mails:
        return False
    held = _hold_back(begin, mails)
    waiting = deque(mail for mail in mails if mail.id not in held)
    with open_transport(begin.settings) as transport:
        while waiting and _is_there_time(begin, waiting[0]):
            _deliver(begin, transport, waiting.popleft())
    if waiting:
        _give_back(begin, waiting)
    return True


def _claim_mails(begin: Begin) -> list[Mail]:
    """The next mails, ours until `due_at`; another worker may have been faster, then those after them."""
    while True:
        with begin(read_only=True) as session:
            due = queries.list_due_mail(session, clock.now(), MAILS_PER_CONNECTION)
        if not due:
            return []
        lease = begin.lease_end()
        with begin() as session:
            won = [mail for mail in due if claim(session, Mail, mail, lease)]
        for mail in won:
            mail.due_at = lease
        if won:
            return won


def _is_there_time(begin: Begin, mail: Mail) -> bool:
    """A server may be slow: what is begun late in its lease would be sent by another worker as well."""
    half = timedelta(seconds=begin.settings.lease_seconds) / 2
    return mail.due_at is not None and clock.now() < mail.due_at - half


def _give_back(begin: Begin, mails: Iterable[Mail]) -> None:
    """Nobody needs to wait until the lease ends for what has not been begun."""
    with begin() as session:
        for mail in mails:
            session.execute(
                update(Mail)
                .where(col(Mail.id) == mail.id, col(Mail.due_at) == mail.due_at)
                .values(due_at=mail.created_at)
            )


def _hold_back(begin: Begin, mails: Sequence[Mail]) -> AbstractSet[UUID]:
    """Marks what its reader does not want or cannot get; nothing of it leaves."""
    with begin(read_only=True) as session:
        held = queries.holding(session, mails, clock.now())
    if held:
        with begin() as session:
            for mail_id, reason in held.items():
                session.execute(
                    update(Mail)
                    .where(col(Mail.id) == mail_id, col(Mail.status) == MailStatus.QUEUED)
                    .values(status=MailStatus.SUPPRESSED, due_at=None, last_error=reason.value)
                )
    return held.keys()


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


def read_bounce(begin: Begin) -> bool:
    """One report from the mailbox to which bounces come; when it is noted, its file goes.

    Killed in between, the file is still there and counts once: it is known by its fingerprint.
    """
    folder = begin.settings.bounce_folder
    path = find_message(folder) if folder is not None else None
    if path is None:
        return False
    report = read_report(read_message(path))
    outcome = None
    if report is not None:
        with begin() as session:
            outcome = actions.note_report(session, report)
    log.info("mail_report_read", outcome=outcome.value if outcome else "not_a_report")
    if outcome in {None, actions.Outcome.NOT_OURS}:
        set_aside(path)
    else:
        path.unlink(missing_ok=True)
    return True


def forget_mail(begin: Begin) -> bool:
    """Texts after a month, deliveries after three."""
    now = clock.now()
    with begin() as session:
        forgotten = retention.forget_texts(session, now) + retention.forget_deliveries(session, now)
        forgotten += retention.forget_pauses(session, now)
    forgotten += retention.forget_files(mail_folder(begin.settings), now)
    return forgotten > 0


JOBS = [
    Job("send_mail", timedelta(seconds=1), send_mail),
    Job("forget_mail", timedelta(hours=6), forget_mail),
    Job("read_bounce", timedelta(minutes=1), read_bounce),
]
