"""Calendars hear what holds: an invitation, its changes and its end, in the right order and without names."""

from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from icalendar import Calendar
from sqlalchemy import delete
from sqlmodel import Session, col, select

from service.calendars.models import FreePeriod
from service.core.jobs import Begin
from service.core.settings import Settings
from service.mail.actions import leave_stream
from service.mail.addresses import address_hash
from service.mail.jobs import send_mail
from service.mail.models import OUTSIDE_LISTS, Mail, MailStatus, Stream
from service.mail.rendering import render
from service.offers.models import Offer
from service.placements import actions, following, links, mails
from service.placements.calendar_files import PUBLISH, Entry, calendar_file
from service.placements.jobs import send_calendars
from service.placements.mails import Reader
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
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
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
    }
    return Entry(**values | changes)


def file_of(*entries: Entry) -> bytes:
    return calendar_file(entries, PUBLISH, made_at=NOW)


def event_in(content: bytes) -> Any:
    """As strict programs read it: a zone without a time in it spoils the whole file."""
    calendar = Calendar.from_ical(content)
    for zone in calendar.walk("VTIMEZONE"):
        assert {part.name for part in zone.subcomponents} & {"STANDARD", "DAYLIGHT"}
    found = calendar.walk("VEVENT")
    assert len(found) == 1
    return found[0]


def days_in(event: Any) -> list[date]:
    """On which a calendar program shows it: each week on these weekdays until the last, but for some."""
    first = event.decoded("DTSTART")
    left_out = [one.dt for one in event["EXDATE"].dts] if "EXDATE" in event else []
    assert all(type(one) is type(first) for one in left_out), "else programs do not know which they are"
    if "RRULE" not in event:
        assert not left_out
        return [day_of(first)]
    rule = event["RRULE"]
    span = (day_of(rule["UNTIL"][0]) - day_of(first)).days
    every = [day_of(first) + timedelta(days=number) for number in range(span + 1)]
    repeated = [day for day in every if day.strftime("%a").upper()[:2] in rule["BYDAY"]]
    assert repeated[0] == day_of(first), "a first day outside its own rule is shown by some and not by others"
    return [day for day in repeated if day not in map(day_of, left_out)]


def day_of(moment: date) -> date:
    return moment.astimezone(AMSTERDAM).date() if isinstance(moment, datetime) else moment


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


def test_each_entry_says_when_it_was_made(
    session: Session, world: World, begin: Begin, settings: Settings, place: Place
) -> None:
    """A cancellation with the stamp of the invitation is an old message to some programs."""
    with time_machine.travel(NOW, tick=False) as clock:
        placement = place(PlacementStatus.ACCEPTED)
        actions.confirm_placement(session, world.baker, placement.id, HostConfirmInput())
        session.commit()
        send_all(begin)
        clock.shift(timedelta(hours=3))
        actions.withdraw_placement(session, world.teacher, placement.id)
        session.commit()
        clock.shift(timedelta(minutes=5))
        send_all(begin)

    stamps = [event.decoded("DTSTAMP") for _method, event in sent(session, settings)]
    assert stamps == [NOW, NOW + timedelta(hours=3, minutes=5)]


def test_no_unsubscribing_keeps_back_what_was_agreed(
    session: Session, world: World, begin: Begin, settings: Settings, place: Place
) -> None:
    """Whoever wants no news still hears that nobody comes, and is offered no way out of that."""
    reader = address_hash(contact_of(session, world.bakery).email)
    for stream in Stream:
        if stream not in OUTSIDE_LISTS:
            leave_stream(session, reader, stream)
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
    assert len(sent(session, settings)) == 3

    while send_mail(begin):
        pass

    session.expire_all()
    mails = session.exec(select(Mail).where(Mail.key.startswith("calendar:"))).all()
    assert {(mail.stream, mail.status) for mail in mails} == {(Stream.AGREEMENT, MailStatus.SENT)}
    for mail in mails:
        message = render(mail, settings)
        assert not [name for name in message if name.lower().startswith("list-")]
        assert "/unsubscribe" not in message.as_string()


@pytest.mark.parametrize("kind", list(QuestionKind))
def test_schools_are_asked_in_the_stream_of_agreements(kind: QuestionKind) -> None:
    about = Question(kind=kind, organisation_id=uuid4())
    mail = mails.question(about, Reader("Marieke", "marieke@example.nl", "nl"), "school_papers", {})

    of_schools = {QuestionKind.SCHOOL_PAPERS, QuestionKind.OTHER_DAYS}
    assert (mail.stream in OUTSIDE_LISTS) is (kind in of_schools)


@pytest.mark.parametrize(
    ("today", "expected"), [(date(2027, 3, 26), ["REQUEST"]), (date(2027, 3, 27), [])], ids=["last", "over"]
)
def test_nobody_is_invited_to_what_is_over(
    session: Session,
    world: World,
    begin: Begin,
    settings: Settings,
    place: Place,
    today: date,
    expected: list[str],
) -> None:
    """The worker stood still, or the host said yes when the days had been."""
    days = WEEK.model_dump()
    placement = place(PlacementStatus.ACCEPTED, **days)
    actions.confirm_placement(session, world.baker, placement.id, HostConfirmInput())
    session.commit()

    with time_machine.travel(datetime.combine(today, time(12), AMSTERDAM), tick=False):
        send_all(begin)

    assert [method for method, _event in sent(session, settings)] == expected


