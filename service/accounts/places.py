"""What a role is of: programmes, organisations and classes, as far as this feature needs to know them.

They lie above accounts, so `create_app` hands in who knows them; here stands only what is asked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session

from service.accounts.models import Role
from service.core.actor import Actor

MOST_OFFERED = 50


@dataclass(frozen=True, slots=True)
class Place:
    """A role that can be given, and of what."""

    role: Role
    id: UUID
    name: str


class Places(Protocol):
    def offered(
        self,
        session: Session,
        actor: Actor,
        *,
        role: Role | None = None,
        place_id: UUID | None = None,
        text: str = "",
        most: int = MOST_OFFERED,
    ) -> Sequence[Place]:
        """What this actor may give and take away, by name; narrowed to a role, one place or a few letters."""

    def governed(self, actor: Actor) -> ColumnElement[bool]:
        """The memberships this actor may see and end, as a condition."""

    def names(self, session: Session, place_ids: Iterable[UUID]) -> Mapping[UUID, str]:
        """In a fixed number of queries."""
