"""Free text to known tags: certain or not at all; else up to three proposals ("bedoel je …?") or nothing.

Guarantee: a tag is named only for a label, an alias, a form of one, a compound with a known head, or a long
word misspelt by a slip of the pen, when that tag alone fits and no strange word beside it may change its
meaning; what a text denies is a dislike or a question, never a wish. Compared only with the curated words.
Heuristic: docs/words.md has the steps and what they reach on phrases never used for tuning. Growth: linear in
the words of the text, for each strange word in the vocabulary's words with the same first letter; what is too
long to be a word or a wish is not read at all (`LONGEST_WORD`, `LONGEST_TEXT`).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import zip_longest

from matching.clauses import Cutter, Mark, Piece, Token
from matching.compounds import Compounds
from matching.errors import Fault, InvalidProblem
from matching.lexicon import Known, Lexicon
from matching.negation import Stance, stances
from matching.nouns import Tag, TagKind
from matching.readings import Completion, How, Reading
from matching.small_words import FILLERS
from matching.spelling import Spelling
from matching.surroundings import is_doubtful, is_where
from matching.words import LONGEST_WORD, plain

__all__ = ["MOST_PROPOSALS", "Completion", "How", "Reading", "Vocabulary"]

MOST_PROPOSALS = 3
LONGEST_TEXT = 2_000
"""Letters; nobody describes work in more, and a text of a stranger may not cost more than it says."""
_LONGEST_PHRASE = 2 * LONGEST_WORD
"""A longer piece is no misspelt phrase: half of it is more than any curated phrase."""
_CONFIDENCE = {How.EXACT: 1.0, How.ALIAS: 1.0, How.FORM: 0.95, How.COMPOUND: 0.9, How.SPELLING: 0.9}
_UNSURE_OF_KNOWN = 0.8
_UNSURE_OF_PART = 0.5


class Vocabulary:
    """The curated words and what they stand for; build it once, it never changes."""

    def __init__(self, tags: Iterable[Tag]) -> None:
        """Index the labels, aliases and hints of the tags; the order of the tags does not matter."""
        self._lexicon = Lexicon(tags)
        self._compounds = Compounds(self._lexicon)
        self._spelling = Spelling(self._lexicon)
        self._cutter = Cutter(self._lexicon, self._compounds, self._spelling)
        self._typed = [
            (plain(word), Completion(tag.code, word, words is tag.labels))
            for tag in self._lexicon.tag.values()
            for words in (tag.labels, tag.aliases)
            for word in words
            if plain(word)
        ]

    def read(self, text: str) -> list[Reading]:
        """Every wish and dislike in a text, in the order written; what says nothing ("ik wil …") is left out.

        `Reading.text` is the piece in plain letters. A tag comes once; wished and denied, it is a question.
        A word of more than 60 letters is unknown, whatever stands in it; a text of more than 2,000 letters
        raises InvalidProblem. Source: the curated words alone. Growth: linear in the words of the text.

        >>> kok = Tag("kok", TagKind.OCCUPATION, "HORECA", ("kok",), ("chef",))
        >>> [
        ...     (reading.tag, reading.how.value, reading.is_dislike)
        ...     for reading in Vocabulary([kok]).read("ik wil graag chef worden")
        ... ]
        [('kok', 'alias', False)]
        >>> [reading.is_dislike for reading in Vocabulary([kok]).read("alles behalve kok")]
        [True]
        """
        if len(text) > LONGEST_TEXT:
            raise InvalidProblem((Fault("", "text", "too_long"),))
        letters = plain(text)
        whole = self._lexicon.find(letters)
        if whole is not None and (letters not in FILLERS or self._lexicon.tags_of(letters)):
            return [_certain(whole) if whole.is_certain else _unsure(whole)]
        readings = [
            reading
            for pieces in self._cutter.sentences(text)
            for piece, said in zip(pieces, stances(pieces), strict=True)
            for reading in self._read_piece(piece, said)
        ]
        return _each_once(readings)

    def complete(self, prefix: str, limit: int = 8, kinds: Collection[TagKind] = ()) -> list[Completion]:
        """Words that start, or have a word that starts, with what was typed: one per tag, at most `limit`.

        Labels come before aliases, starts before later words, short before long. `kinds` empty: all.
        """
        wanted = plain(prefix)
        if not wanted:
            return []
        found = [
            (not word.startswith(wanted), not entry.is_label, len(word), word, entry.tag, entry)
            for word, entry in self._typed
            if f" {wanted}" in f" {word}" and (not kinds or self._lexicon.tag[entry.tag].kind in kinds)
        ]
        best: dict[str, Completion] = {}
        for *_, entry in sorted(found, key=lambda item: item[:-1]):
            best.setdefault(entry.tag, entry)
        return list(best.values())[:limit]

    def _read_piece(self, piece: Piece, said: list[Stance]) -> Iterator[Reading]:
        if not any(token.is_content for token in piece.tokens):
            return
        if piece.has(Mark.STRANGE):
            guessed = self._guess(piece)
            if guessed is not None:
                stance = said[next(place for place, token in enumerate(piece.tokens) if token.is_content)]
                yield from _as_said(guessed, stance)
                return
        for place, token in enumerate(piece.tokens):
            known = token.known
            if known is not None and not is_where(self._lexicon, piece, place):
                is_sure = known.is_certain and not is_doubtful(self._lexicon, piece, place, known)
                yield from _as_said(_certain(known) if is_sure else _unsure(known), said[place])

    def _guess(self, piece: Piece) -> Reading | None:
        """The piece as one misspelt phrase; without a known word in it also as questions."""
        content = piece.content
        if len(content) > _LONGEST_PHRASE:
            return None if piece.has(Mark.KNOWN) else self._question(content, {}, _strange(piece))
        joined = content.replace(" ", "")
        for text in dict.fromkeys((content, joined)):
            known = self._spelling.read(text)
            if known is not None:
                return _certain(Known(content, known.tags, known.how))
        if piece.has(Mark.KNOWN):
            return None
        return self._question(content, self._spelling.proposals(content), _strange(piece))

    def _question(self, content: str, near: Mapping[str, float], strange: list[Token]) -> Reading:
        ranked = sorted(near, key=lambda tag: (-near[tag], tag))
        parts = [self._proposals(token.text) for token in strange]
        mixed = [tag for row in zip_longest(*parts) for tag in row if tag is not None]
        proposals = tuple(dict.fromkeys([*ranked, *mixed]))[:MOST_PROPOSALS]
        if not proposals:
            return Reading(content, None, 0.0, How.UNKNOWN)
        confidence = near.get(proposals[0], 100 * _UNSURE_OF_PART) / 100
        return Reading(content, None, confidence, How.UNSURE, proposals)

    def _proposals(self, word: str) -> list[str]:
        """For one strange word: spelt nearly so, then parts of a compound."""
        if len(word) > LONGEST_WORD:
            return []
        near = self._spelling.proposals(word)
        return [*sorted(near, key=lambda tag: (-near[tag], tag)), *self._compounds.proposals(word)]


def _strange(piece: Piece) -> list[Token]:
    return [token for token in piece.tokens if token.mark is Mark.STRANGE]


def _certain(known: Known) -> Reading:
    return Reading(known.text, known.tags[0], _CONFIDENCE[known.how], known.how)


def _unsure(known: Known) -> Reading:
    return Reading(known.text, None, _UNSURE_OF_KNOWN, How.UNSURE, known.tags[:MOST_PROPOSALS])


def _as_said(reading: Reading, stance: Stance) -> Iterator[Reading]:
    """The reading in the light of what the text says of it."""
    if stance is Stance.IGNORED:
        return
    if stance is Stance.UNCLEAR and reading.tag is not None:
        yield Reading(reading.text, None, _UNSURE_OF_KNOWN, How.UNSURE, (reading.tag,))
    elif stance is Stance.DISLIKE:
        yield Reading(
            reading.text, reading.tag, reading.confidence, reading.how, reading.proposals, is_dislike=True
        )
    else:
        yield reading


def _each_once(readings: list[Reading]) -> list[Reading]:
    """A tag once, and no question about what is certain; wished and denied, it becomes a question."""
    sure = {(reading.tag, reading.is_dislike) for reading in readings}
    once: dict[object, Reading] = {}
    for reading in readings:
        asked = {(tag, reading.is_dislike) for tag in reading.proposals}
        if reading.tag is None and (not asked or not asked <= sure):
            once.setdefault((reading.text, reading.proposals, reading.is_dislike), reading)
        elif reading.tag is not None and (reading.tag, not reading.is_dislike) in sure:
            once.setdefault(
                reading.tag, Reading(reading.text, None, _UNSURE_OF_KNOWN, How.UNSURE, (reading.tag,))
            )
        elif reading.tag is not None:
            once.setdefault(reading.tag, reading)
    return list(once.values())
