"""How alike a wish and an offer are: word, sector, neighbour, nothing."""

import pytest

from matching import Offer
from matching.taxonomy import Likeness, Taxonomy, Tie
from tests.matching.cast import SECTORS, TAGS, make_offer

TAXONOMY = Taxonomy({sector.code: sector for sector in SECTORS}, {tag.code: tag for tag in TAGS})
KITCHEN = make_offer(sectors=("HORECA",), tags=frozenset({"cook", "cooking"}))


@pytest.mark.parametrize(
    ("wish", "offer", "expected"),
    [
        ("cook", KITCHEN, Likeness(1.0, Tie.WORD, None)),
        ("cooking", KITCHEN, Likeness(1.0, Tie.WORD, None)),
        ("baker", KITCHEN, Likeness(0.8, Tie.SECTOR, "HORECA")),
        ("HORECA", KITCHEN, Likeness(0.8, Tie.SECTOR, "HORECA")),
        ("animals", KITCHEN, Likeness(0.4, Tie.NEIGHBOUR, "HORECA")),
        ("GROEN", KITCHEN, Likeness(0.4, Tie.NEIGHBOUR, "HORECA")),
        ("nurse", KITCHEN, Likeness(0.0, Tie.NONE, None)),
        ("languages", KITCHEN, Likeness(0.0, Tie.NONE, None)),
        ("animals", make_offer(sectors=("HORECA", "GROEN")), Likeness(0.8, Tie.SECTOR, "GROEN")),
    ],
)
def test_it_works(wish: str, offer: Offer, expected: Likeness) -> None:
    assert TAXONOMY.likeness(wish, offer) == expected


def test_the_makers_sectors_go_before_those_of_the_tags() -> None:
    given = make_offer(sectors=("ZORG", "BOUW"), tags=frozenset({"cook"}))
    silent = make_offer(sectors=(), tags=frozenset({"teacher", "cook", "cooking"}))

    assert TAXONOMY.sectors_of(given) == ("ZORG", "BOUW")
    assert TAXONOMY.sectors_of(silent) == ("HORECA", "ONDERWIJS")
    assert TAXONOMY.sectors_of(make_offer(sectors=())) == ()


def test_sectors_are_as_alike_one_way_as_the_other() -> None:
    codes = [sector.code for sector in SECTORS]
    for one in codes:
        for other in codes:
            assert TAXONOMY.between(one, other) == TAXONOMY.between(other, one)
