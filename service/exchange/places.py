"""Where the rows stand that a fault of the engine names: the file and its lines."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from service.core.i18n import ngettext
from service.exchange.engine import Fault
from service.exchange.reading import Account
from service.matchmaking.wording import list_of

PARTING = "/"
"""Between the ids of a pair or a group, as the engine writes them."""
OF_OFFERS = frozenset({"minimum", "maximum", "host"})
Lines = Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Places:
    """The lines of each id, organisation and locked pair, with the names of the files they are in."""

    youths_name: str
    youths: Lines
    offers_name: str
    offers: Lines
    hosts: Lines
    locks_name: str
    locks: Lines

    @classmethod
    def of(
        cls,
        youths: tuple[str, Account],
        offers: tuple[str, Account],
        locks: tuple[str, Account] | None,
    ) -> "Places":
        hosts: dict[str, list[int]] = defaultdict(list)
        pairs: dict[str, list[int]] = defaultdict(list)
        for row in offers[1].used:
            hosts[row.values["organisation"]].append(row.line)
        for row in locks[1].used if locks else ():
            pairs[f"{row.values['youth']}{PARTING}{row.values['offer']}"].append(row.line)
        return cls(
            *(youths[0], _lines(youths[1])),
            *(offers[0], _lines(offers[1])),
            hosts,
            *(locks[0] if locks else "", pairs),
        )

    def place_of(self, fault: Fault) -> str:
        """As «youths.csv, lines 2 and 5»; empty for what stands in no file."""
        if fault.field == "locked" and fault.row in self.locks:
            return place_in(self.locks_name, self.locks[fault.row])
        if fault.field == "host_cap":
            return place_in(self.offers_name, self.hosts.get(fault.row, ()))
        if fault.field in OF_OFFERS:
            return place_in(self.offers_name, self.offers.get(fault.row, ()))
        return "; ".join(self._places_of_ids(fault.row))

    def _places_of_ids(self, row: str) -> Iterator[str]:
        """Of a youth, a group of youths, or a youth and an offer."""
        youths: list[int] = []
        offers: list[int] = []
        for part in _ids(row, {*self.youths, *self.offers} if PARTING in row else {row}):
            lines, known = (youths, self.youths) if part in self.youths else (offers, self.offers)
            lines += known.get(part, ())
        for name, lines in ((self.youths_name, youths), (self.offers_name, offers)):
            if lines:
                yield place_in(name, lines)


def _lines(account: Account) -> Lines:
    return {row.values["external_id"]: (row.line,) for row in account.used}


def place_in(name: str, lines: Sequence[int]) -> str:
    """As «youths.csv, lines 2 and 5»."""
    if not lines:
        return ""
    said = ngettext("%(name)s, line %(lines)s", "%(name)s, lines %(lines)s", len(lines))
    return said % {"name": name, "lines": list_of([str(line) for line in sorted(lines)])}


def _ids(row: str, known: set[str]) -> Iterator[str]:
    """The ids that were joined, though an id may hold the same sign."""
    parts = row.split(PARTING)
    first = 0
    while first < len(parts):
        ends = range(len(parts), first, -1)
        joined = (end for end in ends if PARTING.join(parts[first:end]) in known)
        end = next(joined, first + 1)
        yield PARTING.join(parts[first:end])
        first = end
