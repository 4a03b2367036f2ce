"""Allocation: each rule and each aim on a small example, and brute force as the oracle."""

import random
from collections import Counter
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import event, given, reject, settings
from hypothesis import strategies as st

from matching import (
    Allocation,
    AllocationProblem,
    Applicant,
    Candidate,
    Capacity,
    ChangeReason,
    InvalidProblem,
    OutOfTime,
    Pair,
    Policy,
    RunStopped,
    Solver,
    allocate,
    verify,
)
from matching.aims import Table
from tests.matching import allocation_oracle as oracle
from tests.matching.allocation_cast import allocation_parts, make_allocation_problem


def test_it_works() -> None:
    problem = make_allocation_problem({"noor": {"bakery": 90, "garage": 60}, "sem": {"bakery": 80}})

    allocation = allocate(problem)

    assert allocation.pairs == (("noor", "garage"), ("sem", "bakery"))
    assert [(one.position, one.value, one.is_good) for one in allocation.placings] == [
        (1, 0.667, True),
        (1, 1.0, True),
    ]
    assert allocation.outcomes == {"noor": 0.667, "sem": 1.0}
    assert allocation.certificate.is_optimal
    assert allocation.certificate.solver is Solver.NETWORK
    assert verify(allocation).proven_aims == len(allocation.certificate.reached)


@settings(max_examples=150, deadline=None)
@given(allocation_parts(nested=True))
def test_a_network_is_as_good_as_brute_force(parts: dict[str, Any]) -> None:
    _agrees_with_brute_force(parts)


@settings(max_examples=60, deadline=None)
@given(allocation_parts(nested=False))
def test_a_programme_is_as_good_as_brute_force(parts: dict[str, Any]) -> None:
    _agrees_with_brute_force(parts)


@settings(max_examples=60, deadline=None)
@given(allocation_parts(nested=False))
def test_a_network_that_leaves_collisions_out_is_as_good_as_brute_force(parts: dict[str, Any]) -> None:
    """Several positions, hosts with several offers, half-days, and no groups, so that a network is tried."""
    _agrees_with_brute_force(parts | {"together": [], "apart": []})


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from([0.0, 10.0, 59.9, 61.0, 80.0]), min_size=8, max_size=8),
    st.sampled_from([None, "am"]),
    st.sampled_from([{}, {"x": 2}]),
    st.sampled_from([Policy.FAIR, Policy.TOTAL]),
    st.integers(0, 9),
)
def test_one_youth_who_collides_hands_all_to_the_programme(
    values: list[float], period: str | None, host_caps: dict[str, int], policy: Policy, seed: int
) -> None:
    """What Noor likes best are two offers of one host, and the others leave them to her."""
    offers = {"noor": (100.0, 99.0, *values[:2]), "sem": values[2:5], "mila": values[5:]}
    capacities = [
        Capacity(name, host, 3, period=period if name in {"a", "c"} else None)
        for name, host in (("a", "x"), ("b", "x"), ("c", "y"), ("d", "z"))
    ]
    parts = {
        "applicants": [Applicant("noor", wanted=2), Applicant("sem"), Applicant("mila")],
        "capacities": capacities,
        "candidates": [
            Candidate(seeker, name, value)
            for seeker, some in offers.items()
            for name, value in zip(
                ("a", "b", "c", "d") if seeker == "noor" else ("b", "c", "d"), some, strict=True
            )
        ],
        "host_caps": host_caps,
        "policy": policy,
        "seed": seed,
    }

    _agrees_with_brute_force(parts)

    event(str(allocate(_valid(parts)).certificate.solver))


