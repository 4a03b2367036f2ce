"""Lists as schools give them: whole free days come in, everything else is left out with a reason."""

from datetime import date

import pytest

from service.calendars.reading import Listed, read_free_days
from service.core.errors import Invalid

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
        "name;from;until\nHerfstvakantie;2026-10-17;2026-10-25\nStudiedag;2026-11-04;\n",
        "Naam;Van;Tot en met\nHerfstvakantie;17-10-2026;25-10-2026\nStudiedag;4-11-2026;4-11-2026\n",
        "\ufeffvakantie,begindatum,einddatum\nHerfstvakantie,17/10/2026,25/10/2026\nStudiedag,04.11.2026,\n",
    ],
    ids=["iso", "dutch", "marked"],
)
def test_a_table_is_read_as_people_write_it(text: str) -> None:
    found = read_free_days("vrij.csv", text.encode())
    assert [(one.name, str(one.starts_on), str(one.ends_on)) for one in found.periods] == [
        ("Herfstvakantie", "2026-10-17", "2026-10-25"),
        ("Studiedag", "2026-11-04", "2026-11-04"),
    ]


def test_bad_rows_are_left_out_one_by_one_with_their_line() -> None:
    rows = (
        "name;from;until",
        "A;2026-10-17;2026-10-25",
        "B;31-02-2027;",
        "C;2027-02-02;2027-02-01",
        ";2027-01-05;",
    )
    found = read_free_days("vrij.csv", "\n".join(rows).encode())
    assert [one.name for one in found.periods] == ["A"]
    assert [one.what for one in found.left_out] == ["3", "4", "5"]


def test_the_same_day_twice_is_one() -> None:
    assert len(read_free_days("rooster.ics", calendar(AUTUMN, AUTUMN)).periods) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"BEGIN:VCALENDAR\r\nnonsense",
        b"",
        b"a;b\n1;2\n",
        b"name;from\nA;soon\n",
        calendar(("Toetsweek", WHOLE_DAY)),
        b"BEGIN:VCALENDAR" + b"x" * 2_000_001,
    ],
    ids=["broken", "empty", "columns", "no-day", "nothing-free", "large"],
)
def test_a_file_without_a_free_day_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        read_free_days("file.csv", content)
    assert "file" in refused.value.by_field
