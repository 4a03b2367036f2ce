"""Dutch words made comparable: plain letters, base forms, parts of compounds, and how a word sounds.

Heuristic, linear in the letters. A wrong base form does no harm: it only counts when the vocabulary knows it.
"""

import re
import unicodedata
from collections.abc import Iterator

LONGEST_WORD = 60
"""Letters; no compound of work is longer, and taking one apart grows with the square of its length."""

_APOSTROPHES = re.compile(r"['’`´]")
_NO_WORD = re.compile(r"[^a-z0-9+#]+")
_OPEN_SYLLABLE = re.compile(r"(?:^|[^aeiou])[aeou][^aeiouwxy]$")
_DOUBLE_CONSONANT = re.compile(r"([bcdfgklmnprst])\1$")
DIMINUTIVE_ENDINGS = ("etjes", "etje", "tjes", "tje", "pjes", "pje", "kjes", "kje", "jes", "je")
_FEMININES = (
    ("trice", "teur"),
    ("trice", "tor"),
    ("euse", "eur"),
    ("iere", "ier"),
    ("ologe", "oloog"),
    ("agoge", "agoog"),
    ("ve", "f"),
    ("in", ""),
    ("e", ""),
)
_LONG_SYLLABLE = re.compile(r"([aeou])\1[bcdfgklmnprst]$")
_SHORT_SYLLABLE = re.compile(r"(?:^|[^aeiou])[aeiou][bcdfgklmnprst]$")
_TWO_CONSONANTS = re.compile(r"[^aeiouy]{2}$")
_DOUBLE_VOWEL = re.compile(r"([aou])\1$")
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
_UNHEARD_N = re.compile(r"en(?=[^aeiouyt]|$)")
_VOWELS = re.compile(r"[aeiouy]+")
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
    (['schole', 'school'], ['kok', 'kokke'], ['huis', 'huiz', 'huize'])
    """
    head, _, last = word.rpartition(" ")
    lead = f"{head} " if head else ""
    for form in _base_forms_of_word(last):
        if len(form) >= _SHORTEST_BASE:
            yield lead + form


def masculine_forms(word: str) -> Iterator[str]:
    """What a word may be a feminine of; of a phrase, its last word is changed.

    >>> sorted(set(masculine_forms("verkoopster"))), sorted(set(masculine_forms("danseres")))
    (['verkoper'], ['danseer', 'danser'])
    """
    head, _, last = word.rpartition(" ")
    lead = f"{head} " if head else ""
    for form in _without_feminine_ending(last):
        if len(form) >= _SHORTEST_BASE:
            yield lead + form


def _base_forms_of_word(word: str) -> Iterator[str]:
    for ending in DIMINUTIVE_ENDINGS:
        if word.endswith(ending):
            yield word.removesuffix(ending)
            if ending.startswith("k"):
                yield word.removesuffix(ending) + "g"
            if _DOUBLE_VOWEL.search(word.removesuffix(ending)):
                yield word.removesuffix(ending)[:-1]
    if word.endswith("s") and not word.endswith("ss"):
        yield word.removesuffix("s")
    if word.endswith("en"):
        yield word.removesuffix("n")
        yield from _without_en(word.removesuffix("en"))


def _without_feminine_ending(word: str) -> Iterator[str]:
    for ending, masculine in _FEMININES:
        if word.endswith(ending):
            yield word.removesuffix(ending) + masculine
    if word.endswith("ster"):
        stem = word.removesuffix("ster")
        # In an open syllable a long vowel is written once (verkoper), and a short one doubles (kapper).
        yield (stem[:-2] + stem[-1] if _LONG_SYLLABLE.search(stem) else stem + stem[-1:]) + "er"
        if _TWO_CONSONANTS.search(stem):
            yield stem + "er"
    if word.endswith("es"):
        yield from (stem := word.removesuffix("es"), stem[:-1] + stem[-2:-1] + stem[-1:])
    if word.endswith("in") and _DOUBLE_CONSONANT.search(word.removesuffix("in")):
        yield word.removesuffix("in")[:-1]


def modifier_forms(part: str) -> Iterator[str]:
    """What the first part of a compound may be by itself: with or without a linking letter, or as a verb.

    >>> sorted(set(modifier_forms("stukadoors"))), "slopen" in set(modifier_forms("sloop"))
    (['stukadoor', 'stukadoors', 'stukadoorsen'], True)
    """
    yield part
    for linking in ("s", "e", "en", "n"):
        if part.endswith(linking) and len(part) - len(linking) >= _SHORTEST_BASE:
            yield part.removesuffix(linking)
    yield part + "en"
    if _LONG_SYLLABLE.search(part):
        yield part[:-2] + part[-1] + "en"
    if _SHORT_SYLLABLE.search(part):
        yield part + part[-1] + "en"


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


def skeleton(word: str) -> str:
    """The consonants one hears, in order: a slip of the pen mostly leaves them. The n of "-en" is silent.

    >>> (
    ...     skeleton("verplegkundige") == skeleton("verpleegkundige"),
    ...     skeleton("techniek") == skeleton("mechaniek"),
    ... )
    (True, False)
    """
    heard = _UNHEARD_N.sub("e", sound(word))
    return _SAME_LETTER_TWICE.sub(r"\1", _VOWELS.sub("", heard))
