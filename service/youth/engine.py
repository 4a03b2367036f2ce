"""Reads what a youth wrote in own words; nothing is guessed: what is not certain becomes a question."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from service.reference.catalogue import catalogue
from service.reference.engine import vocabulary


@dataclass(frozen=True, slots=True)
class Question:
    """A piece of text that may mean several things: «bedoel je …?», or «liever niet …?» of a dislike."""

    text: str
    choices: tuple[str, ...]
    is_dislike: bool = False


@dataclass(frozen=True, slots=True)
class Understood:
    """What a text says in words of the vocabulary: wanted and unwanted, questions, and what nobody knows."""

    tags: tuple[str, ...] = ()
    dislikes: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def is_certain(self) -> bool:
        return not self.questions and not self.unknown

    @property
    def wanted(self) -> Self:
        """Without what the text says of dislikes."""
        asked = tuple(question for question in self.questions if not question.is_dislike)
        return replace(self, dislikes=(), questions=asked)

    @property
    def choices(self) -> frozenset[str]:
        """Everything the youth may tick as wanted."""
        asked = (question.choices for question in self.questions if not question.is_dislike)
        return frozenset(self.tags).union(*asked)

    @property
    def disliked_choices(self) -> frozenset[str]:
        """Everything the youth may tick as rather not."""
        asked = (question.choices for question in self.questions if question.is_dislike)
        return frozenset(self.dislikes).union(*asked)


def read_words(text: str) -> Understood:
    readings = vocabulary().read(text) if text.strip() else []
    asked = [reading for reading in readings if reading.tag is None]
    return Understood(
        tags=_each_once(one.tag for one in readings if one.tag is not None and not one.is_dislike),
        dislikes=_each_once(one.tag for one in readings if one.tag is not None and one.is_dislike),
        questions=tuple(Question(one.text, one.proposals, one.is_dislike) for one in asked if one.proposals),
        unknown=_each_once(reading.text for reading in asked if not reading.proposals),
    )


def wishes_among(tags: Iterable[str]) -> list[str]:
    """The words that name work: those that belong to a sector."""
    return [tag for tag in tags if catalogue().tags[tag].sector is not None]


def talents_among(tags: Iterable[str]) -> list[str]:
    return [tag for tag in tags if catalogue().tags[tag].sector is None]


def _each_once(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))
