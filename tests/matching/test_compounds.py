"""Of a compound the head decides; the rest is asked."""

import pytest

from matching import How, Tag, TagKind, Vocabulary
from tests.matching.phrase_set import reference_tags

VOCABULARY = Vocabulary(reference_tags())


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("kindertandarts", "dentist"),
        ("strafrechtadvocaat", "lawyer"),
        ("stukadoorsbedrijf", "plasterer"),
        ("sloopbedrijf", "demolition_worker"),
        ("advocatenkantoor", "lawyer"),
        ("brandweerkazerne", "firefighter"),
        ("ouderenzorgmedewerker", "elderly_care_worker"),
    ],
)
def test_it_works(text: str, tag: str) -> None:
    (reading,) = VOCABULARY.read(text)

    assert (reading.tag, reading.how) == (tag, How.COMPOUND)


@pytest.mark.parametrize(
    "text", ["paardentandarts", "dierenchirurg", "schoolmonteur", "bakkersmuts", "politieschool"]
)
def test_when_the_rest_may_change_the_meaning_it_is_asked(text: str) -> None:
    (reading,) = VOCABULARY.read(text)

    assert reading.tag is None
    assert reading.how in (How.UNSURE, How.UNKNOWN)


def test_the_head_is_proposed_before_what_stands_in_front() -> None:
    (reading,) = VOCABULARY.read("paardentandarts")

    assert reading.proposals[0] == "dentist"
    assert "horse_groom" in reading.proposals


def test_a_head_of_other_compounds_decides_nothing() -> None:
    """Once there is a window cleaner, "schoolwasser" need not be a washer."""
    washer = Tag("washer", TagKind.OCCUPATION, "VAK", ("wasser",))
    glazenwasser = Tag("window_cleaner", TagKind.OCCUPATION, "ZAKELIJK", ("glazenwasser",))

    assert [one.tag for one in Vocabulary([washer]).read("schoolwasser")] == ["washer"]
    assert [one.tag for one in Vocabulary([washer, glazenwasser]).read("schoolwasser")] == [None]


@pytest.mark.parametrize(
    "text", ["tuincentrum", "bakkerswinkel", "administratiekantoor", "kookboek", "kinderwagen"]
)
def test_a_place_or_thing_is_no_work(text: str) -> None:
    assert [one.tag for one in VOCABULARY.read(text) if one.tag] == []
