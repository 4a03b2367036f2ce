"""What the law book knows of days off for everybody."""

from datetime import date

from matching import days_off


def national_day_off(day: date) -> str | None:
    """The code of the day, such as «kings_day»."""
    return days_off(day.year).get(day)
