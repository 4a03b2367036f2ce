"""Faulty points are found by their neighbours, and right ones are left alone."""

from dataclasses import replace

import pytest

from seeds.distance import Point, kilometres
from seeds.municipalities import PopulatedPlace, Row, assign_municipalities
from seeds.postcode_repair import Postcode, one_per_code, repair_points


def row(pc4: int, place: str, north: float, east: float, accuracy: int = 6) -> Row:
    return Row(str(pc4), place, "Utrecht", Point(north, east), accuracy)


def town(first: int, north: float = 52.0, place: str = "Dorpstad", number: int = 8) -> list[Row]:
    """A row of postcodes, about a kilometre from one to the next."""
    return [row(first + step, place, north + step / 100, 5.0) for step in range(number)]


def postcodes(rows: list[Row], municipality: str = "Dorpstad") -> list[Postcode]:
    return [
        Postcode(each.pc4, each.point, each.place, municipality, each.province, each.accuracy)
        for each in rows
    ]


def test_it_works() -> None:
    rows = town(3500)
    kept, set_aside = one_per_code(rows, ["Dorpstad"] * len(rows))
    repaired, repairs = repair_points(kept, [])
    assert [each.pc4 for each in repaired] == [each.pc4 for each in rows]
    assert not set_aside
    assert not repairs
    assert not any(each.is_repaired for each in repaired)


def test_a_row_under_a_foreign_number_is_set_aside() -> None:
    strayed = row(3504, "Verweg", 53.2, 6.5, accuracy=4)
    rows = [*town(3500), strayed, *town(9700, 53.2, "Verweg")]
    kept, set_aside = one_per_code(rows, ["Dorpstad"] * 8 + ["Verweg"] * 9)
    assert [(each.pc4, each.place) for each in set_aside] == [("3504", "Verweg")]
    assert set_aside[0].kilometres > 100
    assert {each.place for each in kept if each.pc4 == "3504"} == {"Dorpstad"}


def test_a_number_that_only_a_stray_row_has_is_no_postcode() -> None:
    strayed = row(3520, "Verweg", 53.2, 6.5, accuracy=0)
    rows = [*town(3500), strayed, *town(9700, 53.2, "Verweg")]
    kept, _ = one_per_code(rows, ["Dorpstad"] * 8 + ["Verweg"] * 9)
    assert "3520" not in {each.pc4 for each in kept}


def test_the_middle_of_addresses_is_never_set_aside() -> None:
    """An island is far from everything, and right."""
    rows = [*town(3500), row(3520, "Eiland", 53.4, 5.1), *town(9700, 53.2, "Verweg")]
    kept, set_aside = one_per_code(rows, ["Dorpstad"] * 8 + ["Eiland"] + ["Verweg"] * 8)
    assert not set_aside
    assert "3520" in {each.pc4 for each in kept}


def test_of_two_rows_the_more_accurate_is_kept() -> None:
    rows = [*town(3500), row(3503, "Buurdorp", 52.031, 5.001, accuracy=4)]
    kept, _ = one_per_code(rows, ["Dorpstad"] * 9)
    assert [each.place for each in kept if each.pc4 == "3503"] == ["Dorpstad"]


def test_of_two_rows_the_one_with_its_neighbours_is_kept() -> None:
    """More accurate is not better when it lies elsewhere."""
    rows = [*town(3500), row(3503, "Buurdorp", 52.4, 5.4)]
    rows[3] = replace(rows[3], accuracy=4)
    kept, _ = one_per_code(rows, ["Dorpstad"] * 9)
    assert [each.place for each in kept if each.pc4 == "3503"] == ["Dorpstad"]


def test_a_point_far_from_its_place_is_moved_there() -> None:
    rows = town(3500)
    rows[4] = replace(rows[4], point=Point(52.4, 4.4), accuracy=0)
    repaired, repairs = repair_points(postcodes(rows), [])
    moved = repaired[4]
    assert moved.is_repaired
    assert kilometres(moved.point, Point(52.04, 5.0)) < 1
    assert [each.pc4 for each in repairs] == ["3504"]
    assert [each for each in repaired if each.pc4 != "3504"] == [
        each for each in postcodes(rows) if each.pc4 != "3504"
    ]


def test_a_new_quarter_at_the_edge_stays() -> None:
    rows = town(3500)
    rows[7] = replace(rows[7], point=Point(52.05, 5.03), accuracy=0)
    repaired, repairs = repair_points(postcodes(rows), [])
    assert repaired == postcodes(rows)
    assert not repairs


def test_a_village_alone_is_moved_to_its_middle() -> None:
    village = Postcode("3599", Point(52.3, 5.3), "Gehucht", "Dorpstad", "Utrecht", 0)
    middle = PopulatedPlace("Gehucht", "Dorpstad", "Utrecht", Point(52.1, 5.1))
    repaired, _ = repair_points([*postcodes(town(3500)), village], [middle])
    assert repaired[-1].point == middle.point
    assert repaired[-1].is_repaired


def test_without_a_known_middle_the_neighbours_in_number_decide() -> None:
    hamlet = Postcode("3509", Point(52.3, 5.3), "Gehucht", "Dorpstad", "Utrecht", 0)
    repaired, _ = repair_points([*postcodes(town(3500)), hamlet], [])
    assert kilometres(repaired[-1].point, Point(52.07, 5.0)) < 2


@pytest.mark.parametrize("accuracy", [0, 4])
def test_what_lies_where_it_should_is_left_alone(accuracy: int) -> None:
    rows = [replace(each, accuracy=accuracy) if each.pc4 == "3504" else each for each in town(3500)]
    assert repair_points(postcodes(rows), []) == (postcodes(rows), [])


def test_municipalities_are_stretches_of_rows() -> None:
    """A place of the same name elsewhere, and a point that is wrong, do not break a stretch."""
    places = [
        PopulatedPlace("Aadorp", "Aadorp", "Utrecht", Point(52.0, 5.0)),
        PopulatedPlace("Beedorp", "Beedorp", "Utrecht", Point(52.3, 5.0)),
    ]
    rows = [
        row(3501, "Aadorp", 52.0, 5.0),
        row(3502, "Klein Aadorp", 52.02, 5.01),
        row(3503, "Aaveld", 52.28, 5.0, accuracy=0),
        row(3504, "Groot Aadorp", 51.99, 5.0),
        row(3402, "Klein Beedorp", 52.29, 5.02),
        row(3403, "Beedorp", 52.3, 5.0),
    ]
    assert assign_municipalities(rows, places) == ["Aadorp"] * 4 + ["Beedorp"] * 2
