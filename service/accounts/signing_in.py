"""Signing in by a mailed link, and out again."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from service.accounts import magic_link, mails, queries, sessions
from service.accounts.magic_link import LinkState
from service.audit.record import record
from service.core import clock
from service.core.actor import SYSTEM, Actor
from service.core.errors import NotFound, require
from service.mail import outbox


def ask_sign_in_link(
    session: Session, email: str, browser: str, next_path: str, *, has_asked_enough: bool = False
) -> None:
    """Answers nothing on purpose: whether an address is known, closed or over its limit is not told."""
    account = queries.find_active_account(session, email, lock=True)
    if account is None or has_asked_enough or _has_been_sent_enough(session, account.id):
        record(session, SYSTEM, "sign_in_link.withheld", account)
        return
    link, token = magic_link.new_link(
        session, account.id, browser=browser, good_for=magic_link.GOOD_FOR, next_path=next_path
    )
    outbox.put(session, mails.sign_in(account, link, magic_link.path_of(token)))
    record(session, SYSTEM, "sign_in_link.mailed", link, account_id=str(account.id))


def _has_been_sent_enough(session: Session, account_id: UUID) -> bool:
    return magic_link.count_recent(session, account_id, invitations=False) >= magic_link.MOST_LINKS_OF_ALL


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What the browser gets: the value of its new cookie, where to go on, and in which language."""

    cookie: str
    next_path: str
    language: str


def sign_in(session: Session, actor: Actor, token: str, browser: str | None) -> SignedIn | None:
    """Uses the link up; None when it cannot be used (any more), and then nothing has changed."""
    found = magic_link.find_link(session, token)
    if found is None:
        return None
    link, account = found
    if magic_link.state_of(link, browser, clock.now()) is not LinkState.USABLE:
        return None
    if not magic_link.use(session, link):
        return None
    account.signed_in_at = clock.now()
    record(session, Actor(account_id=account.id), "sign_in_link.used", link)
    cookie = sessions.start_for_account(session, account.id, instead_of=actor)
    return SignedIn(cookie, link.next_path, account.language)


def sign_out(session: Session, actor: Actor) -> None:
    if actor.session_id is None:
        return
    sessions.end(session, actor.session_id)
    record(session, actor, "session.ended")


def sign_out_everywhere(session: Session, actor: Actor) -> None:
    """This browser too."""
    require(not actor.is_guest)
    if actor.youth_id is not None:
        ended = sessions.end_all_of_youth(session, actor.youth_id)
    else:
        ended = sessions.end_all_of_account(session, queries.get_own_account(session, actor).id)
    record(session, actor, "session.ended_everywhere", number=ended)


def end_session(session: Session, actor: Actor, session_id: UUID) -> None:
    """One of one's own, on another device."""
    own = {row.id: row for row in queries.list_sessions(session, actor)}
    if session_id not in own:
        raise NotFound
    sessions.end(session, session_id)
    record(session, actor, "session.ended", own[session_id])
