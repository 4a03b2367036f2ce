"""Links that sign in: 256 bits, kept as a hash, used once; a mailed one only in the browser that asked."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from service.accounts.models import Account, SignInLink
from service.core import clock
from service.core.tokens import hash_token, new_token, same

GOOD_FOR = timedelta(minutes=10)
INVITATION_GOOD_FOR = timedelta(hours=24)
MOST_LINKS = 5
"""For who asks; or of invitations. Asking in somebody's name must not use up what he may ask himself."""
MOST_LINKS_OF_ALL = 20
"""That many mails at most get into one mailbox, from wherever they are asked for."""
MOST_LINKS_OF_STRANGERS = 2
"""A guest who registers an organisation may name anybody; invitations of others still get through."""
MOST_LINKS_WITHIN = timedelta(minutes=15)


class LinkState(StrEnum):
    USABLE = "usable"
    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"
    OTHER_BROWSER = "other_browser"


def new_link(
    session: Session, account_id: UUID, *, browser: str | None, good_for: timedelta, next_path: str
) -> tuple[SignInLink, str]:
    """The row and the token, which is nowhere else; without a browser it works in any (invitations, demo)."""
    token = new_token()
    link = SignInLink(
        account_id=account_id,
        token_hash=hash_token(token),
        browser_hash=hash_token(browser) if browser is not None else None,
        expires_at=clock.now() + good_for,
        next_path=next_path,
    )
    session.add(link)
    session.flush()
    return link, token


def path_of(token: str) -> str:
    return f"/sign-in/{token}"


def count_recent(session: Session, account_id: UUID, *, invitations: bool) -> int:
    """How many of these an account was sent lately, counted in rows so that it holds over processes."""
    has_browser = col(SignInLink.browser_hash).is_not(None)
    recent = select(func.count()).where(
        col(SignInLink.account_id) == account_id,
        ~has_browser if invitations else has_browser,
        col(SignInLink.created_at) > clock.now() - MOST_LINKS_WITHIN,
    )
    number: int = session.execute(recent).scalar_one()
    return number


def find_link(session: Session, token: str) -> tuple[SignInLink, Account] | None:
    """Whatever its state; links of closed accounts do not exist."""
    found = session.execute(
        select(SignInLink, Account)
        .join(Account, col(Account.id) == col(SignInLink.account_id))
        .where(col(SignInLink.token_hash) == hash_token(token), col(Account.is_active))
    ).one_or_none()
    return None if found is None else (found[0], found[1])


def state_of(link: SignInLink, browser: str | None, now: datetime) -> LinkState:
    if link.browser_hash is not None and not (browser and same(hash_token(browser), link.browser_hash)):
        return LinkState.OTHER_BROWSER
    if link.used_at is not None:
        return LinkState.USED
    return LinkState.USABLE if now < link.expires_at else LinkState.EXPIRED


def use(session: Session, link: SignInLink) -> bool:
    """Compare-and-swap: of two clicks at the same moment exactly one is told True."""
    now = clock.now()
    used = session.execute(
        update(SignInLink)
        .where(
            col(SignInLink.id) == link.id,
            col(SignInLink.used_at).is_(None),
            col(SignInLink.expires_at) > now,
        )
        .values(used_at=now)
    )
    return bool(used.rowcount == 1)  # type: ignore[attr-defined]
