"""Classes and their youths: made, imported, changed, left, and given a new code."""

from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from service.accounts.sessions import end_all_of_youth
from service.audit.record import record
from service.core import clock
from service.core.actor import Actor
from service.core.errors import Invalid, require
from service.core.i18n import _
from service.core.sheets import Sheet
from service.core.tokens import new_code
from service.programmes.queries import takes_part
from service.youth import class_lists, codes, policy, queries
from service.youth.birth import Ages, read_birth
from service.youth.class_lists import ClassList, Differences, Listed
from service.youth.errors import CodesDoNotFit, YouthHasLeft
from service.youth.models import SchoolClass, Youth, YouthStatus
from service.youth.schemas import ClassInput, CodesInput, YouthInput

CODE_LENGTH = 6
NAMES = {"external_id", "first_name"}
"""What says who a youth is; no answer, and nothing is worked out from it."""


def create_class(session: Session, actor: Actor, new: ClassInput) -> SchoolClass:
    require(policy.may_add_class(actor))
    school_id = _school_of(actor, new)
    _check_class(session, new, school_id)
    row = SchoolClass(
        school_id=school_id,
        programme_id=new.programme_id,
        name=new.name,
        school_year=new.school_year,
        code=_free_code(session),
    )
    session.add(row)
    session.flush()
    record(session, actor, "school_class.created", row)
    return row


def update_class(session: Session, actor: Actor, class_id: UUID, new: ClassInput) -> SchoolClass:
    """A class stays with its school."""
    row = queries.get_class(session, actor, class_id)
    require(policy.may_edit_class(actor, row))
    if new.school_id not in {None, row.school_id}:
        raise Invalid({"school_id": _("A class stays with its school.")})
    _check_class(session, new, row.school_id, row.id)
    row.sqlmodel_update(new.model_dump(exclude={"school_id"}))
    session.add(row)
    record(session, actor, "school_class.updated", row)
    return row


def _school_of(actor: Actor, new: ClassInput) -> UUID:
    """Who works for one school need not say which."""
    chosen = new.school_id or (next(iter(actor.school_ids)) if len(actor.school_ids) == 1 else None)
    if chosen is None or not (chosen in actor.school_ids or actor.is_system):
        raise Invalid({"school_id": _("Choose one of your schools.")})
    return chosen


def _check_class(session: Session, new: ClassInput, school_id: UUID, but: UUID | None = None) -> None:
    faults = {}
    same_name = session.exec(
        select(SchoolClass.id).where(
            SchoolClass.school_id == school_id,
            SchoolClass.school_year == new.school_year,
            SchoolClass.name == new.name,
        )
    ).first()
    if same_name is not None and same_name != but:
        faults["name"] = _("There is a class with this name in this school year already.")
    if new.programme_id is not None and not takes_part(session, school_id, new.programme_id):
        faults["programme_id"] = _("Choose a programme in which the school takes part.")
    if faults:
        raise Invalid(faults)


def _free_code(session: Session) -> str:
    while True:
        code = new_code(CODE_LENGTH)
        if session.exec(select(SchoolClass.id).where(col(SchoolClass.code) == code)).first() is None:
            return code


def create_youth(session: Session, actor: Actor, class_id: UUID, new: YouthInput) -> Youth:
    school_class = queries.get_class(session, actor, class_id)
    require(policy.may_edit_class(actor, school_class))
    values = _checked_values(session, school_class, new)
    youth = Youth(
        school_id=school_class.school_id, class_id=school_class.id, updated_at=clock.now(), **values
    )
    session.add(youth)
    session.flush()
    record(session, actor, "youth.created", youth)
    return youth


def update_youth(session: Session, actor: Actor, youth_id: UUID, new: YouthInput) -> Youth:
    """By the school, on the youth's behalf."""
    youth = queries.get_youth(session, actor, youth_id)
    require(policy.may_edit_youth(actor, youth))
    if youth.status is YouthStatus.LEFT:
        raise YouthHasLeft
    values = _checked_values(session, queries.class_of(session, youth), new, youth.id)
    changed = [name for name, value in values.items() if getattr(youth, name) != value]
    youth.sqlmodel_update(values)
    if set(changed) - NAMES:
        youth.updated_at = clock.now()
    session.add(youth)
    record(session, actor, "youth.updated", youth, fields=changed)
    return youth


