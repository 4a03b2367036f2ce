"""A class list comes in: a preview first, bad rows refused one by one, nobody removed."""

from functools import partial
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from sqlmodel import Session, select

from service.core.i18n import speaking
from service.core.sheets import Sheet, read_table
from service.web.page import Page
from service.youth import pages
from service.youth.models import Youth, YouthStatus
from tests import factories as make
from tests.conftest import Browser
from tests.world import World

HEAD = "external_id;first_name;class;track_or_crebo;year_or_level;birth_year_month"


@pytest.fixture
def school(world: World, client: Browser) -> Browser:
    return client.acting_as(world.teacher)


def address(world: World) -> str:
    return f"/classes/{world.school_class.id}/import"


def upload(browser: Browser, world: World, content: bytes, name: str = "klas.csv") -> Any:
    return browser.post(address(world), files={"file": (name, content)})


def paste(browser: Browser, world: World, *rows: str, head: str = HEAD) -> Any:
    return browser.post(address(world), data={"rows": "\n".join([head, *rows])})


def confirm(browser: Browser, world: World, preview: Any) -> Any:
    """Presses the button of the preview."""
    rows = preview.text.partition('<textarea name="rows" hidden>')[2]
    return browser.post(f"{address(world)}/confirm", data={"rows": rows.partition("</textarea>")[0]})


def youths(session: Session, world: World) -> dict[str, Youth]:
    found = session.exec(select(Youth).where(Youth.class_id == world.school_class.id)).all()
    return {youth.external_id: youth for youth in found}


def test_it_works(session: Session, world: World, school: Browser) -> None:
    page = school.get(address(world)).text
    assert "At most 5,000 rows and 2 MB" in page
    preview = upload(
        school, world, f"{HEAD}\nA1;Zoë;3B;KB;3;2011-06\nA2;Jan-Willem;;25655;2;2009-12\n".encode("cp1252")
    )
    assert preview.status_code == 200
    assert "Rows in the list: 2. Can be used: 2. Refused: 0." in preview.text
    assert "A1" not in youths(session, world)
    assert confirm(school, world, preview).headers["location"] == f"/classes/{world.school_class.id}"
    found = youths(session, world)
    zoe, jan = found["A1"], found["A2"]
    assert (zoe.first_name, zoe.track, zoe.year, zoe.birth) == ("Zoë", "KB", 3, "2011-06")
    assert (jan.crebo, jan.level, jan.track, jan.birth) == ("25655", 2, None, "2009-12")
    assert zoe.status is YouthStatus.INVITED
    assert {world.noor.external_id, world.yassin.external_id} <= found.keys()


def test_differences_are_shown_first(session: Session, world: World, school: Browser) -> None:
    noor, yassin = world.noor, world.yassin
    preview = paste(
        school,
        world,
        f"{noor.external_id};Noortje;;;;2011-06",
        "A1;Zoë;;KB;3;2011-06",
    )
    text = " ".join(preview.text.split())
    assert "<del>Noor</del> <ins>Noortje</ins>" in text
    assert f'href="/youths/{yassin.id}"' in text
    assert "They stay in the class" in text
    confirm(school, world, preview)
    session.refresh(noor)
    session.refresh(yassin)
    assert noor.first_name == "Noortje"
    assert (noor.track, noor.profile, noor.wishes) == ("KB", "hbr", ["HORECA", "ZORG"])
    assert yassin.status is YouthStatus.ACTIVE


