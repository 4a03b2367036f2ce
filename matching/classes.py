"""A class as one seeker, so that a visit or a guest lesson can be found for all of it at once.

Fair by count: wishes by Borda points, equal points by lot; the strictest member decides on age and travel.
Exact, linear in the members.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from matching.errors import Fault, InvalidProblem
from matching.nouns import WISHES_THAT_COUNT, Kind, Seeker, TravelMode

Value = TypeVar("Value")
# When no way of travelling is everybody's, a class goes by public transport, or on foot when it is near.
_TOGETHER = frozenset({TravelMode.OV, TravelMode.WALK})


def class_seeker(
    id: str,  # noqa: A002 - the name of the field it fills
    pc4: str,
    members: Sequence[Seeker],
    *,
    seed: int,
    kinds: Iterable[Kind] = (),
    available_from: date | None = None,
    until: date | None = None,
    weekdays: Iterable[int] = (),
    max_minutes: int | None = None,
) -> Seeker:
    """The class as a seeker from the school's postcode, in the school's days.

    Wishes: each member's first five give 5, 4, 3, 2 and 1 points; the five with most points stay, equals by a
    lot drawn with `seed`. Tags: all of the members. Age: the youngest; unknown when one is unknown. Travel:
    ways all members have, the least minutes. Track, profile, crebo, level, year and pathway: only when all
    have the same. No members: InvalidProblem.
    """
    if not members:
        raise InvalidProblem((Fault(id, "members", "none"),))
    births = [member.birth for member in members]
    own_minutes = [member.max_minutes for member in members]
    return Seeker(
        id=id,
        pc4=pc4,
        birth=None if None in births else max(birth for birth in births if birth is not None),
        track=_common(member.track for member in members),
        profile=_common(member.profile for member in members),
        crebo=_common(member.crebo for member in members),
        level=_common(member.level for member in members),
        year=_common(member.year for member in members),
        pathway=_common(member.pathway for member in members),
        modes=_common_modes(members),
        max_minutes=min(
            (minutes for minutes in (*own_minutes, max_minutes) if minutes is not None), default=None
        ),
        wishes=_borda(members, seed),
        tags=frozenset().union(*(member.tags for member in members)),
        kinds=frozenset(kinds),
        available_from=available_from,
        until=until,
        weekdays=frozenset(weekdays),
        class_size=len(members),
    )


def _borda(members: Sequence[Seeker], seed: int) -> tuple[str, ...]:
    points: dict[str, int] = defaultdict(int)
    for member in members:
        for place, wish in enumerate(member.wishes[:WISHES_THAT_COUNT]):
            points[wish] += WISHES_THAT_COUNT - place
    ranked = sorted(points, key=lambda wish: (-points[wish], _lot(wish, seed)))
    return tuple(ranked[:WISHES_THAT_COUNT])


def _lot(wish: str, seed: int) -> bytes:
    return hashlib.blake2b(f"wish:{wish}".encode(), digest_size=8, key=str(seed).encode()[:64]).digest()


def _common_modes(members: Sequence[Seeker]) -> frozenset[TravelMode]:
    """The ways everybody has; who ticked none has all."""
    ways = frozenset(TravelMode)
    for member in members:
        ways &= member.modes or frozenset(TravelMode)
    return ways or _TOGETHER


def _common(values: Iterable[Value]) -> Value | None:
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else None
