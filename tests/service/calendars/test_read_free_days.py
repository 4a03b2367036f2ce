"""Lists as schools give them: whole free days come in, everything else is left out with a reason."""

from datetime import date

import pytest

from service.calendars import reading
from service.calendars.reading import FreeList, Listed, read_free_days, written
from service.core.errors import Invalid
from service.core.i18n import speaking

CALENDAR = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//School//Rooster//NL
{events}END:VCALENDAR
"""
EVENT = """\
BEGIN:VEVENT
UID:{uid}@school.example
DTSTAMP:20260801T000000Z
{lines}
SUMMARY:{name}
END:VEVENT
"""


def calendar(*events: tuple[str, str]) -> bytes:
    written = "".join(
        EVENT.format(uid=uid, name=name, lines=lines) for uid, (name, lines) in enumerate(events)
    )
    return CALENDAR.format(events=written).replace("\n", "\r\n").encode()


WHOLE_DAY = "DTSTART;VALUE=DATE:20261104"
AUTUMN = ("Herfstvakantie", "DTSTART;VALUE=DATE:20261017\nDTEND;VALUE=DATE:20261026")


def test_it_works() -> None:
    found = read_free_days("rooster.ics", calendar(AUTUMN, ("Studiedag team", WHOLE_DAY)))
    assert found.periods == (
        Listed("Herfstvakantie", date(2026, 10, 17), date(2026, 10, 25)),
        Listed("Studiedag team", date(2026, 11, 4), date(2026, 11, 4)),
    )
    assert found.left_out == ()


@pytest.mark.parametrize(
    ("name", "lines", "why"),
    [
        ("Toetsweek 1", WHOLE_DAY, "does not say that it is a free day"),
        ("Ouderavond", "DTSTART:20261104T190000Z\nDTEND:20261104T210000Z", "does not say"),
        ("Studiedag", "DTSTART:20261104T080000Z\nDTEND:20261104T160000Z", "has a time"),
        ("Vrije dag", f"{WHOLE_DAY}\nRRULE:FREQ=WEEKLY", "repeats"),
        ("Vakantie", "DTSTART;VALUE=DATE:20260801\nDTEND;VALUE=DATE:20270801", "longer than ten weeks"),
    ],
)
def test_what_is_no_whole_free_day_is_left_out(name: str, lines: str, why: str) -> None:
    found = read_free_days("rooster.ics", calendar(AUTUMN, (name, lines)))
    assert len(found.periods) == 1
    (left,) = found.left_out
    assert left.what == name
    assert why in left.why.source


@pytest.mark.parametrize(
    "text",
    [
        "name;from;until\nHerfstvakantie;2026-10-17;2026-10-25\nStudiedag;2026-11-04;2026-11-04\n",
        "Naam;Van;Tot en met\nHerfstvakantie;17-10-2026;25-10-2026\nStudiedag;4-11-2026;4-11-2026\n",
        "\ufeffvakantie,begindatum,einddatum\nHerfstvakantie,17/10/2026,25/10/2026\nStudiedag,04.11.2026,4.11.2026\n",
    ],
    ids=["iso", "dutch", "marked"],
)
def test_a_table_is_read_as_people_write_it(text: str) -> None:
    found = read_free_days("vrij.csv", text.encode())
    assert [(one.name, str(one.starts_on), str(one.ends_on)) for one in found.periods] == [
        ("Herfstvakantie", "2026-10-17", "2026-10-25"),
        ("Studiedag", "2026-11-04", "2026-11-04"),
    ]


@pytest.mark.parametrize(
    "until",
    [
        "Tot",
        "T/m",
        "t/m",
        "tot en met",
        "Tot-en-met",
        "einde",
        "Eind",
        "einddatum",
        "end",
        "until",
        "to",
        "End date",
    ],
)
def test_the_last_day_is_read_whatever_its_column_is_called(until: str) -> None:
    """Else a holiday of two weeks would be one day, and nobody would hear of it."""
    found = read_free_days("vrij.csv", f"Vakantie;Van;{until}\nMeivakantie;24-04-2027;09-05-2027\n".encode())
    assert found.periods == (Listed("Meivakantie", date(2027, 4, 24), date(2027, 5, 9)),)
    assert found.wrong == ()


def test_without_a_column_for_the_last_day_each_line_is_one_day() -> None:
    found = read_free_days("vrij.csv", b"Naam;Datum\nStudiedag;04-11-2026\n")
    assert found.periods == (Listed("Studiedag", date(2026, 11, 4), date(2026, 11, 4)),)


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ("naam;van;laatste", "The column «laatste» is not known."),
        ("naam;van;tot;klas", "The column «klas» is not known."),
        ("naam;van;tot;einde", "The columns «tot» and «einde» say the same."),
        ("naam;begin;van", "The columns «begin» and «van» say the same."),
        ("naam;tot", "are needed; without «until» each line is one day."),
    ],
)
def test_no_column_is_passed_over(columns: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_free_days("vrij.csv", f"{columns}\nMei;24-04-2027;09-05-2027;3B\n".encode())
    with speaking("en"):
        assert sentence in str(refused.value.by_field["file"])


def test_bad_rows_are_told_one_by_one_with_their_line() -> None:
    rows = (
        "name;from;until",
        "A;2026-10-17;2026-10-25",
        "B;31-02-2027;2027-03-01",
        "C;2027-02-02;2027-02-01",
        ";2027-01-05;2027-01-05",
        "D;2027-01-05;",
        "E;2027-01-05;2027-01-05;2027-01-06",
    )
    found = read_free_days("vrij.csv", "\n".join(rows).encode())
    assert [one.name for one in found.periods] == ["A"]
    assert [(one.what, one.why) for one in found.wrong] == [
        ("3", reading.BAD_DAY),
        ("4", reading.WRONG_ORDER),
        ("5", reading.NO_NAME),
        ("6", reading.NO_LAST_DAY),
        ("7", reading.TOO_MANY_CELLS),
    ]
    assert found.left_out == ()


@pytest.mark.parametrize(
    "name", ["Mei", "Mei; juni, juli", '"Mei"', "=1+1", "- Mei", "Mei 'thuis'", "\u00c9\u00e9n dag"]
)
def test_what_is_written_is_read_back_the_same(name: str) -> None:
    """What somebody has agreed to goes round by the page."""
    periods = (
        Listed(name, date(2027, 4, 24), date(2027, 5, 9)),
        Listed("Studiedag", date(2027, 6, 1), date(2027, 6, 1)),
    )
    assert read_free_days("vrij.csv", written(periods).encode()) == FreeList(periods)


def test_the_same_day_twice_is_one() -> None:
    assert len(read_free_days("rooster.ics", calendar(AUTUMN, AUTUMN)).periods) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"BEGIN:VCALENDAR\r\nnonsense",
        b"",
        b"a;b\n1;2\n",
        calendar(("Toetsweek", WHOLE_DAY)),
        b"BEGIN:VCALENDAR" + b"x" * 2_000_001,
    ],
    ids=["broken", "empty", "columns", "nothing-free", "large"],
)
def test_a_file_without_a_free_day_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        read_free_days("file.csv", content)
    assert "file" in refused.value.by_field
