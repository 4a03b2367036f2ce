"""A school keeps its own list of free days, an administrator those of the regions."""

import re
from datetime import date
from functools import partial
from html import unescape

import pytest
from sqlmodel import Session, col, select

from service.audit.models import AuditEntry
from service.calendars import pages
from service.calendars.models import FreePeriod
from service.calendars.reading import FreeList, read_free_days
from service.core.actor import Actor
from service.organisations.models import HolidayRegion
from service.web.page import Page
from tests.conftest import Browser
from tests.service.calendars.test_read_free_days import AUTUMN, WHOLE_DAY, calendar
from tests.world import World

TABLE = b"name;from;until\nHerfst;2026-10-10;2026-10-18\nKerst;2026-12-19;2027-01-03\n"

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


def kept(session: Session) -> list[tuple[str, date]]:
    rows = session.exec(select(FreePeriod).order_by(col(FreePeriod.starts_on))).all()
    return [(row.name, row.starts_on) for row in rows]


def upload(client: Browser, content: bytes, **of: object) -> int:
    files = {"file": ("rooster.ics", content, "text/calendar")}
    values = {name: str(value) for name, value in of.items()}
    return client.post("/free-days/import", data=values, files=files).status_code


def agree(client: Browser, content: bytes, **of: object) -> int:
    """Sends a file and presses the button of the page that asks."""
    values = {name: str(value) for name, value in of.items()}
    page = client.post(
        "/free-days/import", data=values, files={"file": ("rooster.ics", content, "text/calendar")}
    )
    assert "Replace the list?" in page.text
    return client.post("/free-days/import", data=hidden_in(page.text)).status_code


def hidden_in(page: str) -> dict[str, str]:
    """What the form of the page sends, without any script."""
    form = page.partition('action="/free-days/import"')[2].partition("</form>")[0]
    return {name: unescape(value) for name, value in HIDDEN.findall(form)}


def test_it_works(client: Browser, session: Session, world: World) -> None:
    client.acting_as(world.teacher)
    assert "No free days yet" in client.get("/free-days").text
    files = {"file": ("rooster.ics", calendar(AUTUMN, ("Toetsweek", WHOLE_DAY)), "text/calendar")}
    answer = client.post("/free-days/import", data={"school_id": str(world.school.id)}, files=files)
    assert answer.status_code == 200
    assert "1 free stretch is taken over." in answer.text
    assert "Toetsweek" in answer.text
    page = client.get("/free-days").text
    assert "Herfstvakantie" in page
    assert "Sunday 25 October 2026" in page
    (entry,) = session.exec(select(AuditEntry).where(AuditEntry.action == "free_days.imported")).all()
    assert entry.facts == {"of": str(world.school.id), "taken": 1, "left": 1, "gone": 0}


def test_what_stands_there_twice_goes_twice(client: Browser, session: Session, world: World) -> None:
    """Written down by two people, or by one who pressed twice."""
    client.acting_as(world.teacher)
    day = {"school_id": str(world.school.id), "name": "Studiedag", "starts_on": "2026-11-04"}
    for _time in range(2):
        assert client.post("/free-days/periods", data=day).status_code == 303

    assert agree(client, TABLE, school_id=world.school.id) == 200

    assert [name for name, _day in kept(session)] == ["Herfst", "Kerst"]


def test_a_newer_file_replaces_the_school_years_it_is_about(
    client: Browser, session: Session, world: World
) -> None:
    session.add(
        FreePeriod(
            school_id=world.school.id,
            name="Vorig jaar",
            starts_on=date(2025, 10, 18),
            ends_on=date(2025, 10, 26),
        )
    )
    session.commit()
    client.acting_as(world.teacher)
    assert upload(client, calendar(AUTUMN), school_id=world.school.id) == 200
    assert agree(client, TABLE, school_id=world.school.id) == 200
    assert upload(client, TABLE, school_id=world.school.id) == 200
    assert kept(session) == [
        ("Vorig jaar", date(2025, 10, 18)),
        ("Herfst", date(2026, 10, 10)),
        ("Kerst", date(2026, 12, 19)),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"name;from;until\nHerfst;2026-10-10;2026-10-18\nMei;24-04-2027;\nKerst;morgen;2027-01-03\n",
        b"name;from;until\nMei;24-04-2027;\nKerst;morgen;2027-01-03\n",
    ],
    ids=["one good", "none"],
)
def test_one_bad_line_changes_nothing_and_each_is_told(
    client: Browser, session: Session, world: World, content: bytes
) -> None:
    client.acting_as(world.teacher)
    upload(client, TABLE, school_id=world.school.id)
    before = kept(session)

    answer = client.post(
        "/free-days/import", data={"school_id": str(world.school.id), "rows": content.decode()}
    )

    assert answer.status_code == 422
    assert "Nothing is changed." in answer.text
    bad = len(content.splitlines()) - 1
    assert f"Line {bad}: The last day is missing." in answer.text
    assert f"Line {bad + 1}: Write a day as" in answer.text
    assert "morgen" in answer.text, "what was pasted is still there to mend"
    assert kept(session) == before


