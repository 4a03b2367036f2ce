"""What can go wrong with offers."""

from service.core.errors import Conflict
from service.core.i18n import _


class OfferIsFull(Conflict):
    message = _("This offer is full. Somebody else was just before you.")
    code = "offer_is_full"


class OfferIsNotOpen(Conflict):
    message = _("This offer is not open now: it is paused, closed or not published.")
    code = "offer_is_not_open"


class PositionsNotTaken(Conflict):
    message = _("More positions were given back than were taken.")
    code = "positions_not_taken"


class OfferIsClosed(Conflict):
    message = _("This offer is closed. Make a copy to use it again.")
    code = "offer_is_closed"
