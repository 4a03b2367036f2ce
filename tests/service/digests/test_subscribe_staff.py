"""Whoever gets a role gets its digest, without doing anything for it."""

from sqlmodel import Session, select

from service.accounts.models import Role
from service.core.jobs import Begin, Job, drain
from service.digests.jobs import JOBS, subscribe_member
from service.digests.models import Audience, Rhythm, Subscription
from tests import factories as make
from tests.world import World


def subscribers(session: Session, world: World) -> set[object]:
    found = session.exec(select(Subscription.account_id).where(Subscription.school_id == world.school.id))
    return set(found)


def the_job() -> Job:
    return next(job for job in JOBS if job.step is subscribe_member)


def test_it_works(session: Session, world: World, begin: Begin) -> None:
    drain(the_job(), begin)
    assert subscribers(session, world) == {world.accounts["marieke"].id}
    assert not subscribe_member(begin)


def test_a_paused_digest_stays_paused(session: Session, world: World, begin: Begin) -> None:
    drain(the_job(), begin)
    row = session.exec(select(Subscription).where(Subscription.school_id == world.school.id)).one()
    row.is_active = False
    session.add(row)
    assert not subscribe_member(begin)
    session.refresh(row)
    assert not row.is_active


def test_everybody_gets_the_one_of_his_role(session: Session, world: World, begin: Begin) -> None:
    drain(the_job(), begin)
    rows = session.exec(select(Subscription)).all()
    by_account = {row.account_id: (row.audience, row.place_id, row.rhythm) for row in rows}
    assert by_account[world.accounts["els"].id] == (Audience.HOST, world.bakery.id, Rhythm.FORTNIGHTLY)
    assert by_account[world.accounts["bilal"].id] == (Audience.CLASS, world.school_class.id, Rhythm.WEEKLY)
    assert by_account[world.accounts["farida"].id] == (
        Audience.PROGRAMME,
        world.programme.id,
        Rhythm.WEEKLY,
    )
    assert world.accounts["admin"].id not in by_account
    assert all(row.due_at is not None for row in rows)


def test_who_has_left_gets_none(session: Session, world: World, begin: Begin) -> None:
    gone = make.make_account(session, is_active=False)
    make.make_membership(session, gone, Role.SCHOOL_STAFF, organisation_id=world.school.id)
    drain(the_job(), begin)
    assert gone.id not in subscribers(session, world)
