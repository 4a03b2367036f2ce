"""The first page of each role says what to do now, and the public pages explain."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from service.home.queries import coarse
from service.mail.models import Mail, MailStatus, Stream, Suppression, SuppressionReason
from service.mail.outbox import letter
from service.matchmaking.models import RunHelp
from tests import factories as make
from tests.conftest import Browser
from tests.world import World

PUBLIC = ("/", "/about", "/uitleg", "/privacy", "/accessibility", "/robots.txt", "/.well-known/security.txt")


@pytest.mark.parametrize("path", PUBLIC)
def test_guests_read_the_public_pages(world: World, client: Browser, path: str) -> None:
    assert client.as_guest().get(path).status_code == 200


def test_each_role_has_a_first_page(world: World, client: Browser) -> None:
    for actor in world.everybody.values():
        page = client.acting_as(actor).get("/")
        assert page.status_code == 200
        assert actor.name in page.text


def test_a_coordinator_is_led_to_the_desk(session: Session, world: World, client: Browser) -> None:
    run = make.make_run(session, world.programme)
    make.make_suggestion(session, run, world.noor, world.bakery_offer)
    page = client.acting_as(world.coordinator).get("/").text
    assert 'href="/desk"' in page
    assert "proposals to decide on" in page


def test_who_has_nothing_is_listed_by_name(session: Session, world: World, client: Browser) -> None:
    run = make.make_run(session, world.programme)
    make.make_suggestion(session, run, world.noor, world.bakery_offer)
    page = client.acting_as(world.coordinator).get("/youths-with-nothing").text
    assert "Yassin" in page
    assert "Noor" not in page
    assert world.other_youth.first_name not in page


@pytest.mark.parametrize(
    ("name", "said"), [("coordinator", "Start a new run"), ("teacher", "Ask the coordinator to start a run.")]
)
def test_for_whom_no_run_has_looked_a_new_run_would_help(
    world: World, client: Browser, name: str, said: str
) -> None:
    page = client.acting_as(world.everybody[name]).get("/youths-with-nothing").text

    assert page.count(said) == 2
    assert page.count('<a href="/runs">Start a new run</a>') == (2 if name == "coordinator" else 0)


def test_for_whom_a_run_found_nothing_that_helps_that_is_said(
    session: Session, world: World, client: Browser
) -> None:
    run = make.make_run(session, world.programme)
    change = {"code": "weekday_also", "facts": {"weekday": 5}, "offers": 2, "lost": 0}
    session.add(RunHelp(run_id=run.id, youth_id=world.noor.id, in_reach=0, changes=[]))
    session.add(RunHelp(run_id=run.id, youth_id=world.yassin.id, in_reach=0, changes=[change]))
    session.commit()

    page = client.acting_as(world.coordinator).get("/youths-with-nothing").text

    assert page.count("No single answer brings more.") == 1
    assert "Also on Friday: 2 offers more." in page
    assert "Start a new run" not in page


@pytest.mark.parametrize("name", ["baker", "admin", "noor_herself"])
def test_others_do_not_see_who_has_nothing(world: World, client: Browser, name: str) -> None:
    actor = world.everybody[name]
    assert client.acting_as(actor).get("/youths-with-nothing").status_code == 403


def test_a_host_learns_a_coarse_count_only(session: Session, world: World, client: Browser) -> None:
    run = make.make_run(session, world.programme)
    make.make_suggestion(session, run, world.noor, world.bakery_offer)
    page = client.acting_as(world.baker).get("/").text
    assert "&lt;5" in page
    assert "Noor" not in page


@pytest.mark.parametrize(("number", "shown"), [(0, "0"), (1, "<5"), (4, "<5"), (5, "5"), (12, "12")])
def test_few_is_said_as_fewer_than_five(number: int, shown: str) -> None:
    assert coarse(number) == shown


@pytest.mark.parametrize(
    ("changes", "task", "href"),
    [
        (
            {"attempts": 2, "last_error": "TimeoutError"},
            "mails that cannot leave now",
            "/mails?status=queued",
        ),
        ({"status": MailStatus.FAILED}, "mails of this week not delivered", "/mails?status=failed"),
    ],
    ids=["stuck", "failed"],
)
def test_an_administrator_hears_of_mail_that_does_not_arrive(
    session: Session, world: World, client: Browser, changes: dict[str, Any], task: str, href: str
) -> None:
    client.acting_as(world.admin)
    assert "Nothing waits for you" in client.get("/").text
    mail = make_mail(session, **changes)
    page = client.get("/").text
    assert task in page
    assert f'href="{href}"' in page
    assert task not in client.acting_as(world.coordinator).get("/").text
    mail.created_at, mail.attempts = mail.created_at - timedelta(days=8), 1
    session.commit()
    assert "Nothing waits for you" in client.acting_as(world.admin).get("/").text


def test_an_administrator_hears_of_addresses_that_get_no_mail(
    session: Session, world: World, client: Browser
) -> None:
    """Once: what came back is no failure of its own beside it. Who unsubscribed is no task."""
    make_mail(session, status=MailStatus.FAILED, last_error="HardBounce 5.1.1")
    for number, reason in enumerate((SuppressionReason.HARD_BOUNCE, SuppressionReason.UNSUBSCRIBED)):
        session.add(Suppression(address_hash=str(number) * 64, stream=Stream.DIGEST, reason=reason))
    session.commit()
    page = client.acting_as(world.admin).get("/").text
    assert 'href="/mails/held"' in page
    assert "addresses that get no mail" in page
    assert "mails of this week" not in page


def make_mail(session: Session, **changes: Any) -> Mail:
    mail = letter("mail/mails/trial", to="els@example.nl", key="trial", stream=Stream.NOTICE)
    for name, value in changes.items():
        setattr(mail, name, value)
    session.add(mail)
    session.commit()
    return mail


def test_the_first_page_asks_no_more_with_more_youths(
    session: Session, world: World, client: Browser, count_queries: Callable[[], Any]
) -> None:
    client.acting_as(world.coordinator)
    client.get("/")
    with count_queries() as few:
        client.get("/")
    for _number in range(20):
        make.make_youth(session, world.school_class)
    with count_queries() as many:
        client.get("/")
    assert many.number == few.number
