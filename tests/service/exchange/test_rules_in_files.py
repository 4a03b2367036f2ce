"""What the files ask of an allocation: minima, caps, groups, and how many each youth wants."""

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from matching import Fault
from service.core.i18n import speaking
from service.core.sheets import Sheet, SheetRow
from service.exchange import engine
from service.exchange.columns import OFFERS, YOUTHS
from service.exchange.faults import fault_sentence
from service.exchange.places import Places
from service.exchange.reading import Account, read_offers, read_youths
from tests.service.exchange.desk import Desk, Row, offer, youth
from tests.service.exchange.test_allocate import allocate, pairs_file, rows

COOK = {"wishes": "cook", "pc4": "1064"}
LAST = {"from": "2027-04-05", "until": "2027-04-09"}


def cook(name: str, **changes: str) -> Row:
    return youth(external_id=name, **(COOK | changes))


def place(name: str, host: str, **changes: str) -> Row:
    return offer(external_id=name, organisation=host, **changes)


def given_to(desk: Desk) -> dict[str, set[str]]:
    found = defaultdict(set)
    for row in rows(desk):
        if row["offer"]:
            found[row["offer"]].add(row["youth"])
    return found


def test_a_minimum_is_kept(desk: Desk) -> None:
    bakery = place("bakery", "Bakker", tags="baker", minimum="2")
    desk.write([cook(name) for name in ("noor", "sem", "mila")], [offer(positions="3"), bakery])

    told = allocate(desk)

    assert (told.code, told.err) == (0, "")
    assert len(given_to(desk)["bakery"]) == 2
    assert "locked pairs and minima that are kept: 2; more is impossible" in told.out


def test_a_host_has_no_more_than_its_cap_over_all_its_offers(desk: Desk) -> None:
    kitchens = [
        place("kitchen", "De Plas", host_cap="2"),
        place("terrace", "De Plas"),
        place("tuesdays", "De Plas", kind="hands_on_day"),
    ]
    desk.write([cook(name) for name in ("noor", "sem", "mila", "yara")], kitchens)

    allocate(desk)

    assert sum(map(len, given_to(desk).values())) == 2


def test_who_goes_together_has_the_same_offer(desk: Desk) -> None:
    singles = [place(f"single-{number}", f"Host {number}", positions="1") for number in range(3)]
    desk.write(
        [cook("noor", together="friends"), cook("sem", together="friends"), cook("mila")],
        [*singles, place("pair", "Bakker", tags="baker")],
    )

    allocate(desk)

    assert given_to(desk)["pair"] == {"noor", "sem"}
    assert sum(map(len, given_to(desk).values())) == 3


def test_who_goes_apart_has_another_organisation(desk: Desk) -> None:
    desk.write(
        [cook("noor", apart="x|y"), cook("sem", apart="x"), cook("mila", apart="y")],
        [place("kitchen", "De Plas"), place("terrace", "De Plas"), place("bakery", "Bakker", tags="baker")],
    )

    allocate(desk)

    found = {name: {offer_id == "bakery"} for offer_id, names in given_to(desk).items() for name in names}
    assert len(found) == 3
    assert found["sem"] == found["mila"] != found["noor"]


def test_who_has_nothing_because_of_his_group_reads_so(desk: Desk) -> None:
    desk.write([cook("noor", apart="x"), cook("sem", apart="x")], [offer()])

    told = allocate(desk)

    (left_out,) = [row for row in rows(desk) if row["outcome"] == "left_out"]
    assert (left_out["reason"], left_out["text"]) == (
        "group",
        "With its group no more was possible, or an earlier aim puts others first.",
    )
    assert "1 youth: without, because of who must go together or apart, or because an earlier" in told.out
    assert "then everybody can have one" not in told.out


def test_each_youth_may_want_another_number(desk: Desk) -> None:
    desk.write(
        [cook("noor", wanted="2"), cook("sem")],
        [
            offer(),
            place("bakery", "Bakker", **LAST),
            place("butcher", "Slager", **{**LAST, "until": "2027-04-06"}),
        ],
    )

    allocate(desk)
    assert Counter(row["youth"] for row in rows(desk)) == {"noor": 2, "sem": 1}

    allocate(desk, "--wanted", "2")
    assert Counter(row["youth"] for row in rows(desk)) == {"noor": 2, "sem": 2}


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "  column minimum: only used with --allocate, left out"),
        ("nl", "  kolom minimum: telt alleen mee met --allocate, niet gebruikt"),
    ],
)
def test_without_an_allocation_these_columns_are_said_to_be_left_out(
    desk: Desk, language: str, told: str
) -> None:
    desk.write(
        [cook("noor", together="a", apart="b", wanted="2", credit="1")], [offer(minimum="1", host_cap="5")]
    )

    lines = desk.match(language=language).out.splitlines()
    assert len([line for line in lines if "--allocate" in line]) == 6
    assert told in lines

    assert "--allocate" not in allocate(desk, "--policy", "total", language=language).out


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("minimum", "-1", "«-1» is geen getal van 0 tot en met 10000."),
        ("host_cap", "veel", "«veel» is geen getal van 0 tot en met 10000."),
        ("wanted", "0", "«0» is geen getal van 1 tot en met 20."),
        ("wanted", "21", "«21» is geen getal van 1 tot en met 20."),
        ("credit", "256", "«256» is geen getal van 0 tot en met 255."),
        ("together", "x" * 81, "Dit is te lang. Er passen 80 tekens."),
        ("apart", f"a|{'x' * 81}", "Dit is te lang. Er passen 80 tekens."),
    ],
)
def test_a_cell_that_cannot_be_read(desk: Desk, column: str, cell: str, reason: str) -> None:
    is_youths = column in YOUTHS.columns
    assert is_youths != (column in OFFERS.columns)
    changes = {column: cell}
    if is_youths:
        desk.write([cook("fine"), cook("noor", **changes)])
    else:
        desk.write(offers=[offer(external_id="fine"), offer(**changes)])

    assert f"  regel 3, kolom {column}: {reason}" in desk.match(language="nl").out.splitlines()


