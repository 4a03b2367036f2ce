"""Bad input: each row that cannot be used is named with line, column and reason; nothing is lost unseen."""

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from service.core.i18n import speaking
from service.core.sheets import Sheet, SheetRow, open_table
from service.exchange.columns import YOUTHS
from service.exchange.reading import Account, read_offers, read_youths, stream_youths
from tests.service.exchange.desk import NOOR, Desk, as_csv, offer, youth

MANY_ROWS = 50_000
NO_POSTCODE = "«0999» is geen Nederlandse postcode. Schrijf vier cijfers zoals 1068, of 1068 AB."


def test_it_works(desk: Desk) -> None:
    desk.write([youth(), youth(external_id="yassin", birth="2011-13", pc4="0999")], [offer()])

    told = desk.match(language="nl")

    assert told.code == 0
    assert told.out.splitlines()[:3] == [
        "youths.csv: regels 2, gebruikt 1, geweigerd 1",
        "  regel 3, kolom birth: Maand 13 bestaat niet. Schrijf jaar en maand van geboorte als 2011-06.",
        f"  regel 3, kolom pc4: {NO_POSTCODE}",
    ]
    assert {match["youth"] for match in desk.matches()} == {"noor"}


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("external_id", "", "Deze cel is leeg. Vul hem in."),
        ("external_id", "x" * 81, "Dit is te lang. Er passen 80 tekens."),
        ("birth", "", "Deze cel is leeg. Vul hem in."),
        ("birth", "juni", "Schrijf jaar en maand van geboorte als 2011-06."),
        ("birth", "2345-06", "«2345-06» is geen maand. Schrijf jaar en maand, zoals 2011-06."),
        ("pc4", "10688", "«10688» is geen Nederlandse postcode."),
        ("pc4", "1000", "Postcode 1000 bestaat niet."),
        ("track", "havo", "«havo» is niet een van: BB, KB, GL, TL."),
        ("profile", "techniek", "«techniek» is niet een van: bwi, pie,"),
        ("crebo", "2518", "«2518» is geen crebo. Die heeft vijf cijfers."),
        ("level", "5", "«5» is geen getal van 1 tot en met 4."),
        ("year", "derde", "«derde» is geen getal van 1 tot en met 8."),
        ("travel", "bike|auto", "«auto» is niet een van: bike, ov, walk"),
        ("max_minutes", "-5", "«-5» is geen getal van 0 tot en met 240."),
        ("max_minutes", "9" * 5_000, f"«{'9' * 5_000}» is geen getal van 0 tot en met 240."),
        ("wishes", "cook|qxzvw", "We kennen het woord «qxzvw» niet. Kies een ander woord of een code."),
        ("wishes", "kok en bakker", "We kennen het woord «kok en bakker» niet. Bedoel je: Kok, Bakker?"),
        ("tags", "ICT|qxzvw", "We kennen het woord «qxzvw» niet."),
        ("kinds", "stage", "«stage» is niet een van: orientation_placement,"),
        ("from", "8-2-2027", "«8-2-2027» is geen datum. Schrijf hem als 2027-02-08."),
        ("until", "2027-02-30", "«2027-02-30» is geen datum."),
        ("until", "9999-12-31", "Vul een dag in tussen 1990 en 2100."),
    ],
)
def test_a_cell_of_a_youth_that_cannot_be_read(desk: Desk, column: str, cell: str, reason: str) -> None:
    desk.write([youth(external_id="fine"), youth(**{column: cell})])

    told = desk.match(language="nl")

    assert told.out.splitlines()[0] == "youths.csv: regels 2, gebruikt 1, geweigerd 1"
    assert told.out.splitlines()[1].startswith(f"  regel 3, kolom {column}: {reason}")


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("organisation", "", "This cell is empty. Fill it in."),
        ("kind", "placement", "«placement» is not one of: orientation_placement,"),
        ("title", "x" * 201, "This is too long: at most 200 characters."),
        ("sectors", "HORECA|zorgen", "«zorgen» is not one of: BOUW,"),
        ("positions", "", "This cell is empty. Fill it in."),
        ("positions", "0", "An offer without positions cannot be proposed."),
        ("positions", "veel", "«veel» is not a number from 1 to 10000."),
        ("hours_per_day", "25", "«25» is not a number from 0 to 24."),
        ("hours_per_day", "nan", "«nan» is not a number from 0 to 24."),
        ("starts_at", "25:00", "«25:00» is not a time. Write it as 09:30."),
        ("ends_at", "vijf uur", "«vijf uur» is not a time. Write it as 09:30."),
        ("weekdays", "ma|zondag", "«zondag» is not one of: ma, di,"),
        ("levels", "0", "«0» is not a number from 1 to 4."),
        ("crebos", "25180|x", "«x» is not a crebo. It has five digits."),
        ("hazards", "Z-18", "«Z-18» is not one of: Z-1,"),
        ("supervised", "misschien", "«misschien» is not one of: yes, no"),
        ("until", "2027-02-28", "The last day is before the first day."),
    ],
)
def test_a_cell_of_an_offer_that_cannot_be_read(desk: Desk, column: str, cell: str, reason: str) -> None:
    desk.write(offers=[offer(external_id="fine"), offer(**{column: cell})])

    told = desk.match()

    assert told.out.splitlines()[1] == "offers.csv: rows in 2, used 1, refused 1"
    assert told.out.splitlines()[2].startswith(f"  line 3, column {column}: {reason}")


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        ("pc4", "1068 ab", "1068"),
        ("pc4", "NL-1068AB", "1068"),
        ("birth", "06-2011", (2011, 6)),
        ("birth", "2011-06-17", (2011, 6)),
        ("track", "kb", "KB"),
        ("travel", "Fiets|ov|fiets", ("bike", "ov")),
        ("wishes", "kapster | zorg|Kok", ("hairdresser", "ZORG", "cook")),
        ("tags", "organiseren", ("organising",)),
    ],
)
def test_a_cell_is_read_as_people_write_it(column: str, cell: str, value: object) -> None:
    account = read_youths(sheet([youth(**{column: cell})]))

    assert account.used[0].values[column] == value


