"""What roles can be of, told to the accounts feature: programmes, schools, organisations and classes."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, literal, or_, select, true
from sqlmodel import Session, col

from service.accounts.models import PLACE_COLUMN, Membership, Role
from service.accounts.places import MOST_OFFERED, Place
from service.core.actor import Actor
from service.organisations.models import Organisation, OrganisationKind, OrganisationStatus
from service.placements.models import Placement
from service.programmes.models import Programme, ProgrammeSchool
from service.youth.models import SchoolClass

NAMES = {
    Role.COORDINATOR: select(col(Programme.id), col(Programme.name).label("name")),
    Role.SCHOOL_STAFF: select(col(Organisation.id), col(Organisation.name).label("name")),
    Role.MENTOR: select(
        col(SchoolClass.id), (col(SchoolClass.name) + literal(", ") + col(Organisation.name)).label("name")
    ).join(Organisation, col(Organisation.id) == col(SchoolClass.school_id)),
    Role.CONTACT: select(col(Organisation.id), col(Organisation.name).label("name")),
}


def may_give(actor: Actor, role: Role) -> ColumnElement[bool]:
    """Which programmes, organisations or classes this actor may give the role of (docs/permissions.md)."""
    if role is Role.COORDINATOR:
        return true() if actor.is_admin else col(Programme.id).in_(actor.programme_ids)
    if role is Role.MENTOR:
        return true() if actor.is_admin else col(SchoolClass.school_id).in_(actor.school_ids)
    if role is Role.SCHOOL_STAFF:
        of_programmes = select(col(ProgrammeSchool.school_id)).where(
            col(ProgrammeSchool.programme_id).in_(actor.programme_ids)
        )
        own = or_(col(Organisation.id).in_(actor.school_ids), col(Organisation.id).in_(of_programmes))
        return and_(col(Organisation.kind) == OrganisationKind.SCHOOL, true() if actor.is_admin else own)
    own = true() if actor.is_admin else or_(col(Organisation.id).in_(actor.organisation_ids), _hosts(actor))
    open_still = col(Organisation.status) != OrganisationStatus.CLOSED
    return and_(col(Organisation.kind) != OrganisationKind.SCHOOL, open_still, own)


def _hosts(actor: Actor) -> ColumnElement[bool]:
    """Those that take part in the actor's programmes, and those where nobody's youths are.

    Hosts belong to no programme, so any coordinator may bring them in; but a contact person sees who comes,
    and another programme's youths are not his to show.
    """
    if not actor.is_coordinator:
        return false()
    placed = exists().where(col(Placement.organisation_id) == col(Organisation.id))
    return or_(~placed, placed.where(col(Placement.programme_id).in_(actor.programme_ids)))


def _search(query: Select[UUID, str], place_id: UUID | None, text: str, most: int) -> Select[UUID, str]:
    named = query.subquery()
    found = select(named.c.id, named.c.name)
    if place_id is not None:
        found = found.where(named.c.id == place_id)
    if text:
        found = found.where(func.lower(named.c.name).contains(text.lower(), autoescape=True))
    return found.order_by(func.lower(named.c.name), named.c.id).limit(most)


class AllPlaces:
    """Answers what `accounts.places.Places` asks."""

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
        roles = [role] if role else list(NAMES)
        found = [
            Place(one, place.id, place.name)
            for one in roles
            for place in session.execute(
                _search(NAMES[one].where(may_give(actor, one)), place_id, text, most)
            )
        ]
        return found[:most]

    def governed(self, actor: Actor) -> ColumnElement[bool]:
        conditions = [
            and_(
                col(Membership.role) == role,
                getattr(Membership, PLACE_COLUMN[role]).in_(
                    NAMES[role]
                    .where(may_give(actor, role))
                    .with_only_columns(NAMES[role].selected_columns[0])
                ),
            )
            for role in NAMES
        ]
        return or_(false(), *conditions)

    def names(self, session: Session, place_ids: Iterable[UUID]) -> Mapping[UUID, str]:
        ids = set(place_ids)
        queries = (NAMES[Role.COORDINATOR], NAMES[Role.MENTOR], NAMES[Role.CONTACT])
        found: dict[UUID, str] = {}
        for query in queries:
            key = query.selected_columns[0]
            found.update({row.id: row.name for row in session.execute(query.where(key.in_(ids)))})
        return found
