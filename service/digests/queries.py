"""Reading digests and subscriptions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, literal
from sqlmodel import Session, col, select

from service.accounts.models import PLACE_COLUMN as ROLE_COLUMN
from service.accounts.models import Account, Membership, Role
from service.calendars.free_days import FreeDays
from service.calendars.queries import free_days_of
from service.core.actor import Actor
from service.core.errors import NotFound, require
from service.core.paging import PAGE_SIZE, Part, part_of
from service.digests import policy
from service.digests.models import PLACE_COLUMN, Audience, Digest, DigestStatus, SkipReason, Subscription
from service.mail.addresses import address_hash
from service.mail.models import Mail, MailStatus, Stream, SuppressionReason
from service.mail.queries import find_suppression
from service.organisations.models import Organisation, OrganisationStatus
from service.programmes.models import Programme, ProgrammeStatus
from service.youth.models import SchoolClass

ROLES = {
    Audience.SCHOOL: Role.SCHOOL_STAFF,
    Audience.CLASS: Role.MENTOR,
    Audience.PROGRAMME: Role.COORDINATOR,
    Audience.HOST: Role.CONTACT,
}
"""Who is told as what: only as long as the role lasts."""
NO_SCHOOL = literal(None)
# Of each kind of place its name, and the school whose holidays count there.
PLACES: Mapping[Audience, Any] = {
    Audience.SCHOOL: select(
        col(Organisation.id), col(Organisation.name), col(Organisation.id).label("school_id")
    ),
    Audience.CLASS: select(
        col(SchoolClass.id),
        (col(SchoolClass.name) + literal(", ") + col(Organisation.name)).label("name"),
        col(SchoolClass.school_id),
    ).join(Organisation, col(Organisation.id) == col(SchoolClass.school_id)),
    Audience.PROGRAMME: select(col(Programme.id), col(Programme.name), NO_SCHOOL.label("school_id")),
    Audience.HOST: select(col(Organisation.id), col(Organisation.name), NO_SCHOOL.label("school_id")),
}

IS_OPEN: Mapping[Audience, Any] = {
    Audience.SCHOOL: col(Organisation.status) != OrganisationStatus.CLOSED,
    Audience.CLASS: col(Organisation.status) != OrganisationStatus.CLOSED,
    Audience.PROGRAMME: col(Programme.status) != ProgrammeStatus.CLOSED,
    Audience.HOST: col(Organisation.status) != OrganisationStatus.CLOSED,
}
"""Of what is closed nobody is told any more."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a digest is about."""

    audience: Audience
    id: UUID
    name: str
    school_id: UUID | None = None
    """Whose holidays count."""

    @property
    def key(self) -> str:
        return f"{self.audience}:{self.id}"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is told, and about what."""

    account: Account
    place: Place


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


def names_of_places(session: Session, digests: Iterable[Digest]) -> dict[UUID, str]:
    """A statement for each kind of place there is."""
    wanted: dict[Audience, set[UUID]] = {}
    for digest in digests:
        wanted.setdefault(digest.audience, set()).add(digest.place_id)
    return {
        place.id: place.name
        for audience, ids in sorted(wanted.items())
        for place in _places(session, audience, ids)
    }


def name_of_place(session: Session, audience: Audience, place_id: UUID) -> str:
    (place,) = _places(session, audience, [place_id])
    return place.name


def list_own_places(session: Session, actor: Actor) -> list[Place]:
    """About what the actor may be told, by kind and name."""
    return [
        place
        for audience, ids in policy.places_of(actor).items()
        if ids
        for place in _places(session, audience, ids)
    ]


def _places(session: Session, audience: Audience, ids: Iterable[UUID]) -> list[Place]:
    query = PLACES[audience]
    id_column, name_column, _school = query.selected_columns
    rows = session.execute(query.where(id_column.in_(set(ids))).order_by(name_column, id_column))
    return [Place(audience, *row) for row in rows]


def find_subscription(
    session: Session, account_id: UUID | None, audience: Audience, place_id: UUID
) -> Subscription | None:
    column = getattr(Subscription, PLACE_COLUMN[audience])
    return session.exec(
        select(Subscription).where(Subscription.account_id == account_id, column == place_id)
    ).first()


def list_own_subscriptions(session: Session, actor: Actor) -> list[Subscription]:
    """Of the roles that last, also those that somebody stopped himself."""
    rows = session.exec(
        select(Subscription)
        .where(Subscription.account_id == actor.account_id, ~col(Subscription.is_ended))
        .order_by(col(Subscription.id))
    )
    return [row for row in rows.all() if find_reader(session, row) is not None]


def has_left_overviews(session: Session, account_id: UUID) -> bool:
    """Before each could be stopped from one's own account, all mail of the stream was held instead."""
    account = session.get_one(Account, account_id)
    held = find_suppression(session, address_hash(account.email), Stream.DIGEST)
    return held is not None and held.reason is SuppressionReason.UNSUBSCRIBED