def test_a_programme_is_as_good_as_the_better_of_the_networks_without_one_of_two_that_collide() -> None:
    """Beyond brute force: who may not have both lacks one of them, so the best lacks one or the other."""
    draw = random.Random(3)
    offers = [f"o{number}" for number in range(24)]
    capacities = [
        Capacity("full", "nobody", 0),
        *(Capacity(name, f"h{number // 2}", draw.randint(1, 3)) for number, name in enumerate(offers)),
    ]
    # The full offer keeps what is best in reach, also without one of the two.
    candidates = [
        Candidate("noor", "full", 100),
        *(Candidate("noor", name, 95 - 5 * number) for number, name in enumerate(offers[:6])),
        *(
            Candidate(f"s{number}", name, draw.randint(1, 100))
            for number in range(40)
            for name in draw.sample(offers[2:], 8)
        ),
    ]
    applicants = [Applicant("noor", wanted=2), *(Applicant(f"s{number}") for number in range(40))]

    def made(*forbidden: tuple[str, str]) -> Allocation:
        return allocate(
            AllocationProblem.of(
                applicants=applicants,
                capacities=capacities,
                candidates=candidates,
                forbidden=forbidden,
                seed=3,
            )
        )

    collided, *branches = made(), made(("noor", "o0")), made(("noor", "o1"))

    assert collided.certificate.solver is Solver.MILP
    assert collided.certificate.is_optimal
    assert {branch.certificate.solver for branch in branches} == {Solver.NETWORK}
    table = Table(collided.problem)
    assert _measured(table, collided) == max(_measured(table, branch) for branch in branches)
    assert len(collided.placings) > 30


def _measured(table: Table, allocation: Allocation) -> list[int]:
    """Aim by aim, but for the lottery; of each more is better."""
    rows = np.array([table.problem.candidate_rows[pair] for pair in allocation.pairs], dtype=np.intp)
    return [-aim.sign * table.measure(aim, rows) for aim in table.aims() if aim.name not in {"luck", "lot"}]


@settings(max_examples=60, deadline=None)
@given(allocation_parts(nested=False))
def test_no_more_positions_count_than_somebody_can_have_at_once(parts: dict[str, Any]) -> None:
    """By brute force: the most of his candidates of which no two share a host or a period."""
    problem = _valid(parts | {"locked": [], "previous": None})
    places = {capacity.offer_id: capacity for capacity in problem.capacities}
    for applicant, most in zip(problem.applicants, Table(problem).wanted.tolist(), strict=True):
        offers = [places[one.offer_id] for one in problem.candidates if one.seeker_id == applicant.id]
        fitting = [
            len(some)
            for size in range(applicant.wanted + 1)
            for some in combinations(offers, size)
            if not any(
                one.host == other.host or (one.period is not None and one.period == other.period)
                for one, other in combinations(some, 2)
            )
        ]
        assert most == max(fitting)


def test_who_can_only_have_one_needs_no_programme() -> None:
    """All in one half-day: wanting two changes nothing but the solver it would take."""
    capacities = [Capacity(name, host, 1, period="am") for name, host in (("a", "x"), ("b", "x"), ("c", "y"))]
    problem = make_allocation_problem(
        {"noor": {"a": 90, "b": 80, "c": 70}},
        capacities=capacities,
        applicants=[Applicant("noor", wanted=2)],
    )

    allocation = allocate(problem)

    assert allocation.certificate.solver is Solver.NETWORK
    assert allocation.pairs == (("noor", "a"),)
    assert [one.position for one in allocation.certificate.reached if one.aim == "level"] == [1, 1]


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


# The aims, in their order.


def test_more_good_positions_go_before_a_larger_total() -> None:
    values = {"noor": {"a": 100, "b": 60}, "sem": {"a": 100, "b": 10, "c": 59}, "mila": {"c": 100}}

    allocation = allocate(make_allocation_problem(values))

    # Noor takes 60 for it: all three have a good one. The total would have been larger with her at a.
    assert set(allocation.pairs) == {("noor", "b"), ("sem", "a"), ("mila", "c")}
    assert allocation.numbers.with_good == 3