def test_what_would_go_is_shown_first(client: Browser, session: Session, world: World) -> None:
    client.acting_as(world.teacher)
    upload(client, TABLE, school_id=world.school.id)
    before = kept(session)
    newer = b"name;from;until\nKerst;2026-12-19;2027-01-03\nMei;2027-04-24;2027-05-09\n"

    page = client.post("/free-days/import", data={"school_id": str(world.school.id), "rows": newer.decode()})

    assert page.status_code == 200
    goes, comes = page.text.partition("1 free stretch comes")[::2]
    assert "1 free stretch goes" in goes
    assert "Herfst: Saturday 10 October 2026" in goes
    assert "Mei: Saturday 24 April 2027" in comes
    assert "Kerst:" not in page.text
    session.expire_all()
    assert kept(session) == before
    assert client.post("/free-days/import", data=hidden_in(page.text)).status_code == 200
    session.expire_all()
    assert kept(session) == [("Kerst", date(2026, 12, 19)), ("Mei", date(2027, 4, 24))]


def test_agreeing_holds_for_what_was_shown(client: Browser, session: Session, world: World) -> None:
    """A colleague has added a day since: it is shown too before it goes."""
    client.acting_as(world.teacher)
    upload(client, TABLE, school_id=world.school.id)
    shown = client.post(
        "/free-days/import",
        data={"school_id": str(world.school.id), "rows": "name;from\nStudiedag;2026-11-04"},
    )
    form = {"school_id": str(world.school.id), "name": "Margedag", "starts_on": "2026-11-05"}
    assert client.post("/free-days/periods", data=form).status_code == 303

    again = client.post("/free-days/import", data=hidden_in(shown.text))

    assert "Replace the list?" in again.text
    assert "Margedag" in again.text
    session.expire_all()
    assert len(kept(session)) == 3
    assert client.post("/free-days/import", data=hidden_in(again.text)).status_code == 200
    session.expire_all()
    assert kept(session) == [("Studiedag", date(2026, 11, 4))]


def test_what_only_adds_is_taken_over_at_once(client: Browser, session: Session, world: World) -> None:
    client.acting_as(world.teacher)
    upload(client, TABLE, school_id=world.school.id)
    rows = {row.name: row.id for row in session.exec(select(FreePeriod))}

    assert upload(client, TABLE + b"Mei;2027-04-24;2027-05-09\n", school_id=world.school.id) == 200

    session.expire_all()
    now = {row.name: row.id for row in session.exec(select(FreePeriod))}
    assert now.keys() == {"Herfst", "Kerst", "Mei"}
    assert now.items() >= rows.items(), "what was there already is not touched"


def test_a_day_is_added_and_removed_by_hand(client: Browser, session: Session, world: World) -> None:
    client.acting_as(world.teacher)
    form = {"school_id": str(world.school.id), "name": "Studiedag", "starts_on": "2026-11-04"}
    assert client.post("/free-days/periods", data=form).status_code == 303
    (row,) = session.exec(select(FreePeriod)).all()
    assert (row.starts_on, row.ends_on) == (date(2026, 11, 4), date(2026, 11, 4))
    assert client.post(f"/free-days/periods/{row.id}/remove").status_code == 303
    assert kept(session) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"starts_on": "soon"},
        {"ends_on": "2026-11-03"},
        {"ends_on": "2027-11-03"},
        {"region": "north"},
    ],
)
def test_what_is_wrong_is_said_and_kept(
    client: Browser, session: Session, world: World, wrong: dict[str, str]
) -> None:
    form = {"school_id": str(world.school.id), "name": "Studiedag", "starts_on": "2026-11-04"} | wrong
    answer = client.acting_as(world.admin if "region" in wrong else world.teacher).post(
        "/free-days/periods", data=form
    )
    assert answer.status_code == 422
    assert kept(session) == []


