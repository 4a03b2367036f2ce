"""Words in the reader's language, days and numbers as Dutch and English people write them."""

from datetime import UTC, date, datetime, time

import pytest

from service.core import i18n
from service.core.i18n import Message, _, speaking


def test_it_works() -> None:
    """A message is worded when it is read, not when it is made."""
    message = _("This must be %(ge)s or more.", ge=3)
    with speaking("nl"):
        dutch = str(message)
    with speaking("en"):
        assert str(message) == "This must be 3 or more."
    assert dutch != "This must be 3 or more."
    assert "3" in dutch


def test_dutch_is_the_default() -> None:
    assert i18n.language() == "nl"


def test_languages_nest_and_end() -> None:
    with speaking("en"):
        with speaking("nl"):
            assert i18n.language() == "nl"
        assert i18n.language() == "en"
    assert i18n.language() == "nl"


def test_a_language_we_do_not_speak_is_an_error() -> None:
    with pytest.raises(ValueError, match="de"), speaking("de"):
        pass


def test_messages_are_equal_by_what_they_say() -> None:
    assert _("Fill this in.") == Message("Fill this in.")
    assert _("Fill this in.") != _("Fill in a number.")
    assert len({_("Fill this in."), Message("Fill this in.")}) == 1
    assert _("x", a=1) != _("x", a=2)
    assert _("x") != "x"


def test_an_empty_sentence_stays_empty() -> None:
    """The catalogue keeps its own header under the empty sentence."""
    assert i18n.gettext("") == ""


@pytest.mark.parametrize(
    ("language", "long", "short"),
    [("nl", "dinsdag 12 januari 2027", "12 jan 2027"), ("en", "Tuesday 12 January 2027", "12 Jan 2027")],
)
def test_days(language: str, long: str, short: str) -> None:
    with speaking(language):
        assert i18n.day_in_words(date(2027, 1, 12)) == long
        assert i18n.day_in_short(date(2027, 1, 12)) == short
        assert i18n.day_in_words(None) == i18n.day_in_short(None) == ""


@pytest.mark.parametrize(
    ("moment", "clock_says"),
    [
        (datetime(2027, 1, 12, 6, 30, tzinfo=UTC), "dinsdag 12 januari 2027 07:30"),
        (datetime(2027, 7, 12, 5, 30, tzinfo=UTC), "maandag 12 juli 2027 07:30"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "vrijdag 1 januari 2027 00:30"),
        (datetime(2027, 3, 28, 0, 59, tzinfo=UTC), "zondag 28 maart 2027 01:59"),
        (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "zondag 28 maart 2027 03:00"),
        (datetime(2027, 10, 31, 1, 0, tzinfo=UTC), "zondag 31 oktober 2027 02:00"),
    ],
)
def test_moments_stand_on_dutch_wall_time(moment: datetime, clock_says: str) -> None:
    assert i18n.moment_in_words(moment) == clock_says
    assert i18n.moment_in_words(None) == ""


def test_times_and_numbers() -> None:
    assert i18n.time_in_words(time(7, 5)) == "07:05"
    assert i18n.time_in_words(None) == ""
    assert i18n.number_in_words(1234.5) == "1.234,5"
    with speaking("en"):
        assert i18n.number_in_words(1234.5) == "1,234.5"
