"""What youths and hosts really type, labelled by hand, and how well a vocabulary reads it.

In `phrases/*.csv` each row has a phrase and what a careful teacher would take it for: `wanted` and `disliked`
are words that should be certain (`|` parts several, `/` parts alternatives of which one suffices), `ask`
words of which one should be asked about. A row without any of them should be certain of nothing.
"""

import csv
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from matching import Tag, TagKind, Vocabulary

FOLDER = Path(__file__).with_name("phrases")
WRITTEN_TO_TUNE = "tuning.csv"
REFERENCE = Path(__file__).parents[2] / "seeds" / "reference" / "tags.csv"

Meant = tuple[str, bool]
"""A word, and whether it is disliked."""


@dataclass(frozen=True, slots=True)
class Phrase:
    text: str
    groups: tuple[frozenset[Meant], ...]
    """Each is met by any of its alternatives."""
    ask: frozenset[str]
    is_held_out: bool
    """Half of all, by the bytes of the phrase; never looked at while the reading was tuned."""


@dataclass(frozen=True, slots=True)
class Measure:
    """Certain readings that are right and wrong; of the words meant, those found, those asked, and all."""

    right: int
    wrong: tuple[tuple[str, str], ...]
    found: int
    missed: tuple[tuple[str, str], ...]
    asked: int
    meant: int

    @property
    def precision(self) -> float:
        return self.right / (self.right + len(self.wrong))

    @property
    def recall(self) -> float:
        return self.found / self.meant

    @property
    def recall_with_questions(self) -> float:
        return (self.found + self.asked) / self.meant


def measure(vocabulary: Vocabulary, phrases: Iterable[Phrase]) -> Measure:
    right = found = asked = meant = 0
    wrong: list[tuple[str, str]] = []
    missed: list[tuple[str, str]] = []
    for phrase in phrases:
        readings = vocabulary.read(phrase.text)
        certain = {(reading.tag, reading.is_dislike) for reading in readings if reading.tag is not None}
        proposed = {(tag, reading.is_dislike) for reading in readings for tag in reading.proposals}
        allowed = frozenset[Meant]().union(*phrase.groups)
        right += len(certain & allowed)
        wrong += [(phrase.text, tag) for tag, _ in sorted(certain - allowed)]
        meant += len(phrase.groups)
        found += sum(bool(group & certain) for group in phrase.groups)
        unfound = [group for group in phrase.groups if not group & certain]
        asked += sum(bool(group & proposed) for group in unfound)
        missed += [(phrase.text, "/".join(sorted(tag for tag, _ in group))) for group in unfound]
    return Measure(right, tuple(wrong), found, tuple(missed), asked, meant)


@cache
def phrases() -> tuple[Phrase, ...]:
    return tuple(
        _phrase(row, may_be_held_out=path.name != WRITTEN_TO_TUNE)
        for path in sorted(FOLDER.glob("*.csv"))
        for row in _rows(path, ";")
    )


@cache
def reference_tags() -> tuple[Tag, ...]:
    """The words of the product as the engine knows them, read from their file."""
    return tuple(
        Tag(
            row["code"],
            TagKind(row["kind"]),
            row["sector"] or None,
            (row["label_nl"], row["label_en"]),
            tuple(alias for alias in row["aliases"].split("|") if alias),
            tuple(hint for hint in row["hints"].split("|") if hint),
        )
        for row in _rows(REFERENCE, ",")
    )


def _rows(path: Path, delimiter: str) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines(), delimiter=delimiter))


def _phrase(row: dict[str, str], *, may_be_held_out: bool) -> Phrase:
    groups = [
        frozenset((tag, column == "disliked") for tag in group.split("/"))
        for column in ("wanted", "disliked")
        for group in row[column].split("|")
        if group
    ]
    return Phrase(
        row["phrase"],
        tuple(groups),
        frozenset(row["ask"].split("|")) - {""},
        is_held_out=may_be_held_out and zlib.crc32(row["phrase"].encode()) % 2 == 1,
    )
