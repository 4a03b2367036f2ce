"""Regions in words."""

from service.core.i18n import Message, _
from service.organisations.models import HolidayRegion

REGIONS: dict[HolidayRegion | None, Message] = {
    HolidayRegion.NORTH: _("Region North"),
    HolidayRegion.MIDDLE: _("Region Middle"),
    HolidayRegion.SOUTH: _("Region South"),
}
