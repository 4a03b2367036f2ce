"""The checked input of an allocation: who seeks how much, what each offer can take, which pairs may be made.

Guarantee: two inputs with the same rows give equal problems and equal hashes, whatever their order. Linear in
the rows, but for sorting them.
"""

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

from matching.errors import Fault, InvalidProblem
from matching.nouns import ENGINE_VERSION, RuleVerdict

GOOD = 0.6
STEPS = 20
MOST_STEPS = 100
MOST_CREDIT = 255
MOST_WANTED = 20
_CODES = 1 << 16


class Policy(StrEnum):
    """What an allocation is for: everybody well enough, the largest sum, or no envy that hosts share."""

    FAIR = "fair"
    TOTAL = "total"
    STABLE = "stable"


class Pair(NamedTuple):
    """A seeker at an offer."""

    seeker_id: str
    offer_id: str

    @property
    def row(self) -> str:
        """How faults name it."""
        return f"{self.seeker_id}/{self.offer_id}"


@dataclass(frozen=True, slots=True)
class Applicant:
    """A seeker who takes part: `wanted` positions, `credit` for bad luck before (0-255, more is stronger).

    `sectors`, `pc4` and `reach` (postcodes a new position could have) are only read to say who is to be
    recruited; no sectors: any, no reach: none helps. `obstacle` is the rule that keeps the reach empty.
    """

    id: str
    wanted: int = 1
    credit: int = 0
    pc4: str = ""
    sectors: tuple[str, ...] = ()
    reach: frozenset[str] = frozenset()
    obstacle: RuleVerdict | None = None


@dataclass(frozen=True, slots=True)
class Capacity:
    """What an offer can take: at least `minimum`, at most `maximum` positions, at this host.

    Two offers of one `period` (a week, a half-day: any code) cannot be had by one seeker; None collides with
    nothing. `sector` and `pc4` are only read to describe bottlenecks.
    """

    offer_id: str
    host: str
    maximum: int
    minimum: int = 0
    period: str | None = None
    sector: str | None = None
    pc4: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pair that may be made: every hard rule was kept. `value` is the score, at least 0.

    `priority` (`stable` only) counts the declared conditions of the host this seeker meets. `minutes` of
    travel are only read to describe bottlenecks.
    """

    seeker_id: str
    offer_id: str
    value: float
    priority: int = 0
    minutes: int | None = None

    @property
    def pair(self) -> Pair:
        """The seeker and the offer."""
        return Pair(self.seeker_id, self.offer_id)


@dataclass(frozen=True)
class AllocationProblem:
    """The input of `allocate`. Make it with `of`, which checks it; rows stand in order of id.

    `candidates` are those that are not forbidden. `good` is the share of a seeker's best value from which a
    position is a good one, `steps` the number of steps between 0 and 1 in which seekers are compared.
    """

    applicants: tuple[Applicant, ...]
    capacities: tuple[Capacity, ...]
    candidates: tuple[Candidate, ...] = field(repr=False)
    host_caps: Mapping[str, int]
    locked: frozenset[Pair]
    forbidden: frozenset[Pair]
    together: tuple[tuple[str, ...], ...]
    apart: tuple[tuple[str, ...], ...]
    previous: frozenset[Pair] | None
    policy: Policy
    good: float
    steps: int
    seed: int

    @classmethod
    def of(
        cls,
        *,
        applicants: Iterable[Applicant],
        capacities: Iterable[Capacity],
        candidates: Iterable[Candidate],
        seed: int,
        policy: Policy = Policy.FAIR,
        host_caps: Mapping[str, int] | None = None,
        locked: Iterable[tuple[str, str]] = (),
        forbidden: Iterable[tuple[str, str]] = (),
        together: Iterable[Iterable[str]] = (),
        apart: Iterable[Iterable[str]] = (),
        previous: Iterable[tuple[str, str]] | None = None,
        good: float = GOOD,
        steps: int = STEPS,
    ) -> "AllocationProblem":
        """Check everything and put it in order. Raises InvalidProblem with every fault found.

        `host_caps` bounds a host over all its offers. `locked` pairs (seeker id, offer id) stay whatever the
        aims say; `forbidden` ones are never made. Members of a group in `together` get the same offers or
        nothing; no two of a group in `apart` come to one host. `previous` are the pairs of an earlier
        allocation, from which as little as possible changes.
        """
        forbidden_pairs = _pairs(forbidden)
        problem = cls(
            applicants=tuple(sorted(applicants, key=lambda applicant: applicant.id)),
            capacities=tuple(sorted(capacities, key=lambda capacity: capacity.offer_id)),
            candidates=tuple(sorted(candidates, key=lambda row: (row.seeker_id, row.offer_id))),
            host_caps=dict(sorted((host_caps or {}).items())),
            locked=_pairs(locked),
            forbidden=forbidden_pairs,
            together=_groups(together),
            apart=_groups(apart),
            previous=None if previous is None else _pairs(previous),
            policy=policy,
            good=good,
            steps=steps,
            seed=seed,
        )
        faults = tuple(_faults(problem))
        if faults:
            raise InvalidProblem(faults)
        return problem._without_forbidden()

    def _without_forbidden(self) -> "AllocationProblem":
        if not self.forbidden:
            return self
        allowed = tuple(row for row in self.candidates if row.pair not in self.forbidden)
        return replace(self, candidates=allowed)

    @cached_property
    def seeker_rows(self) -> Mapping[str, int]:
        """The row of each applicant."""
        return {applicant.id: row for row, applicant in enumerate(self.applicants)}

    @cached_property
    def offer_rows(self) -> Mapping[str, int]:
        """The row of each capacity."""
        return {capacity.offer_id: row for row, capacity in enumerate(self.capacities)}

    @cached_property
    def candidate_rows(self) -> Mapping[tuple[str, str], int]:
        """The row of each candidate."""
        return {(row.seeker_id, row.offer_id): place for place, row in enumerate(self.candidates)}

    @cached_property
    def input_hash(self) -> str:
        """SHA-256 of all rows that can change the answer."""
        rows = (
            *self.applicants,
            *self.capacities,
            *self.candidates,
            sorted(self.host_caps.items()),
            sorted(self.locked),
            sorted(self.forbidden),
            self.together,
            self.apart,
            None if self.previous is None else sorted(self.previous),
        )
        return _digest(rows)

    @cached_property
    def config_hash(self) -> str:
        """SHA-256 of the settings and of the engine's version."""
        return _digest((ENGINE_VERSION, self.policy.value, self.good, self.steps))


