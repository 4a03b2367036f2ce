"""Rows to the engine's problems, and its blocking sets, recruiting list and audit back to plain values.

Only the worker comes here, for the engine's heavy parts load on first use.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

import matching
from service.insights.fairness import Standing
from service.insights.models import Scope
from service.matchmaking import engine as runs
from service.matchmaking.engine import Material, Terms

EngineFault = matching.MatchingError
MOST_CANDIDATES = 1_000_000
"""More pairs are not held at once: then the best of each youth are looked at, and the page says so."""
RECRUITING_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class FoundBottleneck:
    youth_ids: tuple[UUID, ...]
    offers: int
    positions: int
    capped_hosts: int
    sectors: tuple[tuple[str, int], ...]
    pc4s: tuple[tuple[str, int], ...]
    minutes: int | None

    @property
    def shortage(self) -> int:
        return len(self.youth_ids) - self.positions


@dataclass(frozen=True, slots=True)
class FoundRecruit:
    sector: str
    pc4: str
    positions: int
    helps: int


@dataclass(frozen=True, slots=True)
class Findings:
    """What one scope comes to."""

    bottlenecks: Sequence[FoundBottleneck]
    recruits: Sequence[FoundRecruit]
    offers: int
    positions: int
    """Free at the offers that somebody can come to."""
    left: int
    causes: Sequence[tuple[str, int, int | None]]
    """Why these are left: a rule, for how many, and for R-1 the minutes that would do."""
    is_complete: bool
    is_whole: bool

    @property
    def shortage(self) -> int:
        return sum(one.shortage for one in self.bottlenecks)


def load() -> None:
    """The engine's heavy parts, before a lease runs and not during it."""
    assert callable(matching.bottlenecks)


def find_bottlenecks(material: Material, terms: Terms, scope: Scope) -> Findings:
    """Over all that is allowed and within reach, not over the few that a run proposes."""
    problem = runs.problem_of(replace(material, classes=()))
    most = _most_each(problem)
    candidates = matching.possible_candidates(problem, wished_only=scope is Scope.WISH, most_each=most)
    each = Counter(one.seeker_id for one in candidates)
    allocation = matching.AllocationProblem.of(
        applicants=matching.applicants_of(problem),
        capacities=_capacities(problem, terms),
        candidates=candidates,
        host_caps={str(host): cap for host, cap in terms.caps.items()},
        seed=problem.seed,
    )
    reached = {one.offer_id for one in candidates}
    listed = matching.recruiting_list(allocation, limit_seconds=RECRUITING_SECONDS)
    return Findings(
        bottlenecks=_joined(matching.bottlenecks(allocation).sets),
        recruits=[FoundRecruit(one.sector, one.pc4, one.positions, one.helps) for one in listed.recruits],
        offers=len(reached),
        positions=sum(terms.maxima[UUID(offer_id)] for offer_id in reached),
        left=listed.left,
        causes=_causes(allocation, listed.unhelped),
        is_complete=listed.is_complete,
        is_whole=most is None or max(each.values(), default=0) < most,
    )


def _capacities(problem: "matching.Problem", terms: Terms) -> list["matching.Capacity"]:
    """What is left, without what is meant for somebody of another programme."""
    hosts = {str(offer): str(host) for offer, host in terms.hosts.items()}
    return [
        replace(one, maximum=terms.maxima[UUID(one.offer_id)])
        for one in matching.capacities_of(problem, hosts)
    ]


def _most_each(problem: "matching.Problem") -> int | None:
    if len(problem.seekers) * len(problem.offers) <= MOST_CANDIDATES:
        return None
    return max(1, MOST_CANDIDATES // len(problem.seekers))


def _causes(
    allocation: "matching.AllocationProblem", unhelped: Iterable[str]
) -> list[tuple[str, int, int | None]]:
    """Why no new position helps these, the commonest cause first."""
    obstacle_of = {one.id: one.obstacle for one in allocation.applicants}
    found = [said for one in unhelped if (said := obstacle_of[one]) is not None]
    times = Counter((said.rule, _minutes(said.facts.get("would_do"))) for said in found)
    ordered = sorted(times.items(), key=lambda one: (-one[1], one[0][0], one[0][1] or 0))
    return [(rule, many, would_do) for (rule, would_do), many in ordered]


def _minutes(fact: object) -> int | None:
    return fact if isinstance(fact, int) else None


def _joined(sets: Sequence["matching.BlockingSet"]) -> list[FoundBottleneck]:
    """The sets, with all who have nothing at all as one: each of them is a set of one for the engine.

    Whom no position could be given are another one, without a place or a sector, for neither is the cause.
    """
    found = [
        FoundBottleneck(
            youth_ids=tuple(UUID(one) for one in some.seeker_ids),
            offers=len(some.offer_ids),
            positions=some.positions,
            capped_hosts=len(some.capped_hosts),
            sectors=some.sectors,
            pc4s=some.pc4s,
            minutes=some.minutes,
        )
        for some in sets
        if some.offer_ids
    ]
    alone = [some for some in sets if not some.offer_ids]
    for is_barred in (False, True):
        some = [one for one in alone if (one.obstacle is not None) is is_barred]
        if some:
            found.append(_without_offers(some, is_barred))
    return sorted(found, key=lambda one: (-one.shortage, one.youth_ids))


def _without_offers(sets: Sequence["matching.BlockingSet"], is_barred: bool) -> FoundBottleneck:
    return FoundBottleneck(
        youth_ids=tuple(UUID(one) for some in sets for one in some.seeker_ids),
        offers=0,
        positions=0,
        capped_hosts=0,
        sectors=() if is_barred else _added(some.sectors for some in sets),
        pc4s=() if is_barred else _added(some.pc4s for some in sets),
        minutes=None,
    )


def _added(many: Iterable[Sequence[tuple[str, int]]]) -> tuple[tuple[str, int], ...]:
    total: Counter[str] = Counter()
    for counts in many:
        total.update(dict(counts))
    return tuple(sorted(total.items(), key=lambda one: (-one[1], one[0])))


def audit(standing: Standing) -> dict[str, Any]:
    """Small groups are left out here already: what is kept can be shown."""
    found = matching.audit(
        {str(youth): worth for youth, worth in standing.outcomes.items()},
        good=matching.GOOD,
        groups={
            name: {str(youth): group for youth, group in members.items()}
            for name, members in standing.groups.items()
        },
        overruled={str(one): said for one, said in standing.overruled.items() if one in standing.outcomes},
    )
    return {
        "good": found.good,
        "overall": _plain(found.overall),
        "groups": {
            name: {group: _plain(cell) for group, cell in cells.items()}
            for name, cells in found.groups.items()
        },
        "decisions": dict(matching.shown_counts(standing.decisions)),
    }


def _plain(cell: "matching.Cell | None") -> dict[str, Any] | None:
    return None if cell is None else asdict(cell)
