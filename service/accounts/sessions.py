"""Signed-in browsers: a row per sign-in behind one cookie, and from it who is asking.

Sign-in of whatever kind is two calls: `token = start_for_youth(session, youth_id, instead_of=actor)` (or
`start_for_account`) and `set_cookie(answer, settings, token)`. A browser never keeps the cookie it came with.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, String, Uuid, column, select, table, update
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col
from starlette.requests import Request
from starlette.responses import Response

from service.accounts.models import Account, ApiToken, Membership, Role, SignInSession
from service.audit.record import record
from service.core import clock, i18n
from service.core.actor import GUEST, Actor
from service.core.db import transaction
from service.core.logs import get_logger
from service.core.settings import Settings
from service.core.tokens import hash_token, new_token

IDLE_OF_A_YOUTH = timedelta(minutes=20)
IDLE_OF_AN_ACCOUNT = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
NOTE_ACTIVITY_EVERY = timedelta(minutes=1)
API = "/api/"
BEARER = "Bearer "

# Youths lie above accounts (HOUSE 4); the foreign key of a session names their table already.
_youth = table("youth", column("id", Uuid()), column("first_name", String()), column("status", String()))
_HAS_LEFT = "left"

log = get_logger(__name__)


def cookie_name(settings: Settings) -> str:
    """With https the browser itself guarantees that no other host and no plain page could have set it."""
    return "__Host-podium" if settings.has_https else "podium"


def set_cookie(answer: Response, settings: Settings, token: str) -> Response:
    """Ends with the browser; how long it is good for is decided by the row."""
    answer.set_cookie(
        cookie_name(settings), token, httponly=True, samesite="lax", secure=settings.has_https, path="/"
    )
    return answer


def clear_cookie(answer: Response, settings: Settings) -> Response:
    answer.delete_cookie(
        cookie_name(settings), httponly=True, samesite="lax", secure=settings.has_https, path="/"
    )
    return answer


def start_for_account(session: Session, account_id: UUID, *, instead_of: Actor = GUEST) -> str:
    """The value for the cookie of a new session; `instead_of` is who the browser was until now."""
    return _start(session, Actor(account_id=account_id), instead_of)


def start_for_youth(session: Session, youth_id: UUID, *, instead_of: Actor = GUEST) -> str:
    """As `start_for_account`, for a youth who typed the right codes."""
    return _start(session, Actor(youth_id=youth_id), instead_of)


def _start(session: Session, whose: Actor, instead_of: Actor) -> str:
    if instead_of.session_id is not None:
        end(session, instead_of.session_id)
    token, now = new_token(), clock.now()
    row = SignInSession(
        token_hash=hash_token(token),
        account_id=whose.account_id,
        youth_id=whose.youth_id,
        seen_at=now,
        expires_at=now + LONGEST,
    )
    session.add(row)
    session.flush()
    record(session, whose, "session.started", row)
    return token


def end(session: Session, session_id: UUID) -> None:
    _end_where(session, col(SignInSession.id) == session_id)


def end_all_of_account(session: Session, account_id: UUID, *, but: UUID | None = None) -> int:
    """Everywhere, or everywhere but here; how many were ended."""
    elsewhere = [col(SignInSession.id) != but] if but else []
    return _end_where(session, col(SignInSession.account_id) == account_id, *elsewhere)


def end_all_of_youth(session: Session, youth_id: UUID) -> int:
    """For a youth who leaves, or whose printed code got into other hands."""
    return _end_where(session, col(SignInSession.youth_id) == youth_id)


def _end_where(session: Session, *which: ColumnElement[bool]) -> int:
    ended = session.execute(
        update(SignInSession)
        .where(*which, col(SignInSession.ended_at).is_(None))
        .values(ended_at=clock.now())
    )
    return int(ended.rowcount)  # type: ignore[attr-defined]


def is_alive(row: SignInSession, now: datetime) -> bool:
    idle = IDLE_OF_A_YOUTH if row.youth_id else IDLE_OF_AN_ACCOUNT
    return row.ended_at is None and now < row.expires_at and now - row.seen_at <= idle


def load_actor(session: Session, request: Request) -> Actor:
    """A guest unless a cookie or, in the API only, a personal token says otherwise; at most two queries."""
    authorization = request.headers.get("authorization", "")
    if authorization.startswith(BEARER):
        # Never the cookie as well: a request with a token is not checked for coming from another site.
        token = authorization.removeprefix(BEARER).strip()
        return _of_api_token(session, token) if request.url.path.startswith(API) else GUEST
    cookie = request.cookies.get(cookie_name(request.app.state.settings))
    return _of_cookie(session, request, cookie) if cookie else GUEST


def _of_api_token(session: Session, token: str) -> Actor:
    found = session.execute(
        select(Account)
        .join(ApiToken, col(ApiToken.account_id) == col(Account.id))
        .where(
            col(ApiToken.token_hash) == hash_token(token),
            col(ApiToken.revoked_at).is_(None),
            col(ApiToken.expires_at) > clock.now(),
            col(Account.is_active),
        )
    ).scalar_one_or_none()
    return GUEST if found is None else actor_of(session, found)


def _of_cookie(session: Session, request: Request, cookie: str) -> Actor:
    found = session.execute(
        select(SignInSession, Account, _youth.c.first_name, _youth.c.status)
        .outerjoin(Account, col(Account.id) == col(SignInSession.account_id))
        .outerjoin(_youth, _youth.c.id == col(SignInSession.youth_id))
        .where(col(SignInSession.token_hash) == hash_token(cookie))
    ).one_or_none()
    now = clock.now()
    if found is None or not is_alive(found[0], now):
        return GUEST
    row, account, first_name, status = found
    if (account is not None and not account.is_active) or status == _HAS_LEFT:
        return GUEST
    _note_activity(session, request, row, now)
    if account is None:
        return Actor(
            youth_id=row.youth_id, session_id=row.id, name=first_name or "", language=i18n.language()
        )
    return actor_of(session, account, row.id)


def actor_of(session: Session, account: Account, session_id: UUID | None = None) -> Actor:
    """An account with the roles it has now."""
    rows = session.execute(select(Membership).where(col(Membership.account_id) == account.id)).scalars().all()
    return Actor(
        account_id=account.id,
        session_id=session_id,
        name=account.name,
        language=account.language,
        is_admin=account.is_admin,
        programme_ids=_ids(row.programme_id for row in rows if row.role is Role.COORDINATOR),
        school_ids=_ids(row.organisation_id for row in rows if row.role is Role.SCHOOL_STAFF),
        class_ids=_ids(row.class_id for row in rows if row.role is Role.MENTOR),
        organisation_ids=_ids(row.organisation_id for row in rows if row.role is Role.CONTACT),
    )


def _ids(found: Iterable[UUID | None]) -> frozenset[UUID]:
    return frozenset(value for value in found if value is not None)


def _note_activity(session: Session, request: Request, row: SignInSession, now: datetime) -> None:
    """Moves the idle limit forward, at most once a minute.

    A reading request may not write: on SQLite its transaction would have to become a writing one halfway,
    which fails at once when somebody else writes. So it lets go of its connection (or the pool could run dry,
    every request holding one and waiting for a second), writes in a transaction of its own, and reads on.
    """
    if now - row.seen_at < NOTE_ACTIVITY_EVERY:
        return
    note = (
        update(SignInSession)
        .where(col(SignInSession.id) == row.id, col(SignInSession.seen_at) == row.seen_at)
        .values(seen_at=now)
    )
    if not session.get_bind().get_execution_options().get("read_only", False):
        session.execute(note)
        return
    session.commit()
    try:
        with transaction(request.app.state.engine, hurried=True) as own:
            own.execute(note)
    except OperationalError:
        # The database is busy writing: the next request of this browser notes it.
        log.info("activity_not_noted")
