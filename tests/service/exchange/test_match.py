"""`podium match`: two files in, the exact best of every youth out, the same whatever the order of rows."""

import csv
import os
import random
import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date, time
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from matching import Hazard, Kind, Offer, Problem, Profile, Seeker, Track, TravelMode
from seeds.national import OFFER_COLUMNS, YOUTH_COLUMNS, make_country
from service.exchange.columns import OFFERS, YOUTHS
from service.reference.catalogue import catalogue
from service.reference.engine import engine_places, engine_sectors, engine_tags
from tests.matching import oracle
from tests.service.exchange.desk import Desk, offer, youth

YOUTHS_OF_A_REGION = 1_000
OFFERS_OF_A_REGION = 250
MOST_SECONDS = 10
ON = date(2027, 1, 10)
SEED = 5


def test_it_works(desk: Desk) -> None:
    desk.write([youth()], [offer(), offer(external_id="bakery", tags="baker", pc4="1068")])

    told = desk.match()

    assert (told.code, told.err) == (0, "")
    assert told.out.splitlines() == [
        "youths.csv: rows in 1, used 1, refused 0",
        "offers.csv: rows in 2, used 2, refused 0",
        "suggestions: 2; youths with a suggestion: 1; with none: 0",
    ]
    # The second wish, 0.85 × 1.0 or × 0.8. Silent about talents: the weights are 0.45 / 0.7 and 0.25 / 0.7.
    # 2 km and a bit by bike: 15 minutes, 1 - 0.8 × (15 - 10) / (45 - 10).
    assert desk.out.read_bytes().decode("utf-8-sig").split("\r\n") == [
        "youth;rank;offer;score;sector;location;talent;minutes;reasons",
        "noor;1;kitchen;86.28;0.8500;0.8857;0.0000;15;wish_occupation|within_reach|no_talents_given",
        "noor;2;bakery;79.43;0.6800;1.0000;0.0000;10;wish_sector|near|no_talents_given",
        "",
    ]


def test_what_is_told_is_dutch_by_default(desk: Desk) -> None:
    desk.write()

    told = desk.match(language="nl")

    assert told.out.splitlines()[0] == "youths.csv: regels 1, gebruikt 1, geweigerd 0"


def test_only_the_required_columns_are_needed(desk: Desk) -> None:
    adult = {"external_id": "adult", "birth": "2006-01", "pc4": "1068AB"}
    visit = {
        "external_id": "coach",
        "organisation": "Buurthuis",
        "kind": "coach",
        "title": "Een coach",
        "pc4": "1064",
    }
    desk.write([adult], [visit])

    assert desk.match().code == 0
    assert [(match["youth"], match["offer"]) for match in desk.matches()] == [("adult", "coach")]


def test_the_list_is_as_long_as_asked(desk: Desk) -> None:
    desk.write([youth()], [offer(external_id=f"offer-{number}") for number in range(25)])

    desk.match()
    assert [match["rank"] for match in desk.matches()] == [str(rank) for rank in range(1, 21)]

    desk.match("--top", "3")
    assert len(desk.matches()) == 3


def test_weights_count(desk: Desk) -> None:
    desk.write([youth()], [offer(), offer(external_id="near", sectors="ICT", tags="", pc4="1068")])

    desk.match()
    assert desk.matches()[0]["offer"] == "kitchen"

    desk.match("--weights", "0,1,0")
    assert (desk.matches()[0]["offer"], desk.matches()[0]["score"]) == ("near", "100.00")


def test_the_lottery_number_decides_between_equals(desk: Desk) -> None:
    desk.write([youth()], [offer(external_id=f"offer-{number}") for number in range(10)])

    desk.match()
    first = [match["offer"] for match in desk.matches()]
    desk.match("--seed", "8")
    second = [match["offer"] for match in desk.matches()]

    assert sorted(first) == sorted(second)
    assert first != second


def test_who_has_nothing_is_told_why(desk: Desk) -> None:
    desk.write([youth(), youth(external_id="far", pc4="9711", wishes="")], [offer()])

    told = desk.match("--gaps", str(desk.folder / "gaps.csv"))

    assert "  far: It is too far away. (1 offer)" in told.out.splitlines()
    assert "  1 × It is too far away. [R-1]" in told.out.splitlines()
    gaps = (desk.folder / "gaps.csv").read_text("utf-8-sig").splitlines()
    assert gaps == ["youth;rule;offers;text", "far;R-1;1;It is too far away. (1 offer)"]


