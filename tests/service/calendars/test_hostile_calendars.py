"""Files made to break something: refused in words, or read for what they are, within bounds."""

from datetime import date

import pytest

from service.calendars import reading
from service.calendars.reading import Listed, read_free_days
from service.core.errors import Invalid
from service.core.i18n import Message, speaking
from tests.conftest import Browser
from tests.service.calendars.test_read_free_days import AUTUMN, calendar
from tests.world import World

HOLIDAY = Listed("Herfstvakantie", date(2026, 10, 17), date(2026, 10, 25))
ZONE = """\
BEGIN:VTIMEZONE
TZID:{name}
BEGIN:STANDARD
DTSTART:16010101T000000
RRULE:FREQ=SECONDLY
TZOFFSETFROM:+0100
TZOFFSETTO:+9900
END:STANDARD
END:VTIMEZONE
"""


def refusal_of(content: bytes) -> Message:
    with pytest.raises(Invalid) as refused:
        read_free_days("rooster.ics", content)
    sentence = refused.value.by_field["file"]
    assert isinstance(sentence, Message)
    return sentence


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (calendar(AUTUMN) + b"X" * 50_000_000, reading.TOO_LARGE),
        (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\nEND:VEVENT\r\n" * 75_000, reading.TOO_MANY),
        (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 100_000, reading.TOO_MANY),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + b"SUMMARY:vakantie\r\n" * 50_000, reading.TOO_MANY),
        (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 5_000, reading.NOT_A_CALENDAR),
        (b"BEGIN:VCALENDAR\r\nEND:VEVENT\r\n", reading.NOTHING_FREE),
        (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VTIMEZONE\r\n" * 110_000, reading.NOT_A_CALENDAR),
        (b"BEGIN:VCALENDAR", reading.NOT_A_CALENDAR),
    ],
    ids=["large", "many", "deep", "lines", "not closed", "not opened", "zones", "cut off"],
)
def test_a_file_that_is_refused_as_a_whole(content: bytes, sentence: Message) -> None:
    assert refusal_of(content) is sentence
    for language in ("nl", "en"):
        with speaking(language):
            assert str(sentence)


@pytest.mark.parametrize(
    "lines",
    [
        "DTSTART;VALUE=DATE:20270301\nRRULE:FREQ=SECONDLY",
        "DTSTART;VALUE=DATE:20270301\nRRULE:FREQ=NONSENSE;INTERVAL=99999999999999999999",
        "DTSTART;VALUE=DATE:20270301\nRDATE;VALUE=DATE:20270401",
        "DTSTART;TZID=Mars/Olympus:20270301T000000",
        "DTSTART;TZID=Europe/Amsterdam:20270301T000000",
        "DTSTART;VALUE=DATE:00000000",
        "DTSTART;VALUE=DATE:00010101\nDTEND;VALUE=DATE:00010101",
        "DTSTART;VALUE=DATE:99991231\nDTEND;VALUE=DATE:99991231",
        "DTSTART;VALUE=DATE:20270301\nDURATION:P99999999999D",
        "DTSTART;VALUE=DATE:20270301\nDTEND;VALUE=DATE:20270201T",
        "DTSTART:\u202e20270301",
        "",
    ],
)
def test_one_bad_event_is_left_out_and_the_others_are_read(lines: str) -> None:
    found = read_free_days("rooster.ics", calendar(("Vakantie", lines), AUTUMN))

    assert found.periods == (HOLIDAY,)
    assert [one.what for one in found.left_out] == ["Vakantie"]


@pytest.mark.parametrize("name", ["Mars/Olympus", "Europe/Amsterdam", "Customized Time Zone"])
def test_a_time_zone_of_ones_own_changes_no_whole_day(name: str) -> None:
    zone = ZONE.format(name=name).replace("\n", "\r\n").encode()
    content = calendar(AUTUMN).replace(b"BEGIN:VEVENT", zone + b"BEGIN:VEVENT", 1)

    assert read_free_days("rooster.ics", content).periods == (HOLIDAY,)


def test_what_a_calendar_says_besides_is_not_read() -> None:
    """A picture, a guest list, and a name that goes on for ever over folded lines."""
    extra = b"ATTACH;ENCODING=BASE64:" + b"A" * 500_000 + b"\r\nATTENDEE;" + b"A=B;" * 100_000 + b":x\r\n"
    content = calendar(AUTUMN).replace(b"SUMMARY:Herfstvakantie", extra + b"SUMMARY:Herfst\r\n vakantie", 1)
    assert read_free_days("rooster.ics", content).periods == (HOLIDAY,)

    long = calendar(AUTUMN).replace(b"SUMMARY:Herfstvakantie", b"SUMMARY:Vakantie" + b"\r\n  a" * 100_000)
    (period,) = read_free_days("rooster.ics", long).periods
    assert len(period.name) == reading.LONGEST_NAME


def test_names_are_only_text() -> None:
    odd = "Vakantie <script>\\; DROP TABLE\\, 'x' \U0001f384 \u202e\u05d0"
    (period,) = read_free_days("rooster.ics", calendar((odd, "DTSTART;VALUE=DATE:20270301"))).periods

    assert period.name == "Vakantie <script>; DROP TABLE, 'x' \U0001f384 \u202e\u05d0"


def test_the_page_says_it_in_words(world: World, client: Browser) -> None:
    client.acting_as(world.teacher)
    files = {"file": ("rooster.ics", calendar(("Vakantie", "DTSTART;VALUE=DATE:99991231")), "text/calendar")}

    answer = client.post("/free-days/import", data={"school_id": str(world.school.id)}, files=files)

    assert answer.status_code == 422
    assert "There are no free days in this file." in answer.text


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "2101-01-01", "9999-12-31"])
def test_a_day_of_another_age_is_not_kept(world: World, client: Browser, day: str) -> None:
    client.acting_as(world.teacher)
    typed = {"school_id": str(world.school.id), "name": "Vrij", "starts_on": day}

    assert client.post("/free-days/periods", data=typed).status_code == 422


def test_a_zone_that_nobody_looks_up() -> None:
    """Of each event the name of a zone was looked up in files: thousands of them took seconds."""
    zones = ("Mars/Olympus", '"(GMT+01:00) Amsterdam"', "x" * 300)
    timed = [f"DTSTART;TZID={zone}:20270301T000000" for zone in zones]
    events = "".join(f"BEGIN:VEVENT\r\nSUMMARY:Studiedag\r\n{line}\r\nEND:VEVENT\r\n" for line in timed)
    found = read_free_days(
        "a.ics", calendar(AUTUMN).replace(b"END:VCALENDAR", events.encode() + b"END:VCALENDAR")
    )

    assert found.periods == (HOLIDAY,)
    assert {left.why.source for left in found.left_out} == {"It has a time, so it is not a whole day."}


def test_a_long_name_is_cut_where_it_may_be() -> None:
    name = "Herfstvakantie " + "\N{LATIN SMALL LETTER E WITH DIAERESIS}" * 400
    found = read_free_days("a.ics", calendar((name, AUTUMN[1])))

    assert [one.name for one in found.periods] == [name[: reading.LONGEST_NAME]]
