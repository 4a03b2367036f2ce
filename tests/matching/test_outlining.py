"""What is told of a country in short is what `suggest` tells in full: each number, each code, each cause."""

import random
from dataclasses import replace
from itertools import product
from typing import TypeVar

import joblib
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching import Hazard, InvalidProblem, Kind, Offer, Outlines, Problem, Seeker, outline, suggest
from matching import outlining as home
from matching.taxonomy import NEIGHBOUR, RANK_WORTH, SAME_SECTOR, SAME_WORD
from tests.matching.cast import PLACES, SECTORS, TAGS, make_offer, make_problem, make_seeker
from tests.matching.strategies import offers, problems, seekers

Row = TypeVar("Row", Seeker, Offer)

unhurried = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_it_works() -> None:
    problem = make_problem(
        seekers=[make_seeker(id="near", wishes=("cook",)), make_seeker(id="far", pc4="3511")],
        offers=[make_offer(tags=frozenset({"cook"}))],
    )

    found = outlined(problem)

    (one,) = found.suggestions
    assert (one.seeker_id, one.offer_id, one.rank, one.minutes) == ("near", "offer", 1, 20)
    assert one.codes == ("wish_occupation", "within_reach", "no_talents_given")
    assert found.number == 1
    assert found.gaps == (("far", (("R-1", 1),)),)


@unhurried
@given(problems())
def test_it_is_what_suggest_says(problem: Problem) -> None:
    assert_same(problem)


@unhurried
@given(st.lists(seekers(), max_size=12), st.lists(offers(), max_size=12), st.integers(0, 99))
def test_it_is_what_suggest_says_of_many(some: list[Seeker], others: list[Offer], seed: int) -> None:
    chance = random.Random(seed)
    alike = [make_seeker(id=f"a{number}", wishes=("cook",)) for number in range(seed % 4)]
    twins = [make_offer(id=f"t{number}", tags=frozenset({"cook"})) for number in range(seed % 5)]
    crowd = [*(renamed(one, f"s{number}") for number, one in enumerate(some)), *alike]
    market = [*(renamed(one, f"o{number}") for number, one in enumerate(others)), *twins]
    pairs = list(product((one.id for one in crowd), (one.id for one in market)))
    assert_same(
        make_problem(
            seekers=crowd,
            offers=market,
            seed=seed,
            top=1 + seed % 6,
            blocked=chance.sample(pairs, min(len(pairs), seed % 8)),
        )
    )


@unhurried
@given(problems(), st.integers(1, 5), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_the_number_of_shards_change_nothing(
    problem: Problem, shards: int, chance: random.Random
) -> None:
    rows, others = list(problem.seekers), list(problem.offers)
    chance.shuffle(rows)
    chance.shuffle(others)

    with joblib.parallel_config("threading", n_jobs=2):
        found = outline(frame_of(problem), iter(rows), iter(others), shards=shards)

    alone = outlined(problem)
    assert (list(found.suggestions), found.gaps) == (list(alone.suggestions), alone.gaps)


def test_who_is_alike_to_the_rules_but_lives_elsewhere_hears_his_own_cause() -> None:
    """The cause is asked once for both: how far they live must not be mixed up."""
    problem = make_problem(
        seekers=[make_seeker(id="a", pc4="3511"), make_seeker(id="b", pc4="1068", birth=(2014, 1))],
        offers=[make_offer(id="one"), make_offer(id="two", kind=Kind.COMPANY_VISIT)],
    )

    assert outlined(problem).gaps == (("a", (("G-1", 1), ("R-1", 1))), ("b", (("G-1", 1), ("K-5", 1))))


def test_what_a_person_ruled_out_is_the_cause_for_that_seeker_only() -> None:
    problem = make_problem(
        seekers=[make_seeker(id="a", pc4="3511"), make_seeker(id="b", pc4="3511")], blocked=[("b", "offer")]
    )

    assert outlined(problem).gaps == (("a", (("R-1", 1),)), ("b", (("P-1", 1),)))


def test_many_are_told_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "_SEEKERS_AT_ONCE", 3)
    monkeypatch.setattr(home, "_PAIRS_SCREENED_AT_ONCE", 2)
    crowd = [
        make_seeker(id=f"s{number}", birth=(2009 + number % 6, 1), wishes=("cook",)[: number % 2])
        for number in range(11)
    ]
    hazards = (frozenset[Hazard](), frozenset({Hazard.Z_3}), frozenset({Hazard.Z_13}))
    market = [make_offer(id=f"o{number}", hazards=hazards[number % 3]) for number in range(4)]
    assert_same(make_problem(seekers=crowd, offers=market))


def test_no_word_is_worth_just_what_a_sector_is() -> None:
    """Else a number would not tell whether a word or a sector gave it."""
    words = {worth * SAME_WORD for worth in RANK_WORTH}
    sectors = {worth * likeness for worth in RANK_WORTH for likeness in (SAME_SECTOR, NEIGHBOUR)}
    assert not words & sectors


def test_faulty_rows_are_refused() -> None:
    with pytest.raises(InvalidProblem, match="youth"):
        outline(frame_of(make_problem()), [make_seeker(), make_seeker()], [make_offer()])


def outlined(problem: Problem) -> Outlines:
    return outline(frame_of(problem), problem.seekers, problem.offers)


def assert_same(problem: Problem) -> None:
    found, answer = outlined(problem), suggest(problem)
    assert list(found.suggestions) == [
        (
            one.seeker_id,
            one.offer_id,
            one.rank,
            one.score,
            one.sector,
            one.location,
            one.talent,
            one.minutes,
            one.codes,
        )
        for one in answer.suggestions
    ]
    assert found.number == answer.numbers.suggestions
    assert list(found.gaps) == [
        (gap.seeker_id, tuple((cause.code, cause.offers) for cause in gap.causes)) for gap in answer.gaps
    ]


def frame_of(problem: Problem) -> Problem:
    return make_problem(
        seekers=[],
        offers=[],
        sectors=SECTORS,
        tags=TAGS,
        places=PLACES,
        seed=problem.seed,
        top=problem.top,
        weights=problem.weights,
        limits=problem.limits,
        blocked=problem.blocked,
    )


def renamed(row: Row, row_id: str) -> Row:
    return replace(row, id=row_id)
