"""Deferred acceptance: no pair would rather have each other, and no stable allocation gives a seeker more."""

from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import (
    AllocationProblem,
    Applicant,
    Candidate,
    Capacity,
    InvalidProblem,
    Pair,
    Policy,
    allocate,
)
from matching.aims import Table
from tests.matching.allocation_cast import make_allocation_problem


def _stable(values: dict[str, dict[str, float]], **changes: Any) -> AllocationProblem:
    return make_allocation_problem(values, policy=Policy.STABLE, **changes)


def test_it_works() -> None:
    problem = _stable(
        {"noor": {"a": 90, "b": 60}, "sem": {"a": 80, "b": 70}},
        candidates=[
            Candidate("noor", "a", 90, priority=0),
            Candidate("noor", "b", 60, priority=0),
            Candidate("sem", "a", 80, priority=2),
            Candidate("sem", "b", 70, priority=0),
        ],
    )

    allocation = allocate(problem)

    # Both want a; its host's conditions fit Sem better.
    assert set(allocation.pairs) == {("noor", "b"), ("sem", "a")}
    assert [(one.aim, one.reached, one.best) for one in allocation.certificate.reached] == [
        ("unstable", 0, 0)
    ]


def test_a_lock_stands_above_every_wish() -> None:
    problem = _stable({"noor": {"a": 90}, "sem": {"a": 80}}, locked=[("sem", "a")])

    assert allocate(problem).pairs == (("sem", "a"),)


def test_among_equally_welcome_credit_goes_first() -> None:
    for seed in range(8):
        problem = _stable(
            {"noor": {"a": 90}, "sem": {"a": 80}},
            seed=seed,
            applicants=[Applicant("noor"), Applicant("sem", credit=1)],
        )
        assert allocate(problem).pairs == (("sem", "a"),)


def test_a_host_cap_counts_over_its_offers() -> None:
    problem = _stable(
        {"noor": {"a": 90}, "sem": {"b": 80}},
        capacities=[Capacity("a", "baker", 1), Capacity("b", "baker", 1)],
        host_caps={"baker": 1},
        applicants=[Applicant("noor", credit=1), Applicant("sem")],
    )

    assert allocate(problem).pairs == (("noor", "a"),)


def test_who_wants_two_gets_two_that_do_not_collide() -> None:
    problem = _stable(
        {"noor": {"a": 90, "b": 80, "c": 70}},
        capacities=[
            Capacity("a", "x", 1, period="am"),
            Capacity("b", "y", 1, period="am"),
            Capacity("c", "z", 1),
        ],
        applicants=[Applicant("noor", wanted=2)],
    )

    assert allocate(problem).pairs == (("noor", "a"), ("noor", "c"))


def test_rules_that_cross_are_refused_because_nothing_stable_need_exist() -> None:
    with pytest.raises(InvalidProblem) as refused:
        _stable(
            {"noor": {"a": 90, "b": 80, "c": 70}},
            capacities=[
                Capacity("a", "x", 1, period="am"),
                Capacity("b", "x", 1, period="pm"),
                Capacity("c", "z", 1, period="am"),
            ],
            applicants=[Applicant("noor", wanted=2)],
        )

    assert refused.value.faults == (("noor", "wanted", "hosts_and_periods_cross"),)


@st.composite
def _markets(draw: st.DrawFn) -> AllocationProblem:
    seekers, offers = ["noor", "sem", "mila"], ["a", "b", "c"]
    values = {
        seeker: {offer: float(draw(st.integers(1, 4))) for offer in draw(st.sets(st.sampled_from(offers)))}
        for seeker in seekers
    }
    candidates = [
        Candidate(seeker, offer, value, draw(st.integers(0, 2)))
        for seeker, row in values.items()
        for offer, value in row.items()
    ]
    capacities = [
        Capacity(offer, draw(st.sampled_from(["x", "y"])), draw(st.integers(1, 2))) for offer in offers
    ]
    return _stable(
        values,
        candidates=candidates,
        capacities=capacities,
        seed=draw(st.integers(0, 9)),
        host_caps=draw(st.sampled_from([{}, {"x": 1}])),
    )


