"""Programmes: what a season in a region agrees on."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from service.core.errors import require
from service.core.i18n import _
from service.organisations.models import Organisation
from service.programmes import actions, engine, policy, queries, wording
from service.programmes.lifecycle import LIFECYCLE
from service.programmes.models import Programme, ProgrammeStatus
from service.programmes.schemas import ProgrammeInput, starting_values
from service.reference.catalogue import catalogue
from service.reference.labels import label
from service.web.forms import Form, form_of
from service.web.listing import linked, page_number, sort_links
from service.web.page import Page, PageDep, query_text

router = APIRouter(prefix="/programmes")
ProgrammeForm = Annotated[Form[ProgrammeInput], form_of(ProgrammeInput)]


@router.get("")
def list_programmes(page: PageDep) -> Response:
    status = query_text(page.request, "status")
    sort = query_text(page.request, "sort") or "name"
    found = queries.list_programmes(
        page.session,
        page.actor,
        text=query_text(page.request, "q"),
        status=ProgrammeStatus(status) if status in set(ProgrammeStatus) else None,
        sort=sort,
        number=page_number(page.request),
    )
    return page.render(
        "programmes/list.html",
        block="rows",
        list=linked(page.request, found),
        sorts=sort_links(page.request, tuple(queries.SORTS), sort),
        words=wording,
        may_create=policy.may_create(page.actor),
        filters=Form(ProgrammeInput).fill(page.request.query_params),
    )


@router.get("/new")
def new_programme(page: PageDep, form: ProgrammeForm) -> Response:
    require(policy.may_create(page.actor))
    form.fill(starting_values())
    return _edit(page, form)


@router.post("/new")
def create_programme(page: PageDep, form: ProgrammeForm) -> Response:
    programme = form.submit(partial(actions.create_programme, page.session, page.actor))
    if programme is None:
        return _edit(page, form, status=422)
    page.say(_("The programme is there. Open it when the dates and schools are right."))
    return page.see_other(f"/programmes/{programme.id}")


@router.get("/{programme_id}")
def show_programme(page: PageDep, programme_id: UUID) -> Response:
    programme = queries.get_programme(page.session, page.actor, programme_id)
    may_see = policy.may_see_schools(page.actor, programme)
    return page.render(
        "programmes/detail.html",
        programme=programme,
        words=wording,
        limits=engine.default_limits() | programme.travel_limits,
        schools=queries.schools_of(page.session, programme) if may_see else None,
        may_edit=policy.may_edit(page.actor, programme),
        may_run=programme.id in page.actor.programme_ids,
        steps=[status for status in wording.STEPS if LIFECYCLE.may_go(programme.status, status)],
    )


@router.get("/{programme_id}/edit")
def edit_programme(page: PageDep, form: ProgrammeForm, programme_id: UUID) -> Response:
    programme = queries.get_programme(page.session, page.actor, programme_id)
    require(policy.may_edit(page.actor, programme))
    chosen = [school.id for school in queries.schools_of(page.session, programme)]
    known = programme.model_dump(include=set(ProgrammeInput.model_fields))
    form.fill({**known, **programme.travel_limits, "school_ids": chosen})
    return _edit(page, form, programme)


@router.post("/{programme_id}/edit")
def update_programme(page: PageDep, form: ProgrammeForm, programme_id: UUID) -> Response:
    programme = queries.get_programme(page.session, page.actor, programme_id)
    done = form.submit(partial(actions.update_programme, page.session, page.actor, programme_id))
    if done is None:
        require(policy.may_edit(page.actor, programme))
        return _edit(page, form, programme, status=422)
    return page.say(_("The programme has been changed.")).see_other(f"/programmes/{programme_id}")


@router.post("/{programme_id}/status/{status}")
def move_programme(page: PageDep, programme_id: UUID, status: ProgrammeStatus) -> Response:
    actions.move_programme(page.session, page.actor, programme_id, status)
    return page.say(_("The programme has moved on.")).see_other(f"/programmes/{programme_id}")


def _edit(page: Page, form: Form[Any], programme: Programme | None = None, *, status: int = 200) -> Response:
    require(programme is not None or policy.may_create(page.actor))
    return page.render(
        "programmes/edit.html",
        form=form,
        programme=programme,
        status=status,
        words=wording,
        kinds=[(code, label("kinds", code)) for code in catalogue().kinds],
        schools=[(str(school.id), school.name) for school in _schools_to_choose(page, programme)],
        limits=engine.default_limits(),
    )


def _schools_to_choose(page: Page, programme: Programme | None) -> Sequence[Organisation]:
    """All schools for an administrator; for a coordinator those that take part already."""
    if programme is None or policy.may_add_schools(page.actor):
        return queries.schools_to_choose(page.session)
    return queries.schools_of(page.session, programme)
