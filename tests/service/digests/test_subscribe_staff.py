"""Whoever becomes staff of a school gets its digest, without doing anything for it."""

from sqlmodel import Session, select

from service.accounts.models import Role
from service.core.jobs import Begin, Job, drain
from service.digests.jobs import JOBS, subscribe_staff
from service.digests.models import Subscription
from tests import factories as make
from tests.world import World


def subscribers(session: Session, world: World) -> set[object]:
    found = session.exec(select(Subscription.account_id).where(Subscription.school_id == world.school.id))
    return set(found)


def the_job() -> Job:
    return next(job for job in JOBS if job.step is subscribe_staff)


def test_it_works(session: Session, world: World, begin: Begin) -> None:
    drain(the_job(), begin)
    assert subscribers(session, world) == {world.accounts["marieke"].id}
    assert not subscribe_staff(begin)


def test_a_paused_digest_stays_paused(session: Session, world: World, begin: Begin) -> None:
    drain(the_job(), begin)
    row = session.exec(select(Subscription).where(Subscription.school_id == world.school.id)).one()
    row.is_active = False
    session.add(row)
    assert not subscribe_staff(begin)
    session.refresh(row)
    assert not row.is_active


def test_contacts_and_mentors_get_none(session: Session, world: World, begin: Begin) -> None:
    drain(the_job(), begin)
    everybody = set(session.exec(select(Subscription.account_id)))
    assert world.accounts["els"].id not in everybody
    assert world.accounts["bilal"].id not in everybody


def test_who_has_left_gets_none(session: Session, world: World, begin: Begin) -> None:
    gone = make.make_account(session, is_active=False)
    make.make_membership(session, gone, Role.SCHOOL_STAFF, organisation_id=world.school.id)
    drain(the_job(), begin)
    assert gone.id not in subscribers(session, world)
