"""`podium match --allocate`: who gets which position, the proof in words, and what is missing."""

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from matching import Applicant, Recruit, RecruitingList, bottlenecks, recruiting_list
from matching import allocate as allocate_problem
from service.core.i18n import speaking
from service.exchange import engine
from service.exchange.allocation_wording import bottleneck_lines, recruiting_lines
from service.exchange.allocation_writing import allocation_rows
from service.exchange.columns import ALLOCATION, BOTTLENECKS, RECRUITS
from tests.matching.allocation_cast import make_allocation_problem
from tests.service.exchange.desk import Desk, Row, Told, as_csv, offer, youth

COOK = {"wishes": "cook", "pc4": "1064"}


def allocate(desk: Desk, *options: str, language: str = "en") -> Told:
    return desk.match("--allocate", str(desk.folder / "allocation.csv"), *options, language=language)


def rows(desk: Desk, name: str = "allocation.csv") -> list[dict[str, str]]:
    lines = (desk.folder / name).read_text("utf-8-sig").splitlines()
    return list(csv.DictReader(lines, delimiter=";"))


def outcomes(desk: Desk) -> dict[str, str]:
    return {row["youth"]: row["offer"] for row in rows(desk)}


def pairs_file(desk: Desk, name: str, pairs: Sequence[tuple[str, str]]) -> str:
    path = desk.folder / name
    path.write_text(as_csv([{"youth": youth_id, "offer": offer_id} for youth_id, offer_id in pairs]), "utf-8")
    return str(path)


def cooks(*names: str) -> list[Row]:
    return [youth(external_id=name, **COOK) for name in names]


def test_it_works(desk: Desk) -> None:
    desk.write(
        cooks("noor", "sem", "mila"),
        [
            offer(positions="1"),
            offer(external_id="bakery", tags="baker", positions="1", organisation="Bakker"),
        ],
    )

    told = allocate(desk)

    assert (told.code, told.err) == (0, "")
    placed = [row for row in rows(desk) if row["outcome"] == "placed"]
    (left_out,) = [row for row in rows(desk) if row["outcome"] == "left_out"]
    assert {row["offer"] for row in placed} == {"kitchen", "bakery"}
    first = next(row for row in placed if row["offer"] == "kitchen")
    assert (first["position"], first["value"], first["good"], first["reason"]) == (
        "1",
        "1.000",
        "yes",
        "best",
    )
    assert first["text"] == "Nothing within reach suits better."
    second = next(row for row in placed if row["offer"] == "bakery")
    assert (second["good"], second["reason"]) == ("yes", "better_taken")
    assert (left_out["offer"], left_out["value"], left_out["good"]) == ("", "0", "no")
    assert (left_out["reason"], left_out["bottleneck"]) == ("too_few_positions", "1")


def test_the_proof_is_told_in_words(desk: Desk) -> None:
    desk.write(cooks("noor", "sem", "mila"), [offer(positions="2")])

    told = allocate(desk).out.splitlines()

    assert told[3:] == [
        "allocation: 2 positions given out; youths with one: 2, with a good one: 2, with none: 1",
        "computed by a flow through a network, proven arc by arc",
        "  youths with a good position: 2; more is impossible",
        "  youths with a position: 2; more is impossible",
        "  sum of the values, in thousandths of what suits each youth best: 2000; more is impossible",
        "  sum of squares of how many each host has: 4; less is impossible",
        "  between equals, the lot with number 7 decides",
        "Proven: no other allocation is better, by these aims in this order.",
        "too few positions: whoever decides, without one: at least 1 youth",
        (
            "  3 youths with only 2 positions together within reach: "
            "Hospitality, bakery and leisure, within 10 minutes of 1064."
        ),
        "  This holds for every offer the rules allow, not only for the suggestions.",
        "without a position that suits a wish: at least 1 youth",
        (
            "  3 youths with only 2 positions together within reach: "
            "Hospitality, bakery and leisure, within 10 minutes of 1064."
        ),
        "to look for: 1 position, then everybody can have one",
        "  1 position: Hospitality, bakery and leisure in 1064 Amsterdam. It helps 3 youths.",
        "  Each of a kind and in a period that the rules allow for these youths.",
    ]


def test_it_speaks_dutch(desk: Desk) -> None:
    desk.write(cooks("noor", "sem", "mila"), [offer(positions="2")])

    told = allocate(desk, language="nl").out

    assert "3 jongeren met samen maar 2 plekken binnen bereik: Horeca, bakkerij en recreatie" in told
    assert "binnen 10 minuten van 1064." in told
    assert "Bewezen: geen andere verdeling is beter" in told
    assert rows(desk)[0]["text"].endswith(".")


