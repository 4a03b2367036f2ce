"""What may not change any more while youths have a position: they said yes to these days, there, to this."""

from typing import Any

from service.core.i18n import Message, _
from service.offers import engine
from service.offers.models import Offer

AGREED = ("kind", "starts_on", "ends_on", "weekdays", "starts_at", "ends_at", "hours_per_day")
"""Somebody counts on these; another day for one youth is arranged on the page of his placement."""
ONLY_WIDER = ("tracks", "profiles", "levels", "crebos")
"""Leaving somebody out would leave out who comes."""
OF_THE_LAW = ("hazards", "supervised", "observe_only", "on_school_ground")
STRICTNESS = ("OK", "WARN", "SCHOOL_ACK", "BLOCK")


def broken_by(offer: Offer, columns: dict[str, Any]) -> dict[str, Message]:
    """By field what would break a placement that goes on; empty when nobody is hindered."""
    if not offer.positions_taken:
        return {}
    found = {name: AGREED_ALREADY for name in AGREED if columns[name] != getattr(offer, name)}
    if _is_elsewhere(offer, columns):
        found["location_id"] = AGREED_ALREADY
    found |= {name: NOT_NARROWER for name in ONLY_WIDER if _is_narrower(getattr(offer, name), columns[name])}
    if not set(offer.crebos) <= set(columns["crebos"]):
        # Recognition that is not named counts as none.
        found["crebos"] = NOT_NARROWER
    if not found and _law_is_stricter(offer, columns):
        changed = next(name for name in OF_THE_LAW if columns[name] != getattr(offer, name))
        field = "supervised" if changed == "hazards" else changed
        found[field] = LAW_IS_STRICTER
    return found


def _is_elsewhere(offer: Offer, columns: dict[str, Any]) -> bool:
    """An offer of before locations were chosen has a postcode only."""
    moved = offer.location_id is not None and columns["location_id"] != offer.location_id
    return bool(moved or columns["pc4"] != offer.pc4)


def _is_narrower(before: list[Any], after: list[Any]) -> bool:
    """Nothing chosen: everybody is welcome."""
    return bool(after) and (not before or not set(before) <= set(after))


def _law_is_stricter(offer: Offer, columns: dict[str, Any]) -> bool:
    """At some age, whoever comes: an answer about a danger may not shut out who has a position."""
    if all(columns[name] == getattr(offer, name) for name in OF_THE_LAW):
        return False
    before = engine.check_offer(offer)
    after = engine.check_offer(Offer(**offer.model_dump() | columns))
    return any(
        STRICTNESS.index(new.verdict) > STRICTNESS.index(old.verdict)
        for old, new in zip(before.ages, after.ages, strict=True)
    )


AGREED_ALREADY: Message = _(
    "Youths have a position already and count on this. Make a copy for something new, "
    "or arrange other days with the school on the page of the placement."
)
NOT_NARROWER: Message = _(
    "Youths have a position already. You may welcome more kinds of youths, but leave nobody out."
)
LAW_IS_STRICTER: Message = _(
    "With this answer the law is stricter, and youths have a position already. "
    "Is it true all the same? Then call the school first, or make a copy."
)
