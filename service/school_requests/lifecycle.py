"""Which state may follow which."""

from service.core.lifecycle import Lifecycle
from service.school_requests.models import SchoolRequestStatus as S

LIFECYCLE = Lifecycle(
    {
        S.OPEN: frozenset({S.MATCHING, S.FILLED, S.CLOSED}),
        S.MATCHING: frozenset({S.OPEN, S.FILLED, S.CLOSED}),
        S.FILLED: frozenset({S.OPEN, S.CLOSED}),
    }
)
