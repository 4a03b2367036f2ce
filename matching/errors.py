"""What can go wrong in the engine: the caller's mistakes, our own, and a stop that was asked for."""

from typing import NamedTuple

_NAMED_IN_MESSAGE = 5


class MatchingError(Exception):
    """The parent of every error the engine raises on purpose."""


class Fault(NamedTuple):
    """One thing that is wrong in the input: in which row, in which field, and what (a code, no sentence)."""

    row: str
    field: str
    code: str


class InvalidProblem(MatchingError):
    """The caller's input cannot be used; `faults` names every wrong row, not only the first."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        named = ", ".join(f"{fault.row}: {fault.field} {fault.code}" for fault in faults[:_NAMED_IN_MESSAGE])
        more = len(faults) - _NAMED_IN_MESSAGE
        super().__init__(f"{named} and {more} more" if more > 0 else named)

    @property
    def rows(self) -> tuple[str, ...]:
        """The ids of the wrong rows, each once, in the order in which they were found."""
        return tuple(dict.fromkeys(fault.row for fault in self.faults))


class RunStopped(MatchingError):
    """The caller's `stop` answered yes; nothing was computed to the end, so there is no answer."""


class OutOfTime(MatchingError):
    """The time limit passed before even locks and minima could be kept, so there is no answer to give."""


class EngineFault(MatchingError):
    """The engine broke one of its own promises: a defect in the engine, never in the input."""
