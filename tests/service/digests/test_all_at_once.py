"""One's own account says whether overviews come, wherever they were stopped, and starts or stops them all."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlmodel import Session, col, select

from service.accounts.models import Membership, Role
from service.audit.models import AuditEntry
from service.digests import actions
from service.digests.models import Audience, Subscription
from service.mail.actions import leave_stream
from service.mail.addresses import address_hash
from service.mail.models import Stream, Suppression, SuppressionReason
from tests import factories as make
from tests.conftest import Browser
from tests.service.digests.conftest import MONDAY
from tests.world import World

STOP, START = "/account/mail/digest/stop", "/account/mail/digest/start"
NAME = "Overviews of what is new and what waits"


@pytest.fixture
def both(session: Session, world: World) -> Sequence[Subscription]:
    """Farida coordinates two programmes."""
    farida = world.accounts["farida"]
    make.make_membership(session, farida, Role.COORDINATOR, programme_id=world.other_programme.id)
    rows = [
        actions.create_default_subscription(session, farida.id, programme.id, Audience.PROGRAMME)
        for programme in (world.programme, world.other_programme)
    ]
    session.commit()
    return rows


def browser_of(client: Browser, world: World) -> Browser:
    ids = frozenset({world.programme.id, world.other_programme.id})
    return client.acting_as(replace(world.coordinator, programme_ids=ids))


def row_of(browser: Browser) -> str:
    """What the account page says of overviews."""
    _before, _name, after = browser.get("/account").text.partition(f'<th scope="row">{NAME}</th>')
    return after.partition("</tr>")[0]


def link_of(client: Browser, *rows: Subscription) -> str:
    secret = client.app.state.settings.secret_key.get_secret_value()  # type: ignore[attr-defined]
    return f"/unsubscribe/{actions.unsubscribe_token(secret, *(row.id for row in rows))}"


def going(session: Session, rows: Sequence[Subscription]) -> list[bool]:
    for row in rows:
        session.refresh(row)
    return [row.is_active for row in rows]


def suppressions(session: Session) -> Sequence[Suppression]:
    session.expire_all()
    return session.exec(select(Suppression)).all()


def test_it_works(client: Browser, session: Session, world: World, both: Sequence[Subscription]) -> None:
    """One click in a mail stops all of them: the account says so, and starts them all again."""
    browser = browser_of(client, world)
    assert "Comes" in row_of(browser)
    browser.as_guest().post(link_of(client, *both))

    told = row_of(browser_of(client, world))
    assert "Stopped by you" in told
    assert STOP not in told
    assert browser.post(START).status_code == 303
    assert going(session, both) == [True, True]
    assert [row.due_at for row in both] == [MONDAY, MONDAY]
    assert "Comes" in row_of(browser)


def test_stopped_in_part_is_said_so(
    client: Browser, session: Session, world: World, both: Sequence[Subscription]
) -> None:
    client.as_guest().post(link_of(client, both[0]))
    browser = browser_of(client, world)
    told = row_of(browser)
    assert "1 of 2 stopped by you" in told
    assert STOP in told
    assert START in told
    browser.post(START)
    assert going(session, both) == [True, True]


def test_stopping_here_pauses_each_and_holds_no_mail(
    client: Browser, session: Session, world: World, both: Sequence[Subscription]
) -> None:
    browser = browser_of(client, world)
    assert browser.post(STOP).status_code == 303
    assert going(session, both) == [False, False]
    assert suppressions(session) == []
    assert "Stopped by you" in row_of(browser)
    assert "You get no overview now." in browser.get("/digests/subscription").text
    entries = session.exec(select(AuditEntry).where(col(AuditEntry.action) == "subscription.paused")).all()
    assert {entry.account_id for entry in entries} == {world.accounts["farida"].id}
    assert len(entries) == len(both)


def test_those_of_others_go_on(
    client: Browser, session: Session, world: World, both: Sequence[Subscription], subscription: Subscription
) -> None:
    browser_of(client, world).post(STOP)
    assert going(session, [subscription]) == [True]


def test_what_ended_with_the_role_does_not_start_again(
    client: Browser, session: Session, world: World, both: Sequence[Subscription]
) -> None:
    browser = browser_of(client, world)
    browser.post(STOP)
    lost = session.exec(
        select(Membership).where(
            Membership.programme_id == world.other_programme.id,
            Membership.account_id == world.accounts["farida"].id,
        )
    ).one()
    session.delete(lost)
    session.commit()
    assert "Stopped by you" in row_of(browser)
    browser.post(START)
    assert going(session, both) == [True, False]
    assert "Comes" in row_of(browser)


def test_who_has_no_overview_reads_nothing_of_them(client: Browser, world: World) -> None:
    assert row_of(client.acting_as(world.admin)) == ""
    assert "Questions that wait for your answer" in client.get("/account").text


def stop_as_before(session: Session, world: World) -> None:
    """Until now the page held all mail of the stream, and the overviews were made in vain."""
    leave_stream(session, address_hash(world.accounts["farida"].email), Stream.DIGEST)
    session.commit()


def test_what_was_stopped_before_starts_again(
    client: Browser, session: Session, world: World, both: Sequence[Subscription]
) -> None:
    stop_as_before(session, world)
    browser = browser_of(client, world)
    assert "Stopped by you" in row_of(browser)
    browser.post(START)
    assert suppressions(session) == []
    assert going(session, both) == [True, True]


@pytest.mark.parametrize("path", ["/digests/subscription", "/digests/subscription/resume"])
def test_starting_one_of_them_lets_mail_through_again(
    client: Browser, session: Session, world: World, both: Sequence[Subscription], path: str
) -> None:
    stop_as_before(session, world)
    browser = browser_of(client, world)
    assert "You get no overview now." in browser.get("/digests/subscription").text
    asked = {"audience": "programme", "place_id": str(world.programme.id)}
    moment = {"weekday": "1", "at": "07:30"} if path == "/digests/subscription" else {}
    assert browser.post(path, data=asked | moment).status_code == 303
    assert suppressions(session) == []
    assert "The next one comes on" in browser.get("/digests/subscription").text


def test_a_mailbox_that_is_gone_stays_so(
    client: Browser, session: Session, world: World, both: Sequence[Subscription]
) -> None:
    reader = address_hash(world.accounts["farida"].email)
    session.add(Suppression(address_hash=reader, stream=Stream.DIGEST, reason=SuppressionReason.HARD_BOUNCE))
    session.commit()
    browser = browser_of(client, world)
    assert "Cannot reach you" in row_of(browser)
    browser.post(START)
    assert [row.reason for row in suppressions(session)] == [SuppressionReason.HARD_BOUNCE]
