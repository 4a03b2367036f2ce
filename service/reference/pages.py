"""The words of the vocabulary, for completion while somebody types, and the words that nobody knows yet."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.responses import Response

from service.core.i18n import _
from service.core.sheets import CSV_TYPE, write_csv
from service.core.text import Line
from service.reference import actions, policy, queries
from service.reference.labels import label
from service.reference.models import UnknownWord
from service.reference.schemas import MeaningInput
from service.reference.words import complete_word, name_of
from service.web.forms import Form, form_of
from service.web.listing import linked, page_number
from service.web.page import Page, PageDep

router = APIRouter()
MeaningForm = Annotated[Form[MeaningInput], form_of(MeaningInput)]


class Word(BaseModel):
    value: str
    label: str


@router.get("/words")
def complete(
    q: Annotated[Line, Query(max_length=100)] = "",
    kind: Annotated[list[str] | None, Query(max_length=10)] = None,
) -> list[Word]:
    """Public: what an occupation or talent is called is no secret."""
    return [Word(value=code, label=name) for code, name in complete_word(q, kind or ())]


@router.get("/unknown-words")
def list_unknown_words(page: PageDep) -> Response:
    found = queries.list_unknown_words(page.session, page.actor, page_number(page.request))
    return page.render(
        "reference/unknown_words.html",
        block="rows",
        list=linked(page.request, found),
        shown_from=policy.SHOWN_FROM,
    )


@router.get("/unknown-words/list.csv")
def download_unknown_words(page: PageDep) -> Response:
    """With the codes of `tags.csv`, so that a word is pasted into the right row."""
    words = queries.all_unknown_words(page.session, page.actor)
    rows = [
        (
            row.word,
            row.language,
            row.days,
            row.first_on.isoformat(),
            row.last_on.isoformat(),
            row.meant or "",
            label("tags", row.meant),
        )
        for row in words
    ]
    columns = ("word", "language", "days", "first_on", "last_on", "code", "label")
    headers = {"content-disposition": 'attachment; filename="podium-unknown-words.csv"'}
    return Response(write_csv(columns, rows), media_type=CSV_TYPE, headers=headers)


@router.get("/unknown-words/{word_id}")
def show_unknown_word(page: PageDep, form: MeaningForm, word_id: UUID) -> Response:
    row = queries.get_unknown_word(page.session, page.actor, word_id)
    form.fill({"words": name_of(row.meant) if row.meant else ""})
    return _show(page, form, row)


@router.post("/unknown-words/{word_id}")
def say_meaning(page: PageDep, form: MeaningForm, word_id: UUID) -> Response:
    row = queries.get_unknown_word(page.session, page.actor, word_id)
    if form.submit(lambda new: actions.say_meaning(page.session, page.actor, word_id, new)) is None:
        return _show(page, form, row, 422)
    return page.say(_("Kept.")).see_other("/unknown-words")


@router.post("/unknown-words/{word_id}/drop")
def drop_unknown_word(page: PageDep, word_id: UUID) -> Response:
    actions.drop_unknown_word(page.session, page.actor, word_id)
    return page.say(_("The word is gone.")).see_other("/unknown-words")


def _show(page: Page, form: Form[MeaningInput], row: UnknownWord, status: int = 200) -> Response:
    return page.render("reference/unknown_word.html", form=form, word=row, status=status)
