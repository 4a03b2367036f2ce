"""Text as it may be kept: every database can store it, and nothing in it is invisible."""

import unicodedata
from typing import Annotated

from pydantic import BeforeValidator

# Control and format characters, halves of characters, and what no font knows.
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
# Holds joined pictures together, such as that of a cook.
JOINER = "\N{ZERO WIDTH JOINER}"


def one_line(text: object) -> object:
    """Single blanks, nothing invisible; what is no text is left to the field's own type."""
    return " ".join(_visible(" ".join(text.split())).split()) if isinstance(text, str) else text


def paragraphs(text: object) -> object:
    """Lines as typed, with plain ends and nothing invisible."""
    if not isinstance(text, str):
        return text
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").split("\n")
    return "\n".join(_visible(line).rstrip() for line in lines).strip()


def _visible(text: str) -> str:
    kept = (letter for letter in text if unicodedata.category(letter) not in INVISIBLE or letter == JOINER)
    return unicodedata.normalize("NFC", "".join(kept))


# Field types, tidied before they are measured: `name: Line = Field(min_length=1, max_length=120)`.
Line = Annotated[str, BeforeValidator(one_line)]
Paragraphs = Annotated[str, BeforeValidator(paragraphs)]
