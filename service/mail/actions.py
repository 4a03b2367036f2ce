"""What becomes of mail after it left, and what people decide about it."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from service.audit.record import record
from service.core import clock
from service.core.actor import SYSTEM, Actor
from service.core.errors import require
from service.core.settings import Environment
from service.mail import policy, queries
from service.mail.addresses import address_hash
from service.mail.errors import TextIsGone
from service.mail.models import (
    OUTSIDE_LISTS,
    Bounce,
    BounceKind,
    Mail,
    MailStatus,
    Stream,
    Suppression,
    SuppressionReason,
)
from service.mail.reports import Report
from service.mail.retention import ONLY_UNTIL_SENT

# Three tries in a day (DOMAIN 5): at once, after eight hours and after sixteen.
SOFT_TRIES = 3
BETWEEN_SOFT_TRIES = timedelta(hours=8)
PAUSE = timedelta(days=7)
# Nobody may be locked out by a report: who asks for a link tomorrow gets it.
PAUSE_OUTSIDE_LISTS = timedelta(days=1)


class Outcome(StrEnum):
    """What became of a report."""

    NOTED = "noted"
    TOLD_BEFORE = "told_before"
    NOTHING_YET = "nothing_yet"
    NOT_OURS = "not_ours"


def note_report(session: Session, report: Report) -> Outcome:
    """What a mail server tells about a mail that it, or one behind it, had taken over."""
    mail = queries.find_by_message_id(session, report.message_id, lock=True)
    verdict = report.verdict_on(mail.recipient) if mail is not None else None
    if mail is None or verdict is None:
        return Outcome.NOT_OURS
    kind, code = verdict
    if kind is None:
        return Outcome.NOTHING_YET
    if queries.has_bounce(session, report.fingerprint):
        return Outcome.TOLD_BEFORE
    bounce = Bounce(mail_id=mail.id, kind=kind, code=code, fingerprint=report.fingerprint)
    session.add(bounce)
    {
        BounceKind.HARD: _note_hard,
        BounceKind.SOFT: _note_soft,
        BounceKind.COMPLAINT: _note_complaint,
    }[kind](session, mail, code)
    session.add(mail)
    record(session, SYSTEM, "mail.bounced", mail, kind=kind.value, code=code)
    return Outcome.NOTED


def _note_hard(session: Session, mail: Mail, code: str) -> None:
    _end(mail, f"HardBounce {code}")
    until = clock.now() + PAUSE_OUTSIDE_LISTS if mail.stream in OUTSIDE_LISTS else None
    _suppress(session, mail, SuppressionReason.HARD_BOUNCE, until)


def _note_soft(session: Session, mail: Mail, code: str) -> None:
    mail.soft_bounces += 1
    if mail.soft_bounces < SOFT_TRIES and mail.context:
        mail.status, mail.attempts = MailStatus.QUEUED, 0
        mail.due_at, mail.last_error = clock.now() + BETWEEN_SOFT_TRIES, f"SoftBounce {code}".strip()
        return
    _end(mail, f"SoftBounce {code}")
    if mail.soft_bounces >= SOFT_TRIES:
        pause = PAUSE_OUTSIDE_LISTS if mail.stream in OUTSIDE_LISTS else PAUSE
        _suppress(session, mail, SuppressionReason.SOFT_BOUNCES, clock.now() + pause)


def _note_complaint(session: Session, mail: Mail, _code: str) -> None:
    """«This is spam»: as good as unsubscribing, and worth a talk."""
    if mail.stream not in OUTSIDE_LISTS:
        _suppress(session, mail, SuppressionReason.COMPLAINT, None)


def _end(mail: Mail, reason: str) -> None:
    mail.status, mail.due_at, mail.last_error = MailStatus.FAILED, None, reason.strip()


def _suppress(session: Session, mail: Mail, reason: SuppressionReason, until: datetime | None) -> None:
    reader = address_hash(mail.recipient)
    row = queries.find_suppression(session, reader, mail.stream, lock=True)
    if row is None:
        row = Suppression(address_hash=reader, stream=mail.stream, reason=reason)
    row.reason, row.until, row.mail_id = reason, until, mail.id
    session.add(row)
    session.flush()
    record(session, SYSTEM, "suppression.made", row, stream=mail.stream.value, reason=reason.value)


def leave_stream(session: Session, reader: str, stream: Stream) -> None:
    """By the link in a mail; safe to repeat, mail programs do."""
    row = queries.find_suppression(session, reader, stream, lock=True)
    if row is None:
        row = Suppression(address_hash=reader, stream=stream, reason=SuppressionReason.UNSUBSCRIBED)
    elif row.until is None:
        return
    row.reason, row.until = SuppressionReason.UNSUBSCRIBED, None
    session.add(row)
    session.flush()
    record(session, SYSTEM, "suppression.made", row, stream=stream.value, reason=row.reason.value)


def rejoin_stream(session: Session, reader: str, stream: Stream) -> None:
    """Whoever stopped a stream may start it again; what bounced is for an administrator to judge."""
    row = queries.find_suppression(session, reader, stream, lock=True)
    if row is not None and row.reason is SuppressionReason.UNSUBSCRIBED:
        record(session, SYSTEM, "suppression.lifted", row, stream=stream.value)
        session.delete(row)


def lift_suppression(session: Session, actor: Actor, suppression_id: UUID) -> None:
    """When the address works again; who unsubscribed is not signed up by somebody else."""
    row = queries.get_held(session, actor, suppression_id)
    record(session, actor, "suppression.lifted", row, stream=row.stream.value, reason=row.reason.value)
    session.delete(row)


def send_again(session: Session, actor: Actor, environment: Environment, mail_id: UUID) -> Mail:
    """The same message once more, with all its attempts; an administrator saw what was wrong."""
    mail = queries.get_mail(session, actor, environment, mail_id)
    require(policy.may_send_again(actor, mail))
    if not mail.context or mail.stream in ONLY_UNTIL_SENT:
        raise TextIsGone
    mail.status, mail.due_at, mail.attempts, mail.soft_bounces = MailStatus.QUEUED, clock.now(), 0, 0
    session.add(mail)
    record(session, actor, "mail.queued_again", mail)
    return mail


def send_all_again(session: Session, actor: Actor, reason: str) -> int:
    """Everything that failed for one reason, such as a server that was down; how many."""
    require(policy.may_mend(actor))
    ids = session.exec(
        select(Mail.id).where(
            Mail.status == MailStatus.FAILED, Mail.last_error == reason, queries.can_go_again()
        )
    ).all()
    if not ids:
        raise TextIsGone
    session.execute(
        update(Mail)
        .where(col(Mail.id).in_(ids))
        .values(status=MailStatus.QUEUED, due_at=clock.now(), attempts=0, soft_bounces=0)
    )
    record(session, actor, "mail.all_queued_again", reason=reason, number=len(ids))
    return len(ids)
