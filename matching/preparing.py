"""From a run to an allocation: the rows of an `AllocationProblem` read from a problem and its suggestions.

Exact and linear in the rows. An allocation gives out candidates and nothing else, so no hard rule can be
broken: what the run suggested, or all that is possible (`possibilities`). Only with the latter do bottlenecks
speak of all that is within reach.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import time, timedelta
from typing import TYPE_CHECKING

import numpy as np

from matching.ages import age_on
from matching.allocation_problem import Applicant, Candidate, Capacity
from matching.eligibility import OUT_OF_REACH, limit_for
from matching.errors import Fault, InvalidProblem
from matching.nouns import Answer, Fact, Kind, Offer, RuleVerdict, Seeker, Verdict
from matching.obstacles import obstacle_finder
from matching.problem import Problem
from matching.reach import BEYOND, Minutes, Reach
from matching.taxonomy import Taxonomy

if TYPE_CHECKING:  # Its home loads the compiled loop.
    from matching.outlining import Outlines

_NOON = time(12)
_MORNING_ENDS_AT = time(13)


def applicants_of(
    problem: Problem,
    *,
    wanted: Mapping[str, int] | None = None,
    credit: Mapping[str, int] | None = None,
) -> tuple[Applicant, ...]:
    """The seekers of a run as applicants, with the sectors they wish and the postcodes they can reach.

    `wanted` and `credit` are by seeker id; 1 and 0 for who is not named. The postcodes are those where a
    seeker or an offer is; for who can come to none of these, all that are known. Whom a rule forbids every
    position, or who can come nowhere, has none, and the rule as `obstacle`: an R-1 with his `limit` and, if
    his age allows one that leads somewhere, the smallest that `would_do`. A class takes all its positions at
    one offer and is not allocated: InvalidProblem names it.
    """
    classes = tuple(Fault(one.id, "class_size", "not_allocated") for one in problem.seekers if one.is_class)
    if classes:
        raise InvalidProblem(classes)
    taxonomy = Taxonomy(problem.sectors, problem.tags)
    return tuple(
        Applicant(
            id=seeker.id,
            wanted=(wanted or {}).get(seeker.id, 1),
            credit=(credit or {}).get(seeker.id, 0),
            pc4=seeker.pc4,
            sectors=_sectors(seeker, taxonomy),
            reach=frozenset() if obstacle else reach,
            obstacle=obstacle,
        )
        for seeker, reach, obstacle in _openness(problem)
    )


def capacities_of(
    problem: Problem,
    hosts: Mapping[str, str],
    *,
    minima: Mapping[str, int] | None = None,
    periods: Mapping[str, str] | None = None,
) -> tuple[Capacity, ...]:
    """The offers of a run as capacities: what is free is what can be given out.

    `hosts` names who is behind each offer; InvalidProblem names the offers it leaves out. `minima` and
    `periods` are by offer id; 0 and none for what is not named.
    """
    unknown = tuple(Fault(offer.id, "host", "unknown") for offer in problem.offers if offer.id not in hosts)
    if unknown:
        raise InvalidProblem(unknown)
    taxonomy = Taxonomy(problem.sectors, problem.tags)
    return tuple(
        Capacity(
            offer_id=offer.id,
            host=hosts[offer.id],
            maximum=offer.positions,
            minimum=(minima or {}).get(offer.id, 0),
            period=(periods or {}).get(offer.id),
            sector=next(iter(taxonomy.sectors_of(offer)), None),
            pc4=offer.pc4,
        )
        for offer in problem.offers
    )


def candidates_of(answer: "Answer | Outlines") -> tuple[Candidate, ...]:
    """The suggestions of a run as candidates; their value is their score."""
    return tuple(
        Candidate(one.seeker_id, one.offer_id, one.score, minutes=one.minutes) for one in answer.suggestions
    )


def periods_of(problem: Problem) -> Mapping[str, str]:
    """For each offer with two days a period, so that no two offers of different periods share a half-day.

    Offers that share a half-day are of one period, and those that share one with these too: a period is not
    finer than can be said with one code per offer, so nobody is ever in two places, but some pairs of offers
    that would fit are not given to one seeker. The morning ends at 13:00, the afternoon begins at 12:00; an
    offer without times takes both. Linear in the offers times their days.
    """
    at: dict[tuple[int, bool], list[str]] = defaultdict(list)
    for offer in problem.offers:
        for half in _half_days(offer):
            at[half].append(offer.id)
    period: dict[str, str] = {}

    def first_of(offer_id: str) -> str:
        while (above := period.setdefault(offer_id, offer_id)) != offer_id:
            period[offer_id] = period[above]
            offer_id = above
        return offer_id

    for ids in at.values():
        for offer_id in ids:
            lowest, highest = sorted((first_of(ids[0]), first_of(offer_id)))
            period[highest] = lowest
    return {offer_id: first_of(offer_id) for offer_id in sorted(period)}


def _half_days(offer: Offer) -> Iterator[tuple[int, bool]]:
    """Mornings (False) and afternoons (True) of the days an offer is on, as far as it says."""
    if offer.starts_on is None or offer.ends_on is None:
        return
    halves = [
        is_afternoon
        for is_afternoon, is_taken in (
            (False, offer.starts_at is None or offer.starts_at < _NOON),
            (True, offer.ends_at is None or offer.ends_at > _MORNING_ENDS_AT),
        )
        if is_taken
    ]
    for later in range((offer.ends_on - offer.starts_on).days + 1):
        day = offer.starts_on + timedelta(days=later)
        if not offer.weekdays or day.isoweekday() in offer.weekdays:
            yield from ((day.toordinal(), is_afternoon) for is_afternoon in halves)


def _sectors(seeker: Seeker, taxonomy: Taxonomy) -> tuple[str, ...]:
    wished = (taxonomy.sector_of(wish) for wish in seeker.wishes)
    return tuple(dict.fromkeys(sector for sector in wished if sector is not None))


def _openness(problem: Problem) -> Iterator[tuple[Seeker, frozenset[str], RuleVerdict | None]]:
    """Per seeker where a new position could be his, and what forbids one everywhere; who is alike shares."""
    used = sorted({one.pc4 for one in problem.seekers} | {one.pc4 for one in problem.offers})
    reach = Reach(_with_offers_in(problem, used))
    find_obstacle = obstacle_finder(problem)
    everywhere = _with_offers_in(problem, sorted(problem.places))
    reaches: dict[tuple[object, ...], tuple[frozenset[str], RuleVerdict | None]] = {}
    obstacles: dict[Seeker, RuleVerdict | None] = {}
    for row, seeker in enumerate(problem.seekers):
        age = None if seeker.birth is None else age_on(seeker.birth, problem.on)
        travels = seeker.pc4, seeker.modes, seeker.max_minutes, age
        if travels not in reaches:
            near = _within(used, reach.minutes(np.array([row], dtype=np.intp))[0])
            reaches[travels] = (near, None) if near else _reach_anywhere(everywhere, seeker)
        judged = _judged(seeker)
        if judged not in obstacles:
            obstacles[judged] = find_obstacle(judged)
        there, too_far = reaches[travels]
        yield seeker, there, obstacles[judged] or too_far


def _judged(seeker: Seeker) -> Seeker:
    """A seeker without what no rule but that of travel asks, so that many share one."""
    return replace(seeker, id="", modes=frozenset(), max_minutes=None, wishes=(), tags=frozenset())


def _reach_anywhere(everywhere: Problem, seeker: Seeker) -> tuple[frozenset[str], RuleVerdict | None]:
    """The postcodes in reach of all that are known, and what to say when there are none."""
    free = replace(seeker, max_minutes=None)
    # The minutes at his own limit, and at the one of his age.
    own, of_age = Reach(replace(everywhere, seekers=(seeker, free))).minutes(np.arange(2, dtype=np.intp))
    anywhere = _within([offer.pc4 for offer in everywhere.offers], own)
    if anywhere:
        return anywhere, None
    limits = everywhere.limits
    facts: dict[str, Fact] = {"limit": limit_for(seeker, everywhere.on, limits)}
    shortest = int(of_age.min(initial=BEYOND))
    if shortest < BEYOND:
        facts["would_do"] = shortest - limits.tolerance_minutes
    return anywhere, RuleVerdict(OUT_OF_REACH, Verdict.BLOCK, "seeker", facts)


def _within(postcodes: Sequence[str], minutes: Minutes) -> frozenset[str]:
    return frozenset(postcodes[place] for place in np.flatnonzero(minutes < BEYOND).tolist())


def _with_offers_in(problem: Problem, postcodes: Iterable[str]) -> Problem:
    return replace(problem, offers=tuple(Offer(pc4, Kind.COMPANY_VISIT, pc4) for pc4 in postcodes))
