"""What can go wrong with organisations."""

from service.core.errors import Conflict
from service.core.i18n import _


class OrganisationIsClosed(Conflict):
    message = _("This organisation has stopped. Nothing can be changed any more.")
    code = "organisation_is_closed"


class AlreadyLookedAt(Conflict):
    message = _("Somebody has looked at this organisation already.")
    code = "already_looked_at"


class OrganisationWaitsForCheck(Conflict):
    message = _("A coordinator looks at this organisation first. You get a mail when it takes part.")
    code = "organisation_waits_for_check"


class LastLocation(Conflict):
    message = _("An organisation has at least one location. Add the new one first.")
    code = "last_location"
