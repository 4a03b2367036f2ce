"""`podium explain`: the arithmetic of docs/matching.md for one pair, or the rule that forbids it."""

import ast
import csv
import inspect
import math
import re

import pytest

from matching import eligibility, hour_limits, lawfulness
from service.exchange.fact_wording import NOT_HERE, WORDS
from tests.service.exchange.desk import Desk, offer, youth


def value_of(text: str) -> float:
    """What somebody with a calculator finds."""
    formula = text.replace("×", "*").replace("ln(", "math.log(")
    return float(eval(formula, {"math": math, "__builtins__": {}}))  # noqa: S307 our own output


def parts_of(out: str) -> dict[str, float]:
    named = re.findall(r"^(Sector|Location|Talents|Score) = ([\d.]+)$", out, re.MULTILINE)
    return {name: float(value) for name, value in named}


def test_it_works(desk: Desk) -> None:
    desk.write([youth(tags="home_cooking|organising")])

    told = desk.explain("noor", "kitchen")

    assert (told.code, told.err) == (0, "")
    lines = told.out.splitlines()
    assert lines[:4] == [
        "noor × kitchen",
        "Sector = 0.8500",
        "  Nurse: 1.00 × 0.0 = 0.0000",
        "  Cook: 0.85 × 1.0 = 0.8500",
    ]
    assert lines[4] == "Location = 0.8857"
    assert re.fullmatch(r"  2\.\d{3} km: 15 minutes by bike, at most 45", lines[5])
    assert lines[6] == "  1 - 0.8 × (15 - 10) / (45 - 10)"
    assert "  The second wish is Cook. This offer is exactly that. [wish_occupation]" in lines
    assert lines[-2].startswith("Place 1 of the 1 offers that are possible. Lottery number: ")


def test_every_number_can_be_recomputed_from_the_page(desk: Desk) -> None:
    desk.write([youth(tags="home_cooking|organising")], [offer(), offer(external_id="other", tags="baker")])

    out = desk.explain("noor", "kitchen").out

    parts = parts_of(out)
    wishes = re.findall(r"^  [^:\n]+: ([\d.]+ × [\d.]+) = ([\d.]+)$", out, re.MULTILINE)
    words = re.findall(r", (ln\(\d+ / \d+\) \+ 1) = ([\d.]+)$", out, re.MULTILINE)
    assert (len(wishes), len(words)) == (2, 4)
    for formula, result in (*wishes, *words):
        assert value_of(formula) == pytest.approx(float(result), abs=1e-4)
    assert parts["Sector"] == max(float(result) for _, result in wishes)
    (way,) = re.findall(r"^  (1 - .*)$", out, re.MULTILINE)
    assert value_of(way) == pytest.approx(parts["Location"], abs=1e-4)
    (cosine,) = re.findall(r"^  ([\d.]+ / \([\d.]+ × [\d.]+\))$", out, re.MULTILINE)
    assert value_of(cosine) == pytest.approx(parts["Talents"], abs=1e-4)
    (total,) = re.findall(r"^  (100 × .*) = ", out, re.MULTILINE)
    assert value_of(total) == pytest.approx(parts["Score"], abs=0.02)


def test_the_score_is_that_of_the_matches(desk: Desk) -> None:
    desk.write(
        [youth(tags="home_cooking"), youth(external_id="yassin", tags="cook", wishes="ICT")],
        [
            offer(external_id=f"offer-{number}", tags="cook|baker" if number % 2 else "")
            for number in range(6)
        ],
    )
    desk.match()

    for match in desk.matches():
        out = desk.explain(match["youth"], match["offer"]).out
        assert parts_of(out) == {
            "Sector": float(match["sector"]),
            "Location": float(match["location"]),
            "Talents": float(match["talent"]),
            "Score": float(match["score"]),
        }
        assert f"Place {match['rank']} of the 6 offers" in out


def test_a_pair_that_was_only_outranked_has_its_arithmetic_too(desk: Desk) -> None:
    better = [offer(external_id=f"better-{number:02}", pc4="1068") for number in range(20)]
    desk.write([youth()], [offer(), *better])

    desk.match()
    assert "kitchen" not in {match["offer"] for match in desk.matches()}
    told = desk.explain("noor", "kitchen")

    assert parts_of(told.out)["Score"] == 86.28
    assert "Place 21 of the 21 offers that are possible." in told.out
    lines = told.out.splitlines()
    assert re.fullmatch(r"  Not proposed: the last one that is, better-\d\d, has 90\.36\.", lines[-3])
    assert lines[-2].startswith("  It loses most on the location")
    assert "Not proposed" not in desk.explain("noor", "kitchen", "--top", "21").out


