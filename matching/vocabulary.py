"""Free text to known tags: exact words first, then forms and spelling; below a high threshold it only asks.

Guarantee: a tag is named only when one tag alone fits; otherwise up to three proposals ("bedoel je …?") or
nothing. Compared only with the curated words (labels and aliases). Heuristic; linear in the words of the
vocabulary.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz, process

from matching.nouns import Tag, TagKind
from matching.words import base_forms, plain, sound

ACCEPT = 90.0
PROPOSE = 75.0
PROPOSE_OTHER_INITIAL = 85.0
MARGIN = 4.0
SHORTEST_FUZZY = 5
SHORTEST_PART = 5
MOST_PROPOSALS = 3
_NEAREST_WORDS = 12
_SEPARATORS = re.compile(r"[,;/\n|&]|\.\s")
# These part two wishes, unless they stand in a known word such as "zorg en welzijn".
_BETWEEN = frozenset({"en", "of", "and", "or"})
# Words around a wish that are no wish: "ik wil later graag iets met dieren doen".
_FILLER_WORDS = """
ik je wil wou zou graag later worden word wordt zijn ben is een de het iets dingen met als bij in op
van voor om te doen werken werk baan beroep hou houd vind leuk heel erg ook misschien maar wel niet
geen nog weet idee goed kan kunnen mijn droom droombaan liefst echt echte soort m v i want to be a
an the like work with something
"""
_FILLERS = frozenset(_FILLER_WORDS.split())
_CONFIDENCE_EXACT = 1.0
_CONFIDENCE_FORM = 0.95
_CONFIDENCE_SOUND = 0.9


class How(StrEnum):
    """By which way a text was understood, or not."""

    EXACT = "exact"
    ALIAS = "alias"
    FORM = "form"
    SOUND = "sound"
    SPELLING = "spelling"
    UNSURE = "unsure"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a piece of text was taken for: `tag` None when unsure; `proposals` are then the likeliest tags."""

    text: str
    tag: str | None
    confidence: float
    how: How
    proposals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Completion:
    """A word that fits what is typed, the tag it stands for, and whether it is one of the tag's labels."""

    tag: str
    word: str
    is_label: bool


