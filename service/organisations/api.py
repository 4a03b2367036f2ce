"""Organisations as JSON."""

from uuid import UUID

from fastapi import APIRouter

from service.accounts.pages import PlacesDep
from service.core.actor import Actor
from service.core.errors import require
from service.organisations import actions, policy, queries
from service.organisations.models import OrganisationKind, OrganisationStatus
from service.organisations.queries import Details, Filters
from service.organisations.schemas import (
    OrganisationChanges,
    OrganisationInput,
    OrganisationOutput,
    organisation_output,
)
from service.web.listing import FIRST_PAGE, USUAL_SIZE, Listing, PageNumber, PageSize, listing
from service.web.page import ActorDep, SessionDep

router = APIRouter(prefix="/organisations", tags=["organisations"])


@router.get("")
def list_organisations(
    session: SessionDep,
    actor: ActorDep,
    kind: OrganisationKind | None = None,
    status: OrganisationStatus | None = None,
    page: PageNumber = FIRST_PAGE,
    size: PageSize = USUAL_SIZE,
) -> Listing[OrganisationOutput]:
    require(policy.may_list(actor))
    filters = Filters(kind=kind or "", status=status or "")
    return listing(queries.list_organisations(session, actor, filters, page, size), _output)


@router.post("", status_code=201)
def create_organisation(session: SessionDep, actor: ActorDep, new: OrganisationInput) -> OrganisationOutput:
    require(not actor.is_guest)
    made = actions.create_organisation(session, actor, new)
    return _output(queries.details_of(session, made))


@router.get("/{organisation_id}")
def get_organisation(session: SessionDep, actor: ActorDep, organisation_id: UUID) -> OrganisationOutput:
    return _output(queries.get_details(session, _signed_in(actor), organisation_id))


@router.patch("/{organisation_id}")
def change_organisation(
    session: SessionDep,
    actor: ActorDep,
    organisation_id: UUID,
    changes: OrganisationChanges,
    places: PlacesDep,
) -> OrganisationOutput:
    changed = actions.change_organisation(session, _signed_in(actor), organisation_id, changes, places)
    return _output(queries.details_of(session, changed))


@router.post("/{organisation_id}/confirm")
def confirm_organisation(session: SessionDep, actor: ActorDep, organisation_id: UUID) -> OrganisationOutput:
    confirmed = actions.confirm_organisation(session, _signed_in(actor), organisation_id)
    return _output(queries.details_of(session, confirmed))


@router.post("/{organisation_id}/admit")
def admit_organisation(session: SessionDep, actor: ActorDep, organisation_id: UUID) -> OrganisationOutput:
    """Somebody has looked at who registered itself."""
    admitted = actions.admit_organisation(session, _signed_in(actor), organisation_id)
    return _output(queries.details_of(session, admitted))


def _signed_in(actor: Actor) -> Actor:
    require(not actor.is_guest)
    return actor


def _output(details: Details) -> OrganisationOutput:
    return organisation_output(details.organisation, details.people, details.locations)
