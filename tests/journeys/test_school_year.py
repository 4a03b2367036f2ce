"""A whole school year of mail: what must come comes once, what must not never; each link does one thing.

Sloterwaard College, its class 3B and six hosts live from September 2026 to July 2027, over both changes of
the clock, week 53, New Year and every holiday (months.py). By the end exactly the mail of the ledger must
have come (ledger.py). The year is lived once per database; each test looks at it from another side.
"""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path

import pytest
from sqlalchemy.engine import URL
from sqlmodel import select

from service.accounts import sign_in_pages
from service.core.clock import AMSTERDAM
from service.core.jobs import JobRecord
from service.digests.models import Digest, DigestStatus, SkipReason
from service.mail.models import Mail, MailStatus
from service.placements.models import Placement, PlacementStatus
from tests import databases
from tests.journeys.ledger import AFTERNOONS, BEGINS, LEDGER
from tests.journeys.mail_reader import Invitation
from tests.journeys.months import MONTHS
from tests.journeys.story import AGREEMENT, DIGEST, SIGN_IN, YOUTHS, Story, lay_ready
from tests.journeys.year import BOUNCES, SENDER, Arrival, Person, at, school_year

SERVICE = Path(__file__).parents[2] / "service"
BY_HAND = "mail/mails/trial"
"""Sent by a command to try the server, never by the service itself."""
OF_BEFORE = "digests/mails/school"
"""For what was queued before an upgrade; nothing writes it any more."""
WAKES_UP = date(2027, 1, 26)


