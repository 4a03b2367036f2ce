"""Reading classes and youths."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import case, func
from sqlmodel import Session, col, or_, select

from service.core.actor import Actor
from service.core.errors import NotFound
from service.core.paging import PAGE_SIZE, Part, part_of
from service.organisations.models import Organisation
from service.programmes.models import Programme
from service.programmes.queries import programmes_of_schools
from service.youth import policy
from service.youth.models import SchoolClass, Youth, YouthStatus

CLASS_SORTS = {
    "name": col(SchoolClass.name),
    "school_year": col(SchoolClass.school_year),
    "created": col(SchoolClass.created_at),
}
YOUTH_SORTS = {
    "first_name": col(Youth.first_name),
    "external_id": col(Youth.external_id),
    "done": col(Youth.profile_done_at),
}
IS_DONE = col(Youth.profile_done_at).is_not(None)
IS_HERE = col(Youth.status) != YouthStatus.LEFT
SHOWN = {
    "all": IS_HERE,
    "todo": IS_HERE & ~IS_DONE,
    "done": IS_HERE & IS_DONE,
    "left": col(Youth.status) == YouthStatus.LEFT,
}


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class in a list, with how far its youths are."""

    school_class: SchoolClass
    school_name: str
    programme_name: str | None
    youths: int
    done: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How many youths of a class each tab shows."""

    all: int = 0
    todo: int = 0
    done: int = 0
    left: int = 0


def first_names_at(session: Session, school_id: UUID) -> set[str]:
    """Each part of each first name: words that must not be kept as words."""
    names = session.exec(select(Youth.first_name).where(Youth.school_id == school_id).distinct()).all()
    return {part for name in names for part in re.split(r"[^\w]+", name) if part}


def list_classes(
    session: Session,
    actor: Actor,
    *,
    text: str = "",
    school_year: str = "",
    sort: str = "name",
    number: int = 1,
    size: int = PAGE_SIZE,
) -> Part[ClassLine]:
    query = policy.visible_classes(actor)
    if text:
        query = query.where(col(SchoolClass.name).icontains(text, autoescape=True))
    if school_year:
        query = query.where(SchoolClass.school_year == school_year)
    column = CLASS_SORTS.get(sort.removeprefix("-"), CLASS_SORTS["name"])
    ordered = query.order_by(column.desc() if sort.startswith("-") else column, col(SchoolClass.id))
    part = part_of(session, ordered, number, size)
    return Part(_lines(session, part.rows), part.total, part.number, part.size)


def _lines(session: Session, classes: Sequence[SchoolClass]) -> list[ClassLine]:
    counted = {
        class_id: (youths, done)
        for class_id, youths, done in session.exec(
            select(Youth.class_id, func.count(), func.sum(case((IS_DONE, 1), else_=0)))
            .where(col(Youth.class_id).in_([row.id for row in classes]), IS_HERE)
            .group_by(col(Youth.class_id))
        )
    }
    schools = _names(session, Organisation, {row.school_id for row in classes})
    programmes = _names(session, Programme, {row.programme_id for row in classes if row.programme_id})
    return [
        ClassLine(
            row,
            schools[row.school_id],
            programmes.get(row.programme_id) if row.programme_id else None,
            *counted.get(row.id, (0, 0)),
        )
        for row in classes
    ]


def _names(
    session: Session, table: type[Organisation] | type[Programme], ids: Collection[UUID]
) -> dict[UUID, str]:
    return dict(session.exec(select(table.id, table.name).where(col(table.id).in_(ids))).all())


def class_line(session: Session, school_class: SchoolClass) -> ClassLine:
    return _lines(session, [school_class])[0]


def school_years(session: Session, actor: Actor) -> list[str]:
    """Those of the classes the actor may see, the newest first."""
    found = session.exec(
        policy.visible_classes(actor)
        .with_only_columns(SchoolClass.school_year)
        .group_by(col(SchoolClass.school_year))
        .order_by(col(SchoolClass.school_year).desc())
    )
    return [row if isinstance(row, str) else row[0] for row in found]


def get_class(session: Session, actor: Actor, class_id: UUID) -> SchoolClass:
    found: SchoolClass | None = session.exec(
        policy.visible_classes(actor).where(SchoolClass.id == class_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def list_youths(
    session: Session,
    actor: Actor,
    *,
    class_id: UUID | None = None,
    shown: str = "all",
    text: str = "",
    sort: str = "first_name",
    number: int = 1,
    size: int = PAGE_SIZE,
) -> Part[Youth]:
    query = policy.visible_youths(actor).where(SHOWN.get(shown, IS_HERE))
    if class_id is not None:
        query = query.where(Youth.class_id == class_id)
    if text:
        query = query.where(
            or_(
                col(Youth.first_name).icontains(text, autoescape=True),
                col(Youth.external_id).icontains(text, autoescape=True),
            )
        )
    column = YOUTH_SORTS.get(sort.removeprefix("-"), YOUTH_SORTS["first_name"])
    # Who has nothing yet first: the two databases place NULL differently, so it is said.
    ordered = column.desc().nulls_last() if sort.startswith("-") else column.asc().nulls_first()
    return part_of(session, query.order_by(ordered, col(Youth.id)), number, size)


def count_youths(session: Session, class_id: UUID) -> Counts:
    done, left = IS_DONE, SHOWN["left"]
    rows = session.exec(
        select(
            func.sum(case((IS_HERE, 1), else_=0)),
            func.sum(case((IS_HERE & done, 1), else_=0)),
            func.sum(case((left, 1), else_=0)),
        ).where(Youth.class_id == class_id)
    ).one()
    here, finished, gone = (int(value or 0) for value in rows)
    return Counts(all=here, todo=here - finished, done=finished, left=gone)


def members_of(session: Session, class_id: UUID) -> Sequence[Youth]:
    """Everybody who is in the class now, by name."""
    return session.exec(
        select(Youth)
        .where(Youth.class_id == class_id, IS_HERE)
        .order_by(col(Youth.first_name), col(Youth.external_id))
    ).all()


def get_youth(session: Session, actor: Actor, youth_id: UUID) -> Youth:
    found: Youth | None = session.exec(policy.visible_youths(actor).where(Youth.id == youth_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def get_myself(session: Session, actor: Actor) -> Youth:
    """The youth who is asking; nobody else has a profile of his own."""
    if actor.youth_id is None:
        raise NotFound
    return get_youth(session, actor, actor.youth_id)


def find_youths(
    session: Session, school_id: UUID, class_id: UUID, numbers: Collection[str]
) -> Sequence[Youth]:
    """The school's youths with these numbers, and everybody in the class."""
    found = session.exec(
        select(Youth).where(
            Youth.school_id == school_id,
            or_(col(Youth.external_id).in_(numbers), col(Youth.class_id) == class_id),
        )
    )
    return found.all()


def is_number_taken(session: Session, school_id: UUID, number: str, but: UUID | None = None) -> bool:
    found = session.exec(
        select(Youth.id).where(Youth.school_id == school_id, Youth.external_id == number)
    ).first()
    return found is not None and found != but


def programme_of(session: Session, school_class: SchoolClass) -> Programme | None:
    return session.get(Programme, school_class.programme_id) if school_class.programme_id else None


def class_of(session: Session, youth: Youth) -> SchoolClass:
    return session.get_one(SchoolClass, youth.class_id)


def schools_of(session: Session, actor: Actor) -> Sequence[Organisation]:
    """The schools for which the actor may add a class."""
    return session.exec(
        select(Organisation)
        .where(col(Organisation.id).in_(actor.school_ids))
        .order_by(col(Organisation.name), col(Organisation.id))
    ).all()


def programmes_to_choose(session: Session, school_ids: Collection[UUID]) -> Sequence[Programme]:
    return programmes_of_schools(session, school_ids)