def test_a_file_that_is_none_is_said(client: Browser, session: Session, world: World) -> None:
    client.acting_as(world.teacher)
    assert upload(client, b"a;b\n1;2\n", school_id=world.school.id) == 422
    assert client.post("/free-days/import", data={"school_id": str(world.school.id)}).status_code == 422


def test_an_admin_keeps_the_regions(client: Browser, session: Session, world: World) -> None:
    client.acting_as(world.admin)
    assert upload(client, TABLE, region="north") == 200
    assert "Herfst" in client.get("/free-days?region=north").text
    assert "Herfst" not in client.get("/free-days?region=south").text
    client.acting_as(world.teacher)
    page = client.get("/free-days?region=north").text
    assert "Herfst" in page
    assert "/import" not in page
    assert upload(client, TABLE, region="north") == 403


def test_nobody_gets_at_the_list_of_another_school(client: Browser, session: Session, world: World) -> None:
    row = FreePeriod(
        school_id=world.school.id, name="Studiedag", starts_on=date(2026, 11, 4), ends_on=date(2026, 11, 4)
    )
    session.add(row)
    session.commit()
    for name, actor in world.everybody.items():
        if world.school.id in actor.school_ids:
            continue
        client.acting_as(actor)
        assert client.get(f"/free-days?school={world.school.id}").status_code in {403, 404}, name
        assert upload(client, TABLE, school_id=world.school.id) in {403, 404}, name
        assert client.post(f"/free-days/periods/{row.id}/remove").status_code == 404, name
    assert kept(session) == [("Studiedag", date(2026, 11, 4))]
    assert client.acting_as(world.teacher).get("/free-days?school=nonsense").status_code == 404


def test_who_has_no_list_is_refused(client: Browser, world: World) -> None:
    assert client.acting_as(world.baker).get("/free-days").status_code == 403
    assert client.as_guest().get("/free-days").status_code == 303
    assert client.acting_as(Actor(youth_id=world.noor.id)).get("/free-days").status_code in {303, 403}


def test_nobody_waits_while_a_file_is_read(
    client: Browser, session: Session, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who may send it is asked first, then the turn to write is given back: a file may take seconds."""
    seen: list[str] = []

    def let_go(page: Page) -> None:
        seen.append("let go")
        page.session.commit()
        monkeypatch.setattr(pages, "read_free_days", partial(read, page))

    def read(page: Page, name: str, content: bytes) -> FreeList:
        seen.append("held" if page.session.in_transaction() else "read")
        return read_free_days(name, content)

    monkeypatch.setattr(Page, "let_go", let_go)
    client.acting_as(world.other_teacher)
    assert upload(client, TABLE, school_id=world.school.id) == 404
    assert seen == []
    client.acting_as(world.teacher)
    assert upload(client, TABLE, school_id=world.school.id) == 200
    assert seen == ["let go", "read"]
    assert len(kept(session)) == 2


def test_a_school_sees_what_counts_of_its_region(client: Browser, session: Session, world: World) -> None:
    """And what does not: a holiday that its own stands in the place of."""
    world.school.holiday_region = HolidayRegion.NORTH
    session.add(world.school)
    for name, first, last in (
        ("Herfst regio", date(2026, 10, 17), date(2026, 10, 25)),
        ("Zomer regio", date(2027, 7, 10), date(2027, 8, 22)),
    ):
        session.add(FreePeriod(region=HolidayRegion.NORTH, name=name, starts_on=first, ends_on=last))
    session.add(
        FreePeriod(
            region=HolidayRegion.SOUTH, name="Elders", starts_on=date(2026, 11, 2), ends_on=date(2026, 11, 2)
        )
    )
    session.commit()
    client.acting_as(world.teacher)
    upload(client, TABLE, school_id=world.school.id)

    rows = {
        re.sub(r"<[^>]*>", " ", row.partition("</th>")[0]).strip(): row
        for row in client.get("/free-days").text.split("<tr")[2:]
    }

    names = [name.partition(">")[2].strip() for name in rows]
    assert [" ".join(name.split()) for name in names] == [
        "Herfst",
        "Herfst regio Of the region Does not count: the school has «Herfst» in its place.",
        "Kerst",
        "Zomer regio Of the region",
    ]
    assert ["/remove" in row for row in rows.values()] == [True, False, True, False]
