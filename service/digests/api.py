"""Digests as JSON: what was told, when, and what was not and why."""

from uuid import UUID

from fastapi import APIRouter

from service.digests import queries
from service.digests.models import DigestStatus
from service.digests.schemas import DigestOutput
from service.web.listing import FIRST_PAGE, USUAL_SIZE, Listing, PageNumber, PageSize, listing
from service.web.page import ActorDep, SessionDep

router = APIRouter(prefix="/digests", tags=["digests"])


@router.get("")
def list_digests(
    session: SessionDep,
    actor: ActorDep,
    status: DigestStatus | None = None,
    school_id: UUID | None = None,
    page: PageNumber = FIRST_PAGE,
    size: PageSize = USUAL_SIZE,
) -> Listing[DigestOutput]:
    found = queries.list_digests(session, actor, status=status, school_id=school_id, number=page, size=size)
    return listing(found, DigestOutput.of)


@router.get("/{digest_id}")
def get_digest(session: SessionDep, actor: ActorDep, digest_id: UUID) -> DigestOutput:
    return DigestOutput.of(queries.get_digest(session, actor, digest_id))
