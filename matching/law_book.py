"""The law by date: which row of each rule holds on a day, so that a later law changes data and not code.

Guarantee: of one rule at most one row holds on a day, and about every kind of activity a rule always speaks;
tables that break this are refused. A day is looked up in the logarithm of the number of changes.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby, pairwise
from typing import NamedTuple

from matching.agreements_nl import AGREEMENTS, AgreementRow
from matching.errors import Fault, InvalidProblem
from matching.hours_nl import HOURS, Activity, HoursRow
from matching.law_nl import LAW, LawRow

Row = LawRow | HoursRow | AgreementRow
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LawInForce:
    """The rows that hold on a day: on kinds and hazards by id, on hours and agreements in order."""

    rows: Mapping[str, LawRow]
    hours: tuple[HoursRow, ...]
    agreements: tuple[AgreementRow, ...]

    def hours_row(self, activity: Activity, age: int) -> HoursRow | None:
        """The rule on the hours of an activity at an age; None where there is none."""
        return next((row for row in self.hours if row.is_about(activity, age)), None)


class Epoch(NamedTuple):
    """Days on which the law does not change, both included."""

    first: date
    last: date
    law: LawInForce


@dataclass(frozen=True, repr=False)
class LawBook:
    """All rows of the law with the days they hold. The ids are those of DOMAIN 2, whatever the date."""

    rows: tuple[LawRow, ...] = LAW
    hours: tuple[HoursRow, ...] = HOURS
    agreements: tuple[AgreementRow, ...] = AGREEMENTS

    def __repr__(self) -> str:
        """How much it holds, for the rows themselves fill pages."""
        return f"LawBook({len(self.rows)} + {len(self.hours)} + {len(self.agreements)} rows)"

    def __post_init__(self) -> None:
        """Refuse rows of one rule that overlap, ids nobody knows, and days without a rule on a kind."""
        faults = [
            *_faults(self.rows, LAW),
            *_faults(self.hours, HOURS),
            *_faults(self.agreements, AGREEMENTS),
        ]
        faults += _gaps(self.rows)
        if faults:
            raise InvalidProblem(tuple(faults))

    @cached_property
    def epochs(self) -> tuple[Epoch, ...]:
        """All days, cut where a row begins or ends to hold; one epoch when nothing ever changes."""
        starts = {date.min}
        rows: tuple[Row, ...] = (*self.rows, *self.hours, *self.agreements)
        for row in rows:
            starts.add(row.valid_from)
            if row.valid_until < date.max:
                starts.add(row.valid_until + _DAY)
        ends = [*(start - _DAY for start in sorted(starts)[1:]), date.max]
        return tuple(
            Epoch(first, last, self._rows_on(first)) for first, last in zip(sorted(starts), ends, strict=True)
        )

    def on(self, day: date) -> LawInForce:
        """The rows that hold on a day."""
        return self.epochs[bisect_right(self._starts, day) - 1].law

    def between(self, first: date, last: date) -> Iterator[Epoch]:
        """The days from first to last, cut where the law changes."""
        for epoch in self.epochs:
            if epoch.first <= last and first <= epoch.last:
                yield Epoch(max(first, epoch.first), min(last, epoch.last), epoch.law)

    @cached_property
    def _starts(self) -> tuple[date, ...]:
        return tuple(epoch.first for epoch in self.epochs)

    def _rows_on(self, day: date) -> LawInForce:
        return LawInForce(
            {row.id: row for row in self.rows if _holds(row, day)},
            tuple(row for row in self.hours if _holds(row, day)),
            tuple(row for row in self.agreements if _holds(row, day)),
        )


def _holds(row: Row, day: date) -> bool:
    return row.valid_from <= day <= row.valid_until


def _faults(rows: Iterable[Row], known: Iterable[Row]) -> Iterator[Fault]:
    ids = {row.id for row in known}
    for rule, versions in _versions(rows):
        if rule not in ids:
            yield Fault(rule, "id", "unknown")
        if any(row.valid_until < row.valid_from for row in versions):
            yield Fault(rule, "valid_until", "end_before_start")
        if any(later.valid_from <= earlier.valid_until for earlier, later in pairwise(versions)):
            yield Fault(rule, "valid_from", "overlaps")


def _gaps(rows: Iterable[Row]) -> Iterator[Fault]:
    """The rules on kinds that do not speak on every day: what no rule speaks about must not be allowed."""
    versions_of = dict(_versions(rows))
    for rule in (row.id for row in LAW if row.id.startswith("K-")):
        versions = versions_of.get(rule, [])
        ends = [date.min, *(row.valid_until for row in versions)]
        starts = [*(row.valid_from for row in versions), date.max]
        if any(start - end > _DAY for end, start in zip(ends, starts, strict=True)):
            yield Fault(rule, "valid_from", "not_always")


def _versions(rows: Iterable[Row]) -> Iterator[tuple[str, list[Row]]]:
    """The rows of each rule by date."""
    in_order = sorted(rows, key=lambda row: (row.id, row.valid_from))
    for rule, versions in groupby(in_order, key=lambda row: row.id):
        yield rule, list(versions)


DUTCH_LAW = LawBook()
