"""Organisations: registering, the list, and one with its people and places."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from limits import parse
from starlette.responses import Response

from service.accounts.pages import PlacesDep
from service.core.errors import require
from service.core.i18n import Message, _
from service.organisations import actions, policy, queries, wording
from service.organisations.models import OrganisationKind, OrganisationStatus
from service.organisations.queries import Details, Filters
from service.organisations.schemas import ChangeForm, LocationForm, OrganisationForm
from service.web.forms import Form, form_of
from service.web.listing import linked, page_number, sort_links
from service.web.page import Page, PageDep, query_text

router = APIRouter(prefix="/organisations")
NewForm = Annotated[Form[OrganisationForm], form_of(OrganisationForm)]
EditForm = Annotated[Form[ChangeForm], form_of(ChangeForm)]
PlaceForm = Annotated[Form[LocationForm], form_of(LocationForm)]

REGISTRATIONS = parse("30/15minutes")
SORTS = ("name", "confirmed", "created")
STEPS: dict[OrganisationStatus, Message] = {
    OrganisationStatus.PAUSED: _("The organisation takes a break. Its offers are not shown."),
    OrganisationStatus.ACTIVE: _("The organisation takes part again."),
    OrganisationStatus.CLOSED: _("The organisation has stopped."),
}


@router.get("")
def list_organisations(page: PageDep) -> Response:
    require(policy.may_list(page.actor))
    filters = Filters(
        kind=query_text(page.request, "kind"),
        text=query_text(page.request, "q"),
        status=query_text(page.request, "status"),
        is_stale=query_text(page.request, "stale") == "yes",
        waits=query_text(page.request, "waits") == "yes",
        sort=query_text(page.request, "sort") or "name",
    )
    found = queries.list_organisations(page.session, page.actor, filters, page_number(page.request))
    return page.render(
        "organisations/list.html",
        block="rows",
        list=linked(page.request, found),
        sorts=sort_links(page.request, SORTS, filters.sort),
        filters=Form(OrganisationForm).fill(dict(page.request.query_params)),
        may_create=bool(policy.kinds_to_create(page.actor)),
        may_admit=policy.may_admit(page.actor),
        words=wording,
    )


@router.get("/new")
def new_organisation(page: PageDep, form: NewForm) -> Response:
    return _new(page, form)


@router.post("/new")
def create_organisation(page: PageDep, form: NewForm) -> Response:
    if not policy.is_trusted(page.actor):
        address = page.request.client.host if page.request.client else ""
        page.request.app.state.rate_limiter.hit(REGISTRATIONS, "register", address)
    made = form.submit(lambda new: actions.create_organisation(page.session, page.actor, new.input()))
    if made is None:
        return _new(page, form, status=422)
    if page.actor.is_guest:
        return page.see_other("/organisations/registered")
    page.say(_("The organisation is there. Its contact person gets a mail with a link to sign in."))
    return page.see_other(f"/organisations/{made.id}" if policy.may_change(page.actor, made) else "/")


@router.get("/registered")
def registered(page: PageDep) -> Response:
    """After a guest: what happens now. It says nothing about who or what was registered."""
    return page.render("organisations/registered.html")


@router.get("/{organisation_id}")
def show_organisation(page: PageDep, form: PlaceForm, organisation_id: UUID) -> Response:
    return _show(page, form, organisation_id)


@router.get("/{organisation_id}/edit")
def edit_organisation(page: PageDep, form: EditForm, organisation_id: UUID) -> Response:
    details = queries.get_details(page.session, page.actor, organisation_id)
    require(policy.may_change(page.actor, details.organisation))
    return _edit(page, form.fill(_known(details)), details)


@router.post("/{organisation_id}/edit")
def change_organisation(page: PageDep, form: EditForm, places: PlacesDep, organisation_id: UUID) -> Response:
    details = queries.get_details(page.session, page.actor, organisation_id)
    changed = form.submit(
        lambda new: actions.change_organisation(
            page.session, page.actor, organisation_id, new.changes(), places
        )
    )
    if changed is None:
        return _edit(page, form, details, status=422)
    return page.say(_("The details have been changed.")).see_other(f"/organisations/{organisation_id}")


@router.post("/{organisation_id}/confirm")
def confirm_organisation(page: PageDep, organisation_id: UUID) -> Response:
    actions.confirm_organisation(page.session, page.actor, organisation_id)
    return page.say(_("Thank you. The details are confirmed.")).see_other(f"/organisations/{organisation_id}")


@router.post("/{organisation_id}/admit")
def admit_organisation(page: PageDep, organisation_id: UUID) -> Response:
    actions.admit_organisation(page.session, page.actor, organisation_id)
    page.say(_("The organisation takes part now. Its contact person gets a mail."))
    return page.see_other(f"/organisations/{organisation_id}")


@router.post("/{organisation_id}/pause")
def pause_organisation(page: PageDep, organisation_id: UUID) -> Response:
    return _move(page, organisation_id, OrganisationStatus.PAUSED)


@router.post("/{organisation_id}/resume")
def resume_organisation(page: PageDep, organisation_id: UUID) -> Response:
    return _move(page, organisation_id, OrganisationStatus.ACTIVE)


@router.post("/{organisation_id}/close")
def close_organisation(page: PageDep, organisation_id: UUID) -> Response:
    return _move(page, organisation_id, OrganisationStatus.CLOSED)


@router.post("/{organisation_id}/locations")
def add_location(page: PageDep, form: PlaceForm, organisation_id: UUID) -> Response:
    added = form.submit(
        lambda new: actions.add_location(page.session, page.actor, organisation_id, new.input())
    )
    if added is None:
        return _show(page, form, organisation_id, status=422)
    return page.say(_("The location has been added.")).see_other(f"/organisations/{organisation_id}")


@router.post("/{organisation_id}/locations/{location_id}/remove")
def remove_location(page: PageDep, organisation_id: UUID, location_id: UUID) -> Response:
    actions.remove_location(page.session, page.actor, organisation_id, location_id)
    return page.say(_("The location has been removed.")).see_other(f"/organisations/{organisation_id}")


def _move(page: Page, organisation_id: UUID, status: OrganisationStatus) -> Response:
    actions.move_organisation(page.session, page.actor, organisation_id, status)
    return page.say(STEPS[status]).see_other(f"/organisations/{organisation_id}")


def _new(page: Page, form: Form[Any], *, status: int = 200) -> Response:
    kinds = policy.kinds_to_create(page.actor)
    require(bool(kinds))
    if not form.values:
        form.fill({"kind": OrganisationKind.COMPANY})
    back = "/organisations" if policy.may_list(page.actor) else "/"
    return page.render(
        "organisations/new.html", status=status, form=form, kinds=kinds, words=wording, back=back
    )


def _show(page: Page, form: Form[Any], organisation_id: UUID, *, status: int = 200) -> Response:
    details = queries.get_details(page.session, page.actor, organisation_id)
    return page.render(
        "organisations/detail.html",
        status=status,
        form=form,
        details=details,
        organisation=details.organisation,
        may_change=policy.may_change(page.actor, details.organisation)
        and details.organisation.status is not OrganisationStatus.CLOSED,
        may_admit=policy.may_admit(page.actor),
        words=wording,
    )


def _edit(page: Page, form: Form[Any], details: Details, *, status: int = 200) -> Response:
    return page.render(
        "organisations/edit.html",
        status=status,
        form=form,
        details=details,
        organisation=details.organisation,
        words=wording,
    )


def _known(details: Details) -> dict[str, Any]:
    """The row as the fields of the page."""
    known = details.organisation.model_dump(include=set(ChangeForm.model_fields))
    for name, person in (("contact", details.contact), ("deputy", details.deputy)):
        if person is not None:
            known |= {f"{name}_{field}": getattr(person, field) for field in ("name", "email", "phone")}
    return known
