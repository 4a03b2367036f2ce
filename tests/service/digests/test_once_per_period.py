"""A period is told at most once, whatever somebody changes in it, and nothing is told twice or left out."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
import time_machine
from sqlalchemy import delete
from sqlmodel import Session, col, select

from service.accounts.models import Membership, Role
from service.audit.models import AuditEntry
from service.calendars.engine import national_day_off
from service.calendars.models import FreePeriod
from service.core.clock import AMSTERDAM
from service.core.jobs import Begin, drain
from service.digests import actions, jobs, queries
from service.digests.models import Audience, Digest, DigestStatus, Rhythm, SkipReason, Subscription
from service.digests.moments import Plan, next_moment
from service.digests.schemas import PlaceInput, SubscriptionInput
from service.organisations.models import ContactPerson, Location, Organisation, OrganisationStatus
from service.programmes.models import ProgrammeStatus
from tests import factories as make
from tests.conftest import Browser
from tests.service.digests.conftest import MONDAY, propose
from tests.world import World

BUILD = jobs.JOBS[0]
SUBSCRIBE = next(job for job in jobs.JOBS if job.step is jobs.subscribe_member)
A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)


def regular(session: Session) -> list[Digest]:
    found = session.exec(select(Digest).where(~col(Digest.is_extra)).order_by(col(Digest.until)))
    return list(found)


def choose(session: Session, world: World, rhythm: Rhythm, weekday: int = 1, at: str = "07:30") -> datetime:
    new = SubscriptionInput(
        place_id=world.school.id, rhythm=rhythm, weekday=weekday, at=time.fromisoformat(at)
    )
    row = actions.change_subscription(session, world.teacher, new)
    session.commit()
    assert row.due_at is not None
    return row.due_at.astimezone(AMSTERDAM)


@pytest.fixture
def told_on_monday(
    begin: Begin, subscription: Subscription, clock_at: time_machine.Traveller
) -> Subscription:
    """Weekly, on Monday 11 January 2027 at half past seven; it is eight o'clock now."""
    clock_at.move_to(MONDAY)
    drain(BUILD, begin)
    clock_at.shift(timedelta(minutes=30))
    return subscription


@pytest.mark.parametrize(
    ("rhythm", "weekday", "at", "next_at"),
    [
        (Rhythm.DAILY, 1, "16:00", "2027-01-12 16:00"),
        (Rhythm.DAILY, 1, "07:30", "2027-01-12 07:30"),
        (Rhythm.WEEKLY, 5, "07:30", "2027-01-22 07:30"),
        (Rhythm.FORTNIGHTLY, 5, "07:30", "2027-01-22 07:30"),
        (Rhythm.MONTHLY, 1, "07:30", "2027-02-01 07:30"),
    ],
)
def test_the_period_that_was_told_is_over_in_any_rhythm(
    session: Session,
    world: World,
    told_on_monday: Subscription,
    rhythm: Rhythm,
    weekday: int,
    at: str,
    next_at: str,
) -> None:
    assert f"{choose(session, world, rhythm, weekday, at):%Y-%m-%d %H:%M}" == next_at


def test_from_daily_to_weekly_does_not_tell_the_same_day_twice(
    session: Session, world: World, begin: Begin, subscription: Subscription, clock_at: time_machine.Traveller
) -> None:
    choose(session, world, Rhythm.DAILY)
    clock_at.move_to(MONDAY)
    drain(BUILD, begin)
    assert choose(session, world, Rhythm.WEEKLY, 1, "16:45").date() == date(2027, 1, 18)
    clock_at.shift(timedelta(hours=12))
    assert drain(BUILD, begin) == 0
    assert [row.period for row in regular(session)] == ["2027-01-11"]


def test_a_change_that_crosses_the_worker_tells_nothing_twice(
    session: Session, world: World, begin: Begin, told_on_monday: Subscription
) -> None:
    """The form was read before the digest was built and written after it: its moment is of the same day."""
    told_on_monday.rhythm, told_on_monday.at = Rhythm.DAILY, time(7, 50)
    told_on_monday.due_at = MONDAY + timedelta(minutes=20)
    session.commit()
    assert drain(BUILD, begin) == 1
    assert [row.period for row in regular(session)] == ["2027-W02"]
    session.refresh(told_on_monday)
    assert told_on_monday.due_at == MONDAY + A_DAY + timedelta(minutes=20)


