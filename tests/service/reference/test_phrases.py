"""What a fourteen-year-old types is understood: five hundred phrases that the vocabulary was made with."""

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest

from service.reference.catalogue import catalogue
from service.reference.engine import vocabulary

FILE = Path(__file__).with_name("phrases.csv")
PRECISION, RECALL = 0.97, 0.93


def read_phrases() -> dict[str, set[str]]:
    rows = csv.DictReader(FILE.read_text(encoding="utf-8").splitlines())
    return {row["phrase"]: {code for code in row["codes"].split("|") if code} for row in rows}


@pytest.fixture(scope="module")
def meant() -> dict[str, set[str]]:
    return read_phrases()


@pytest.fixture(scope="module")
def taken_for(meant: Mapping[str, set[str]]) -> dict[str, set[str]]:
    words = vocabulary()
    return {phrase: {reading.tag for reading in words.read(phrase) if reading.tag} for phrase in meant}


def test_it_works() -> None:
    (reading,) = vocabulary().read("ik wil later kapster worden")
    assert reading.tag == "hairdresser"


def test_what_is_meant_exists(meant: Mapping[str, set[str]]) -> None:
    assert len(meant) >= 120
    assert set().union(*meant.values()) <= set(catalogue().tags)


def test_precision(meant: Mapping[str, set[str]], taken_for: Mapping[str, set[str]]) -> None:
    """A wrong guess is worse than a question: a youth may not notice it."""
    right = sum(len(taken_for[phrase] & meant[phrase]) for phrase in meant)
    wrong = {
        phrase: taken_for[phrase] - meant[phrase] for phrase in meant if taken_for[phrase] - meant[phrase]
    }
    assert right / (right + sum(map(len, wrong.values()))) >= PRECISION, wrong


def test_recall(meant: Mapping[str, set[str]], taken_for: Mapping[str, set[str]]) -> None:
    right = sum(len(taken_for[phrase] & meant[phrase]) for phrase in meant)
    missed = {
        phrase: meant[phrase] - taken_for[phrase] for phrase in meant if meant[phrase] - taken_for[phrase]
    }
    assert right / (right + sum(map(len, missed.values()))) >= RECALL, missed


@pytest.mark.parametrize(
    "phrase", ["marokkaans", "islam", "autisme", "adhd", "geen idee", "weet ik niet", "?", ""]
)
def test_some_words_are_never_taken_for_anything(phrase: str) -> None:
    assert [reading.tag for reading in vocabulary().read(phrase) if reading.tag] == []


def test_every_own_word_is_understood() -> None:
    """A tag's label and aliases lead back to that tag alone."""
    words = vocabulary()
    for tag in catalogue().tags.values():
        for word in (tag.label.nl, tag.label.en, *tag.aliases):
            assert [reading.tag for reading in words.read(word)] == [tag.code], word
