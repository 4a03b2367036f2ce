"""Words in an offer that a coordinator looks at together with its maker."""

import pytest

from service.offers.flags import FlagKind, flags_in


def kinds(text: str) -> list[FlagKind]:
    return [flag.kind for flag in flags_in(text)]


def test_it_works() -> None:
    found = flags_in("Wij zoeken een jongen", "Representatief en zonder hoofddoek")

    assert [(flag.kind, flag.word) for flag in found] == [
        (FlagKind.GENDER, "jongen"),
        (FlagKind.APPEARANCE, "Representatief"),
        (FlagKind.HEADSCARF, "zonder hoofddoek"),
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Een stoere meid? Nee: meiden gezocht", FlagKind.GENDER),
        ("Alleen vrouwen", FlagKind.GENDER),
        ("Minimaal 16 jaar", FlagKind.AGE),
        ("18+", FlagKind.AGE),
        ("Leeftijd: 15", FlagKind.AGE),
        ("Nederlands als moedertaal", FlagKind.ORIGIN),
        ("Een christelijke omgeving", FlagKind.ORIGIN),
        ("Foutloos Nederlands", FlagKind.ORIGIN),
        ("Een representatieve houding", FlagKind.APPEARANCE),
        ("Geen zichtbare tatoeages", FlagKind.APPEARANCE),
        ("Geen hoofdbedekking", FlagKind.HEADSCARF),
    ],
)
def test_a_word_is_flagged(text: str, kind: FlagKind) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Jongens en meisjes zijn welkom (m/v/x)",
        "Een dag in de verloskundigenpraktijk, met een timmervrouw",
        "Je helpt mensen van alle leeftijden",
        "Van 9 tot 16 uur, 3 dagen, 12 plekken",
        "Herenkapper: je leert knippen",
        "De achterkant van de winkel",
    ],
)
def test_ordinary_words_are_not(text: str) -> None:
    assert kinds(text) == []


def test_each_word_once() -> None:
    assert len(flags_in("jongen, Jongen en JONGEN", "jongen")) == 1