def test_who_subscribes_after_the_moment_of_today_waits_for_the_next(
    session: Session, world: World, begin: Begin, clock_at: time_machine.Traveller
) -> None:
    clock_at.move_to(MONDAY + timedelta(minutes=1))
    assert choose(session, world, Rhythm.WEEKLY).date() == date(2027, 1, 18)
    assert drain(BUILD, begin) == 0
    clock_at.shift(-timedelta(minutes=2))
    assert choose(session, world, Rhythm.WEEKLY).date() == date(2027, 1, 11)


def test_every_two_weeks_goes_on_through_week_53(
    session: Session, world: World, begin: Begin, subscription: Subscription, clock_at: time_machine.Traveller
) -> None:
    clock_at.move_to(datetime(2026, 12, 13, 12, tzinfo=UTC))
    choose(session, world, Rhythm.FORTNIGHTLY)
    for day in range(40):
        clock_at.move_to(datetime(2026, 12, 14, 6, 30, tzinfo=UTC) + day * A_DAY)
        drain(BUILD, begin)
    assert [row.period for row in regular(session)] == ["2026-W52", "2027-W01", "2027-W03"]


def test_a_free_first_week_of_two_moves_it_into_the_second(
    session: Session, world: World, begin: Begin, subscription: Subscription, clock_at: time_machine.Traveller
) -> None:
    due = choose(session, world, Rhythm.FORTNIGHTLY)
    first, last = due.date() - 2 * A_DAY, due.date() + 6 * A_DAY
    session.add(FreePeriod(school_id=world.school.id, name="Vakantie", starts_on=first, ends_on=last))
    session.commit()
    clock_at.move_to(due)
    drain(BUILD, begin)
    assert regular(session) == []
    session.refresh(subscription)
    assert subscription.due_at == due + A_WEEK
    clock_at.move_to(due + A_WEEK)
    drain(BUILD, begin)
    drain(BUILD, begin)
    (row,) = regular(session)
    assert (row.period, row.status) == (Plan(Rhythm.FORTNIGHTLY).period_of(due), DigestStatus.BUILT)
    session.refresh(subscription)
    assert subscription.due_at == due + 2 * A_WEEK


@pytest.mark.parametrize("at", ["00:00", "01:59", "03:00", "23:59"])
@pytest.mark.parametrize("night", [date(2027, 3, 28), date(2027, 10, 31)], ids=["spring", "autumn"])
def test_a_night_on_which_the_clock_changes_has_one(
    session: Session,
    world: World,
    begin: Begin,
    subscription: Subscription,
    clock_at: time_machine.Traveller,
    night: date,
    at: str,
) -> None:
    """With a worker that looks every ten minutes, also in the hour that comes twice.

    In 2027 the spring night is that of Easter: its period is over with the record that it was free.
    """
    clock_at.move_to(datetime.combine(night, time(), AMSTERDAM).astimezone(UTC) - timedelta(minutes=51))
    subscription.told_until = datetime.combine(night, time(), AMSTERDAM) - A_WEEK
    subscription.due_at = datetime.combine(night, time(), AMSTERDAM) + A_WEEK
    session.commit()
    choose(session, world, Rhythm.WEEKLY, weekday=7, at=at)
    for _look in range(6 * 27):
        clock_at.shift(timedelta(minutes=10))
        due_at = session.exec(select(Subscription.due_at)).one()
        if due_at is not None and due_at <= datetime.now(UTC):
            drain(BUILD, begin)
    (row,) = regular(session)
    assert row.period == Plan().period_of(datetime.combine(night, time(12), AMSTERDAM))
    is_easter = national_day_off(night) is not None
    assert row.skip_reason is (SkipReason.HOLIDAY if is_easter else None)
    moment = datetime.combine(night, time.fromisoformat(at), AMSTERDAM)
    assert timedelta() <= row.until - moment.astimezone(UTC) + timedelta(seconds=5) < timedelta(minutes=11)


def membership_of(session: Session, world: World) -> Membership:
    marieke = world.accounts["marieke"]
    return session.exec(select(Membership).where(Membership.account_id == marieke.id)).one()