def test_what_would_help_is_told_too(desk: Desk) -> None:
    """The kitchen is a quarter of an hour away; Noor goes five minutes now."""
    desk.write([youth(travel="bike", max_minutes="5")])

    lines = desk.explain("noor", "kitchen").out.splitlines()

    assert lines[1].startswith("Not possible: It is too far away.")
    assert lines[2] == "What would help, one change at a time (within reach now: 0)"
    assert lines[3].startswith("  5 minutes longer on the way, so at most 10: 1 offer more")
    assert lines[3].endswith("[travel_longer: kitchen]")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "What would help: no single change brings more within reach (within reach now: 1)."),
        ("nl", "Wat zou helpen: geen enkele verandering brengt meer binnen bereik (nu binnen bereik: 1)."),
    ],
)
def test_that_nothing_would_help_is_told_too(desk: Desk, language: str, sentence: str) -> None:
    desk.write()

    assert desk.explain("noor", "kitchen", language=language).out.splitlines()[-1] == sentence


def test_a_list_has_at_least_one_place(desk: Desk) -> None:
    desk.write()

    assert desk.explain("noor", "kitchen", "--top", "0").code == 2


def test_who_is_silent_has_other_weights(desk: Desk) -> None:
    desk.write([youth(wishes="")])

    out = desk.explain("noor", "kitchen").out

    assert "  no wishes, so this part does not count" in out
    assert "  no talents, so this part does not count" in out
    assert "  100 × (0.0000 × 0.0000 + 1.0000 × 0.8857 + 0.0000 × 0.0000) = 0.00 + 88.57 + 0.00" in out
    assert "  The weights are 0.4500, 0.2500, 0.3000; a part that is silent gives its weight" in out


def test_a_forbidden_pair_names_the_rule_and_its_source(desk: Desk) -> None:
    desk.write([youth(birth="2014-01")], [offer(hazards="Z-6", pc4="9711")])

    told = desk.explain("noor", "kitchen")

    assert told.code == 0
    lines = told.out.splitlines()
    assert lines[1].startswith("Not possible: Doing work during an orientation placement is allowed from")
    assert "[K-5, Atw 3:2(2)c]" in lines[1]
    assert "[Z-6, official guidance of the government]" in lines[2]
    assert re.fullmatch(
        r"  It is too far away\. \[R-1, answers of the youth\]: 1\d\d\.\d{3} km;"
        r" at most 30 minutes on the way",
        lines[3],
    )
    assert "Score" not in told.out


@pytest.mark.parametrize(
    ("asked", "changes", "said"),
    [
        (
            {"birth": "2014-01"},
            {},
            "[K-5, Atw 3:2(2)c]: 13 jaar oud; Snuffelstage",
        ),
        (
            {},
            {"from": "2027-01-04", "until": "2027-01-08"},
            "[D-1, vraag van het aanbod]: voorbij sinds vrijdag 8 januari 2027",
        ),
        (
            {"until": "2027-02-20"},
            {},
            (
                "het aanbod begint op maandag 1 maart 2027; het aanbod eindigt op vrijdag 5 maart 2027;"
                " de jongere kan tot en met zaterdag 20 februari 2027"
            ),
        ),
        (
            {"track": "TL"},
            {"tracks": "BB|KB"},
            "gevraagd: Basisberoepsgerichte leerweg en Kaderberoepsgerichte leerweg; de jongere heeft: Theor",
        ),
        ({}, {"hazards": ""}, "en nog 14"),
        ({"crebo": "25180"}, {"kind": "bpv", "crebos": "25100"}, "gevraagd: 25100; de jongere heeft: 25180"),
    ],
    ids=("age and kind", "over", "no shared days", "track", "unanswered", "crebo"),
)
def test_facts_are_words(desk: Desk, asked: dict[str, str], changes: dict[str, str], said: str) -> None:
    desk.write([youth(**asked)], [offer(**changes)])

    out = desk.explain("noor", "kitchen", language="nl").out

    assert said in out
    assert not re.search(r"_|\(\'|\d{4}-\d{2}-\d{2}", out.partition("Wat zou helpen")[0])


def test_every_fact_of_a_rule_is_worded() -> None:
    """Read from the source, so that no fact can be forgotten."""
    names = set()
    for module in (eligibility, lawfulness, hour_limits):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Dict):
                names |= {key.value for key in node.keys if isinstance(key, ast.Constant)}
            elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "facts":
                names.add(ast.literal_eval(node.slice))

    assert len(names) > 20
    assert names - {"asked", "own"} - set(WORDS) - NOT_HERE == set()


def test_it_speaks_dutch(desk: Desk) -> None:
    desk.write()

    out = desk.explain("noor", "kitchen", language="nl").out

    assert "  Kok: 0,85 × 1,0 = 0,8500" in out
    assert "  De tweede wens is Kok. Dit aanbod is precies dat. [wish_occupation]" in out


