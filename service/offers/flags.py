"""Words in the text of an offer that a coordinator should look at before youths see them (DOMAIN 7)."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class FlagKind(StrEnum):
    GENDER = "gender"
    AGE = "age"
    ORIGIN = "origin"
    APPEARANCE = "appearance"
    HEADSCARF = "headscarf"


@dataclass(frozen=True, slots=True)
class Flag:
    kind: FlagKind
    word: str
    """As it stands in the text."""


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE)


# «m/v» and «jongens en meisjes» invite everybody.
INVITES_ALL = _words(
    r"jongens\s*(?:en|of|/|&)\s*meisjes",
    r"meisjes\s*(?:en|of|/|&)\s*jongens",
    r"mannen\s*(?:en|of|/|&)\s*vrouwen",
    r"vrouwen\s*(?:en|of|/|&)\s*mannen",
    r"boys\s+(?:and|or)\s+girls",
    r"girls\s+(?:and|or)\s+boys",
    r"m\s*/\s*v(?:\s*/\s*x)?",
)
PATTERNS: tuple[tuple[FlagKind, re.Pattern[str]], ...] = (
    (
        FlagKind.GENDER,
        _words(
            r"jongens?",
            r"meisjes?",
            r"meiden",
            r"mannen",
            r"mannelijke?",
            r"vrouwen",
            r"vrouwelijke?",
            r"dames?",
            r"heren",
            r"kerels?",
            r"girls?",
            r"boys?",
            r"male",
            r"female",
        ),
    ),
    (
        FlagKind.AGE,
        _words(
            r"(?:minimaal|minstens|vanaf|ouder dan|jonger dan|tot|boven de|onder de)\s+\d{2}\s*(?:jaar|jr)",
            r"\d{2}\s*(?:plus|\+)",
            r"(?:leeftijd|minimumleeftijd|age)\s*:?\s*\d{2}",
            r"at least \d{2} years?(?: old)?",
            r"jonge honden?",
        ),
    ),
    (
        FlagKind.ORIGIN,
        _words(
            r"(?:westerse?|niet-westerse?|allochto(?:on|nen)|autochto(?:on|nen))",
            r"(?:migratie)?achtergrond",
            r"afkomst",
            r"etni\w+",
            r"(?:geboren|echte?)\s+(?:nederlanders?|hollanders?)",
            r"(?:moslims?|islamitische?|christelijke?|christenen|joodse?|katholieke?|hindoe\w*|religie|gelovige?)",
            r"moedertaal",
            r"accentloos|zonder accent|vlekkeloos nederlands|foutloos nederlands",
            r"native (?:speaker|dutch)",
        ),
    ),
    (
        FlagKind.APPEARANCE,
        _words(
            r"representatie(?:f|ve)",
            r"(?:verzorgd|net|goed|fris)e?\s+uiterlijk",
            r"(?:zichtbare\s+)?(?:tatoeages?|tattoos?|piercings?)",
            r"slank\w*|knap\w*|aantrekkelijk\w*",
            r"presentable|good-looking",
        ),
    ),
    (
        FlagKind.HEADSCARF,
        _words(
            r"(?:geen|zonder|no)\s+(?:hoofddoek\w*|hoofdbedekking\w*|headscar\w+)",
            r"hoofddoek\w*|hoofddeksel\w*|hoofdbedekking\w*|headscar(?:f|ves)|keppel\w*|tulband\w*",
        ),
    ),
)


def flags_in(*texts: str) -> list[Flag]:
    """Each word once, in the order of the kinds. A flag is a question to a person; it refuses nothing."""
    found: dict[tuple[FlagKind, str], Flag] = {}
    for text in texts:
        plain = INVITES_ALL.sub(" ", unicodedata.normalize("NFC", text))
        for kind, pattern in PATTERNS:
            for match in pattern.finditer(plain):
                found.setdefault((kind, match.group().casefold()), Flag(kind, match.group()))
    return sorted(found.values(), key=lambda flag: list(FlagKind).index(flag.kind))