def _pairs(pairs: Iterable[tuple[str, str]]) -> frozenset[Pair]:
    return frozenset(Pair(*pair) for pair in pairs)


def _groups(groups: Iterable[Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(sorted(tuple(sorted(group)) for group in groups))


def _digest(rows: Iterable[object]) -> str:
    digest = hashlib.sha256()
    for row in rows:
        # A set has no order of its own, so it is written in order.
        text = repr((*_written(row), sorted(row.reach)) if isinstance(row, Applicant) else row)
        digest.update(text.encode() + b"\n")
    return digest.hexdigest()


def _written(applicant: Applicant) -> tuple[object, ...]:
    """All of an applicant but the reach, and what follows from the same rows as that."""
    return applicant.id, applicant.wanted, applicant.credit, applicant.pc4, applicant.sectors


def _faults(problem: AllocationProblem) -> Iterator[Fault]:
    yield from _setting_faults(problem)
    yield from _repeated("id", (applicant.id for applicant in problem.applicants))
    yield from _repeated("id", (capacity.offer_id for capacity in problem.capacities))
    for applicant in problem.applicants:
        if not 1 <= applicant.wanted <= MOST_WANTED:
            yield Fault(applicant.id, "wanted", "impossible")
        if not 0 <= applicant.credit <= MOST_CREDIT:
            yield Fault(applicant.id, "credit", "impossible")
    for capacity in problem.capacities:
        yield from _capacity_faults(capacity)
    for host, cap in problem.host_caps.items():
        if cap < 0:
            yield Fault(host, "host_cap", "negative")
    yield from _candidate_faults(problem)
    yield from _group_faults(problem)
    yield from _lock_faults(problem)
    yield from _minimum_faults(problem)
    if problem.policy is Policy.STABLE:
        yield from _stable_faults(problem)


def _setting_faults(problem: AllocationProblem) -> Iterator[Fault]:
    if not 0 < problem.good <= 1:
        yield Fault("problem", "good", "impossible")
    if not 1 <= problem.steps <= MOST_STEPS:
        yield Fault("problem", "steps", "impossible")
    # Text is not yet an option, also where it reads like one.
    if type(problem.policy) is not Policy:
        yield Fault("problem", "policy", "impossible")


def _repeated(name: str, ids: Iterable[str]) -> Iterator[Fault]:
    for row_id, times in Counter(ids).items():
        if times > 1:
            yield Fault(row_id, name, "duplicate")
        if not row_id:
            yield Fault(row_id, name, "empty")


def _capacity_faults(capacity: Capacity) -> Iterator[Fault]:
    if capacity.maximum < 0:
        yield Fault(capacity.offer_id, "maximum", "negative")
    if capacity.minimum < 0:
        yield Fault(capacity.offer_id, "minimum", "negative")
    elif capacity.minimum > max(0, capacity.maximum):
        yield Fault(capacity.offer_id, "minimum", "above_maximum")
    if not capacity.host:
        yield Fault(capacity.offer_id, "host", "empty")


def _candidate_faults(problem: AllocationProblem) -> Iterator[Fault]:
    seekers, offers = problem.seeker_rows, problem.offer_rows
    before = None
    for row in problem.candidates:
        pair = row.seeker_id, row.offer_id
        if pair == before:
            yield Fault(row.pair.row, "pair", "duplicate")
        before = pair
        if row.seeker_id not in seekers:
            yield Fault(row.pair.row, "seeker_id", "unknown")
        if row.offer_id not in offers:
            yield Fault(row.pair.row, "offer_id", "unknown")
        if not (math.isfinite(row.value) and row.value >= 0):
            yield Fault(row.pair.row, "value", "impossible")
        if not 0 <= row.priority < _CODES:
            yield Fault(row.pair.row, "priority", "impossible")


def _group_faults(problem: AllocationProblem) -> Iterator[Fault]:
    wanted = {applicant.id: applicant.wanted for applicant in problem.applicants}
    for name, groups in (("together", problem.together), ("apart", problem.apart)):
        for group in groups:
            if len(set(group)) < max(2, len(group)):
                yield Fault("/".join(group), name, "not_several")
            yield from (Fault(one, name, "unknown") for one in group if one not in wanted)
    for group in problem.together:
        if len({wanted.get(seeker_id) for seeker_id in group}) > 1:
            yield Fault("/".join(group), "together", "different_wanted")
    for seeker_id, times in Counter(one for group in problem.together for one in group).items():
        if times > 1:
            yield Fault(seeker_id, "together", "in_two_groups")
    together = {pair for group in problem.together for pair in combinations(group, 2)}
    for pair in {pair for group in problem.apart for pair in combinations(group, 2)} & together:
        yield Fault("/".join(pair), "apart", "together_too")


def _lock_faults(problem: AllocationProblem) -> Iterator[Fault]:
    """A lock that breaks a rule, and locks that cannot all stand."""
    if not problem.locked:
        return
    known = problem.candidate_rows
    hosts = {capacity.offer_id: capacity.host for capacity in problem.capacities}
    yield from _impossible_locks(problem)
    locks = sorted(pair for pair in problem.locked if pair in known and pair.offer_id in hosts)
    wanted = {applicant.id: applicant.wanted for applicant in problem.applicants}
    periods = {capacity.offer_id: capacity.period for capacity in problem.capacities}
    maxima = {capacity.offer_id: max(0, capacity.maximum) for capacity in problem.capacities}
    timed = [pair for pair in locks if periods[pair.offer_id] is not None]
    yield from _crowded("position", locks, lambda pair: pair.offer_id, lambda pair: maxima[pair.offer_id])
    capped = [pair for pair in locks if hosts[pair.offer_id] in problem.host_caps]
    yield from _crowded(
        "host_cap",
        capped,
        lambda pair: hosts[pair.offer_id],
        lambda pair: problem.host_caps[hosts[pair.offer_id]],
    )
    yield from _crowded("wanted", locks, lambda pair: pair.seeker_id, lambda pair: wanted[pair.seeker_id])
    yield from _crowded("host", locks, lambda pair: (pair.seeker_id, hosts[pair.offer_id]), _once)
    yield from _crowded("period", timed, lambda pair: (pair.seeker_id, periods[pair.offer_id]), _once)
    for group in problem.apart:
        members = [pair for pair in locks if pair.seeker_id in group]
        yield from _crowded("apart", members, lambda pair: hosts[pair.offer_id], _once)
    for group in problem.together:
        offers = sorted({pair.offer_id for pair in locks if pair.seeker_id in group})
        for pair in (Pair(seeker_id, offer_id) for seeker_id in group for offer_id in offers):
            if pair not in known:
                yield Fault(pair.row, "together", "not_a_candidate")


def _impossible_locks(problem: AllocationProblem) -> Iterator[Fault]:
    """Locks of which each alone cannot stand."""
    for pair in sorted(problem.locked):
        if pair in problem.forbidden:
            yield Fault(pair.row, "locked", "forbidden")
        elif pair.seeker_id not in problem.seeker_rows:
            yield Fault(pair.row, "locked", "unknown_seeker")
        elif pair.offer_id not in problem.offer_rows:
            yield Fault(pair.row, "locked", "unknown_offer")
        elif pair not in problem.candidate_rows:
            yield Fault(pair.row, "locked", "not_a_candidate")


def _once(_pair: Pair) -> int:
    return 1


def _crowded(
    name: str,
    locks: Iterable[Pair],
    key: Callable[[Pair], Hashable],
    room: Callable[[Pair], int],
) -> Iterator[Fault]:
    """Locks that want more of something than there is: each of them is named."""
    by_key: dict[Hashable, list[Pair]] = defaultdict(list)
    for pair in locks:
        by_key[key(pair)].append(pair)
    for pairs in by_key.values():
        if len(pairs) > room(pairs[0]):
            yield from (Fault(pair.row, "locked", f"too_many_for_{name}") for pair in pairs)


def _minimum_faults(problem: AllocationProblem) -> Iterator[Fault]:
    """Minima that cannot be reached whoever goes where; the rest shows when all are sought at once."""
    if all(capacity.minimum <= 0 for capacity in problem.capacities):
        return
    candidates = Counter(row.offer_id for row in problem.candidates if row.pair not in problem.forbidden)
    needed: Counter[str] = Counter()
    for capacity in problem.capacities:
        needed[capacity.host] += max(0, capacity.minimum)
        if capacity.minimum > candidates[capacity.offer_id]:
            yield Fault(capacity.offer_id, "minimum", "too_few_candidates")
    for capacity in problem.capacities:
        cap = problem.host_caps.get(capacity.host)
        if cap is not None and capacity.minimum > 0 and needed[capacity.host] > cap:
            yield Fault(capacity.offer_id, "minimum", "above_host_cap")


def _stable_faults(problem: AllocationProblem) -> Iterator[Fault]:
    """Where no stable allocation need exist, none is promised."""
    for capacity in problem.capacities:
        if capacity.minimum > 0:
            yield Fault(capacity.offer_id, "minimum", "not_with_stable")
    for group in problem.together:
        yield Fault("/".join(group), "together", "not_with_stable")
    for group in problem.apart:
        yield Fault("/".join(group), "apart", "not_with_stable")
    yield from _crossing_faults(problem)


def _crossing_faults(problem: AllocationProblem) -> Iterator[Fault]:
    """Seekers of several positions whose hosts and periods cross, so that a choice is no matroid's."""
    several = {applicant.id for applicant in problem.applicants if applicant.wanted > 1}
    capacities = {capacity.offer_id: capacity for capacity in problem.capacities}
    offers: dict[str, list[Capacity]] = defaultdict(list)
    for row in problem.candidates:
        if row.seeker_id in several and row.offer_id in capacities:
            offers[row.seeker_id].append(capacities[row.offer_id])
    for seeker_id, some in offers.items():
        groups = [
            {one.offer_id for one in some if one.host == host} for host in {one.host for one in some}
        ] + [
            {one.offer_id for one in some if one.period == period}
            for period in {one.period for one in some if one.period is not None}
        ]
        if any(one & other and one - other and other - one for one, other in combinations(groups, 2)):
            yield Fault(seeker_id, "wanted", "hosts_and_periods_cross")
