"""The preview shows what the next one holds and when; one by hand does not count as told."""

from datetime import date, timedelta

import time_machine
from sqlmodel import Session, select

from service.calendars.models import FreePeriod
from service.core.jobs import Begin, drain
from service.digests import jobs
from service.digests.models import Digest, DigestStatus, Subscription
from service.mail.jobs import send_mail
from service.mail.models import Mail
from service.mail.reading import read_letter
from tests.conftest import Browser
from tests.service.digests.conftest import MONDAY, leave_nothing_to_tell, propose
from tests.world import World

BUILD = jobs.JOBS[0]


def of(world: World) -> dict[str, str]:
    return {"audience": "school", "place_id": str(world.school.id)}


def test_it_works(
    client: Browser,
    session: Session,
    begin: Begin,
    world: World,
    subscription: Subscription,
    clock_at: time_machine.Traveller,
) -> None:
    """The same sentences that then come by mail."""
    world.accounts["marieke"].language = "en"
    propose(session, world)
    clock_at.move_to(MONDAY - timedelta(minutes=1))
    page = client.acting_as(world.teacher).get(f"/digests/preview?of=school:{world.school.id}").text
    assert "Monday 11 January 2027 07:30" in page
    clock_at.move_to(MONDAY)
    drain(BUILD, begin)
    send_mail(begin)
    letter = read_letter(begin.settings, session.exec(select(Mail)).one())
    assert letter is not None
    assert letter.subject in page
    sentences = [line[2:] for line in letter.text.splitlines() if line.startswith("- ")]
    assert len(sentences) >= 2
    assert all(sentence in page for sentence in sentences)


def test_looking_changes_nothing(
    client: Browser, session: Session, world: World, subscription: Subscription
) -> None:
    propose(session, world)
    client.acting_as(world.teacher).get("/digests/preview")
    assert session.exec(select(Digest)).all() == []
    assert session.exec(select(Mail)).all() == []


def test_it_says_when_nothing_is_to_tell_and_when_the_day_is_free(
    client: Browser, session: Session, world: World, subscription: Subscription
) -> None:
    leave_nothing_to_tell(session, world)
    for offer in (world.bakery_offer, world.garage_offer):
        offer.published_at = None
    session.add(
        FreePeriod(
            school_id=world.school.id,
            name="Vakantie",
            starts_on=date(2027, 1, 11),
            ends_on=date(2027, 1, 11),
        )
    )
    session.commit()
    page = client.acting_as(world.teacher).get("/digests/preview").text
    assert "Nothing to tell now" in page
    assert "Monday 11 January 2027 07:30 is a free day." in page
    assert "The next one comes on Tuesday 12 January 2027 07:30." in page
    assert client.post("/digests/extra", data=of(world)).status_code == 409


def test_one_by_hand_comes_besides_the_regular_one(
    client: Browser,
    session: Session,
    begin: Begin,
    world: World,
    subscription: Subscription,
    clock_at: time_machine.Traveller,
) -> None:
    clock_at.shift(timedelta(hours=1))
    propose(session, world)
    clock_at.shift(timedelta(minutes=1))
    client.acting_as(world.teacher)
    assert client.post("/digests/extra", data=of(world)).status_code == 303
    assert client.post("/digests/extra", data=of(world)).status_code == 429
    clock_at.move_to(MONDAY)
    drain(BUILD, begin)
    extra, regular = session.exec(select(Digest).order_by("until")).all()
    assert (extra.is_extra, extra.period, extra.status) == (True, "2027-01-10T14:01", DigestStatus.BUILT)
    assert not regular.is_extra
    assert extra.since == regular.since
    assert regular.content["sections"][1]["counts"] == {"youths": 1, "new": 1}
    assert len({mail.message_id for mail in session.exec(select(Mail))}) == 2


def test_who_may_not(client: Browser, session: Session, world: World, subscription: Subscription) -> None:
    propose(session, world)
    for name, actor in world.everybody.items():
        if world.school.id in actor.school_ids:
            continue
        client.acting_as(actor)
        assert client.post("/digests/extra", data=of(world)).status_code in {403, 404}, name
        page = client.get(f"/digests/preview?of=school:{world.school.id}")
        assert page.status_code in {403, 404}, name
    assert session.exec(select(Mail)).all() == []
