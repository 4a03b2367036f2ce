"""Tables from bytes: every way a school's export comes in, and what is refused as a whole."""

import zipfile
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date
from io import BytesIO

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as some

from service.core import sheets, workbooks
from service.core.errors import TooMany
from service.core.i18n import Message, speaking
from service.core.sheets import UnreadableTable, open_table, read_table, write_csv, write_xlsx


def workbook(*rows: Sequence[object], top: int = 0) -> bytes:
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(rows, top):
            for position, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, position, cell, day)
                else:
                    sheet.write(number, position, cell)
    return content.getvalue()


def refusal(content: bytes, filename: str = "klas.csv") -> str:
    with pytest.raises(UnreadableTable) as refused:
        read_table(filename, content)
    return refused.value.sentence.source


def test_it_works() -> None:
    sheet = read_table("klas.csv", b"external_id;first_name\r\nL1;Noor\r\nL2; Ya\xc3\xafr \r\n")
    assert sheet.columns == ("external_id", "first_name")
    assert [(row.line, dict(row.cells)) for row in sheet.rows] == [
        (2, {"external_id": "L1", "first_name": "Noor"}),
        (3, {"external_id": "L2", "first_name": "Yaïr"}),
    ]


@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_each_delimiter_is_seen(mark: str) -> None:
    sheet = read_table("", f"a{mark}b\n1{mark}2\n".encode())
    assert dict(sheet.rows[0].cells) == {"a": "1", "b": "2"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_accents_survive_each_encoding(encoding: str) -> None:
    sheet = read_table("klas.csv", "voornaam;plaats\nZoë;Curaçao\n".encode(encoding))
    assert sheet.rows[0].get("voornaam") == "Zoë"
    assert sheet.rows[0].get("plaats") == "Curaçao"


def test_line_numbers_count_empty_and_folded_lines() -> None:
    sheet = read_table("klas.csv", b'a;b\n\n"1\n1";2\n3;4\n')
    assert [row.line for row in sheet.rows] == [3, 5]
    assert sheet.rows[0].get("a") == "1 1"


def test_column_names_do_not_depend_on_case_or_blanks() -> None:
    assert read_table("", b" First Name ;BIRTH-year_month\nNoor;2011-06\n").columns == (
        "first_name",
        "birth_year_month",
    )


def test_cells_without_a_column_are_kept() -> None:
    assert read_table("", b"a;b\n1;2;3;4\n").rows[0].get("") == "3 4"


def test_excel_is_read_whatever_its_name() -> None:
    sheet = read_table("klas.csv", workbook(["nummer", "maand"], [1068, date(2011, 6, 1)], ["L2", "x"]))
    assert [dict(row.cells) for row in sheet.rows] == [
        {"nummer": "1068", "maand": "2011-06-01"},
        {"nummer": "L2", "maand": "x"},
    ]


def test_excel_lines_count_the_empty_ones_above() -> None:
    assert read_table("", workbook(["a"], ["1"], top=3)).rows[0].line == 5


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"") == refusal(b"\n \n") == sheets.EMPTY.source
    assert refusal(workbook()) == sheets.EMPTY.source


def test_only_column_names_are_refused() -> None:
    assert refusal(b"a;b\n") == sheets.NO_ROWS.source


def test_fifty_thousand_rows_are_refused_with_the_limit() -> None:
    content = b"a\n" + b"1\n" * 50_000
    with pytest.raises(UnreadableTable) as refused:
        read_table("", content)
    with speaking("en"):
        assert "more than 5000 rows" in str(refused.value.sentence)
    assert len(read_table("", content, most_rows=None).rows) == 50_000


@pytest.mark.parametrize(
    "content",
    [b"\n a;B \n1;x\n;;\n2;y;z\n", workbook(["a", "B"], [1, "x"], [None, " "], [2, "y", "z"], top=2)],
)
def test_a_long_table_is_the_same_table_and_can_be_read_again(content: bytes) -> None:
    sheet, long_sheet = read_table("t.csv", content), open_table("t.csv", content)

    assert long_sheet.columns == sheet.columns == ("a", "b")
    assert tuple(long_sheet.rows) == tuple(long_sheet.rows) == sheet.rows
    assert [row.get("a") for row in sheet.rows] == ["1", "2"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", sheets.EMPTY), (b"a;b\n", sheets.NO_ROWS), (b"a\0b", sheets.NOT_A_TABLE), (b"a;a\n1;2\n", None)],
    ids=["empty", "no rows", "no table", "double column"],
)
def test_a_long_table_that_is_none_is_refused(content: bytes, sentence: Message | None) -> None:
    with pytest.raises(UnreadableTable) as refused:
        open_table("", content)
    assert refused.value.sentence.source == (sentence or sheets.DOUBLE_COLUMN).source


def test_too_many_rows_in_excel_are_refused() -> None:
    assert refusal(workbook(["a"], *([["1"] for _row in range(5_001)]))) == sheets.TOO_MANY_ROWS.source
    assert len(read_table("", workbook(["a"], *([["1"] for _row in range(5_000)]))).rows) == 5_000


def test_two_megabytes_is_the_limit() -> None:
    assert refusal(b"a" * 2_000_001) == sheets.TOO_LARGE.source


