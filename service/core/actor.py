"""Who is asking: built once per request from the session, and handed to every use case."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """A person with the roles that hold now; without any, a guest."""

    account_id: UUID | None = None
    youth_id: UUID | None = None
    session_id: UUID | None = None
    name: str = ""
    language: str = "nl"
    is_admin: bool = False
    is_system: bool = False
    programme_ids: frozenset[UUID] = field(default=frozenset())
    """Programmes of which the actor is coordinator."""
    school_ids: frozenset[UUID] = field(default=frozenset())
    """Schools of whose staff the actor is."""
    class_ids: frozenset[UUID] = field(default=frozenset())
    """Classes of which the actor is mentor."""
    organisation_ids: frozenset[UUID] = field(default=frozenset())
    """Companies and partners for which the actor is a contact."""

    @property
    def is_guest(self) -> bool:
        return self.account_id is None and self.youth_id is None and not self.is_system

    @property
    def is_coordinator(self) -> bool:
        return bool(self.programme_ids)

    @property
    def is_school_staff(self) -> bool:
        return bool(self.school_ids or self.class_ids)

    @property
    def is_contact(self) -> bool:
        return bool(self.organisation_ids)

    @property
    def is_youth(self) -> bool:
        return self.youth_id is not None


GUEST = Actor()
SYSTEM = Actor(is_system=True, name="Podium")
