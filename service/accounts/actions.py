"""Writing: own settings and tokens, inviting people, taking roles away; `signing_in.py` has the rest."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import Session, col

from service.accounts import magic_link, mails, policy, queries, sessions
from service.accounts.errors import AccountIsClosed, InvitedTooOften, ThereIsAnAdmin, TooManyTokens
from service.accounts.models import PLACE_COLUMN, Account, ApiToken, Membership, Role
from service.accounts.overviews import Overviews
from service.accounts.places import Places
from service.accounts.schemas import (
    AccountInput,
    InvitationInput,
    TokenInput,
    one_line,
    tidy_email,
)
from service.audit.record import record
from service.core import clock
from service.core.actor import SYSTEM, Actor
from service.core.errors import Invalid, NotFound, require
from service.core.i18n import Message, _
from service.core.settings import Settings
from service.core.tokens import hash_token, new_token
from service.mail import outbox
from service.mail.actions import leave_stream, rejoin_stream
from service.mail.addresses import address_hash
from service.mail.models import OUTSIDE_LISTS, Stream

NOT_FOR_ONESELF: Message = _("You cannot let yourself in here. Ask somebody of this organisation or school.")
MOST_TOKENS = 10
PRINTED_GOOD_FOR = timedelta(hours=24)


def change_account(session: Session, actor: Actor, new: AccountInput) -> Account:
    account = queries.get_own_account(session, actor)
    account.name = new.name
    record(session, actor, "account.changed", account, fields=["name"])
    return account


def stop_stream(session: Session, actor: Actor, overviews: Overviews, stream: Stream) -> None:
    """The same as by the link in a mail: that of an overview stops the overview, any other holds its kind."""
    account = queries.get_own_account(session, actor)
    if stream in OUTSIDE_LISTS:
        raise NotFound
    if stream is Stream.DIGEST:
        overviews.stop(session, actor)
    else:
        leave_stream(session, address_hash(account.email), stream)


def start_stream(session: Session, actor: Actor, overviews: Overviews, stream: Stream) -> None:
    """What came back stays held: an administrator judges whether the address works again."""
    account = queries.get_own_account(session, actor)
    rejoin_stream(session, address_hash(account.email), stream)
    if stream is Stream.DIGEST:
        overviews.start(session, actor)


def choose_language(session: Session, actor: Actor, language: str) -> None:
    """Kept with the account, for mails and for the next device; a youth's or guest's stays in the browser."""
    if not policy.has_account(actor) or actor.language == language:
        return
    account = queries.get_own_account(session, actor)
    account.language = language
    record(session, actor, "account.changed", account, fields=["language"])


def create_token(session: Session, actor: Actor, new: TokenInput) -> str:
    """The token itself, to be shown once; it may do what its owner may."""
    account = queries.get_own_account(session, actor)
    if len(queries.list_tokens(session, actor)) >= MOST_TOKENS:
        raise TooManyTokens
    token = new_token()
    row = ApiToken(
        account_id=account.id,
        name=new.purpose,
        token_hash=hash_token(token),
        expires_at=clock.now() + timedelta(days=int(new.days)),
    )
    session.add(row)
    session.flush()
    record(session, actor, "api_token.created", row)
    return token


def revoke_token(session: Session, actor: Actor, token_id: UUID) -> None:
    token = queries.get_token(session, actor, token_id)
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        record(session, actor, "api_token.revoked", token)


def invite(session: Session, actor: Actor, places: Places, new: InvitationInput) -> Account:
    """From the page: the actor gives a role that is his to give."""
    if new.role == "admin":
        require(policy.may_invite_admin(actor))
        role, place_id, place_name = None, None, ""
    elif new.place is None:
        raise NotFound
    else:
        place = queries.get_place_to_give(session, actor, places, new.role, new.place)
        role, place_id, place_name = place.role, place.id, place.name
        if queries.is_own_address(session, actor, new.email) and not policy.may_take(actor, role, place_id):
            raise Invalid({"email": NOT_FOR_ONESELF})
    known = queries.find_active_account(session, new.email, lock=True)
    if known is not None and _invited_lately(session, known) >= magic_link.MOST_LINKS:
        raise InvitedTooOften
    return invite_account(
        session,
        actor,
        email=new.email,
        name=new.name,
        role=role,
        place_id=place_id,
        place_name=place_name,
        language=new.language,
    )


def invite_account(
    session: Session,
    actor: Actor,
    *,
    email: str,
    name: str,
    role: Role | None,
    place_id: UUID | None,
    place_name: str = "",
    language: str = "nl",
    next_path: str = "/",
    is_quoted: bool = True,
) -> Account:
    """Gives a role, with a mail that holds a sign-in link for a day; the account is made when it is new.

    Asks no policy: for use cases of higher features (a company that registers, a school that names the mentor
    of a class) after they asked their own. Without a role the account becomes an administrator. Repeating it
    changes nothing but sends a new link, as long as the account had fewer than five in a quarter of an hour.
    Not quoted: the mail holds no word that a stranger typed, who could write to anybody that way, and of such
    mails fewer are sent.
    """
    account = _account_for(session, actor, email=tidy_email(email), name=one_line(name), language=language)
    if role is None:
        if not account.is_admin:
            account.is_admin = True
            record(session, actor, "account.made_admin", account)
    else:
        _give_role(session, actor, account, role, place_id)
    most = magic_link.MOST_LINKS if is_quoted else magic_link.MOST_LINKS_OF_STRANGERS
    if _invited_lately(session, account) >= most:
        return account
    link, token = magic_link.new_link(
        session, account.id, browser=None, good_for=magic_link.INVITATION_GOOD_FOR, next_path=next_path
    )
    mail = mails.invitation(
        account,
        link,
        magic_link.path_of(token),
        inviter=actor.name if is_quoted else "",
        role=role.value if role else "admin",
        place=place_name if is_quoted else "",
        name=account.name if is_quoted else "",
    )
    outbox.put(session, mail)
    record(session, actor, "account.invited", account, role=role.value if role else "admin")
    return account


def _invited_lately(session: Session, account: Account) -> int:
    return magic_link.count_recent(session, account.id, invitations=True)


def _account_for(session: Session, actor: Actor, *, email: str, name: str, language: str) -> Account:
    """The account of this address; who is known keeps the name he chose."""
    known: Account | None = session.execute(
        select(Account).where(col(Account.email) == email)
    ).scalar_one_or_none()
    if known is not None:
        if not known.is_active:
            raise AccountIsClosed
        return known
    account = Account(email=email, name=name, language=language)
    session.add(account)
    session.flush()
    record(session, actor, "account.created", account)
    return account


def _give_role(session: Session, actor: Actor, account: Account, role: Role, place_id: UUID | None) -> None:
    column = PLACE_COLUMN[role]
    held = select(col(Membership.id)).where(
        col(Membership.account_id) == account.id,
        col(Membership.role) == role,
        getattr(Membership, column) == place_id,
    )
    if session.execute(held).first() is not None:
        return
    membership = Membership(account_id=account.id, role=role, invited_by=actor.account_id)
    setattr(membership, column, place_id)
    session.add(membership)
    session.flush()
    record(
        session,
        actor,
        "membership.given",
        membership,
        account_id=str(account.id),
        role=role.value,
        of=str(place_id),
    )


def make_printed_link(session: Session, settings: Settings, account_id: UUID, next_path: str = "/") -> str:
    """A link that works in any browser, for `podium demo` to print; never in production."""
    require(settings.is_development)
    link, token = magic_link.new_link(
        session, account_id, browser=None, good_for=PRINTED_GOOD_FOR, next_path=next_path
    )
    record(session, SYSTEM, "sign_in_link.printed", link, account_id=str(account_id))
    return settings.base_url.rstrip("/") + magic_link.path_of(token)


def end_membership(session: Session, actor: Actor, places: Places, membership_id: UUID) -> None:
    """Works at once: roles are read anew with every request."""
    membership = queries.get_membership(session, actor, places, membership_id)
    require(policy.may_end(actor, membership))
    record(
        session,
        actor,
        "membership.ended",
        membership,
        account_id=str(membership.account_id),
        role=membership.role.value,
        of=str(membership.place_id),
    )
    session.delete(membership)


def withdraw_admin(session: Session, actor: Actor, places: Places, account_id: UUID) -> None:
    account = queries.get_account(session, actor, places, account_id)
    require(policy.may_close(actor, account))
    account.is_admin = False
    record(session, actor, "account.unmade_admin", account)


def close_account(session: Session, actor: Actor, places: Places, account_id: UUID) -> None:
    """Out everywhere at once: sessions and tokens end, links stop working; roles wait until it opens."""
    account = queries.get_account(session, actor, places, account_id)
    require(policy.may_close(actor, account))
    account.is_active = False
    ended = sessions.end_all_of_account(session, account.id)
    session.execute(
        update(ApiToken)
        .where(col(ApiToken.account_id) == account.id, col(ApiToken.revoked_at).is_(None))
        .values(revoked_at=clock.now())
    )
    record(session, actor, "account.closed", account, sessions=ended)


def open_account(session: Session, actor: Actor, places: Places, account_id: UUID) -> None:
    account = queries.get_account(session, actor, places, account_id)
    require(policy.may_close(actor, account))
    account.is_active = True
    record(session, actor, "account.opened", account)


def create_first_admin(session: Session, email: str, name: str) -> Account:
    """For the command at the start; afterwards administrators invite each other."""
    if session.execute(select(col(Account.id)).where(col(Account.is_admin))).first() is not None:
        raise ThereIsAnAdmin
    account = _account_for(session, SYSTEM, email=tidy_email(email), name=one_line(name), language="nl")
    account.is_admin = True
    record(session, SYSTEM, "account.made_admin", account)
    return account