def test_nobody_takes_out_what_has_been(
    session: Session, world: World, begin: Begin, settings: Settings, place: Place
) -> None:
    placement = place(PlacementStatus.CONFIRMED, is_in_calendars=True, **WEEK.model_dump())
    with time_machine.travel(datetime(2027, 4, 1, tzinfo=UTC), tick=False):
        actions.withdraw_placement(session, world.teacher, placement.id)
        session.commit()
        send_all(begin)

    assert sent(session, settings) == []
    session.refresh(placement)
    assert placement.calendar_due_at is None


@pytest.mark.parametrize("status", [PlacementStatus.ENDED_EARLY, PlacementStatus.NO_SHOW])
def test_what_ended_before_its_last_day_is_not_called_off(
    session: Session, begin: Begin, settings: Settings, place: Place, status: PlacementStatus
) -> None:
    """They came, or should have: «it is off» would be untrue."""
    place(status, is_in_calendars=True, calendar_due_at=NOW, **WEEK.model_dump())
    session.commit()

    send_all(begin)

    assert sent(session, settings) == []


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
    content = file_of(entry())
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
    event = event_in(file_of(one))
    assert ("RRULE" in event) is (days > 1)
    assert days_in(event) == one.days


MAY = frozenset(date(2027, 4, 24) + timedelta(days=number) for number in range(16))
"""Two weeks off, in which King's Day, Liberation Day and Ascension Day fall."""


@pytest.mark.parametrize("times", [{}, {"starts_at": None, "ends_at": None}], ids=["hours", "whole days"])
@pytest.mark.parametrize(
    ("first", "last", "weekdays", "days"),
    [
        (date(2027, 4, 19), date(2027, 5, 14), (1, 4), "04-19 04-22 05-10 05-13"),
        (date(2027, 4, 26), date(2027, 5, 14), (1, 4), "05-10 05-13"),
        (date(2027, 4, 19), date(2027, 5, 7), (1, 4), "04-19 04-22"),
        (date(2027, 4, 22), date(2027, 5, 9), (4,), "04-22"),
        (date(2027, 4, 26), date(2027, 5, 7), (1, 4), "04-26 04-29 05-03 05-06"),
    ],
    ids=["in between", "at first", "at last", "one left", "wholly in it, so meant"],
)
def test_no_day_is_claimed_on_which_nobody_comes(
    first: date, last: date, weekdays: tuple[int, ...], days: str, times: dict[str, object]
) -> None:
    one = entry(first=first, last=last, weekdays=weekdays, days_off=MAY, **times)

    shown = days_in(event_in(file_of(one)))

    assert [f"{day:%m-%d}" for day in shown] == days.split()
    assert shown == one.days


def test_what_is_left_out_is_left_out_on_wall_time() -> None:
    """Before and after the change of the clock."""
    event = event_in(file_of(entry(days_off=frozenset({date(2027, 3, 24), date(2027, 3, 29)}))))

    assert [one.dt for one in event["EXDATE"].dts] == [
        datetime(2027, 3, 24, 9, tzinfo=AMSTERDAM),
        datetime(2027, 3, 29, 9, tzinfo=AMSTERDAM),
    ]
    assert event["EXDATE"].params["TZID"] == "Europe/Amsterdam"


def test_days_off_of_the_school_and_of_everybody_are_left_out(
    session: Session, world: World, client: Browser, place: Place
) -> None:
    """In the file, in the feed and of each school its own; King's Day needs no list."""
    other = place(
        PlacementStatus.CONFIRMED, youth=world.yassin, starts_on=date(2027, 4, 19), ends_on=date(2027, 4, 28)
    )
    mine = place(PlacementStatus.CONFIRMED, starts_on=date(2027, 4, 20), ends_on=date(2027, 4, 28))
    session.add(
        FreePeriod(
            school_id=mine.school_id, name="Vrij", starts_on=date(2027, 4, 21), ends_on=date(2027, 4, 23)
        )
    )
    session.commit()
    assert other.school_id == mine.school_id
    client.acting_as(world.teacher)
    answer = client.get(f"/placements/{mine.id}/calendar.ics")
    address = address_in(client.post("/calendar").text)
    events = Calendar.from_ical(client.as_guest().get(address).content).walk("VEVENT")

    expected = [date(2027, 4, day) for day in (20, 26, 28)]
    assert days_in(event_in(answer.content)) == expected
    assert days_in(next(one for one in events if one["UID"] == str(mine.id))) == expected


def test_without_times_it_is_a_whole_day() -> None:
    event = event_in(file_of(entry(starts_at=None, ends_at=None)))

    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (date(2027, 3, 22), date(2027, 3, 23))
    assert event["RRULE"]["UNTIL"] == [date(2027, 3, 31)]


def test_a_title_does_not_break_out_of_its_line() -> None:
    content = file_of(entry(title="Bakken\r\nATTENDEE:mailto:evil@example.nl"))

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


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Meelopen bij {name}", "Meelopen bij {name}"),
        ("Meelopen bij {upper}", "Meelopen bij {upper}"),
        ("{name}", "{name}"),
        ("Bij {name} meelopen", "Bij {name} meelopen, {name}"),
        ("Meelopen bij de Ver{name}", "Meelopen bij de Ver{name}, {name}"),
        ("Brood bakken", "Brood bakken, {name}"),
    ],
)
def test_a_calendar_names_the_organisation_once(
    session: Session, world: World, client: Browser, place: Place, title: str, shown: str
) -> None:
    placement = place(PlacementStatus.CONFIRMED)
    offer = session.get_one(Offer, placement.offer_id)
    name = world.bakery.name
    names = {"name": name, "upper": name.upper()}
    offer.title = title.format(**names)
    session.add(offer)
    session.commit()

    answer = client.acting_as(world.teacher).get(f"/placements/{placement.id}/calendar.ics")

    assert str(event_in(answer.content)["SUMMARY"]) == shown.format(**names)


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
