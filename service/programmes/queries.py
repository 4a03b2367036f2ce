"""Reading programmes and the schools that take part."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from service.core.actor import Actor
from service.core.errors import NotFound
from service.core.paging import PAGE_SIZE, Part, part_of
from service.organisations.models import Organisation, OrganisationKind, OrganisationStatus
from service.programmes import policy
from service.programmes.models import Programme, ProgrammeSchool, ProgrammeStatus

SORTS = {"name": col(Programme.name), "starts_on": col(Programme.starts_on), "region": col(Programme.region)}


def list_programmes(
    session: Session,
    actor: Actor,
    *,
    text: str = "",
    status: ProgrammeStatus | None = None,
    sort: str = "name",
    number: int = 1,
    size: int = PAGE_SIZE,
) -> Part[Programme]:
    query = policy.visible(actor)
    if text:
        query = query.where(
            col(Programme.name).icontains(text, autoescape=True)
            | col(Programme.region).icontains(text, autoescape=True)
        )
    if status is not None:
        query = query.where(Programme.status == status)
    descending = sort.startswith("-")
    column = SORTS.get(sort.removeprefix("-"), SORTS["name"])
    ordered = query.order_by(column.desc() if descending else column, col(Programme.id))
    return part_of(session, ordered, number, size)


def get_programme(session: Session, actor: Actor, programme_id: UUID) -> Programme:
    found: Programme | None = session.exec(
        policy.visible(actor).where(Programme.id == programme_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def schools_of(session: Session, programme: Programme) -> Sequence[Organisation]:
    return session.exec(
        select(Organisation)
        .join(ProgrammeSchool, col(ProgrammeSchool.school_id) == col(Organisation.id))
        .where(ProgrammeSchool.programme_id == programme.id)
        .order_by(col(Organisation.name), col(Organisation.id))
    ).all()


def school_ids_by_programme(session: Session, programme_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = defaultdict(list)
    rows = session.exec(
        select(ProgrammeSchool)
        .where(col(ProgrammeSchool.programme_id).in_(set(programme_ids)))
        .order_by(col(ProgrammeSchool.school_id))
    )
    for row in rows:
        found[row.programme_id].append(row.school_id)
    return found


def programmes_of_schools(session: Session, school_ids: Iterable[UUID]) -> Sequence[Programme]:
    """The programmes these schools take part in and that are not over, to choose from."""
    taking_part = select(ProgrammeSchool.programme_id).where(
        col(ProgrammeSchool.school_id).in_(set(school_ids))
    )
    return session.exec(
        select(Programme)
        .where(col(Programme.id).in_(taking_part), Programme.status != ProgrammeStatus.CLOSED)
        .order_by(col(Programme.name), col(Programme.id))
    ).all()


def takes_part(session: Session, school_id: UUID, programme_id: UUID) -> bool:
    found = session.exec(
        select(ProgrammeSchool.id).where(
            ProgrammeSchool.school_id == school_id, ProgrammeSchool.programme_id == programme_id
        )
    ).first()
    return found is not None


def schools_to_choose(session: Session) -> Sequence[Organisation]:
    return session.exec(
        select(Organisation)
        .where(Organisation.kind == OrganisationKind.SCHOOL, Organisation.status != OrganisationStatus.CLOSED)
        .order_by(col(Organisation.name), col(Organisation.id))
    ).all()
