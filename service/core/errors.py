"""The five kinds of error a use case may raise; only the web knows their numbers."""

from collections.abc import Mapping

from service.core.i18n import Message, _


class Problem(Exception):
    """Something a person can be told; children carry their own sentence."""

    message: Message = _("Something went wrong.")
    code: str = "problem"

    def __init__(self, message: Message | None = None) -> None:
        self.message = message or self.message
        super().__init__(self.message.source)


class NotFound(Problem):
    message = _("This page does not exist, or it is not yours to see.")
    code = "not_found"


class Forbidden(Problem):
    message = _("You may not do this. Ask the coordinator if you think you should.")
    code = "forbidden"


class Conflict(Problem):
    message = _("Somebody else was first. Look at the page again.")
    code = "conflict"


class TooMany(Problem):
    message = _("That is a bit too often. Wait a quarter of an hour and try again.")
    code = "too_many"


class Invalid(Problem):
    """Wrong input, by field; the key "" is the form as a whole."""

    message = _("Not everything is filled in well yet.")
    code = "invalid"

    def __init__(self, by_field: Mapping[str, Message]) -> None:
        super().__init__()
        self.by_field = dict(by_field)


def require(allowed: bool) -> None:
    if not allowed:
        raise Forbidden
