"""Age by month of birth: the birthday is the last day of the month (DOMAIN 2.5)."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.ages import age_on, birthday, stretches
from tests.matching import oracle

births = st.tuples(st.integers(1990, 2015), st.integers(1, 12))
days = st.dates(date(2026, 1, 1), date(2031, 1, 1))


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        ((2014, 3), date(2027, 2, 10), 12),
        ((2011, 3), date(2027, 3, 30), 15),
        ((2011, 3), date(2027, 3, 31), 16),
        ((2012, 2), date(2028, 2, 28), 15),
        ((2012, 2), date(2028, 2, 29), 16),
        ((2012, 2), date(2027, 2, 28), 15),
        ((2010, 12), date(2027, 12, 30), 16),
    ],
)
def test_it_works(birth: tuple[int, int], day: date, age: int) -> None:
    assert age_on(birth, day) == age


@given(births, days)
def test_it_agrees_with_counting_birthdays(birth: tuple[int, int], day: date) -> None:
    assert age_on(birth, day) == oracle.age_at(birth, day)


@given(births, days, st.integers(0, 900))
def test_stretches_cover_every_day_once_at_its_age(birth: tuple[int, int], first: date, length: int) -> None:
    last = first + timedelta(days=length)

    cut = list(stretches(birth, first, last))

    assert (cut[0].first, cut[-1].last) == (first, last)
    for before, after in pairwise(cut):
        assert after.first == before.last + timedelta(days=1)
        assert after.age == before.age + 1
        assert after.first == birthday(birth, after.age)
    for stretch in cut:
        assert oracle.age_at(birth, stretch.first) == oracle.age_at(birth, stretch.last) == stretch.age
