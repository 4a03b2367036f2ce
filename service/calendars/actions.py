"""Keeping lists of free days: taking over a file, adding and removing a stretch."""

from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col

from service.audit.record import record
from service.calendars import policy, queries
from service.calendars.free_days import school_years, touches_school_year
from service.calendars.models import FreePeriod
from service.calendars.reading import FreeList, read_free_days
from service.calendars.schemas import ListInput, PeriodInput
from service.core.actor import Actor
from service.core.errors import NotFound, require


def import_free_days(
    session: Session, actor: Actor, wanted: ListInput, name: str, content: bytes
) -> FreeList:
    """Replaces the list in the school years the file is about, so that a newer file can follow."""
    _require_may_change(session, actor, wanted)
    found = read_free_days(name, content)
    new = [
        FreePeriod(
            region=wanted.region,
            school_id=wanted.school_id,
            name=one.name,
            starts_on=one.starts_on,
            ends_on=one.ends_on,
        )
        for one in found.periods
    ]
    years = school_years(new)
    old = [
        row.id
        for row in queries.list_periods(session, actor, wanted)
        if any(touches_school_year(row, year) for year in years)
    ]
    session.execute(delete(FreePeriod).where(col(FreePeriod.id).in_(old)))
    session.add_all(new)
    record(session, actor, "free_days.imported", of=_of(wanted), taken=len(new), left=len(found.left_out))
    return found


def add_period(session: Session, actor: Actor, new: PeriodInput) -> FreePeriod:
    _require_may_change(session, actor, new)
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


def _require_may_change(session: Session, actor: Actor, wanted: ListInput) -> None:
    queries.require_known(session, wanted)
    if not policy.may_see(actor, wanted):
        require(actor.account_id is not None)
        raise NotFound
    require(policy.may_change(actor, wanted))


def _of(wanted: ListInput) -> str:
    return wanted.region.value if wanted.region else str(wanted.school_id)