def test_the_worst_off_go_before_the_total_and_policy_total_does_otherwise() -> None:
    # Both would like c best, which has no position.
    values = {"noor": {"c": 100, "a": 99, "b": 81}, "sem": {"c": 100, "a": 80, "b": 65}}
    maxima = {"a": 1, "b": 1, "c": 0}

    fair = allocate(make_allocation_problem(values, maxima))
    total = allocate(make_allocation_problem(values, maxima, policy=Policy.TOTAL))

    assert fair.outcomes == {"noor": 0.81, "sem": 0.8}
    assert total.outcomes == {"noor": 0.99, "sem": 0.65}


def test_nobody_gains_by_high_numbers() -> None:
    values = {"noor": {"a": 90, "b": 60}, "sem": {"a": 80, "b": 56}, "mila": {"b": 30, "c": 12}}
    boasted = values | {"noor": {"a": 9000, "b": 6000}}

    assert allocate(make_allocation_problem(values)).pairs == allocate(make_allocation_problem(boasted)).pairs


def test_among_equals_positions_are_spread_over_hosts() -> None:
    problem = make_allocation_problem(
        {"noor": {"a": 50, "b": 50}, "sem": {"a": 50, "b": 50}},
        capacities=[Capacity("a", "baker", 2), Capacity("b", "garage", 2)],
    )

    assert Counter(pair.offer_id for pair in allocate(problem).pairs) == {"a": 1, "b": 1}


def test_the_lottery_is_even_and_credit_comes_before_it() -> None:
    values = {"noor": {"a": 50}, "sem": {"a": 50}}
    won = Counter(
        allocate(make_allocation_problem(values, seed=seed)).placings[0].seeker_id for seed in range(60)
    )
    # 60 draws: 30 each, give or take three standard deviations.
    assert abs(won["noor"] - 30) < 12

    for seed in range(10):
        credited = make_allocation_problem(
            values, seed=seed, applicants=[Applicant("noor"), Applicant("sem", 1, 1)]
        )
        assert allocate(credited).placings[0].seeker_id == "sem"


# The rules.


def test_a_host_cap_counts_over_all_its_offers() -> None:
    problem = make_allocation_problem(
        {"noor": {"a": 50}, "sem": {"b": 50}},
        capacities=[Capacity("a", "baker", 2), Capacity("b", "baker", 2)],
        host_caps={"baker": 1},
    )

    assert allocate(problem).numbers.filled == 1


def test_a_minimum_is_filled_before_anything_else() -> None:
    problem = make_allocation_problem(
        {"noor": {"a": 90, "b": 10}, "sem": {"a": 80, "b": 70}},
        capacities=[Capacity("a", "baker", 2), Capacity("b", "garage", 2, minimum=2)],
    )

    assert {pair.offer_id for pair in allocate(problem).pairs} == {"b"}


def test_locks_stay_and_forbidden_pairs_are_never_made() -> None:
    problem = make_allocation_problem(
        {"noor": {"a": 90, "b": 10}, "sem": {"a": 80}, "mila": {"c": 50}},
        locked=[("noor", "b")],
        forbidden=[("mila", "c")],
    )

    allocation = allocate(problem)

    assert allocation.pairs == (("noor", "b"), ("sem", "a"))
    assert [one.is_locked for one in allocation.placings] == [True, False]
    assert allocation.left_out == ("mila",)


def test_who_wants_more_comes_once_to_a_host_and_once_in_a_period() -> None:
    capacities = [
        Capacity("a", "baker", 1, period="am"),
        Capacity("b", "baker", 1, period="pm"),
        Capacity("c", "garage", 1, period="am"),
        Capacity("d", "school", 1, period="pm"),
    ]
    problem = make_allocation_problem(
        {"noor": {"a": 90, "b": 80, "c": 70, "d": 10}},
        capacities=capacities,
        applicants=[Applicant("noor", wanted=2)],
    )

    allocation = allocate(problem)

    assert allocation.certificate.solver is Solver.MILP
    # With a (90) only d (10) goes; the best comes first, so a it is.
    assert allocation.pairs == (("noor", "a"), ("noor", "d"))


