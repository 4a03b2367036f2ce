"""The words of the product, read as youths and hosts write them: how often right or found, and how fast."""

import random
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz, process

from matching import How, Tag, Vocabulary
from matching.words import plain
from tests.matching.phrase_set import Phrase, measure, phrases, reference_tags

PAGE = Path(__file__).parents[2] / "docs" / "words.md"
TAGS = reference_tags()
VOCABULARY = Vocabulary(TAGS)
TEXTS = tuple(phrase.text for phrase in phrases())
LEAST_PRECISION = 0.97
LEAST_RECALL = 0.75
LEAST_RECALL_WITH_QUESTIONS = 0.93


def held_out() -> list[Phrase]:
    return [phrase for phrase in phrases() if phrase.is_held_out]


def said(text: str) -> list[tuple[str | None, tuple[str, ...], How, bool]]:
    return [(one.tag, one.proposals, one.how, one.is_dislike) for one in VOCABULARY.read(text)]


def test_it_works() -> None:
    """Of what was kept out of tuning; only counts are told, so that nobody tunes on the errors."""
    measured = measure(VOCABULARY, held_out())

    assert measured.precision >= LEAST_PRECISION
    assert measured.recall >= LEAST_RECALL
    assert measured.recall_with_questions >= LEAST_RECALL_WITH_QUESTIONS


@pytest.mark.parametrize("is_held_out", [True, False])
def test_the_page_states_what_is_reached(is_held_out: bool) -> None:
    some = [phrase for phrase in phrases() if phrase.is_held_out is is_held_out]
    reached = measure(VOCABULARY, some)
    figures = (reached.precision, reached.recall, reached.recall_with_questions)
    row = " | ".join(f"{figure:.3f}" for figure in figures)

    assert f"| {len(some)} | {row} |" in PAGE.read_text(encoding="utf-8")


def test_half_is_kept_out_and_there_is_enough_of_it() -> None:
    assert len(held_out()) >= 400
    assert len(phrases()) - len(held_out()) >= 400
    assert len(set(TEXTS)) == len(TEXTS)


def test_labels_are_words_of_the_product() -> None:
    codes = {tag.code for tag in TAGS}
    for phrase in phrases():
        assert phrase.ask <= codes, phrase.text
        assert {tag for group in phrase.groups for tag, _ in group} <= codes, phrase.text


def test_a_dislike_is_never_taken_for_a_wish() -> None:
    """The one error that must not be made: also not where only half of a phrase was understood."""
    for phrase in phrases():
        disliked = {tag for group in phrase.groups for tag, is_dislike in group if is_dislike}
        wished = {one.tag for one in VOCABULARY.read(phrase.text) if not one.is_dislike}
        assert not disliked & wished, phrase.text


@pytest.mark.parametrize("tag", TAGS, ids=lambda tag: tag.code)
def test_every_label_and_alias_is_read_as_its_own_tag(tag: Tag) -> None:
    for word in (*tag.labels, *tag.aliases):
        assert [(one.tag, one.is_dislike) for one in VOCABULARY.read(word)] == [(tag.code, False)], word


def test_every_hint_is_asked_about() -> None:
    for tag in TAGS:
        for hint in tag.hints:
            (reading,) = VOCABULARY.read(hint)
            assert reading.tag is None, hint
            assert reading.proposals, hint


@given(st.text(max_size=80))
def test_reading_never_fails(text: str) -> None:
    for reading in VOCABULARY.read(text):
        assert (reading.tag is None) == (reading.how in (How.UNSURE, How.UNKNOWN))
        assert bool(reading.proposals) == (reading.how is How.UNSURE)
        assert len(reading.proposals) <= 3


@given(st.sampled_from(TEXTS))
def test_reading_what_was_read_changes_nothing(text: str) -> None:
    """A canonical label of what was certain is read as the same."""
    labels = {tag.code: tag.labels[0] for tag in TAGS}
    for reading in VOCABULARY.read(text):
        if reading.tag is not None:
            assert [one.tag for one in VOCABULARY.read(labels[reading.tag])] == [reading.tag]


@given(
    st.lists(st.sampled_from(TEXTS), min_size=2, max_size=4, unique=True), st.randoms(use_true_random=False)
)
def test_the_order_of_sentences_changes_nothing(texts: list[str], chance: random.Random) -> None:
    turned = chance.sample(texts, len(texts))

    def meanings(sentences: list[str]) -> set[tuple[str | None, tuple[str, ...], bool]]:
        readings = VOCABULARY.read(". ".join(sentences))
        return {(one.tag, one.proposals, one.is_dislike) for one in readings}

    assert meanings(texts) == meanings(turned)


@given(
    st.sampled_from(TEXTS),
    st.sampled_from(["", "!", "?", " ...", ".", " !!"]),
    st.sampled_from(["", "  ", "- ", "* "]),
    st.sampled_from([str.upper, str.lower, str.title, str]),
)
def test_marks_and_capitals_change_nothing(text: str, end: str, start: str, change: type[str]) -> None:
    assert said(start + change(text) + end) == said(text)


def test_five_thousand_phrases_cost_a_fraction_of_comparing_with_every_word() -> None:
    """Against the plain way: each phrase compared with every word by the fastest library, in the same run."""
    some = [TEXTS[number % len(TEXTS)] for number in range(5000)]
    words = [plain(word) for tag in TAGS for word in (*tag.labels, *tag.aliases)]

    began = process_time()
    for text in some:
        VOCABULARY.read(text)
    reading = process_time() - began
    began = process_time()
    for text in some[::10]:
        process.extract(plain(text), words, scorer=fuzz.WRatio, limit=3)
    comparing = 10 * (process_time() - began)

    assert reading < comparing / 5
