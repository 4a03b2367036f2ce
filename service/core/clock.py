"""The only clock of the service: moments are UTC and aware, days are Dutch days."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    """The day it is for the people who use Podium."""
    return now().astimezone(AMSTERDAM).date()
