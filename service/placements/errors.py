"""What can go wrong around a placement."""

from service.core.errors import Conflict, NotFound
from service.core.i18n import _


class SeenSomethingElse(Conflict):
    message = _("The reasons have changed since you opened this page. Read them again and decide then.")
    code = "seen_something_else"


class HasApprovedAlready(Conflict):
    message = _("There is an approved proposal from this run already. Withdraw that one first.")
    code = "has_approved_already"


class HasPlaceInTheseDays(Conflict):
    message = _("There is a place in these days already. Withdraw that one first.")
    code = "has_place_in_these_days"


class HostAskedEnough(Conflict):
    message = _(
        "This host has been asked as often this month as it wants. "
        "Choose another proposal, or wait until next month."
    )
    code = "host_asked_enough"


class NotAllowedAnyMore(Conflict):
    message = _(
        "The rules do not allow this match any more: the offer or the youth has changed since. "
        "Start a new run, or choose another proposal."
    )
    code = "not_allowed_any_more"


class PapersAreMissing(Conflict):
    message = _("Not all papers are there yet. Look at the list of what is missing.")
    code = "papers_are_missing"


class DaysAreNotKnown(Conflict):
    message = _("Fill in the days first. Without days nobody can say whether the papers are in time.")
    code = "days_are_not_known"


class NotTheDayYet(Conflict):
    message = _("The first day has not come yet.")
    code = "not_the_day_yet"


class LinkDoesNotWork(NotFound):
    message = _("This link does not work. Look for the newest mail about it, or sign in.")
    code = "link_does_not_work"


class IsAnsweredAlready(Conflict):
    message = _("This was answered already. One answer is enough.")
    code = "is_answered_already"


class WasAskedThere(Conflict):
    message = _("The question went to this address already. Change the address first, or call.")
    code = "was_asked_there"


class NothingForACalendar(Conflict):
    message = _("There is nothing for a calendar yet: it is not agreed, or the days are not known.")
    code = "nothing_for_a_calendar"
