"""Reading digests and subscriptions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists
from sqlmodel import Session, col, select

from service.accounts.models import Account, Membership, Role
from service.core.actor import Actor
from service.core.errors import NotFound, require
from service.core.paging import PAGE_SIZE, Part, part_of
from service.digests import policy
from service.digests.models import Digest, DigestStatus, Subscription
from service.mail.models import Mail, MailStatus
from service.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is told, and about which school."""

    account: Account
    school: Organisation


def list_digests(
    session: Session,
    actor: Actor,
    *,
    status: DigestStatus | None = None,
    school_id: UUID | None = None,
    number: int = 1,
    size: int = PAGE_SIZE,
) -> Part[Digest]:
    """The newest first."""
    require(policy.may_list(actor))
    query = policy.visible(actor)
    if status is not None:
        query = query.where(Digest.status == status)
    if school_id is not None:
        query = query.where(Digest.school_id == school_id)
    return part_of(session, query.order_by(col(Digest.until).desc(), col(Digest.id)), number, size)


def get_digest(session: Session, actor: Actor, digest_id: UUID) -> Digest:
    found: Digest | None = session.exec(policy.visible(actor).where(Digest.id == digest_id)).first()
    if found is None:
        raise NotFound
    return found


def names_of_schools(session: Session, school_ids: set[UUID]) -> dict[UUID, str]:
    rows = session.exec(
        select(Organisation.id, Organisation.name).where(col(Organisation.id).in_(school_ids))
    )
    return dict(rows.all())


def list_own_schools(session: Session, actor: Actor) -> Sequence[Organisation]:
    """The schools about which the actor may be told."""
    return session.exec(
        select(Organisation)
        .where(col(Organisation.id).in_(actor.school_ids))
        .order_by(col(Organisation.name), col(Organisation.id))
    ).all()


def find_subscription(session: Session, account_id: UUID | None, school_id: UUID) -> Subscription | None:
    return session.exec(
        select(Subscription).where(Subscription.account_id == account_id, Subscription.school_id == school_id)
    ).first()


def find_due_subscription(session: Session, now: datetime) -> Subscription | None:
    return session.exec(
        select(Subscription)
        .where(col(Subscription.is_active), col(Subscription.due_at) <= now)
        .order_by(col(Subscription.due_at), col(Subscription.id))
        .limit(1)
    ).first()


def find_reader(session: Session, subscription: Subscription) -> Reader | None:
    """None as soon as somebody may no longer know: disabled, or no longer of the school's staff."""
    is_staff = exists().where(
        col(Membership.account_id) == subscription.account_id,
        col(Membership.organisation_id) == subscription.school_id,
        col(Membership.role) == Role.SCHOOL_STAFF,
    )
    row = session.exec(
        select(Account, Organisation)
        .join(Organisation, col(Organisation.id) == subscription.school_id)
        .where(Account.id == subscription.account_id, col(Account.is_active), is_staff)
    ).first()
    return Reader(*row) if row is not None else None


def has_digest(session: Session, key: str) -> bool:
    return session.exec(select(Digest.id).where(Digest.key == key)).first() is not None


def find_unnoted_digest(session: Session, *, lock: bool = False) -> Digest | None:
    """Built, and its mail has left since; locked, whoever comes second passes by what the first one has."""
    query = (
        select(Digest)
        .join(Mail, col(Mail.id) == col(Digest.mail_id))
        .where(Digest.status == DigestStatus.BUILT, Mail.status == MailStatus.SENT)
        .order_by(col(Digest.id))
        .limit(1)
    )
    return session.exec(query.with_for_update(of=Digest, skip_locked=True) if lock else query).first()


def list_undelivered(session: Session, digests: Sequence[Digest]) -> set[UUID]:
    """Which of these digests did not arrive, whatever was tried."""
    return set(
        session.exec(
            select(Digest.id)
            .join(Mail, col(Mail.id) == col(Digest.mail_id))
            .where(col(Digest.id).in_([row.id for row in digests]), Mail.status == MailStatus.FAILED)
        )
    )


def find_staff_without_subscription(session: Session) -> tuple[UUID, UUID] | None:
    """Account and school of somebody who became staff and has never been asked about digests."""
    told = exists().where(
        col(Subscription.account_id) == col(Membership.account_id),
        col(Subscription.school_id) == col(Membership.organisation_id),
    )
    found = session.exec(
        select(Membership.account_id, Membership.organisation_id)
        .join(Account, col(Account.id) == col(Membership.account_id))
        .where(
            Membership.role == Role.SCHOOL_STAFF,
            col(Membership.organisation_id).is_not(None),
            col(Account.is_active),
            ~told,
        )
        .order_by(col(Membership.id))
        .limit(1)
    ).first()
    return None if found is None or found[1] is None else (found[0], found[1])
