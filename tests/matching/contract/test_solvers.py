"""Every solver: no rule broken, the same answer in any order of rows, proven or said to be not."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from matching import (
    Allocation,
    AllocationProblem,
    Applicant,
    Capacity,
    InvalidProblem,
    OutOfTime,
    Policy,
    Solver,
    allocate,
    verify,
)
from tests.matching import allocation_oracle as oracle
from tests.matching.allocation_cast import allocation_parts

pytestmark = pytest.mark.parametrize("solver", list(Solver), ids=str)
_settings = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(autouse=True)
def _only(solver: Solver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the programme solve what a network could."""
    if solver is Solver.MILP:
        monkeypatch.setattr("matching.network.suits", lambda _table: False)


def _problem(parts: dict[str, Any], solver: Solver) -> AllocationProblem:
    if solver is Solver.DEFERRED_ACCEPTANCE:
        parts = parts | {"policy": Policy.STABLE}
    try:
        return AllocationProblem.of(**parts)
    except InvalidProblem:
        reject()


def _solved(problem: AllocationProblem, solver: Solver, limit_seconds: float = 60) -> Allocation:
    try:
        allocation = allocate(problem, limit_seconds=limit_seconds)
    except (InvalidProblem, OutOfTime):
        reject()
    assert allocation.certificate.solver is solver
    return allocation


@_settings
@given(parts=allocation_parts(nested=True))
def test_no_rule_is_broken_and_all_is_proven(solver: Solver, parts: dict[str, Any]) -> None:
    problem = _problem(parts, solver)

    allocation = _solved(problem, solver)

    assert oracle.keeps_rules(problem, allocation.pairs)
    assert allocation.certificate.is_optimal
    assert not allocation.certificate.is_out_of_time
    assert verify(allocation).pairs == len(allocation.pairs)


@_settings
@given(parts=allocation_parts(nested=True), random=st.randoms(use_true_random=False))
def test_the_order_of_rows_means_nothing(solver: Solver, parts: dict[str, Any], random: Any) -> None:
    shuffled = {
        name: random.sample(rows, len(rows)) if isinstance(rows, list) else rows
        for name, rows in parts.items()
    }

    one = _solved(_problem(parts, solver), solver)
    other = _solved(_problem(shuffled, solver), solver)

    assert repr(one) == repr(other)


@_settings
@given(parts=allocation_parts(nested=True))
def test_out_of_time_the_answer_is_lawful_and_claims_little(solver: Solver, parts: dict[str, Any]) -> None:
    problem = _problem(parts, solver)
    if any(capacity.minimum for capacity in problem.capacities) or problem.locked:
        reject()

    allocation = _solved(problem, solver, limit_seconds=0)

    assert allocation.certificate.is_out_of_time
    assert not allocation.certificate.is_optimal
    assert oracle.keeps_rules(problem, allocation.pairs)
    best = _solved(problem, solver)
    for cut_short, whole in zip(allocation.certificate.reached, best.certificate.reached, strict=False):
        if whole.aim in {"spread", "lot"} or cut_short.best is None:
            break
        assert cut_short.best >= whole.reached
        if cut_short.reached != whole.reached:
            break


@pytest.mark.parametrize("offers", [[], [Capacity("a", "baker", 0)], [Capacity("a", "baker", 1)]], ids=str)
@pytest.mark.parametrize("seekers", [[], [Applicant("noor"), Applicant("sem", wanted=2)]], ids=str)
def test_where_there_is_nothing_to_give_nobody_gets_anything(
    solver: Solver, offers: list[Capacity], seekers: list[Applicant]
) -> None:
    parts = {"applicants": seekers, "capacities": offers, "candidates": [], "seed": 1}

    allocation = _solved(_problem(parts, solver), solver)

    assert allocation.placings == ()
    assert allocation.left_out == tuple(one.id for one in seekers)
    assert allocation.certificate.is_optimal
