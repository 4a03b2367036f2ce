"""Allocation: small examples, brute force as the oracle, and the same answer in any order of rows."""

from typing import Any

import pytest
from hypothesis import event, given, reject, settings

from matching import AllocationProblem, InvalidProblem, Solver, allocate, verify
from tests.matching import allocation_oracle as oracle
from tests.matching.allocation_cast import allocation_parts, make_allocation_problem


def test_it_works() -> None:
    problem = make_allocation_problem({"noor": {"bakery": 90, "garage": 60}, "sem": {"bakery": 80}})

    allocation = allocate(problem)

    assert allocation.pairs == (("noor", "garage"), ("sem", "bakery"))
    assert allocation.certificate.is_optimal
    assert verify(allocation).pairs == 2


@settings(max_examples=300, deadline=None)
@given(allocation_parts(nested=True))
def test_a_network_is_as_good_as_brute_force(parts: dict[str, Any]) -> None:
    _agrees_with_brute_force(parts)


@settings(max_examples=120, deadline=None)
@given(allocation_parts(nested=False))
def test_a_programme_is_as_good_as_brute_force(parts: dict[str, Any]) -> None:
    _agrees_with_brute_force(parts)


def _agrees_with_brute_force(parts: dict[str, Any]) -> None:
    problem = _valid(parts)
    expected = oracle.best(problem)
    if expected is None:
        with pytest.raises(InvalidProblem):
            allocate(problem)
        return
    allocation = allocate(problem)
    certificate = allocation.certificate
    event(f"{certificate.solver}, {len(expected)} pairs")
    assert certificate.is_optimal
    reached = oracle.Aims(problem).of(tuple(allocation.pairs))
    if certificate.solver is Solver.NETWORK:
        assert reached == oracle.Aims(problem).of(expected)
    else:
        # Among equals a programme draws its lottery in coarser steps.
        assert reached[:-2] == oracle.Aims(problem).of(expected)[:-2]


def _valid(parts: dict[str, Any]) -> AllocationProblem:
    try:
        return AllocationProblem.of(**parts)
    except InvalidProblem:
        reject()
