"""Proof that a timetable keeps its promises, read from the problem's rows and not from the solver.

Looks at every rule (each appointment as often as asked, nobody twice at once, nobody when away, no stand too
full, locks), counts rounds and walking again, and counts that the busiest can do with no fewer rounds. Linear
in the meetings.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from matching.allocation_answer import Reached
from matching.errors import EngineFault
from matching.timetable_grid import Needs, needs_of
from matching.timetable_problem import Meeting, TimetableProblem


def check_timetable(
    problem: TimetableProblem,
    meetings: Sequence[Meeting],
    rounds: Reached,
    busiest: tuple[str, ...],
    walked: Reached,
) -> None:
    """Raise EngineFault with the first promise that is broken."""
    for broken in broken_promises(problem, meetings):
        raise EngineFault(broken)
    used = max((meeting.round for meeting in meetings), default=0)
    if rounds.reached != used or rounds.best is None or rounds.best > used:
        raise EngineFault(f"another number of rounds: {used}, stated {rounds.reached}")
    if busiest:
        needs = needs_of(problem, used)
        if not isinstance(needs, Needs) or (needs.rounds, needs.busiest) != (rounds.best, busiest):
            raise EngineFault("the busiest can do with fewer rounds")
    counted = sum(_walks(problem, meetings))
    if walked.reached != counted or walked.best is None or walked.best > counted:
        raise EngineFault(f"another walk: {counted}, stated {walked.reached}")


def broken_promises(problem: TimetableProblem, meetings: Sequence[Meeting]) -> Iterator[str]:
    """Every rule these meetings break, with the ids it is about."""
    asked = {(one.seeker_id, one.stand_id): one.times for one in problem.appointments}
    met = Counter((meeting.seeker_id, meeting.stand_id) for meeting in meetings)
    for pair in asked.keys() | met.keys():
        if asked.get(pair, 0) != met[pair]:
            yield f"not as often as asked: {'/'.join(pair)}"
    made = set(meetings)
    yield from (f"lock not kept: {lock.row}" for lock in problem.locked if lock not in made)
    for (seeker_id, number), times in Counter((one.seeker_id, one.round) for one in meetings).items():
        if times > 1:
            yield f"twice at once: {seeker_id} in {number}"
    stands = {stand.id: stand for stand in problem.stands}
    visitors = {visitor.id: visitor for visitor in problem.visitors}
    for (stand_id, number), times in Counter((one.stand_id, one.round) for one in meetings).items():
        if stand_id in stands and times > stands[stand_id].capacity:
            yield f"too many at once: {stand_id} in {number}"
    for meeting in meetings:
        ends = visitors.get(meeting.seeker_id), stands.get(meeting.stand_id)
        if any(one is None or not one.is_there(meeting.round) for one in ends):
            yield f"away: {meeting.row}"
        if meeting.round < 1 or (problem.rounds is not None and meeting.round > problem.rounds):
            yield f"no such round: {meeting.row}"


def _walks(problem: TimetableProblem, meetings: Sequence[Meeting]) -> Iterator[int]:
    """How far each goes from meeting to meeting."""
    room = {stand.id: stand.room for stand in problem.stands}
    ordered = sorted(meetings, key=lambda meeting: (meeting.seeker_id, meeting.round))
    for _, own in groupby(ordered, key=lambda meeting: meeting.seeker_id):
        yield sum(problem.walk(room[one.stand_id], room[other.stand_id]) for one, other in pairwise(own))