def test_who_leaves_and_comes_back_is_told_again_and_of_what_is_new_since(
    session: Session,
    world: World,
    begin: Begin,
    told_on_monday: Subscription,
    clock_at: time_machine.Traveller,
) -> None:
    session.delete(membership_of(session, world))
    propose(session, world)
    clock_at.move_to(MONDAY + A_WEEK)
    drain(BUILD, begin)
    session.refresh(told_on_monday)
    assert (told_on_monday.is_active, told_on_monday.is_ended) == (False, True)
    clock_at.shift(timedelta(hours=1))
    make.make_membership(
        session, world.accounts["marieke"], Role.SCHOOL_STAFF, organisation_id=world.school.id
    )
    drain(SUBSCRIBE, begin)
    session.refresh(told_on_monday)
    assert (told_on_monday.is_active, told_on_monday.is_ended) == (True, False)
    assert told_on_monday.due_at == MONDAY + 2 * A_WEEK
    assert told_on_monday.told_until == MONDAY + A_WEEK + timedelta(hours=1)
    clock_at.move_to(MONDAY + 2 * A_WEEK)
    drain(BUILD, begin)
    own = [row.period for row in regular(session) if row.subscription_id == told_on_monday.id]
    assert own == ["2027-W02", "2027-W04"]


def test_who_leaves_and_comes_back_within_a_period_is_told_once(
    session: Session,
    world: World,
    begin: Begin,
    told_on_monday: Subscription,
    clock_at: time_machine.Traveller,
) -> None:
    session.delete(membership_of(session, world))
    told_on_monday.due_at = MONDAY + A_DAY
    session.commit()
    clock_at.move_to(MONDAY + A_DAY)
    drain(BUILD, begin)
    make.make_membership(
        session, world.accounts["marieke"], Role.SCHOOL_STAFF, organisation_id=world.school.id
    )
    drain(SUBSCRIBE, begin)
    session.refresh(told_on_monday)
    assert told_on_monday.due_at == MONDAY + A_WEEK
    assert len(regular(session)) == 1


@pytest.mark.parametrize("how", ["paused", "by mail", "by mail after it ended"])
def test_what_somebody_stopped_himself_does_not_start_again(
    session: Session,
    world: World,
    begin: Begin,
    client: Browser,
    told_on_monday: Subscription,
    clock_at: time_machine.Traveller,
    how: str,
) -> None:
    secret = client.app.state.settings.secret_key.get_secret_value()  # type: ignore[attr-defined]
    token = actions.unsubscribe_token(secret, told_on_monday.id)
    if how == "paused":
        actions.pause_subscription(session, world.teacher, PlaceInput(place_id=world.school.id))
    elif how == "by mail":
        actions.unsubscribe(session, secret, token)
    session.delete(membership_of(session, world))
    session.commit()
    clock_at.move_to(MONDAY + A_WEEK)
    drain(BUILD, begin)
    if how == "by mail after it ended":
        session.refresh(told_on_monday)
        assert told_on_monday.is_ended
        actions.unsubscribe(session, secret, token)
    make.make_membership(
        session, world.accounts["marieke"], Role.SCHOOL_STAFF, organisation_id=world.school.id
    )
    session.commit()
    drain(SUBSCRIBE, begin)
    session.refresh(told_on_monday)
    assert not told_on_monday.is_active


def test_of_what_is_closed_nobody_is_told_until_it_opens_again(
    session: Session, world: World, begin: Begin, clock_at: time_machine.Traveller
) -> None:
    drain(SUBSCRIBE, begin)
    world.school.status = OrganisationStatus.CLOSED
    world.bakery.status = OrganisationStatus.CLOSED
    world.programme.status = ProgrammeStatus.CLOSED
    session.commit()
    clock_at.move_to(MONDAY + 2 * A_WEEK)
    drain(BUILD, begin)
    drain(SUBSCRIBE, begin)
    ended = {row.place_id for row in session.exec(select(Subscription).where(col(Subscription.is_ended)))}
    closed = {world.school.id, world.school_class.id, world.bakery.id, world.programme.id}
    assert ended == closed
    assert not {row.place_id for row in regular(session)} & closed
    world.school.status = OrganisationStatus.ACTIVE
    session.commit()
    drain(SUBSCRIBE, begin)
    going = {row.place_id for row in session.exec(select(Subscription).where(col(Subscription.is_active)))}
    assert going & closed == {world.school.id, world.school_class.id}