def list_due_subscriptions(session: Session, now: datetime, most: int) -> Sequence[Subscription]:
    """The longest due first, and who reads about one place together: what is counted for one serves all.

    With all else that is due for the same readers, so that each of them gets one mail. By id, so that several
    workers claim in the same order and never wait for each other.
    """
    due = select(Subscription).where(col(Subscription.is_active), col(Subscription.due_at) <= now)
    first = session.exec(
        due.order_by(
            col(Subscription.due_at),
            *(getattr(Subscription, column) for column in PLACE_COLUMN.values()),
            col(Subscription.id),
        ).limit(most)
    ).all()
    readers = {row.account_id for row in first}
    return session.exec(
        due.where(col(Subscription.account_id).in_(readers)).order_by(col(Subscription.id))
    ).all()


def list_other_subscriptions(session: Session, subscription: Subscription) -> Sequence[Subscription]:
    """Those of the same reader that are not paused."""
    return session.exec(
        select(Subscription)
        .where(
            Subscription.account_id == subscription.account_id,
            col(Subscription.is_active),
            Subscription.id != subscription.id,
        )
        .order_by(col(Subscription.id))
    ).all()


def find_reader(session: Session, subscription: Subscription) -> Reader | None:
    """None as soon as somebody may no longer know: disabled, without the role, or of what is closed."""
    role = ROLES[subscription.audience]
    query = PLACES[subscription.audience]
    id_column = query.selected_columns[0]
    has_role = exists().where(
        col(Membership.account_id) == subscription.account_id,
        getattr(Membership, ROLE_COLUMN[role]) == subscription.place_id,
        col(Membership.role) == role,
    )
    row = session.execute(
        query.add_columns(Account)
        .join(Account, col(Account.id) == subscription.account_id)
        .where(
            id_column == subscription.place_id,
            IS_OPEN[subscription.audience],
            col(Account.is_active),
            has_role,
        )
    ).first()
    if row is None:
        return None
    place_id, name, school_id, account = row
    return Reader(account, Place(subscription.audience, place_id, name, school_id))


def free_days_for(session: Session, place: Place) -> FreeDays:
    """Of a school and its classes; everywhere else only the national days off count."""
    return free_days_of(session, place.school_id) if place.school_id is not None else FreeDays()


def has_digest(session: Session, key: str) -> bool:
    return session.exec(select(Digest.id).where(Digest.key == key)).first() is not None


def count_missed(session: Session, subscription: Subscription) -> int:
    """How many did not come in a holiday, since the last time something was told."""
    query = select(func.count(col(Digest.id))).where(
        Digest.subscription_id == subscription.id, Digest.skip_reason == SkipReason.HOLIDAY
    )
    if subscription.told_until is not None:
        query = query.where(col(Digest.until) > subscription.told_until)
    return session.exec(query).one()


def sections_told_last(session: Session, subscription: Subscription) -> Sequence[Mapping[str, Any]]:
    """What the last regular one told; one by hand comes besides."""
    content = session.exec(
        select(Digest.content)
        .where(
            Digest.subscription_id == subscription.id,
            col(Digest.status).in_((DigestStatus.BUILT, DigestStatus.SENT)),
            ~col(Digest.is_extra),
        )
        .order_by(col(Digest.until).desc())
        .limit(1)
    ).first()
    return content["sections"] if content is not None else []


def has_extra_since(session: Session, subscription: Subscription, moment: datetime) -> bool:
    found = select(Digest.id).where(
        Digest.subscription_id == subscription.id, col(Digest.is_extra), col(Digest.created_at) > moment
    )
    return session.exec(found).first() is not None


def list_unnoted_digests(session: Session, most: int, *, lock: bool = False) -> Sequence[Digest]:
    """Built, and the mail has left since; locked, whoever comes second passes by what the first one has."""
    query = (
        select(Digest)
        .join(Mail, col(Mail.id) == col(Digest.mail_id))
        .where(Digest.status == DigestStatus.BUILT, Mail.status == MailStatus.SENT)
        .order_by(col(Digest.id))
        .limit(most)
    )
    return session.exec(query.with_for_update(of=Digest, skip_locked=True) if lock else query).all()


def list_undelivered(session: Session, digests: Sequence[Digest]) -> set[UUID]:
    """Which of these digests did not arrive, whatever was tried, or were held back."""
    return set(
        session.exec(
            select(Digest.id)
            .join(Mail, col(Mail.id) == col(Digest.mail_id))
            .where(
                col(Digest.id).in_([row.id for row in digests]),
                col(Mail.status).in_((MailStatus.FAILED, MailStatus.SUPPRESSED)),
            )
        )
    )


def find_member_without_subscription(session: Session) -> tuple[UUID, Audience, UUID] | None:
    """Account and place of somebody who got a role, or got it back, and has no digest of it."""
    for audience, role in ROLES.items():
        place = getattr(Membership, ROLE_COLUMN[role])
        places = PLACES[audience]
        is_open = places.with_only_columns(places.selected_columns[0]).where(IS_OPEN[audience])
        told = exists().where(
            col(Subscription.account_id) == col(Membership.account_id),
            getattr(Subscription, PLACE_COLUMN[audience]) == place,
            ~col(Subscription.is_ended),
        )
        found = session.exec(
            select(Membership.account_id, place)
            .join(Account, col(Account.id) == col(Membership.account_id))
            .where(Membership.role == role, place.in_(is_open), col(Account.is_active), ~told)
            .order_by(col(Membership.id))
            .limit(1)
        ).first()
        if found is not None:
            return found[0], audience, found[1]
    return None