def test_a_column_that_is_there_twice_is_refused() -> None:
    assert refusal(b"naam;Naam\n1;2\n") == sheets.DOUBLE_COLUMN.source


def test_what_is_no_table_is_refused() -> None:
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("readme.txt", "no workbook")
    assert refusal(archive.getvalue(), "klas.xlsx") == sheets.NOT_A_TABLE.source
    assert refusal(b"PK\x03\x04 broken", "klas.xlsx") == sheets.NOT_A_TABLE.source
    assert refusal(b"\x89PNG\0\0\0\r\n") == sheets.NOT_A_TABLE.source
    assert refusal(b"\xd0\xcf\x11\xe0old") == sheets.OLD_EXCEL.source


@pytest.mark.parametrize(
    ("at", "wrong"),
    [
        # In the list of contents: the version that is needed to unpack, and a name said to be UTF-8.
        (b"PK\x01\x02\x14\x03\x14\x00", b"PK\x01\x02\x14\x03\xff\x00"),
        (b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x00\x08"),
    ],
    ids=["version", "name"],
)
def test_a_zip_of_another_time_is_refused_in_words(at: bytes, wrong: bytes) -> None:
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("name", b"")
    content = archive.getvalue().replace(at, wrong).replace(b"name", b"\xff\xff\xff\xff")
    assert content.count(wrong) == 1
    assert refusal(content, "klas.xlsx") == sheets.NOT_A_TABLE.source


def test_a_workbook_that_unpacks_without_end_is_refused() -> None:
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/worksheets/sheet1.xml", b"0" * (workbooks.LARGEST_UNPACKED + 1))
    assert len(archive.getvalue()) < sheets.LARGEST_BYTES
    assert refusal(archive.getvalue(), "klas.xlsx") == sheets.TOO_LARGE.source


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_formulas_become_text(start: str) -> None:
    formula = f'{start}HYPERLINK("x")'
    content = write_csv(["naam"], [[formula]]).decode("utf-8-sig")
    assert "'" + start in content
    assert sheets.harmless(formula) == "'" + formula
    with zipfile.ZipFile(BytesIO(write_xlsx("Klas", ["naam"], [[formula]]))) as book:
        assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()


def with_last_cell(content: bytes) -> bytes:
    """A word in the last cell of the last row: seventeen thousand million cells in five kilobytes."""
    cell = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    changed = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"</sheetData>", cell))
    return changed.getvalue()


def test_a_sheet_that_asks_for_all_memory_ends_its_reader_and_not_us() -> None:
    content = with_last_cell(workbook(["a"], ["x"]))
    assert len(content) < 10_000

    with pytest.raises(UnreadableTable) as refused:
        read_table("klas.xlsx", content)

    assert refused.value.sentence is sheets.NOT_A_TABLE


def test_one_long_text_in_every_cell_is_too_large() -> None:
    """It stands once in the file: kilobytes become gigabytes in the process that serves pages."""
    content = workbook(["a"] * 50, *([["x" * 400] * 50] * 300))
    assert len(content) < 100_000
    assert refusal(content) == sheets.TOO_LARGE.source
    assert len(workbooks.read_apart(workbook(["a"] * 50, *([["x" * 300] * 50] * 300)), 400)) == 301


def test_filled_cells_count_though_they_are_short() -> None:
    with pytest.raises(workbooks.TooLarge):
        workbooks.read_apart(workbook(*([["x"] * 200] * 2_501)), 5_000)


def test_only_a_few_workbooks_are_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_SECONDS", 0.001)
    with ExitStack() as stack:
        for _reader in range(workbooks.MOST_READERS):
            stack.enter_context(workbooks._readers)
        with pytest.raises(TooMany) as refused:
            read_table("", workbook(["a"], ["1"]))
    assert refused.value.message == sheets.OTHERS_ARE_READ
    monkeypatch.undo()
    assert read_table("", workbook(["a"], ["1"])).rows


def test_a_reader_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_SECONDS", 0.001)

    with pytest.raises(UnreadableTable):
        read_table("klas.xlsx", workbook(["a"], ["x"]))


def test_a_very_wide_row_loses_nothing() -> None:
    wide = ["x"] * (workbooks.MOST_CELLS + 50)

    row = read_table("klas.xlsx", workbook(["a", "b"], wide)).rows[0]

    assert (row.get("a"), row.get("b")) == ("x", "x")
    assert row.get("").split() == wide[2:]


def test_numbers_stay_numbers() -> None:
    assert write_csv(["a"], [[-5]]) == b"\xef\xbb\xbfa\r\n-5\r\n"
    assert read_table("", write_xlsx("3B: [kies]", ["a"], [[-5]])).rows[0].get("a") == "-5"


TIDY = some.text(
    some.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20
).filter(lambda text: not text.startswith("'"))


@given(some.lists(some.tuples(TIDY, TIDY), min_size=1, max_size=8))
def test_what_is_written_is_read_again(rows: list[tuple[str, str]]) -> None:
    for content in (write_csv(["a", "b"], rows), write_xlsx("x", ["a", "b"], rows)):
        assert [(row.get("a"), row.get("b")) for row in open_table("", content).rows] == rows