def test_a_school_that_is_gone_takes_its_digests_with_it(
    session: Session, client: Browser, begin: Begin, clock_at: time_machine.Traveller
) -> None:
    school = make.make_school(session)
    account = make.make_account(session)
    make.make_membership(session, account, Role.SCHOOL_STAFF, organisation_id=school.id)
    row = actions.create_default_subscription(session, account.id, school.id)
    secret = client.app.state.settings.secret_key.get_secret_value()  # type: ignore[attr-defined]
    token = actions.unsubscribe_token(secret, row.id)
    clock_at.move_to(MONDAY)
    drain(BUILD, begin)
    school_id, subscription_id = school.id, row.id
    session.commit()
    session.expunge_all()
    session.execute(delete(Location).where(col(Location.organisation_id) == school_id))
    session.execute(delete(ContactPerson).where(col(ContactPerson.organisation_id) == school_id))
    session.delete(session.get_one(Organisation, school_id))
    session.commit()
    assert session.get(Subscription, subscription_id) is None
    assert regular(session) == []
    clock_at.move_to(MONDAY + A_WEEK)
    assert drain(BUILD, begin) == 0
    assert client.as_guest().get(f"/unsubscribe/{token}").status_code == 404


HOLIDAYS = {
    "none": (),
    "the day itself": ((date(2027, 1, 11), date(2027, 1, 11)),),
    "three weeks": ((date(2027, 1, 9), date(2027, 1, 31)),),
    "until Thursday, and again": (
        (date(2027, 1, 9), date(2027, 1, 14)),
        (date(2027, 1, 18), date(2027, 1, 22)),
    ),
    "a summer": ((date(2027, 1, 9), date(2027, 2, 28)),),
}


@pytest.mark.parametrize("rhythm", Rhythm)
@pytest.mark.parametrize("holidays", HOLIDAYS)
def test_it_comes_when_the_pages_say(
    session: Session,
    world: World,
    begin: Begin,
    subscription: Subscription,
    clock_at: time_machine.Traveller,
    rhythm: Rhythm,
    holidays: str,
) -> None:
    for first, last in HOLIDAYS[holidays]:
        session.add(FreePeriod(school_id=world.school.id, name="Vrij", starts_on=first, ends_on=last))
    choose(session, world, rhythm)
    reader = queries.find_reader(session, subscription)
    assert reader is not None
    promised = actions.arrival_of(session, subscription, reader.place)
    while not any(row.status is DigestStatus.BUILT for row in regular(session)):
        session.refresh(subscription)
        assert subscription.due_at is not None
        clock_at.move_to(subscription.due_at)
        drain(BUILD, begin)
    assert promised == datetime.now(UTC)
    skipped = [row.skip_reason for row in regular(session)[:-1]]
    assert set(skipped) <= {SkipReason.HOLIDAY}
    assert regular(session)[-1].content["missed"] == len(skipped)


