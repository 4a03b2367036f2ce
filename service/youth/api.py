"""Classes and youths as JSON."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter

from service.core.actor import Actor
from service.core.sheets import Sheet, SheetRow
from service.web.listing import FIRST_PAGE, USUAL_SIZE, Listing, PageNumber, PageSize, listing
from service.web.page import ActorDep, SessionDep
from service.youth import actions, policy, queries
from service.youth.class_lists import COLUMNS, ClassList, Differences
from service.youth.models import SchoolClass
from service.youth.queries import ClassLine
from service.youth.schemas import (
    ClassBody,
    ClassOutput,
    ImportOutput,
    ListBody,
    RefusedOutput,
    YouthBody,
    YouthOutput,
)

router = APIRouter(tags=["youths"])
Shown = Literal["all", "todo", "done", "left"]


def class_output(actor: Actor, line: ClassLine) -> ClassOutput:
    with_code = policy.may_edit_class(actor, line.school_class)
    return ClassOutput.of(line.school_class, line.youths, line.done, with_code=with_code)


def _told(session: SessionDep, actor: Actor, school_class: SchoolClass) -> ClassOutput:
    return class_output(actor, queries.class_line(session, school_class))


@router.get("/classes")
def list_classes(
    session: SessionDep, actor: ActorDep, page: PageNumber = FIRST_PAGE, size: PageSize = USUAL_SIZE
) -> Listing[ClassOutput]:
    part = queries.list_classes(session, policy.signed_in(actor), number=page, size=size)
    return listing(part, lambda line: class_output(actor, line))


@router.post("/classes", status_code=201)
def create_class(session: SessionDep, actor: ActorDep, new: ClassBody) -> ClassOutput:
    return _told(session, actor, actions.create_class(session, actor, new))


@router.get("/classes/{class_id}")
def get_class(session: SessionDep, actor: ActorDep, class_id: UUID) -> ClassOutput:
    return _told(session, actor, queries.get_class(session, policy.signed_in(actor), class_id))


@router.put("/classes/{class_id}")
def update_class(session: SessionDep, actor: ActorDep, class_id: UUID, new: ClassBody) -> ClassOutput:
    return _told(session, actor, actions.update_class(session, policy.signed_in(actor), class_id, new))


@router.post("/classes/{class_id}/youths", status_code=201)
def create_youth(session: SessionDep, actor: ActorDep, class_id: UUID, new: YouthBody) -> YouthOutput:
    return YouthOutput.of(actions.create_youth(session, policy.signed_in(actor), class_id, new))


@router.post("/classes/{class_id}/import")
def import_list(session: SessionDep, actor: ActorDep, class_id: UUID, new: ListBody) -> ImportOutput:
    """The same rows and rules as a file; the lines count from 1."""
    do = actions.look_at_list if new.only_look else actions.import_list
    return _import_output(*do(session, policy.signed_in(actor), class_id, _sheet(new)))


@router.get("/youths")
def list_youths(
    session: SessionDep,
    actor: ActorDep,
    class_id: UUID | None = None,
    show: Shown = "all",
    page: PageNumber = FIRST_PAGE,
    size: PageSize = USUAL_SIZE,
) -> Listing[YouthOutput]:
    part = queries.list_youths(
        session, policy.signed_in(actor), class_id=class_id, shown=show, number=page, size=size
    )
    return listing(part, YouthOutput.of)


@router.get("/youths/{youth_id}")
def get_youth(session: SessionDep, actor: ActorDep, youth_id: UUID) -> YouthOutput:
    return YouthOutput.of(queries.get_youth(session, policy.signed_in(actor), youth_id))


@router.put("/youths/{youth_id}")
def update_youth(session: SessionDep, actor: ActorDep, youth_id: UUID, new: YouthBody) -> YouthOutput:
    return YouthOutput.of(actions.update_youth(session, policy.signed_in(actor), youth_id, new))


def _sheet(new: ListBody) -> Sheet:
    rows = [
        {column: " ".join(cell.split()) for column, cell in row.model_dump(by_alias=True).items()}
        for row in new.rows
    ]
    return Sheet(COLUMNS, tuple(SheetRow(number, row) for number, row in enumerate(rows, 1)))


def _import_output(listed: ClassList, differences: Differences) -> ImportOutput:
    return ImportOutput(
        rows=listed.rows,
        used=len(listed.used),
        refused_rows=len(listed.refused),
        new=len(differences.new),
        changed=len(differences.changed),
        same=len(differences.same),
        not_in_list=[youth.external_id for youth in differences.missing],
        refused=[
            RefusedOutput(line=row.line, column=column, reason=str(reason))
            for row in listed.refused
            for column, reason in row.faults
        ],
        unknown_columns=list(listed.unknown_columns),
    )
