"""What can go wrong when somebody asks for a digest by hand."""

from service.core.errors import Conflict, TooMany
from service.core.i18n import _


class NothingToTell(Conflict):
    message = _("There is nothing to tell now, so there is no mail.")
    code = "nothing_to_tell"


class AskedJustNow(TooMany):
    message = _("One was sent a moment ago. Look in your mail, or wait ten minutes.")
    code = "asked_just_now"
