"""What can go wrong with accounts, roles and tokens."""

from service.core.errors import Conflict, TooMany
from service.core.i18n import _


class AccountIsClosed(Conflict):
    message = _("This account has been closed. Ask the administrator to open it again.")
    code = "account_is_closed"


class InvitedTooOften(TooMany):
    message = _("This person has just had several mails. Wait a quarter of an hour and try again.")
    code = "invited_too_often"


class TooManyTokens(Conflict):
    message = _("You already have ten tokens. Withdraw one you no longer use.")
    code = "too_many_tokens"


class ThereIsAnAdmin(Conflict):
    message = _("There is an administrator already. Ask this person for an invitation.")
    code = "there_is_an_admin"
