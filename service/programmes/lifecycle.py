"""The steps of a season: which state may follow which."""

from service.core.lifecycle import Lifecycle
from service.programmes.models import ProgrammeStatus

LIFECYCLE = Lifecycle(
    {
        ProgrammeStatus.DRAFT: frozenset({ProgrammeStatus.OPEN}),
        ProgrammeStatus.OPEN: frozenset({ProgrammeStatus.MATCHING, ProgrammeStatus.CLOSED}),
        ProgrammeStatus.MATCHING: frozenset({ProgrammeStatus.OPEN, ProgrammeStatus.RUNNING}),
        ProgrammeStatus.RUNNING: frozenset({ProgrammeStatus.MATCHING, ProgrammeStatus.CLOSED}),
        ProgrammeStatus.CLOSED: frozenset({ProgrammeStatus.RUNNING}),
    }
)
PUBLIC = (ProgrammeStatus.OPEN, ProgrammeStatus.MATCHING, ProgrammeStatus.RUNNING)
SEED_MAY_CHANGE = (ProgrammeStatus.DRAFT, ProgrammeStatus.OPEN)
