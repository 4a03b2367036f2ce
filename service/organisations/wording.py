"""Codes of organisations in words."""

from collections.abc import Iterable

from service.core.i18n import Message, _
from service.organisations.models import HolidayRegion, OrganisationKind, OrganisationStatus

KINDS: dict[str, Message] = {
    OrganisationKind.SCHOOL: _("School"),
    OrganisationKind.COMPANY: _("Company"),
    OrganisationKind.MUNICIPALITY: _("Municipality or public body"),
    OrganisationKind.PARTNER: _("Partner or foundation"),
    OrganisationKind.INFORMAL: _("Neighbourhood group or volunteers"),
}
STATUSES: dict[str, Message] = {
    OrganisationStatus.INVITED: _("Invited"),
    OrganisationStatus.ACTIVE: _("Active"),
    OrganisationStatus.PAUSED: _("Takes a break"),
    OrganisationStatus.CLOSED: _("Stopped"),
}
TONES: dict[str, str] = {
    OrganisationStatus.INVITED: "info",
    OrganisationStatus.ACTIVE: "success",
    OrganisationStatus.PAUSED: "warning",
    OrganisationStatus.CLOSED: "neutral",
}
REGIONS: dict[str, Message] = {
    HolidayRegion.NORTH: _("North"),
    HolidayRegion.MIDDLE: _("Middle"),
    HolidayRegion.SOUTH: _("South"),
}


def options(kinds: Iterable[OrganisationKind]) -> list[tuple[str, Message]]:
    return [(kind.value, KINDS[kind]) for kind in kinds]
