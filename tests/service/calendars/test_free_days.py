"""Which days count: national ones always, the school's own list before that of its region."""

from datetime import date

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


def test_the_own_list_wins_in_the_years_it_is_about() -> None:
    own = period(date(2027, 2, 27), date(2027, 3, 7))
    free = FreeDays(own=(own,), of_region=(SPRING_OF_REGION,))
    assert free.name_on(date(2027, 2, 22)) is None
    assert free.name_on(date(2027, 3, 2)) == "Vrij"
    of_last_year = period(date(2025, 10, 18), date(2025, 10, 26))
    assert FreeDays(own=(of_last_year,), of_region=(SPRING_OF_REGION,)).name_on(date(2027, 2, 22))


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
