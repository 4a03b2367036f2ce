"""Own words to tags: known words at once, near words asked about, strange words left alone."""

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import Fault, How, InvalidProblem, Reading, Tag, TagKind, Vocabulary
from matching.lexicon import Known, Lexicon
from matching.spelling import Spelling
from matching.vocabulary import LONGEST_TEXT
from matching.words import LONGEST_WORD
from tests.matching.cast import TAGS

VOCABULARY = Vocabulary(TAGS)
CODES = {tag.code for tag in TAGS}


@pytest.mark.parametrize(
    ("text", "tag", "how"),
    [
        ("kok", "cook", How.EXACT),
        ("KOK!", "cook", How.EXACT),
        ("ik wil later graag kok worden", "cook", How.EXACT),
        ("I want to be a nurse", "nurse", How.EXACT),
        ("chef", "cook", How.ALIAS),
        ("iets met dieren", "animals", How.ALIAS),
        ("Zorg en welzijn", "care_welfare", How.EXACT),
        ("kokken", "cook", How.FORM),
        ("bakkers", "baker", How.FORM),
        ("bakkertje", "baker", How.FORM),
        ("haren  knippen", "hairdresser", How.ALIAS),
        ("haarknippen", None, How.UNSURE),
        ("kapper", "hairdresser", How.EXACT),
        ("kaper", None, How.UNSURE),
        ("verplegkundige", "nurse", How.SPELLING),
        ("elektrisien", "electrician", How.SPELLING),
        ("verpleegkundig", "nurse", How.SPELLING),
        ("metselaat", None, How.UNSURE),
    ],
)
def test_it_works(text: str, tag: str | None, how: How) -> None:
    (reading,) = VOCABULARY.read(text)

    assert (reading.tag, reading.how) == (tag, how)


def test_several_wishes_in_one_sentence() -> None:
    text = "Ik wil kok of bakker worden, en iets met dieren; mensen helpen vind ik ook leuk"

    assert [one.tag for one in VOCABULARY.read(text)] == ["cook", "baker", "animals", "care_welfare"]


def test_and_between_two_words_joins_neither() -> None:
    """«kok en» written as one word would be «koken»."""
    assert [reading.tag for reading in VOCABULARY.read("kok en bakker")] == ["cook", "baker"]


def test_a_known_phrase_stays_whole_between_others() -> None:
    readings = VOCABULARY.read("kapper en zorg en welzijn of leraar")

    assert [one.tag for one in readings] == ["hairdresser", "care_welfare", "teacher"]


def test_the_same_wish_twice_is_one_wish() -> None:
    assert [one.tag for one in VOCABULARY.read("kok, chef en kok")] == ["cook"]


@pytest.mark.parametrize("text", ["", "  ", "weet ik nog niet", "geen idee", "...", "ik wil"])
def test_who_says_nothing_is_read_as_nothing(text: str) -> None:
    assert VOCABULARY.read(text) == []


@pytest.mark.parametrize(
    ("typed", "never"),
    [
        ("techniek", "mechanics"),
        ("bakker", "estate_agent"),
        ("makelaar", "baker"),
        ("slaper", "baker"),
        ("regenen", "organising"),
        ("tellen", "languages"),
    ],
)
def test_alike_letters_are_not_alike_meanings(typed: str, never: str) -> None:
    assert never not in {one.tag for one in VOCABULARY.read(typed)}


def test_technique_is_not_even_proposed_as_mechanics() -> None:
    assert VOCABULARY.read("techniek") == [Reading("techniek", None, 0.0, How.UNKNOWN)]


def test_a_compound_is_asked_about_and_never_guessed() -> None:
    (reading,) = VOCABULARY.read("bakkerij")

    assert reading.tag is None
    assert reading.proposals == ("baker",)


def test_one_word_of_two_tags_is_asked_about() -> None:
    tags = [
        Tag("bank_worker", TagKind.OCCUPATION, "ZAKELIJK", ("bankier",), ("bank",)),
        Tag("furniture_maker", TagKind.OCCUPATION, "VAK", ("meubelmaker",), ("bank",)),
    ]

    assert Vocabulary(tags).read("bank") == [
        Reading("bank", None, 0.8, How.UNSURE, ("bank_worker", "furniture_maker"))
    ]


def test_a_label_beats_an_alias() -> None:
    tags = [
        Tag("judge", TagKind.OCCUPATION, "VEILIG", ("rechter",), ()),
        Tag("lawyer", TagKind.OCCUPATION, "ZAKELIJK", ("advocaat",), ("rechter",)),
    ]

    assert [one.tag for one in Vocabulary(tags).read("rechter")] == ["judge"]


def test_words_written_apart_are_one_word() -> None:
    tags = [Tag("car_mechanic", TagKind.OCCUPATION, "MOB", ("automonteur",), ())]

    assert [one.tag for one in Vocabulary(tags).read("auto monteur")] == ["car_mechanic"]


