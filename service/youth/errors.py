"""What can go wrong with classes, profiles and codes."""

from service.core.errors import Conflict, Invalid
from service.core.i18n import _


class CodesDoNotFit(Invalid):
    """Says the same whatever was wrong, so that nobody learns which codes exist."""

    code = "codes_do_not_fit"

    def __init__(self) -> None:
        super().__init__({"": _("These two codes do not fit together. Look at your card and try again.")})


class WishesAreClosed(Conflict):
    message = _("You can no longer change your answers. Ask your mentor to do it for you.")
    code = "wishes_closed"


class YouthHasLeft(Conflict):
    message = _("This youth has left the school.")
    code = "youth_has_left"
