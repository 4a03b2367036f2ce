"""Dutch words made comparable: plain letters, base forms of plurals and diminutives, and how a word sounds.

Heuristic, linear in the letters. A wrong base form does no harm: it only counts when the vocabulary knows it.
"""

import re
import unicodedata
from collections.abc import Iterator

_APOSTROPHES = re.compile(r"['’`´]")
_NO_WORD = re.compile(r"[^a-z0-9+#]+")
_OPEN_SYLLABLE = re.compile(r"(?:^|[^aeiou])[aeou][^aeiouwxy]$")
_DOUBLE_CONSONANT = re.compile(r"([bcdfgklmnprst])\1$")
_DIMINUTIVES = ("etjes", "etje", "tjes", "tje", "pjes", "pje", "kjes", "kje", "jes", "je")
_SHORTEST_BASE = 3
# Letters that sound alike to who writes by ear, longest first.
_SOUNDS = (
    ("sch", "sg"),
    ("ph", "f"),
    ("th", "t"),
    ("ck", "k"),
    ("dt", "t"),
    ("ij", "y"),
    ("ei", "y"),
    ("ou", "au"),
    ("qu", "kw"),
    ("x", "ks"),
    ("ch", "g"),
    ("ce", "se"),
    ("ci", "si"),
    ("c", "k"),
    ("v", "f"),
    ("z", "s"),
)
_SAME_LETTER_TWICE = re.compile(r"(.)\1")


def plain(text: str) -> str:
    """Lower case, no accents, no marks, single spaces; letters, digits, + and # stay (C++, C#).

    >>> plain("  Café-eigenaar (m/v)!")
    'cafe eigenaar m v'
    """
    folded = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text.casefold()))
    letters = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return _NO_WORD.sub(" ", letters).strip()


def base_forms(word: str) -> Iterator[str]:
    """What a word may be a plural or a diminutive of; of a phrase, its last word is changed.

    >>> sorted(base_forms("scholen")), sorted(base_forms("kokken")), sorted(base_forms("huizen"))
    (['school'], ['kok'], ['huis', 'huiz'])
    """
    head, _, last = word.rpartition(" ")
    lead = f"{head} " if head else ""
    for form in _base_forms_of_word(last):
        if len(form) >= _SHORTEST_BASE:
            yield lead + form


def _base_forms_of_word(word: str) -> Iterator[str]:
    for ending in _DIMINUTIVES:
        if word.endswith(ending):
            yield word.removesuffix(ending)
            if ending.startswith("k"):
                yield word.removesuffix(ending) + "g"
    if word.endswith("s") and not word.endswith("ss"):
        yield word.removesuffix("s")
    if word.endswith("en"):
        yield from _without_en(word.removesuffix("en"))


def _without_en(stem: str) -> Iterator[str]:
    if _DOUBLE_CONSONANT.search(stem):
        yield stem[:-1]
        return
    # An open syllable sounds long, so its vowel is written twice when the ending goes: scholen, school.
    singular = stem[:-1] + stem[-2] + stem[-1] if _OPEN_SYLLABLE.search(stem) else stem
    yield singular
    if singular.endswith("z"):
        yield singular[:-1] + "s"
    if singular.endswith("v"):
        yield singular[:-1] + "f"


def sound(word: str) -> str:
    """One spelling for all that sound alike to a Dutch ear.

    >>> sound("vysiotherapie") == sound("fysiotherapie")
    True
    """
    heard = word.replace(" ", "")
    for written, spoken in _SOUNDS:
        heard = heard.replace(written, spoken)
    return _SAME_LETTER_TWICE.sub(r"\1", heard)
