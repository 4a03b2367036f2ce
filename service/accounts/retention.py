"""What is kept of people with an account: why, how long, and how it is handed over and erased (DOMAIN 3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlmodel import Session, col

from service.accounts.models import Account, ApiToken, Membership, SignInLink, SignInSession
from service.core.db import Table

AFTER_USE = timedelta(hours=24)
"""Links also count for the limit of a quarter of an hour, so nothing goes sooner."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Of one table: which columns say something of a person, and which of them an export hands over."""

    table: type[Table]
    columns: Sequence[str]
    handed_over: Sequence[str]
    whose: str
    purpose: str
    term: timedelta | None
    """After it is over; without a term it stays with the account."""


KEPT = (
    Kept(
        Account,
        ("email", "name", "language", "is_admin", "is_active", "signed_in_at"),
        ("email", "name", "language", "is_admin", "is_active", "signed_in_at", "created_at"),
        "id",
        "to sign in, to be asked and answered",
        None,
    ),
    Kept(
        Membership,
        ("account_id", "role", "programme_id", "organisation_id", "class_id", "invited_by"),
        ("role", "programme_id", "organisation_id", "class_id", "created_at"),
        "account_id",
        "to know what somebody may see and do",
        None,
    ),
    Kept(
        SignInLink,
        ("account_id", "token_hash", "browser_hash", "expires_at", "used_at", "next_path"),
        ("created_at", "expires_at", "used_at", "next_path"),
        "account_id",
        "to sign in without a password",
        AFTER_USE,
    ),
    Kept(
        SignInSession,
        ("account_id", "youth_id", "token_hash", "seen_at", "expires_at", "ended_at"),
        ("created_at", "seen_at", "expires_at", "ended_at"),
        "account_id",
        "to stay signed in, and to be able to sign out elsewhere",
        AFTER_USE,
    ),
    Kept(
        ApiToken,
        ("account_id", "name", "token_hash", "expires_at", "revoked_at"),
        ("name", "created_at", "expires_at", "revoked_at"),
        "account_id",
        "to let a program act for somebody",
        AFTER_USE,
    ),
)


def forget_what_is_over(session: Session, now: datetime) -> int:
    """Deletes links, sessions and tokens that have been of no use for a day; how many there were."""
    past = now - AFTER_USE
    over = (
        delete(SignInLink).where(col(SignInLink.expires_at) < past),
        delete(SignInSession).where(
            or_(col(SignInSession.expires_at) < past, col(SignInSession.ended_at) < past)
        ),
        delete(ApiToken).where(or_(col(ApiToken.expires_at) < past, col(ApiToken.revoked_at) < past)),
    )
    return sum(session.execute(rows).rowcount for rows in over)  # type: ignore[attr-defined]


def export_account(session: Session, account_id: UUID) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Everything that is kept of somebody, by table; secrets are only kept as hashes and are left out."""
    return {
        str(kept.table.__tablename__): [
            {name: getattr(row, name) for name in kept.handed_over}
            for row in session.execute(
                select(kept.table).where(getattr(kept.table, kept.whose) == account_id)
            ).scalars()
        ]
        for kept in KEPT
    }


def erase_account(session: Session, account_id: UUID) -> None:
    """All of it, by the keys between the tables; the log keeps ids, which then belong to nobody."""
    session.execute(delete(Account).where(col(Account.id) == account_id))
