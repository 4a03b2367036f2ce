"""Dutch words made comparable."""

import pytest

from matching.words import base_forms, plain, sound


@pytest.mark.parametrize(
    ("plural", "single"),
    [
        ("honden", "hond"),
        ("kokken", "kok"),
        ("scholen", "school"),
        ("huizen", "huis"),
        ("brieven", "brief"),
        ("dieren", "dier"),
        ("kappers", "kapper"),
        ("huisje", "huis"),
        ("hondjes", "hond"),
        ("bakkertje", "bakker"),
        ("filmpje", "film"),
        ("koninkje", "koning"),
        ("oude scholen", "oude school"),
    ],
)
def test_it_works(plural: str, single: str) -> None:
    assert single in set(base_forms(plural))


def test_cooking_is_not_the_plural_of_cook() -> None:
    assert "kok" not in set(base_forms("koken"))


def test_short_words_are_left_alone() -> None:
    assert list(base_forms("tje")) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Café!", "cafe"), ("auto's", "autos"), ("C++ en C#", "c++ en c#"), ("M/V", "m v"), ("\t", "")],
)
def test_plain_letters(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kapper", "kaper"),
        ("fotograaf", "photograaf"),
        ("zeiler", "zijler"),
        ("kraan machinist", "kraanmasjinist"),
    ],
)
def test_what_sounds_alike(one: str, other: str) -> None:
    assert (sound(one) == sound(other)) == (one != "kraan machinist")
