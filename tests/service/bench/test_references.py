"""Those Podium is measured against do what they say: they find the best, and the same sum."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from service.bench import contenders, engine, solvers
from service.bench.contenders import Field
from service.bench.invented import Crowd, make_crowd, phrases
from service.bench.sizes import APPOINTMENTS, CANDIDATES, CrowdSize
from service.reference.catalogue import catalogue

YOUTHS = 70
OFFERS = 90


@pytest.fixture(scope="module")
def rows() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Some who wish nothing and some who say nothing, all in one town."""
    chance = np.random.default_rng(3)
    tags = list(catalogue().tags)
    sectors = list(catalogue().sectors)
    town = [place.pc4 for place in catalogue().postcodes.values() if place.municipality == "Amsterdam"]

    def row(number: int) -> dict[str, Any]:
        return {
            "pc4": str(chance.choice(town)),
            "wishes": tuple(map(str, chance.choice([*tags, *sectors], number % 6, replace=False))),
            "tags": tuple(map(str, chance.choice(tags, number % 4, replace=False))),
            "sectors": (str(chance.choice(sectors)),),
        }

    return [row(number) for number in range(YOUTHS)], [row(number) for number in range(OFFERS)]


@pytest.fixture(scope="module")
def field(rows: tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]) -> Field:
    return contenders.field_of(*rows)


def by_product(field: Field) -> np.ndarray:
    """Words and sectors of every pair."""
    sectors = field.own_sectors @ field.their_sectors.T
    words = field.own_words @ field.their_words.T
    return np.asarray((contenders.SECTOR * sectors + contenders.TALENT * words).todense())


def test_the_sparse_products_find_the_best(field: Field) -> None:
    scores = by_product(field)

    for best in (contenders.scipy_best(field), contenders.sparse_dot_topn_best(field, 2)):
        found = best(YOUTHS)
        assert len(found) == YOUTHS
        for row, columns in enumerate(found):
            expected = np.sort(scores[row])[::-1][: contenders.TOP]
            assert scores[row, columns] == pytest.approx(expected[expected > 0], abs=1e-6)


def test_numpy_finds_the_best_within_reach(field: Field) -> None:
    apart = np.linalg.norm(field.homes[:, None, :] - field.works[None, :, :], axis=2)
    fall = (apart - contenders.NEAR_KILOMETRES) / (contenders.FAR_KILOMETRES - contenders.NEAR_KILOMETRES)
    location = np.clip(1 - (1 - contenders.WORTH_WHEN_FAR) * fall, contenders.WORTH_WHEN_FAR, 1)
    scores = by_product(field) + contenders.LOCATION * location
    scores[apart > contenders.FAR_KILOMETRES] = -1

    found = contenders.numpy_best(field)(YOUTHS)

    assert len(found) == YOUTHS
    for row, columns in enumerate(found):
        assert scores[row, columns] == pytest.approx(np.sort(scores[row])[::-1][: contenders.TOP], abs=1e-5)


def test_some_youths_are_the_first_of_all(field: Field) -> None:
    for best in (
        contenders.numpy_best(field),
        contenders.scipy_best(field),
        contenders.sparse_dot_topn_best(field, 1),
    ):
        for one, other in zip(best(33), best(YOUTHS), strict=False):
            assert np.array_equal(one, other)


@pytest.mark.parametrize("size", [CrowdSize(60, 45), CrowdSize(300, 90)])
def test_every_solver_finds_the_same_sum(size: CrowdSize) -> None:
    crowd = make_crowd(size)

    sums = {name: solve(crowd) for name, solve in solvers.SOLVERS.items()}
    allocation = engine.allocate(engine.allocation_problem(crowd, engine.Policy.TOTAL))

    assert set(sums.values()) == {engine.worth_of(allocation)}


def test_a_table_that_is_too_large_is_not_tried() -> None:
    wide = Crowd(np.zeros((6_000, 1), dtype=np.intp), np.ones((6_000, 1), dtype=np.int64), np.array([10]))

    assert solvers.linear_sum(wide) is None
    assert solvers.programme(wide) is None


def test_the_programme_finds_a_timetable_in_as_many_rounds() -> None:
    crowd = make_crowd(CrowdSize(100, 50))

    rounds = engine.schedule(engine.timetable_problem(crowd)).certificate.rounds

    assert rounds.is_proven
    assert solvers.timetable(crowd) == rounds.reached > APPOINTMENTS


def test_a_crowd_wants_more_than_there_is() -> None:
    crowd = make_crowd(CrowdSize(500, 100))

    assert crowd.offers.shape == crowd.worth.shape == (500, CANDIDATES)
    assert all(len(set(row)) == CANDIDATES for row in crowd.offers.tolist())
    assert crowd.positions.sum() == 450
    assert (crowd.worth.max(axis=1) == 1000).all()


def test_phrases_are_the_same_each_time() -> None:
    assert phrases(300) == phrases(400)[:300]
    assert len(set(phrases(300))) > 250
