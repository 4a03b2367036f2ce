"""A timetable problem as arrays: what is still to be met, and who is free in which round beside the locks.

Also the bound that counting gives: nobody meets more often than in the rounds he is there. Linear in the rows
times the rounds.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matching.errors import Fault
from matching.timetable_problem import Stand, TimetableProblem, Visitor

Flags = NDArray[np.bool_]
Nodes = NDArray[np.intp]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Grid:
    """A row per visitor, per stand, and per appointment that is not all locked; a column per round from 0.

    `times` is how often an appointment is still to be met, `is_free` whether a visitor has nothing locked
    and is there, `room` how many more a stand can receive.
    """

    appointment: Nodes
    visitor: Nodes
    stand: Nodes
    times: Whole
    is_free: Flags
    room: Whole

    @property
    def rounds(self) -> int:
        """How many rounds there are."""
        return int(self.is_free.shape[1])

    def within(self, rounds: int) -> "Grid":
        """The first rounds only."""
        return replace(self, is_free=self.is_free[:, :rounds], room=self.room[:, :rounds])

    def only(self, rows: Nodes) -> "Grid":
        """These appointments only."""
        return replace(
            self,
            appointment=self.appointment[rows],
            visitor=self.visitor[rows],
            stand=self.stand[rows],
            times=self.times[rows],
        )

    @property
    def units(self) -> Nodes:
        """A row per meeting to be made: the row of its appointment."""
        return np.repeat(np.arange(len(self.times)), self.times)


def grid_of(problem: TimetableProblem, rounds: int) -> Grid:
    """The arrays of a problem in so many rounds; locks are taken out."""
    is_free: Flags = np.array(
        [[one.is_there(number) for number in range(1, rounds + 1)] for one in problem.visitors], dtype=bool
    ).reshape(len(problem.visitors), rounds)
    room: Whole = np.array(
        [[one.capacity * one.is_there(number) for number in range(1, rounds + 1)] for one in problem.stands],
        dtype=np.int64,
    ).reshape(len(problem.stands), rounds)
    visitor = np.array([problem.visitor_rows[one.seeker_id] for one in problem.appointments], dtype=np.intp)
    stand = np.array([problem.stand_rows[one.stand_id] for one in problem.appointments], dtype=np.intp)
    times: Whole = np.array([one.times for one in problem.appointments], dtype=np.int64)
    rows = {(one.seeker_id, one.stand_id): row for row, one in enumerate(problem.appointments)}
    for lock in problem.locked:
        row = rows[lock.seeker_id, lock.stand_id]
        times[row] -= 1
        is_free[visitor[row], lock.round - 1] = False
        room[stand[row], lock.round - 1] -= 1
    some = np.flatnonzero(times > 0)
    return Grid(some, visitor[some], stand[some], times[some], is_free, room)


@dataclass(frozen=True, slots=True)
class Needs:
    """The fewest `rounds` counting allows, and who needs them all (first visitors, then stands)."""

    rounds: int
    busiest: tuple[str, ...]


def needs_of(problem: TimetableProblem, rounds: int) -> Needs | tuple[Fault, ...]:
    """How many of these rounds the busiest needs; faults name who has too few of them all."""
    counts: list[tuple[str, int]] = []
    faults: list[Fault] = []
    for one, degree, at_once in _degrees(problem):
        needed = _needed(one, degree, at_once, rounds)
        if needed is None:
            faults.append(_too_few(one))
        else:
            counts.append((one.id, needed))
    if faults:
        return tuple(faults)
    last_lock = max((lock.round for lock in problem.locked), default=0)
    most = max([last_lock, *(needed for _, needed in counts)])
    return Needs(most, tuple(row_id for row_id, needed in counts if needed == most and most > 0))


def _too_few(one: Visitor | Stand) -> Fault:
    if isinstance(one, Visitor):
        return Fault(one.id, "rounds", "too_few_rounds")
    return Fault(one.id, "rounds", "too_few_positions")


def open_end(problem: TimetableProblem) -> int:
    """So many rounds that more cannot help: beyond those anybody speaks of, as many as the busiest needs."""
    everybody: list[Visitor | Stand] = [*problem.visitors, *problem.stands]
    spoken_of = [max([one.from_round, one.until_round or 0, *one.away]) for one in everybody]
    last = max([*spoken_of, *(lock.round for lock in problem.locked)], default=1)
    return last + max(
        (-(-degree // at_once) for _, degree, at_once in _degrees(problem) if at_once), default=0
    )


def _degrees(problem: TimetableProblem) -> Iterator[tuple[Visitor | Stand, int, int]]:
    """Everybody with his number of meetings and how many he has at once."""
    visits = dict.fromkeys(problem.visitor_rows, 0)
    receives = dict.fromkeys(problem.stand_rows, 0)
    for one in problem.appointments:
        visits[one.seeker_id] += one.times
        receives[one.stand_id] += one.times
    for visitor in problem.visitors:
        yield visitor, visits[visitor.id], 1
    for stand in problem.stands:
        yield stand, receives[stand.id], stand.capacity


def _needed(one: Visitor | Stand, degree: int, at_once: int, rounds: int) -> int | None:
    """The round with which there have been enough; None when there never are."""
    met = 0
    for number in range(rounds + 1):
        met += at_once * (number > 0 and one.is_there(number))
        if met >= degree:
            return number
    return None