def test_everybody_gets_one_before_anybody_gets_two() -> None:
    problem = make_allocation_problem(
        {"noor": {"a": 90, "b": 90}, "sem": {"a": 10, "c": 2}},
        applicants=[Applicant("noor", wanted=2), Applicant("sem")],
    )

    assert set(allocate(problem).pairs) == {("noor", "b"), ("sem", "a")}


def test_friends_go_together_or_not_at_all() -> None:
    problem = make_allocation_problem(
        {"noor": {"a": 90, "b": 60}, "sem": {"a": 90, "b": 60}, "mila": {"b": 80}},
        maxima={"a": 1, "b": 2},
        together=[("noor", "sem")],
    )

    assert set(allocate(problem).pairs) == {("noor", "b"), ("sem", "b")}


def test_who_must_be_apart_never_comes_to_one_host() -> None:
    problem = make_allocation_problem(
        {"noor": {"a": 90}, "sem": {"b": 90, "c": 30}},
        capacities=[Capacity("a", "baker", 1), Capacity("b", "baker", 1), Capacity("c", "garage", 1)],
        apart=[("noor", "sem")],
    )

    assert set(allocate(problem).pairs) == {("noor", "a"), ("sem", "c")}


# Time, and a re-run.


def test_minima_that_cannot_be_met_together_are_named() -> None:
    problem = make_allocation_problem(
        {"noor": {"a": 90, "b": 80}, "sem": {"c": 50}},
        capacities=[Capacity("a", "x", 1, 1), Capacity("b", "y", 1, 1), Capacity("c", "z", 1, 1)],
    )

    with pytest.raises(InvalidProblem) as refused:
        allocate(problem)

    assert refused.value.rows == ("a", "b")


def test_out_of_time_is_said_and_bounded() -> None:
    values = {f"s{n}": {f"o{m}": 50 + (n * m) % 7 for m in range(4)} for n in range(12)}

    allocation = allocate(make_allocation_problem(values), limit_seconds=0)

    certificate = allocation.certificate
    assert certificate.is_out_of_time
    assert not certificate.is_optimal
    # All four positions are filled, and of the first aim no more is claimed than that all twelve might be
    # served.
    assert allocation.numbers.filled == 4
    assert certificate.reached[0].best == 12
    assert verify(allocation).proven_aims < len(certificate.reached)


@pytest.mark.parametrize(
    ("changes", "solver"),
    [
        ({"policy": Policy.STABLE}, Solver.DEFERRED_ACCEPTANCE),
        ({"apart": [("s0", "s1")]}, Solver.MILP),
        ({"together": [("s0", "s1")], "policy": Policy.TOTAL}, Solver.MILP),
        ({"policy": Policy.TOTAL}, Solver.NETWORK),
    ],
    ids=str,
)
def test_every_solver_stops_in_time_and_says_so(changes: dict[str, Any], solver: Solver) -> None:
    values = {f"s{n}": {f"o{m}": 50 + (n * m) % 7 for m in range(4)} for n in range(12)}

    allocation = allocate(make_allocation_problem(values, **changes), limit_seconds=0)

    assert allocation.certificate.solver is solver
    assert allocation.certificate.is_out_of_time
    assert not allocation.certificate.is_optimal
    verify(allocation)


def test_out_of_time_before_a_lock_is_kept_there_is_no_answer() -> None:
    with pytest.raises(OutOfTime):
        allocate(make_allocation_problem({"noor": {"a": 1}}, locked=[("noor", "a")]), limit_seconds=0)


def test_a_run_can_be_stopped() -> None:
    with pytest.raises(RunStopped):
        allocate(make_allocation_problem({"noor": {"a": 1}}), stop=lambda: True)