def test_the_time_and_the_hours_are_read_as_people_write_them() -> None:
    account = read_offers(sheet([offer(starts_at="8:30", ends_at="16:00", hours_per_day="6,5", hazards="")]))

    values = account.used[0].values
    assert (str(values["starts_at"]), values["hours_per_day"]) == ("08:30:00", 6.5)
    assert "hazards" not in values


def test_no_hazard_is_something_else_than_no_answer() -> None:
    account = read_offers(sheet([offer(hazards="-"), offer(external_id="open", hazards="")]))

    assert [row.values.get("hazards") for row in account.used] == [(), None]


def test_rows_with_one_id_are_all_refused(desk: Desk) -> None:
    """Whichever stands first: the order of rows decides nothing."""
    desk.write([youth(), youth(pc4="1012"), youth(external_id="yassin")])

    told = desk.match(language="nl")

    assert told.out.splitlines()[:3] == [
        "youths.csv: regels 3, gebruikt 1, geweigerd 2",
        "  regel 2, kolom external_id: «noor» staat ook op regel 3. Elke regel heeft een eigen id nodig.",
        "  regel 3, kolom external_id: «noor» staat ook op regel 2. Elke regel heeft een eigen id nodig.",
    ]


def test_unknown_columns_are_reported(desk: Desk) -> None:
    desk.write([youth(school="Sloterwaard College")])

    told = desk.match(language="nl")

    assert told.out.splitlines()[1] == "  kolom school: onbekend, niet gebruikt"
    assert "geweigerd 0" in told.out.splitlines()[0]


def test_a_column_without_a_name_is_reported(desk: Desk) -> None:
    desk.write()
    desk.youths.write_text("external_id;;birth;pc4\nnoor;iets;2011-06;1068\n", "utf-8")

    assert desk.match().out.splitlines()[1] == "  column (2): not known, left out"