def test_caps_of_one_organisation_that_differ_are_refused(desk: Desk) -> None:
    desk.write(
        [cook("noor")],
        [
            place("kitchen", "De Plas", host_cap="3"),
            place("bakery", "Bakker", host_cap="3"),
            place("terrace", "De Plas", host_cap="5"),
            place("canteen", "De Plas", host_cap=""),
        ],
    )

    lines = desk.match("--allocate", str(desk.folder / "allocation.csv")).out.splitlines()

    assert lines[1] == "offers.csv: rows in 4, used 1, refused 3"
    for number, line in enumerate((2, 4, 5), 2):
        assert lines[number] == (
            f"  line {line}, column host_cap: An organisation has one cap, and here it is 3 on line 2 and 5"
            " on line 4. Write the same in each of its rows, or in one."
        )
    assert set(given_to(desk)) == {"bakery"}


# What cannot be.


def refused(desk: Desk, *options: str, language: str) -> list[str]:
    told = allocate(desk, *options, language=language)
    assert told.code == 2
    assert not (desk.folder / "allocation.csv").exists()
    return told.err.splitlines()


@pytest.mark.parametrize(
    ("language", "minimum", "told"),
    [
        ("en", "2", "kitchen (offers.csv, line 2): fewer youths can come than its minimum asks."),
        ("nl", "2", "kitchen (offers.csv, regel 2): er kunnen minder jongeren komen dan het minimum vraagt."),
        ("en", "3", "kitchen (offers.csv, line 2): the minimum is larger than the maximum."),
        ("nl", "3", "kitchen (offers.csv, regel 2): het minimum is groter dan het maximum."),
    ],
)
def test_an_impossible_minimum(desk: Desk, language: str, minimum: str, told: str) -> None:
    desk.write([cook("noor")], [offer(minimum=minimum)])

    assert f"  {told}" in refused(desk, language=language)


def test_minima_that_cannot_be_met_together_name_each_offer(desk: Desk) -> None:
    desk.write(
        [cook("noor"), cook("sem"), cook("mila")],
        [offer(minimum="2"), place("bakery", "Bakker", minimum="2")],
    )

    assert refused(desk, language="nl") == [
        "podium: Dit kan niet verdeeld worden:",
        "  bakery (offers.csv, regel 3) kan niet samen met de andere die hier staan.",
        "  kitchen (offers.csv, regel 2) kan niet samen met de andere die hier staan.",
    ]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "noor/sem (youths.csv, lines 2 and 4) must go together and must be kept apart."),
        ("nl", "noor/sem (youths.csv, regels 2 en 4) moeten samen en moeten uit elkaar."),
    ],
)
def test_together_and_apart(desk: Desk, language: str, told: str) -> None:
    both = {"together": "a", "apart": "b"}
    desk.write([cook("noor", **both), cook("mila"), cook("sem", **both)])

    assert refused(desk, language=language)[1:] == [f"  {told}"]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            "noor/kitchen (locks.csv, line 2) is locked, but more are locked here than the host may take.",
        ),
        (
            "nl",
            (
                "noor/kitchen (locks.csv, regel 2) staat vast,"
                " maar hier staan er meer vast dan de organisatie mag hebben."
            ),
        ),
    ],
)
def test_a_lock_at_a_host_that_takes_nobody(desk: Desk, language: str, told: str) -> None:
    desk.write([cook("noor")], [offer(host_cap="0")])
    locks = pairs_file(desk, "locks.csv", [("noor", "kitchen")])

    assert refused(desk, "--locks", locks, language=language)[1:] == [f"  {told}"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"together": "alone"}, "noor (youths.csv, line 2): a group needs at least two different youths."),
        ({"together": "a|b"}, "noor (youths.csv, line 2) is in two groups that go together."),
        (
            {"together": "a", "wanted": "2"},
            "noor/sem (youths.csv, lines 2 and 3): who goes together must want equally many positions.",
        ),
    ],
)
def test_groups_that_cannot_be(desk: Desk, changes: dict[str, str], told: str) -> None:
    desk.write([cook("noor", **changes), cook("sem", together="a"), cook("mila", together="b")])

    assert f"  {told}" in refused(desk, language="en")


