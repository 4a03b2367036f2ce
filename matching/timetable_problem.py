"""The checked input of a timetable: who is to meet whom, who is there in which rounds, what must stay.

Guarantee: two inputs with the same rows give equal problems and equal hashes, whatever their order. Linear in
the rows, but for sorting them.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from matching.errors import Fault, InvalidProblem
from matching.nouns import ENGINE_VERSION

MOST_ROUNDS = 100
MOST_AT_ONCE = 10_000


class Meeting(NamedTuple):
    """A seeker at a stand in a round; rounds count from 1."""

    seeker_id: str
    stand_id: str
    round: int

    @property
    def row(self) -> str:
        """How faults name it."""
        return f"{self.seeker_id}/{self.stand_id}/{self.round}"


@dataclass(frozen=True, slots=True)
class Appointment:
    """A seeker is to be at a stand, in `times` rounds (not necessarily one after another)."""

    seeker_id: str
    stand_id: str
    times: int = 1

    @property
    def row(self) -> str:
        """How faults name it."""
        return f"{self.seeker_id}/{self.stand_id}"


@dataclass(frozen=True, slots=True)
class Visitor:
    """A seeker on the day: there from `from_round` to `until_round` (None: the end), with breaks (`away`)."""

    id: str
    from_round: int = 1
    until_round: int | None = None
    away: frozenset[int] = frozenset()

    def is_there(self, number: int) -> bool:
        """Whether a round can be used."""
        return _is_there(self, number)


@dataclass(frozen=True, slots=True)
class Stand:
    """Where visitors come: so many at once (`capacity`), in a `room`; there as a visitor is."""

    id: str
    capacity: int = 1
    room: str = ""
    from_round: int = 1
    until_round: int | None = None
    away: frozenset[int] = frozenset()

    def is_there(self, number: int) -> bool:
        """Whether a round can be used."""
        return _is_there(self, number)


def _is_there(one: Visitor | Stand, number: int) -> bool:
    return (
        one.from_round <= number
        and (one.until_round is None or number <= one.until_round)
        and number not in one.away
    )


@dataclass(frozen=True)
class TimetableProblem:
    """The input of `schedule`. Make it with `of`, which checks it; rows stand in order of id.

    `rounds` is how many there are; None: as many as are needed. `walks` says how far it is from a room to
    another, in whole numbers of any unit; 1 where it says nothing, so that without it room changes count.
    """

    visitors: tuple[Visitor, ...]
    stands: tuple[Stand, ...]
    appointments: tuple[Appointment, ...] = field(repr=False)
    rounds: int | None
    locked: tuple[Meeting, ...]
    walks: Mapping[tuple[str, str], int]
    seed: int

    @classmethod
    def of(
        cls,
        *,
        visitors: Iterable[Visitor],
        stands: Iterable[Stand],
        appointments: Iterable[Appointment],
        seed: int,
        rounds: int | None = None,
        locked: Iterable[tuple[str, str, int]] = (),
        walks: Mapping[tuple[str, str], int] | None = None,
    ) -> "TimetableProblem":
        """Check everything and put it in order. Raises InvalidProblem with every fault found.

        `locked` meetings (seeker id, stand id, round) stay. `walks` need be said in one direction only.
        """
        problem = cls(
            visitors=tuple(sorted(visitors, key=lambda visitor: visitor.id)),
            stands=tuple(sorted(stands, key=lambda stand: stand.id)),
            appointments=tuple(sorted(appointments, key=lambda one: (one.seeker_id, one.stand_id))),
            rounds=rounds,
            locked=tuple(sorted(Meeting(*meeting) for meeting in locked)),
            walks=dict(sorted((walks or {}).items())),
            seed=seed,
        )
        faults = tuple(_faults(problem))
        if faults:
            raise InvalidProblem(faults)
        return problem

    @cached_property
    def visitor_rows(self) -> Mapping[str, int]:
        """The row of each visitor."""
        return {visitor.id: row for row, visitor in enumerate(self.visitors)}

    @cached_property
    def stand_rows(self) -> Mapping[str, int]:
        """The row of each stand."""
        return {stand.id: row for row, stand in enumerate(self.stands)}

    @cached_property
    def input_hash(self) -> str:
        """SHA-256 of all rows and of the engine's version."""
        digest = hashlib.sha256()
        for row in (
            ENGINE_VERSION,
            *map(_written, self.visitors),
            *((_written(stand), stand.capacity, stand.room) for stand in self.stands),
            *self.appointments,
            self.rounds,
            self.locked,
            sorted(self.walks.items()),
        ):
            digest.update(repr(row).encode() + b"\n")
        return digest.hexdigest()

    def walk(self, room: str, other: str) -> int:
        """How far it is from a room to another."""
        if room == other:
            return 0
        return self.walks.get((room, other), self.walks.get((other, room), 1))