def test_the_same_list_again_changes_nothing(world: World, school: Browser) -> None:
    noor = world.noor
    preview = paste(school, world, f"{noor.external_id};Noor;3b;KB;3;2011-06")
    assert "There is nothing to bring in" in preview.text


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("A1;Zoë;3B;KB;3;2011-13", "Month of birth", "There is no month 13"),
        ("A1;Zoë;3B;KB;3;June", "Month of birth", "Write year and month of birth as 2011-06"),
        ("A1;Zoë;3B;KB;3;", "Month of birth", "This cell is empty"),
        ("A1;Zoë;3B;KB;3;2019-06", "Month of birth", "is 8 years old. This is for ages 12 to 26"),
        ("A1;Zoë;3B;KB;3;1980-06", "Month of birth", "is 46 years old"),
        ("A1;Zoë;3B;XX;3;2011-06", "Track or crebo", "Write BB, KB, GL or TL"),
        ("A1;Zoë;3B;KB;7;2011-06", "Year or level", "a number from 1 to 6"),
        ("A1;Zoë;3B;25655;5;2009-06", "Year or level", "a number from 1 to 4"),
        ("A1;Zoë;3C;KB;3;2011-06", "Class", "This is the list of class 3B"),
        (";Zoë;3B;KB;3;2011-06", "Number", "This cell is empty"),
        ("123456782;Zoë;3B;KB;3;2011-06", "Number", "citizen service number"),
        ("=1+1;Zoë;3B;KB;3;2011-06", "Number", "Use the school&#39;s own number"),
        ('A1;=HYPERLINK("http://x");3B;KB;3;2011-06', "First name", "in letters"),
        ("A1;zoe@example.nl;3B;KB;3;2011-06", "First name", "in letters"),
        (f"A1;{'Z' * 61};3B;KB;3;2011-06", "First name", "too long"),
        ("A1;Zoë;3B;KB;3;2011-06;extra", "Whole row", "more cells than there are columns"),
    ],
)
def test_a_bad_row_is_refused_with_line_column_and_reason(
    session: Session, world: World, school: Browser, row: str, column: str, reason: str
) -> None:
    preview = paste(school, world, "GOOD;Sam;3B;KB;3;2011-06", row)
    assert "Rows in the list: 2. Can be used: 1. Refused: 1." in preview.text
    refused = preview.text.partition("Refused rows</h2>")[2]
    assert 'data-label="Line">3<' in refused
    assert f'data-label="Column">{column}<' in refused
    assert reason in refused
    confirm(school, world, preview)
    assert youths(session, world).keys() == {world.noor.external_id, world.yassin.external_id, "GOOD"}


def test_every_fault_of_a_row_is_told(world: World, school: Browser) -> None:
    preview = paste(school, world, "A1;;3C;KB;9;2011-00")
    assert "Rows in the list: 1. Can be used: 0. Refused: 1." in preview.text
    assert preview.text.count('data-label="Line">2<') == 4


def test_a_number_twice_in_the_list_is_refused(world: World, school: Browser) -> None:
    preview = paste(school, world, "A1;Zoë;;;;2011-06", "A1;Sam;;;;2011-07")
    assert "This number is on line 2 already" in preview.text
    assert "Rows in the list: 2. Can be used: 1. Refused: 1." in preview.text


def test_reasons_are_in_the_readers_language(world: World, school: Browser) -> None:
    answer = school.post(
        address(world),
        data={"rows": f"{HEAD}\nA1;Zoë;3B;KB;3;2011-13"},
        headers={"accept-language": "nl"},
    )
    assert "Maand 13 bestaat niet" in answer.text


def test_columns_may_have_dutch_names_and_other_order(
    session: Session, world: World, school: Browser
) -> None:
    head = "Klas\tRoepnaam\tLeerlingnummer\tGeboortedatum\tLeerweg\tLeerjaar\tProfiel\tLievelingskleur"
    preview = paste(school, world, "3B\tZoë\tA1\t17-06-2011\tvmbo-kb\t3\tHBR\trood", head=head)
    assert "We do not use these columns: lievelingskleur" in preview.text
    assert "17-06-2011" not in preview.text
    confirm(school, world, preview)
    zoe = youths(session, world)["A1"]
    assert (zoe.birth, zoe.track, zoe.profile) == ("2011-06", "KB", "hbr")


def test_excel_comes_in(session: Session, world: World, school: Browser) -> None:
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD.split(";"))
        sheet.write_row(1, 0, [4711, "Zoë", "3B", "KB", 3, "2011-06"])
    confirm(school, world, upload(school, world, content.getvalue(), "klas.xlsx"))
    assert youths(session, world)["4711"].first_name == "Zoë"


def test_a_youth_moves_from_another_class_and_comes_back(
    session: Session, world: World, school: Browser
) -> None:
    old_class = make.make_class(session, world.school, name="2A", school_year="2025-2026")
    moved = make.make_youth(session, old_class, external_id="A1", first_name="Zoë")
    back = make.make_youth(session, world.school_class, external_id="A2", first_name="Sam")
    back.status = YouthStatus.LEFT
    session.add(back)
    preview = paste(school, world, "A1;Zoë;;;;2011-06", "A2;Sam;;;;2011-06")
    confirm(school, world, preview)
    session.refresh(moved)
    session.refresh(back)
    assert moved.class_id == world.school_class.id
    assert back.status is YouthStatus.ACTIVE


