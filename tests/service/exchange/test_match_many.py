"""Few rows and many go different ways: the same bytes come out, and many are not held in memory."""

import random
from pathlib import Path

import pytest

from seeds.national import OFFER_COLUMNS, YOUTH_COLUMNS, make_country
from service.core.sheets import write_csv
from service.exchange import engine, writing
from tests.service.exchange.desk import Desk, Told, offer, youth

OPTIONS: tuple[tuple[str, ...], ...] = (
    (),
    ("--top", "3", "--weights", "0.2,0.3,0.5"),
    ("--weights", "0,1,0", "--seed", "81"),
    ("--weights", "1,0,0", "--backend", "threads", "--jobs", "2"),
    ("--top", "1", "--seed", "4"),
)


@pytest.mark.parametrize("round_", range(20))
def test_it_works(desk: Desk, monkeypatch: pytest.MonkeyPatch, round_: int) -> None:
    """Five problems a time, each by both ways: towns, so that there is a choice, and some from elsewhere."""
    for turn, options in enumerate(OPTIONS):
        write_town(desk.folder, seed=round_ * len(OPTIONS) + turn)
        few = outcome(desk, *options)
        with monkeypatch.context() as small:
            small.setattr(engine, "MOST_PAIRS_AT_ONCE", 0)
            many = outcome(desk, *options)
        assert many == few
        assert few[0].code == 0


def test_an_allocation_is_the_same_too(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    write_town(desk.folder, seed=7)
    options = ("--allocate", str(desk.folder / "allocation.csv"))
    # So it is made of the suggestions, and not of all that is possible.
    monkeypatch.setattr(engine, "MOST_PAIRS", 0)
    few = outcome(desk, *options), (desk.folder / "allocation.csv").read_bytes()
    monkeypatch.setattr(engine, "MOST_PAIRS_AT_ONCE", 0)

    assert (outcome(desk, *options), (desk.folder / "allocation.csv").read_bytes()) == few


def test_what_is_refused_is_told_also_of_many(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [youth(external_id=f"y{number}") for number in range(9)]
    desk.write([*rows, youth(external_id="y3"), youth(external_id="odd", pc4="0")], [offer(), offer(pc4="")])
    few = outcome(desk)
    monkeypatch.setattr(engine, "MOST_PAIRS_AT_ONCE", 0)

    assert outcome(desk) == few
    assert few[0].out.startswith("youths.csv: rows in 11, used 8, refused 3\n")


def test_a_file_of_many_that_is_no_table_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "MOST_PAIRS_AT_ONCE", 0)
    desk.write()
    desk.youths.write_text("external_id;pc4\nnoor;1068\n", "utf-8")

    told = desk.match()

    assert told.code == 2
    assert "youths.csv: These columns must be there too: birth." in told.err
    assert not desk.out.exists()


def test_a_workbook_that_is_too_small_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Excel has a million lines; what comes after would be left out without a word."""
    monkeypatch.setattr(writing, "MOST_LINES_OF_WORKBOOK", 1)
    desk.write([youth(), youth(external_id="other")])

    told = desk.match("--out", str(desk.folder / "matches.xlsx"), language="nl")

    assert told.code == 2
    assert "in een werkblad passen zo veel regels niet. Schrijf naar een .csv-bestand." in told.err
    assert desk.match().code == 0


def outcome(desk: Desk, *options: str) -> tuple[Told, bytes, bytes]:
    """What was said and what was written."""
    told = desk.match("--gaps", str(desk.folder / "gaps.csv"), *options)
    return told, desk.out.read_bytes(), (desk.folder / "gaps.csv").read_bytes()


def write_town(folder: Path, seed: int) -> None:
    chance = random.Random(seed)
    town = make_country(chance.randrange(1, 25), chance.randrange(1, 40), seed, municipality="Delft")
    elsewhere = make_country(chance.randrange(3), chance.randrange(3), seed)
    for name, columns, there, others in (
        ("youths", YOUTH_COLUMNS, town.youths, elsewhere.youths),
        ("offers", OFFER_COLUMNS, town.offers, elsewhere.offers),
    ):
        rows = [list(row) for row in there] + [[f"x{row[0]}", *row[1:]] for row in others]
        chance.shuffle(rows)
        (folder / f"{name}.csv").write_bytes(write_csv(columns, rows))
