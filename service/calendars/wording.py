"""Regions and national days off in words."""

from service.core.i18n import Message, _
from service.organisations.models import HolidayRegion

REGIONS: dict[HolidayRegion | None, Message] = {
    HolidayRegion.NORTH: _("Region North"),
    HolidayRegion.MIDDLE: _("Region Middle"),
    HolidayRegion.SOUTH: _("Region South"),
}
NATIONAL: dict[str, Message] = {
    "new_year": _("New Year's Day"),
    "easter_monday": _("Easter Monday"),
    "kings_day": _("King's Day"),
    "liberation_day": _("Liberation Day"),
    "ascension_day": _("Ascension Day"),
    "whit_monday": _("Whit Monday"),
    "christmas_day": _("Christmas Day"),
    "boxing_day": _("Boxing Day"),
}


def name_in_words(name: str) -> str:
    """Of a national day off its word; a name from a list is as somebody wrote it."""
    return str(NATIONAL[name]) if name in NATIONAL else name
