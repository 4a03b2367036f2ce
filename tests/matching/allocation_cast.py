"""Small allocations for tests: makers of problems, and invented ones for Hypothesis."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from matching import AllocationProblem, Applicant, Candidate, Capacity, Policy

SEEKERS = ("noor", "sem", "mila", "adam")


def make_allocation_problem(
    values: Mapping[str, Mapping[str, float]], maxima: dict[str, int] | None = None, **changes: Any
) -> AllocationProblem:
    """A problem from a table of values (seeker, offer), each offer a host of its own with one position."""
    offers = sorted({offer for row in values.values() for offer in row} | set(maxima or {}))
    given: dict[str, Any] = {
        "applicants": [Applicant(seeker) for seeker in values],
        "capacities": [Capacity(offer, f"host of {offer}", (maxima or {}).get(offer, 1)) for offer in offers],
        "candidates": [
            Candidate(seeker, offer, value) for seeker, row in values.items() for offer, value in row.items()
        ],
        "seed": 7,
    }
    return AllocationProblem.of(**(given | changes))


@st.composite
def allocation_parts(draw: st.DrawFn, nested: bool = True, most_candidates: int = 9) -> dict[str, Any]:
    """What a small problem is made of; `nested`: of the sort a network can say."""
    seekers = SEEKERS[: draw(st.integers(2, 4))]
    wanted = {seeker: draw(st.sampled_from([1, 1, 2])) for seeker in seekers}
    offers = [f"o{number}" for number in range(draw(st.integers(2, 4)))]
    host_of_its_own = nested and max(wanted.values()) > 1
    minima = draw(st.sampled_from([(0,), (0,), (0, 1)]))
    capacities = [
        Capacity(
            offer_id=offer,
            host=f"h{number}" if host_of_its_own else f"h{draw(st.integers(1, 3))}",
            maximum=draw(st.integers(1, 2)),
            minimum=draw(st.sampled_from(minima)),
            period=None if nested else draw(st.sampled_from([None, "am", "pm"])),
        )
        for number, offer in enumerate(offers)
    ]
    pairs = [(seeker, offer) for seeker in seekers for offer in offers]
    order = draw(st.permutations(pairs))
    some = sorted(order[: draw(st.integers(len(seekers), most_candidates))])
    values = st.sampled_from([0.0, 10.0, 40.0, 59.9, 60.0, 61.0, 80.0, 97.0])
    groups: dict[str, list[tuple[str, ...]]] = {"together": [], "apart": []}
    if not nested:
        groups[draw(st.sampled_from(["together", "apart"]))] = draw(st.sampled_from([[], [seekers[:2]]]))
        if groups["together"]:
            wanted[seekers[1]] = wanted[seekers[0]]
    hosts = [capacity.host for capacity in capacities]
    return {
        "applicants": [Applicant(seeker, many, draw(st.integers(0, 2))) for seeker, many in wanted.items()],
        "capacities": capacities,
        "candidates": [Candidate(*pair, draw(values), draw(st.integers(0, 2))) for pair in some],
        "host_caps": draw(st.dictionaries(st.sampled_from(hosts), st.integers(1, 2), max_size=1)),
        "locked": draw(st.sampled_from([[], [], some[:1]])),
        "forbidden": draw(st.sampled_from([[], [], some[-1:]])),
        "previous": draw(st.one_of(st.none(), st.lists(st.sampled_from(pairs), max_size=3))),
        "seed": draw(st.integers(0, 9)),
        "steps": draw(st.sampled_from([1, 4, 20])),
        "policy": draw(st.sampled_from([Policy.FAIR, Policy.FAIR, Policy.TOTAL])),
        **groups,
    }
