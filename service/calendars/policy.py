"""Who sees which list of free days, and who keeps it."""

from service.calendars.schemas import ListInput
from service.core.actor import Actor


def may_see(actor: Actor, wanted: ListInput) -> bool:
    """Dates of a region are public knowledge; those of a school are for its own staff."""
    if wanted.region is not None:
        return actor.is_admin or bool(actor.school_ids) or actor.is_coordinator
    return wanted.school_id in actor.school_ids


def may_change(actor: Actor, wanted: ListInput) -> bool:
    if wanted.region is not None:
        return actor.is_admin
    return wanted.school_id in actor.school_ids