def _written(one: Visitor | Stand) -> tuple[object, ...]:
    """A set has no order of its own, so it is written in order."""
    return one.id, one.from_round, one.until_round, sorted(one.away)


def _faults(problem: TimetableProblem) -> Iterator[Fault]:
    if problem.rounds is not None and not 1 <= problem.rounds <= MOST_ROUNDS:
        yield Fault("problem", "rounds", "impossible")
    for rows in (problem.visitors, problem.stands):
        for row_id, times in Counter(row.id for row in rows).items():
            if times > 1:
                yield Fault(row_id, "id", "duplicate")
            if not row_id:
                yield Fault(row_id, "id", "empty")
    for visitor in problem.visitors:
        yield from _round_faults(visitor)
    for stand in problem.stands:
        yield from _stand_faults(stand)
    yield from _walk_faults(problem)
    yield from _appointment_faults(problem)
    yield from _lock_faults(problem)


def _stand_faults(stand: Stand) -> Iterator[Fault]:
    yield from _round_faults(stand)
    if stand.capacity < 0:
        yield Fault(stand.id, "capacity", "negative")
    elif stand.capacity > MOST_AT_ONCE:
        yield Fault(stand.id, "capacity", "impossible")


def _walk_faults(problem: TimetableProblem) -> Iterator[Fault]:
    for rooms, far in problem.walks.items():
        if far < 0:
            yield Fault("/".join(rooms), "walks", "negative")
        if problem.walks.get(rooms[::-1], far) != far:
            yield Fault("/".join(rooms), "walks", "differs_by_direction")


def _round_faults(one: Visitor | Stand) -> Iterator[Fault]:
    if not 1 <= one.from_round <= MOST_ROUNDS:
        yield Fault(one.id, "from_round", "impossible")
    if one.until_round is not None and one.until_round < one.from_round:
        yield Fault(one.id, "rounds", "end_before_start")
    if any(not 1 <= number <= MOST_ROUNDS for number in one.away):
        yield Fault(one.id, "away", "impossible")


def _appointment_faults(problem: TimetableProblem) -> Iterator[Fault]:
    for row, times in Counter(one.row for one in problem.appointments).items():
        if times > 1:
            yield Fault(row, "appointment", "duplicate")
    for one in problem.appointments:
        if one.seeker_id not in problem.visitor_rows:
            yield Fault(one.row, "seeker_id", "unknown")
        if one.stand_id not in problem.stand_rows:
            yield Fault(one.row, "stand_id", "unknown")
        if not 1 <= one.times <= MOST_ROUNDS:
            yield Fault(one.row, "times", "impossible")


def _lock_faults(problem: TimetableProblem) -> Iterator[Fault]:
    """A lock that breaks a rule, and locks that cannot all stand."""
    times = {(one.seeker_id, one.stand_id): one.times for one in problem.appointments}
    locks: list[Meeting] = []
    for lock in problem.locked:
        if (lock.seeker_id, lock.stand_id) not in times:
            yield Fault(lock.row, "locked", "not_an_appointment")
        elif not 1 <= lock.round <= (problem.rounds or MOST_ROUNDS):
            yield Fault(lock.row, "locked", "not_a_round")
        elif lock.seeker_id in problem.visitor_rows and lock.stand_id in problem.stand_rows:
            locks.append(lock)
    visitors = {visitor.id: visitor for visitor in problem.visitors}
    stands = {stand.id: stand for stand in problem.stands}
    for lock in locks:
        if not visitors[lock.seeker_id].is_there(lock.round):
            yield Fault(lock.row, "locked", "seeker_away")
        if not stands[lock.stand_id].is_there(lock.round):
            yield Fault(lock.row, "locked", "stand_away")
    yield from _crowded("round", locks, lambda lock: (lock.seeker_id, lock.round), lambda _: 1)
    yield from _crowded(
        "position",
        locks,
        lambda lock: (lock.stand_id, lock.round),
        lambda lock: max(0, stands[lock.stand_id].capacity),
    )
    yield from _crowded(
        "appointment",
        locks,
        lambda lock: (lock.seeker_id, lock.stand_id),
        lambda lock: times[lock.seeker_id, lock.stand_id],
    )


def _crowded(
    name: str,
    locks: Iterable[Meeting],
    key: Callable[[Meeting], Hashable],
    room: Callable[[Meeting], int],
) -> Iterator[Fault]:
    """Locks that want more of something than there is: each of them is named."""
    by_key: dict[Hashable, list[Meeting]] = defaultdict(list)
    for lock in locks:
        by_key[key(lock)].append(lock)
    for some in by_key.values():
        if len(some) > room(some[0]):
            yield from (Fault(lock.row, "locked", f"too_many_for_{name}") for lock in some)
