"""Writing: registering an organisation, keeping it up to date, pausing and stopping it."""

from uuid import UUID

from sqlmodel import Session

from service.accounts.actions import NOT_FOR_ONESELF
from service.accounts.models import Role
from service.accounts.places import Places
from service.accounts.queries import is_own_address
from service.audit.record import record
from service.core import clock
from service.core.actor import Actor
from service.core.errors import Invalid, NotFound, require
from service.core.i18n import Message, _
from service.mail import outbox
from service.organisations import mails, policy, queries
from service.organisations.contacts import find_person, language_of, remove_deputy, role_in, set_person
from service.organisations.errors import (
    AlreadyLookedAt,
    LastLocation,
    OrganisationIsClosed,
    OrganisationWaitsForCheck,
)
from service.organisations.lifecycle import LIFECYCLE
from service.organisations.models import Location, Organisation, OrganisationKind, OrganisationStatus
from service.organisations.schemas import (
    MOST_LOCATIONS,
    ContactInput,
    LocationInput,
    OrganisationChanges,
    OrganisationInput,
)
from service.reference.catalogue import catalogue

PEOPLE = frozenset({"contact", "deputy"})


def create_organisation(session: Session, actor: Actor, new: OrganisationInput) -> Organisation:
    """Also for a guest: a company starts by itself, and its contact person gets in by the mailed link."""
    require(policy.may_create(actor, new.kind))
    _check(session, new)
    columns = new.model_dump(exclude={*PEOPLE, "locations"})
    organisation = Organisation(
        **columns,
        status=OrganisationStatus.INVITED,
        waits_for_check=not policy.is_trusted(actor),
        confirmed_at=clock.now(),
    )
    session.add(organisation)
    session.flush()
    for location in new.locations:
        _add_location(session, organisation, location)
    set_person(session, actor, organisation, new.contact, is_deputy=False)
    if new.deputy is not None:
        set_person(session, actor, organisation, new.deputy, is_deputy=True)
    record(session, actor, "organisation.created", organisation, kind=new.kind.value)
    return organisation


def change_organisation(
    session: Session,
    actor: Actor,
    organisation_id: UUID,
    changes: OrganisationChanges,
    places: Places | None = None,
) -> Organisation:
    """`places` knows which roles an actor may give who is not of the organisation; without it none."""
    organisation = _get_to_change(session, actor, organisation_id)
    columns = changes.model_dump(exclude=set(PEOPLE), exclude_unset=True)
    _check_school(organisation.kind, columns.get("holiday_region", organisation.holiday_region))
    fields = sorted(name for name, value in columns.items() if getattr(organisation, name) != value)
    organisation.sqlmodel_update(columns)
    fields += _change_people(session, actor, organisation, changes, places)
    if policy.is_own(actor, organisation):
        organisation.confirmed_at = clock.now()
    session.add(organisation)
    record(session, actor, "organisation.changed", organisation, fields=fields)
    return organisation


def set_monthly_cap(session: Session, actor: Actor, organisation_id: UUID, most: int | None) -> Organisation:
    """How often it wants to be asked, which says nothing of whether the rest still holds."""
    organisation = _get_to_change(session, actor, organisation_id)
    fields = ["monthly_cap"] if organisation.monthly_cap != most else []
    organisation.monthly_cap = most
    session.add(organisation)
    record(session, actor, "organisation.changed", organisation, fields=fields)
    return organisation


def confirm_organisation(session: Session, actor: Actor, organisation_id: UUID) -> Organisation:
    """«Klopt nog»: one click a year keeps the details alive."""
    organisation = _get_to_change(session, actor, organisation_id)
    organisation.confirmed_at = clock.now()
    session.add(organisation)
    for person in queries.get_details(session, actor, organisation_id).people:
        person.confirmed_at = organisation.confirmed_at
        session.add(person)
    record(session, actor, "organisation.confirmed", organisation)
    return organisation


def add_location(session: Session, actor: Actor, organisation_id: UUID, new: LocationInput) -> Location:
    organisation = _get_to_change(session, actor, organisation_id)
    if len(queries.locations_of(session, organisation_id)) >= MOST_LOCATIONS:
        raise Invalid({"": _("This organisation has %(most)s locations already.", most=MOST_LOCATIONS)})
    location = _add_location(session, organisation, new)
    record(session, actor, "organisation.location_added", organisation, location_id=str(location.id))
    return location


def remove_location(session: Session, actor: Actor, organisation_id: UUID, location_id: UUID) -> None:
    """Offers that took place here keep their postcode."""
    organisation = _get_to_change(session, actor, organisation_id)
    locations = queries.locations_of(session, organisation_id)
    location = next((one for one in locations if one.id == location_id), None)
    if location is None:
        raise NotFound
    if len(locations) == 1:
        raise LastLocation
    session.delete(location)
    record(session, actor, "organisation.location_removed", organisation, location_id=str(location_id))


