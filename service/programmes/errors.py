"""What can go wrong with a programme."""

from service.core.errors import Conflict
from service.core.i18n import _


class ProgrammeIsNotReady(Conflict):
    message = _("Choose at least one school and one kind first. Then the programme can open.")
    code = "programme_not_ready"


class LotteryIsFixed(Conflict):
    message = _("The lottery number is fixed: matching has started.")
    code = "lottery_fixed"
