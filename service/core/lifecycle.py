"""Allowed steps between states, as a table."""

from collections.abc import Mapping
from enum import StrEnum

from service.core.errors import Conflict
from service.core.i18n import _


class StepNotAllowed(Conflict):
    message = _("This is no longer possible: the state has changed. Look at the page again.")
    code = "step_not_allowed"


class Lifecycle:
    """A table from each state to the states that may follow it."""

    def __init__(self, steps: Mapping[StrEnum, frozenset[StrEnum]]) -> None:
        self.steps = steps

    def may_go(self, start: StrEnum, end: StrEnum) -> bool:
        return end in self.steps.get(start, frozenset())

    def check(self, start: StrEnum, end: StrEnum) -> None:
        if not self.may_go(start, end):
            raise StepNotAllowed
