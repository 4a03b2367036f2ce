"""The invented country: real codes, the columns of the files, the same again with the same seed."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

import matching
from seeds.__main__ import main
from seeds.national import OFFER_COLUMNS, WANTED_AND_OFFERED, YOUTH_COLUMNS, Row, make_country
from service.reference.catalogue import catalogue


@pytest.fixture(scope="module")
def youths() -> list[dict[str, str]]:
    return [dict(zip(YOUTH_COLUMNS, row, strict=True)) for row in make_country(3_000, 0, seed=7).youths]


@pytest.fixture(scope="module")
def offers() -> list[dict[str, str]]:
    return [dict(zip(OFFER_COLUMNS, row, strict=True)) for row in make_country(0, 3_000, seed=7).offers]


def listed(cell: str) -> set[str]:
    return {part for part in cell.split("|") if part}


def rows(seed: int) -> tuple[list[Row], list[Row]]:
    country = make_country(50, 50, seed)
    return list(country.youths), list(country.offers)


def test_it_works(tmp_path: Path) -> None:
    assert main(["national", "--youths", "40", "--offers", "30", "--out", str(tmp_path / "new")]) == 0
    for name, columns, number in (("youths", YOUTH_COLUMNS, 40), ("offers", OFFER_COLUMNS, 30)):
        header, *written = csv.reader((tmp_path / "new" / f"{name}.csv").read_text("utf-8").splitlines())
        assert tuple(header) == columns
        assert len(written) == number


def test_same_seed_same_country() -> None:
    assert rows(7) == rows(7)
    assert rows(7) != rows(8)


def test_a_bigger_country_starts_with_the_same_youths() -> None:
    """So that a slice of the country can be measured."""
    small, big = make_country(20, 0, seed=7).youths, make_country(40, 0, seed=7).youths
    assert list(small) == list(big)[:20]


def test_a_country_can_be_one_town() -> None:
    town = make_country(200, 200, seed=7, municipality="Amsterdam")
    postcodes = {row[YOUTH_COLUMNS.index("pc4")] for row in town.youths} | {
        row[OFFER_COLUMNS.index("pc4")] for row in town.offers
    }

    assert len(postcodes) > 20
    assert {catalogue().postcodes[pc4].municipality for pc4 in postcodes} == {"Amsterdam"}


def test_a_town_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        main(["national", "--municipality", "Lutjebroekerveen", "--out", str(tmp_path)])


def test_youths_use_known_codes(youths: list[dict[str, str]]) -> None:
    known = catalogue()
    for youth in youths:
        assert youth["pc4"] in known.postcodes
        assert listed(youth["wishes"]) <= {*known.tags, *known.sectors}
        assert listed(youth["tags"]) <= set(known.tags)
        assert listed(youth["travel"]) <= {str(mode) for mode in matching.TravelMode}
        assert bool(youth["track"]) != bool(youth["level"])
        assert youth["track"] in {"", *known.tracks}
        assert youth["level"] in {"", *known.levels}
        assert youth["profile"] in {"", *known.profiles}
        assert not youth["profile"] or youth["track"] in known.profiles[youth["profile"]].tracks
    assert {youth["birth"][:4] for youth in youths} <= {str(year) for year in range(2004, 2016)}


def test_offers_use_known_codes(offers: list[dict[str, str]]) -> None:
    known = catalogue()
    for offer in offers:
        assert offer["pc4"] in known.postcodes
        assert offer["kind"] in known.kinds
        assert listed(offer["sectors"]) <= set(known.sectors)
        assert listed(offer["tags"]) <= set(known.tags)
        assert listed(offer["tracks"]) <= set(known.tracks)
        assert listed(offer["hazards"]) <= {"-", *known.hazards}
        assert int(offer["positions"]) > 0
        assert date.fromisoformat(offer["from"]) <= date.fromisoformat(offer["until"])
        assert offer["starts_at"] < offer["ends_at"]


def test_ids_are_unique(youths: list[dict[str, str]], offers: list[dict[str, str]]) -> None:
    for made in (youths, offers):
        assert len({row["external_id"] for row in made}) == len(made)


def test_some_say_nothing(youths: list[dict[str, str]], offers: list[dict[str, str]]) -> None:
    assert 0.05 < sum(not youth["wishes"] for youth in youths) / len(youths) < 0.2
    assert 0.05 < sum(not youth["tags"] for youth in youths) / len(youths) < 0.2
    assert 0.0 < sum(not offer["hazards"] for offer in offers) / len(offers) < 0.2


def test_cities_get_more(youths: list[dict[str, str]]) -> None:
    places = Counter(catalogue().postcodes[youth["pc4"]].municipality for youth in youths)
    assert {"Amsterdam", "Rotterdam", "Den Haag"} <= {place for place, _ in places.most_common(8)}


def test_there_are_gaps(offers: list[dict[str, str]]) -> None:
    """Care and ICT are wanted more than offered, as in the country."""
    offered = Counter(offer["sectors"] for offer in offers)
    assert set(WANTED_AND_OFFERED) == set(catalogue().sectors) == set(offered)
    for sector in ("ZORG", "ICT"):
        wanted, _ = WANTED_AND_OFFERED[sector]
        share_wanted = wanted / sum(each for each, _ in WANTED_AND_OFFERED.values())
        assert offered[sector] / len(offers) < share_wanted
