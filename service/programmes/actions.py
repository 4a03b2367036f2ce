"""Making a programme, changing it, and taking it through its season."""

import re
import unicodedata
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, delete, select

from service.audit.record import record
from service.core.actor import Actor
from service.core.errors import Invalid, require
from service.core.i18n import _
from service.programmes import engine, policy, queries
from service.programmes.errors import LotteryIsFixed, ProgrammeIsNotReady
from service.programmes.lifecycle import LIFECYCLE, SEED_MAY_CHANGE
from service.programmes.models import Programme, ProgrammeSchool, ProgrammeStatus
from service.programmes.schemas import ProgrammeInput

APART = {
    "school_ids",
    "minutes_under_14",
    "minutes_14_15",
    "minutes_16_17",
    "minutes_adult",
}
"""Fields of the input that are kept elsewhere than in a column of the same name."""


def create_programme(session: Session, actor: Actor, new: ProgrammeInput) -> Programme:
    require(policy.may_create(actor))
    check(session, new)
    programme = Programme(slug=_free_slug(session, new.name), **_columns(new))
    session.add(programme)
    session.flush()
    _set_schools(session, programme, new.school_ids)
    record(session, actor, "programme.created", programme)
    return programme


def update_programme(session: Session, actor: Actor, programme_id: UUID, new: ProgrammeInput) -> Programme:
    programme = queries.get_programme(session, actor, programme_id)
    require(policy.may_edit(actor, programme))
    check(session, new)
    _check_new_schools(session, actor, programme, new.school_ids)
    if new.lottery_seed != programme.lottery_seed and programme.status not in SEED_MAY_CHANGE:
        raise LotteryIsFixed
    changed = [name for name, value in _columns(new).items() if getattr(programme, name) != value]
    programme.sqlmodel_update(_columns(new))
    session.add(programme)
    _set_schools(session, programme, new.school_ids)
    record(session, actor, "programme.updated", programme, fields=changed)
    return programme


def move_programme(session: Session, actor: Actor, programme_id: UUID, status: ProgrammeStatus) -> Programme:
    programme = queries.get_programme(session, actor, programme_id)
    require(policy.may_edit(actor, programme))
    LIFECYCLE.check(programme.status, status)
    if status is ProgrammeStatus.OPEN and not (programme.kinds and queries.schools_of(session, programme)):
        raise ProgrammeIsNotReady
    programme.status = status
    session.add(programme)
    record(session, actor, "programme.moved", programme, status=status)
    return programme


def check(session: Session, new: ProgrammeInput) -> None:
    """What needs the engine or the database to be known."""
    faults = engine.weight_faults(new.sector_weight, new.location_weight, new.talent_weight)
    faults |= engine.limit_faults(new.travel_limits, new.lowest_age, new.highest_age)
    known = {school.id for school in queries.schools_to_choose(session)}
    if not set(new.school_ids) <= known:
        faults["school_ids"] = _("Choose schools from the list.")
    if faults:
        raise Invalid(faults)


def _check_new_schools(session: Session, actor: Actor, programme: Programme, school_ids: list[UUID]) -> None:
    """A school in a programme opens its youths to the coordinators: that is not for one of them to decide."""
    known = {school.id for school in queries.schools_of(session, programme)}
    if not policy.may_add_schools(actor) and not set(school_ids) <= known:
        raise Invalid({"school_ids": _("Only the administrator adds a school. Ask for it.")})


def _columns(new: ProgrammeInput) -> dict[str, Any]:
    return {**new.model_dump(exclude=APART), "travel_limits": new.travel_limits}


def _set_schools(session: Session, programme: Programme, school_ids: list[UUID]) -> None:
    session.exec(delete(ProgrammeSchool).where(col(ProgrammeSchool.programme_id) == programme.id))
    for school_id in dict.fromkeys(school_ids):
        session.add(ProgrammeSchool(programme_id=programme.id, school_id=school_id))
    session.flush()


def _free_slug(session: Session, name: str) -> str:
    """The name as an address would have it; a number behind it when another programme was first."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:50] or "programme"
    taken = set(session.exec(select(Programme.slug).where(col(Programme.slug).startswith(slug))))
    number = 2
    free = slug
    while free in taken:
        free = f"{slug}-{number}"
        number += 1
    return free
