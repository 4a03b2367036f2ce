"""Choosing when the digest comes, pausing it, and the one click in the mail that ends it."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from sqlmodel import Session, select

from service.accounts.models import Membership
from service.audit.models import AuditEntry
from service.core.jobs import Begin, drain
from service.digests import actions, jobs
from service.digests.models import Rhythm, Subscription
from service.digests.schemas import SubscriptionInput
from service.mail.models import Mail
from tests.conftest import Browser
from tests.service.digests.conftest import MONDAY, SUNDAY
from tests.world import World

BUILD = jobs.JOBS[0]
FRIDAY = datetime(2027, 1, 15, 15, 45, tzinfo=UTC)


def subscription_of(session: Session, name: str, world: World) -> Subscription:
    return session.exec(select(Subscription).where(Subscription.account_id == world.accounts[name].id)).one()


def test_it_works(client: Browser, session: Session, world: World, subscription: Subscription) -> None:
    client.acting_as(world.teacher)
    page = client.get("/digests/subscription").text
    assert "Sloterwaard College" in page
    assert "Monday 11 January 2027 07:30" in page
    answer = client.post(
        "/digests/subscription", data={"place_id": str(world.school.id), "weekday": "5", "at": "16:45"}
    )
    assert answer.status_code == 303
    session.refresh(subscription)
    assert (subscription.weekday, subscription.at, subscription.due_at) == (5, time(16, 45), FRIDAY)
    assert "Friday 15 January 2027 16:45" in client.get(answer.headers["location"]).text


def test_the_default_is_monday_morning(session: Session, world: World, subscription: Subscription) -> None:
    assert (subscription.weekday, subscription.at) == (1, time(7, 30))
    assert (subscription.due_at, subscription.told_until) == (MONDAY, SUNDAY)
    again = actions.create_default_subscription(session, world.accounts["marieke"].id, world.school.id)
    assert again.id == subscription.id


def test_who_has_none_starts_one(client: Browser, session: Session, world: World) -> None:
    client.acting_as(world.teacher)
    assert "Choose a moment to start it" in client.get("/digests/subscription").text
    assert session.exec(select(Subscription)).all() == [], "looking changes nothing"
    client.post(
        "/digests/subscription", data={"place_id": str(world.school.id), "weekday": "1", "at": "07:30"}
    )
    assert subscription_of(session, "marieke", world).due_at == MONDAY


def test_pausing_and_starting_again(
    client: Browser, session: Session, world: World, subscription: Subscription
) -> None:
    client.acting_as(world.teacher)
    of_school = {"place_id": str(world.school.id)}
    assert client.post("/digests/subscription/pause", data=of_school).status_code == 303
    session.refresh(subscription)
    assert (subscription.is_active, subscription.due_at) == (False, None)
    assert "Start the overview again" in client.get("/digests/subscription").text
    client.post("/digests/subscription/resume", data=of_school)
    session.refresh(subscription)
    assert (subscription.is_active, subscription.due_at) == (True, MONDAY)


def test_another_day_does_not_tell_the_same_week_again(
    session: Session, begin: Begin, world: World, subscription: Subscription, clock_at: time_machine.Traveller
) -> None:
    clock_at.move_to(MONDAY)
    drain(BUILD, begin)
    clock_at.shift(timedelta(hours=1))
    new = SubscriptionInput(place_id=world.school.id, weekday=5, at=time(16, 45))
    changed = actions.change_subscription(session, world.teacher, new)
    assert changed.due_at == FRIDAY + timedelta(days=7)


@pytest.mark.parametrize("at", ["02:00", "02:59", "25:00", "soon", "07:30Z"])
def test_a_time_that_may_not_exist_is_refused_and_kept(
    client: Browser, session: Session, world: World, subscription: Subscription, at: str
) -> None:
    answer = client.acting_as(world.teacher).post(
        "/digests/subscription", data={"place_id": str(world.school.id), "weekday": "3", "at": at}
    )
    assert answer.status_code == 422
    assert f'value="{at}"' in answer.text
    session.refresh(subscription)
    assert subscription.weekday == 1


@pytest.mark.parametrize("weekday", ["0", "8", "Monday", ""])
def test_a_day_that_does_not_exist_is_refused(
    client: Browser, session: Session, world: World, subscription: Subscription, weekday: str
) -> None:
    answer = client.acting_as(world.teacher).post(
        "/digests/subscription",
        data={"place_id": str(world.school.id), "weekday": weekday, "at": "07:30", "sneaky": "1"},
    )
    assert answer.status_code == 422


@pytest.mark.parametrize("path", ["", "/pause", "/resume"], ids=["change", "pause", "resume"])
def test_nobody_subscribes_to_a_school_of_others(
    client: Browser, session: Session, world: World, subscription: Subscription, path: str
) -> None:
    for name, actor in world.everybody.items():
        if actor.school_ids == {world.school.id}:
            continue
        answer = client.acting_as(actor).post(
            f"/digests/subscription{path}", data={"place_id": str(world.school.id)}
        )
        assert answer.status_code in {403, 404}, name
    session.refresh(subscription)
    assert subscription.due_at == MONDAY
    assert len(session.exec(select(Subscription)).all()) == 1


def test_everybody_with_a_place_has_a_page_for_it(client: Browser, world: World) -> None:
    for name, actor in world.everybody.items():
        expected = 403 if actor.is_admin or actor.is_youth else 200
        assert client.acting_as(actor).get("/digests/subscription").status_code == expected, name
    assert client.as_guest().get("/digests/subscription").status_code == 303


def test_a_form_without_a_school_is_not_found(client: Browser, world: World) -> None:
    client.acting_as(world.teacher)
    for path in ("pause", "resume"):
        assert client.post(f"/digests/subscription/{path}", data={}).status_code == 404


def one_click_address(session: Session, begin: Begin, clock_at: time_machine.Traveller) -> str:
    clock_at.move_to(MONDAY)
    drain(BUILD, begin)
    token = session.exec(select(Mail.unsubscribe_token)).one()
    assert token is not None
    return f"/unsubscribe/{token}"


def test_one_click_ends_it_without_signing_in(
    client: Browser,
    session: Session,
    begin: Begin,
    subscription: Subscription,
    clock_at: time_machine.Traveller,
) -> None:
    """As a mail program does it: no cookie, from nowhere, and no redirect (RFC 8058)."""
    address = one_click_address(session, begin, clock_at)
    from_a_mail_program = {"sec-fetch-site": "cross-site", "origin": "https://mail.example"}
    for _ in range(2):
        answer = client.as_guest().post(
            address, data={"List-Unsubscribe": "One-Click"}, headers=from_a_mail_program
        )
        assert answer.status_code == 200
    session.refresh(subscription)
    assert (subscription.is_active, subscription.due_at) == (False, None)
    entries = session.exec(select(AuditEntry).where(AuditEntry.action == "subscription.paused")).all()
    assert [(entry.is_system, entry.facts) for entry in entries] == [(True, {"by": "mail"})]


def test_looking_at_the_link_ends_nothing(
    client: Browser,
    session: Session,
    begin: Begin,
    subscription: Subscription,
    clock_at: time_machine.Traveller,
) -> None:
    """Programs that check every link in a mail only get."""
    page = client.as_guest().get(one_click_address(session, begin, clock_at))
    assert page.status_code == 200
    assert "Stop the overviews" in page.text
    session.refresh(subscription)
    assert subscription.is_active


def test_the_link_offers_less_often_without_signing_in(
    client: Browser,
    session: Session,
    begin: Begin,
    subscription: Subscription,
    clock_at: time_machine.Traveller,
) -> None:
    address = one_click_address(session, begin, clock_at)
    page = client.as_guest().get(address).text
    for value in ("weekly", "fortnightly", "monthly"):
        assert f'value="{value}"' in page
    assert 'value="daily"' not in page
    session.refresh(subscription)
    assert str(subscription.rhythm) == "weekly", "looking changes nothing"
    answer = client.post(f"{address}/rhythm", data={"rhythm": "monthly"})
    assert answer.status_code == 200
    assert "Monday 1 February 2027 07:30" in answer.text
    session.refresh(subscription)
    assert (subscription.rhythm, subscription.is_active) == (Rhythm.MONTHLY, True)
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "subscription.changed")).one()
    assert (entry.is_system, entry.facts) == (True, {"rhythm": "monthly", "by": "mail"})
    assert client.post(f"{address}/rhythm", data={"rhythm": "hourly"}).status_code == 422
    session.refresh(subscription)
    assert subscription.rhythm is Rhythm.MONTHLY


def test_who_stopped_by_the_link_starts_again_by_it(
    client: Browser,
    session: Session,
    begin: Begin,
    subscription: Subscription,
    clock_at: time_machine.Traveller,
) -> None:
    address = one_click_address(session, begin, clock_at)
    stopped = client.as_guest().post(address).text
    assert f'action="{address}/back"' in stopped
    client.post(f"{address}/rhythm", data={"rhythm": "monthly"})
    session.refresh(subscription)
    assert not subscription.is_active, "what has stopped does not start by choosing how often"
    assert "Stop the overviews" in client.post(f"{address}/back").text
    session.refresh(subscription)
    assert (subscription.is_active, subscription.due_at) == (True, MONDAY + timedelta(days=7))


def test_without_the_role_nothing_starts_again(
    client: Browser,
    session: Session,
    begin: Begin,
    world: World,
    subscription: Subscription,
    clock_at: time_machine.Traveller,
) -> None:
    address = one_click_address(session, begin, clock_at)
    client.as_guest().post(address)
    account = world.accounts["marieke"]
    session.delete(session.exec(select(Membership).where(Membership.account_id == account.id)).one())
    session.commit()
    assert f"{address}/back" not in client.get(address).text
    client.post(f"{address}/back")
    session.refresh(subscription)
    assert not subscription.is_active


@pytest.mark.parametrize("token", ["nonsense", "bm9uc2Vuc2U.aaaa.bbbb"], ids=["nonsense", "forged"])
def test_a_forged_link_is_not_found(client: Browser, subscription: Subscription, token: str) -> None:
    client.as_guest()
    address = f"/unsubscribe/{token}"
    for answer in (
        client.get(address),
        client.post(address),
        client.post(f"{address}/back"),
        client.post(f"{address}/rhythm", data={"rhythm": "monthly"}),
    ):
        assert answer.status_code == 404
        assert "This link no longer works" in answer.text


def test_a_link_ends_one_subscription_only(
    client: Browser, session: Session, world: World, subscription: Subscription
) -> None:
    secret = client.app.state.settings.secret_key.get_secret_value()  # type: ignore[attr-defined]
    other = actions.create_default_subscription(session, world.accounts["ans"].id, world.other_school.id)
    client.as_guest().post(f"/unsubscribe/{actions.unsubscribe_token(secret, other.id)}")
    session.refresh(subscription)
    assert subscription.is_active
    assert client.get(f"/unsubscribe/{actions.unsubscribe_token(secret, uuid4())}").status_code == 404
    assert isinstance(other.id, UUID)


def test_a_post_elsewhere_from_another_site_is_still_refused(client: Browser, world: World) -> None:
    answer = client.acting_as(world.teacher).post(
        "/digests/subscription/pause",
        data={"place_id": str(world.school.id)},
        headers={"sec-fetch-site": "cross-site"},
    )
    assert answer.status_code == 403
