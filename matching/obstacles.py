"""Why no new position at all could be a seeker's: the rule that forbids even the safest one, on every day.

Exact: a position is made up that no rule minds (no hazard, guided, next door, for any schooling), of every
kind a seeker would have, on a day of each age and law between his first day and the last on which
anything starts. Whoever may have none of these may have no offer of the problem. Constant time per seeker;
the first that is allowed ends the search. How far he travels is asked elsewhere. Light: no numpy.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import product

from matching.ages import birthday
from matching.eligibility import OUT_OF_REACH, RULES, check_pair
from matching.nouns import Kind, Offer, RuleVerdict, Seeker, Verdict
from matching.problem import Problem

_A_WEEK = range(7)


def obstacle_finder(problem: Problem) -> Callable[[Seeker], RuleVerdict | None]:
    """What tells of a seeker of `problem` which rule forbids every position; None when one is allowed."""
    starts = [offer.starts_on for offer in problem.offers if offer.starts_on is not None]
    last_start = max((problem.on, *starts))
    return lambda seeker: _obstacle(problem, seeker, last_start)


def _obstacle(problem: Problem, seeker: Seeker, last_start: date) -> RuleVerdict | None:
    """Of what forbids the rule that is asked last: it is the one of the position that came furthest."""
    furthest: RuleVerdict | None = None
    for offer in _safest_offers(problem, seeker, last_start):
        said = check_pair(
            seeker, offer, on=problem.on, places=problem.places, limits=problem.limits, law=problem.law
        )
        forbids = [one for one in said if one.verdict is Verdict.BLOCK and one.rule != OUT_OF_REACH]
        if not forbids:
            return None
        if furthest is None or RULES.index(forbids[0].rule) > RULES.index(furthest.rule):
            furthest = forbids[0]
    return furthest


def _safest_offers(problem: Problem, seeker: Seeker, last_start: date) -> Iterator[Offer]:
    kinds = [kind for kind in Kind if not seeker.kinds or kind in seeker.kinds]
    days: list[date | None] = [*_days(problem, seeker, last_start)] or [None]
    for kind, day, observes, at_school in product(kinds, days, (None, True), (False, True)):
        yield Offer(
            id="new",
            kind=kind,
            pc4=seeker.pc4,
            starts_on=day,
            # Without an end only its first day is judged.
            ends_on=day if seeker.until else None,
            hazards=frozenset(),
            supervised=True,
            observe_only=observes,
            on_school_ground=at_school,
        )


def _days(problem: Problem, seeker: Seeker, last_start: date) -> Iterator[date]:
    """The first day that suits of every age and law; none when no day suits."""
    first = max(problem.on, seeker.available_from or problem.on)
    last = max(first, last_start)
    turns = [first, *(epoch.first for epoch in problem.law.epochs if first < epoch.first <= last)]
    if seeker.birth is not None:
        years = range(first.year - seeker.birth[0], last.year - seeker.birth[0] + 1)
        turns += [day for day in (birthday(seeker.birth, age) for age in years) if first < day <= last]
    for turn in sorted(set(turns)):
        if seeker.until is None:
            yield turn
            continue
        suit = (turn + timedelta(days=step) for step in _A_WEEK)
        day = next((one for one in suit if not seeker.weekdays or one.isoweekday() in seeker.weekdays), turn)
        if day <= seeker.until:
            yield day
