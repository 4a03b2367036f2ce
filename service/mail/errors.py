"""What can go wrong when people decide about mail."""

from service.core.errors import Conflict
from service.core.i18n import _


class TextIsGone(Conflict):
    message = _("The text of this mail has been erased, so it cannot be sent again.")
    code = "text_is_gone"
