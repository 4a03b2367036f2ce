"""What becomes of a text: readings with the way they were understood, and completions of what is typed."""

from dataclasses import dataclass
from enum import StrEnum


class How(StrEnum):
    """By which way a text was understood, or not.

    The word itself; another word for it; a plural or other form of one; a compound whose head is one; a
    misspelt one; several that may be meant; none at all.
    """

    EXACT = "exact"
    ALIAS = "alias"
    FORM = "form"
    COMPOUND = "compound"
    SPELLING = "spelling"
    UNSURE = "unsure"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a piece of text was taken for: `tag` None when unsure; `proposals` are then the likeliest tags.

    `is_dislike` says that the text wants it not: "geen kantoor". A dislike is never a wish.
    """

    text: str
    tag: str | None
    confidence: float
    how: How
    proposals: tuple[str, ...] = ()
    is_dislike: bool = False


@dataclass(frozen=True, slots=True)
class Completion:
    """A word that fits what is typed, the tag it stands for, and whether it is one of the tag's labels."""

    tag: str
    word: str
    is_label: bool
