"""The states of an offer and the steps between them."""

from service.core.lifecycle import Lifecycle
from service.offers.models import OfferStatus as Status

LIFECYCLE = Lifecycle(
    {
        Status.DRAFT: frozenset({Status.PUBLISHED, Status.CLOSED}),
        Status.PUBLISHED: frozenset({Status.PAUSED, Status.FULL, Status.CLOSED}),
        Status.PAUSED: frozenset({Status.PUBLISHED, Status.FULL, Status.CLOSED}),
        Status.FULL: frozenset({Status.PUBLISHED, Status.PAUSED, Status.CLOSED}),
        Status.CLOSED: frozenset(),
    }
)
SHOWN = frozenset({Status.PUBLISHED, Status.FULL})
"""What others see: a full offer stays readable for who has a place there."""

LIVE = SHOWN | {Status.PAUSED}
"""Published once and not closed: what is changed must stay publishable."""
