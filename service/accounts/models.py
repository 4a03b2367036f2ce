"""People with an account, their roles, and how they get in."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, UniqueConstraint

from service.core.db import Table, UtcDateTime, choice


class Role(StrEnum):
    COORDINATOR = "coordinator"
    SCHOOL_STAFF = "school_staff"
    MENTOR = "mentor"
    CONTACT = "contact"


PLACE_COLUMN = {
    Role.COORDINATOR: "programme_id",
    Role.SCHOOL_STAFF: "organisation_id",
    Role.MENTOR: "class_id",
    Role.CONTACT: "organisation_id",
}
"""What a role is of: which column of a membership is filled."""


class Account(Table, table=True):
    email: str = Field(unique=True, max_length=320)
    """Always lower case."""
    name: str = Field(max_length=120)
    language: str = Field(default="nl", max_length=2)
    is_admin: bool = False
    is_active: bool = True
    signed_in_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """The last time; empty for somebody who was invited and never came."""


class Membership(Table, table=True):
    """A role of an account: exactly one of programme, organisation or class says of what."""

    # Three constraints, because a key with an empty column is never equal to another.
    __table_args__ = (
        UniqueConstraint("account_id", "role", "programme_id"),
        UniqueConstraint("account_id", "role", "organisation_id"),
        UniqueConstraint("account_id", "role", "class_id"),
    )

    account_id: UUID = Field(foreign_key="account.id", index=True, ondelete="CASCADE")
    role: Role = Field(sa_type=choice(Role))
    programme_id: UUID | None = Field(
        default=None, foreign_key="programme.id", index=True, ondelete="CASCADE"
    )
    organisation_id: UUID | None = Field(
        default=None, foreign_key="organisation.id", index=True, ondelete="CASCADE"
    )
    class_id: UUID | None = Field(default=None, foreign_key="school_class.id", index=True, ondelete="CASCADE")
    invited_by: UUID | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")

    @property
    def place_id(self) -> UUID:
        """The programme, organisation or class the role is of."""
        place: UUID = getattr(self, PLACE_COLUMN[self.role])
        return place


class SignInLink(Table, table=True):
    """A mailed link: single use, ten minutes, only in the browser that asked; the token is kept as a hash."""

    __tablename__ = "sign_in_link"

    account_id: UUID = Field(foreign_key="account.id", index=True, ondelete="CASCADE")
    token_hash: str = Field(unique=True, max_length=64)
    browser_hash: str | None = Field(default=None, max_length=64)
    """Hash of the cookie of the asking browser; empty only for invitations and the demo's printed links."""
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    next_path: str = Field(default="/", max_length=300)


class SignInSession(Table, table=True):
    """A signed-in browser, of an account or of a youth; the cookie is kept as a hash."""

    __tablename__ = "sign_in_session"

    token_hash: str = Field(unique=True, max_length=64)
    account_id: UUID | None = Field(default=None, foreign_key="account.id", index=True, ondelete="CASCADE")
    youth_id: UUID | None = Field(default=None, foreign_key="youth.id", index=True, ondelete="CASCADE")
    seen_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ApiToken(Table, table=True):
    __tablename__ = "api_token"

    account_id: UUID = Field(foreign_key="account.id", index=True, ondelete="CASCADE")
    name: str = Field(max_length=80)
    token_hash: str = Field(unique=True, max_length=64)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