def acts(random_: random.Random, session: Session, world: World) -> Iterator[str]:
    """What a restless teacher does in between."""
    place = PlaceInput(place_id=world.school.id)
    while True:
        what = random_.choice(["nothing"] * 5 + ["change"] * 3 + ["pause", "resume", "propose"])
        if what == "change":
            at = random_.choice(["00:00", "01:59", "03:00", "07:30", "16:45", "23:59"])
            choose(session, world, random_.choice(list(Rhythm)), random_.randint(1, 7), at)
        elif what == "pause":
            actions.pause_subscription(session, world.teacher, place)
        elif what == "resume":
            actions.resume_subscription(session, world.teacher, place)
        elif what == "propose":
            propose(session, world)
        session.commit()
        yield what


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("begins", [date(2026, 12, 7), date(2027, 3, 15), date(2027, 10, 18)])
def test_whatever_a_restless_teacher_does(
    session: Session,
    world: World,
    begin: Begin,
    subscription: Subscription,
    clock_at: time_machine.Traveller,
    begins: date,
    seed: int,
) -> None:
    """Over the end of a year with a week 53 and both nights on which the clock changes."""
    random_ = random.Random(seed)
    moment = datetime.combine(begins, time(12), AMSTERDAM).astimezone(UTC)
    clock_at.move_to(moment)
    subscription.told_until = moment
    subscription.due_at = next_moment(moment, actions.plan_of(subscription))
    free_from = begins + random_.randint(0, 20) * A_DAY
    free_to = free_from + random_.randint(0, 12) * A_DAY
    session.add(FreePeriod(school_id=world.school.id, name="Vrij", starts_on=free_from, ends_on=free_to))
    session.commit()
    doing = acts(random_, session, world)
    answered: list[datetime] = []
    for _step in range(70):
        next(doing)
        clock_at.shift(timedelta(minutes=random_.randint(1, 2000)))
        known = len(regular(session))
        session.refresh(subscription)
        plan = actions.plan_of(subscription)
        drain(BUILD, begin)
        session.refresh(subscription)
        found = regular(session)
        assert len(found) <= known + 1
        if len(found) > known:
            assert subscription.answered_at is not None
            periods = [plan.period_of(one) for one in answered]
            assert plan.period_of(subscription.answered_at) not in periods, "twice in a period of this rhythm"
            answered.append(subscription.answered_at)
    told = [row for row in regular(session) if row.skip_reason is not SkipReason.HOLIDAY]
    assert len(told) >= 2
    assert all(later.since == earlier.until for earlier, later in pairwise(told))
    noted = session.exec(
        select(AuditEntry.object_id).where(col(AuditEntry.action).in_(("digest.built", "digest.skipped")))
    ).all()
    assert sorted(map(str, noted)) == sorted(str(row.id) for row in regular(session))


def test_nobody_looks_over_a_shoulder(
    client: Browser, session: Session, world: World, subscription: Subscription
) -> None:
    """Also with a digest of one's own: another place is not there, nor is one's own in its stead."""
    actions.create_default_subscription(session, world.accounts["ans"].id, world.other_school.id)
    actions.create_default_subscription(
        session, world.accounts["bilal"].id, world.school_class.id, Audience.CLASS
    )
    sibling = make.make_class(session, world.school, name="3C")
    session.commit()
    for actor, foreign in (
        (world.other_teacher, f"school:{world.school.id}"),
        (world.other_teacher, f"class:{world.school_class.id}"),
        (world.mentor, f"class:{sibling.id}"),
        (world.mentor, f"class:{world.other_class.id}"),
        (world.mentor, f"school:{world.school.id}"),
        (world.teacher, f"class:{world.school_class.id}"),
        (world.coordinator, f"programme:{world.other_programme.id}"),
        (world.baker, f"host:{world.garage.id}"),
        (world.baker, f"school:{world.bakery.id}"),
        (world.teacher, "nonsense"),
    ):
        client.acting_as(actor)
        for page in ("preview", "subscription"):
            assert client.get(f"/digests/{page}?of={foreign}").status_code == 404, foreign
        if ":" in foreign:
            audience, _colon, place_id = foreign.partition(":")
            of = {"audience": audience, "place_id": place_id}
            full = of | {"rhythm": "daily", "weekday": "1", "at": "07:30"}
            assert client.post("/digests/subscription", data=full).status_code == 404, foreign
            assert client.post("/digests/extra", data=of).status_code == 404, foreign
    assert len(session.exec(select(Subscription)).all()) == 3


def test_topics_are_chosen_in_the_form(
    client: Browser, session: Session, world: World, subscription: Subscription
) -> None:
    propose(session, world)
    client.acting_as(world.teacher)
    form = {"place_id": str(world.school.id), "weekday": "1", "at": "07:30"}
    answer = client.post("/digests/subscription", data=form | {"topics": ["asks", "ahead"]})
    assert answer.status_code == 303
    session.refresh(subscription)
    assert subscription.muted == ["news"]
    shown = client.get("/digests/subscription").text
    assert [f'value="{topic}" checked' in shown for topic in ("asks", "news", "ahead")] == [True, False, True]
    preview = client.get("/digests/preview").text
    assert "1 leerling heeft nog niets." in preview
    assert "wacht een voorstel op de coördinator" not in preview
    nothing = client.post("/digests/subscription", data=form | {"topics": ""})
    assert nothing.status_code == 422
    assert "Choose at least 1." in nothing.text