def test_when_all_have_something_nothing_is_missing(desk: Desk) -> None:
    desk.write(cooks("noor", "sem"), [offer(positions="2")])

    told = allocate(
        desk,
        *("--bottlenecks", str(desk.folder / "bottlenecks.csv")),
        *("--recruits", str(desk.folder / "recruits.csv")),
    )

    assert "too few positions" not in told.out
    assert rows(desk, "bottlenecks.csv") == rows(desk, "recruits.csv") == []


def test_the_proof_speaks_of_offers_beyond_the_list(desk: Desk) -> None:
    # Everybody's list has one offer, and it is the same for both; the other is still within reach.
    desk.write(
        cooks("noor", "sem"),
        [
            offer(positions="1"),
            offer(external_id="bakery", tags="baker", positions="1", organisation="Bakker"),
        ],
    )

    told = allocate(desk, "--top", "1")

    assert {match["offer"] for match in desk.matches()} == {"kitchen"}
    assert set(outcomes(desk).values()) == {"kitchen", "bakery"}
    assert "with none: 0" in told.out


def test_of_files_that_are_too_large_it_says_what_it_speaks_of(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "MOST_PAIRS", 1)
    desk.write(cooks("noor", "sem"), [offer(positions="1")])

    told = allocate(desk).out

    assert "this holds for the suggestions only (--top)" in told
    assert "to look for" not in told


def test_who_has_nothing_within_reach_is_told_apart(desk: Desk) -> None:
    desk.write([*cooks("noor"), youth(external_id="far", pc4="9712", wishes="cook")], [offer()])

    told = allocate(desk)

    far = next(row for row in rows(desk) if row["youth"] == "far")
    assert (far["outcome"], far["reason"]) == ("left_out", "nothing_in_reach")
    assert "1 youth: no position within reach at all" in told.out
    assert "1 position: Hospitality, bakery and leisure in 9712 Groningen. It helps 1 youth." in told.out


def test_bottlenecks_and_recruits_go_to_files(desk: Desk) -> None:
    desk.write(cooks("noor", "sem", "mila"), [offer(positions="1")])
    book = desk.folder / "recruits.xlsx"

    allocate(desk, "--bottlenecks", str(desk.folder / "bottlenecks.csv"), "--recruits", str(book))

    blocked, *others = rows(desk, "bottlenecks.csv")
    assert (blocked["scope"], blocked["per_position"]) == ("any", "1")
    # Three come to one position: more than two, and what is within reach is what they wish.
    assert others == [blocked | {"scope": "wish"}, blocked | {"scope": "wish", "per_position": "2"}]
    assert (blocked["bottleneck"], blocked["youths"], blocked["positions"], blocked["shortage"]) == (
        *("1", "3"),
        *("1", "2"),
    )
    assert (blocked["sectors"], blocked["pc4s"], blocked["minutes"]) == ("HORECA", "1064", "10")
    names, line = CalamineWorkbook.from_path(book).get_sheet_by_index(0).to_python()
    assert dict(zip(names, line, strict=True)) == {
        "sector": "HORECA",
        "pc4": "1064",
        "positions": 2,
        "helps": 3,
        "text": "2 positions: Hospitality, bakery and leisure in 1064 Amsterdam. It helps 3 youths.",
    }


def test_the_policy_counts(desk: Desk) -> None:
    desk.write(cooks("noor", "sem"), [offer(positions="1")])

    stable = allocate(desk, "--policy", "stable").out
    total = allocate(desk, "--policy", "total").out

    assert "computed by deferred acceptance" in stable
    assert "pairs that would both rather have each other: 0; less is impossible" in stable
    assert "Proven: no youth and no offer would both rather have each other." in stable
    assert "aims in this order" not in stable
    assert total.index("sum of the values") < total.index("sum of squares")


def test_who_wants_two_is_never_in_two_places(desk: Desk) -> None:
    desk.write(
        cooks("noor"),
        [
            offer(),
            offer(
                external_id="same week",
                organisation="Bakker",
                **{"from": "2027-03-04", "until": "2027-03-10"},
            ),
            offer(
                external_id="week after",
                organisation="Slager",
                **{"from": "2027-03-15", "until": "2027-03-19"},
            ),
            offer(external_id="same host", **{"from": "2027-04-05", "until": "2027-04-09"}),
        ],
    )

    allocate(desk, "--wanted", "4")

    given = {row["offer"] for row in rows(desk)}
    assert "week after" in given
    assert len(given) <= 3
    assert not {"kitchen", "same week"} <= given
    assert not {"kitchen", "same host"} <= given


