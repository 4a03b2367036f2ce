"""Calendars: a file of one placement, and a secret address that a calendar program follows."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from service.core.errors import NotFound
from service.core.i18n import _
from service.placements import calendars
from service.web.page import Page, PageDep

router = APIRouter()
CALENDAR = "text/calendar; charset=utf-8"


@router.get("/placements/{placement_id}/calendar.ics")
def download_entry(page: PageDep, placement_id: UUID) -> Response:
    return as_file(calendars.file_of(page.session, page.actor, placement_id))


@router.get("/calendar")
def show_feed(page: PageDep) -> Response:
    return _render(page)


@router.post("/calendar")
def make_feed(page: PageDep) -> Response:
    """Shown once and never again: only its hash is kept."""
    return _render(page, calendars.make_feed(page.session, page.actor))


@router.post("/calendar/revoke")
def revoke_feed(page: PageDep) -> Response:
    calendars.revoke_feed(page.session, page.actor)
    return page.say(_("The address does not work any more.")).see_other("/calendar")


@router.get("/calendar/{token}.ics")
def read_feed(page: PageDep, token: str) -> Response:
    """Asked by a program and not by a person: nothing to sign in to."""
    try:
        content = calendars.read_feed(page.session, token)
    except NotFound:
        return Response(status_code=404)
    return Response(content, media_type=CALENDAR)


def as_file(content: bytes) -> Response:
    headers = {"content-disposition": 'attachment; filename="podium.ics"'}
    return Response(content, media_type=CALENDAR, headers=headers)


def _render(page: Page, token: str = "") -> Response:
    has_feed = calendars.find_feed(page.session, page.actor) is not None
    address = f"{page.settings.base_url.rstrip('/')}/calendar/{token}.ics" if token else ""
    return page.render("placements/calendar.html", has_feed=has_feed, address=address)
