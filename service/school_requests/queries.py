"""Reading requests of schools."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from service.core.actor import Actor
from service.core.errors import NotFound
from service.core.paging import PAGE_SIZE, Part, part_of
from service.organisations.models import Organisation
from service.programmes.models import Programme
from service.school_requests import policy
from service.school_requests.models import SchoolRequest, SchoolRequestStatus, SchoolRequestYouth
from service.youth.models import SchoolClass, Youth

SORTS = {"starts_on": col(SchoolRequest.starts_on), "asked": col(SchoolRequest.created_at)}


@dataclass(frozen=True, slots=True)
class Line:
    """A request with the names around it, and how many youths it names (0: the whole class)."""

    request: SchoolRequest
    school: Organisation
    programme: Programme
    school_class: SchoolClass | None
    named: int


def get_school_request(session: Session, actor: Actor, request_id: UUID) -> SchoolRequest:
    found: SchoolRequest | None = session.exec(
        policy.visible(actor).where(SchoolRequest.id == request_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def list_school_requests(
    session: Session,
    actor: Actor,
    *,
    status: SchoolRequestStatus | None = None,
    sort: str = "-asked",
    number: int = 1,
    size: int = PAGE_SIZE,
) -> Part[SchoolRequest]:
    query = policy.visible(actor)
    if status is not None:
        query = query.where(SchoolRequest.status == status)
    column = SORTS.get(sort.removeprefix("-"), SORTS["asked"])
    ordered = query.order_by(column.desc() if sort.startswith("-") else column, col(SchoolRequest.id))
    return part_of(session, ordered, number, size)


def lines_of(session: Session, requests: Sequence[SchoolRequest]) -> list[Line]:
    """In the same order, in a fixed number of statements."""
    schools = session.exec(
        select(Organisation).where(col(Organisation.id).in_({row.school_id for row in requests}))
    ).all()
    programmes = session.exec(
        select(Programme).where(col(Programme.id).in_({row.programme_id for row in requests}))
    ).all()
    classes = session.exec(
        select(SchoolClass).where(col(SchoolClass.id).in_({row.class_id for row in requests if row.class_id}))
    ).all()
    school_by_id = {row.id: row for row in schools}
    programme_by_id = {row.id: row for row in programmes}
    class_by_id = {row.id: row for row in classes}
    named = youth_ids_by_request(session, [row.id for row in requests])
    return [
        Line(
            request=row,
            school=school_by_id[row.school_id],
            programme=programme_by_id[row.programme_id],
            school_class=class_by_id.get(row.class_id) if row.class_id else None,
            named=len(named[row.id]),
        )
        for row in requests
    ]


def youth_ids_by_request(session: Session, request_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = defaultdict(list)
    rows = session.exec(
        select(SchoolRequestYouth)
        .where(col(SchoolRequestYouth.school_request_id).in_(set(request_ids)))
        .order_by(col(SchoolRequestYouth.youth_id))
    )
    for row in rows:
        found[row.school_request_id].append(row.youth_id)
    return found


def named_youths(session: Session, request: SchoolRequest) -> Sequence[Youth]:
    named = select(SchoolRequestYouth.youth_id).where(SchoolRequestYouth.school_request_id == request.id)
    return session.exec(
        select(Youth).where(col(Youth.id).in_(named)).order_by(col(Youth.first_name), col(Youth.external_id))
    ).all()