def test_what_suits_a_wish_is_counted_apart(desk: Desk) -> None:
    nurse = offer(external_id="ward", organisation="Ziekenhuis", sectors="ZORG", tags="nurse", positions="1")
    desk.write(cooks("noor", "sem", "mila"), [offer(positions="1"), nurse])

    told = allocate(desk, "--locks", pairs_file(desk, "locks.csv", [("mila", "ward")]))

    assert "too few positions: whoever decides, without one: at least 1 youth" in told.out
    # Mila has her position by a lock, though it is not what she wishes.
    assert "without a position that suits a wish: at least 1 youth" in told.out

    told = allocate(desk)
    assert "too few positions: whoever decides, without one: at least 1 youth" in told.out
    assert "without a position that suits a wish: at least 2 youths" in told.out
    assert told.out.count("3 youths with only 1 position together within reach: Hospitality") == 2
    assert "tightest, for what suits a wish:" in told.out


def test_who_is_left_out_by_an_aim_is_not_said_to_lack_positions() -> None:
    # All three could have a position, but then only one would have a good one.
    problem = make_allocation_problem(
        {"noor": {"a": 100, "b": 50}, "sem": {"b": 100, "c": 50}, "mila": {"a": 100}},
        applicants=[Applicant("noor", credit=1), Applicant("sem"), Applicant("mila")],
    )
    found = bottlenecks(problem)
    given = engine.Given(allocate_problem(problem), True, found, found, (), recruiting_list(problem))

    with speaking("en"):
        told = [*bottleneck_lines(given), *recruiting_lines(given)]
        written = {line[0]: line[6] for line in allocation_rows(given)}

    assert told == ["1 youth: without, because an earlier aim goes first"]
    assert written == {"noor": "best", "sem": "best", "mila": "others_first"}


RECRUIT = Recruit("HORECA", "1064", positions=2, helps=3, seeker_ids=("noor", "sem", "mila"))


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (
            RecruitingList((RECRUIT,), (), 0, is_complete=True),
            "to look for: 2 positions, then everybody can have one",
        ),
        (
            RecruitingList((RECRUIT,), (), 0, is_complete=False),
            "to look for: at least 2 positions; time was up before all was found",
        ),
        (
            RecruitingList((RECRUIT,), ("far",), 1, is_complete=True),
            "to look for: 2 positions, then everybody else can have one",
        ),
        (RecruitingList((), ("far",), 1, is_complete=True), "1 youth: not helped by any new position"),
    ],
    ids=("all", "out of time", "not all", "nobody"),
)
def test_what_to_look_for_promises_no_more_than_is_known(found: RecruitingList, told: str) -> None:
    problem = make_allocation_problem({"noor": {"a": 100}})
    given = engine.Given(allocate_problem(problem), True, bottlenecks(problem), None, (), found)

    with speaking("en"):
        first, *others = recruiting_lines(given)

    assert first == told
    assert len(others) == (2 + bool(found.left) if found.recruits else 0)


def test_no_place_is_asked_for_whom_none_can_help(desk: Desk) -> None:
    """Told with the cause, in the list of what to look for and in the file of bottlenecks."""
    here = {"pc4": "1068", "wishes": "ZORG", "travel": "bike", "max_minutes": "30"}
    desk.write(
        [
            youth(external_id="far", **(here | {"travel": "ov", "max_minutes": "20"})),
            youth(external_id="young", **(here | {"birth": "2018-06"})),
            youth(external_id="late", until="2020-01-31", **here),
            youth(external_id="here", **here),
        ],
        [offer(positions="0", sectors="ZORG")],
    )

    told = allocate(
        desk,
        *("--bottlenecks", str(desk.folder / "bottlenecks.csv")),
        *("--recruits", str(desk.folder / "recruits.csv")),
    )

    lines = told.out.splitlines()
    assert "to look for: 1 position, then everybody else can have one" in lines
    at = lines.index("not helped by any new position: 3 youths")
    assert lines[at + 1] == (
        "  far: With at most 20 minutes on the way no place can be reached; with 25 minutes one can. [R-1]"
    )
    assert (
        lines[at + 2] == "  late: The period does not fit. [D-2]: the youth can until Friday 31 January 2020"
    )
    assert lines[at + 3].startswith("  young: The programme starts at a higher age. [L-1]: 8 years old;")
    (recruit,) = rows(desk, "recruits.csv")
    assert (recruit["sector"], recruit["pc4"], recruit["positions"]) == ("ZORG", "1068", "1")
    texts = [row["text"] for row in rows(desk, "bottlenecks.csv") if row["scope"] == "any"]
    assert sum("1 youth whom no position could be given: " in text for text in texts) == 3


