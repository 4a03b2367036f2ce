"""`podium bench`: a table and JSON of what was measured on this machine, beside references."""

import json
import platform
from pathlib import Path
from typing import Any

import pytest

from service.bench import commands
from service.bench.machine import machine
from service.bench.sizes import REGION_CROWD, SIZES, Size
from service.bench.wording import COUNTED, FACTS, NAMES, TOPICS
from service.cli import run

FIELDS = {
    *("topic", "name", "role", "size", "pairs", "seconds", "processor_seconds", "pairs_per_second"),
    *("peak_mebibytes", "measured_seconds", "measured_share"),
}
TIMES_QUICKER = 3


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A small region, measured once for all tests of this file."""
    path = tmp_path_factory.mktemp("bench") / "bench.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(SIZES, "region", Size(200, 60, "Amsterdam", (REGION_CROWD,)))
        assert run(("bench", "--size", "region", "--json", str(path), "--language", "en")) == 0
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return content


def figures(told: dict[str, Any], topic: str) -> dict[str, dict[str, Any]]:
    return {figure["name"]: figure for figure in told["figures"] if figure["topic"] == topic}


def test_it_works(told: dict[str, Any]) -> None:
    assert told["size"] == "region"
    assert {figure["topic"] for figure in told["figures"]} == {topic.value for topic in TOPICS}
    assert figures(told, "matching").keys() == {"rank", "suggest", "numpy", "scipy", "sparse_dot_topn"}
    assert all(set(figure) >= FIELDS for figure in told["figures"])
    assert all(figure["seconds"] > 0 and figure["peak_mebibytes"] > 10 for figure in told["figures"])


def test_it_counts_pairs(told: dict[str, Any]) -> None:
    matching = figures(told, "matching")

    assert {figure["pairs"] for figure in matching.values()} == {200 * 60}
    assert 200 * 60 > matching["rank"]["pairs_in_reach"] > matching["suggest"]["pairs_allowed"] > 0
    for figure in matching.values():
        assert figure["pairs_per_second"] == pytest.approx(figure["pairs"] / figure["seconds"])


def test_ratios_are_of_what_was_measured(told: dict[str, Any]) -> None:
    seconds = {(one["name"], json.dumps(one["size"])): one["seconds"] for one in told["figures"]}

    assert {ratio["reference"] for ratio in told["ratios"]} >= {
        "numpy",
        "sparse_dot_topn",
        "milp",
        "rapidfuzz",
    }
    for ratio in told["ratios"]:
        size = json.dumps(ratio["size"])
        measured = seconds[ratio["reference"], size] / seconds[ratio["podium"], size]
        assert ratio["times"] == pytest.approx(measured)


def test_who_is_compared_found_the_same(told: dict[str, Any]) -> None:
    allocation = figures(told, "allocation")

    assert allocation["total"]["is_optimal"] is True
    assert allocation["fair"]["is_optimal"] is True
    assert {allocation[name]["worth"] for name in allocation.keys() - {"fair"}} == {
        allocation["total"]["worth"]
    }


def test_words_are_understood_quicker_than_the_usual_way(told: dict[str, Any]) -> None:
    """A ratio within one run, so that a busy machine fails nothing; usually it is ten."""
    (ratio,) = (ratio for ratio in told["ratios"] if ratio["topic"] == "words")

    assert ratio["processor_times"] > TIMES_QUICKER


def test_the_machine_is_described_and_not_named(told: dict[str, Any]) -> None:
    described = told["machine"]

    assert described["cores"] >= 1
    assert described["memory_mebibytes"] > 100
    assert described["python"] == platform.python_version()
    assert described["packages"].keys() >= {"podium", "numpy", "scipy"}
    written = json.dumps(told)
    assert platform.node() not in written
    assert str(Path.cwd()) not in written


def test_a_table_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(("bench", "--only", "words")) == 0

    out = capsys.readouterr().out
    assert "Woorden begrijpen: 5.000 zinnen" in out
    assert "rapidfuzz: het woord dat er het meest op lijkt" in out
    assert "Plekken verdelen" not in out
    assert "× zo snel als rapidfuzz" in out


def test_without_the_extra_it_is_left_out_and_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "find_spec", lambda _name: None)
    monkeypatch.setattr(commands, "import_module", lambda _name: _Nothing)

    assert run(("bench", "--language", "en", "--only", "matching")) == 0

    assert "pip install 'podium[bench]'" in capsys.readouterr().out


class _Nothing:
    @staticmethod
    def measure(_size: Size, _topics: object) -> list[object]:
        return []


def test_a_file_that_cannot_be_written_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(("bench", "--only", "words", "--json", "/nowhere/bench.json", "--language", "en")) == 2

    assert capsys.readouterr().err == "podium: The file /nowhere/bench.json cannot be written.\n"


@pytest.mark.parametrize("option", [("--size", "galaxy"), ("--only", "weather")])
def test_an_unknown_option_is_an_error(option: tuple[str, str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(("bench", *option))
    assert ended.value.code == 2


def test_everything_measured_has_a_name(told: dict[str, Any]) -> None:
    assert {figure["name"] for figure in told["figures"]} <= NAMES.keys()
    assert {name for figure in told["figures"] for name in figure["size"]} <= COUNTED.keys()
    assert FACTS.keys() <= {name for figure in told["figures"] for name in figure}


def test_a_machine_without_a_model_is_still_a_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("service.bench.machine.ABOUT_PROCESSOR", tmp_path / "nothing")

    assert machine().cores >= 1