def test_beside_a_known_word_a_strange_word_is_no_question() -> None:
    assert [one.tag for one in VOCABULARY.read("hele lieve verpleegkundige")] == ["nurse"]


def test_at_most_three_proposals() -> None:
    tags = [
        Tag(f"tag-{letter}", TagKind.OCCUPATION, None, (f"timmerma{letter}s",), ()) for letter in "abcdef"
    ]
    (reading,) = Vocabulary(tags).read("timmermans")

    assert reading.tag is None
    assert len(reading.proposals) == 3


@pytest.mark.parametrize("tag", TAGS, ids=lambda tag: tag.code)
def test_every_label_and_alias_is_read_as_its_own_tag(tag: Tag) -> None:
    for word in (*tag.labels, *tag.aliases):
        assert [one.tag for one in VOCABULARY.read(word)] == [tag.code]
        assert [one.tag for one in VOCABULARY.read(f"Ik wil graag {word.upper()} !")] == [tag.code]


@given(st.text(max_size=60))
def test_any_text_gives_known_tags_or_questions(text: str) -> None:
    for reading in VOCABULARY.read(text):
        assert 0 <= reading.confidence <= 1
        assert reading.tag is None or reading.tag in CODES
        assert set(reading.proposals) <= CODES
        assert len(reading.proposals) <= 3
        assert (reading.tag is None) == (reading.how in (How.UNSURE, How.UNKNOWN))
        assert bool(reading.proposals) == (reading.how is How.UNSURE)


@given(st.text(alphabet=string.ascii_lowercase, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_the_tags_changes_nothing(text: str, chance: random.Random) -> None:
    shuffled = Vocabulary(chance.sample(TAGS, len(TAGS)))

    assert shuffled.read(text) == VOCABULARY.read(text)
    assert shuffled.complete(text) == VOCABULARY.complete(text)


def looked_at(text: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many letters are compared with the curated words in all."""
    letters = 0
    find, near = Lexicon.find, Spelling.proposals

    def counted_find(lexicon: Lexicon, word: str) -> Known | None:
        nonlocal letters
        letters += len(word)
        return find(lexicon, word)

    def counted_near(spelling: Spelling, word: str) -> dict[str, float]:
        nonlocal letters
        letters += len(word)
        return near(spelling, word)

    with monkeypatch.context() as patch:
        patch.setattr(Lexicon, "find", counted_find)
        patch.setattr(Spelling, "proposals", counted_near)
        VOCABULARY.read(text)
    return letters


@pytest.mark.parametrize("piece", ["timmer", "x", "kok", "timmer xq ", "kokken ", "timmrxq,", "xqv van "])
def test_a_text_costs_what_it_says(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A word of ten thousand letters was taken apart at each of them, and each part was looked up."""
    times = LONGEST_TEXT // len(piece)
    half, whole = (looked_at(piece * number, monkeypatch) for number in (times // 2, times))
    assert whole <= 2.5 * half
    assert whole <= 40 * LONGEST_TEXT


@given(st.text(string.ascii_lowercase, min_size=LONGEST_WORD + 1, max_size=LONGEST_TEXT))
def test_what_is_too_long_for_a_word_is_unknown(word: str) -> None:
    assert VOCABULARY.read(word) == [Reading(word, None, 0.0, How.UNKNOWN)]
    assert [reading.tag for reading in VOCABULARY.read(f"{word[: LONGEST_TEXT - 5]}, kok")] == [None, "cook"]


def test_what_is_too_long_for_a_wish_is_refused() -> None:
    assert VOCABULARY.read("kok " * (LONGEST_TEXT // 4))[0].tag == "cook"
    with pytest.raises(InvalidProblem) as caught:
        VOCABULARY.read("kok " * (LONGEST_TEXT // 4) + "x")
    assert caught.value.faults == (Fault("", "text", "too_long"),)


def test_completion_starts_with_labels() -> None:
    found = VOCABULARY.complete("ko")

    assert [(one.tag, one.word) for one in found] == [("cook", "kok"), ("cooking", "koken")]


def test_completion_finds_a_later_word_and_an_alias() -> None:
    assert [one.tag for one in VOCABULARY.complete("welz")] == ["care_welfare"]
    (zuster,) = VOCABULARY.complete("zus")
    assert (zuster.tag, zuster.word, zuster.is_label) == ("nurse", "zuster", False)


def test_completion_keeps_to_the_kinds_and_the_limit() -> None:
    assert [one.tag for one in VOCABULARY.complete("ko", kinds=[TagKind.TALENT])] == ["cooking"]
    assert len(VOCABULARY.complete("e", limit=2)) == 2
    assert VOCABULARY.complete("  ") == []


def test_an_empty_vocabulary_knows_nothing() -> None:
    assert Vocabulary([]).read("kok") == [Reading("kok", None, 0.0, How.UNKNOWN)]