@pytest.mark.parametrize(
    ("number", "language", "told"),
    [
        (1, "en", "allocation: 1 position given out;"),
        (2, "en", "allocation: 2 positions given out;"),
        (1, "nl", "verdeling: 1 plek vergeven;"),
        (2, "nl", "verdeling: 2 plekken vergeven;"),
    ],
)
def test_one_position_is_not_several(desk: Desk, number: int, language: str, told: str) -> None:
    desk.write(cooks("noor", "sem"), [offer(positions=str(number))])

    assert told in allocate(desk, language=language).out


# Locks and a re-run.


def test_a_lock_stays(desk: Desk) -> None:
    desk.write(cooks("noor", "sem"), [offer(positions="1")])

    for name in ("noor", "sem"):
        told = allocate(desk, "--locks", pairs_file(desk, "locks.csv", [(name, "kitchen")]))

        assert told.out.splitlines()[3] == "locks.csv: rows in 1, used 1, refused 0"
        assert outcomes(desk)[name] == "kitchen"
        assert next(row for row in rows(desk) if row["youth"] == name)["reason"] == "locked"


def test_a_rerun_changes_little_and_says_why(desk: Desk) -> None:
    kitchens = [offer(external_id=name, positions="1", organisation=name) for name in ("k1", "k2")]
    desk.write(cooks("noor", "sem"), kitchens)
    allocate(desk)
    before = outcomes(desk)
    previous = desk.folder / "previous.csv"
    (desk.folder / "allocation.csv").rename(previous)

    desk.write(cooks("noor", "sem", "mila"), kitchens)
    told = allocate(desk, "--previous", str(previous), "--seed", "99")

    assert "since the allocation before: kept 2, changed 0" in told.out
    assert outcomes(desk) == before | {"mila": ""}
    assert [row["reason"] for row in rows(desk)] == ["too_few_positions", "kept", "kept"]
    # The columns of an allocation are no strange columns.
    assert "not known" not in told.out

    desk.write(cooks("noor", "sem"), kitchens[:1])
    told = allocate(desk, "--previous", str(previous))
    lost = next(row for row in rows(desk) if row["outcome"] == "left_out")
    assert lost["before"] == "k2"
    assert "1 × The position from before is no longer possible for this youth. [not_allowed]" in told.out


# What cannot be.


def test_a_lock_that_breaks_a_rule_is_refused_with_its_row(desk: Desk) -> None:
    desk.write(cooks("noor"), [offer(), offer(external_id="tills", hazards="Z-9", organisation="Winkel")])

    told = allocate(
        desk,
        "--locks",
        pairs_file(desk, "locks.csv", [("noor", "tills"), ("noor", "nowhere"), ("nobody", "tills")]),
    )

    assert told.code == 2
    assert told.err.splitlines() == [
        "podium: This cannot be allocated:",
        "  nobody/tills (locks.csv, line 4) is asked for, but there is no usable youth with that id.",
        "  noor/nowhere (locks.csv, line 3) is asked for, but there is no usable offer with that id.",
        (
            "  noor/tills (locks.csv, line 2) is asked for, but it is not possible."
            " «podium explain» tells which rule forbids it."
        ),
    ]
    assert not (desk.folder / "allocation.csv").exists()


def test_two_locks_on_one_position_are_refused_with_their_rows(desk: Desk) -> None:
    desk.write(cooks("noor", "sem"), [offer(positions="1")])

    told = allocate(desk, "--locks", pairs_file(desk, "locks.csv", [("noor", "kitchen"), ("sem", "kitchen")]))

    assert told.code == 2
    for line, name in enumerate(("noor", "sem"), 2):
        row = f"{name}/kitchen (locks.csv, line {line})"
        assert f"{row} is locked, but more are locked here than there are positions." in told.err


