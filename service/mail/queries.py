"""Reading the outbox: what is due, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, not_, or_
from sqlmodel import Session, col, select

from service.core import clock
from service.core.actor import Actor
from service.core.errors import NotFound, require
from service.core.paging import Part, part_of
from service.core.settings import Environment
from service.mail import policy, retention
from service.mail.addresses import address_hash
from service.mail.models import Bounce, Mail, MailStatus, Stream, Suppression, SuppressionReason


@dataclass(frozen=True, slots=True)
class Trouble:
    """Everything that did not leave for the same reason."""

    reason: str
    status: MailStatus
    number: int
    again: int
    """How many of them have a text that can be sent again."""


@dataclass(frozen=True, slots=True)
class Held:
    """A stream that an address does not get, with the address as long as a mail to it is kept."""

    suppression: Suppression
    recipient: str | None


# Somebody waits for a link while two thousand overviews leave.
NOBODY_WAITS_LONGEST = case((col(Mail.stream) == Stream.SIGN_IN, 0), else_=1)


NEWS_FOR = timedelta(days=7)
STUCK_AFTER = 2


def list_due_mail(session: Session, now: datetime, most: int) -> Sequence[Mail]:
    return session.exec(
        select(Mail)
        .where(col(Mail.status) == MailStatus.QUEUED, col(Mail.due_at) <= now)
        .order_by(NOBODY_WAITS_LONGEST, col(Mail.due_at), col(Mail.id))
        .limit(most)
    ).all()


def find_by_message_id(session: Session, message_id: str, *, lock: bool = False) -> Mail | None:
    query = select(Mail).where(Mail.message_id == message_id)
    return session.exec(query.with_for_update() if lock else query).first()


def has_bounce(session: Session, fingerprint: str) -> bool:
    return session.exec(select(Bounce.id).where(Bounce.fingerprint == fingerprint)).first() is not None


def find_suppression(
    session: Session, reader: str, stream: Stream, *, lock: bool = False
) -> Suppression | None:
    query = select(Suppression).where(Suppression.address_hash == reader, Suppression.stream == stream)
    return session.exec(query.with_for_update() if lock else query).first()


def holding(session: Session, mails: Sequence[Mail], now: datetime) -> dict[UUID, SuppressionReason]:
    """Which of these mails may not leave, and why; one statement."""
    hashes = {mail.id: address_hash(mail.recipient) for mail in mails}
    rows = session.exec(
        select(Suppression).where(
            col(Suppression.address_hash).in_(set(hashes.values())),
            or_(col(Suppression.until).is_(None), col(Suppression.until) > now),
        )
    )
    held = {(row.address_hash, row.stream): row.reason for row in rows}
    keys = {mail.id: (hashes[mail.id], mail.stream) for mail in mails}
    return {mail_id: held[key] for mail_id, key in keys.items() if key in held}


def list_mails(
    session: Session,
    actor: Actor,
    environment: Environment,
    *,
    status: MailStatus | None = None,
    number: int = 1,
) -> Part[Mail]:
    """The newest first."""
    require(policy.may_list(actor, environment))
    query = policy.visible(actor, environment)
    if status is not None:
        query = query.where(Mail.status == status)
    return part_of(session, query.order_by(col(Mail.created_at).desc(), col(Mail.id)), number)


def get_mail(session: Session, actor: Actor, environment: Environment, mail_id: UUID) -> Mail:
    found: Mail | None = session.exec(policy.visible(actor, environment).where(Mail.id == mail_id)).first()
    if found is None:
        raise NotFound
    return found


def list_bounces(session: Session, mail: Mail) -> Sequence[Bounce]:
    return session.exec(
        select(Bounce).where(Bounce.mail_id == mail.id).order_by(col(Bounce.created_at), col(Bounce.id))
    ).all()


def list_troubles(session: Session, actor: Actor) -> list[Trouble]:
    """What failed and what is tried again, by reason; the most first."""
    require(policy.may_mend(actor))
    number = func.count(col(Mail.id))
    again = func.sum(case((can_go_again(), 1), else_=0))
    rows = session.execute(
        select(col(Mail.last_error), col(Mail.status), number, again)
        .where(col(Mail.last_error) != "", col(Mail.status).in_((MailStatus.FAILED, MailStatus.QUEUED)))
        .group_by(col(Mail.last_error), col(Mail.status))
        .order_by(number.desc(), col(Mail.last_error), col(Mail.status))
    )
    return [Trouble(*row) for row in rows]


def can_go_again() -> ColumnElement[bool]:
    """Its text has not been erased, as that of a link to sign in is at once."""
    return and_(retention.has_text(), col(Mail.stream).not_in(retention.ONLY_UNTIL_SENT))


def count_failed(session: Session, actor: Actor) -> int:
    """What was given up this week; what came back is told with its address, by `count_held`."""
    require(policy.may_mend(actor))
    came_back = or_(
        col(Mail.last_error).startswith("HardBounce"), col(Mail.last_error).startswith("SoftBounce")
    )
    return session.exec(
        select(func.count(col(Mail.id))).where(
            Mail.status == MailStatus.FAILED, col(Mail.created_at) > clock.now() - NEWS_FOR, not_(came_back)
        )
    ).one()


def count_stuck(session: Session, actor: Actor) -> int:
    """What could not leave twice or more and is tried again: once is what greylisting does to everybody."""
    require(policy.may_mend(actor))
    return session.exec(
        select(func.count(col(Mail.id))).where(
            Mail.status == MailStatus.QUEUED, col(Mail.attempts) >= STUCK_AFTER
        )
    ).one()


def count_held(session: Session, actor: Actor) -> int:
    require(policy.may_mend(actor))
    return session.exec(select(func.count(col(Suppression.id))).where(*_to_mend(clock.now()))).one()


def list_held(session: Session, actor: Actor, number: int = 1) -> Part[Held]:
    """What bounced or was complained about; who unsubscribed meant it, and is no task for anybody."""
    require(policy.may_mend(actor))
    found = part_of(
        session,
        select(Suppression, col(Mail.recipient))
        .join(Mail, col(Mail.id) == col(Suppression.mail_id), isouter=True)
        .where(*_to_mend(clock.now()))
        .order_by(col(Suppression.created_at).desc(), col(Suppression.id)),
        number,
    )
    return replace(found, rows=[Held(*row) for row in found.rows])


def get_held(session: Session, actor: Actor, suppression_id: UUID) -> Suppression:
    require(policy.may_mend(actor))
    found = session.exec(
        select(Suppression).where(Suppression.id == suppression_id, *_to_mend(clock.now()))
    ).first()
    if found is None:
        raise NotFound
    return found


def _to_mend(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Suppression.reason) != SuppressionReason.UNSUBSCRIBED,
        or_(col(Suppression.until).is_(None), col(Suppression.until) > now),
    )
