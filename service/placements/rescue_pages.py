"""The page that says whom to phone, and where one writes down what was said."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from service.core.i18n import _
from service.placements import rescue, undelivered, wording
from service.placements.schemas import NoteInput
from service.web.forms import Form, form_of
from service.web.listing import linked, page_number
from service.web.page import Page, PageDep

router = APIRouter(prefix="/rescue")
NoteForm = Annotated[Form[NoteInput], form_of(NoteInput)]


@router.get("")
def list_calls(page: PageDep) -> Response:
    return _list(page, Form(NoteInput))


@router.post("/{organisation_id}/notes")
def note_call(page: PageDep, organisation_id: UUID, form: NoteForm) -> Response:
    noted = form.submit(partial(rescue.note_call, page.session, page.actor, organisation_id))
    if noted is None:
        return _list(page, form, organisation_id, status=422)
    return page.say(_("Noted.")).see_other("/rescue")


@router.post("/{organisation_id}/ask-again")
def ask_again(page: PageDep, organisation_id: UUID) -> Response:
    undelivered.ask_again(page.session, page.actor, organisation_id)
    return page.say(_("The question goes out again, with a new link.")).see_other("/rescue")


def _list(page: Page, form: Form[Any], of: UUID | None = None, *, status: int = 200) -> Response:
    calls = rescue.list_calls(page.session, page.actor, page_number(page.request))
    return page.render(
        "placements/rescue.html",
        block="rows",
        status=status,
        list=linked(page.request, calls),
        form=form,
        empty_form=Form(NoteInput),
        form_of=of,
        notes=wording.NOTES,
        habit_in_words=rescue.habit_in_words,
        why_undelivered=wording.why_undelivered,
        note_options=[(code.value, text) for code, text in wording.NOTES.items()],
    )