class Vocabulary:
    """The curated words and what they stand for; build it once, it never changes."""

    def __init__(self, tags: Iterable[Tag]) -> None:
        """Index the labels and aliases of the tags; the order of the tags does not matter."""
        self._kind: dict[str, TagKind] = {}
        self._labels: dict[str, set[str]] = defaultdict(set)
        self._aliases: dict[str, set[str]] = defaultdict(set)
        self._typed: list[tuple[str, Completion]] = []
        for tag in sorted(tags, key=lambda tag: tag.code):
            self._add(tag)
        self._words = sorted(self._labels.keys() | self._aliases.keys())
        self._forms = _index(self._words, base_forms)
        self._sounds = _index(self._words, lambda word: (sound(word),))
        self._unspaced = _index(self._words, lambda word: (word.replace(" ", ""),))
        self._longest = max((word.count(" ") + 1 for word in self._words), default=1)

    def read(self, text: str) -> list[Reading]:
        """Every wish in a sentence, in the order written; pieces that say nothing ("ik wil …") are left out.

        `Reading.text` is the piece in plain letters.

        >>> kok = Tag("kok", TagKind.OCCUPATION, "HORECA", ("kok",), ("chef",))
        >>> [
        ...     (reading.tag, reading.how.value)
        ...     for reading in Vocabulary([kok]).read("ik wil graag chef worden")
        ... ]
        [('kok', 'alias')]
        """
        readings: list[Reading] = []
        for piece in _SEPARATORS.split(text):
            for reading in self._read_piece(plain(piece)):
                if reading.tag is None or reading.tag not in {known.tag for known in readings}:
                    readings.append(reading)
        return readings

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
            if f" {wanted}" in f" {word}" and (not kinds or self._kind[entry.tag] in kinds)
        ]
        best: dict[str, Completion] = {}
        for *_, entry in sorted(found, key=lambda item: item[:-1]):
            best.setdefault(entry.tag, entry)
        return list(best.values())[:limit]

    def _add(self, tag: Tag) -> None:
        self._kind[tag.code] = tag.kind
        for words, index in ((tag.labels, self._labels), (tag.aliases, self._aliases)):
            for word in words:
                if plain(word):
                    index[plain(word)].add(tag.code)
                    completion = Completion(tag.code, word, index is self._labels)
                    self._typed.append((plain(word), completion))

    def _tags_of(self, word: str) -> set[str]:
        # A label beats an alias: who types a thing's own name means that thing.
        return self._labels.get(word) or self._aliases.get(word) or set()

    def _read_piece(self, piece: str) -> Iterator[Reading]:
        whole = self._look_up(piece)
        if whole is not None:
            yield whole
            return
        for wish in self._wishes_in(piece.split()):
            is_known = any(isinstance(part, Reading) for part in wish)
            for part in wish:
                reading = part if isinstance(part, Reading) else self._guess(part)
                # Beside a known word, "heel lief" need not be a wish: only what resembles one is asked about.
                if reading.how is not How.UNKNOWN or not is_known:
                    yield reading

    def _wishes_in(self, words: list[str]) -> list[list[Reading | str]]:
        """Each wish as its known words, and the strange words between them as one text."""
        wishes: list[list[Reading | str]] = [[]]
        strange: list[str] = []
        position = 0
        while position < len(words):
            reading, length = self._longest_known(words[position:])
            if reading is None and words[position] not in _BETWEEN:
                strange += [] if words[position] in _FILLERS else [words[position]]
            else:
                wishes[-1] += _joined(strange)
                strange = []
                if reading is None:
                    wishes.append([])
                else:
                    wishes[-1].append(reading)
            position += length
        wishes[-1] += _joined(strange)
        return wishes

    def _longest_known(self, words: list[str]) -> tuple[Reading | None, int]:
        for length in range(min(self._longest, len(words)), 0, -1):
            if length == 1 and words[0] in _FILLERS:
                break
            if length > 1 and words[length - 1] in _BETWEEN:
                # "kok en bakker" are two, and not "koken" and a baker.
                continue
            reading = self._look_up(" ".join(words[:length]))
            if reading is not None:
                return reading, length
        return None, 1

    def _look_up(self, word: str) -> Reading | None:
        tags = self._tags_of(word)
        if tags:
            how = How.EXACT if word in self._labels else How.ALIAS
            return _only(word, tags, how, _CONFIDENCE_EXACT)
        forms = {word, *base_forms(word)}
        forms.update(*(self._unspaced.get(form.replace(" ", ""), ()) for form in forms))
        known = {
            known for form in forms for known in (form, *self._forms.get(form, ())) if self._tags_of(known)
        }
        if known:
            return _only(word, self._tags_of_all(known), How.FORM, _CONFIDENCE_FORM)
        return None

    def _guess(self, word: str) -> Reading:
        if len(word) >= SHORTEST_FUZZY:
            alike = self._tags_of_all(self._sounds.get(sound(word), ()))
            if alike:
                return _only(word, alike, How.SOUND, _CONFIDENCE_SOUND)
        near = self._nearest(word)
        ranked = sorted(near, key=lambda tag: (-near[tag], tag))
        if ranked and len(word) >= SHORTEST_FUZZY and near[ranked[0]] >= ACCEPT:
            runner_up = near[ranked[1]] if len(ranked) > 1 else 0.0
            if near[ranked[0]] - runner_up >= MARGIN:
                return Reading(word, ranked[0], near[ranked[0]] / 100, How.SPELLING)
        proposals = tuple(dict.fromkeys([*ranked, *self._with_part(word)]))[:MOST_PROPOSALS]
        if proposals:
            return Reading(word, None, near.get(proposals[0], 0.0) / 100, How.UNSURE, proposals)
        return Reading(word, None, 0.0, How.UNKNOWN)

    def _nearest(self, word: str) -> dict[str, float]:
        """Tags whose words are spelt nearly so, by likeness (0-100); another first letter must be nearer."""
        near: dict[str, float] = {}
        matches = process.extract(
            word, self._words, scorer=fuzz.ratio, processor=None, score_cutoff=PROPOSE, limit=_NEAREST_WORDS
        )
        for known, likeness, _ in matches:
            if known[0] != word[0] and likeness < PROPOSE_OTHER_INITIAL:
                continue
            for tag in self._tags_of(known):
                near[tag] = max(near.get(tag, 0.0), likeness)
        return near

    def _with_part(self, word: str) -> list[str]:
        """Tags whose word begins or ends a compound, or the other way round; the longest part first."""
        parts = [
            (-min(len(known), len(word)), known)
            for known in self._words
            if min(len(known), len(word)) >= SHORTEST_PART
            and (
                word.startswith(known)
                or word.endswith(known)
                or known.startswith(word)
                or known.endswith(word)
            )
        ]
        return [tag for _, known in sorted(parts) for tag in sorted(self._tags_of(known))]

    def _tags_of_all(self, words: Iterable[str]) -> set[str]:
        return {tag for word in words for tag in self._tags_of(word)}


def _joined(words: list[str]) -> list[str]:
    return [" ".join(words)] if words else []


def _only(word: str, tags: set[str], how: How, confidence: float) -> Reading:
    if len(tags) == 1:
        return Reading(word, next(iter(tags)), confidence, how)
    return Reading(word, None, confidence, How.UNSURE, tuple(sorted(tags))[:MOST_PROPOSALS])


def _index(words: Iterable[str], keys_of: Callable[[str], Iterable[str]]) -> dict[str, tuple[str, ...]]:
    index: dict[str, list[str]] = defaultdict(list)
    for word in words:
        for key in keys_of(word):
            index[key].append(word)
    return {key: tuple(found) for key, found in index.items()}
