"""Keeping lists of free days: taking over a file, adding and removing a stretch."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col

from service.audit.record import record
from service.calendars import policy, queries
from service.calendars.free_days import school_years, touches_school_year
from service.calendars.models import FreePeriod
from service.calendars.reading import FreeList, Listed
from service.calendars.schemas import ListInput, PeriodInput
from service.core.actor import Actor
from service.core.errors import NotFound, require
from service.core.tokens import hash_token


@dataclass(frozen=True, slots=True)
class Taking:
    """What taking over a list did, or would do once somebody agrees to it."""

    found: FreeList
    goes: tuple[FreePeriod, ...] = ()
    """What the list had in the same school years and the file does not know."""
    comes: tuple[Listed, ...] = ()
    is_done: bool = False

    @property
    def proof(self) -> str:
        """Stands for what goes: whoever agrees to it has seen just that."""
        return hash_token(" ".join(sorted(str(row.id) for row in self.goes)))


def import_free_days(
    session: Session, actor: Actor, wanted: ListInput, found: FreeList, agreed: str = ""
) -> Taking:
    """Replaces the list in the school years the file is about, so that a newer file can follow.

    Nothing changes while a line is wrong, nor when something would go and `agreed` is not the proof of it.
    """
    require_may_change(session, actor, wanted)
    if found.wrong:
        return Taking(found)
    plan = _plan(queries.list_periods(session, actor, wanted), found)
    if plan.goes and agreed != plan.proof:
        return plan
    session.execute(delete(FreePeriod).where(col(FreePeriod.id).in_([row.id for row in plan.goes])))
    session.add_all(_row(wanted, one) for one in plan.comes)
    taken, left, gone = len(found.periods), len(found.left_out), len(plan.goes)
    record(session, actor, "free_days.imported", of=_of(wanted), taken=taken, left=left, gone=gone)
    return replace(plan, is_done=True)


def _plan(rows: Sequence[FreePeriod], found: FreeList) -> Taking:
    years = school_years(found.periods)
    # Pairs and no mapping: what somebody wrote down twice goes twice.
    old = [(_as_listed(row), row) for row in rows if any(touches_school_year(row, year) for year in years)]
    known = {listed for listed, _row in old}
    return Taking(
        found,
        goes=tuple(row for listed, row in old if listed not in found.periods),
        comes=tuple(one for one in found.periods if one not in known),
    )


def _row(wanted: ListInput, one: Listed) -> FreePeriod:
    return FreePeriod(
        region=wanted.region,
        school_id=wanted.school_id,
        name=one.name,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
    )


def _as_listed(row: FreePeriod) -> Listed:
    return Listed(row.name, row.starts_on, row.ends_on)


def add_period(session: Session, actor: Actor, new: PeriodInput) -> FreePeriod:
    require_may_change(session, actor, new)
    row = FreePeriod(
        region=new.region,
        school_id=new.school_id,
        name=new.name,
        starts_on=new.starts_on,
        ends_on=new.ends_on or new.starts_on,
    )
    session.add(row)
    session.flush()
    record(session, actor, "free_period.added", row, of=_of(new))
    return row


def remove_period(session: Session, actor: Actor, period_id: UUID) -> ListInput:
    row = queries.get_period_to_change(session, actor, period_id)
    wanted = queries.list_of(row)
    record(session, actor, "free_period.removed", row, of=_of(wanted))
    session.delete(row)
    return wanted


def require_may_change(session: Session, actor: Actor, wanted: ListInput) -> None:
    """Asked before a file is read too, which takes long."""
    queries.require_known(session, wanted)
    if not policy.may_see(actor, wanted):
        require(actor.account_id is not None)
        raise NotFound
    require(policy.may_change(actor, wanted))


def _of(wanted: ListInput) -> str:
    return wanted.region.value if wanted.region else str(wanted.school_id)
