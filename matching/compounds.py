"""Compounds: the head decides, and what stands before it only proposes.

Heuristic. A compound is certain when its head is a word for who does a work that no known compound gives
another meaning ("strafrechtadvocaat", but not "schoolmonteur"), or when its head says nothing and what
stands before it is known ("stukadoorsbedrijf"). All others are proposals. Linear in the letters of the word.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from matching.lexicon import SHORTEST_HEAD, Known, Lexicon
from matching.nouns import TagKind
from matching.readings import How
from matching.small_words import EMPTY_HEADS, LIGHT_MODIFIERS, PLACE_HEADS
from matching.words import modifier_forms

SHORTEST_MODIFIER = 3
SHORTEST_CERTAIN_HEAD = 5
SHORTEST_PART = 5
_MOST_WORDS_WITH_A_PART = 12


class Compounds:
    """Words taken apart by the words of a lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._words = lexicon.words
        self._backwards = sorted(word[::-1] for word in self._words)

    def read(self, word: str) -> Known | None:
        """The one tag a compound certainly stands for."""
        if " " in word:
            return None
        return self._with_empty_head(word) or self._with_known_head(word)

    def proposals(self, word: str) -> list[str]:
        """Tags of the head, then of what stands before it, then of words that begin or end with this one."""
        found: list[str] = []
        for modifier, head in _splits(word):
            known = self._lexicon.find(head)
            if known is not None and (
                len(head) >= SHORTEST_PART or not known.is_certain or self._lexicon.is_role(known)
            ):
                found += [*known.tags, *self._modifier_tags(modifier)]
                break
        for end in range(len(word) - 1, SHORTEST_PART - 1, -1):
            before = self._lexicon.find(word[:end])
            if before is not None:
                found += before.tags
                break
        if len(word) >= SHORTEST_PART:
            found += [tag for longer in self._longer(word) for tag in self._lexicon.tags_of(longer)]
        return list(dict.fromkeys(found))

    def _with_empty_head(self, word: str) -> Known | None:
        for head in (*EMPTY_HEADS, *PLACE_HEADS):
            if word.endswith(head) and len(word) - len(head) >= SHORTEST_MODIFIER:
                before = self._modifier(word.removesuffix(head))
                if before is None or not before.is_certain:
                    return None
                is_work = self._lexicon.tag[before.tags[0]].kind is not TagKind.TALENT
                if is_work and (head in EMPTY_HEADS or self._lexicon.is_role(before)):
                    return Known(word, before.tags, How.COMPOUND)
                return None
        return None

    def _with_known_head(self, word: str) -> Known | None:
        for modifier, head in _splits(word):
            known = self._lexicon.find(head)
            if known is None:
                continue
            decides = (
                known.is_certain
                and len(head) >= SHORTEST_CERTAIN_HEAD
                and self._lexicon.is_role(known)
                and self._leaves_meaning(modifier, head, known.tags[0])
            )
            return Known(word, known.tags, How.COMPOUND) if decides else None
        return None

    def _leaves_meaning(self, modifier: str, head: str, tag: str) -> bool:
        if modifier in LIGHT_MODIFIERS:
            return True
        if self._lexicon.is_narrowed(head):
            return False
        others = self._modifier_tags(modifier)
        sector = self._lexicon.tag[tag].sector
        return all(self._lexicon.tag[other].sector == sector for other in others)

    def _modifier_tags(self, part: str) -> tuple[str, ...]:
        known = self._modifier(part)
        return () if known is None else known.tags

    def _modifier(self, part: str) -> Known | None:
        found = [
            known
            for form in modifier_forms(part)
            if len(form) >= SHORTEST_MODIFIER and (known := self._lexicon.find(form)) is not None
        ]
        return next((known for known in found if known.is_certain), next(iter(found), None))

    def _longer(self, part: str) -> list[str]:
        """Known words that begin or end with a part; the shortest first."""
        begin = _starting_with(self._words, part)
        end = [word[::-1] for word in _starting_with(self._backwards, part[::-1])]
        single = {word for word in (*begin, *end) if " " not in word}
        return sorted(single - {part}, key=lambda word: (len(word), word))[:_MOST_WORDS_WITH_A_PART]


def _splits(word: str) -> Iterator[tuple[str, str]]:
    """The longest head first."""
    for start in range(SHORTEST_MODIFIER, len(word) - SHORTEST_HEAD + 1):
        yield word[:start], word[start:]


def _starting_with(words: Sequence[str], start: str) -> list[str]:
    first = bisect_left(words, start)
    return list(words[first : bisect_left(words, start + "\x7f")])
