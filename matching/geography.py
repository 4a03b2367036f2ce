"""How long a journey takes between two postcodes, and how long it may take at an age: exact, constant time.

Source: DOMAIN 6. The great circle on a sphere of 6,371.0088 km, rounded to the metre; minutes are rounded up
to five. `podium`'s pages call them an estimate, for a postcode's point is up to 1.5 km from a front door.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from matching.errors import Fault, InvalidProblem
from matching.nouns import Place, TravelMode

EARTH_RADIUS_KM = 6371.0088
SAME_POSTCODE_KM = 1.4
DETOUR = 1.3
BIKE_KM_PER_HOUR_UNDER_18 = 12.0
BIKE_KM_PER_HOUR_ADULT = 15.0
WALK_KM_PER_HOUR = 4.8
WALK_BELOW_KM = 2.0
OV_DETOUR = 1.4
OV_KM_PER_HOUR = 25.0
OV_WAITING_MINUTES = 15.0
OV_ABOVE_KM = 4.0
STEP_MINUTES = 5
# 60 × 1.3 × 10 / 12 is 65 on paper and must not become 70 by floating point.
FORGIVEN_MINUTES = 1e-6
ADULT_AGE = 18

# With equal minutes the first of these is named.
MODE_ORDER = (TravelMode.BIKE, TravelMode.OV, TravelMode.WALK)


@dataclass(frozen=True, slots=True)
class Limits:
    """Settings of a programme: minutes one way per age, the cap on cycling, the tolerance, the ages."""

    minutes_under_14: int = 30
    minutes_14_15: int = 45
    minutes_16_17: int = 60
    minutes_adult: int = 75
    bike_minutes_under_18: int = 45
    tolerance_minutes: int = 5
    min_age: int = 12
    max_age: int = 26

    def __post_init__(self) -> None:
        """Refuse what cannot be meant: negative minutes, ages below the law table, a range upside down."""
        faults = [
            Fault("limits", name, "negative")
            for name in self.__slots__
            if name.find("minutes") >= 0 and getattr(self, name) < 0
        ]
        if self.min_age < 12:
            faults.append(Fault("limits", "min_age", "below_12"))
        if self.max_age < self.min_age:
            faults.append(Fault("limits", "max_age", "below_min_age"))
        if faults:
            raise InvalidProblem(tuple(faults))

    def minutes_at(self, age: int | None, own: int | None = None) -> int:
        """The longest journey one way; one's `own` limit can only lower it; unknown age: the youngest."""
        if age is None or age < 14:
            limit = self.minutes_under_14
        elif age < 16:
            limit = self.minutes_14_15
        elif age < ADULT_AGE:
            limit = self.minutes_16_17
        else:
            limit = self.minutes_adult
        return limit if own is None else min(limit, own)


class Journey(NamedTuple):
    """The quickest way that may be used: None and None when no way is quick enough."""

    kilometres: float
    minutes: int | None
    mode: TravelMode | None


def kilometres(start: Place, end: Place) -> float:
    """The distance over the great circle (haversine), to the metre; 1.4 km within one postcode.

    >>> kilometres(Place("1068", 52.3593, 4.8056), Place("1068", 52.3593, 4.8056))
    1.4
    """
    if start.pc4 == end.pc4:
        return SAME_POSTCODE_KM
    start_phi, end_phi = math.radians(start.latitude), math.radians(end.latitude)
    phi = math.sin((end_phi - start_phi) / 2) ** 2
    lam = math.sin(math.radians(end.longitude - start.longitude) / 2) ** 2
    half_chord = math.sqrt(phi + math.cos(start_phi) * math.cos(end_phi) * lam)
    return math.floor(2 * EARTH_RADIUS_KM * math.asin(min(1.0, half_chord)) * 1000 + 0.5) / 1000


def minutes_by(mode: TravelMode, distance_km: float, is_adult: bool) -> int | None:
    """Door-to-door minutes, rounded up to five; None where nobody goes so (OV up to 4 km, a walk from 2).

    >>> minutes_by(TravelMode.BIKE, 4.6, is_adult=False), minutes_by(TravelMode.OV, 10, is_adult=False)
    (30, 50)
    """
    if mode is TravelMode.BIKE:
        speed = BIKE_KM_PER_HOUR_ADULT if is_adult else BIKE_KM_PER_HOUR_UNDER_18
        return _rounded_up(60 * DETOUR * distance_km / speed)
    if mode is TravelMode.OV:
        if distance_km <= OV_ABOVE_KM:
            return None
        return _rounded_up(OV_WAITING_MINUTES + 60 * OV_DETOUR * distance_km / OV_KM_PER_HOUR)
    if distance_km >= WALK_BELOW_KM:
        return None
    return _rounded_up(60 * DETOUR * distance_km / WALK_KM_PER_HOUR)


def journey(
    distance_km: float, modes: Collection[TravelMode], is_adult: bool, limit: int, limits: Limits
) -> Journey:
    """The quickest of the ways ticked (none ticked: of all) that stays within the limit and the tolerance."""
    best: Journey = Journey(distance_km, None, None)
    for mode in MODE_ORDER:
        if modes and mode not in modes:
            continue
        minutes = minutes_by(mode, distance_km, is_adult)
        if minutes is None or minutes > limit_of(mode, is_adult, limit, limits) + limits.tolerance_minutes:
            continue
        if best.minutes is None or minutes < best.minutes:
            best = Journey(distance_km, minutes, mode)
    return best


def limit_of(mode: TravelMode, is_adult: bool, limit: int, limits: Limits) -> int:
    """The limit for one way of travelling: under 18 nobody is asked to cycle longer than the cap."""
    if mode is TravelMode.BIKE and not is_adult:
        return min(limit, limits.bike_minutes_under_18)
    return limit


def _rounded_up(minutes: float) -> int:
    return math.ceil((minutes - FORGIVEN_MINUTES) / STEP_MINUTES) * STEP_MINUTES
