"""The worked example of docs/matching.md: every number in it, recomputed."""

from pathlib import Path

import pytest

from matching import Explanation, Offer, Place, Problem, Sector, Seeker, Tag, TagKind, TravelMode, explain
from tests.matching.cast import ON, make_offer, make_seeker

PAGE = (Path(__file__).parents[2] / "docs" / "matching.md").read_text(encoding="utf-8")
EXAMPLE = " ".join(PAGE.partition("## 9. A worked example")[2].partition("## 10.")[0].split())
SECTORS = [Sector("HORECA", "food"), Sector("GROEN", "food"), Sector("ZORG", "care")]
VOCABULARY = [
    Tag("cook", TagKind.OCCUPATION, "HORECA"),
    Tag("nurse", TagKind.OCCUPATION, "ZORG"),
    Tag("animals", TagKind.ACTIVITY, "GROEN"),
    Tag("cooking", TagKind.TALENT),
    Tag("languages", TagKind.TALENT),
]
PLACES = [Place("1068", 52.3614, 4.8023), Place("1064", 52.3766, 4.8266)]
NOOR = make_seeker(
    id="noor",
    wishes=("nurse", "cook"),
    tags=frozenset({"cooking", "languages"}),
    modes=frozenset({TravelMode.BIKE}),
)
KITCHEN = make_offer(id="kitchen", tags=frozenset({"cook", "cooking"}))
GARDEN = make_offer(id="garden", sectors=("GROEN",), tags=frozenset({"animals"}))


def test_it_works() -> None:
    sector, location, talent = explained(NOOR).parts

    assert f"The best is **{sector.value:.4f}**" in EXAMPLE
    assert f"(45 − 10) = **{location.value:.4f}**" in EXAMPLE
    assert f"(3.1013 × 2.8013) = **{talent.value:.4f}**" in EXAMPLE
    points = f"{sector.points:.2f} + {location.points:.2f} + {talent.points:.2f}"
    assert f"= {points} = **{explained(NOOR).score:.2f}**" in EXAMPLE


def test_the_way_is_that_of_the_page() -> None:
    explanation = explained(NOOR)

    assert f"{explanation.kilometres:.3f} km" in EXAMPLE
    assert f"rounded up to {explanation.minutes}" in EXAMPLE
    assert f"her limit is {explanation.limit_minutes}" in EXAMPLE


def test_without_wishes() -> None:
    explanation = explained(make_seeker(id="noor", tags=NOOR.tags, modes=NOOR.modes))

    _, location, talent = explanation.parts
    assert f"0.25 / 0.55 = {location.weight:.4f} and 0.30 / 0.55 = {talent.weight:.4f}" in EXAMPLE
    assert f"{talent.value:.4f}) = **{explanation.score:.2f}**" in EXAMPLE


@pytest.mark.parametrize("offers", [[KITCHEN, GARDEN], [GARDEN, KITCHEN]])
def test_the_order_of_the_offers_is_nothing(offers: list[Offer]) -> None:
    assert explained(NOOR, offers) == explained(NOOR)


def explained(seeker: Seeker, offers: list[Offer] | None = None) -> Explanation:
    problem = Problem.of(
        seekers=[seeker],
        offers=offers or [KITCHEN, GARDEN],
        sectors=SECTORS,
        tags=VOCABULARY,
        places=PLACES,
        on=ON,
        seed=1,
    )
    return explain(problem, "noor", "kitchen")
