"""Nothing comes on days without education; the first one after tells what was missed."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlmodel import Session, col, select

from service.calendars.models import FreePeriod
from service.core.jobs import Begin, drain
from service.digests import jobs
from service.digests.models import Digest, DigestStatus, Rhythm, SkipReason, Subscription
from service.mail.models import Mail
from tests.service.digests.conftest import MONDAY, propose
from tests.world import World

BUILD = jobs.JOBS[0]
WEEK = timedelta(days=7)


def told(session: Session) -> list[tuple[str, DigestStatus, SkipReason | None]]:
    rows = session.exec(select(Digest).order_by(col(Digest.until))).all()
    return [(row.period, row.status, row.skip_reason) for row in rows]


def holiday(session: Session, world: World, first: date, last: date) -> None:
    session.add(FreePeriod(school_id=world.school.id, name="Vakantie", starts_on=first, ends_on=last))
    session.commit()


def build_at(begin: Begin, clock_at: time_machine.Traveller, moment: datetime) -> None:
    clock_at.move_to(moment)
    drain(BUILD, begin)


def test_it_works(
    session: Session, begin: Begin, world: World, subscription: Subscription, clock_at: time_machine.Traveller
) -> None:
    holiday(session, world, date(2027, 1, 9), date(2027, 1, 24))
    since = subscription.told_until
    for week in range(3):
        build_at(begin, clock_at, MONDAY + week * WEEK)
        propose(session, world)
    assert told(session) == [
        ("2027-W02", DigestStatus.SKIPPED, SkipReason.HOLIDAY),
        ("2027-W03", DigestStatus.SKIPPED, SkipReason.HOLIDAY),
        ("2027-W04", DigestStatus.BUILT, None),
    ]
    last = session.exec(select(Digest).where(Digest.period == "2027-W04")).one()
    assert (last.since, last.content["missed"]) == (since, 2)
    (mail,) = session.exec(select(Mail)).all()
    assert mail.context["missed"] == (
        "In de vrije dagen kwamen 2 overzichten niet. Wat er toen gebeurde, staat hierin."
    )
    build_at(begin, clock_at, MONDAY + 3 * WEEK)
    assert session.exec(select(Digest).where(Digest.period == "2027-W05")).one().content["missed"] == 0


def test_a_free_monday_moves_it_to_the_first_school_day(
    session: Session, begin: Begin, world: World, subscription: Subscription, clock_at: time_machine.Traveller
) -> None:
    """Easter Monday: the clock changed the night before, and it is still half past seven on the wall."""
    easter = datetime(2027, 3, 29, 5, 30, tzinfo=UTC)
    subscription.due_at = easter
    session.commit()
    build_at(begin, clock_at, easter)
    assert told(session) == []
    session.refresh(subscription)
    assert subscription.due_at == easter + timedelta(days=1)
    build_at(begin, clock_at, easter + timedelta(days=1))
    assert told(session) == [("2027-W13", DigestStatus.BUILT, None)]
    session.refresh(subscription)
    assert subscription.due_at == easter + WEEK


@pytest.mark.parametrize("days", range(2, 6))
def test_daily_is_quiet_day_by_day(
    session: Session,
    begin: Begin,
    world: World,
    subscription: Subscription,
    clock_at: time_machine.Traveller,
    days: int,
) -> None:
    subscription.rhythm = Rhythm.DAILY
    session.commit()
    holiday(session, world, date(2027, 1, 11), date(2027, 1, 10) + timedelta(days=days - 1))
    for day in range(days):
        build_at(begin, clock_at, MONDAY + timedelta(days=day))
    found = told(session)
    assert [reason for _period, _status, reason in found] == [SkipReason.HOLIDAY] * (days - 1) + [None]
    assert len({period for period, _status, _reason in found}) == days


def test_the_holiday_of_another_school_or_region_is_not_ours(
    session: Session, begin: Begin, world: World, subscription: Subscription, clock_at: time_machine.Traveller
) -> None:
    for of in ({"school_id": world.other_school.id}, {"region": "south"}):
        session.add(FreePeriod(name="Vakantie", starts_on=date(2027, 1, 9), ends_on=date(2027, 1, 17), **of))
    world.school.holiday_region = None
    session.commit()
    build_at(begin, clock_at, MONDAY)
    assert told(session) == [("2027-W02", DigestStatus.BUILT, None)]