def test_a_number_of_another_school_is_somebody_else(session: Session, world: World, school: Browser) -> None:
    number = world.other_youth.external_id
    preview = paste(school, world, f"{number};Zoë;;;;2011-06")
    assert "Daan" not in preview.text
    confirm(school, world, preview)
    session.refresh(world.other_youth)
    assert world.other_youth.first_name == "Daan"
    assert youths(session, world)[number].first_name == "Zoë"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty"),
        (b"naam;geboren\nZoe;2011-06\n", "The column «external_id» is missing"),
        (HEAD.encode(), "only a line of column names"),
        (f"{HEAD};klas\nA;B;C;D;E;F;G\n".encode(), "Two columns both mean «class»"),
        (b"\x89PNG\x00\x00", "This is not a table we can read"),
        (HEAD.encode() + b"\nA1;Zoe;;;;2011-06" * 50_000, "more than 5000 rows"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_as_a_whole(
    session: Session, world: World, school: Browser, content: bytes, sentence: str
) -> None:
    answer = upload(school, world, content)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert len(youths(session, world)) == 2


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(world: World, school: Browser) -> None:
    answer = upload(school, world, b"x" * 3_000_000)
    assert answer.status_code == 413
    assert "larger than 2 MB" in answer.text


def test_nothing_chosen_is_told(world: World, school: Browser) -> None:
    answer = school.post(address(world), data={"rows": ""})
    assert answer.status_code == 422
    assert "Choose a file, or paste the list below" in answer.text


def test_what_was_pasted_is_kept_when_it_is_wrong(world: World, school: Browser) -> None:
    assert "naam;geboren" in school.post(address(world), data={"rows": "naam;geboren\nZ;1"}).text


def test_five_thousand_rows_come_in(session: Session, world: World, school: Browser) -> None:
    rows = [f"N{number};Zoë;;KB;3;2011-06" for number in range(5_000)]
    preview = upload(school, world, "\n".join([HEAD, *rows]).encode())
    assert "Can be used: 5000. Refused: 0." in preview.text
    assert confirm(school, world, preview).status_code == 303
    assert len(youths(session, world)) == 5_002


def test_json_brings_in_the_same_rows(session: Session, world: World, school: Browser) -> None:
    api = f"/api/v1{address(world)}"
    rows = [
        {"external_id": "A1", "first_name": "Zoë", "class": "3B", "birth_year_month": "2011-06"},
        {"external_id": "A2", "first_name": "Sam", "birth_year_month": "2011-13"},
    ]
    with speaking("en"):
        looked = school.post(api, json={"rows": rows, "only_look": True}).json()
    assert (looked["rows"], looked["used"], looked["refused_rows"], looked["new"]) == (2, 1, 1, 1)
    assert looked["refused"][0]["line"] == 2
    assert looked["refused"][0]["column"] == "birth_year_month"
    assert "There is no month 13" in looked["refused"][0]["reason"]
    assert len(looked["not_in_list"]) == 2
    assert "A1" not in youths(session, world)
    assert school.post(api, json={"rows": rows}).json()["new"] == 1
    assert "A1" in youths(session, world)
    assert school.post(api, json={"rows": [{"colour": "red"}]}).status_code == 422


def test_nobody_waits_while_a_list_is_read(
    session: Session, world: World, school: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A workbook may take seconds: who may send it is asked first, then the turn to write is given back."""
    seen: list[str] = []

    def let_go(page: Page) -> None:
        seen.append("let go")
        page.session.commit()
        monkeypatch.setattr(pages, "read_table", partial(read, page))

    def read(page: Page, name: str, content: bytes) -> Sheet:
        seen.append("held" if page.session.in_transaction() else "read")
        return read_table(name, content)

    monkeypatch.setattr(Page, "let_go", let_go)
    preview = paste(school, world, "A1;Zoë;3B;KB;3;2011-06")
    confirm(school, world, preview)
    assert seen == ["let go", "read"] * 2
    assert "A1" in youths(session, world)
