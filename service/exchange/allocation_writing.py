"""An allocation as rows of files: who gets what and why, who blocks each other, what to look for."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from service.exchange.allocation_wording import (
    REASONS,
    blocking_sentence,
    recruit_sentence,
)
from service.exchange.cells import SEPARATOR
from service.exchange.engine import Change, Given, Placing
from service.exchange.joint_wording import joint_sentence
from service.exchange.writing import Line

if TYPE_CHECKING:
    from service.exchange.engine import BlockingSet

VALUE_DIGITS = 3
PLACED, LOST, LEFT_OUT = "placed", "lost", "left_out"
YES, NO = "yes", "no"
ANY, WISH = "any", "wish"


def allocation_rows(given: Given) -> Iterator[Line]:
    """A line per position of a youth, then one per position lost since the last time; or one for none."""
    reasons = _Reasons(given)
    allocation = given.allocation
    placings: dict[str, list[Placing]] = defaultdict(list)
    for placing in allocation.placings:
        placings[placing.seeker_id].append(placing)
    for applicant in allocation.problem.applicants:
        for placing in placings[applicant.id]:
            yield reasons.line_of(placing)
        lost = reasons.lost[applicant.id]
        if placings[applicant.id]:
            yield from (reasons.line_without(applicant.id, LOST, one.reason.value, one) for one in lost)
        else:
            yield reasons.line_without(
                applicant.id, LEFT_OUT, reasons.of_left_out(applicant.id), lost[0] if lost else None
            )


class _Reasons:
    """Why each youth has what he has."""

    def __init__(self, given: Given) -> None:
        allocation = given.allocation
        problem = allocation.problem
        self._previous = problem.previous
        self._changes = {(one.seeker_id, one.to_offer): one for one in allocation.changes if one.to_offer}
        self.lost: dict[str, list[Change]] = defaultdict(list)
        for change in allocation.changes:
            if change.to_offer is None:
                self.lost[change.seeker_id].append(change)
        sets = given.bottlenecks.sets if given.bottlenecks else ()
        self._set_of = {
            seeker_id: number for number, one in enumerate(sets, 1) for seeker_id in one.seeker_ids
        }
        # Where the search was cut off, nobody knows that a position could not have been his.
        self._is_cut_off = allocation.certificate.is_out_of_time or not (
            given.bottlenecks is None or given.bottlenecks.is_complete
        )
        self._in_groups = {seeker_id for group in (*problem.together, *problem.apart) for seeker_id in group}
        made = set(allocation.pairs)
        self._value: Mapping[tuple[str, str], float] = {one.pair: one.value for one in problem.candidates}
        self._best_elsewhere: dict[str, float] = {}
        for one in problem.candidates:
            best = self._best_elsewhere.get(one.seeker_id, -1.0)
            self._best_elsewhere[one.seeker_id] = best if one.pair in made else max(best, one.value)

    def line_of(self, placing: Placing) -> Line:
        """One position."""
        reason = self._of(placing)
        change = self._changes.get(placing.pair)
        before = change.from_offer if change else placing.offer_id if reason == "kept" else None
        return (
            placing.seeker_id,
            placing.position,
            placing.offer_id,
            Decimal(f"{placing.value:.{VALUE_DIGITS}f}"),
            YES if placing.is_good else NO,
            PLACED,
            reason,
            before,
            self._set_of.get(placing.seeker_id),
            str(REASONS[reason]),
        )

    def line_without(self, youth: str, outcome: str, reason: str, change: Change | None) -> Line:
        """A position that is no more, or never was."""
        before = change.from_offer if change else None
        return (
            *(youth, None, None, Decimal(0), NO, outcome, reason, before),
            self._set_of.get(youth),
            str(REASONS[reason]),
        )

    def of_left_out(self, youth: str) -> str:
        if youth not in self._best_elsewhere:
            return "nothing_in_reach"
        if youth in self._set_of:
            return "too_few_positions"
        if self._is_cut_off:
            return "time_up"
        return "group" if youth in self._in_groups else "others_first"

    def _of(self, placing: Placing) -> str:
        if placing.is_locked:
            return "locked"
        if placing.pair in self._changes:
            return self._changes[placing.pair].reason.value
        if self._previous is not None:
            return "kept"
        is_best = self._value[placing.pair] >= self._best_elsewhere[placing.seeker_id]
        if is_best:
            return "best"
        return "time_up" if self._is_cut_off else "better_taken"


def bottleneck_rows(given: Given) -> Iterator[Line]:
    """A line per blocking set: of all offers, of those that suit a wish, and where these are tightest."""
    for scope, found in ((ANY, given.bottlenecks), (WISH, given.wished)):
        yield from _of_scope(scope, [(1, one) for one in (found.sets if found else ())])
    yield from _of_scope(WISH, given.tightest)


def _of_scope(scope: str, sets: "Sequence[tuple[int, BlockingSet]]") -> Iterator[Line]:
    for number, (many, one) in enumerate(sets, 1):
        yield (
            scope,
            many,
            number,
            len(one.seeker_ids),
            one.positions,
            one.shortage,
            SEPARATOR.join(code for code, _many in one.sectors),
            SEPARATOR.join(pc4 for pc4, _many in one.pc4s),
            one.minutes,
            SEPARATOR.join(one.capped_hosts),
            blocking_sentence(one),
        )


def recruiting_rows(given: Given) -> Iterator[Line]:
    """A line per sector and neighbourhood, those that help most first; then one offer for each group."""
    for one in given.recruiting.recruits if given.recruiting else ():
        yield one.sector, one.pc4, one.positions, one.helps, recruit_sentence(one)
    if given.allocation.certificate.is_out_of_time:
        return
    for need in given.joint:
        if need.pc4 is not None:
            yield need.sector, need.pc4, need.positions, len(need.seeker_ids), joint_sentence(need)
