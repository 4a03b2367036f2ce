"""Where the rows stand that a fault of a timetable names: the file and its lines."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from service.exchange.engine import Fault
from service.exchange.places import PARTING, Lines, place_in
from service.exchange.reading import Account

NAMED_BY: Mapping[str, Sequence[Sequence[str]]] = {
    "appointments": (("youth", "stand"), ("youth",), ("stand",)),
    "youths": (("youth",),),
    "stands": (("stand",),),
    "rooms": (("room", "other"), ("other", "room")),
    "locks": (("youth", "stand", "round"),),
}
"""By file, the columns that make the name a fault gives to a row, or to rows."""
IN_FILES = {"locked": ("locks",), "walk": ("rooms",), "walks": ("rooms",)}
"""By what a fault is about; anything else stands in the first of `USUAL` that knows the row."""
USUAL = ("youths", "stands", "appointments")


@dataclass(frozen=True, slots=True)
class DayPlaces:
    """Of each file its name, and the lines by what faults call them."""

    names: Mapping[str, str]
    lines: Mapping[str, Lines]

    @classmethod
    def of(cls, files: Mapping[str, tuple[str, Account]]) -> "DayPlaces":
        return cls(
            {file: name for file, (name, _account) in files.items()},
            {file: _named_lines(file, account) for file, (_name, account) in files.items()},
        )

    def place_of(self, fault: Fault) -> str:
        """As «stands.csv, lines 2 and 5»; empty for what stands in no file."""
        return next(self._places_of(fault), "")

    def _places_of(self, fault: Fault) -> Iterator[str]:
        for file in IN_FILES.get(fault.field, USUAL):
            if fault.row in self.lines.get(file, {}):
                yield place_in(self.names[file], self.lines[file][fault.row])


def _named_lines(file: str, account: Account) -> Lines:
    lines: dict[str, list[int]] = defaultdict(list)
    for row in account.used:
        for columns in NAMED_BY[file]:
            lines[PARTING.join(str(row.values[column]) for column in columns)].append(row.line)
    return lines