def test_stable_keeps_no_minimum_and_no_group(desk: Desk) -> None:
    desk.write([cook("noor", apart="a"), cook("sem", apart="a")], [offer(minimum="1")])

    assert refused(desk, "--policy", "stable", language="en")[1:] == [
        "  kitchen (offers.csv, line 2): «minimum» cannot be kept under «stable».",
        "  noor/sem (youths.csv, lines 2 and 3): «apart» cannot be kept under «stable».",
    ]


def test_an_id_may_hold_a_slash() -> None:
    youths = read_youths(sheet([cook("a"), cook("a/b"), cook("b/c")]))
    offers = read_offers(sheet([offer(), place("b", "De Plas")]))
    places = Places.of(("youths.csv", youths), ("offers.csv", offers), None)

    with speaking("en"):
        assert places.place_of(Fault("a/b/b/c", "together", "together_too")) == "youths.csv, lines 3 and 4"
        assert places.place_of(Fault("a/kitchen", "together", "not_a_candidate")) == (
            "youths.csv, line 2; offers.csv, line 2"
        )
        assert places.place_of(Fault("De Plas", "host_cap", "negative")) == "offers.csv, line 3"
        assert places.place_of(Fault("problem", "good", "impossible")) == ""
        assert fault_sentence(Fault("problem", "good", "impossible"), places.place_of) == (
            "problem: good has a value that cannot be."
        )


def sheet(given: list[Row]) -> Sheet:
    columns = tuple(dict.fromkeys(column for row in given for column in row))
    return Sheet(columns, tuple(SheetRow(line, row) for line, row in enumerate(given, 2)))


def test_the_account_adds_up_when_caps_differ() -> None:
    account: Account = read_offers(
        sheet([offer(host_cap="1"), place("terrace", "Restaurant De Plas", host_cap="2", pc4="0999")])
    )

    # The other row says nothing any more: it could not be read.
    assert (account.rows_in, account.rows_used, account.rows_refused) == (2, 1, 1)
    assert len(account.used) == 1


def test_every_column_is_documented() -> None:
    text = (Path(__file__).parents[3] / "docs" / "files.md").read_text("utf-8")

    for column in (*YOUTHS.of_allocation, *OFFERS.of_allocation):
        assert f"| `{column}` |" in text


@pytest.mark.parametrize("unlucky", ["noor", "sem", "mila"])
def test_between_equals_bad_luck_before_goes_first(desk: Desk, unlucky: str) -> None:
    desk.write(
        [cook(name, credit="1" if name == unlucky else "") for name in ("noor", "sem", "mila")],
        [offer(positions="1")],
    )

    for policy in ("fair", "stable"):
        allocate(desk, "--policy", policy)
        assert [row["youth"] for row in rows(desk) if row["outcome"] == "placed"] == [unlucky]


def test_who_comes_next_is_written(desk: Desk) -> None:
    """First who has nothing, then who would give up the bakery for the kitchen."""
    bakery = place("bakery", "Bakker", tags="baker", positions="1")
    desk.write([cook("noor"), cook("sem"), cook("mila")], [offer(positions="1"), bakery])
    reserves = desk.folder / "reserves.csv"

    assert allocate(desk, "--reserves", str(reserves)).code == 0

    at = {row["offer"]: row["youth"] for row in rows(desk) if row["outcome"] == "placed"}
    (without,) = {"noor", "sem", "mila"} - set(at.values())
    assert [tuple(row.values()) for row in rows(desk, "reserves.csv")] == [
        ("bakery", "1", without, ""),
        ("kitchen", "1", without, ""),
        ("kitchen", "2", at["bakery"], "bakery"),
    ]
    told = desk.explain(at["bakery"], "kitchen", "--allocate").out
    assert "  Place 2 of 2 on the reserve list of this offer" in told


def test_only_an_allocation_has_reserves(desk: Desk) -> None:
    desk.write([cook("noor")])

    told = desk.match("--reserves", str(desk.folder / "reserves.csv"))

    assert (told.code, told.err) == (2, "podium: Say with --allocate where the allocation goes.\n")


def test_without_time_for_the_reserves_the_command_says_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write([cook("noor"), cook("sem")], [offer(positions="1")])
    path = desk.folder / "reserves.csv"
    monkeypatch.setattr(engine, "reserves", lambda _allocation, _seconds: None)

    told = allocate(desk, "--reserves", str(path))

    assert told.code == 0
    assert "There was no time to find out who comes next" in told.out
    assert not path.exists()


def test_a_youth_has_weekdays(desk: Desk) -> None:
    """Noor can come on every day but the one of the offer."""
    monday = {"from": "2027-03-01", "until": "2027-03-01"}
    desk.write([cook("noor", weekdays="di|wo|do|vr"), cook("sem", weekdays="ma")], [offer(**monday)])

    desk.match()
    assert {row["youth"] for row in desk.matches()} == {"sem"}

    lines = desk.explain("noor", "kitchen").out.splitlines()
    assert lines[1].startswith("Not possible: ")
    assert any(line.startswith("  Also on Monday: 1 offer more") for line in lines)
