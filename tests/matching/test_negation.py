"""What somebody does not want is a dislike or a question, and never a wish."""

import pytest

from matching import Vocabulary
from tests.matching.phrase_set import reference_tags

VOCABULARY = Vocabulary(reference_tags())


def stances(text: str) -> tuple[list[str], list[str]]:
    """Certain wishes and certain dislikes, in order."""
    readings = [reading for reading in VOCABULARY.read(text) if reading.tag is not None]
    return (
        [str(reading.tag) for reading in readings if not reading.is_dislike],
        [str(reading.tag) for reading in readings if reading.is_dislike],
    )


@pytest.mark.parametrize(
    ("text", "wishes", "dislikes"),
    [
        ("geen kantoor", [], ["office_worker"]),
        ("niet met kinderen", [], ["working_with_children"]),
        ("ik hou niet van horeca", [], ["hospitality"]),
        ("liever niet buiten", [], ["working_outside"]),
        ("alles behalve zorg", [], ["care_worker"]),
        ("zonder computers", [], ["ict_worker"]),
        ("ik wil kok worden maar geen slager", ["cook"], ["butcher"]),
        ("geen winkel maar wel dieren", ["working_with_animals"], ["shop_assistant"]),
        ("timmeren, geen metselen", ["carpentry"], ["bricklayer"]),
        ("ik wil dansen niet zingen", ["dancer"], ["singing"]),
        ("i want to be a nurse not a doctor", ["nurse"], ["doctor"]),
    ],
)
def test_it_works(text: str, wishes: list[str], dislikes: list[str]) -> None:
    assert stances(text) == (wishes, dislikes)


@pytest.mark.parametrize(
    "text", ["kantoor vind ik niks", "kantoor is saai", "kantoor hoef ik niet", "kantoor niet"]
)
def test_a_denial_at_the_end_reaches_back(text: str) -> None:
    assert stances(text) == ([], ["office_worker"])


def test_of_takes_the_denial_along_and_maar_ends_it() -> None:
    assert stances("geen kantoor of winkel") == ([], ["office_worker", "shop_assistant"])
    assert stances("horeca en winkel vind ik niks") == ([], ["hospitality", "shop_assistant"])
    assert stances("geen kantoor maar winkel") == (["shop_assistant"], ["office_worker"])


@pytest.mark.parametrize(
    "text",
    [
        "geen kantoor, winkel",
        "geen kantoor en winkel",
        "winkel, kantoor vind ik niks",
        "niet per se een winkel",
        "minder winkel",
        "ik kan niet goed rekenen",
        "niet zonder winkel",
    ],
)
def test_where_a_denial_may_reach_it_is_asked(text: str) -> None:
    wishes, dislikes = stances(text)
    assert "shop_assistant" not in [*wishes, *dislikes]
    assert "working_with_numbers" not in [*wishes, *dislikes]
    asked = {tag for reading in VOCABULARY.read(text) for tag in reading.proposals}
    assert asked & {"shop_assistant", "working_with_numbers"}


def test_a_sentence_begins_afresh() -> None:
    assert stances("Geen kantoor. Winkel!") == (["shop_assistant"], ["office_worker"])
    assert stances("geen kantoor; winkel") == (["shop_assistant"], ["office_worker"])


def test_not_only_is_no_denial() -> None:
    assert stances("niet alleen kapper maar ook visagist") == (["hairdresser", "makeup_artist"], [])
    assert stances("ik wil niet alleen werken") == ([], ["working_alone"])


@pytest.mark.parametrize(
    "text", ["geen idee", "maakt niet uit", "ik weet nog niet wat ik wil", "niets", "geen", "nee"]
)
def test_who_does_not_know_dislikes_nothing(text: str) -> None:
    assert stances(text) == ([], [])


def test_a_word_of_the_vocabulary_with_a_denial_in_it_stays_whole() -> None:
    assert stances("niet opgeven") == (["hard_working"], [])


def test_what_is_wished_and_denied_is_asked() -> None:
    (reading,) = VOCABULARY.read("kok worden maar geen kok")

    assert (reading.tag, reading.proposals) == (None, ("cook",))


def test_what_is_not_chosen_is_neither() -> None:
    assert stances("liever kok dan ober") == (["cook"], [])
    assert stances("kok in plaats van ober") == (["cook"], [])


@pytest.mark.parametrize(
    "text", ["mijn vader is bakker", "me broer zit in het leger", "mijn moeder werkt in de zorg"]
)
def test_what_others_do_is_asked(text: str) -> None:
    assert stances(text) == ([], [])
    assert any(reading.proposals for reading in VOCABULARY.read(text))


def test_a_strange_word_makes_a_dislike_a_question() -> None:
    (reading,) = VOCABULARY.read("geen buitenlands kantoor")

    assert (reading.tag, reading.proposals, reading.is_dislike) == (None, ("office_worker",), True)


def test_a_question_about_a_wish_stays_beside_a_dislike() -> None:
    readings = VOCABULARY.read("geen winkel. misschien buitenlandse winkel")

    assert [(one.tag, one.proposals, one.is_dislike) for one in readings] == [
        ("shop_assistant", (), True),
        (None, ("shop_assistant",), False),
    ]


def test_what_is_certain_is_not_asked_again() -> None:
    assert [one.tag for one in VOCABULARY.read("kapsalon. leuke kapsalon xyz")] == ["hairdresser"]
