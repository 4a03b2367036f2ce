"""Typed words to known tags, for those who fill in a form: what is not certain becomes «bedoel je …?»."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from service.core.i18n import language
from service.reference.catalogue import catalogue
from service.reference.engine import tag_kinds, vocabulary

CERTAIN = frozenset({"exact", "alias", "form", "compound"})
"""The word itself, another word for it, its plural, a compound of it; what only looks alike is asked."""

MOST_COMPLETIONS = 8

WORD = re.compile(r"[a-z]{3,30}")
TOKEN = re.compile(r"[^\W\d_]+|[.!?;\n]")
SENTENCE_ENDS = frozenset({"", ".", "!", "?", ";", "\n"})


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


def plain_letters(word: str) -> str:
    """Small, and without accents, as the vocabulary reads."""
    letters = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def is_known(word: str) -> bool:
    """Whether it means something by now, if only as a question."""
    return any(reading.tag or reading.proposals for reading in vocabulary().read(word))


def words_to_count(text: str, unknown: Iterable[str]) -> set[str]:
    """Words that the vocabulary may lack: letters only, no number or address, and nothing written as a name.

    `unknown` are pieces of the text in plain letters. A capital inside a sentence marks a name in Dutch.
    """
    tokens = TOKEN.findall(text)
    names = {
        plain_letters(token)
        for before, token in pairwise(["", *tokens])
        if before not in SENTENCE_ENDS and token.isalpha() and token.istitle()
    }
    found = {word for piece in unknown for word in piece.split()}
    return {word for word in found - names if WORD.fullmatch(word)}


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
