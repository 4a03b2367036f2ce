"""`podium schedule`: appointments, stands and rooms in files; a timetable in a file, with its certificate."""

import csv
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from service.cli import run
from tests.service.exchange.desk import Row, Told, as_csv

APPOINTMENTS = (
    {"youth": "noor", "stand": "bakery"},
    {"youth": "noor", "stand": "garage"},
    {"youth": "sem", "stand": "bakery"},
    {"youth": "sem", "stand": "garage"},
)


class Day:
    """A folder with the files of a day of meetings, and the command on them."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capture = folder, capture

    def file(self, name: str, rows: Sequence[Row]) -> str:
        path = self.folder / name
        path.write_text(as_csv(rows), "utf-8")
        return str(path)

    def schedule(
        self, *options: str, appointments: Sequence[Row] = APPOINTMENTS, language: str = "en"
    ) -> Told:
        files = ("--appointments", self.file("appointments.csv", appointments))
        out = ("--out", str(self.folder / "timetable.csv"), "--language", language)
        code = run(("schedule", *files, *out, *options))
        said = self._capture.readouterr()
        return Told(code, said.out, said.err)

    def meetings(self) -> list[dict[str, str]]:
        lines = (self.folder / "timetable.csv").read_text("utf-8-sig").splitlines()
        return list(csv.DictReader(lines, delimiter=";"))


@pytest.fixture
def day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Day:
    return Day(tmp_path, capsys)


def test_it_works(day: Day) -> None:
    told = day.schedule()

    assert (told.code, told.err) == (0, "")
    assert {(row["youth"], row["stand"]) for row in day.meetings()} == {
        (one["youth"], one["stand"]) for one in APPOINTMENTS
    }
    assert set(Counter((row["youth"], row["round"]) for row in day.meetings()).values()) == {1}
    assert set(Counter((row["stand"], row["round"]) for row in day.meetings()).values()) == {1}
    assert told.out.splitlines() == [
        "appointments.csv: rows in 4, used 4, refused 0",
        "timetable: 4 meetings of 2 youths at 2 stands",
        "  rounds: 2; fewer is impossible, for these need them all: noor, sem, bakery and garage",
        "Checked: nobody is twice at once or expected when away, and no stand receives too many.",
    ]


def test_the_certificate_is_told_in_dutch(day: Day) -> None:
    told = day.schedule(appointments=APPOINTMENTS[:1], language="nl").out.splitlines()

    assert told[1:3] == [
        "rooster: 1 ontmoeting van 1 jongere bij 1 stand",
        "  rondes: 1; minder kan niet, want deze hebben ze allemaal nodig: noor en bakery",
    ]
    assert told[3].startswith("Nagekeken: niemand is op twee plekken tegelijk")


def test_rooms_and_how_far_they_are_shorten_the_walk(day: Day) -> None:
    """One who goes to all four: the hall twice in a row, and the attic not in between."""
    stands = [
        {"stand": "bakery", "room": "hall", "capacity": "2"},
        {"stand": "garage", "room": "attic", "capacity": "2"},
        {"stand": "salon", "room": "hall", "capacity": "2"},
    ]
    rooms = [{"room": "hall", "other": "attic", "walk": "5"}]
    appointments = [{"youth": "noor", "stand": name} for name in ("bakery", "garage", "salon")]

    told = day.schedule(
        "--stands", day.file("stands.csv", stands), "--rooms", day.file("rooms.csv", rooms),
        appointments=appointments,
    )  # fmt: skip

    assert told.code == 0
    in_order = [row["room"] for row in sorted(day.meetings(), key=lambda row: int(row["round"]))]
    assert in_order in (["hall", "hall", "attic"], ["attic", "hall", "hall"])
    assert "  walk of all together: 5; less is impossible" in told.out.splitlines()


def test_who_comes_late_or_has_a_break_is_not_expected_then(day: Day) -> None:
    youths = [
        {"youth": "noor", "from_round": "2", "until_round": "", "away": "3"},
        {"youth": "sem", "from_round": "", "until_round": "3", "away": ""},
    ]

    told = day.schedule("--youths", day.file("youths.csv", youths))

    assert told.code == 0
    rounds = {
        name: {int(row["round"]) for row in day.meetings() if row["youth"] == name}
        for name in ("noor", "sem")
    }
    assert rounds["noor"] == {2, 4}
    assert max(rounds["sem"]) <= 3
    assert "  rounds: 4; fewer is impossible, for these need them all: noor" in told.out.splitlines()


def test_a_stand_receives_as_many_at_once_as_it_can(day: Day) -> None:
    stands = [{"stand": "bakery", "capacity": "2"}, {"stand": "garage", "capacity": "2"}]
    appointments = [{"youth": f"y{number}", "stand": "bakery"} for number in range(4)]

    day.schedule("--stands", day.file("stands.csv", stands), appointments=appointments)

    assert Counter(row["round"] for row in day.meetings()) == {"1": 2, "2": 2}


def test_a_workshop_takes_several_rounds(day: Day) -> None:
    day.schedule(appointments=[{"youth": "noor", "stand": "bakery", "times": "3"}])

    assert [row["round"] for row in day.meetings()] == ["1", "2", "3"]


def test_a_timetable_can_be_given_as_locks(day: Day) -> None:
    day.schedule()
    before = {(row["youth"], row["stand"], row["round"]) for row in day.meetings()}
    locks = day.folder / "locks.csv"
    locks.write_bytes((day.folder / "timetable.csv").read_bytes())
    later = [*APPOINTMENTS, {"youth": "mila", "stand": "bakery"}]

    told = day.schedule("--locks", str(locks), appointments=later)

    assert told.code == 0
    assert before < {(row["youth"], row["stand"], row["round"]) for row in day.meetings()}


def test_the_order_of_rows_changes_nothing(day: Day) -> None:
    day.schedule("--seed", "3")
    first = (day.folder / "timetable.csv").read_bytes()

    day.schedule("--seed", "3", appointments=APPOINTMENTS[::-1])

    assert (day.folder / "timetable.csv").read_bytes() == first


def test_a_name_that_has_no_appointment_is_told(day: Day) -> None:
    youths = [{"youth": "nora", "from_round": "2"}]

    told = day.schedule("--youths", day.file("youths.csv", youths))

    assert told.code == 0
    assert "  without an appointment: nora" in told.out.splitlines()


# What cannot be


def refused(told: Told) -> list[str]:
    assert told.code == 2
    return told.err.splitlines()


@pytest.mark.parametrize(
    ("language", "place"),
    [("en", "appointments.csv, lines 2 and 3"), ("nl", "appointments.csv, regels 2 en 3")],
)
def test_too_few_rounds_name_the_lines(day: Day, language: str, place: str) -> None:
    lines = refused(day.schedule("--rounds", "1", language=language))

    assert lines[1].startswith(f"  noor ({place}) ")
    assert not (day.folder / "timetable.csv").exists()


def test_what_cannot_all_take_place_names_the_appointments(day: Day) -> None:
    youths = [{"youth": "noor", "until_round": "1"}, {"youth": "sem", "until_round": "1"}]
    stands = [{"stand": "bakery"}, {"stand": "garage"}]
    appointments = [APPOINTMENTS[0], APPOINTMENTS[2]]

    files = ("--youths", day.file("youths.csv", youths), "--stands", day.file("stands.csv", stands))
    lines = refused(day.schedule(*files, appointments=appointments))

    assert lines[1:] == [
        "  noor/bakery (appointments.csv, line 2) cannot be kept together with the others named here.",
        "  sem/bakery (appointments.csv, line 3) cannot be kept together with the others named here.",
    ]


def test_a_stand_that_is_not_in_the_file_of_stands_is_refused(day: Day) -> None:
    stands = [{"stand": "bakkery"}, {"stand": "garage"}]

    lines = refused(day.schedule("--stands", day.file("stands.csv", stands)))

    assert lines[1] == "  noor/bakery (appointments.csv, line 2): the stand is not in the file of stands."


def test_locks_and_rooms_that_contradict_are_refused_with_their_lines(day: Day) -> None:
    locks = [
        {"youth": "noor", "stand": "bakery", "round": "1"},
        {"youth": "noor", "stand": "garage", "round": "1"},
    ]
    rooms = [{"room": "hall", "other": "attic", "walk": "5"}, {"room": "attic", "other": "hall", "walk": "6"}]

    lines = refused(
        day.schedule("--locks", day.file("locks.csv", locks), "--rooms", day.file("rooms.csv", rooms))
    )

    assert "  noor/bakery/1 (locks.csv, line 2) is locked, with another meeting in the same round." in lines
    assert any(line.startswith("  hall/attic (rooms.csv, lines 2 and 3)") for line in lines)


def test_the_same_twice_is_refused(day: Day) -> None:
    stands = [{"stand": "bakery"}, {"stand": "garage", "capacity": "2"}, {"stand": "garage", "capacity": "3"}]
    rooms = [{"room": "hall", "other": "attic", "walk": "5"}, {"room": "hall", "other": "attic", "walk": "6"}]

    twice = refused(day.schedule(appointments=[*APPOINTMENTS, APPOINTMENTS[0]]))
    of_stands = refused(day.schedule("--stands", day.file("stands.csv", stands)))
    of_rooms = refused(day.schedule("--rooms", day.file("rooms.csv", rooms)))

    assert "  noor/bakery (appointments.csv, lines 2 and 6) is there more than once (appointment)." in twice
    assert "  garage (stands.csv, lines 3 and 4) is there more than once (id)." in of_stands
    assert "  hall/attic (rooms.csv, lines 2 and 3) is there more than once (walk)." in of_rooms


def test_a_row_that_cannot_be_read_stops_everything(day: Day) -> None:
    """A timetable without that row would be another one."""
    appointments = [*APPOINTMENTS, {"youth": "mila", "stand": "bakery", "times": "many"}]

    told = day.schedule(appointments=appointments)

    assert told.code == 2
    assert "  line 6, column times: «many» is not a number from 1 to 100." in told.out.splitlines()
    assert "Mend the rows that were refused, or take them out" in told.err
    assert not (day.folder / "timetable.csv").exists()


def test_of_many_who_need_all_rounds_the_first_are_named(day: Day) -> None:
    appointments = [{"youth": f"y{number}", "stand": f"s{number}"} for number in range(4)]

    told = day.schedule(appointments=appointments)

    assert told.out.splitlines()[2].endswith("need them all: y0, y1, y2, y3, s0 and 3 more")


def test_out_of_time_it_says_so(day: Day) -> None:
    youths, appointments = full_day()

    files = ("--youths", day.file("youths.csv", youths), *stands_for_five(day))
    told = day.schedule(*files, "--limit", "0", appointments=appointments).out.splitlines()

    assert told[-3] == "  rounds: 6; at least 5 are needed"
    assert told[-1] == "After 0 seconds time was up: every rule is kept, but better may be possible."


def test_out_of_time_there_may_be_no_timetable(day: Day) -> None:
    """Two come to one stand in the one round they are there: that is not seen in no time."""
    youths, appointments = full_day()
    youths += [{"youth": "noor", "until_round": "1"}, {"youth": "sem", "until_round": "1"}]
    appointments += [APPOINTMENTS[0], APPOINTMENTS[2]]

    told = day.schedule(
        *("--youths", day.file("youths.csv", youths), "--rounds", "5", "--limit", "0"),
        *stands_for_five(day, "bakery"),
        appointments=appointments,
    )

    assert refused(told) == ["podium: In 0 seconds no timetable was found, and no proof that there is none."]


def stands_for_five(day: Day, *for_one: str) -> tuple[str, str]:
    rows = [{"stand": f"s{number}", "capacity": "5"} for number in range(20)]
    return "--stands", day.file("stands.csv", [*rows, *({"stand": name} for name in for_one)])


def full_day() -> tuple[list[Row], list[Row]]:
    """A hundred youths with breaks at twenty full stands; it fits in five rounds, but that takes a search."""
    draw = random.Random(1)
    room = Counter({(stand, number): 5 for stand in range(20) for number in range(1, 6)})
    youths: list[Row] = []
    appointments: list[Row] = []
    for name in (f"y{row}" for row in range(100)):
        away = draw.randint(1, 5) if draw.random() < 0.5 else 0
        youths.append({"youth": name, "away": str(away) if away else ""})
        met: set[int] = set()
        for number in range(1, 6):
            free = [stand for stand in range(20) if room[stand, number] and stand not in met]
            if number != away and free:
                stand = draw.choice(free)
                room[stand, number] -= 1
                met.add(stand)
                appointments.append({"youth": name, "stand": f"s{stand}"})
    return youths, appointments


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--rounds", "0", "The number of rounds must be from 1 to 100."),
        ("--limit", "nan", "The limit must be 0 seconds or more."),
        ("--out", "timetable.txt", "must end in .csv or .xlsx"),
        ("--stands", "nowhere.csv", "cannot be read"),
    ],
)
def test_an_option_that_makes_no_sense_is_refused(day: Day, option: str, value: str, sentence: str) -> None:
    told = day.schedule(option, value)

    assert told.code == 2
    assert sentence in told.err
