"""The states of an organisation and the steps between them."""

from service.core.lifecycle import Lifecycle
from service.organisations.models import OrganisationStatus as Status

LIFECYCLE = Lifecycle(
    {
        Status.INVITED: frozenset({Status.ACTIVE, Status.PAUSED, Status.CLOSED}),
        Status.ACTIVE: frozenset({Status.PAUSED, Status.CLOSED}),
        Status.PAUSED: frozenset({Status.ACTIVE, Status.CLOSED}),
        Status.CLOSED: frozenset(),
    }
)
