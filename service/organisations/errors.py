"""What can go wrong with organisations."""

from service.core.errors import Conflict
from service.core.i18n import _


class OrganisationIsClosed(Conflict):
    message = _("This organisation has stopped. Nothing can be changed any more.")
    code = "organisation_is_closed"


class LastLocation(Conflict):
    message = _("An organisation has at least one location. Add the new one first.")
    code = "last_location"
