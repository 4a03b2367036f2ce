"""Misspelt words: certain when they are long and sound or read alike, otherwise proposals.

Heuristic (thresholds below, measured in docs/words.md). A slip of the pen mostly leaves the consonants one
hears, so only words with the same skeleton are certain: "verplegkundige", and never "mechaniek" for
"techniek". Candidates come from an index by skeleton and by first letter; growth: the words that share the
first letter.
"""

from collections import defaultdict

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from matching.lexicon import Known, Lexicon
from matching.readings import How
from matching.words import skeleton, sound

SHORTEST_CERTAIN = 8
"""Letters; a shorter word is too near to others: laser and lasser, kaper and kapper."""
LONG = 11
MOST_SLIPS = 1
MOST_SLIPS_OF_LONG = 2
SHORTEST_SKELETON = 4
SHORTEST_PROPOSED = 4
PROPOSE = 75.0
"""Likeness by rapidfuzz, of 100."""
PROPOSE_DOUBTFUL = 85.0
"""The same for short words and for phrases, which are alike as soon as they share an ending or a verb."""
SHORTEST_DISTINCT = 6
_MOST_NEAREST = 6


class Spelling:
    """The words of a lexicon by how they sound."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._by_skeleton: dict[str, list[str]] = defaultdict(list)
        self._by_first: dict[str, list[str]] = defaultdict(list)
        for word in lexicon.words:
            self._by_skeleton[skeleton(word)].append(word)
            self._by_first[sound(word)[:1]].append(word)

    def read(self, word: str) -> Known | None:
        """The one tag whose word this certainly is, but for a slip of the pen."""
        bones = skeleton(word)
        if len(word.replace(" ", "")) < SHORTEST_CERTAIN or len(bones) < SHORTEST_SKELETON:
            return None
        tags = {
            tag
            for known in self._by_skeleton.get(bones, ())
            if _is_slip(word, known)
            for tag in self._lexicon.tags_of(known)
        }
        return Known(word, tuple(tags), How.SPELLING) if len(tags) == 1 else None

    def proposals(self, word: str) -> dict[str, float]:
        """Tags by how like (0-100) the nearest of their words is; few and never far."""
        near: dict[str, float] = {}
        if len(word) < SHORTEST_PROPOSED:
            return near
        is_doubtful = len(word) < SHORTEST_DISTINCT or " " in word
        candidates = dict.fromkeys(
            (*self._by_first.get(sound(word)[:1], ()), *self._by_skeleton.get(skeleton(word), ()))
        )
        found = process.extract(
            word,
            list(candidates),
            scorer=fuzz.ratio,
            processor=None,
            score_cutoff=PROPOSE_DOUBTFUL if is_doubtful else PROPOSE,
            limit=_MOST_NEAREST,
        )
        for known, likeness, _ in found:
            for tag in self._lexicon.tags_of(known):
                near[tag] = max(near.get(tag, 0.0), likeness)
        return near


def _is_slip(word: str, known: str) -> bool:
    """Skeletons are equal already; of words that sound the same, one more letter may differ."""
    allowed = MOST_SLIPS_OF_LONG if len(word) >= LONG or sound(word) == sound(known) else MOST_SLIPS
    return OSA.distance(word, known, score_cutoff=allowed) <= allowed