def test_a_cell_too_many_is_no_silent_loss(desk: Desk) -> None:
    desk.write()
    desk.youths.write_text("external_id,birth,pc4\nnoor,2011-06,1068,cook\n", "utf-8")

    told = desk.match()

    assert told.out.splitlines()[1].startswith("  line 2, column (4): This line has more cells than")
    assert desk.matches() == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Dit bestand is leeg."),
        (b"\n\n", "Dit bestand is leeg."),
        (b"external_id;birth;pc4\n", "Er staat alleen een regel met kolomnamen."),
        (b"external_id;birth\nnoor;2011-06\n", "Deze kolommen ontbreken: pc4. Voeg ze toe."),
        (b"naam\nNoor\n", "Deze kolommen ontbreken: external_id, birth, pc4. Voeg ze toe."),
        (b"external_id;birth;pc4;pc4\nnoor;2011-06;1068;1069\n", "De kolom «pc4» staat er twee keer in."),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "Dit is geen tabel die we kunnen lezen."),
    ],
)
def test_a_file_that_is_no_table(desk: Desk, content: bytes, sentence: str) -> None:
    desk.write()
    desk.youths.write_bytes(content)

    told = desk.match(language="nl")

    assert (told.code, told.out) == (2, "")
    assert told.err.startswith(f"podium: {desk.youths}: {sentence}")
    assert not desk.out.exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_text_in_any_usual_form(desk: Desk, encoding: str, delimiter: str) -> None:
    desk.write()
    desk.youths.write_bytes(as_csv([youth(external_id="Zoë")], delimiter).encode(encoding))

    assert desk.match().code == 0
    assert desk.matches()[0]["youth"] == "Zoë"


def test_a_workbook(desk: Desk) -> None:
    desk.write()
    with xlsxwriter.Workbook(desk.youths) as book:
        page = book.add_worksheet()
        for number, row in enumerate(
            [dict(zip(NOOR, NOOR, strict=True)), youth(), youth(external_id="x", pc4="1")]
        ):
            page.write_row(number, 0, list(row.values()))

    told = desk.match()

    assert told.out.splitlines()[0] == "youths.csv: rows in 2, used 1, refused 1"
    assert told.out.splitlines()[1].startswith("  line 3, column pc4: ")


def test_many_rows_are_no_trouble() -> None:
    """The limit of 5,000 is for uploads."""
    rows = [youth(external_id=str(number)) for number in range(MANY_ROWS)]
    rows[7]["birth"] = rows[8]["external_id"] = ""

    account = read_youths(sheet(rows))

    assert (account.rows_in, len(account.used), account.rows_refused) == (MANY_ROWS, MANY_ROWS - 2, 2)


@given(st.lists(st.fixed_dictionaries({name: st.text(max_size=8) for name in YOUTHS.columns}), max_size=6))
def test_rows_in_are_rows_used_and_rows_refused(rows: list[dict[str, str]]) -> None:
    account = read_youths(sheet(rows))

    lines = {refusal.line for refusal in account.refusals}
    assert account.rows_in == len(account.used) + account.rows_refused == len(rows)
    assert not lines & {row.line for row in account.used}
    for language in ("nl", "en"):
        with speaking(language):
            assert all(str(refusal.reason) for refusal in account.refusals)


def sheet(rows: list[dict[str, str]]) -> Sheet:
    columns = tuple(rows[0]) if rows else tuple(YOUTHS.columns)
    return Sheet(columns, tuple(SheetRow(line, row) for line, row in enumerate(rows, 2)))


def test_rows_that_pass_one_by_one_are_those_that_are_held() -> None:
    content = as_csv(
        [youth(), youth(external_id="yassin", birth="2011-13"), youth(external_id="sam")]
    ).encode()
    account = Account()

    passed = list(stream_youths(open_table("youths.csv", content), account))

    held = read_youths(open_table("youths.csv", content))
    assert [row.values["external_id"] for row in passed] == ["noor", "sam"]
    assert passed == held.used
    assert (account.rows_in, account.rows_refused, account.refusals) == (3, 1, held.refusals)
