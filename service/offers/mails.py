"""Mails about offers."""

from service.mail.models import Mail, Stream
from service.mail.outbox import letter
from service.offers.models import Offer
from service.organisations.models import ContactPerson, Organisation


def offer_published(offer: Offer, organisation: Organisation, contact: ContactPerson, language: str) -> Mail:
    return letter(
        "offers/mails/published",
        to=contact.email,
        key=f"offer-published:{offer.id}",
        stream=Stream.NOTICE,
        language=language,
        context={
            "name": contact.name,
            "title": offer.title,
            "organisation": organisation.name,
            "positions": offer.positions,
            "path": f"/offers/{offer.id}",
            "has_tags": bool(offer.tags),
        },
    )
