"""Small foundations: errors, allowed steps, paging, limits, who is asking, and the Dutch day."""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from uuid import uuid4

import pytest
import time_machine
from limits import parse
from sqlmodel import Session, select

from service.accounts.models import Account
from service.core import clock
from service.core.actor import GUEST, SYSTEM, Actor
from service.core.errors import Forbidden, Invalid, NotFound, Problem, TooMany, require
from service.core.i18n import _
from service.core.lifecycle import Lifecycle, StepNotAllowed
from service.core.paging import LARGEST_PAGE, part_of
from service.core.rate_limit import PER_ADDRESS, RateLimiter
from tests.factories import make_account


def test_require_is_about_permission() -> None:
    require(True)
    with pytest.raises(Forbidden):
        require(False)


def test_an_error_may_carry_its_own_sentence() -> None:
    assert NotFound().message == NotFound.message
    own = _("Fill this in.")
    assert NotFound(own).message == own
    assert str(NotFound(own)) == "Fill this in."
    assert Invalid({"name": own}).by_field == {"name": own}
    assert {kind.code for kind in Problem.__subclasses__()} >= {"not_found", "forbidden", "conflict"}


class Door(StrEnum):
    OPEN = "open"
    SHUT = "shut"
    LOCKED = "locked"


def test_only_steps_of_the_table_are_allowed() -> None:
    doors = Lifecycle({Door.OPEN: frozenset({Door.SHUT}), Door.SHUT: frozenset({Door.OPEN, Door.LOCKED})})
    doors.check(Door.OPEN, Door.SHUT)
    assert doors.may_go(Door.SHUT, Door.LOCKED)
    assert not doors.may_go(Door.OPEN, Door.OPEN)
    for end in Door:
        with pytest.raises(StepNotAllowed):
            doors.check(Door.LOCKED, end)


@pytest.fixture
def thirty(session: Session) -> Session:
    for number in range(30):
        make_account(session, name=f"P{number:02}", email=f"p{number:02}@example.nl")
    return session


PEOPLE = select(Account).where(Account.email.startswith("p")).order_by(Account.email)


@pytest.mark.parametrize(
    ("number", "size", "first", "shown", "on"),
    [
        (1, 25, "P00", 25, 1),
        (2, 25, "P25", 5, 2),
        (99, 25, "P25", 5, 2),
        (0, 25, "P00", 25, 1),
        (-3, 25, "P00", 25, 1),
        (3, 10, "P20", 10, 3),
        (1, 0, "P00", 1, 1),
        (1, 100_000, "P00", 30, 1),
    ],
)
def test_a_page_of_a_list(thirty: Session, number: int, size: int, first: str, shown: int, on: int) -> None:
    part = part_of(thirty, PEOPLE, number, size)
    assert (part.total, len(part.rows), part.number) == (30, shown, on)
    assert part.rows[0].name == first
    assert part.size <= LARGEST_PAGE
    assert part.pages == -(-30 // part.size)


def test_an_empty_list_has_one_page(session: Session) -> None:
    part = part_of(session, PEOPLE)
    assert (part.total, part.pages, list(part.rows)) == (0, 1, [])


def test_links_to_other_pages_keep_the_filter(thirty: Session) -> None:
    part = part_of(thirty, PEOPLE)
    filtered = type(part)(part.rows, part.total, 1, 25, (("text", "a&b"), ("page", "1")))
    assert filtered.url(2) == "?text=a%26b&page=2"


def test_a_limit_is_per_key_and_over_after_a_while() -> None:
    limiter, three = RateLimiter(), parse("3/minute")
    start = datetime(2027, 1, 12, 12, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        for _time in range(3):
            limiter.hit(three, "sign-in", "192.0.2.1")
        with pytest.raises(TooMany):
            limiter.hit(three, "sign-in", "192.0.2.1")
        with pytest.raises(TooMany):
            limiter.refuse_if_spent(three, "sign-in", "192.0.2.1")
        limiter.hit(three, "sign-in", "192.0.2.2")
        limiter.hit(three, "code", "192.0.2.1")
    with time_machine.travel(start + timedelta(seconds=61), tick=False):
        limiter.refuse_if_spent(three, "sign-in", "192.0.2.1")
        limiter.hit(three, "sign-in", "192.0.2.1")


def test_an_internet_address_may_be_a_whole_school() -> None:
    assert PER_ADDRESS.amount >= 300
    assert PER_ADDRESS.get_expiry() == 15 * 60


def test_who_is_asking() -> None:
    assert GUEST.is_guest
    assert not SYSTEM.is_guest
    assert not Actor(account_id=uuid4()).is_guest
    assert Actor(youth_id=uuid4()).is_youth
    assert Actor(class_ids=frozenset({uuid4()})).is_school_staff
    assert Actor(school_ids=frozenset({uuid4()})).is_school_staff
    assert Actor(programme_ids=frozenset({uuid4()})).is_coordinator
    assert Actor(organisation_ids=frozenset({uuid4()})).is_contact
    nobody = Actor(account_id=uuid4())
    assert not any(
        (nobody.is_admin, nobody.is_coordinator, nobody.is_school_staff, nobody.is_contact, nobody.is_youth)
    )


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2027, 7, 12, 21, 59, tzinfo=UTC), date(2027, 7, 12)),
        (datetime(2027, 7, 12, 22, 0, tzinfo=UTC), date(2027, 7, 13)),
    ],
)
def test_today_is_a_dutch_day(moment: datetime, day: date) -> None:
    with time_machine.travel(moment, tick=False):
        assert clock.now() == moment
        assert clock.today() == day
