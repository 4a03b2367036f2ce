"""What can go wrong around a placement."""

from service.core.errors import Conflict
from service.core.i18n import _


class SeenSomethingElse(Conflict):
    message = _("The reasons have changed since you opened this page. Read them again and decide then.")
    code = "seen_something_else"


class HasApprovedAlready(Conflict):
    message = _("There is an approved proposal from this run already. Withdraw that one first.")
    code = "has_approved_already"


class HasPlaceInTheseDays(Conflict):
    message = _("There is a place in these days already. Withdraw that one first.")
    code = "has_place_in_these_days"
