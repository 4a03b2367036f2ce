"""Reading people, their roles, their sessions and their tokens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from service.accounts import policy
from service.accounts.models import Account, ApiToken, Membership, Role, SignInSession
from service.accounts.overviews import OverviewCount, Overviews
from service.accounts.places import Place, Places
from service.accounts.schemas import HeldRole, MeOutput
from service.accounts.sessions import is_alive
from service.core import clock
from service.core.actor import Actor
from service.core.errors import NotFound, require
from service.core.paging import Part, part_of
from service.mail.addresses import address_hash
from service.mail.models import OUTSIDE_LISTS, Stream, SuppressionReason
from service.mail.queries import find_suppression

SORTED_BY = {
    "name": (func.lower(col(Account.name)), col(Account.id)),
    "email": (col(Account.email), col(Account.id)),
    "newest": (col(Account.created_at).desc(), col(Account.id)),
}


@dataclass(frozen=True, slots=True)
class Person:
    """An account with the roles the reader may see, each with the name of what it is of."""

    account: Account
    roles: Sequence[tuple[Membership, str]]


def get_me(actor: Actor) -> MeOutput:
    require(not actor.is_guest)
    held = [
        *([HeldRole(role="admin", of=None)] if actor.is_admin else []),
        *([HeldRole(role="youth", of=actor.youth_id)] if actor.youth_id else []),
        *(HeldRole(role=Role.COORDINATOR, of=place) for place in sorted(actor.programme_ids)),
        *(HeldRole(role=Role.SCHOOL_STAFF, of=place) for place in sorted(actor.school_ids)),
        *(HeldRole(role=Role.MENTOR, of=place) for place in sorted(actor.class_ids)),
        *(HeldRole(role=Role.CONTACT, of=place) for place in sorted(actor.organisation_ids)),
    ]
    return MeOutput(
        account_id=actor.account_id,
        youth_id=actor.youth_id,
        name=actor.name,
        language=actor.language,
        roles=held,
    )


def get_own_account(session: Session, actor: Actor) -> Account:
    require(policy.has_account(actor))
    account = session.get(Account, actor.account_id)
    if account is None:
        raise NotFound
    return account


class StreamState(StrEnum):
    COMES = "comes"
    PARTLY = "partly"
    STOPPED = "stopped"
    """By the reader himself."""
    HELD = "held"
    """A mail came back."""


@dataclass(frozen=True, slots=True)
class OwnStream:
    """A kind of mail that somebody may leave, and whether it comes now."""

    stream: Stream
    state: StreamState
    overviews: OverviewCount | None = None
    """Each is stopped by itself: how many are, when some are and some not."""


def list_own_streams(session: Session, actor: Actor, overviews: Overviews) -> list[OwnStream]:
    """Without that of overviews for who gets none."""
    reader = address_hash(get_own_account(session, actor).email)
    found = [
        OwnStream(stream, _state_of(session, reader, stream))
        for stream in Stream
        if stream not in OUTSIDE_LISTS
    ]
    count = overviews.count(session, actor)
    with_overviews = [_with(count, row) if row.stream is Stream.DIGEST else row for row in found]
    return [row for row in with_overviews if row is not None]


def _state_of(session: Session, reader: str, stream: Stream) -> StreamState:
    row = find_suppression(session, reader, stream)
    if row is None or (row.until is not None and row.until <= clock.now()):
        return StreamState.COMES
    is_own_wish = row.reason is SuppressionReason.UNSUBSCRIBED
    return StreamState.STOPPED if is_own_wish else StreamState.HELD


def _with(count: OverviewCount, row: OwnStream) -> OwnStream | None:
    if row.state is not StreamState.COMES:
        return row
    if not count.number:
        return None
    if not count.stopped:
        return row
    if not count.going:
        return OwnStream(row.stream, StreamState.STOPPED)
    return OwnStream(row.stream, StreamState.PARTLY, count)


def find_active_account(session: Session, email: str, *, lock: bool = False) -> Account | None:
    """By address in its tidy spelling; locked, so that what is counted about it cannot change meanwhile."""
    query = select(Account).where(col(Account.email) == email, col(Account.is_active))
    return session.execute(query.with_for_update() if lock else query).scalar_one_or_none()


def list_sessions(session: Session, actor: Actor) -> list[SignInSession]:
    """Where this person is signed in now, the latest first."""
    require(not actor.is_guest)
    whose = (
        col(SignInSession.youth_id) == actor.youth_id
        if actor.is_youth
        else col(SignInSession.account_id) == actor.account_id
    )
    now = clock.now()
    rows = session.execute(
        select(SignInSession)
        .where(whose, col(SignInSession.ended_at).is_(None), col(SignInSession.expires_at) > now)
        .order_by(col(SignInSession.seen_at).desc(), col(SignInSession.id))
    ).scalars()
    return [row for row in rows if is_alive(row, now)]


def list_tokens(session: Session, actor: Actor) -> list[ApiToken]:
    require(policy.has_account(actor))
    return list(
        session.execute(
            select(ApiToken)
            .where(
                col(ApiToken.account_id) == actor.account_id,
                col(ApiToken.revoked_at).is_(None),
                col(ApiToken.expires_at) > clock.now(),
            )
            .order_by(col(ApiToken.created_at), col(ApiToken.id))
        ).scalars()
    )


def get_token(session: Session, actor: Actor, token_id: UUID) -> ApiToken:
    token = session.get(ApiToken, token_id)
    if token is None or token.account_id != actor.account_id:
        raise NotFound
    return token


def list_people(
    session: Session,
    actor: Actor,
    places: Places,
    *,
    text: str = "",
    role: str = "",
    sort: str = "name",
    number: int = 1,
) -> Part[Person]:
    """Filtered by name or address and by role; a fixed number of queries."""
    require(policy.may_manage_people(actor))
    query = select(Account).where(policy.visible(actor, places))
    if text:
        query = query.where(
            or_(
                func.lower(col(Account.name)).contains(text.lower(), autoescape=True),
                col(Account.email).contains(text.lower(), autoescape=True),
            )
        )
    if role == "admin":
        query = query.where(col(Account.is_admin))
    elif role in set(Role):
        holders = select(col(Membership.account_id)).where(
            policy.visible_memberships(actor, places), col(Membership.role) == Role(role)
        )
        query = query.where(col(Account.id).in_(holders))
    part = part_of(session, query.order_by(*SORTED_BY.get(sort, SORTED_BY["name"])), number)
    roles = _roles_of(session, actor, places, [account.id for account in part.rows])
    people = [Person(account, roles.get(account.id, ())) for account in part.rows]
    asked = tuple((name, value) for name, value in (("text", text), ("role", role), ("sort", sort)) if value)
    return Part(people, part.total, part.number, part.size, asked)


def _roles_of(
    session: Session, actor: Actor, places: Places, account_ids: Sequence[UUID]
) -> Mapping[UUID, Sequence[tuple[Membership, str]]]:
    memberships = (
        session.execute(
            select(Membership)
            .where(col(Membership.account_id).in_(account_ids), policy.visible_memberships(actor, places))
            .order_by(col(Membership.role), col(Membership.created_at), col(Membership.id))
        )
        .scalars()
        .all()
    )
    names = places.names(session, {membership.place_id for membership in memberships})
    found: dict[UUID, list[tuple[Membership, str]]] = {}
    for membership in memberships:
        name = names.get(membership.place_id, "")
        found.setdefault(membership.account_id, []).append((membership, name))
    return found


def get_account(session: Session, actor: Actor, places: Places, account_id: UUID) -> Account:
    account: Account | None = session.execute(
        select(Account).where(col(Account.id) == account_id, policy.visible(actor, places))
    ).scalar_one_or_none()
    if account is None:
        raise NotFound
    return account


def get_membership(session: Session, actor: Actor, places: Places, membership_id: UUID) -> Membership:
    require(policy.may_manage_people(actor))
    membership: Membership | None = session.execute(
        select(Membership).where(
            col(Membership.id) == membership_id, policy.visible_memberships(actor, places)
        )
    ).scalar_one_or_none()
    if membership is None:
        raise NotFound
    return membership


def list_places_to_give(
    session: Session, actor: Actor, places: Places, *, role: str = "", text: str = ""
) -> Sequence[Place]:
    require(policy.may_manage_people(actor))
    chosen = Role(role) if role in set(Role) else None
    return places.offered(session, actor, role=chosen, text=text)


def get_place_to_give(session: Session, actor: Actor, places: Places, role: Role, place_id: UUID) -> Place:
    """What this actor may not give does not exist for him."""
    found = places.offered(session, actor, role=role, place_id=place_id, most=1)
    if not found:
        raise NotFound
    return found[0]


def is_own_address(session: Session, actor: Actor, email: str) -> bool:
    """In its tidy spelling."""
    account = session.get(Account, actor.account_id) if actor.account_id else None
    return account is not None and account.email == email


def get_place_of_form(
    session: Session, actor: Actor, places: Places, role: str, place_id: str
) -> Place | None:
    """What a form of an invitation is about; None is administration, which is of no place."""
    require(policy.may_manage_people(actor))
    if role == "admin":
        require(policy.may_invite_admin(actor))
        return None
    try:
        return get_place_to_give(session, actor, places, Role(role), UUID(place_id))
    except ValueError as error:
        raise NotFound from error
