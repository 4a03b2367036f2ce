"""Pages on which a school asks, and sees what became of it."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from service.core.errors import require
from service.core.i18n import _
from service.core.paging import LARGEST_PAGE
from service.reference.labels import label
from service.school_requests import actions, policy, queries, wording
from service.school_requests.models import SchoolRequestStatus
from service.school_requests.schemas import SchoolRequestInput
from service.web.forms import Form, form_of
from service.web.listing import chosen, linked, page_number, sort_links
from service.web.page import Page, PageDep, query_text
from service.youth.models import SchoolClass
from service.youth.queries import get_class, list_classes, members_of, programme_of

router = APIRouter(prefix="/school-requests")
SchoolRequestForm = Annotated[Form[SchoolRequestInput], form_of(SchoolRequestInput)]


@router.get("")
def list_school_requests(page: PageDep) -> Response:
    policy.signed_in(page.actor)
    status = chosen(page.request, "status", SchoolRequestStatus)
    sort = query_text(page.request, "sort") or "-asked"
    found = queries.list_school_requests(
        page.session, page.actor, status=status, sort=sort, number=page_number(page.request)
    )
    return page.render(
        "school_requests/list.html",
        block="rows",
        list=linked(page.request, found),
        lines=queries.lines_of(page.session, found.rows),
        sorts=sort_links(page.request, tuple(queries.SORTS), sort),
        filters=Form(SchoolRequestInput).fill(page.request.query_params),
        may_ask=page.actor.is_school_staff,
        words=wording,
    )


@router.get("/new")
def new_school_request(page: PageDep) -> Response:
    """First the class, then the rest: the address names the class, so that its youths can be shown."""
    require(page.actor.is_school_staff)
    form = Form(SchoolRequestInput).fill(page.request.query_params)
    return _edit(page, form)


@router.post("/new")
def create_school_request(page: PageDep, form: SchoolRequestForm) -> Response:
    require(page.actor.is_school_staff)
    request = form.submit(partial(actions.create_school_request, page.session, page.actor))
    if request is None:
        return _edit(page, form, status=422)
    return page.say(_("Your request is in. The coordinator sees it too.")).see_other(
        f"/school-requests/{request.id}"
    )


@router.get("/{request_id}")
def show_school_request(page: PageDep, request_id: UUID) -> Response:
    policy.signed_in(page.actor)
    request = queries.get_school_request(page.session, page.actor, request_id)
    return page.render(
        "school_requests/detail.html",
        line=queries.lines_of(page.session, [request])[0],
        named=queries.named_youths(page.session, request),
        may_close=policy.may_close(page.actor, request) and request.status is not SchoolRequestStatus.CLOSED,
        may_run=policy.may_start(page.actor, request) and request.status is SchoolRequestStatus.OPEN,
        words=wording,
    )


@router.post("/{request_id}/close")
def close_school_request(page: PageDep, request_id: UUID) -> Response:
    actions.close_school_request(page.session, page.actor, request_id)
    return page.say(_("The request is closed.")).see_other(f"/school-requests/{request_id}")


def _edit(page: Page, form: Form[SchoolRequestInput], *, status: int = 200) -> Response:
    school_class = _chosen_class(page, form)
    programme = programme_of(page.session, school_class) if school_class else None
    found = list_classes(page.session, page.actor, size=LARGEST_PAGE).rows
    classes = [line.school_class for line in found if policy.may_ask_for(page.actor, line.school_class)]
    return page.render(
        "school_requests/edit.html",
        status=status,
        form=form,
        school_class=school_class,
        programme=programme,
        youths=[(str(row.id), row.first_name) for row in members_of(page.session, school_class.id)]
        if school_class
        else [],
        classes=[(str(row.id), f"{row.name} ({row.school_year})") for row in classes],
        kinds=[(code, label("kinds", code)) for code in (programme.kinds if programme else [])],
    )


def _chosen_class(page: Page, form: Form[SchoolRequestInput]) -> SchoolClass | None:
    """The class of the address or of the form, when it is one to ask for."""
    try:
        class_id = UUID(form.value("class_id"))
    except ValueError:
        return None
    found = get_class(page.session, page.actor, class_id)
    return found if policy.may_ask_for(page.actor, found) else None
