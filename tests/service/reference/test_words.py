"""Words are completed while somebody types, and what was typed is never guessed."""

import pytest

from service.core.i18n import speaking
from service.reference.catalogue import catalogue
from service.reference.words import TypedWord, complete_word, name_of, read_words
from tests.conftest import Browser


def test_it_works(client: Browser) -> None:
    answer = client.get("/words?q=timm", headers={"accept-language": "nl"})

    assert answer.status_code == 200
    assert {"value": "carpentry", "label": "Timmeren"} in answer.json()


def test_a_word_goes_on_in_the_language_of_the_reader() -> None:
    with speaking("en"):
        english = dict(complete_word("timmer"))
    with speaking("nl"):
        dutch = dict(complete_word("timmer"))
    assert english.keys() == dutch.keys()
    assert english != dutch


def test_only_kinds_that_were_asked_for() -> None:
    found = complete_word("ko", ["talent"])

    assert found
    assert {catalogue().tags[code].kind for code, _name in found} == {"talent"}
    assert complete_word("ko", ["nonsense"]) == complete_word("ko")


@pytest.mark.parametrize("query", ["", "?q=", "?q=%20", "?q=%00", "?q=zzzzzz"])
def test_nothing_typed_or_known_is_an_empty_list(client: Browser, query: str) -> None:
    assert client.get(f"/words{query}").json() == []


def test_a_flood_of_letters_is_refused(client: Browser) -> None:
    assert client.get(f"/words?q={'a' * 101}").status_code == 422


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_name_is_understood_again(language: str) -> None:
    """What a chip shows is what the field sends back, so no name may be doubtful."""
    with speaking(language):
        doubtful = [
            code for code in catalogue().tags if read_words(name_of(code)) != _certain(code, name_of(code))
        ]
    assert not doubtful


def _certain(code: str, name: str) -> list[TypedWord]:
    """As typed, whatever marks and capitals were taken off on the way."""
    return [TypedWord(word.text, code) for word in read_words(name)]


def test_words_between_commas_are_read_in_order() -> None:
    assert [word.tag for word in read_words("timmeren, lassen,, brood bakken ")] == [
        "carpentry",
        "welder",
        "baker",
    ]


@pytest.mark.parametrize("typed", ["tmmeren", "timerman"])
def test_what_only_looks_alike_is_asked_about(typed: str) -> None:
    [word] = read_words(typed)

    assert word.tag is None
    assert word.proposals


def test_what_nobody_knows_is_left_unknown() -> None:
    assert read_words("xqzwvv") == [TypedWord("xqzwvv", None)]
    assert read_words("ik wil") == [TypedWord("ik wil", None)]
