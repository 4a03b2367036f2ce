"""The lists of free days: a school keeps its own, an administrator those of the regions."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from service.calendars import actions, policy, queries, wording
from service.calendars.actions import Taking
from service.calendars.reading import LARGEST_BYTES, read_free_days, written
from service.calendars.schemas import ImportInput, ListInput, PeriodInput
from service.core.errors import Invalid, NotFound, require
from service.core.i18n import _
from service.organisations.models import HolidayRegion
from service.web.forms import Form, form_of
from service.web.page import Page, PageDep, query_text

router = APIRouter(prefix="/free-days")
PASTED = "free-days.csv"
ImportForm = Annotated[Form[ImportInput], form_of(ImportInput)]
PeriodForm = Annotated[Form[PeriodInput], form_of(PeriodInput)]


@router.get("")
def show_free_days(page: PageDep, form: PeriodForm) -> Response:
    return _show(page, form, _asked(page))


@router.post("/import")
def import_free_days(page: PageDep, form: ImportForm) -> Response:
    """Says what was taken over and what not; asks first when something would go."""

    def take_over(typed: ImportInput) -> tuple[ListInput, Taking]:
        actions.require_may_change(page.session, page.actor, typed)
        page.let_go()
        found = read_free_days(*_file(form, typed))
        return typed, actions.import_free_days(page.session, page.actor, typed, found, agreed=typed.agreed)

    done = form.submit(take_over)
    if done is None:
        return _show(page, form, _meant(form), status=422)
    wanted, taking = done
    if taking.goes and not taking.is_done:
        return page.render(
            "calendars/replace.html",
            wanted=wanted,
            taking=taking,
            rows=written(taking.found.periods),
            back=_address(wanted),
        )
    if taking.is_done:
        return _show(page, form.fill({"rows": ""}), wanted, taking=taking)
    return _show(page, form, wanted, taking=taking, status=422)


@router.post("/periods")
def add_period(page: PageDep, form: PeriodForm) -> Response:
    row = form.submit(partial(actions.add_period, page.session, page.actor))
    if row is None:
        return _show(page, form, _meant(form), status=422)
    page.say(_("The free day is in the list."))
    return page.see_other(_address(queries.list_of(row)))


@router.post("/periods/{period_id}/remove")
def remove_period(page: PageDep, period_id: UUID) -> Response:
    wanted = actions.remove_period(page.session, page.actor, period_id)
    page.say(_("The free day is no longer in the list."))
    return page.see_other(_address(wanted))


def _file(form: Form[ImportInput], typed: ImportInput) -> tuple[str, bytes]:
    upload = form.files.get("file")
    if upload is not None and upload.filename:
        return upload.filename, upload.file.read(LARGEST_BYTES + 1)
    if not typed.rows:
        raise Invalid({"file": _("Choose a file, or paste the list below.")})
    return PASTED, typed.rows.encode()


def _asked(page: Page) -> ListInput:
    """What the address names, else the first list of one's own."""
    school, region = query_text(page.request, "school"), query_text(page.request, "region")
    if region in set(HolidayRegion):
        return ListInput(region=HolidayRegion(region))
    if school:
        return _of_school(school)
    lists = queries.own_lists(page.session, page.actor)
    require(bool(lists))
    return lists[0][0]


def _meant(form: Form[Any]) -> ListInput:
    """Of which list a form with a mistake is."""
    region = form.value("region")
    return (
        ListInput(region=HolidayRegion(region))
        if region in set(HolidayRegion)
        else _of_school(form.value("school_id"))
    )


def _of_school(text: str) -> ListInput:
    try:
        return ListInput(school_id=UUID(text))
    except ValueError as error:
        raise NotFound from error


def _address(wanted: ListInput) -> str:
    return f"/free-days?region={wanted.region}" if wanted.region else f"/free-days?school={wanted.school_id}"


def _show(
    page: Page, form: Form[Any], wanted: ListInput, *, taking: Taking | None = None, status: int = 200
) -> Response:
    lines = queries.list_lines(page.session, page.actor, wanted)
    lists = queries.own_lists(page.session, page.actor)
    return page.render(
        "calendars/show.html",
        status=status,
        form=form,
        wanted=wanted,
        lines=lines,
        found=taking.found if taking else None,
        may_change=policy.may_change(page.actor, wanted),
        tabs=[
            (_address(one), name or wording.REGIONS[one.region], _address(one) == _address(wanted))
            for one, name in lists
        ],
        words=wording,
    )
