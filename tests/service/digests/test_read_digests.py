"""Looking back: what a school was told and what not, as a page and as JSON, and who may see it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from sqlmodel import Session, select

from service.core.jobs import Begin, drain
from service.digests import jobs
from service.digests.models import Digest, DigestStatus, SkipReason, Subscription
from service.mail.models import Mail, MailStatus
from tests.conftest import Browser
from tests.service.digests.conftest import MONDAY, propose
from tests.world import World

MAY_SEE = {"admin", "coordinator", "teacher"}
MAY_LIST = MAY_SEE | {"other_coordinator", "other_teacher", "mentor", "baker", "mechanic"}


@pytest.fixture
def told(
    session: Session, begin: Begin, world: World, subscription: Subscription, clock_at: time_machine.Traveller
) -> Digest:
    """Sloterwaard's digest of the second week."""
    propose(session, world)
    clock_at.move_to(MONDAY)
    drain(jobs.JOBS[0], begin)
    return session.exec(select(Digest)).one()


def another(session: Session, told: Digest, **changes: Any) -> Digest:
    session.refresh(told)
    values = told.model_dump(exclude={"id", "key", "mail_id"}) | {"key": str(uuid4())} | changes
    return Digest(**values)


def test_it_works(client: Browser, world: World, told: Digest) -> None:
    client.acting_as(world.teacher)
    page = client.get("/digests").text
    assert "Overview of week 2 of 2027" in page
    assert "Sloterwaard College" in page
    shown = client.get(f"/digests/{told.id}").text
    assert "For 1 youth a proposal waits for the coordinator." in shown
    assert "1 youth has nothing yet." in shown
    assert 'href="/suggestions"' in shown
    assert "Noor" not in shown


def test_as_json(client: Browser, world: World, told: Digest) -> None:
    client.acting_as(world.teacher)
    listed = client.get("/api/v1/digests").json()
    assert {name: listed[name] for name in ("total", "page", "pages")} == {"total": 1, "page": 1, "pages": 1}
    assert listed["items"] == [client.get(f"/api/v1/digests/{told.id}").json()]
    assert listed["items"][0] == {
        "id": str(told.id),
        "audience": "school",
        "place_id": str(world.school.id),
        "school_id": str(world.school.id),
        "period": "2027-W02",
        "is_extra": False,
        "status": "built",
        "skip_reason": None,
        "since": "2027-01-10T12:00:00Z",
        "until": "2027-01-11T06:29:55Z",
        "sections": [
            {"code": "nothing_yet", "counts": {"youths": 1}, "path": "/youths-with-nothing"},
            {"code": "proposals", "counts": {"youths": 1}, "path": "/suggestions"},
        ],
    }


def test_what_was_not_sent_says_why(client: Browser, session: Session, world: World, told: Digest) -> None:
    skipped = another(
        session,
        told,
        status=DigestStatus.SKIPPED,
        skip_reason=SkipReason.NOTHING_TO_TELL,
        content={},
        period="2027-W03",
    )
    session.add(skipped)
    session.commit()
    client.acting_as(world.teacher)
    for path in ("/digests", f"/digests/{skipped.id}"):
        assert "There was nothing to tell." in client.get(path).text
    assert client.get(f"/api/v1/digests/{skipped.id}").json()["sections"] == []


def test_what_did_not_arrive_says_so(client: Browser, session: Session, world: World, told: Digest) -> None:
    session.exec(select(Mail)).one().status = MailStatus.FAILED
    session.commit()
    client.acting_as(world.teacher)
    for path in ("/digests", f"/digests/{told.id}"):
        assert "Not delivered" in client.get(path).text


def test_the_list_can_be_narrowed(client: Browser, session: Session, world: World, told: Digest) -> None:
    session.add(another(session, told, status=DigestStatus.SKIPPED, period="2027-W03"))
    session.commit()
    client.acting_as(world.teacher)
    page = client.get("/digests?status=skipped").text
    assert "week 3" in page
    assert "week 2" not in page
    assert client.get("/api/v1/digests?status=skipped").json()["total"] == 1
    assert client.get(f"/api/v1/digests?school_id={uuid4()}").json()["total"] == 0
    assert client.get("/digests?status=nonsense").status_code == 200


def test_the_newest_stands_first(client: Browser, session: Session, world: World, told: Digest) -> None:
    for week in range(3, 6):
        session.add(
            another(session, told, until=told.until + timedelta(days=7 * week), period=f"2027-W0{week}")
        )
    session.commit()
    items = client.acting_as(world.teacher).get("/api/v1/digests?size=2&page=2").json()["items"]
    assert [item["period"] for item in items] == ["2027-W03", "2027-W02"]


def test_it_asks_as_much_with_more_rows(
    client: Browser, session: Session, world: World, told: Digest, count_queries: Callable[[], Any]
) -> None:
    client.acting_as(world.teacher)
    with count_queries() as few:
        client.get("/digests")
    session.add_all(another(session, told) for _ in range(10))
    session.commit()
    with count_queries() as many:
        client.get("/digests")
    assert few.number == many.number


def test_who_may_see_what(client: Browser, world: World, told: Digest) -> None:
    for name, actor in world.everybody.items():
        client.acting_as(actor)
        expected = 200 if name in MAY_SEE else 404
        assert client.get(f"/digests/{told.id}").status_code == expected, name
        assert client.get(f"/api/v1/digests/{told.id}").status_code == expected, name
        allowed = 200 if name in MAY_LIST else 403
        assert client.get("/digests").status_code == allowed, name
        answer = client.get("/api/v1/digests")
        assert answer.status_code == allowed, name
        if allowed == 200:
            assert answer.json()["total"] == (1 if name in MAY_SEE else 0), name


def test_guests_are_asked_to_sign_in(client: Browser, told: Digest) -> None:
    client.as_guest()
    for path in ("/digests", f"/digests/{told.id}"):
        assert client.get(path).headers["location"] == f"/sign-in?next={path}"
    assert client.get("/api/v1/digests").status_code == 401


def test_what_does_not_exist_is_not_found(client: Browser, world: World) -> None:
    client.acting_as(world.teacher)
    assert client.get(f"/digests/{uuid4()}").status_code == 404
    assert client.get(f"/api/v1/digests/{uuid4()}").status_code == 404