def test_who_goes_together_learns_how_large_an_offer_must_be(desk: Desk) -> None:
    """There are as many positions as youths, so nobody is short; but no offer takes the three at once."""
    trio = [youth(external_id=name, together="g", **COOK) for name in ("a", "b", "c")]
    kitchens = [offer(external_id=f"kitchen{number}", positions="2") for number in (1, 2)]
    desk.write([*trio, youth(external_id="noor", **COOK)], kitchens)

    told = allocate(desk, "--recruits", str(desk.folder / "recruits.csv"))

    sentence = (
        "a, b and c: one offer with 3 positions, Hospitality, bakery and leisure in 1064 Amsterdam,"
        " for 3 youths at once. Most free at one offer now: 2 positions."
    )
    assert f"  {sentence}" in told.out.splitlines()
    (asked,) = rows(desk, "recruits.csv")
    assert (asked["sector"], asked["pc4"], asked["positions"]) == ("HORECA", "1064", "3")
    assert (asked["helps"], asked["text"]) == ("3", sentence)

    new = offer(external_id="new", organisation="New", pc4=asked["pc4"], positions=asked["positions"])
    desk.write([*trio, youth(external_id="noor", **COOK)], [*kitchens, new])
    assert "with none: 0" in allocate(desk).out


def test_out_of_time_no_cause_is_made_up(desk: Desk) -> None:
    """Neither for who goes alone nor for who goes together, and not for what might have been better."""
    alone, pair = cooks("noor", "sem"), [youth(external_id=name, together="g", **COOK) for name in ("a", "b")]
    desk.write([*alone, *pair], [offer(positions="1"), offer(external_id="b", positions="2")])

    told = allocate(desk, "--limit", "0")

    without = [row for row in rows(desk) if row["outcome"] == "left_out"]
    assert {row["reason"] for row in without} == {"time_up"}
    assert without[0]["text"].startswith("Not looked at further: time was up.")
    assert "earlier aim" not in told.out + "".join(row["text"] for row in rows(desk))


@pytest.mark.parametrize("policy", ["fair", "stable"])
def test_out_of_time_nothing_is_said_to_be_proven(desk: Desk, policy: str) -> None:
    desk.write(cooks("noor", "sem", "mila"), [offer(positions="2")])

    told = allocate(desk, "--limit", "0", "--policy", policy)

    computed = next(line for line in told.out.splitlines() if line.startswith("computed by"))
    assert "proven" not in computed
    assert "best" not in computed


def test_out_of_time_is_said(desk: Desk) -> None:
    desk.write(cooks("noor", "sem"), [offer(positions="1")])

    told = allocate(desk, "--limit", "0")
    assert told.code == 0
    # What was not looked at is one line, and promises nothing.
    assert told.out.splitlines()[-2:] == [
        "After 0 seconds time was up: every rule is kept, but better may be possible.",
        "There was no time to find out who blocks each other and what to look for.",
    ]

    told = allocate(desk, "--limit", "0", "--locks", pairs_file(desk, "locks.csv", [("noor", "kitchen")]))
    assert told.code == 2
    assert "In 0 seconds no allocation was found that keeps every lock and every minimum." in told.err


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--wanted", "0"), "The number of positions per youth must be from 1 to 20."),
        (("--limit", "-1"), "The limit must be 0 seconds or more."),
        (("--limit", "nan"), "The limit must be 0 seconds or more."),
        (("--limit", "inf"), "The limit must be 0 seconds or more."),
        (("--bottlenecks", "bottlenecks.txt"), "The name of bottlenecks.txt must end in .csv or .xlsx."),
        (("--locks", "nowhere.csv"), "The file nowhere.csv cannot be read."),
    ],
    ids=str,
)
def test_an_option_that_makes_no_sense(desk: Desk, options: tuple[str, str], sentence: str) -> None:
    desk.write()

    told = allocate(desk, *options)

    assert told.code == 2
    assert told.err == f"podium: {sentence}\n"


def test_what_belongs_to_an_allocation_needs_one(desk: Desk) -> None:
    desk.write()

    told = desk.match("--recruits", str(desk.folder / "recruits.csv"))

    assert told.err == "podium: Say with --allocate where the allocation goes.\n"


def test_a_file_of_pairs_needs_its_columns(desk: Desk) -> None:
    desk.write()
    path = desk.folder / "pairs.csv"
    path.write_text("youth;host\nnoor;kitchen\n", "utf-8")

    for option in ("--locks", "--previous"):
        told = allocate(desk, option, str(path))

        assert told.code == 2
        assert "These columns must be there too: offer." in told.err


def test_every_column_is_documented() -> None:
    text = (Path(__file__).parents[3] / "docs" / "files.md").read_text("utf-8")

    for name in (
        "--allocate",
        "--policy",
        "--wanted",
        "--locks",
        "--previous",
        "--bottlenecks",
        "--recruits",
    ):
        assert f"`{name}" in text
    for columns in (ALLOCATION, BOTTLENECKS, RECRUITS):
        assert ", ".join(columns) in text
