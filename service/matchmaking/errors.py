"""What can go wrong between a run and a decision."""

from service.core.errors import Conflict, TooMany
from service.core.i18n import _


class RunIsGoing(Conflict):
    message = _("A run is going on already. Wait until it is done, or stop it.")
    code = "run_is_going"


class AlreadyDecided(Conflict):
    message = _("Somebody has decided on this proposal already. Look at the page again.")
    code = "already_decided"


class ProgrammeIsNotOpen(Conflict):
    message = _("This programme is not open, so nothing can be matched in it.")
    code = "programme_is_not_open"


class RequestIsFilled(Conflict):
    message = _("Everybody in this request has a placement. Make a new one for who came later.")
    code = "request_is_filled"


class RequestIsClosed(Conflict):
    message = _("This request is closed. Make a new one to look again.")
    code = "request_is_closed"


class HasPlaceAlready(Conflict):
    message = _("You have a place already. Look at your places first.")
    code = "has_place_already"


class LookedOftenToday(TooMany):
    message = _("You have looked a few times today. Look again tomorrow, or ask your school.")
    code = "looked_often_today"


class AskedTooMuchAtOnce(TooMany):
    message = _("You have asked a lot already. Wait until those questions are answered.")
    code = "asked_too_much_at_once"


class TooManyStreams(TooMany):
    message = _("You look at the progress in too many windows. Close one of them.")
    code = "too_many_streams"
