"""A slip of the pen in a long word is certain; in a short one it is a question."""

import pytest

from matching import How, Vocabulary
from tests.matching.phrase_set import reference_tags

VOCABULARY = Vocabulary(reference_tags())


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("verplegkundige", "nurse"),
        ("vrachtwagenchaufeur", "truck_driver"),
        ("loodgiter", "plumber"),
        ("elecktricien", "electrician"),
        ("psygoloog", "psychologist"),
        ("ziekehuis", "hospital_worker"),
    ],
)
def test_it_works(text: str, tag: str) -> None:
    (reading,) = VOCABULARY.read(text)

    assert (reading.tag, reading.how) == (tag, How.SPELLING)


@pytest.mark.parametrize(
    ("text", "asked"),
    [("kaper", "hairdresser"), ("ballker", None), ("dokterr", "doctor"), ("vissser", "fish_farmer")],
)
def test_a_short_word_is_asked_about(text: str, asked: str | None) -> None:
    (reading,) = VOCABULARY.read(text)

    assert reading.tag is None
    assert asked is None or asked in reading.proposals


@pytest.mark.parametrize(
    "text",
    [
        "mechaniek",
        "laser",
        "leder",
        "lijden",
        "slaper",
        "koper",
        "kapot",
        "mechanisch",
        "regenen",
        "muzikaal",
    ],
)
def test_alike_letters_are_not_alike_meanings(text: str) -> None:
    assert [one.tag for one in VOCABULARY.read(text) if one.tag] == []


def test_beside_a_strange_word_a_misspelt_one_is_asked_about() -> None:
    (reading,) = VOCABULARY.read("verplegkundige xylofoon")

    assert (reading.tag, reading.proposals) == (None, ("nurse",))
