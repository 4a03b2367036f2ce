"""The front door: every name sorted and there, light parts light, and the examples in the docstrings true."""

import doctest
import inspect
import pkgutil
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import matching

LIGHT = (
    "AGREEMENTS, CAUSES, DUTCH_LAW, HOURS, LAW, REASON_CODES, RULES, Agreement, InvalidProblem, LawBook, "
    "Limits, Offer, Problem, Schedule, Seeker, Vocabulary, Weights, WorkDay, check_agreement, check_hours, "
    "check_pair, class_seeker, offer_verdicts, permits, work_days, worst"
)
HEAVY = ("numpy", "scipy", "sklearn", "joblib", "numba")
MODULES = [module.name for module in pkgutil.iter_modules(matching.__path__, "matching.")]


def test_every_public_name_is_there() -> None:
    for name in matching.__all__:
        assert getattr(matching, name) is not None
    assert set(matching.__all__) == set(dir(matching))


def test_no_public_name_is_that_of_a_module() -> None:
    """A module that is imported becomes an attribute of the package, and hides what has its name."""
    assert not {f"matching.{name}" for name in matching.__all__} & set(MODULES)


def test_the_public_names_stand_in_order() -> None:
    def rank(name: str) -> tuple[int, str]:
        return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)

    assert matching.__all__ == sorted(matching.__all__, key=rank)


def test_every_function_stands_in_the_table_of_guarantees() -> None:
    page = (Path(__file__).parents[2] / "docs" / "matching.md").read_text("utf-8")
    rows = [line for line in page.partition("## 12.")[2].splitlines() if line.startswith("| `")]
    cells = [line.strip("| ").split(" | ") for line in rows]

    named = {name for first, *_rest in cells for name in re.findall(r"`([\w.]+)`", first)}
    methods = {"Vocabulary.read", "Vocabulary.complete", "Index.best_for", "Index.entered_by"}
    assert named == {name for name in matching.__all__ if name[0].islower()} | methods
    assert all(len(row) == 3 and all(row) for row in cells)


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(AttributeError, match="allocate_by_magic"):
        _ = matching.allocate_by_magic  # type: ignore[attr-defined]


def test_light_parts_load_nothing_heavy() -> None:
    script = f"""
import sys
from datetime import date
from matching import {LIGHT}, Kind, OfferFacts, Place, Tag, TagKind
Vocabulary([Tag("cook", TagKind.OCCUPATION, "HORECA", ("kok",))]).read("ik wil kok worden")
offer_verdicts(OfferFacts(Kind.BPV))
place = Place("1068", 52.36, 4.80)
offer = Offer("offer", Kind.BPV, "1068")
check_pair(Seeker("youth", "1068", (2011, 6)), offer, on=date(2027, 2, 10), places={{"1068": place}})
print([name for name in {HEAVY!r} if name in sys.modules])
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "[]"


def test_the_run_does_load_them() -> None:
    script = "import sys; from matching import suggest; print('sklearn' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "True"


def test_the_engine_reads_no_clock_and_no_file() -> None:
    for name in MODULES:
        text = inspect.getsource(import_module(name))
        for forbidden in (
            "open(",
            ".today()",
            ".now()",
            "time.time",
            "import random",
            "environ",
            "import os",
        ):
            assert forbidden not in text, f"{name}: {forbidden}"


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_docstrings_are_true(name: str) -> None:
    assert doctest.testmod(import_module(name)).failed == 0
