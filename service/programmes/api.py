"""Programmes as JSON."""

from uuid import UUID

from fastapi import APIRouter

from service.core.actor import Actor
from service.programmes import actions, policy, queries
from service.programmes.models import Programme, ProgrammeStatus
from service.programmes.schemas import ProgrammeBody, ProgrammeOutput, StepInput
from service.web.listing import FIRST_PAGE, USUAL_SIZE, Listing, PageNumber, PageSize, listing
from service.web.page import ActorDep, SessionDep

router = APIRouter(prefix="/programmes", tags=["programmes"])


def output(session: SessionDep, actor: Actor, programme: Programme) -> ProgrammeOutput:
    if not policy.may_see_schools(actor, programme):
        return ProgrammeOutput.of(programme, None)
    return ProgrammeOutput.of(programme, [school.id for school in queries.schools_of(session, programme)])


@router.get("")
def list_programmes(
    session: SessionDep,
    actor: ActorDep,
    status: ProgrammeStatus | None = None,
    page: PageNumber = FIRST_PAGE,
    size: PageSize = USUAL_SIZE,
) -> Listing[ProgrammeOutput]:
    part = queries.list_programmes(session, actor, status=status, number=page, size=size)
    schools = queries.school_ids_by_programme(session, [row.id for row in part.rows])

    def told(programme: Programme) -> ProgrammeOutput:
        may_see = policy.may_see_schools(actor, programme)
        return ProgrammeOutput.of(programme, schools.get(programme.id, []) if may_see else None)

    return listing(part, told)


@router.post("", status_code=201)
def create_programme(session: SessionDep, actor: ActorDep, new: ProgrammeBody) -> ProgrammeOutput:
    return output(session, actor, actions.create_programme(session, actor, new))


@router.get("/{programme_id}")
def get_programme(session: SessionDep, actor: ActorDep, programme_id: UUID) -> ProgrammeOutput:
    return output(session, actor, queries.get_programme(session, actor, programme_id))


@router.put("/{programme_id}")
def update_programme(
    session: SessionDep, actor: ActorDep, programme_id: UUID, new: ProgrammeBody
) -> ProgrammeOutput:
    return output(session, actor, actions.update_programme(session, actor, programme_id, new))


@router.post("/{programme_id}/status")
def move_programme(
    session: SessionDep, actor: ActorDep, programme_id: UUID, step: StepInput
) -> ProgrammeOutput:
    return output(session, actor, actions.move_programme(session, actor, programme_id, step.status))
