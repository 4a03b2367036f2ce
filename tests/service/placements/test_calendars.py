"""Calendars hear what holds: an invitation, its changes and its end, in the right order and without names."""

from datetime import UTC, date, datetime, time
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from icalendar import Calendar
from sqlalchemy import delete
from sqlmodel import Session, col, select

from service.core.jobs import Begin
from service.core.settings import Settings
from service.mail.models import Mail
from service.mail.rendering import render
from service.placements import actions, following, links
from service.placements.calendar_files import PUBLISH, Entry, calendar_file
from service.placements.jobs import send_calendars
from service.placements.models import CalendarFeed, Placement, PlacementStatus, Question, QuestionKind
from service.placements.questions import ask
from service.placements.readers import address_of
from service.placements.schemas import DaysInput, HostConfirmInput
from service.youth.models import YouthStatus
from tests.conftest import Browser
from tests.service.placements.conftest import Place
from tests.service.placements.test_keep_asking import contact_of
from tests.world import World

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
WEEK = DaysInput(starts_on=date(2027, 3, 22), ends_on=date(2027, 3, 26))


def entry(**changes: object) -> Entry:
    values: dict[str, Any] = {
        "uid": "one",
        "number": 1,
        "title": "Bakken, Bakkerij",
        "text": "1 leerling",
        "where": "Osdorpplein 1",
        "first": date(2027, 3, 22),
        "last": date(2027, 4, 2),
        "weekdays": (1, 3),
        "starts_at": time(9),
        "ends_at": time(15, 30),
        "changed_at": datetime(2026, 11, 22, tzinfo=UTC),
    }
    return Entry(**values | changes)


def event_in(content: bytes) -> Any:
    found = Calendar.from_ical(content).walk("VEVENT")
    assert len(found) == 1
    return found[0]


def sent(session: Session, settings: Settings) -> list[tuple[str, Any]]:
    """Method and entry of each mail, read by an independent reader, the oldest first."""
    found = []
    for mail in session.exec(select(Mail).where(Mail.key.startswith("calendar:")).order_by(Mail.key)):
        message = message_from_bytes(render(mail, settings).as_bytes(), policy=default)
        assert isinstance(message, EmailMessage)
        assert "Noor" not in message.as_string()
        assert message.get_content_type() == "multipart/alternative"
        part = list(message.iter_parts())[2]
        assert part.get_content_type() == "text/calendar"
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        calendar = Calendar.from_ical(content)
        assert calendar["METHOD"] == part.get_param("method")
        found.append((str(calendar["METHOD"]), event_in(content)))
    return found


def send_all(begin: Begin) -> None:
    while send_calendars(begin):
        pass