def _checked_values(
    session: Session, school_class: SchoolClass, new: YouthInput, but: UUID | None = None
) -> dict[str, Any]:
    birth = read_birth(new.birth)
    faults = {}
    if fault := _ages(session, school_class).fault(*birth):
        faults["birth"] = fault
    if queries.is_number_taken(session, school_class.school_id, new.external_id, but):
        faults["external_id"] = _("Another youth of this school has this number already.")
    if faults:
        raise Invalid(faults)
    values = new.model_dump(exclude={"birth"})
    return {**values, "birth_year": birth[0], "birth_month": birth[1]}


def _ages(session: Session, school_class: SchoolClass) -> Ages:
    return Ages.of(queries.programme_of(session, school_class), clock.today())


def look_at_list(
    session: Session, actor: Actor, class_id: UUID, sheet: Sheet
) -> tuple[ClassList, Differences]:
    """What importing would do, row by row; changes nothing."""
    school_class = queries.get_class(session, actor, class_id)
    require(policy.may_edit_class(actor, school_class))
    listed = class_lists.read_class_list(sheet, school_class.name, _ages(session, school_class))
    numbers = {one.external_id for one in listed.used}
    known = queries.find_youths(session, school_class.school_id, class_id, numbers)
    return listed, class_lists.compare(listed.used, known, class_id)


def import_list(
    session: Session, actor: Actor, class_id: UUID, sheet: Sheet
) -> tuple[ClassList, Differences]:
    """Adds and changes the good rows; nobody is removed, and what a row does not say stays."""
    listed, differences = look_at_list(session, actor, class_id, sheet)
    school_class = queries.get_class(session, actor, class_id)
    for new in differences.new:
        session.add(_youth_of(new, school_class))
    for change in differences.changed:
        change.youth.sqlmodel_update(change.listed.facts)
        change.youth.class_id = class_id
        if change.listed.facts.keys() & set(change.fields) - NAMES:
            change.youth.updated_at = clock.now()
        if change.youth.status is YouthStatus.LEFT:
            change.youth.status = YouthStatus.ACTIVE
        session.add(change.youth)
    session.flush()
    record(
        session,
        actor,
        "school_class.imported",
        school_class,
        new=len(differences.new),
        changed=len(differences.changed),
        refused=len(listed.refused),
    )
    return listed, differences


def _youth_of(listed: Listed, school_class: SchoolClass) -> Youth:
    return Youth(
        school_id=school_class.school_id,
        class_id=school_class.id,
        external_id=listed.external_id,
        **listed.facts,
    )


def leave_youth(session: Session, actor: Actor, youth_id: UUID) -> Youth:
    """Out of every list and signed out everywhere; what is kept goes when its term is over (retention)."""
    youth = queries.get_youth(session, actor, youth_id)
    require(policy.may_edit_youth(actor, youth))
    if youth.status is YouthStatus.LEFT:
        raise YouthHasLeft
    youth.status = YouthStatus.LEFT
    session.add(youth)
    end_all_of_youth(session, youth.id)
    record(session, actor, "youth.left", youth)
    return youth


def take_back_youth(session: Session, actor: Actor, youth_id: UUID) -> Youth:
    youth = queries.get_youth(session, actor, youth_id)
    require(policy.may_edit_youth(actor, youth))
    youth.status = YouthStatus.ACTIVE if youth.is_done else YouthStatus.INVITED
    session.add(youth)
    record(session, actor, "youth.taken_back", youth)
    return youth


def renew_code(session: Session, actor: Actor, youth_id: UUID) -> Youth:
    """The printed card is void from now on, and so is every place where it was used."""
    youth = queries.get_youth(session, actor, youth_id)
    require(policy.may_edit_youth(actor, youth))
    if youth.status is YouthStatus.LEFT:
        raise YouthHasLeft
    youth.code_version += 1
    session.add(youth)
    end_all_of_youth(session, youth.id)
    record(session, actor, "youth.code_renewed", youth)
    return youth


def cards_to_print(
    session: Session, actor: Actor, class_id: UUID, secret: str, youth_id: UUID | None = None
) -> tuple[SchoolClass, list[tuple[Youth, str]]]:
    """The youths of a class, or one of them, each with the personal code."""
    school_class = queries.get_class(session, actor, class_id)
    require(policy.may_edit_class(actor, school_class))
    members = [
        youth for youth in queries.members_of(session, class_id) if youth_id is None or youth.id == youth_id
    ]
    return school_class, [(youth, codes.personal_code(secret, youth)) for youth in members]


def check_codes(session: Session, secret: str, typed: CodesInput) -> Youth:
    """The sign-in of a youth; who starts the session records it."""
    youth = codes.find_youth(session, secret, typed.class_code, typed.personal_code)
    if youth is None:
        raise CodesDoNotFit
    return youth
