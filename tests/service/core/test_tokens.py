"""Secrets: random enough, kept as hashes, derived the same each time, and void when touched."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from service.core import tokens

SECRET = "of-the-installation"


def test_it_works() -> None:
    """256 bits, no two alike, and a hash that does not tell the token."""
    made = {tokens.new_token() for _ in range(1000)}
    assert len(made) == 1000
    assert all(len(token) >= 43 for token in made)
    token = made.pop()
    assert len(tokens.hash_token(token)) == 64
    assert token not in tokens.hash_token(token)
    assert tokens.same(token, token)
    assert not tokens.same(token, token[:-1])


def test_codes_have_no_letters_that_look_alike() -> None:
    code = tokens.new_code(2000)
    assert not set(code) & set("0O1ILl2Z5S8B")
    assert set(code) == set(tokens.CODE_LETTERS), "every letter is used"


def test_a_derived_code_is_the_same_again_and_differs_by_purpose_and_secret() -> None:
    code = tokens.derived_code(SECRET, "youth:1:1", 6)
    assert code == tokens.derived_code(SECRET, "youth:1:1", 6)
    assert len(code) == 6
    others = {tokens.derived_code(SECRET, f"youth:{number}:1", 6) for number in range(2, 500)}
    assert code not in others
    assert len(others) >= 497
    assert tokens.derived_code("another", "youth:1:1", 6) != code


def test_a_derived_code_uses_all_letters_alike() -> None:
    letters = "".join(tokens.derived_code(SECRET, str(number), 6) for number in range(2000))
    counts = [letters.count(letter) for letter in tokens.CODE_LETTERS]
    assert min(counts) > 0.75 * len(letters) / len(counts)
    assert max(counts) < 1.25 * len(letters) / len(counts)


@pytest.mark.parametrize("typed", ["roos4827", "ROOS-4827", " roos 48 27 ", "Roos.4827"])
def test_how_a_code_is_typed_does_not_matter(typed: str) -> None:
    assert tokens.tidy_code(typed) == "ROOS4827"


def test_a_signed_link_says_what_was_signed() -> None:
    token = tokens.sign(SECRET, "unsubscribe", {"id": 7})
    assert tokens.read_signed(SECRET, "unsubscribe", token, 60) == {"id": 7}


@pytest.mark.parametrize(("secret", "purpose"), [("another", "unsubscribe"), (SECRET, "sign-in")])
def test_it_is_void_elsewhere(secret: str, purpose: str) -> None:
    token = tokens.sign(SECRET, "unsubscribe", {"id": 7})
    assert tokens.read_signed(secret, purpose, token, 60) is None


def test_it_is_void_when_too_old() -> None:
    start = datetime(2027, 1, 12, 12, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        token = tokens.sign(SECRET, "unsubscribe", 7)
    with time_machine.travel(start + timedelta(seconds=60), tick=False):
        assert tokens.read_signed(SECRET, "unsubscribe", token, 60) == 7
    with time_machine.travel(start + timedelta(seconds=61), tick=False):
        assert tokens.read_signed(SECRET, "unsubscribe", token, 60) is None


@given(st.integers(0, 200), st.characters(codec="utf-8"))
def test_it_is_void_when_touched(place: int, letter: str) -> None:
    token = tokens.sign(SECRET, "unsubscribe", "youth")
    place %= len(token)
    touched = token[:place] + letter + token[place + 1 :]
    found = tokens.read_signed(SECRET, "unsubscribe", touched, 60)
    # The last sign of a base64 part has spare bits: another letter may mean the same.
    assert found is None or found == "youth"


@given(st.text())
def test_nonsense_is_no_token(typed: str) -> None:
    assert tokens.read_signed(SECRET, "unsubscribe", typed, 60) is None
