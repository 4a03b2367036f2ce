"""What an offer still lacks before others may see it."""

from datetime import date

from service.core.errors import Invalid
from service.core.i18n import Message, _
from service.offers.engine import check_offer
from service.offers.models import Offer
from service.offers.schemas import HAZARD_FIELDS

FIELD_OF_HAZARD = {code: name for name, code in HAZARD_FIELDS.items()}


class OfferIsNotReady(Invalid):
    message = _("This offer cannot be published yet.")
    code = "offer_is_not_ready"


def lacks(offer: Offer, today: date) -> dict[str, Message]:
    """By field of the form what must be mended first; empty when it may be published."""
    found: dict[str, Message] = {}
    if offer.positions < 1:
        found["positions"] = _("Fill in how many positions there are: one or more.")
    if not offer.sectors and not offer.tags:
        found["sectors"] = _("Choose at least one sector.")
    if offer.ends_on is not None and offer.ends_on < today:
        found["ends_on"] = _("This offer is over. Fill in new dates.")
    return found | _lacks_by_law(offer)


def require_ready(offer: Offer, today: date) -> None:
    found = lacks(offer, today)
    if found:
        raise OfferIsNotReady(found)


def _lacks_by_law(offer: Offer) -> dict[str, Message]:
    law = check_offer(offer)
    if law.open_hazards:
        return {
            FIELD_OF_HAZARD[code]: _("Answer this question. Until then nobody under 18 may come.")
            for code in law.open_hazards
        }
    if not law.allowed_bands:
        return {
            "kind": _("By law nobody may come with this kind of offer and these tasks. Change one of them.")
        }
    return {}