@pytest.mark.parametrize(("youth_id", "offer_id"), [("nobody", "kitchen"), ("noor", "nothing")])
def test_an_id_that_is_not_there(desk: Desk, youth_id: str, offer_id: str) -> None:
    desk.write()

    told = desk.explain(youth_id, offer_id, language="nl")

    assert (told.code, told.out) == (2, "")
    assert told.err.splitlines()[-1].startswith("podium: Er is geen bruikbare regel met id n")


def test_a_row_that_was_refused_says_why(desk: Desk) -> None:
    desk.write([youth(pc4="0999")])

    told = desk.explain("noor", "kitchen")

    assert told.code == 2
    assert "line 2, column pc4: «0999» is not a Dutch postcode." in told.err


def cooks(*names: str) -> list[dict[str, str]]:
    return [youth(external_id=name, wishes="cook", pc4="1064") for name in names]


def given_to(desk: Desk, *options: str) -> set[str]:
    """Who gets the kitchen by `podium match`."""
    path = desk.folder / "allocation.csv"
    assert desk.match("--allocate", str(path), *options).code == 0
    rows = csv.DictReader(path.read_text("utf-8-sig").splitlines(), delimiter=";")
    return {row["youth"] for row in rows if row["offer"] == "kitchen"}


@pytest.mark.parametrize("policy", ["fair", "total", "stable"])
def test_whether_it_is_given_is_what_match_gives(desk: Desk, policy: str) -> None:
    desk.write(cooks("noor", "sem", "mila", "adam"), [offer(positions="2")])
    given = given_to(desk, "--policy", policy)

    assert len(given) == 2
    for name in ("noor", "sem", "mila", "adam"):
        out = desk.explain(name, "kitchen", "--allocate", "--policy", policy).out
        assert ("Allocation: this position is given to this youth." in out) is (name in given)
        assert ("This youth gets nothing." in out) is (name not in given)


def test_why_it_is_not_given_is_told(desk: Desk) -> None:
    desk.write(cooks("noor", "sem", "mila"), [offer(positions="1")])
    (given,) = given_to(desk)
    others = sorted({"noor", "sem", "mila"} - {given})

    told = [
        desk.explain(name, "kitchen", "--allocate").out.partition("Allocation: ")[2].splitlines()
        for name in others
    ]

    for lines in told:
        assert lines[0] == "this position is not given to this youth."
        assert lines[1] == "  All its positions are meant for others."
        assert lines[2] == "  Between equals the lottery decided. Its number was published before."
        assert lines[-1] == "This youth gets nothing."
    assert {lines[-2] for lines in told} == {
        "  Place 1 of 2 on the reserve list of this offer",
        "  Place 2 of 2 on the reserve list of this offer",
    }


def test_the_aim_that_would_get_worse_is_told(desk: Desk) -> None:
    """Noor can go to both; for Sem the bakery is too far away."""
    desk.write(
        [*cooks("noor"), youth(external_id="sem", wishes="cook", pc4="1064", max_minutes="5")],
        [
            offer(positions="1"),
            offer(external_id="bakery", organisation="Bakker", tags="baker", pc4="1069", positions="1"),
        ],
    )

    assert given_to(desk) == {"sem"}
    lines = desk.explain("noor", "kitchen", "--allocate").out.splitlines()

    assert "  With it fewer youths would have a position" in "\n".join(lines)
    assert lines[-1] == "This youth gets: bakery"


def test_a_lock_counts_too(desk: Desk) -> None:
    desk.write(cooks("noor", "sem"), [offer(positions="1")])
    locks = desk.folder / "locks.csv"
    for name, other in (("noor", "sem"), ("sem", "noor")):
        locks.write_text(f"youth;offer\n{name};kitchen\n", "utf-8")
        assert "is given" in desk.explain(name, "kitchen", "--allocate", "--locks", str(locks)).out
        out = desk.explain(other, "kitchen", "--allocate", "--locks", str(locks)).out
        assert "  All positions have been promised already." in out


def test_a_forbidden_pair_is_not_there_to_give(desk: Desk) -> None:
    desk.write([youth(birth="2014-01")], [offer(pc4="9711")])

    out = desk.explain("noor", "kitchen", "--allocate").out

    assert out.splitlines()[1].startswith("Not possible:")
    assert "  It is not there to give: a rule forbids it" in out


def test_only_an_allocation_has_locks(desk: Desk) -> None:
    desk.write()

    told = desk.explain("noor", "kitchen", "--locks", "locks.csv")

    assert (told.code, told.out) == (2, "")
    assert "only count with --allocate" in told.err
    assert desk.explain("noor", "kitchen", "--allocate", "--wanted", "0").code == 2
