"""The mail about a published offer reads well in both languages, as text and as HTML."""

import pytest
from sqlmodel import Session, select

from service.core.i18n import speaking
from service.core.settings import Settings
from service.mail.models import Mail
from service.mail.rendering import render
from service.offers.actions import publish_offer
from service.offers.models import OfferStatus
from service.organisations.models import ContactPerson
from tests.world import World


@pytest.mark.parametrize(
    ("language", "subject", "advice"),
    [
        ("nl", "Je aanbod staat in Podium: Meelopen in de bakkerij", "nog geen woorden"),
        ("en", "Your offer is in Podium: Meelopen in de bakkerij", "no words yet"),
    ],
)
def test_it_works(
    session: Session, settings: Settings, world: World, language: str, subject: str, advice: str
) -> None:
    world.bakery_offer.sqlmodel_update({"status": OfferStatus.DRAFT, "published_at": None})
    session.add(world.bakery_offer)
    session.flush()
    publish_offer(session, world.baker, world.bakery_offer.id)
    mail = session.exec(select(Mail).where(Mail.template == "offers/mails/published")).one()
    mail.language = language

    message = render(mail, settings)

    assert message["Subject"] == subject
    address = f"https://podium.example/offers/{world.bakery_offer.id}"
    for kind in ("plain", "html"):
        body = message.get_body((kind,))
        assert body is not None
        assert address in body.get_content()
        assert advice in body.get_content()
        assert "Bakkerij Zonnebloem" in body.get_content()


@pytest.mark.parametrize("chosen", ["nl", "en"])
def test_it_is_in_the_language_of_its_reader(session: Session, world: World, chosen: str) -> None:
    """Whatever language the page was in on which somebody published it."""
    contact = session.exec(
        select(ContactPerson).where(ContactPerson.organisation_id == world.bakery.id)
    ).one()
    world.accounts["els"].language = chosen
    contact.account_id = world.accounts["els"].id
    world.bakery_offer.sqlmodel_update({"status": OfferStatus.DRAFT, "published_at": None})
    session.add_all([contact, world.accounts["els"], world.bakery_offer])
    session.flush()

    with speaking("nl" if chosen == "en" else "en"):
        publish_offer(session, world.baker, world.bakery_offer.id)

    mail = session.exec(select(Mail).where(Mail.template == "offers/mails/published")).one()
    assert mail.language == chosen
