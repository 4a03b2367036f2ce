"""Contact persons are kept as long as their organisation takes part: 24 months without an offer (DOMAIN 3).

Kept are name, e-mail address and phone number, to arrange offers. The organisation and coordinators
read them. An export is the rows as they stand. Erasing takes both people out and ends their way in. The name
of the organisation and its old offers stay: they say nothing about a person. A supervisor's name goes a year
after the offer closed.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, update
from sqlmodel import Session, col, select

from service.accounts.models import Membership, Role
from service.audit.record import record
from service.core.actor import SYSTEM
from service.offers.models import Offer, OfferStatus
from service.organisations.models import ContactPerson, Organisation, OrganisationKind, OrganisationStatus

WITHOUT_OFFER = timedelta(days=730)
AFTER_CLOSING = timedelta(days=365)
AT_A_TIME = 100


def forget_idle_organisations(session: Session, now: datetime) -> int:
    """Stops organisations that have not offered, changed or confirmed anything for so long; how many."""
    since = now - WITHOUT_OFFER
    has_people = select(ContactPerson.organisation_id)
    had_offer = select(Offer.organisation_id).where(
        or_(
            col(Offer.created_at) > since,
            col(Offer.updated_at) > since,
            col(Offer.confirmed_at) > since,
            col(Offer.ends_on) > since.date(),
        )
    )
    idle = session.exec(
        select(Organisation)
        .where(
            Organisation.kind != OrganisationKind.SCHOOL,
            col(Organisation.created_at) < since,
            or_(col(Organisation.confirmed_at).is_(None), col(Organisation.confirmed_at) < since),
            col(Organisation.id).in_(has_people),
            col(Organisation.id).not_in(had_offer),
        )
        .order_by(col(Organisation.created_at))
        .limit(AT_A_TIME)
    ).all()
    for organisation in idle:
        _forget_people(session, organisation)
    return len(idle)


def forget_supervisors(session: Session, now: datetime) -> int:
    """Takes the name of the supervisor out of offers that were closed long ago; how many."""
    done = session.execute(
        update(Offer)
        .where(
            col(Offer.status) == OfferStatus.CLOSED,
            col(Offer.supervisor_name) != "",
            col(Offer.updated_at) < now - AFTER_CLOSING,
        )
        .values(supervisor_name="")
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def _forget_people(session: Session, organisation: Organisation) -> None:
    session.execute(delete(ContactPerson).where(col(ContactPerson.organisation_id) == organisation.id))
    session.execute(
        delete(Membership).where(
            col(Membership.organisation_id) == organisation.id, col(Membership.role) == Role.CONTACT
        )
    )
    organisation.status = OrganisationStatus.CLOSED
    session.add(organisation)
    record(session, SYSTEM, "organisation.forgotten", organisation)
