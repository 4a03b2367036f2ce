"""What the law book knows of days off for everybody."""

from datetime import date

from matching import is_day_off

NATIONAL = "national_day_off"


def national_day_off(day: date) -> str | None:
    """A code in the place of a name, on the national days without education."""
    return NATIONAL if is_day_off(day) else None
