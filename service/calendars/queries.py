"""Reading free days: a list to look at, or what counts for a school."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, or_, select

from service.calendars import policy
from service.calendars.free_days import FreeDays
from service.calendars.models import FreePeriod
from service.calendars.schemas import ListInput
from service.core.actor import Actor
from service.core.errors import NotFound, require
from service.organisations.models import HolidayRegion, Organisation


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch as the page shows it: of the list itself, or else of the region of the school."""

    period: FreePeriod
    is_of_list: bool = True
    replaced_by: FreePeriod | None = None
    """The school's own holiday that counts in its place."""


def free_days_of(session: Session, organisation_id: UUID) -> FreeDays:
    """One statement: a school's own list and that of its region; a host has the national days off alone."""
    region = select(Organisation.holiday_region).where(Organisation.id == organisation_id).scalar_subquery()
    rows = session.exec(
        select(FreePeriod).where(or_(FreePeriod.school_id == organisation_id, FreePeriod.region == region))
    ).all()
    return FreeDays(
        own=tuple(row for row in rows if row.school_id is not None),
        of_region=tuple(row for row in rows if row.school_id is None),
    )


def free_days_of_each(session: Session, organisation_ids: Collection[UUID]) -> dict[UUID, FreeDays]:
    """The same for many at once, in two statements."""
    regions = dict(
        session.exec(
            select(Organisation.id, Organisation.holiday_region).where(
                col(Organisation.id).in_(organisation_ids)
            )
        ).all()
    )
    rows = session.exec(
        select(FreePeriod).where(
            or_(
                col(FreePeriod.school_id).in_(organisation_ids),
                col(FreePeriod.region).in_({region for region in regions.values() if region is not None}),
            )
        )
    ).all()
    return {
        organisation_id: FreeDays(
            own=tuple(row for row in rows if row.school_id == organisation_id),
            of_region=tuple(row for row in rows if row.region is not None and row.region == region),
        )
        for organisation_id, region in regions.items()
    }


def list_periods(session: Session, actor: Actor, wanted: ListInput) -> Sequence[FreePeriod]:
    """In the order of the year; a year has a few dozen at most."""
    require_known(session, wanted)
    if not policy.may_see(actor, wanted):
        require(actor.account_id is not None)
        raise NotFound
    return session.exec(
        select(FreePeriod)
        .where(of_list(wanted))
        .order_by(col(FreePeriod.starts_on), col(FreePeriod.name), col(FreePeriod.id))
    ).all()


def list_lines(session: Session, actor: Actor, wanted: ListInput) -> list[Line]:
    """The list, and for a school also what its region has, whether it counts or not."""
    own = list_periods(session, actor, wanted)
    if wanted.school_id is None:
        return [Line(period) for period in own]
    free = free_days_of(session, wanted.school_id)
    of_region = [Line(period, False, free.replaced_by(period)) for period in free.of_region]
    return sorted(
        [Line(period) for period in own] + of_region,
        key=lambda line: (line.period.starts_on, not line.is_of_list, line.period.name),
    )


def get_period_to_change(session: Session, actor: Actor, period_id: UUID) -> FreePeriod:
    row = session.get(FreePeriod, period_id)
    if row is None or not policy.may_change(actor, list_of(row)):
        raise NotFound
    return row


def list_of(row: FreePeriod) -> ListInput:
    return ListInput(region=row.region, school_id=row.school_id)


def of_list(wanted: ListInput) -> Any:
    if wanted.region is not None:
        return col(FreePeriod.region) == wanted.region
    return col(FreePeriod.school_id) == wanted.school_id


def require_known(session: Session, wanted: ListInput) -> None:
    if wanted.school_id is not None and session.get(Organisation, wanted.school_id) is None:
        raise NotFound


def own_lists(session: Session, actor: Actor) -> list[tuple[ListInput, str]]:
    """The lists somebody may look at first: his schools by name, and for an admin the regions."""
    schools = session.exec(
        select(Organisation.id, Organisation.name)
        .where(col(Organisation.id).in_(actor.school_ids))
        .order_by(col(Organisation.name), col(Organisation.id))
    ).all()
    found = [(ListInput(school_id=school_id), name) for school_id, name in schools]
    regions = [ListInput(region=region) for region in HolidayRegion]
    return found + [(one, "") for one in regions if policy.may_see(actor, one)]
