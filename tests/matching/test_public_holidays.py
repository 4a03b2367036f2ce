"""The national days without education, beside the calendar."""

from datetime import date, timedelta

import pytest

from matching.public_holidays import days_off, is_day_off

# Easter Mondays from the calendar.
EASTER_MONDAYS = (
    "2024-04-01",
    "2025-04-21",
    "2026-04-06",
    "2027-03-29",
    "2028-04-17",
    "2029-04-02",
    "2038-04-26",
)


def test_it_works() -> None:
    assert {day.isoformat(): name for day, name in days_off(2027).items()} == {
        "2027-01-01": "new_year",
        "2027-03-29": "easter_monday",
        "2027-04-27": "kings_day",
        "2027-05-05": "liberation_day",
        "2027-05-06": "ascension_day",
        "2027-05-17": "whit_monday",
        "2027-12-25": "christmas_day",
        "2027-12-26": "boxing_day",
    }


@pytest.mark.parametrize("day", EASTER_MONDAYS)
def test_easter_moves(day: str) -> None:
    monday = date.fromisoformat(day)

    named = {name: each for each, name in days_off(monday.year).items()}
    assert named["easter_monday"] == monday
    assert named["ascension_day"] == monday + timedelta(days=38)
    assert named["whit_monday"] == monday + timedelta(days=49)


def test_kings_day_is_never_a_sunday() -> None:
    assert is_day_off(date(2025, 4, 26))
    assert not is_day_off(date(2025, 4, 27))
    assert is_day_off(date(2031, 4, 26))


def test_ascension_day_may_be_liberation_day() -> None:
    """In 2016 and 2005 it was: one day off, and not two."""
    assert len(days_off(2016)) == 7
    assert days_off(2016)[date(2016, 5, 5)] == "liberation_day"
