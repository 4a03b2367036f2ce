"""Which days count: national ones, the school's own, and those of its region that it does not replace."""

from datetime import date

import pytest
from sqlmodel import Session

from service.calendars.engine import NATIONAL
from service.calendars.free_days import FreeDays
from service.calendars.models import FreePeriod
from service.calendars.queries import free_days_of
from service.organisations.models import HolidayRegion
from tests.world import World

SPRING_OF_REGION = FreePeriod(
    region=HolidayRegion.NORTH,
    name="Voorjaarsvakantie",
    starts_on=date(2027, 2, 20),
    ends_on=date(2027, 2, 28),
)


def period(first: date, last: date, **of: object) -> FreePeriod:
    return FreePeriod(name="Vrij", starts_on=first, ends_on=last, **of)  # type: ignore[arg-type]


def test_it_works(session: Session, world: World) -> None:
    world.school.holiday_region = HolidayRegion.NORTH
    session.add(FreePeriod(**SPRING_OF_REGION.model_dump(exclude={"id"})))
    session.add(period(date(2027, 2, 13), date(2027, 2, 21), region=HolidayRegion.SOUTH))
    session.flush()
    free = free_days_of(session, world.school.id)
    assert free.name_on(date(2027, 2, 20)) == free.name_on(date(2027, 2, 28)) == "Voorjaarsvakantie"
    assert free.name_on(date(2027, 2, 19)) is None, "the south is free, the north is not"
    assert free.name_on(date(2027, 3, 1)) is None


def test_an_own_holiday_a_week_later_replaces_that_of_the_region() -> None:
    own = period(date(2027, 2, 27), date(2027, 3, 7))
    free = FreeDays(own=(own,), of_region=(SPRING_OF_REGION,))
    assert free.name_on(date(2027, 2, 22)) is None
    assert free.name_on(date(2027, 3, 2)) == "Vrij"
    assert free.replaced_by(SPRING_OF_REGION) is own


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 11, 4), date(2026, 11, 4)),
        (date(2027, 2, 19), date(2027, 2, 19)),
        (date(2027, 2, 24), date(2027, 2, 24)),
        (date(2027, 3, 1), date(2027, 3, 2)),
        # Four days, but two of them a weekend: such as from Ascension Day on.
        (date(2027, 3, 4), date(2027, 3, 7)),
    ],
)
def test_a_study_day_only_adds(first: date, last: date) -> None:
    free = FreeDays(own=(period(first, last),), of_region=(SPRING_OF_REGION,))
    assert free.name_on(first) == "Vrij"
    assert free.name_on(date(2027, 2, 22)) == "Voorjaarsvakantie"
    assert free.replaced_by(SPRING_OF_REGION) is None


@pytest.mark.parametrize(
    ("first", "last", "is_replaced"),
    [
        (date(2027, 2, 22), date(2027, 2, 24), True),  # in it
        (date(2027, 2, 8), date(2027, 3, 12), True),  # around it
        (date(2027, 3, 14), date(2027, 3, 21), True),  # fourteen days after it
        (date(2027, 3, 15), date(2027, 3, 21), False),
        (date(2027, 1, 30), date(2027, 2, 6), True),  # fourteen days before it
        (date(2027, 1, 30), date(2027, 2, 5), False),
        (date(2026, 2, 21), date(2026, 3, 1), False),  # of last year
    ],
)
def test_only_a_holiday_of_about_the_same_time_replaces(first: date, last: date, is_replaced: bool) -> None:
    free = FreeDays(own=(period(first, last),), of_region=(SPRING_OF_REGION,))
    assert (free.name_on(date(2027, 2, 25)) != "Voorjaarsvakantie") == is_replaced


def test_an_own_list_without_summer_keeps_that_of_the_region() -> None:
    christmas = FreePeriod(
        region=HolidayRegion.NORTH, name="Kerst", starts_on=date(2026, 12, 19), ends_on=date(2027, 1, 3)
    )
    summer = FreePeriod(
        region=HolidayRegion.NORTH, name="Zomer", starts_on=date(2027, 7, 10), ends_on=date(2027, 8, 22)
    )
    own = period(date(2026, 12, 21), date(2027, 1, 8))
    free = FreeDays(own=(own,), of_region=(christmas, summer))
    assert free.name_on(date(2026, 12, 19)) is None
    assert free.name_on(date(2027, 1, 7)) == "Vrij"
    assert free.name_on(date(2027, 7, 12)) == "Zomer"


def test_national_days_off_need_no_list() -> None:
    assert FreeDays().name_on(date(2027, 3, 29)) == NATIONAL
    assert FreeDays().name_on(date(2027, 4, 27)) == NATIONAL
    assert FreeDays().name_on(date(2027, 3, 30)) is None


def test_a_weekend_is_free_but_no_holiday() -> None:
    saturday = date(2027, 1, 9)
    assert FreeDays().is_free(saturday)
    assert FreeDays().name_on(saturday) is None
    assert FreeDays().next_school_day(saturday) == date(2027, 1, 11)


def test_school_starts_again_after_the_holiday_and_the_weekend() -> None:
    free = FreeDays(of_region=(SPRING_OF_REGION,))
    assert free.next_school_day(date(2027, 2, 20)) == date(2027, 3, 1)
    assert free.next_school_day(date(2027, 3, 26)) == date(2027, 3, 26)
    assert free.next_school_day(date(2027, 3, 27)) == date(2027, 3, 30), "over Easter"
