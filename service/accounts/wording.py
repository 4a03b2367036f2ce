"""Names of roles, as people call them."""

from collections.abc import Mapping

from service.accounts.models import Role
from service.core.i18n import Message, _

ROLE_NAMES: Mapping[str, Message] = {
    "admin": _("administrator"),
    Role.COORDINATOR: _("coordinator"),
    Role.SCHOOL_STAFF: _("school staff"),
    Role.MENTOR: _("mentor"),
    Role.CONTACT: _("contact person"),
}
