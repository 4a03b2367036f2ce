"""A text cut into pieces of known, strange and small words: one wish or thought each.

Exact: the longest known phrase wins, from left to right. Linear in the words of the text.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from matching.compounds import Compounds
from matching.lexicon import Known, Lexicon
from matching.small_words import (
    AND,
    BEING,
    BETWEEN,
    BUT,
    DENYING,
    DENYING_PHRASES,
    DOUBTING,
    FILLERS,
    HALF_DENYING,
    IDIOMS,
    INSTEAD,
    PLACING,
    RELATIVES,
    WANTING,
)
from matching.spelling import Spelling
from matching.words import LONGEST_WORD, base_forms, plain

SENTENCE_ENDS = re.compile(r"[;!?\n\r]|\.(?:\s|$)")
CLAUSE_ENDS = re.compile(r"[,/|()•–—]|:(?:\s|$)|\s-\s")
_OBJECT_BEHIND = frozenset({"van", "aan"})
_NUMBER = re.compile(r"[0-9]+")


class Mark(StrEnum):
    """What a token does in its piece."""

    KNOWN = "known"
    STRANGE = "strange"
    SMALL = "small"
    PLACING = "placing"
    DENYING = "denying"
    DOUBTING = "doubting"
    INSTEAD = "instead"
    RELATIVE = "relative"


class Joint(StrEnum):
    """How a piece follows the one before it."""

    START = "start"
    COMMA = "comma"
    AND = "and"
    OR = "or"
    BUT = "but"


@dataclass(frozen=True, slots=True)
class Token:
    """A word, or a known phrase."""

    text: str
    mark: Mark
    known: Known | None = None

    @property
    def is_content(self) -> bool:
        return self.mark in (Mark.KNOWN, Mark.STRANGE)


@dataclass(frozen=True, slots=True)
class Piece:
    """What stands between two commas or joining words."""

    joint: Joint
    tokens: tuple[Token, ...]

    def has(self, mark: Mark) -> bool:
        return any(token.mark is mark for token in self.tokens)

    def says(self, words: frozenset[str]) -> bool:
        """Whether one of the small words is among these."""
        return any(token.mark is Mark.SMALL and token.text in words for token in self.tokens)

    @property
    def content(self) -> str:
        return " ".join(token.text for token in self.tokens if token.is_content)


class Cutter:
    """Cuts texts with the words of a lexicon."""

    def __init__(self, lexicon: Lexicon, compounds: Compounds, spelling: Spelling) -> None:
        self._lexicon = lexicon
        self._compounds = compounds
        self._spelling = spelling

    def sentences(self, text: str) -> Iterator[list[Piece]]:
        """The pieces of each sentence; a sentence begins afresh, whatever the one before it denied."""
        for sentence in SENTENCE_ENDS.split(text):
            pieces: list[Piece] = []
            for clause in CLAUSE_ENDS.split(sentence):
                pieces += self._pieces(plain(clause).split(), Joint.COMMA if pieces else Joint.START)
            if pieces:
                yield pieces

    def _pieces(self, words: Sequence[str], joint: Joint) -> Iterator[Piece]:
        tokens: list[Token] = []
        for token in self._tokens(words):
            if token.text not in BETWEEN:
                tokens.append(token)
                continue
            if tokens:
                yield Piece(joint, tuple(tokens))
                joint, tokens = _joint(token.text), []
            elif _joint(token.text) is Joint.BUT or joint is not Joint.BUT:
                # "maar ook" begins afresh, as "maar" does.
                joint = _joint(token.text)
        if tokens:
            yield Piece(joint, tuple(tokens))

    def _tokens(self, words: Sequence[str]) -> Iterator[Token]:
        position = 0
        while position < len(words):
            token, length = self._token(words, position)
            yield token
            position += length

    def _token(self, words: Sequence[str], position: int) -> tuple[Token, int]:
        word = words[position]
        if word in BETWEEN:
            return Token(word, Mark.SMALL), 1
        if len(word) > LONGEST_WORD:
            return Token(word, Mark.STRANGE), 1
        known, length = self._longest_known(words, position)
        small = self._small_phrase(words, position) if length == 1 else None
        if small is not None:
            return small
        return (self._single(word) if known is None else Token(known.text, Mark.KNOWN, known)), length

    def _small_phrase(self, words: Sequence[str], position: int) -> tuple[Token, int] | None:
        for mark, phrase in _PHRASES.get(words[position], ()):
            # Not in "ik wil niet alleen werken", where "alleen werken" is known.
            if tuple(words[position : position + len(phrase)]) == phrase and not (
                mark is Mark.DOUBTING and self._longest_known(words, position + 1)[1] > 1
            ):
                return Token(" ".join(phrase), mark), len(phrase)
        return None

    def _single(self, word: str) -> Token:
        for mark, words in _WORDS:
            if word in words:
                return Token(word, mark)
        if word in FILLERS or word in BEING or _NUMBER.fullmatch(word):
            return Token(word, Mark.SMALL)
        known = self._spelling.read(word) or self._compounds.read(word)
        return Token(word, Mark.STRANGE) if known is None else Token(word, Mark.KNOWN, known)

    def _longest_known(self, words: Sequence[str], position: int) -> tuple[Known | None, int]:
        if position >= len(words):
            return None, 1
        word = words[position]
        is_polite = word == "graag" and position > 0 and words[position - 1] in WANTING
        longest = 1 if is_polite else min(self._lexicon.longest(word), len(words) - position)
        for length in range(longest, 1, -1):
            # "kok en bakker" are two, and not "koken" and a baker.
            if words[position + length - 1] not in BETWEEN:
                known = self._lexicon.find(" ".join(words[position : position + length]))
                if known is not None:
                    return known, length
        turned = self._turned(words, position)
        if turned is not None:
            return turned
        if word in FILLERS or word in PLACING or word in DENYING:
            return None, 1
        return self._lexicon.find(word), 1

    def _turned(self, words: Sequence[str], position: int) -> tuple[Known, int] | None:
        """ "poetsen van nieuwe auto's" for "auto's poetsen"."""
        behind = position + 1
        if behind >= len(words) or words[behind] not in _OBJECT_BEHIND:
            return None
        while behind < len(words) and (words[behind] in FILLERS or words[behind] in _OBJECT_BEHIND):
            behind += 1
        if behind >= len(words):
            return None
        for thing in (words[behind], *base_forms(words[behind])):
            known = self._lexicon.find(f"{thing} {words[position]}")
            if known is not None:
                return known, behind - position + 1
        return None


_PHRASES: dict[str, list[tuple[Mark, tuple[str, ...]]]] = defaultdict(list)
"""Small phrases by their first word; idioms first, the longest of them before the others."""
for _mark, _phrases in (
    (Mark.SMALL, sorted(IDIOMS, key=len, reverse=True)),
    (Mark.DOUBTING, DOUBTING),
    (Mark.DENYING, DENYING_PHRASES),
    (Mark.INSTEAD, (("in", "plaats", "van"), ("instead", "of"))),
):
    for _phrase in _phrases:
        _PHRASES[_phrase[0]].append((_mark, _phrase))
_WORDS = (
    (Mark.DENYING, DENYING),
    (Mark.DOUBTING, HALF_DENYING),
    (Mark.INSTEAD, INSTEAD),
    (Mark.RELATIVE, RELATIVES),
    (Mark.PLACING, PLACING),
)


def _joint(word: str) -> Joint:
    if word in BUT:
        return Joint.BUT
    return Joint.AND if word in AND else Joint.OR
