"""Great-circle distance between two points."""

from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

EARTH_DIAMETER_KM = 12742.0


class Point(NamedTuple):
    """Degrees north and east."""

    latitude: float
    longitude: float


def kilometres(here: Point, there: Point) -> float:
    """Kilometres as the crow flies."""
    north, other_north = radians(here.latitude), radians(there.latitude)
    half_north = sin((other_north - north) / 2)
    half_east = sin(radians(there.longitude - here.longitude) / 2)
    return EARTH_DIAMETER_KM * asin(sqrt(half_north**2 + cos(north) * cos(other_north) * half_east**2))
