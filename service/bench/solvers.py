"""The solvers of scipy on the plainest question of an allocation: the largest sum, and no other aim.

Each finds the same sum as Podium's policy `total`. `None` says that it is no match for this size: a table
would take gigabytes, or the time was up.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from service.bench.invented import Crowd
from service.bench.sizes import APPOINTMENTS

Whole = NDArray[np.int64]

MOST_CELLS = 10_000_000
"""A row per seeker and a column per position: more is gigabytes."""
MOST_SEEKERS_OF_PROGRAMME = 5_000
LIMIT_SECONDS = 60.0


def linear_sum(crowd: Crowd) -> int | None:
    """The Hungarian way (Jonker and Volgenant), on a full table; 0 is having nothing."""
    seekers, positions = len(crowd.offers), int(crowd.positions.sum())
    if seekers * (positions + seekers) > MOST_CELLS:
        return None
    table = np.zeros((seekers, positions + seekers))
    rows, columns, worth = _by_position(crowd)
    table[rows, columns] = worth
    return int(table[linear_sum_assignment(table, maximize=True)].sum())


def full_matching(crowd: Crowd) -> int | None:
    """The same on a sparse table. Everybody must get something, so everybody has a nothing of his own."""
    seekers, positions = len(crowd.offers), int(crowd.positions.sum())
    rows, columns, worth = _by_position(crowd)
    everybody = np.arange(seekers)
    # One more for all, since a stored 0 would not be there at all.
    table = coo_array(
        (
            np.concatenate([worth + 1, np.ones(seekers, dtype=np.int64)]).astype(np.float64),
            (np.concatenate([rows, everybody]), np.concatenate([columns, positions + everybody])),
        ),
        shape=(seekers, positions + seekers),
    ).tocsr()
    found = min_weight_full_bipartite_matching(table, maximize=True)
    return int(table[found].sum()) - seekers


def programme(crowd: Crowd) -> int | None:
    """An integer programme for HiGHS: a variable per pair, a row per seeker and per offer."""
    seekers, candidates = crowd.offers.shape
    if seekers > MOST_SEEKERS_OF_PROGRAMME:
        return None
    pairs = np.arange(seekers * candidates)
    rows = np.concatenate([pairs // candidates, seekers + crowd.offers.ravel()])
    shape = (seekers + len(crowd.positions), len(pairs))
    uses = csr_array((np.ones(2 * len(pairs)), (rows, np.tile(pairs, 2))), shape=shape)
    room = np.concatenate([np.ones(seekers), crowd.positions])
    found = milp(
        -crowd.worth.ravel(),
        integrality=np.ones(len(pairs)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(uses, ub=room),
        options={"time_limit": LIMIT_SECONDS},
    )
    return round(-found.fun) if found.status == 0 else None


def timetable(crowd: Crowd) -> int | None:
    """The fewest rounds, a variable per appointment and round; the number is known by counting.

    Each appointment is in one round; nobody and no host has two in one.
    """
    seekers = len(crowd.offers)
    if seekers > MOST_SEEKERS_OF_PROGRAMME:
        return None
    offers = crowd.offers[:, :APPOINTMENTS].ravel()
    rounds = max(APPOINTMENTS, int(np.bincount(offers).max()))
    meetings = np.repeat(np.arange(len(offers)), rounds)
    when = np.tile(np.arange(rounds), len(offers))
    of_seeker = (meetings // APPOINTMENTS) * rounds + when
    of_host = seekers * rounds + offers[meetings] * rounds + when
    columns = np.arange(len(meetings))
    met = csr_array((np.ones(len(columns)), (meetings, columns)))
    at_once = csr_array(
        (np.ones(2 * len(columns)), (np.concatenate([of_seeker, of_host]), np.tile(columns, 2)))
    )
    found = milp(
        np.zeros(len(columns)),
        integrality=np.ones(len(columns)),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(met, 1, 1), LinearConstraint(at_once, ub=1)],
        options={"time_limit": LIMIT_SECONDS},
    )
    return rounds if found.status == 0 else None


def _by_position(crowd: Crowd) -> tuple[Whole, Whole, Whole]:
    """Each candidate once for every position of the offer: row, column and worth."""
    first = np.concatenate([[0], np.cumsum(crowd.positions)])
    offers = crowd.offers.ravel()
    times = crowd.positions[offers]
    starts = np.repeat(first[offers], times)
    within = np.arange(len(starts)) - np.repeat(np.cumsum(times) - times, times)
    rows = np.repeat(np.repeat(np.arange(len(crowd.offers)), crowd.offers.shape[1]), times)
    return rows, starts + within, np.repeat(crowd.worth.ravel(), times)


SOLVERS: Mapping[str, Callable[[Crowd], int | None]] = {
    "linear_sum_assignment": linear_sum,
    "min_weight_full_bipartite_matching": full_matching,
    "milp": programme,
}
