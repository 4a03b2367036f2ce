"""Minutes of travel between many seekers and all offers at once: the arithmetic of `geography`, in arrays.

Exact. Each distinct pair of postcodes is measured once; memory grows with distinct postcodes, not with pairs.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matching import geography
from matching.ages import age_on
from matching.eligibility import limit_for
from matching.nouns import Place, TravelMode
from matching.problem import Problem

BEYOND = np.iinfo(np.int16).max

Floats = NDArray[np.float64]
Minutes = NDArray[np.int16]
Rows = NDArray[np.intp]


class Reach:
    """The journeys of a problem."""

    def __init__(self, problem: Problem) -> None:
        """Measure every distinct pair of postcodes and write down what each seeker may travel."""
        self._limits = problem.limits
        starts, self._start_of = _distinct([seeker.pc4 for seeker in problem.seekers])
        ends, self._end_of = _distinct([offer.pc4 for offer in problem.offers])
        self._places = len(ends)
        distances = kilometres_between(
            [problem.places[pc4] for pc4 in starts], [problem.places[pc4] for pc4 in ends]
        )
        self._minutes = {
            (mode, is_adult): minutes_by(mode, distances, is_adult)
            for mode in geography.MODE_ORDER
            for is_adult in (False, True)
        }
        self.limit: NDArray[np.int16] = np.array(
            [limit_for(seeker, problem.on, problem.limits) for seeker in problem.seekers], dtype=np.int16
        )
        self._is_adult = np.array(
            [
                seeker.birth is not None and age_on(seeker.birth, problem.on) >= geography.ADULT_AGE
                for seeker in problem.seekers
            ],
            dtype=bool,
        )
        self._goes_by = {
            mode: np.array(
                [not seeker.modes or mode in seeker.modes for seeker in problem.seekers], dtype=bool
            )
            for mode in geography.MODE_ORDER
        }

    def minutes(self, rows: Rows, columns: Rows | None = None) -> Minutes:
        """Minutes of the quickest way that may be used, per seeker and offer; BEYOND where there is none.

        `columns` are the offers that are asked for, by default all.
        """
        return self._quickest(rows, self._end_of if columns is None else self._end_of[columns])

    def within(self, rows: Rows) -> Rows:
        """The offers that at least one of these seekers can go to."""
        every_place = np.arange(self._places, dtype=np.intp)
        can_go: NDArray[np.bool_] = np.any(self._quickest(rows, every_place) < BEYOND, axis=0)
        return np.flatnonzero(can_go[self._end_of])

    def neighbours(self) -> Rows:
        """All seekers, those who live close to one another together."""
        return np.argsort(self._start_of, kind="stable")

    def _quickest(self, rows: Rows, ends: Rows) -> Minutes:
        best = np.full((len(rows), len(ends)), BEYOND, dtype=np.int16)
        for (mode, is_adult), table in self._minutes.items():
            some = np.flatnonzero(self._goes_by[mode][rows] & (self._is_adult[rows] == is_adult))
            if not len(some):
                continue
            there = table[self._start_of[rows[some]]][:, ends]
            there[there > self._longest(mode, is_adult, rows[some])[:, None]] = BEYOND
            best[some] = np.minimum(best[some], there)
        return best

    def _longest(self, mode: TravelMode, is_adult: bool, rows: Rows) -> NDArray[np.int16]:
        longest = self.limit[rows]
        if mode is TravelMode.BIKE and not is_adult:
            longest = np.minimum(longest, np.int16(self._limits.bike_minutes_under_18))
        return longest + np.int16(self._limits.tolerance_minutes)


def kilometres_between(starts: Sequence[Place], ends: Sequence[Place]) -> Floats:
    """`geography.kilometres` for every start (rows) and end (columns)."""
    start_phi = np.radians(np.array([place.latitude for place in starts], dtype=np.float64))[:, None]
    end_phi = np.radians(np.array([place.latitude for place in ends], dtype=np.float64))[None, :]
    start_east = np.array([place.longitude for place in starts], dtype=np.float64)[:, None]
    end_east = np.array([place.longitude for place in ends], dtype=np.float64)[None, :]
    phi = np.sin((end_phi - start_phi) / 2) ** 2
    lam = np.sin(np.radians(end_east - start_east) / 2) ** 2
    half_chord = np.sqrt(phi + np.cos(start_phi) * np.cos(end_phi) * lam)
    metres = np.floor(2 * geography.EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, half_chord)) * 1000 + 0.5)
    distances: Floats = metres / 1000
    ends_of = {place.pc4: column for column, place in enumerate(ends)}
    for row, place in enumerate(starts):
        if place.pc4 in ends_of:
            distances[row, ends_of[place.pc4]] = geography.SAME_POSTCODE_KM
    return distances


def minutes_by(mode: TravelMode, distances: Floats, is_adult: bool) -> Minutes:
    """`geography.minutes_by` for a table of distances; BEYOND where nobody goes this way."""
    if mode is TravelMode.BIKE:
        speed = geography.BIKE_KM_PER_HOUR_ADULT if is_adult else geography.BIKE_KM_PER_HOUR_UNDER_18
        return _rounded_up(60 * geography.DETOUR * distances / speed)
    if mode is TravelMode.OV:
        minutes = (
            geography.OV_WAITING_MINUTES + 60 * geography.OV_DETOUR * distances / geography.OV_KM_PER_HOUR
        )
        return np.where(distances > geography.OV_ABOVE_KM, _rounded_up(minutes), np.int16(BEYOND))
    minutes = 60 * geography.DETOUR * distances / geography.WALK_KM_PER_HOUR
    return np.where(distances < geography.WALK_BELOW_KM, _rounded_up(minutes), np.int16(BEYOND))


def _rounded_up(minutes: Floats) -> Minutes:
    steps = np.ceil((minutes - geography.FORGIVEN_MINUTES) / geography.STEP_MINUTES)
    minutes_up: Minutes = np.minimum(steps * geography.STEP_MINUTES, BEYOND).astype(np.int16)
    return minutes_up


def _distinct(codes: Sequence[str]) -> tuple[list[str], Rows]:
    known = {code: row for row, code in enumerate(sorted(set(codes)))}
    return list(known), np.array([known[code] for code in codes], dtype=np.intp)