@pytest.fixture(scope="module")
def database_url(
    backend: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Of the whole file: what a year has left in it is looked at by several tests."""
    if backend == "sqlite":
        path = tmp_path_factory.mktemp("year") / "podium.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    template: URL = request.getfixturevalue("postgresql_template")
    with databases.new_postgresql(template, template.database) as own:
        yield own.render_as_string(hide_password=False)


@pytest.fixture(scope="module")
def story(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """The year, lived to its end; what goes wrong on the way is said here."""
    with (
        pytest.MonkeyPatch.context() as patch,
        school_year(database_url, tmp_path_factory.mktemp("var"), starts=at(BEGINS, 12)) as year,
    ):
        patch.setattr(sign_in_pages, "PACE_SECONDS", 0.0)
        with year.session() as session:
            programme_id, school_id, class_id = lay_ready(session)
        story = Story(year, programme_id, school_id, class_id)
        year.long_days = AFTERNOONS
        year.tick()
        for month in MONTHS:
            year.restart()
            month(story)
        yield story


def named(arrival: Arrival) -> tuple[str, str, date]:
    return arrival.stream, arrival.recipient.partition("@")[0], arrival.day


def overviews(story: Story, name: str) -> list[Arrival]:
    return story.all_mail(name, DIGEST)


def test_it_works(story: Story) -> None:
    """Not a mail too many, not one too few, and nothing is left lying."""
    came, must = Counter(map(named, story.year.arrived)), Counter(LEDGER)
    assert sorted((came - must).elements()) == []
    assert sorted((must - came).elements()) == []
    with story.year.session() as session:
        assert not session.exec(select(Mail).where(Mail.status == MailStatus.QUEUED)).all()
        assert not session.exec(select(JobRecord).where(JobRecord.failed_at != None)).all()  # noqa: E711


def test_each_mail_comes_once_at_its_moment(story: Story) -> None:
    """Written, sent and dated in the same moment, to one reader, with a return address of its own."""
    seen = [arrival.letter.message_id for arrival in story.year.arrived]
    assert len(set(seen)) == len(seen)
    bounces = BOUNCES.partition("@")
    for arrival in story.year.arrived:
        letter = arrival.letter
        number = letter.message_id.strip("<>").partition("@")[0]
        assert letter.message_id == f"<{number}@podium.example>"
        assert letter.sender == SENDER
        assert (arrival.recipient, arrival.sender) == (letter.to, f"{bounces[0]}+{number}@{bounces[2]}")
        assert letter.date == arrival.moment.replace(microsecond=0)


def test_every_kind_of_mail_came(story: Story) -> None:
    """The reader has read each template there is."""
    known = {
        str(path.parent.relative_to(SERVICE)).replace("/templates/", "/")
        for path in SERVICE.glob("*/templates/mails/*/subject.txt")
    }
    assert {arrival.template for arrival in story.year.arrived} == known - {BY_HAND, OF_BEFORE}


OUTSIDE_LISTS = {
    "accounts/mails/invitation": SIGN_IN,
    "accounts/mails/sign_in": SIGN_IN,
    "placements/mails/calendar": AGREEMENT,
    "placements/mails/calendar_cancelled": AGREEMENT,
    "placements/mails/other_days": AGREEMENT,
    "placements/mails/other_days_over": AGREEMENT,
    "placements/mails/other_days_possible": AGREEMENT,
    "placements/mails/school_papers": AGREEMENT,
}


def test_lists_can_be_left_and_neither_the_way_in_nor_what_is_agreed(story: Story) -> None:
    for arrival in story.year.arrived:
        assert bool(arrival.letter.unsubscribe) == (arrival.template not in OUTSIDE_LISTS), arrival.template
        assert OUTSIDE_LISTS.get(arrival.template, arrival.letter.list_id) == arrival.stream


def test_nobody_is_named(story: Story) -> None:
    """No youth in a subject, a text, an address or a calendar; not even in a mail of the school."""
    names = re.compile(rf"\b({'|'.join(YOUTHS)})\b", re.IGNORECASE)
    for arrival in story.year.arrived:
        letter = arrival.letter
        calendar = letter.invitation.text if letter.invitation else ""
        for text in (letter.subject, letter.text, letter.html, calendar, arrival.raw.decode()):
            assert not names.search(text), letter.subject


def test_each_reader_in_his_language(story: Story) -> None:
    """Joost chose English; Els and Henk were invited by somebody whose page was English."""
    english = {"joost", "els", "henk"}
    for arrival in story.year.arrived:
        stream, name, _day = named(arrival)
        assert arrival.letter.language == ("en" if name in english else "nl"), (stream, name)


def test_overviews_come_on_wall_time(story: Story) -> None:
    """Half past seven is half past seven on both sides of a change of the clock."""
    for arrival in story.year.arrived:
        if arrival.stream == DIGEST and arrival.day != WAKES_UP:
            wall = arrival.moment.astimezone(AMSTERDAM).time().replace(second=0)
            assert wall == (time(16, 45) if named(arrival)[1] == "fatima" else time(7, 30))
    for before, after in (
        (date(2026, 10, 23), date(2026, 10, 26)),
        (date(2027, 3, 26), date(2027, 3, 30)),
    ):
        hours = {one.moment.hour for one in overviews(story, "farida") if one.day in (before, after)}
        assert hours == {5, 6}


def test_a_period_is_told_once(story: Story) -> None:
    """Also week 53, and the week that is of two years; what was not told is written down as skipped."""
    with story.year.session() as session:
        digests = session.exec(select(Digest)).all()
    told = Counter((one.subscription_id, one.period) for one in digests)
    assert set(told.values()) == {1}
    assert {one.status for one in digests} == {DigestStatus.SENT, DigestStatus.SKIPPED, DigestStatus.BUILT}
    of_school = {one.period: one for one in digests if one.school_id and one.period.startswith("20")}
    holidays = {period for period, one in of_school.items() if one.skip_reason is SkipReason.HOLIDAY}
    assert holidays == {"2026-W43", "2026-W52", "2026-W53", "2027-W08", "2027-W17", "2027-W18", "2027-W28"}
    periods = {one.period for one in digests if one.programme_id and "W" in one.period}
    assert {"2026-W52", "2026-W53", "2027-W01"} <= periods
    assert "2026-W54" not in periods
    assert any(one.skip_reason is SkipReason.NOTHING_TO_TELL for one in digests)


@pytest.mark.parametrize(
    ("name", "day", "number"),
    [
        ("marieke", date(2026, 10, 26), 1),
        ("marieke", date(2027, 1, 4), 2),
        ("bilal", date(2027, 1, 4), 1),
        ("marieke", date(2027, 3, 1), 1),
        ("marieke", date(2027, 5, 10), 2),
        ("farida", date(2026, 12, 28), 1),
        ("farida", date(2027, 5, 7), 2),
    ],
)
def test_after_free_days_one_hears_what_one_missed(story: Story, name: str, day: date, number: int) -> None:
    """In that overview and in no other."""
    missed = re.compile(r"In de vrije dagen kwam(?:en)? (\d+) overzicht")
    found = {one.day: match[1] for one in overviews(story, name) if (match := missed.search(one.letter.text))}
    assert found[day] == str(number)
    assert set(found) <= {
        date(2026, 10, 26),
        date(2026, 12, 28),
        date(2027, 1, 4),
        date(2027, 3, 1),
        date(2027, 3, 30),
        date(2027, 4, 28),
        date(2027, 5, 7),
        date(2027, 5, 10),
        date(2027, 5, 18),
    }


def test_a_week_without_a_worker_is_told_in_one(story: Story) -> None:
    """The one after it reaches back to the last one before."""
    for name, day, since in (
        ("farida", WAKES_UP, "maandag 18 januari 2027"),
        ("marieke", WAKES_UP, "maandag 18 januari 2027"),
        ("joost", WAKES_UP, "Monday 18 January 2027"),
        ("farida", date(2027, 1, 27), "dinsdag 26 januari 2027"),
    ):
        (told,) = [one.letter.text for one in overviews(story, name) if one.day == day]
        assert since in told


def invitations(story: Story, name: str) -> list[Invitation]:
    return [one.letter.invitation for one in story.all_mail(name, AGREEMENT) if one.letter.invitation]


def test_calendars_hear_what_holds(story: Story) -> None:
    """Invited, moved and called off: one entry, with a number that rises."""
    asked, moved, off = invitations(story, "els")
    assert [one.method for one in (asked, moved, off)] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [one.status for one in (asked, moved, off)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert [one.sequence for one in (asked, moved, off)] == [1, 2, 3]
    assert [one.first for one in (asked, moved, off)] == [
        date(2027, 2, 8),
        date(2027, 2, 15),
        date(2027, 2, 15),
    ]
    assert {one.uid for one in (asked, moved, off)} == {str(story.placement("Noor").id)}
    others = {name: invitations(story, name) for name in ("kees", "fatima", "nel", "henk", "piet")}
    assert {name: [one.sequence for one in found] for name, found in others.items()} == {
        "kees": [1],
        "fatima": [1],
        "nel": [1],
        "henk": [1],
        "piet": [1],
    }
    (of_kees,) = others["kees"]
    assert (of_kees.first, of_kees.days) == (date(2027, 3, 22), ("MO", "TU", "WE", "TH", "FR"))
    assert len({one.uid for found in others.values() for one in found}) == len(others)


def test_looking_at_a_link_changes_nothing(story: Story) -> None:
    """Programs open every link of a mail; long afterwards too, and with a page that says what it is."""
    first = {arrival.template: arrival for arrival in reversed(story.year.arrived)}
    for arrival in first.values():
        for link in arrival.letter.links:
            before = story.year.everything()
            answer = Person(story.year).browser.get(link)
            assert answer.status_code in {200, 303, 404, 410}, link
            assert story.year.everything() == before, link


def test_the_year_ended_as_it_was_told(story: Story) -> None:
    with story.year.session() as session:
        ended = Counter(session.exec(select(Placement.status)))
    assert ended == {
        PlacementStatus.COMPLETED: 3,
        PlacementStatus.ACTIVE: 2,
        PlacementStatus.DECLINED_BY_HOST: 2,
        PlacementStatus.EXPIRED: 1,
        PlacementStatus.WITHDRAWN: 2,
    }