def test_without_offers_everybody_is_told_that(desk: Desk) -> None:
    desk.write([youth()], [offer(pc4="0999")])

    told = desk.match(language="nl")

    assert told.code == 0
    assert "  noor: Er is geen aanbod van deze soort in deze periode." in told.out
    assert desk.matches() == []


def test_workbooks_go_in_and_out(desk: Desk) -> None:
    desk.write()
    desk.match("--out", str(desk.folder / "matches.xlsx"))

    lines = CalamineWorkbook.from_path(str(desk.folder / "matches.xlsx")).get_sheet_by_index(0).to_python()

    assert lines[1][:4] == ["noor", 1, "kitchen", 86.28]
    before = (desk.folder / "matches.xlsx").read_bytes()
    desk.match("--out", str(desk.folder / "matches.xlsx"))
    assert (desk.folder / "matches.xlsx").read_bytes() == before


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--top", "0"), "Het aantal voorstellen moet 1 of meer zijn."),
        (("--weights", "0.5,0.5"), "De gewichten zijn drie getallen van 0 of meer, samen 1"),
        (("--weights", "0.5,0.4,0.3"), "De gewichten zijn drie getallen van 0 of meer, samen 1"),
        (("--weights", "1,-1,1"), "De gewichten zijn drie getallen van 0 of meer, samen 1"),
        (("--weights", "nan,0,1"), "De gewichten zijn drie getallen van 0 of meer, samen 1"),
        (("--weights", "veel"), "De gewichten zijn drie getallen van 0 of meer, samen 1"),
        (("--on", "gisteren"), "«gisteren» is geen datum. Schrijf hem als 2027-02-08."),
        (("--out", "matches.pdf"), "De naam van matches.pdf moet eindigen op .csv of .xlsx."),
        (("--gaps", "gaps"), "De naam van gaps moet eindigen op .csv of .xlsx."),
        (("--out", "/nowhere/at/all.csv"), "Het bestand /nowhere/at/all.csv kan niet worden geschreven."),
        (("--youths", "/nowhere/youths.csv"), "Het bestand /nowhere/youths.csv kan niet worden gelezen."),
    ],
)
def test_an_option_that_makes_no_sense(desk: Desk, options: tuple[str, str], sentence: str) -> None:
    desk.write()

    told = desk.match(*options, language="nl")

    assert told.code == 2
    assert told.err.startswith(f"podium: {sentence}")
    assert not desk.out.exists()


def test_the_columns_are_those_of_the_invented_country() -> None:
    # Its youths can come on every weekday.
    assert tuple(YOUTHS.columns) == (*YOUTH_COLUMNS, "weekdays", *YOUTHS.of_allocation)
    assert tuple(OFFERS.columns) == (*OFFER_COLUMNS, *OFFERS.of_allocation)


def test_every_column_is_documented() -> None:
    page = (Path(__file__).parents[3] / "docs" / "files.md").read_text("utf-8")
    documented = {line.partition("|")[2].partition("|")[0] for line in page.splitlines()}
    named = {name.strip("` ") for cell in documented for name in cell.split(",")}

    assert {*YOUTHS.columns, *OFFERS.columns} <= named


# A region of real size, through the command itself.

Region = tuple[list[tuple[str, ...]], list[tuple[str, ...]]]
Podium = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def region() -> Region:
    """A thousand invented youths and their hosts, all within Amsterdam, so that most pairs are in reach."""
    places = [place.pc4 for place in catalogue().postcodes.values() if place.municipality == "Amsterdam"]
    country = make_country(YOUTHS_OF_A_REGION, OFFERS_OF_A_REGION, seed=3)
    chance = random.Random(3)

    def moved(rows: Sequence[tuple[str, ...]], column: int) -> list[tuple[str, ...]]:
        return [(*row[:column], chance.choice(places), *row[column + 1 :]) for row in rows]

    return (
        moved(list(country.youths), YOUTH_COLUMNS.index("pc4")),
        moved(list(country.offers), OFFER_COLUMNS.index("pc4")),
    )


@pytest.fixture
def podium(tmp_path: Path) -> Podium:
    """The command as somebody types it, in a process of its own, without any setting."""

    def act(region: Region, out: str) -> subprocess.CompletedProcess[str]:
        for name, columns, rows in zip(
            ("youths", "offers"), (YOUTH_COLUMNS, OFFER_COLUMNS), region, strict=True
        ):
            with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([columns, *rows])
        plain = {
            name: value for name, value in os.environ.items() if not name.startswith(("PODIUM_", "PYTHON"))
        }
        # The second time nothing is compiled any more, as on a machine where it is installed.
        environment = plain | {"PYTHONPYCACHEPREFIX": str(tmp_path / "compiled")}
        return subprocess.run(
            [
                *(sys.executable, "-m", "service", "match"),
                *("--youths", tmp_path / "youths.csv", "--offers", tmp_path / "offers.csv"),
                *("--out", tmp_path / out, "--on", ON.isoformat(), "--seed", str(SEED)),
            ],
            cwd=Path(__file__).parents[3],
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
            timeout=300,
        )

    return act