def move_organisation(
    session: Session, actor: Actor, organisation_id: UUID, status: OrganisationStatus
) -> Organisation:
    """Pause, go on or stop; while it is not active its offers are not shown to anybody else."""
    organisation = _get_to_change(session, actor, organisation_id)
    LIFECYCLE.check(organisation.status, status)
    if organisation.waits_for_check and status is OrganisationStatus.ACTIVE:
        raise OrganisationWaitsForCheck
    organisation.status = status
    session.add(organisation)
    record(session, actor, f"organisation.{status.value}", organisation)
    return organisation


def admit_organisation(session: Session, actor: Actor, organisation_id: UUID) -> Organisation:
    """Somebody looked: what registered itself takes part from now on, and its offers are shown."""
    organisation = queries.get_organisation(session, actor, organisation_id)
    require(policy.may_admit(actor))
    session.refresh(organisation, with_for_update=True)
    if not organisation.waits_for_check or organisation.status is OrganisationStatus.CLOSED:
        raise AlreadyLookedAt
    organisation.waits_for_check = False
    if organisation.status is OrganisationStatus.INVITED:
        organisation.status = OrganisationStatus.ACTIVE
    session.add(organisation)
    record(session, actor, "organisation.admitted", organisation)
    contact = find_person(session, organisation, is_deputy=False)
    if contact is not None and contact.email:
        outbox.put(session, mails.organisation_admitted(organisation, contact, language_of(session, contact)))
    return organisation


def activate_organisation(session: Session, actor: Actor, organisation: Organisation) -> None:
    """Whoever was invited has come: by signing in, or by doing something on its behalf."""
    if organisation.status is not OrganisationStatus.INVITED or organisation.waits_for_check:
        return
    organisation.status = OrganisationStatus.ACTIVE
    session.add(organisation)
    record(session, actor, "organisation.active", organisation)


def _get_to_change(session: Session, actor: Actor, organisation_id: UUID) -> Organisation:
    organisation = queries.get_organisation(session, actor, organisation_id)
    require(policy.may_change(actor, organisation))
    if organisation.status is OrganisationStatus.CLOSED:
        raise OrganisationIsClosed
    return organisation


def _add_location(session: Session, organisation: Organisation, new: LocationInput) -> Location:
    place = catalogue().place(new.postcode)
    location = Location(
        organisation_id=organisation.id,
        name=new.name,
        street=new.street,
        pc4=new.postcode,
        place=place.place if place else "",
    )
    session.add(location)
    session.flush()
    return location


def _change_people(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    changes: OrganisationChanges,
    places: Places | None,
) -> list[str]:
    """Which of the two people were named in the changes."""
    named = sorted(PEOPLE & changes.model_fields_set)
    for role in named:
        person: ContactInput | None = getattr(changes, role)
        is_deputy = role == "deputy"
        known = find_person(session, organisation, is_deputy=is_deputy)
        if (known.email if known else None) != (person.email if person else None):
            _check_person(session, actor, organisation, person, places)
        if person is None:
            remove_deputy(session, actor, organisation)
        else:
            set_person(session, actor, organisation, person, is_deputy=is_deputy)
    return named


def _check_person(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    person: ContactInput | None,
    places: Places | None,
) -> None:
    """Whoever gets in sees youths: never by somebody of elsewhere, and nobody by himself."""
    role = role_in(organisation)
    offered = places.offered(session, actor, role=role, place_id=organisation.id, most=1) if places else ()
    if not policy.may_change_people(actor, organisation, may_give_role=bool(offered)):
        raise Invalid({"": PEOPLE_OF[role]})
    is_oneself = person is not None and is_own_address(session, actor, person.email)
    if is_oneself and not policy.is_own(actor, organisation):
        raise Invalid({"": NOT_FOR_ONESELF})


def _check(session: Session, new: OrganisationInput) -> None:
    _check_school(new.kind, new.holiday_region)
    twin = queries.find_twin(session, new.kvk, new.name, [location.postcode for location in new.locations])
    if twin is None:
        return
    field = "kvk" if new.kvk and twin.kvk == new.kvk else "name"
    raise Invalid({field: TWIN})


TWIN: Message = _(
    "This organisation is in Podium already. Sign in with the e-mail address of its contact person,"
    " or ask the coordinator for an invitation."
)


PEOPLE_OF: dict[Role, Message] = {
    Role.SCHOOL_STAFF: _(
        "A school decides itself who its people are. Invite somebody under People, or ask the administrator."
    ),
    Role.CONTACT: _(
        "This organisation works with other programmes. Ask its contact person to change this,"
        " or a coordinator of those."
    ),
}


def _check_school(kind: OrganisationKind, region: object) -> None:
    """A school's region says when its holidays are, and so when not to write."""
    if kind is OrganisationKind.SCHOOL and region is None:
        raise Invalid({"holiday_region": _("Choose the holiday region of the school.")})
