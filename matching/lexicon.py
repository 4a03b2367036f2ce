"""The known words and what they stand for: labels, aliases and hints, their forms, and how firm each is.

Exact. Built once, linear in the letters of the words; a look-up is constant in their number.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from matching.nouns import Tag, TagKind
from matching.readings import How
from matching.small_words import (
    BUSINESS_ENDINGS,
    CLEAR_ROLE_ENDINGS,
    NO_ROLES,
    ROLE_ENDINGS,
)
from matching.words import DIMINUTIVE_ENDINGS, base_forms, masculine_forms, plain

SHORTEST_HEAD = 3
_SHORTEST_NARROWED = 3
_SHARED_BY_FORMS = 3
"""Letters at the beginning that no form changes."""
_MOST_JOINED = 3
_ALWAYS_JOINED = 2


@dataclass(frozen=True, slots=True)
class Known:
    """A text that is in the vocabulary: its tags (several: it must be asked) and how it was found there."""

    text: str
    tags: tuple[str, ...]
    how: How

    @property
    def is_certain(self) -> bool:
        return self.how is not How.UNSURE and len(self.tags) == 1


class Lexicon:
    """Labels, aliases and hints of tags by their plain letters."""

    def __init__(self, tags: Iterable[Tag]) -> None:
        self.tag: dict[str, Tag] = {}
        self._labels: dict[str, set[str]] = defaultdict(set)
        self._aliases: dict[str, set[str]] = defaultdict(set)
        self._hints: dict[str, list[str]] = defaultdict(list)
        for tag in sorted(tags, key=lambda tag: tag.code):
            self._add(tag)
        self.words = tuple(sorted(self._labels.keys() | self._aliases.keys()))
        self._forms = _index((form, word) for word in self.words for form in base_forms(word))
        self._joined = _index((word.replace(" ", ""), word) for word in (*self.words, *sorted(self._hints)))
        self._beginnings = frozenset(joined[:_SHARED_BY_FORMS] for joined in self._joined)
        self._reach: dict[str, int] = {}
        for word in (*self.words, *self._hints):
            first, count = word.partition(" ")[0], word.count(" ") + 1
            self._reach[first] = max(self._reach.get(first, 1), count)
        self._narrowed = frozenset(self._narrowed_words())

    def _add(self, tag: Tag) -> None:
        self.tag[tag.code] = tag
        for words, index in ((tag.labels, self._labels), (tag.aliases, self._aliases)):
            for word in words:
                if plain(word):
                    index[plain(word)].add(tag.code)
        for word in tag.hints:
            if plain(word):
                self._hints[plain(word)].append(tag.code)

    def tags_of(self, word: str) -> tuple[str, ...]:
        """By the word itself; a label beats an alias, since who types a thing's own name means that thing."""
        return tuple(sorted(self._labels.get(word) or self._aliases.get(word) or ()))

    def find(self, word: str) -> Known | None:
        """The word itself, then what it merely hints at, then what it is a form of."""
        if tags := self.tags_of(word):
            return _known(word, tags, How.EXACT if word in self._labels else How.ALIAS)
        if hints := self._hints.get(word):
            return Known(word, tuple(hints), How.UNSURE)
        return self._by_form(word)

    def _by_form(self, word: str) -> Known | None:
        """As a form of a known word; what a known word is a form of ("vlieg") is certain only for a doer."""
        if word.replace(" ", "")[:_SHARED_BY_FORMS] not in self._beginnings:
            return None
        forms = {word, *base_forms(word), *masculine_forms(word)}
        if word.count(" ") < _MOST_JOINED:
            forms.update(*(self._joined.get(form.replace(" ", ""), ()) for form in tuple(forms)))
        if tags := self._tags_of_all(forms):
            known = _known(word, tags, How.FORM)
            is_sure = self.is_role(known) or not word.endswith(DIMINUTIVE_ENDINGS)
            return known if is_sure else Known(word, tags, How.UNSURE)
        if tags := self._tags_of_all({known for form in forms for known in self._forms.get(form, ())}):
            known = _known(word, tags, How.FORM)
            return known if self.is_role(known) else Known(word, tags, How.UNSURE)
        hints = tuple(dict.fromkeys(tag for form in sorted(forms) for tag in self._hints.get(form, ())))
        return Known(word, hints, How.UNSURE) if hints else None

    def _tags_of_all(self, words: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted({tag for word in words for tag in self.tags_of(word)}))

    def longest(self, first: str) -> int:
        """How many words a known phrase that begins so may have."""
        return max(self._reach.get(first, 1), _ALWAYS_JOINED)

    def is_business(self, known: Known) -> bool:
        """A shop, a practice or the like, named by what it does: "bakkerij", "stukadoorsbedrijf"."""
        return known.how is How.COMPOUND or any(
            known.text.endswith(end) and known.text != end for end in BUSINESS_ENDINGS
        )

    def is_role(self, known: Known) -> bool:
        """A person by the work: the word of an occupation with the ending of a doer."""
        last = known.text.rpartition(" ")[2]
        is_occupation = all(self.tag[tag].kind is TagKind.OCCUPATION for tag in known.tags)
        single = last.removesuffix("s")
        endings = ROLE_ENDINGS if last.endswith(DIMINUTIVE_ENDINGS) else CLEAR_ROLE_ENDINGS
        is_doer = (single.endswith(ROLE_ENDINGS) and not single.endswith("ment")) or any(
            form.endswith(endings) for form in base_forms(last)
        )
        return is_occupation and (known.how is How.EXACT or (is_doer and last not in NO_ROLES))

    def is_narrowed(self, word: str) -> bool:
        """Whether a word before it may make it another: there is an `automonteur` beside a `monteur`."""
        return word in self._narrowed

    def _narrowed_words(self) -> Iterator[str]:
        """Words with which the words of other tags end."""
        for word in self.words:
            last = word.rpartition(" ")[2]
            for start in range(len(word) - len(last), len(word) - _SHORTEST_NARROWED + 1):
                end = word[start:]
                is_part = end not in (word, last) or word.count(" ") == 1
                if is_part and end != word and set(self.tags_of(end)) - set(self.tags_of(word)):
                    yield end
        yield from self._hints


def _known(word: str, tags: tuple[str, ...], how: How) -> Known:
    return Known(word, tags, how if len(tags) == 1 else How.UNSURE)


def _index(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    index: dict[str, list[str]] = defaultdict(list)
    for key, word in pairs:
        index[key].append(word)
    return {key: tuple(found) for key, found in index.items()}
