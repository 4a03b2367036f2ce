"""What can go wrong around a request of a school."""

from service.core.errors import Conflict
from service.core.i18n import _


class RequestIsClosed(Conflict):
    message = _("This request is closed. Make a new one.")
    code = "request_is_closed"