def test_a_region_is_matched_in_time_and_exactly_in_any_order(
    region: Region, podium: Podium, tmp_path: Path
) -> None:
    told = podium(region, "matches.csv")

    assert "youths.csv: regels 1000, gebruikt 1000, geweigerd 0" in told.stdout
    assert "offers.csv: regels 250, gebruikt 250, geweigerd 0" in told.stdout

    youths, offers = ([*rows] for rows in region)
    random.Random(11).shuffle(youths)
    random.Random(12).shuffle(offers)
    before = seconds_of_children()
    podium((youths, offers), "shuffled.csv")
    assert seconds_of_children() - before < MOST_SECONDS
    assert (tmp_path / "shuffled.csv").read_bytes() == (tmp_path / "matches.csv").read_bytes()

    assert_best(region, tmp_path / "matches.csv", sample=random.Random(13).sample(region[0], 20))


def seconds_of_children() -> float:
    """Of the processor, so that a busy machine changes little; on a free one it is the time on the wall."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def assert_best(region: Region, out: Path, sample: list[tuple[str, ...]]) -> None:
    """The file holds exactly what brute force finds for these youths."""
    problem = Problem.of(
        seekers=[seeker_of(dict(zip(YOUTH_COLUMNS, row, strict=True))) for row in sample],
        offers=[offer_of(dict(zip(OFFER_COLUMNS, row, strict=True))) for row in region[1]],
        sectors=engine_sectors(),
        tags=engine_tags(),
        places=engine_places(),
        on=ON,
        seed=SEED,
    )
    expected = [
        (
            *(youth_id, rank, one.offer, one.minutes),
            *(f"{part:.4f}" for part in (one.sector, one.location, one.talent)),
            f"{one.score:.2f}",
        )
        for youth_id, best in oracle.answer(problem).items()
        for rank, one in enumerate(best, 1)
    ]
    assert len(expected) > 100
    wanted = {row[0] for row in sample}
    with out.open(encoding="utf-8-sig", newline="") as file:
        found = [
            (
                *(match["youth"], int(match["rank"]), match["offer"], int(match["minutes"])),
                *(match["sector"], match["location"], match["talent"], match["score"]),
            )
            for match in csv.DictReader(file, delimiter=";")
            if match["youth"] in wanted
        ]
    assert found == sorted(expected)


def listed(cell: str) -> list[str]:
    return cell.split("|") if cell else []


def seeker_of(row: dict[str, str]) -> Seeker:
    year, month = row["birth"].split("-")
    return Seeker(
        id=row["external_id"],
        pc4=row["pc4"],
        birth=(int(year), int(month)),
        track=Track(row["track"]) if row["track"] else None,
        profile=Profile(row["profile"]) if row["profile"] else None,
        crebo=row["crebo"] or None,
        level=int(row["level"]) if row["level"] else None,
        year=int(row["year"]) if row["year"] else None,
        modes=frozenset(TravelMode(mode) for mode in listed(row["travel"])),
        max_minutes=int(row["max_minutes"]) if row["max_minutes"] else None,
        wishes=tuple(listed(row["wishes"])),
        tags=frozenset(listed(row["tags"])),
    )


def offer_of(row: dict[str, str]) -> Offer:
    hazards = row["hazards"]
    return Offer(
        id=row["external_id"],
        kind=Kind(row["kind"]),
        pc4=row["pc4"],
        sectors=tuple(listed(row["sectors"])),
        tags=frozenset(listed(row["tags"])),
        positions=int(row["positions"]),
        starts_on=date.fromisoformat(row["from"]),
        ends_on=date.fromisoformat(row["until"]),
        hours_per_day=float(row["hours_per_day"]),
        starts_at=time.fromisoformat(row["starts_at"]),
        ends_at=time.fromisoformat(row["ends_at"]),
        weekdays=frozenset(int(weekday) for weekday in listed(row["weekdays"])),
        tracks=frozenset(Track(track) for track in listed(row["tracks"])),
        levels=frozenset(int(level) for level in listed(row["levels"])),
        crebos=frozenset(listed(row["crebos"])),
        hazards=frozenset(Hazard(code) for code in listed(hazards.strip("-"))) if hazards else None,
        supervised=row["supervised"] == "yes",
    )