def test_a_rerun_changes_only_what_it_must_and_says_why() -> None:
    values = {"noor": {"a": 90, "b": 80}, "sem": {"a": 80, "b": 90}, "mila": {"c": 50}}
    previous = [("noor", "b"), ("sem", "a")]

    same = allocate(make_allocation_problem(values, previous=previous))

    # Both would rather swap, but that serves nobody who had nothing.
    assert {("noor", "b"), ("sem", "a")} <= set(same.pairs)
    assert [(one.seeker_id, one.to_offer, one.reason) for one in same.changes] == [
        ("mila", "c", ChangeReason.NEW)
    ]
    assert (same.numbers.kept, same.numbers.changed) == (2, 1)

    # Adam can only come to a, so Sem gives way to where there is room, and Noor stays.
    values |= {"adam": {"a": 70}, "sem": {"a": 80, "b": 90, "d": 50}}
    more = allocate(make_allocation_problem(values, previous=previous))
    assert set(more.pairs) == {("noor", "b"), ("sem", "d"), ("mila", "c"), ("adam", "a")}
    assert {one.seeker_id: one.reason for one in more.changes} == {
        "adam": ChangeReason.NEW,
        "mila": ChangeReason.NEW,
        "sem": ChangeReason.MADE_ROOM,
    }


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"forbidden": [("noor", "a")]}, ChangeReason.NOT_ALLOWED),
        ({"maxima": {"a": 0, "b": 1}}, ChangeReason.NO_POSITION),
        ({"locked": [("noor", "b")]}, ChangeReason.LOCK),
        ({"values": {"noor": {"a": 10, "b": 90}}}, ChangeReason.BETTER),
        ({"values": {"noor": {"a": 90, "b": 80}, "sem": {"a": 50}}}, ChangeReason.MADE_ROOM),
    ],
    ids=str,
)
def test_each_change_has_its_reason(changes: dict[str, Any], reason: ChangeReason) -> None:
    given: dict[str, Any] = {"values": {"noor": {"a": 90, "b": 80}}, "previous": [("noor", "a")]} | changes

    allocation = allocate(make_allocation_problem(**given))

    change = next(one for one in allocation.changes if one.seeker_id == "noor")
    assert (change.from_offer, change.to_offer, change.reason) == ("a", "b", reason)


# What DOMAIN 7 promises.


@settings(max_examples=60, deadline=None)
@given(allocation_parts(nested=True), st.data())
def test_another_offer_leaves_the_worst_off_no_worse(parts: dict[str, Any], data: st.DataObject) -> None:
    parts |= {"previous": None, "policy": Policy.FAIR}
    before = _valid(parts)
    some = data.draw(st.lists(st.sampled_from(before.applicants), unique=True))
    # Nobody's best in reach, so that values stay comparable with those of before.
    new = [Candidate(one.id, "new", oracle.Aims(before).most(one.id) / 2) for one in some]
    parts |= {
        "capacities": [*before.capacities, Capacity("new", "new host", 1)],
        "candidates": [*before.candidates, *new],
    }

    # Good, placed, and the values of the first positions from the worst off upward.
    assert _fared(_valid(parts)) >= _fared(before)


@settings(max_examples=60, deadline=None)
@given(allocation_parts(nested=True), st.data())
def test_who_asks_for_more_is_not_left_out_for_it(parts: dict[str, Any], data: st.DataObject) -> None:
    parts |= {"previous": None, "forbidden": []}
    parts["applicants"] = [replace(one, wanted=1) for one in parts["applicants"]]
    before = _valid(parts)
    known = {one.pair for one in before.candidates}
    pairs = [Pair(one.id, other.offer_id) for one in before.applicants for other in before.capacities]
    pair = data.draw(st.sampled_from([pair for pair in pairs if pair not in known] or pairs))
    new = Candidate(*pair, oracle.Aims(before).most(pair.seeker_id) / 2)
    if pair in known or new.value == 0:
        reject()

    now = _allocated(_valid(parts | {"candidates": [*before.candidates, new]}))

    if pair.seeker_id not in _allocated(before).left_out:
        assert pair.seeker_id not in now.left_out


def _allocated(problem: AllocationProblem) -> Allocation:
    try:
        return allocate(problem)
    except InvalidProblem:
        reject()


def _fared(problem: AllocationProblem) -> tuple[object, ...]:
    good, placed, _, worst_first, *_ = oracle.Aims(problem).of(_allocated(problem).pairs)
    return good, placed, worst_first
