"""Reading the outbox: what is due, and what became of it."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from service.core.actor import Actor
from service.core.errors import NotFound, require
from service.core.paging import Part, part_of
from service.core.settings import Environment
from service.mail import policy
from service.mail.models import Mail, MailStatus


def find_due_mail(session: Session, now: datetime) -> Mail | None:
    return session.exec(
        select(Mail)
        .where(col(Mail.status) == MailStatus.QUEUED, col(Mail.due_at) <= now)
        .order_by(col(Mail.due_at), col(Mail.id))
        .limit(1)
    ).first()


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
