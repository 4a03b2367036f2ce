"""Who meets whom when: rounds for appointments, as few as can be and with little walking, with a certificate.

Guarantee: no rule is ever broken (nobody twice at once, no stand too full, nobody when away, locks kept);
`verify_timetable` has looked at every answer before it is returned. The number of rounds is the fewest there
can be: by counting and König's theorem when everybody is there all the time, else because no timetable in
fewer rounds exists (`timetable_fitting`). Walking is shortened within these rounds and bounded, not minimal
(`walking`). Equal problems give equal timetables, whatever the order of rows, while the time limit is not
reached. Growth: see docs/allocation.md.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

import numpy as np

from matching.allocation_answer import Reached
from matching.errors import Fault, InvalidProblem, OutOfTime, RunStopped
from matching.timetable_conflict import conflict
from matching.timetable_fitting import TimetableSolver, fit
from matching.timetable_grid import Grid, Needs, Nodes, grid_of, needs_of, open_end
from matching.timetable_problem import Meeting, TimetableProblem
from matching.timetable_proof import check_timetable
from matching.walking import Walking

LIMIT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class TimetableCertificate:
    """How sure a timetable is.

    `rounds` is the last round used and the fewest there can be; `busiest` are those who need them all, empty
    when only the solver proves that fewer will not do. `walked` is how far all walk together, and a bound
    below which nobody can bring it.
    """

    solver: TimetableSolver
    rounds: Reached
    busiest: tuple[str, ...]
    walked: Reached
    limit_seconds: float
    is_out_of_time: bool


@dataclass(frozen=True)
class Timetable:
    """Who is where in each round. `meetings` stand by seeker id and round."""

    meetings: tuple[Meeting, ...]
    certificate: TimetableCertificate
    problem: TimetableProblem = field(repr=False)


def schedule(
    problem: TimetableProblem,
    *,
    limit_seconds: float = LIMIT_SECONDS,
    stop: Callable[[], bool] | None = None,
) -> Timetable:
    """Give every appointment of `problem` its rounds.

    When not all fit, InvalidProblem names who has too few rounds (`too_few_rounds`, `too_few_positions`), or
    appointments of which all but any one would fit (`impossible_together`). OutOfTime when neither a
    timetable nor that there is none was found; a timetable that could perhaps do with less says so in its
    certificate. `stop()` is asked now and then; when it says yes the run ends with RunStopped.
    """
    clock = _Clock(limit_seconds, stop)
    clock.ask()
    most = problem.rounds or open_end(problem)
    needs = needs_of(problem, most)
    if not isinstance(needs, Needs):
        raise InvalidProblem(needs)
    found, proven = _fewest(problem, needs.rounds, most, clock)
    walking = Walking(problem, found.grid, found.rounds)
    in_time = walking.shorten(clock.is_late)
    meetings = _meetings(problem, found.grid, walking.rounds)
    used = max((meeting.round for meeting in meetings), default=0)
    certificate = TimetableCertificate(
        solver=found.solver,
        rounds=Reached("rounds", 1, 0.0, used, proven),
        busiest=needs.busiest if needs.rounds == proven else (),
        walked=Reached("walked", 1, 0.0, walking.walked, walking.least),
        limit_seconds=limit_seconds,
        is_out_of_time=used > proven or not in_time,
    )
    timetable = Timetable(meetings, certificate, problem)
    verify_timetable(timetable)
    return timetable


def verify_timetable(timetable: Timetable) -> int:
    """Prove the promises of `timetable` from the rows of its problem; how many meetings were looked at.

    EngineFault names the first promise that is broken. Linear in the meetings.
    """
    check_timetable(
        timetable.problem,
        timetable.meetings,
        timetable.certificate.rounds,
        timetable.certificate.busiest,
        timetable.certificate.walked,
    )
    return len(timetable.meetings)


class _Clock:
    """When time is up."""

    def __init__(self, limit_seconds: float, stop: Callable[[], bool] | None) -> None:
        self.ends_at = monotonic() + limit_seconds
        self._stop = stop

    def is_late(self) -> bool:
        self.ask()
        return monotonic() >= self.ends_at

    def ask(self) -> None:
        if self._stop is not None and self._stop():
            raise RunStopped


@dataclass(frozen=True, slots=True)
class _Found:
    """A way in which all fits: a grid and the round of each of its units."""

    grid: Grid
    rounds: Nodes
    solver: TimetableSolver


def _fewest(problem: TimetableProblem, least: int, most: int, clock: _Clock) -> tuple[_Found, int]:
    """The fewest rounds from `least` to `most` in which all fits, and how many are proven to be needed."""
    grid = grid_of(problem, most)
    contended = np.arange(len(grid.times))
    for rounds in range(least, most + 1):
        fitting = fit(grid.within(rounds), clock.ends_at, clock.is_late)
        if fitting.rounds is not None:
            return _Found(grid.within(rounds), fitting.rounds, fitting.solver), rounds
        if fitting.contended is None:
            return _in_more(grid, rounds, clock), rounds
        contended = fitting.contended
    raise InvalidProblem(_impossible(problem, grid, contended, clock))


def _in_more(grid: Grid, least: int, clock: _Clock) -> _Found:
    """Out of time: some number of rounds in which all fits at once, tried in ever larger steps."""
    step = 1
    while True:
        rounds = min(least + step, grid.rounds)
        fitting = fit(grid.within(rounds), clock.ends_at, lambda: False)
        if fitting.rounds is not None:
            return _Found(grid.within(rounds), fitting.rounds, fitting.solver)
        if rounds == grid.rounds:
            raise OutOfTime
        step *= 2


def _impossible(problem: TimetableProblem, grid: Grid, contended: Nodes, clock: _Clock) -> tuple[Fault, ...]:
    """The appointments that stand in each other's way, as faults."""

    def fits(rows: Nodes) -> bool:
        some = fit(grid.only(rows), clock.ends_at, clock.is_late)
        if some.rounds is None and some.contended is None:
            raise OutOfTime
        return some.rounds is not None

    rows = grid.appointment[conflict(contended, fits)].tolist()
    return tuple(Fault(problem.appointments[row].row, "appointment", "impossible_together") for row in rows)


def _meetings(problem: TimetableProblem, grid: Grid, rounds: Nodes) -> tuple[Meeting, ...]:
    made = [
        Meeting(problem.appointments[row].seeker_id, problem.appointments[row].stand_id, number + 1)
        for row, number in zip(grid.appointment[grid.units].tolist(), rounds.tolist(), strict=True)
    ]
    return tuple(sorted([*made, *problem.locked], key=lambda one: (one.seeker_id, one.round)))
