"""Verifying: a sound allocation passes, and whatever is made worse or misstated is found."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from matching import (
    Allocation,
    Applicant,
    Candidate,
    Capacity,
    EngineFault,
    Pair,
    Placing,
    Policy,
    allocate,
    verify,
)
from matching.aims import Table
from matching.verifying import broken_rules
from tests.matching.allocation_cast import make_allocation_problem

VALUES = {
    "noor": {"a": 90.0, "b": 60.0},
    "sem": {"a": 80.0, "c": 70.0},
    "mila": {"b": 50.0, "c": 40.0},
    "adam": {"d": 10.0},
}


def _sound(**changes: object) -> Allocation:
    return allocate(make_allocation_problem(VALUES, **changes))  # type: ignore[arg-type]


def test_it_works() -> None:
    allocation = _sound()

    proven = verify(allocation)

    assert proven.pairs == len(allocation.pairs) == 4
    assert proven.aims == proven.proven_aims == len(allocation.certificate.reached)


def _placings(allocation: Allocation, *pairs: tuple[str, str]) -> Allocation:
    """The same with other pairs, and everything that is easily stated put right."""
    table = Table(allocation.problem)
    rows = allocation.problem.candidate_rows
    placings = tuple(
        Placing(*pair, 1, float(table.worth[rows[pair]]) / 1000, bool(table.is_good[rows[pair]]), False)
        if pair in rows
        else Placing(*pair, 1, 1.0, True, False)
        for pair in pairs
    )
    placed = {pair[0] for pair in pairs}
    left_out = tuple(one.id for one in allocation.problem.applicants if one.id not in placed)
    good = {one.seeker_id for one in placings if one.is_good}
    numbers = replace(allocation.numbers, placed=len(placed), filled=len(pairs), with_good=len(good))
    return replace(allocation, placings=placings, left_out=left_out, numbers=numbers)


def _counted(allocation: Allocation) -> Allocation:
    """The same with every aim counted anew, as a solver that is wrong but honest would state it."""
    table = Table(allocation.problem)
    rows = allocation.problem.candidate_rows
    chosen = np.array(sorted(rows[pair] for pair in allocation.pairs), dtype=np.intp)
    reached = tuple(
        replace(stated, reached=table.measure(aim, chosen), best=table.measure(aim, chosen))
        for aim, stated in zip(table.aims(), allocation.certificate.reached, strict=True)
    )
    return replace(allocation, certificate=replace(allocation.certificate, reached=reached))


@pytest.mark.parametrize(
    "pairs",
    [
        pytest.param([("noor", "a"), ("sem", "c"), ("mila", "b")], id="a position nobody has"),
        pytest.param(
            [("noor", "b"), ("sem", "a"), ("mila", "c"), ("adam", "d")], id="a circle of worse positions"
        ),
        pytest.param([("noor", "b"), ("sem", "c"), ("adam", "d")], id="a chain that serves one more"),
    ],
)
def test_an_allocation_that_can_be_bettered_is_found(pairs: list[tuple[str, str]]) -> None:
    worse = _counted(_placings(_sound(), *pairs))

    with pytest.raises(EngineFault, match="better"):
        verify(worse)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda one: replace(one, left_out=("noor",)), "left out"),
        (lambda one: replace(one, numbers=replace(one.numbers, with_good=0)), "numbers"),
        (
            lambda one: replace(one, placings=(replace(one.placings[0], value=0.5), *one.placings[1:])),
            "another value",
        ),
        (
            lambda one: replace(
                one,
                certificate=replace(
                    one.certificate,
                    reached=(replace(one.certificate.reached[0], reached=9), *one.certificate.reached[1:]),
                ),
            ),
            "another count",
        ),
        (lambda one: replace(one, certificate=replace(one.certificate, proof=())), "proof is missing"),
    ],
    ids=["left out", "numbers", "value", "count", "proof"],
)
def test_what_is_misstated_is_found(spoil: Callable[[Allocation], Allocation], says: str) -> None:
    with pytest.raises(EngineFault, match=says):
        verify(spoil(_sound()))


def test_a_forged_proof_proves_nothing() -> None:
    sound = _sound()
    worse = _counted(_placings(sound, ("noor", "b"), ("sem", "a"), ("mila", "c"), ("adam", "d")))
    forged = tuple(
        replace(stage, minimum=replace(stage.minimum, potentials=stage.minimum.potentials * 0))
        for stage in sound.certificate.proof
    )

    with pytest.raises(EngineFault):
        verify(replace(worse, certificate=replace(worse.certificate, proof=forged)))


def test_a_programme_that_leaves_a_position_or_a_swap_is_found() -> None:
    values = {"noor": {"a": 90.0, "b": 60.0}, "sem": {"a": 60.0, "b": 90.0}, "mila": {"c": 10.0}}
    grouped = allocate(make_allocation_problem(values, apart=[("noor", "mila")]))
    assert verify(grouped).pairs == 3

    with pytest.raises(EngineFault, match="could be better: mila/c"):
        verify(_counted(_placings(grouped, ("noor", "a"), ("sem", "b"))))
    with pytest.raises(EngineFault, match="could be better: noor/a"):
        verify(_counted(_placings(grouped, ("noor", "b"), ("sem", "a"), ("mila", "c"))))


def test_an_unstable_allocation_is_found() -> None:
    stable = _sound(policy=Policy.STABLE)
    assert verify(stable).pairs == len(stable.pairs)

    with pytest.raises(EngineFault, match="not stable"):
        verify(_placings(stable, ("noor", "b"), ("sem", "c")))


@pytest.mark.parametrize(
    ("pairs", "broken"),
    [
        ([("noor", "z")], "not allowed: noor/z"),
        ([("noor", "a"), ("noor", "a")], "made twice: noor/a"),
        ([], "lock not kept: sem/c"),
        ([("noor", "a"), ("sem", "a")], "minimum or maximum not kept: a"),
        ([("noor", "a")], "minimum or maximum not kept: c"),
        ([("noor", "a"), ("sem", "c"), ("mila", "c")], "host cap not kept: shop"),
        ([("mila", "b"), ("mila", "c")], "more than wanted: mila"),
        ([("noor", "a"), ("noor", "b")], "twice at one host: noor"),
        ([("noor", "a"), ("noor", "c")], "twice in one period: noor"),
        ([("noor", "a"), ("mila", "b")], "not together: mila/noor"),
        ([("noor", "a"), ("sem", "b")], "not apart: noor/sem"),
    ],
    ids=str,
)
def test_every_rule_is_looked_at(pairs: list[tuple[str, str]], broken: str) -> None:
    problem = make_allocation_problem(
        {name: {"a": 1.0, "b": 1.0, "c": 1.0} for name in ("noor", "sem", "mila")},
        applicants=[Applicant("noor", 2), Applicant("sem"), Applicant("mila")],
        candidates=[Candidate(name, offer, 1.0) for name in ("noor", "sem", "mila") for offer in "abc"],
        capacities=[
            Capacity("a", "baker", 1, period="am"),
            Capacity("b", "baker", 2),
            Capacity("c", "shop", 3, minimum=1, period="am"),
        ],
        host_caps={"shop": 1},
        locked=[("sem", "c")],
        apart=[("noor", "sem")],
    )
    if "together" in broken:
        problem = replace(problem, together=(("mila", "noor"),))

    made = tuple(Pair(*pair) for pair in pairs)

    assert broken in list(broken_rules(problem, made))
