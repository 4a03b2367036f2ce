"""Which state may follow which."""

from service.core.lifecycle import Lifecycle
from service.placements.models import PlacementStatus as S

LIFECYCLE = Lifecycle(
    {
        S.OFFERED: frozenset({S.ACCEPTED, S.DECLINED_BY_YOUTH, S.DECLINED_BY_HOST, S.WITHDRAWN, S.EXPIRED}),
        # Back to the youth when the host proposed other days and the school found them possible.
        S.ACCEPTED: frozenset(
            {S.CONFIRMED, S.OFFERED, S.DECLINED_BY_HOST, S.DECLINED_BY_YOUTH, S.WITHDRAWN, S.EXPIRED}
        ),
        S.CONFIRMED: frozenset({S.AGREED, S.WITHDRAWN, S.DECLINED_BY_HOST, S.DECLINED_BY_YOUTH}),
        S.AGREED: frozenset({S.ACTIVE, S.WITHDRAWN}),
        S.ACTIVE: frozenset({S.COMPLETED, S.ENDED_EARLY, S.NO_SHOW}),
    }
)
LIVE = (S.OFFERED, S.ACCEPTED, S.CONFIRMED, S.AGREED, S.ACTIVE)
WAITING = (S.OFFERED, S.ACCEPTED)
"""States that silence ends."""
STILL_TO_COME = (S.OFFERED, S.ACCEPTED, S.CONFIRMED, S.AGREED)
SETTLED = (S.CONFIRMED, S.AGREED, S.ACTIVE, S.COMPLETED)
"""Both sides have said yes, and it is, was or will be done."""
FREES_POSITION = (S.DECLINED_BY_YOUTH, S.DECLINED_BY_HOST, S.WITHDRAWN, S.EXPIRED)
"""After these somebody else may have the position."""
OVER = (*FREES_POSITION, S.COMPLETED, S.ENDED_EARLY, S.NO_SHOW)
KNOWN_TO_HOST = (S.ACCEPTED, S.CONFIRMED, S.AGREED, S.ACTIVE, S.COMPLETED, S.ENDED_EARLY, S.NO_SHOW)
"""Only after the youth's yes does a host hear who it is."""
