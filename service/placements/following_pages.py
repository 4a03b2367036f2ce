"""Pages of `following.py`: school and coordinator set days, and note papers, beginning and end."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from service.core.actor import Actor
from service.core.errors import require
from service.core.i18n import Message, _
from service.placements import engine, following, policy, queries, wording
from service.placements.models import Placement
from service.placements.schemas import PARTIES, AgreementForm, DaysInput
from service.placements.wording import WORDS
from service.web.forms import Form, form_of
from service.web.page import Page, PageDep

router = APIRouter(prefix="/placements")
PapersForm = Annotated[Form[AgreementForm], form_of(AgreementForm)]
DaysForm = Annotated[Form[DaysInput], form_of(DaysInput)]
Act = Callable[[Session, Actor, UUID], Placement]


@router.get("/{placement_id}/agreement")
def show_agreement(page: PageDep, form: PapersForm, placement_id: UUID) -> Response:
    placement = queries.get_placement(page.session, page.actor, placement_id)
    require(policy.may_follow(page.actor, placement))
    return _agreement(page, form.fill(_known(page, placement)), placement)


@router.post("/{placement_id}/agreement")
def save_agreement(page: PageDep, form: PapersForm, placement_id: UUID) -> Response:
    placement = queries.get_placement(page.session, page.actor, placement_id)
    require(policy.may_follow(page.actor, placement))
    saved = form.submit(
        lambda new: following.save_agreement(page.session, page.actor, placement_id, new.input())
    )
    if saved is None:
        return _agreement(page, form, placement, status=422)
    return page.say(_("Noted. Here is what is still missing.")).see_other(
        f"/placements/{placement_id}#papers"
    )


@router.post("/{placement_id}/agree")
def agree_placement(page: PageDep, placement_id: UUID) -> Response:
    return _do(page, placement_id, following.agree_placement, _("Agreed: all papers are there."))


@router.post("/{placement_id}/start")
def start_placement(page: PageDep, placement_id: UUID) -> Response:
    return _do(page, placement_id, following.start_placement, _("It has begun."))


@router.post("/{placement_id}/complete")
def complete_placement(page: PageDep, placement_id: UUID) -> Response:
    return _do(page, placement_id, following.complete_placement, _("Completed. Well done."))


@router.post("/{placement_id}/end-early")
def end_placement_early(page: PageDep, placement_id: UUID) -> Response:
    return _do(page, placement_id, following.end_placement_early, _("Noted that it stopped earlier."))


@router.post("/{placement_id}/no-show")
def note_no_show(page: PageDep, placement_id: UUID) -> Response:
    return _do(page, placement_id, following.note_no_show, _("Noted that nobody came."))


@router.get("/{placement_id}/days")
def show_days(page: PageDep, form: DaysForm, placement_id: UUID) -> Response:
    placement = queries.get_placement(page.session, page.actor, placement_id)
    require(policy.may_follow(page.actor, placement))
    form.fill({"starts_on": placement.starts_on, "ends_on": placement.ends_on})
    return _days(page, form, placement)


@router.post("/{placement_id}/days")
def change_days(page: PageDep, form: DaysForm, placement_id: UUID) -> Response:
    placement = queries.get_placement(page.session, page.actor, placement_id)
    changed = form.submit(lambda new: following.change_days(page.session, page.actor, placement_id, new))
    if changed is None:
        return _days(page, form, placement, status=422)
    page.say(_("The days are changed. The host gets a new entry for its calendar."))
    return page.see_other(f"/placements/{placement_id}")


@router.post("/{placement_id}/other-days/accept")
def accept_other_days(page: PageDep, placement_id: UUID) -> Response:
    said = _("The days are changed. Now the youth answers again.")
    return _do(page, placement_id, following.accept_other_days, said)


@router.post("/{placement_id}/other-days/refuse")
def refuse_other_days(page: PageDep, placement_id: UUID) -> Response:
    said = _("The host is asked once more, about the days as they were.")
    return _do(page, placement_id, following.refuse_other_days, said)


def _do(page: Page, placement_id: UUID, act: Act, said: Message) -> Response:
    act(page.session, page.actor, placement_id)
    return page.say(said).see_other(f"/placements/{placement_id}")


def _agreement(page: Page, form: Form[Any], placement: Placement, *, status: int = 200) -> Response:
    card = queries.cards_of(page.session, [placement])[0]
    papers = queries.papers(page.session, placement)
    return page.render(
        "placements/agreement.html",
        status=status,
        form=form,
        placement=placement,
        card=card,
        papers=papers,
        asked=engine.asked_of(placement, card.youth, card.offer),
        parties=[(party, wording.PARTIES[party]) for party in PARTIES],
        clauses=wording.CLAUSES,
        **WORDS,
    )


def _known(page: Page, placement: Placement) -> dict[str, Any]:
    known: dict[str, Any] = {
        "school_supervisor": placement.school_supervisor,
        "company_supervisor": placement.company_supervisor,
    }
    agreement = queries.find_agreement(page.session, placement)
    if agreement is None:
        return known
    known |= agreement.model_dump(include=set(AgreementForm.model_fields))
    known |= {f"signed_{party}": day for party, day in agreement.signatures.items()}
    return known | {"without_guardian": following.GUARDIAN_SIGNS in agreement.acknowledged_rules}


def _days(page: Page, form: Form[Any], placement: Placement, *, status: int = 200) -> Response:
    card = queries.cards_of(page.session, [placement])[0]
    return page.render(
        "placements/days.html", status=status, form=form, placement=placement, card=card, **WORDS
    )
