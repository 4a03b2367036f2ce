"""Reading organisations: one with its people and places, or a part of the list."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from service.core import clock
from service.core.actor import Actor
from service.core.errors import NotFound
from service.core.paging import PAGE_SIZE, Part, part_of
from service.organisations import policy
from service.organisations.models import (
    ContactPerson,
    Location,
    Organisation,
    OrganisationKind,
    OrganisationStatus,
)

STALE_AFTER = timedelta(days=365)
WAITS: tuple[Any, ...] = (
    col(Organisation.waits_for_check),
    col(Organisation.status) != OrganisationStatus.CLOSED,
)


@dataclass(frozen=True, slots=True)
class Filters:
    kind: str = ""
    text: str = ""
    status: str = ""
    is_stale: bool = False
    waits: bool = False
    """Only those that registered themselves and that nobody has looked at."""
    sort: str = "name"


@dataclass(frozen=True, slots=True)
class Details:
    """An organisation with everything that belongs to it."""

    organisation: Organisation
    people: list[ContactPerson]
    locations: list[Location]

    @property
    def contact(self) -> ContactPerson | None:
        return next((person for person in self.people if not person.is_deputy), None)

    @property
    def deputy(self) -> ContactPerson | None:
        return next((person for person in self.people if person.is_deputy), None)

    @property
    def place(self) -> str:
        return self.locations[0].place if self.locations else ""

    @property
    def is_stale(self) -> bool:
        return is_stale(self.organisation, clock.now())


def is_stale(organisation: Organisation, now: datetime) -> bool:
    """Whether nobody has said within a year that the details are still right."""
    return organisation.confirmed_at is None or organisation.confirmed_at < now - STALE_AFTER


def get_organisation(session: Session, actor: Actor, organisation_id: UUID) -> Organisation:
    found: Organisation | None = session.exec(
        policy.visible(actor).where(Organisation.id == organisation_id)
    ).first()
    if found is None:
        raise NotFound
    return found


def get_details(session: Session, actor: Actor, organisation_id: UUID) -> Details:
    return _with_details(session, [get_organisation(session, actor, organisation_id)])[0]


def details_of(session: Session, organisation: Organisation) -> Details:
    """For who has it in hand already."""
    return _with_details(session, [organisation])[0]


def list_organisations(
    session: Session, actor: Actor, filters: Filters, page: int = 1, size: int = PAGE_SIZE
) -> Part[Details]:
    """Four statements, however many rows."""
    part = part_of(session, _sorted(_filtered(policy.visible(actor), filters), filters.sort), page, size)
    return replace(part, rows=_with_details(session, part.rows))


def own_organisations(session: Session, actor: Actor) -> Sequence[Organisation]:
    """Those on whose behalf a contact makes offers, by name."""
    query = policy.visible(actor).where(
        col(Organisation.id).in_(actor.organisation_ids),
        Organisation.status != OrganisationStatus.CLOSED,
    )
    found: Sequence[Organisation] = session.exec(query.order_by(col(Organisation.name))).all()
    return found


def count_waiting(session: Session, actor: Actor) -> int:
    """How many registered themselves and wait for somebody to look at them."""
    if not policy.may_admit(actor):
        return 0
    return session.exec(select(func.count(col(Organisation.id))).where(*WAITS)).one()


def locations_of(session: Session, organisation_id: UUID) -> Sequence[Location]:
    """The first one registered comes first: it is where things happen unless said otherwise."""
    return session.exec(
        select(Location)
        .where(Location.organisation_id == organisation_id)
        .order_by(col(Location.created_at), col(Location.id))
    ).all()


def find_twin(session: Session, kvk: str | None, name: str, postcodes: Iterable[str]) -> Organisation | None:
    """The same company once more: the same number, or the same name in the same postcode."""
    same_place = (func.lower(col(Organisation.name)) == name.lower()) & col(Organisation.id).in_(
        select(Location.organisation_id).where(col(Location.pc4).in_(list(postcodes)))
    )
    same: list[Any] = [same_place]
    if kvk:
        same.append(col(Organisation.kvk) == kvk)
    return session.exec(
        select(Organisation).where(or_(*same), Organisation.status != OrganisationStatus.CLOSED)
    ).first()


def _filtered(query: Any, filters: Filters) -> Any:
    if filters.kind in set(OrganisationKind):
        query = query.where(Organisation.kind == OrganisationKind(filters.kind))
    if filters.status in set(OrganisationStatus):
        query = query.where(Organisation.status == OrganisationStatus(filters.status))
    if filters.text:
        query = query.where(
            func.lower(col(Organisation.name)).contains(filters.text.lower(), autoescape=True)
        )
    if filters.waits:
        query = query.where(*WAITS)
    if filters.is_stale:
        confirmed = col(Organisation.confirmed_at)
        query = query.where(or_(confirmed.is_(None), confirmed < clock.now() - STALE_AFTER))
    return query


def _sorted(query: Any, sort: str) -> Any:
    columns: dict[str, Any] = {
        "name": func.lower(col(Organisation.name)),
        "confirmed": func.coalesce(col(Organisation.confirmed_at), col(Organisation.created_at)),
        "created": col(Organisation.created_at),
    }
    column = columns.get(sort.removeprefix("-"), columns["name"])
    return query.order_by(column.desc() if sort.startswith("-") else column, col(Organisation.id))


def _with_details(session: Session, organisations: Sequence[Organisation]) -> list[Details]:
    ids = [organisation.id for organisation in organisations]
    people: dict[UUID, list[ContactPerson]] = defaultdict(list)
    locations: dict[UUID, list[Location]] = defaultdict(list)
    for person in session.exec(
        select(ContactPerson)
        .where(col(ContactPerson.organisation_id).in_(ids))
        .order_by(col(ContactPerson.is_deputy), col(ContactPerson.created_at))
    ):
        people[person.organisation_id].append(person)
    for location in session.exec(
        select(Location)
        .where(col(Location.organisation_id).in_(ids))
        .order_by(col(Location.created_at), col(Location.id))
    ):
        locations[location.organisation_id].append(location)
    return [Details(one, people[one.id], locations[one.id]) for one in organisations]
