"""Requests of schools for programs."""

from uuid import UUID

from fastapi import APIRouter
from sqlmodel import Session

from service.school_requests import actions, policy, queries
from service.school_requests.models import SchoolRequest, SchoolRequestStatus
from service.school_requests.schemas import SchoolRequestBody, SchoolRequestOutput
from service.web.listing import FIRST_PAGE, USUAL_SIZE, Listing, PageNumber, PageSize, listing
from service.web.page import ActorDep, SessionDep

router = APIRouter(prefix="/school-requests", tags=["school requests"])


def _output(session: Session, request: SchoolRequest) -> SchoolRequestOutput:
    return SchoolRequestOutput.of(request, queries.youth_ids_by_request(session, [request.id])[request.id])


@router.get("")
def list_school_requests(
    session: SessionDep,
    actor: ActorDep,
    status: SchoolRequestStatus | None = None,
    page: PageNumber = FIRST_PAGE,
    size: PageSize = USUAL_SIZE,
) -> Listing[SchoolRequestOutput]:
    found = queries.list_school_requests(
        session, policy.signed_in(actor), status=status, number=page, size=size
    )
    named = queries.youth_ids_by_request(session, [row.id for row in found.rows])
    return listing(found, lambda row: SchoolRequestOutput.of(row, named[row.id]))


@router.post("", status_code=201)
def create_school_request(
    session: SessionDep, actor: ActorDep, new: SchoolRequestBody
) -> SchoolRequestOutput:
    return _output(session, actions.create_school_request(session, actor, new))


@router.get("/{request_id}")
def get_school_request(session: SessionDep, actor: ActorDep, request_id: UUID) -> SchoolRequestOutput:
    return _output(session, queries.get_school_request(session, policy.signed_in(actor), request_id))


@router.post("/{request_id}/close")
def close_school_request(session: SessionDep, actor: ActorDep, request_id: UUID) -> SchoolRequestOutput:
    return _output(session, actions.close_school_request(session, policy.signed_in(actor), request_id))
