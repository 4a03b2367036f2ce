"""Allocations of a region in moments, and of the country within its bar; each proves itself."""

from time import perf_counter

import numpy as np
import pytest

from matching import Allocation, AllocationProblem, Applicant, Candidate, Capacity, Policy, allocate

CANDIDATES = 20


def _crowded(seekers: int, offers: int, policy: Policy, *, equal: bool = False) -> AllocationProblem:
    """Seekers along a line who like what is near and what is popular, and not quite enough positions."""
    random = np.random.default_rng(5)
    near = (np.arange(seekers) * offers // seekers)[:, None] + np.arange(-CANDIDATES, CANDIDATES)[None, :]
    popular = random.random(offers)
    values = 50 * random.random(near.shape) + 50 * popular[near % offers]
    best = np.argsort(-values, axis=1)[:, :CANDIDATES]
    positions = random.multinomial(seekers * 9 // 10, random.dirichlet(np.full(offers, 2.0)))
    return AllocationProblem.of(
        applicants=[Applicant(f"s{row}") for row in range(seekers)],
        capacities=[Capacity(f"o{row}", f"h{row // 2}", int(many)) for row, many in enumerate(positions)],
        candidates=[
            Candidate(
                f"s{row}", f"o{near[row, place] % offers}", 50.0 if equal else float(values[row, place])
            )
            for row in range(seekers)
            for place in best[row].tolist()
        ],
        seed=3,
        policy=policy,
    )


def _timed(problem: AllocationProblem) -> tuple[Allocation, float]:
    began = perf_counter()
    allocation = allocate(problem, limit_seconds=300)
    return allocation, perf_counter() - began


@pytest.mark.parametrize("policy", list(Policy), ids=str)
@pytest.mark.parametrize("equal", [False, True], ids=["values differ", "only the lottery decides"])
def test_a_region_takes_moments(policy: Policy, equal: bool) -> None:
    allocation, seconds = _timed(_crowded(1000, 250, policy, equal=equal))

    assert allocation.certificate.is_optimal
    assert 800 <= allocation.numbers.placed <= 900
    # Usually half a second; the bar for the whole run of a region is 3.
    assert seconds < 3


@pytest.mark.scale
@pytest.mark.parametrize("policy", [Policy.FAIR, Policy.TOTAL], ids=str)
def test_the_country_is_optimal_within_its_bar(policy: Policy) -> None:
    allocation, seconds = _timed(_crowded(100_000, 30_000, policy))

    assert allocation.certificate.is_optimal
    assert seconds < 60
