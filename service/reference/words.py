"""Typed words to known tags, for those who fill in a form: what is not certain becomes «bedoel je …?»."""

from collections.abc import Iterable
from dataclasses import dataclass

from service.core.i18n import language
from service.reference.catalogue import catalogue
from service.reference.engine import tag_kinds, vocabulary

CERTAIN = frozenset({"exact", "alias", "form", "compound"})
"""The word itself, another word for it, its plural, a compound of it; what only looks alike is asked."""

MOST_COMPLETIONS = 8


@dataclass(frozen=True, slots=True)
class TypedWord:
    """A word as typed, the tag it certainly stands for, or what it may have meant."""

    text: str
    tag: str | None
    proposals: tuple[str, ...] = ()


def read_words(typed: str) -> list[TypedWord]:
    """Every word between the commas, in order; nothing is guessed."""
    return [word for piece in typed.split(",") if piece.strip() for word in _read_piece(piece.strip())]


def complete_word(start: str, kinds: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Tags with their name in the reader's language, for a word that somebody is typing."""
    wanted = tag_kinds(kinds)
    found = vocabulary().complete(start, MOST_COMPLETIONS, wanted)
    return [(entry.tag, name_of(entry.tag)) for entry in found]


def name_of(code: str) -> str:
    return catalogue().label("tags", code, language())


def _read_piece(piece: str) -> list[TypedWord]:
    if piece in catalogue().tags:
        return [TypedWord(piece, piece)]
    words = []
    for reading in vocabulary().read(piece):
        if reading.tag is None:
            words.append(TypedWord(reading.text, None, reading.proposals))
        elif reading.how.value in CERTAIN and not reading.is_dislike:
            words.append(TypedWord(reading.text, reading.tag))
        else:
            words.append(TypedWord(reading.text, None, (reading.tag,)))
    return words or [TypedWord(piece, None)]
