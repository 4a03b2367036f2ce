"""An invited organisation becomes active when one of its people has signed in."""

from datetime import timedelta

from sqlmodel import col, select

from service.accounts.models import Membership, SignInSession
from service.core.actor import SYSTEM
from service.core.jobs import Begin, Job
from service.organisations.actions import activate_organisation
from service.organisations.models import Organisation, OrganisationStatus


def activate_who_came(begin: Begin) -> bool:
    """Accounts lie below and cannot call up: they leave a session row, and this step finds it."""
    invited_who_came = (
        select(Organisation.id)
        .join(Membership, col(Membership.organisation_id) == col(Organisation.id))
        .join(SignInSession, col(SignInSession.account_id) == col(Membership.account_id))
        .where(
            Organisation.status == OrganisationStatus.INVITED,
            col(Organisation.waits_for_check).is_(False),
        )
        .order_by(col(Organisation.created_at))
        .limit(1)
    )
    with begin(read_only=True) as session:
        found = session.exec(invited_who_came).first()
    if found is None:
        return False
    with begin() as session:
        organisation = session.exec(
            select(Organisation).where(Organisation.id == found).with_for_update()
        ).one()
        activate_organisation(session, SYSTEM, organisation)
    return True


JOBS = (Job("activate_organisations", timedelta(minutes=1), activate_who_came),)