def test_it_works(session: Session, world: World, begin: Begin, settings: Settings, place: Place) -> None:
    placement = place(PlacementStatus.ACCEPTED)
    actions.confirm_placement(session, world.baker, placement.id, HostConfirmInput())
    session.commit()
    send_all(begin)
    following.change_days(session, world.teacher, placement.id, WEEK)
    session.commit()
    send_all(begin)
    actions.withdraw_placement(session, world.teacher, placement.id)
    session.commit()
    send_all(begin)

    (asked, first), (again, second), (gone, last) = sent(session, settings)

    assert (asked, again, gone) == ("REQUEST", "REQUEST", "CANCEL")
    assert {str(one["UID"]) for one in (first, second, last)} == {str(placement.id)}
    assert [int(one["SEQUENCE"]) for one in (first, second, last)] == [1, 2, 3]
    assert [str(one["STATUS"]) for one in (first, second, last)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert first.decoded("DTSTART") == date(2027, 2, 8)
    assert second.decoded("DTSTART") == date(2027, 3, 22)
    assert "contact" in str(first["ATTENDEE"])
    assert str(first["ORGANIZER"]).startswith("mailto:")
    session.refresh(placement)
    assert (placement.calendar_due_at, placement.is_in_calendars) == (None, False)


def test_the_same_row_gives_the_same_mail(
    session: Session, world: World, begin: Begin, settings: Settings, place: Place
) -> None:
    placement = place(PlacementStatus.ACCEPTED)
    actions.confirm_placement(session, world.baker, placement.id, HostConfirmInput())
    session.commit()
    send_all(begin)
    mail = session.exec(select(Mail).where(Mail.template == "placements/mails/calendar")).one()

    assert render(mail, settings).as_bytes() == render(mail, settings).as_bytes()


def test_nothing_is_cancelled_that_was_never_sent(
    session: Session, world: World, begin: Begin, settings: Settings, place: Place
) -> None:
    placement = place(PlacementStatus.ACCEPTED)
    actions.withdraw_placement(session, world.teacher, placement.id)
    session.commit()

    send_all(begin)

    assert sent(session, settings) == []


def test_weekdays_repeat_on_wall_time_over_the_change_of_the_clock() -> None:
    """On 28 March 2027 the clock goes forward: nine o'clock stays nine o'clock."""
    content = calendar_file([entry()], PUBLISH)
    event = event_in(content)

    assert event.decoded("DTSTART") == datetime(2027, 3, 22, 9, tzinfo=AMSTERDAM)
    assert event.decoded("DTEND") == datetime(2027, 3, 22, 15, 30, tzinfo=AMSTERDAM)
    rule = event["RRULE"]
    assert (rule["FREQ"], rule["BYDAY"]) == (["WEEKLY"], ["MO", "WE"])
    assert rule["UNTIL"] == [datetime(2027, 3, 31, 7, tzinfo=UTC)]
    assert b"BEGIN:VTIMEZONE" in content
    assert len(content) < 1500


@pytest.mark.parametrize(
    ("changes", "days"),
    [
        ({"first": date(2027, 3, 22), "last": date(2027, 3, 22), "weekdays": ()}, 1),
        ({"first": date(2027, 3, 27), "last": date(2027, 3, 27), "weekdays": ()}, 1),
        ({"first": date(2027, 3, 22), "last": date(2027, 3, 29), "weekdays": ()}, 6),
        ({"weekdays": (1, 3)}, 4),
    ],
)
def test_days_on_which_somebody_comes(changes: dict[str, object], days: int) -> None:
    one = entry(**changes)

    assert len(one.days) == days
    assert ("RRULE" in event_in(calendar_file([one], PUBLISH))) is (days > 1)


def test_without_times_it_is_a_whole_day() -> None:
    event = event_in(calendar_file([entry(starts_at=None, ends_at=None)], PUBLISH))

    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (date(2027, 3, 22), date(2027, 3, 23))
    assert event["RRULE"]["UNTIL"] == [date(2027, 3, 31)]


def test_a_title_does_not_break_out_of_its_line() -> None:
    content = calendar_file([entry(title="Bakken\r\nATTENDEE:mailto:evil@example.nl")], PUBLISH)

    assert "ATTENDEE" not in event_in(content)


def test_the_file_of_one(world: World, client: Browser, place: Place) -> None:
    placement = place(PlacementStatus.CONFIRMED)
    path = f"/placements/{placement.id}/calendar.ics"
    for name in ("noor_herself", "baker", "teacher", "coordinator", "mentor"):
        answer = client.acting_as(world.everybody[name]).get(path)
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        assert "Noor" not in answer.text
        assert event_in(answer.content)["UID"] == str(placement.id)
    for name in ("mechanic", "other_teacher", "yassin_himself"):
        assert client.acting_as(world.everybody[name]).get(path).status_code == 404


def test_what_is_not_settled_has_no_file(world: World, client: Browser, place: Place) -> None:
    placement = place(PlacementStatus.ACCEPTED)

    assert (
        client.acting_as(world.noor_herself).get(f"/placements/{placement.id}/calendar.ics").status_code
        == 409
    )


def address_in(text: str) -> str:
    return text.partition('id="feed-address">https://podium.example')[2].partition("<")[0]


def test_a_secret_address_follows_what_is_agreed(
    session: Session, world: World, client: Browser, place: Place
) -> None:
    place(PlacementStatus.CONFIRMED)
    place(PlacementStatus.ACCEPTED, youth=world.yassin)
    client.acting_as(world.noor_herself)
    address = address_in(client.post("/calendar").text)
    assert address
    assert "feed-address" not in client.get("/calendar").text
    assert address.rpartition("/")[2].removesuffix(".ics") not in str(
        [feed.model_dump() for feed in session.exec(select(CalendarFeed))]
    )

    read = client.as_guest().get(address)

    assert read.status_code == 200
    assert len(Calendar.from_ical(read.content).walk("VEVENT")) == 1
    assert "Noor" not in read.text

    client.acting_as(world.noor_herself)
    other = address_in(client.post("/calendar").text)
    assert client.as_guest().get(address).status_code == 404
    assert client.get(other).status_code == 200
    client.acting_as(world.noor_herself).post("/calendar/revoke")
    assert client.as_guest().get(other).status_code == 404


def test_a_class_of_thirty_is_one_line(session: Session, world: World, client: Browser, place: Place) -> None:
    for youth in (world.noor, world.yassin):
        place(PlacementStatus.CONFIRMED, youth=youth)
    client.acting_as(world.teacher)
    address = address_in(client.post("/calendar").text)

    event = event_in(client.as_guest().get(address).content)

    assert "2 leerlingen van Sloterwaard College" in str(event["DESCRIPTION"])


def test_an_address_ends_with_its_owner(
    session: Session, world: World, client: Browser, place: Place
) -> None:
    place(PlacementStatus.CONFIRMED)
    addresses = {}
    for name in ("noor_herself", "teacher"):
        client.acting_as(world.everybody[name])
        addresses[name] = address_in(client.post("/calendar").text)
    world.noor.status = YouthStatus.LEFT
    world.accounts["marieke"].is_active = False
    session.add_all([world.noor, world.accounts["marieke"]])
    session.commit()

    for address in addresses.values():
        assert client.as_guest().get(address).status_code == 404


def test_what_is_long_over_is_left_out(session: Session, world: World, client: Browser, place: Place) -> None:
    place(PlacementStatus.COMPLETED)
    client.acting_as(world.teacher)
    address = address_in(client.post("/calendar").text)

    with time_machine.travel(datetime(2027, 4, 1, tzinfo=UTC), tick=False):
        assert Calendar.from_ical(client.as_guest().get(address).content).walk("VEVENT") == []


def test_a_placement_without_days_is_told_when_it_has_some(
    session: Session, world: World, begin: Begin, settings: Settings, place: Place
) -> None:
    placement = place(PlacementStatus.ACCEPTED, starts_on=None, ends_on=None)
    actions.confirm_placement(session, world.baker, placement.id, HostConfirmInput())
    session.commit()
    send_all(begin)
    assert sent(session, settings) == []

    following.change_days(session, world.teacher, placement.id, WEEK)
    session.commit()
    send_all(begin)

    assert [method for method, _event in sent(session, settings)] == ["REQUEST"]


def test_guests_have_no_calendar(client: Browser, session: Session, world: World) -> None:
    assert client.as_guest().post("/calendar").status_code == 403
    assert client.get("/calendar/nonsense.ics").status_code == 404


@pytest.fixture
def visit(session: Session, world: World, place: Place) -> Placement:
    """The whole class to the bakery, and the bakery has been asked."""
    placement = place(PlacementStatus.ACCEPTED)
    placement.sqlmodel_update({"youth_id": None, "class_id": world.school_class.id})
    session.add(placement)
    session.commit()
    return placement


def told(session: Session, settings: Settings, placement: Placement) -> dict[str, tuple[str, str]]:
    """Method and text by recipient, of what was sent about a placement."""
    found = {}
    for mail in session.exec(select(Mail).where(col(Mail.key).contains(str(placement.id)))):
        message = render(mail, settings)
        body, calendar = message.get_body(("plain",)), list(message.iter_parts())[2]
        assert body is not None
        found[mail.recipient] = (str(calendar.get_param("method")), body.get_content())
    return found


def test_who_goes_along_with_a_class_hears_it_too(
    session: Session, world: World, begin: Begin, settings: Settings, visit: Placement
) -> None:
    world.accounts["bilal"].language = "en"
    actions.confirm_placement(session, world.baker, visit.id, HostConfirmInput())
    session.commit()

    send_all(begin)

    found = told(session, settings, visit)
    assert set(found) == {contact_of(session, world.bakery).email, "bilal@example.nl"}
    method, text = found["bilal@example.nl"]
    assert method == "REQUEST"
    assert "your class goes to Bakkerij Zonnebloem" in text
    session.exec(delete(Mail))
    actions.withdraw_placement(session, world.teacher, visit.id)
    session.commit()
    send_all(begin)
    found = told(session, settings, visit)
    assert {method for method, _text in found.values()} == {"CANCEL"}
    assert "position is free" not in found["bilal@example.nl"][1]


def test_without_a_mentor_the_contact_person_of_the_school_hears_it(
    session: Session, world: World, begin: Begin, settings: Settings, visit: Placement
) -> None:
    world.accounts["bilal"].is_active = False
    session.add(world.accounts["bilal"])
    actions.confirm_placement(session, world.baker, visit.id, HostConfirmInput())
    session.commit()

    send_all(begin)

    recipients = set(told(session, settings, visit))
    assert recipients == {contact_of(session, one).email for one in (world.bakery, world.school)}


def test_nobody_at_school_gets_a_mail_for_each_youth(
    session: Session, world: World, begin: Begin, settings: Settings, place: Place
) -> None:
    """Eight hundred mails a season are no help; a school follows its youths by the feed."""
    placement = place(PlacementStatus.ACCEPTED)
    actions.confirm_placement(session, world.baker, placement.id, HostConfirmInput())
    session.commit()

    send_all(begin)

    assert set(told(session, settings, placement)) == {contact_of(session, world.bakery).email}


@pytest.mark.parametrize("name", ["noor_herself", "baker", "teacher", "mentor", "coordinator"])
def test_everybody_has_a_feed_and_a_way_to_it(world: World, client: Browser, place: Place, name: str) -> None:
    place(PlacementStatus.CONFIRMED)
    client.acting_as(world.everybody[name])
    assert 'href="/calendar"' in client.get("/placements").text
    address = address_in(client.post("/calendar").text)

    read = client.as_guest().get(address)

    assert len(Calendar.from_ical(read.content).walk("VEVENT")) == 1
    assert "Noor" not in read.text
    client.acting_as(world.everybody[name]).post("/calendar/revoke")
    assert client.as_guest().get(address).status_code == 404


@pytest.mark.parametrize("kind", [QuestionKind.HOST_ANSWER, QuestionKind.YOUTH_ANSWER])
def test_a_link_gives_the_entry_when_both_have_said_yes(
    session: Session, world: World, client: Browser, settings: Settings, place: Place, kind: QuestionKind
) -> None:
    """Who answers by mail or by a slip of paper need not sign in for it."""
    placement = place()
    secret = settings.secret_key.get_secret_value()
    slip = links.path_of(secret, ask(session, placement))
    actions.accept_placement(session, world.noor_herself, placement.id)
    question = session.exec(select(Question).where(Question.kind == QuestionKind.HOST_ANSWER)).one()
    mail = links.path_of(secret, question, address_of(session, question))
    session.commit()
    path = mail if kind is QuestionKind.HOST_ANSWER else slip
    client.as_guest()
    assert client.get(f"{path}/calendar.ics").status_code == 409

    client.post(f"{mail}/yes", data={})

    assert f"{path}/calendar.ics" in client.get(path).text
    answer = client.get(f"{path}/calendar.ics")
    assert event_in(answer.content)["UID"] == str(placement.id)
    assert "Noor" not in answer.text
    assert client.get(f"{path[:-1]}/calendar.ics").status_code == 404
    if kind is QuestionKind.YOUTH_ANSWER:
        assert "The company said yes too" in client.get(path).text
