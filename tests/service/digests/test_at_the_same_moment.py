"""Two workers, two clicks, two tabs, with real commits: one comes first, the others find it done."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlmodel import func, select

from service.accounts.models import Role
from service.core import clock
from service.core.db import make_engine
from service.core.jobs import Begin, drain
from service.core.settings import Settings
from service.digests import actions, jobs
from service.digests.errors import AskedJustNow
from service.digests.models import Audience, Digest, Rhythm, Subscription
from service.digests.schemas import PlaceInput, SubscriptionInput
from service.mail.models import Mail
from tests import factories as make
from tests.world import World, build_world

READERS = 60
AT_ONCE = 4


@pytest.fixture
def begin(own_database: str, settings: Settings) -> Iterator[Begin]:
    engine = make_engine(own_database)
    yield Begin(engine, settings)
    engine.dispose()


@pytest.fixture
def world(begin: Begin) -> World:
    with begin() as session:
        return build_world(session)


def at_once(act: Callable[[], str], many: int = AT_ONCE) -> Counter[str]:
    start = Barrier(many)

    def begin_together(_number: int) -> str:
        start.wait()
        return act()

    with ThreadPoolExecutor(many) as threads:
        return Counter(threads.map(begin_together, range(many)))


def subscribe(begin: Begin, world: World) -> None:
    """Many who read about one school, all of them due an hour ago."""
    with begin() as session:
        for number in range(READERS):
            account = make.make_account(session, email=f"reader{number}@example.nl")
            make.make_membership(session, account, Role.SCHOOL_STAFF, organisation_id=world.school.id)
            row = actions.create_default_subscription(session, account.id, world.school.id)
            row.due_at = clock.now() - timedelta(hours=1)
            row.told_until = clock.now() - timedelta(days=7)


def test_it_works(begin: Begin, world: World) -> None:
    """Each reader is told once, however many workers look at the same moment, and whatever they do twice."""
    subscribe(begin, world)

    def work() -> str:
        drain(jobs.JOBS[0], begin)
        return "done"

    assert at_once(work) == {"done": AT_ONCE}
    with begin() as session:
        for row in session.exec(select(Subscription)):
            row.due_at = clock.now() - timedelta(hours=1)
    assert at_once(work) == {"done": AT_ONCE}
    with begin(read_only=True) as session:
        told = session.exec(select(Digest.subscription_id, Digest.key)).all()
        mails = session.exec(select(func.count(func.distinct(Mail.message_id)))).one()
    assert len(told) == len({subscription for subscription, _key in told}) == mails == READERS


def test_who_reads_of_several_places_gets_one_mail(begin: Begin, world: World) -> None:
    """Also when the workers begin with another of his places: more are due than one takes at a time."""
    with begin() as session:
        programmes = [make.make_programme(session, name=f"Regio {letter}") for letter in "ABC"]
        for programme in programmes:
            make.make_school_request(session, programme, world.school_class)
        for number in range(READERS // 2):
            account = make.make_account(session, email=f"reader{number}@example.nl")
            for place, programme in enumerate(programmes):
                make.make_membership(session, account, Role.COORDINATOR, programme_id=programme.id)
                row = actions.create_default_subscription(
                    session, account.id, programme.id, Audience.PROGRAMME
                )
                row.due_at = clock.now() - timedelta(hours=1, minutes=(number + place) % 3)

    def work() -> str:
        drain(jobs.JOBS[0], begin)
        return "done"

    assert at_once(work) == {"done": AT_ONCE}
    with begin(read_only=True) as session:
        told = session.exec(select(Digest.subscription_id, Digest.key)).all()
        readers = session.exec(select(Mail.recipient)).all()
    assert len(told) == len({subscription for subscription, _key in told}) == READERS // 2 * 3
    assert len(readers) == len(set(readers)) == READERS // 2


def test_two_clicks_send_one(begin: Begin, world: World) -> None:
    place = PlaceInput(place_id=world.school.id)
    with begin() as session:
        actions.create_default_subscription(session, world.accounts["marieke"].id, world.school.id)

    def click() -> str:
        try:
            with begin() as session:
                actions.send_extra(session, begin.settings, world.teacher, place)
        except AskedJustNow:
            return "asked just now"
        return "sent"

    assert at_once(click) == {"sent": 1, "asked just now": AT_ONCE - 1}
    with begin(read_only=True) as session:
        assert session.exec(select(func.count()).select_from(Mail)).one() == 1


def test_two_forms_make_one_subscription(begin: Begin, world: World) -> None:
    new = SubscriptionInput(
        audience=Audience.CLASS, place_id=world.school_class.id, rhythm=Rhythm.DAILY, weekday=3
    )

    def save() -> str:
        with begin() as session:
            return actions.change_subscription(session, world.mentor, new).rhythm

    assert at_once(save) == {"daily": AT_ONCE}
    with begin(read_only=True) as session:
        assert len(session.exec(select(Subscription)).all()) == 1


def test_two_workers_subscribe_everybody_once(begin: Begin, world: World) -> None:
    job = next(job for job in jobs.JOBS if job.step is jobs.subscribe_member)

    def work() -> str:
        drain(job, begin)
        return "done"

    assert at_once(work) == {"done": AT_ONCE}
    with begin(read_only=True) as session:
        rows = session.exec(select(Subscription)).all()
    assert len({(row.account_id, row.place_id) for row in rows}) == len(rows) == 7
    assert world.accounts["admin"].id not in {row.account_id for row in rows}
