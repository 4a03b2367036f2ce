"""What can go wrong when somebody asks where positions lack."""

from service.core.errors import Conflict
from service.core.i18n import _


class NoRunYet(Conflict):
    message = _("There is no finished run yet. Start a run first.")
    code = "no_run_yet"


class AnalysisIsGoing(Conflict):
    message = _("This is being worked out already. Wait a few seconds.")
    code = "analysis_is_going"
