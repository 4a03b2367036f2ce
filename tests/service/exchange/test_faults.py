"""Every fault the engine can find has a sentence that names the row."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import matching
from matching import Fault
from service.core.i18n import speaking
from service.exchange.faults import FAULTS, MOST_NAMED, fault_lines, fault_sentence

MODULES = sorted(Path(matching.__file__).parent.glob("*.py"))
# What `_crowded` is told is too little of becomes part of the code.
CROWDED = "too_many_for_"


def calls() -> Iterator[ast.Call]:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                yield node


def codes() -> set[str]:
    """Read from the source, so that no code can be forgotten."""
    found = set()
    for call in calls():
        assert isinstance(call.func, ast.Name)
        if call.func.id == "Fault":
            code = call.args[2]
            if isinstance(code, ast.Constant):
                found.add(str(code.value))
            else:
                assert ast.unparse(code) == f"f'{CROWDED}{{name}}'", (
                    f"a code nobody can read: {ast.unparse(code)}"
                )
        elif call.func.id == "_crowded":
            name = call.args[0]
            assert isinstance(name, ast.Constant)
            found.add(CROWDED + str(name.value))
    return found


def test_every_code_is_worded() -> None:
    assert len(codes()) > 30
    assert codes() - set(FAULTS) == set()


@pytest.mark.parametrize("code", sorted(FAULTS))
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_sentence_names_the_row(code: str, language: str) -> None:
    with speaking(language):
        sentence = fault_sentence(Fault("L-0412/A-17", "positions", code))

    assert "L-0412/A-17" in sentence
    assert sentence.endswith(".")
    assert "%" not in sentence


def test_of_very_many_the_first_are_named() -> None:
    with speaking("en"):
        lines = fault_lines(Fault(f"y{number}", "credit", "negative") for number in range(MOST_NAMED + 5))

    assert len(lines) == MOST_NAMED + 1
    assert lines[0] == "y0: credit is less than 0."
    assert lines[-1] == "and 5 more"
