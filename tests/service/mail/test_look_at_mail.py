"""The page of the outbox: admins see deliveries; only where no real person is mailed can mail be read."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr
from sqlmodel import Session

from service.core.jobs import Begin, drain
from service.core.settings import Environment
from service.mail import jobs
from service.mail.models import Mail, MailStatus
from tests.conftest import Browser
from tests.service.mail.conftest import PutMail
from tests.world import World

SENTENCE = "3 voorstellen wachten op de coördinator."


@pytest.fixture
def sent(world: World, begin: Begin, put_mail: PutMail) -> Mail:
    """To Marieke, who teaches at Sloterwaard; written into the folder."""
    mail = put_mail(to=world.accounts["marieke"].email)
    jobs.send_mail(begin)
    return mail


def turn_into(client: Browser, environment: Environment) -> None:
    settings = client.app.state.settings  # type: ignore[attr-defined]
    changed = settings.model_copy(update={"environment": environment, "secret_key": SecretStr("k" * 40)})
    client.app.state.settings = changed  # type: ignore[attr-defined]


def test_it_works(client: Browser, world: World, sent: Mail) -> None:
    client.acting_as(world.admin)
    page = client.get("/mails").text
    assert "Overzicht van week 2 van 2027 voor Sloterwaard College" in page
    assert "marieke@example.nl" in page
    shown = client.get(f"/mails/{sent.id}").text
    assert SENTENCE in shown
    assert "List-Unsubscribe" in shown
    assert f'href="/mails/{sent.id}/message.eml"' in shown


def test_links_in_it_can_be_followed(client: Browser, world: World, sent: Mail) -> None:
    shown = client.acting_as(world.admin).get(f"/mails/{sent.id}").text
    assert '<a href="https://podium.example/digests/5f0c9f0e' in shown


def test_it_can_be_downloaded_whole(client: Browser, world: World, sent: Mail) -> None:
    answer = client.acting_as(world.admin).get(f"/mails/{sent.id}/message.eml")
    assert answer.headers["content-type"] == "message/rfc822"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert b"text/html" in answer.content


def test_the_list_can_be_narrowed(client: Browser, world: World, sent: Mail, put_mail: PutMail) -> None:
    put_mail(to="waits@example.nl", key="digest:2")
    client.acting_as(world.admin)
    assert "waits@example.nl" in client.get("/mails").text
    page = client.get("/mails?status=sent").text
    assert "marieke@example.nl" in page
    assert "waits@example.nl" not in page
    assert "No mail here" in client.get("/mails?status=failed").text
    assert "waits@example.nl" in client.get("/mails?status=nonsense").text


def test_it_asks_as_much_with_more_rows(
    client: Browser, world: World, put_mail: PutMail, count_queries: Callable[[], Any]
) -> None:
    client.acting_as(world.admin)
    put_mail(key="digest:0")
    with count_queries() as few:
        client.get("/mails")
    for number in range(1, 12):
        put_mail(key=f"digest:{number}")
    with count_queries() as many:
        client.get("/mails")
    assert few.number == many.number


def test_in_the_demo_everybody_reads_what_came_for_him(
    client: Browser, world: World, sent: Mail, put_mail: PutMail
) -> None:
    other = put_mail(to="ans@example.nl", key="digest:2")
    turn_into(client, Environment.DEMO)
    client.acting_as(world.teacher)
    page = client.get("/mails").text
    assert "marieke@example.nl" in page
    assert "ans@example.nl" not in page
    assert SENTENCE in client.get(f"/mails/{sent.id}").text
    assert client.get(f"/mails/{other.id}").status_code == 404
    assert client.get(f"/mails/{other.id}/message.eml").status_code == 404


def test_in_production_admins_see_deliveries_and_no_texts(client: Browser, world: World, sent: Mail) -> None:
    turn_into(client, Environment.PRODUCTION)
    client.acting_as(world.admin)
    listed, shown = client.get("/mails").text, client.get(f"/mails/{sent.id}").text
    assert "marieke@example.nl" in listed
    assert "Sloterwaard" not in listed
    assert "for its reader only" in shown
    assert SENTENCE not in shown
    assert client.get(f"/mails/{sent.id}/message.eml").status_code == 404


@pytest.mark.parametrize("environment", [Environment.DEVELOPMENT, Environment.PRODUCTION])
def test_outside_the_demo_only_admins_may_look(
    client: Browser, world: World, sent: Mail, environment: Environment
) -> None:
    turn_into(client, environment)
    for name, actor in world.everybody.items():
        if not actor.is_admin:
            client.acting_as(actor)
            assert client.get("/mails").status_code == 403, name
            assert client.get(f"/mails/{sent.id}").status_code == 404, name


def test_guests_are_asked_to_sign_in(client: Browser, sent: Mail) -> None:
    for path in ("/mails", f"/mails/{sent.id}"):
        answer = client.as_guest().get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next={path}")


def test_what_does_not_exist_is_not_found(client: Browser, world: World) -> None:
    assert client.acting_as(world.admin).get(f"/mails/{uuid4()}").status_code == 404


def test_a_mail_that_waits_or_failed_says_so(
    client: Browser, world: World, session: Session, begin: Begin, put_mail: PutMail
) -> None:
    waiting, broken = put_mail(key="digest:1"), put_mail(key="digest:2", to="no address")
    waiting.context = {}
    session.commit()
    drain(jobs.JOBS[0], begin)
    session.refresh(broken)
    assert broken.status is MailStatus.FAILED
    client.acting_as(world.admin)
    assert "Next attempt" in client.get(f"/mails/{waiting.id}").text
    assert "Not delivered" in client.get(f"/mails/{broken.id}").text
