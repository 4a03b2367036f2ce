"""Names of roles and of kinds of mail, as people call them."""

from collections.abc import Mapping

from service.accounts.models import Role
from service.core.i18n import Message, _
from service.mail.models import Stream

ROLE_NAMES: Mapping[str, Message] = {
    "admin": _("administrator"),
    Role.COORDINATOR: _("coordinator"),
    Role.SCHOOL_STAFF: _("school staff"),
    Role.MENTOR: _("mentor"),
    Role.CONTACT: _("contact person"),
}
STREAMS: Mapping[Stream, Message] = {
    Stream.DIGEST: _("Overviews of what is new and what waits"),
    Stream.QUESTION: _("Questions that wait for your answer"),
    Stream.NOTICE: _("Messages about what changes"),
}