@settings(max_examples=80, deadline=None)
@given(_markets())
def test_it_is_the_stable_allocation_that_is_best_for_every_seeker(problem: AllocationProblem) -> None:
    market = _Market(problem)
    found = {pair.seeker_id: pair.offer_id for pair in allocate(problem).pairs}
    every = [one for one in market.allocations() if market.is_stable(one)]

    assert found in every
    for other in every:
        for seeker, offer in other.items():
            assert seeker in found
            assert market.wish[Pair(seeker, found[seeker])] <= market.wish[Pair(seeker, offer)]


class _Market:
    """Every allocation of one position each, and its stability, from the definitions."""

    def __init__(self, problem: AllocationProblem) -> None:
        self.problem = problem
        table = Table(problem)
        rows = list(enumerate(problem.candidates))
        by_wish = sorted(rows, key=lambda one: (-one[1].value, table.lots[one[0]]))
        self.wish = {one.pair: rank for rank, (_, one) in enumerate(by_wish)}
        strength = {row: -int(table.tickets[table.seeker[row]]) for row, _ in rows}
        by_welcome = sorted(rows, key=lambda one: (-one[1].priority, strength[one[0]], table.lots[one[0]]))
        self._welcome = {one.pair: rank for rank, (_, one) in enumerate(by_welcome)}
        self._capacity = {one.offer_id: one for one in problem.capacities}

    def allocations(self) -> list[dict[str, str]]:
        """Every choice of at most one offer per seeker that hosts have room for."""
        options: list[list[str | None]] = [
            [None, *(row.offer_id for row in self.problem.candidates if row.seeker_id == one.id)]
            for one in self.problem.applicants
        ]
        ids = [one.id for one in self.problem.applicants]
        every = [
            {seeker: offer for seeker, offer in zip(ids, some, strict=True) if offer is not None}
            for some in product(*options)
        ]
        return [one for one in every if self._fits({Pair(*pair) for pair in one.items()})]

    def is_stable(self, made: dict[str, str]) -> bool:
        """Whether no seeker and host would both rather have a pair that is not made."""
        pairs = {Pair(*pair) for pair in made.items()}
        for row in self.problem.candidates:
            had = made.get(row.seeker_id)
            wants = had is None or self.wish[row.pair] < self.wish[Pair(row.seeker_id, had)]
            others = {pair for pair in pairs if pair.seeker_id != row.seeker_id}
            if row.pair not in pairs and wants and self._welcomes(row.pair, others | pairs):
                return False
        return True

    def _welcomes(self, pair: Pair, pairs: set[Pair]) -> bool:
        """Whether the host would take this one beside or in place of others it has."""
        host = self._capacity[pair.offer_id].host
        here = [one for one in pairs if self._capacity[one.offer_id].host == host]
        chosen: set[Pair] = set()
        for one in sorted([*here, pair], key=self._welcome.__getitem__):
            if self._fits(chosen | {one}):
                chosen.add(one)
        return pair in chosen

    def _fits(self, pairs: set[Pair]) -> bool:
        for offer_id, capacity in self._capacity.items():
            if sum(pair.offer_id == offer_id for pair in pairs) > capacity.maximum:
                return False
        return all(
            sum(self._capacity[pair.offer_id].host == host for pair in pairs) <= cap
            for host, cap in self.problem.host_caps.items()
        )


def test_the_oracle_knows_an_unstable_allocation() -> None:
    market = _Market(_stable({"noor": {"a": 2.0, "b": 1.0}, "sem": {"b": 1.0}}))

    stable = [one for one in market.allocations() if market.is_stable(one)]

    assert stable == [{"noor": "a", "sem": "b"}]
    assert len(list(combinations(market.allocations(), 2))) == 10
