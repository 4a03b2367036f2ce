"""Weights: valid or refused, and shared out when a seeker is silent."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import InvalidProblem, Weights
from tests.matching.cast import make_seeker

SPEAKING = {"wishes": ("cook",), "tags": frozenset({"cook"})}
thirds = st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20)).filter(any)


def test_it_works() -> None:
    assert Weights().for_seeker(make_seeker(**SPEAKING)) == Weights()


@pytest.mark.parametrize(
    "wrong",
    [
        (0.5, 0.5, 0.5),
        (1.2, -0.2, 0.0),
        (math.nan, 0.5, 0.5),
        (0.45, 0.25, 0.2999),
        (math.inf, 0.0, 0.0),
    ],
)
def test_impossible_weights_are_refused(wrong: tuple[float, float, float]) -> None:
    with pytest.raises(InvalidProblem):
        Weights(*wrong)


def test_a_hair_beside_one_is_one() -> None:
    assert Weights(0.1, 0.2, 0.7000000001).talent == 0.7000000001


def test_a_silent_part_gives_its_weight_in_proportion() -> None:
    no_wishes = Weights().for_seeker(make_seeker(tags=frozenset({"cook"})))
    no_talents = Weights().for_seeker(make_seeker(wishes=("cook",)))
    nothing = Weights().for_seeker(make_seeker())

    assert parts(no_wishes) == pytest.approx((0.0, 0.25 / 0.55, 0.30 / 0.55))
    assert parts(no_talents) == pytest.approx((0.45 / 0.70, 0.25 / 0.70, 0.0))
    assert parts(nothing) == (0.0, 1.0, 0.0)


def test_when_what_speaks_weighs_nothing_it_shares_equally() -> None:
    only_sector = Weights(1.0, 0.0, 0.0)

    assert parts(only_sector.for_seeker(make_seeker())) == (0.0, 1.0, 0.0)
    assert parts(only_sector.for_seeker(make_seeker(tags=frozenset({"cook"})))) == (0.0, 0.5, 0.5)


@given(thirds, st.booleans(), st.booleans())
def test_the_weights_of_every_seeker_are_valid(
    amounts: tuple[int, int, int], has_wishes: bool, has_tags: bool
) -> None:
    weights = Weights(*(amount / sum(amounts) for amount in amounts))
    seeker = make_seeker(
        wishes=("cook",) if has_wishes else (), tags=frozenset({"cook"}) if has_tags else frozenset()
    )

    shared = weights.for_seeker(seeker)

    assert math.fsum(parts(shared)) == pytest.approx(1, abs=1e-12)
    assert shared.sector == 0 or has_wishes
    assert shared.talent == 0 or has_tags


def parts(weights: Weights) -> tuple[float, float, float]:
    return weights.sector, weights.location, weights.talent
