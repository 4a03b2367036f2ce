"""Reads what a youth wrote in own words; nothing is guessed: what is not certain becomes a question."""

from collections.abc import Iterable
from dataclasses import dataclass

from service.reference.catalogue import catalogue
from service.reference.engine import vocabulary


@dataclass(frozen=True, slots=True)
class Question:
    """A piece of text that may mean several things: «bedoel je …?»."""

    text: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Understood:
    """What a text says in the words of the vocabulary: certain tags, questions, and what nobody knows."""

    tags: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def is_certain(self) -> bool:
        return not self.questions and not self.unknown

    @property
    def choices(self) -> frozenset[str]:
        """Everything the youth may tick."""
        return frozenset(self.tags).union(*(question.choices for question in self.questions))


def read_words(text: str) -> Understood:
    readings = vocabulary().read(text) if text.strip() else []
    asked = [reading for reading in readings if reading.tag is None]
    return Understood(
        tags=_each_once(reading.tag for reading in readings if reading.tag is not None),
        questions=tuple(Question(reading.text, reading.proposals) for reading in asked if reading.proposals),
        unknown=_each_once(reading.text for reading in asked if not reading.proposals),
    )


def wishes_among(tags: Iterable[str]) -> list[str]:
    """The words that name work: those that belong to a sector."""
    return [tag for tag in tags if catalogue().tags[tag].sector is not None]


def talents_among(tags: Iterable[str]) -> list[str]:
    return [tag for tag in tags if catalogue().tags[tag].sector is None]


def _each_once(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))
