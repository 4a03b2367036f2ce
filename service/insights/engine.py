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


def _joined(sets: Sequence["matching.BlockingSet"]) -> list[FoundBottleneck]:
    """The sets, with all who have nothing at all as one: each of them is a set of one for the engine."""
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
    if alone:
        found.append(
            FoundBottleneck(
                youth_ids=tuple(UUID(one) for some in alone for one in some.seeker_ids),
                offers=0,
                positions=0,
                capped_hosts=0,
                sectors=_added(some.sectors for some in alone),
                pc4s=_added(some.pc4s for some in alone),
                minutes=None,
            )
        )
    return sorted(found, key=lambda one: (-one.shortage, one.youth_ids))


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
