"""Placements: list, one, and the answers of who is signed in; what comes after is in `following_pages.py`."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from service.calendars.queries import free_days_of
from service.core import clock
from service.core.errors import Conflict
from service.core.i18n import _
from service.matchmaking.pages import render_suggestion
from service.matchmaking.schemas import RefusalInput
from service.placements import actions, policy, queries, rescue
from service.placements.following import OPEN_FOR_PAPERS
from service.placements.lifecycle import FREES_POSITION, WAITING
from service.placements.models import PlacementStatus
from service.placements.schemas import (
    ApprovalInput,
    DaysInput,
    HostConfirmInput,
    HostDeclineInput,
    ReplacementInput,
    YouthDeclineInput,
)
from service.placements.waiting import Group
from service.placements.wording import (
    GROUPS,
    OTHER_DAYS,
    WORDS,
    hours,
    other_days_state,
    state_for,
    statuses_for,
)
from service.web.forms import Form, form_of
from service.web.listing import chosen, linked, page_number
from service.web.page import Page, PageDep

router = APIRouter()
ApprovalForm = Annotated[Form[ApprovalInput], form_of(ApprovalInput)]
ReplacementForm = Annotated[Form[ReplacementInput], form_of(ReplacementInput)]
YouthDeclineForm = Annotated[Form[YouthDeclineInput], form_of(YouthDeclineInput)]
HostDeclineForm = Annotated[Form[HostDeclineInput], form_of(HostDeclineInput)]
DaysForm = Annotated[Form[DaysInput], form_of(DaysInput)]
HostConfirmForm = Annotated[Form[HostConfirmInput], form_of(HostConfirmInput)]


@router.post("/suggestions/{suggestion_id}/approve")
def approve_suggestion(page: PageDep, suggestion_id: UUID, form: ApprovalForm) -> Response:
    form.session = page.session
    try:
        placement = form.submit(partial(actions.approve_suggestion, page.session, page.actor, suggestion_id))
    except Conflict as error:
        return _too_late(page, suggestion_id, error)
    if placement is None:
        return _not_yet(page, suggestion_id, form)
    return page.say(_("Approved. Here is the next one.")).see_other("/desk")


@router.post("/suggestions/{suggestion_id}/replace")
def replace_suggestion(page: PageDep, suggestion_id: UUID, form: ReplacementForm) -> Response:
    form.session = page.session
    try:
        placement = form.submit(partial(actions.replace_suggestion, page.session, page.actor, suggestion_id))
    except Conflict as error:
        return _too_late(page, suggestion_id, error)
    if placement is None:
        return _not_yet(page, suggestion_id, form)
    return page.say(_("Replaced and approved. Here is the next one.")).see_other("/desk")


def _too_late(page: Page, suggestion_id: UUID, error: Conflict) -> Response:
    """Full, or decided by somebody else: the coordinator stays at the desk and reads why."""
    page.session.rollback()
    return page.say(error.message, "error").see_other(f"/suggestions/{suggestion_id}")


def _not_yet(page: Page, suggestion_id: UUID, form: Form[ApprovalInput] | Form[ReplacementInput]) -> Response:
    """The desk again, with what was typed and what is missing."""
    shown = Form(RefusalInput, values=form.values, errors=form.errors)
    return render_suggestion(page, suggestion_id, shown, status=422)


@router.get("/placements")
def list_placements(page: PageDep) -> Response:
    policy.require_any_role(page.actor)
    waits_for_school = page.request.query_params.get("status") == OTHER_DAYS
    status = None if waits_for_school else chosen(page.request, "status", PlacementStatus)
    group = chosen(page.request, "status", Group)
    sort = page.request.query_params.get("sort", "starts")
    number = page_number(page.request)
    found = linked(
        page.request,
        queries.list_placements(
            page.session,
            page.actor,
            status=status,
            waits_for_school=waits_for_school or (False if status is PlacementStatus.ACCEPTED else None),
            group=group,
            order="new" if sort == "new" else "starts",
            number=number,
        ),
    )
    return page.render(
        "placements/list.html",
        placements=found,
        cards=queries.cards_of(page.session, found.rows),
        chosen=OTHER_DAYS if waits_for_school else status or group,
        groups=GROUPS,
        state=partial(state_for, page.actor),
        other_days_state=other_days_state(page.actor),
        sort=sort,
        statuses=statuses_for(page.actor),
        caps=queries.caps_of(page.session, page.actor),
        **WORDS,
    )


def _render_placement(
    page: Page,
    placement_id: UUID,
    form: Form[YouthDeclineInput] | Form[HostDeclineInput] | Form[HostConfirmInput] | Form[DaysInput],
    status: int = 200,
) -> Response:
    placement = queries.get_placement(page.session, page.actor, placement_id)
    card = queries.cards_of(page.session, [placement])[0]
    waits = placement.status in WAITING
    follows = policy.may_follow(page.actor, placement) and placement.status in OPEN_FOR_PAPERS
    papers = queries.papers(page.session, placement) if follows else []
    return page.render(
        "placements/show.html",
        status=status,
        card=card,
        placement=placement,
        state=state_for(page.actor, placement),
        location=queries.location_of(page.session, card.offer),
        hours=hours(placement, card.offer, free_days_of(page.session, placement.school_id)),
        contact=queries.contact_of(page.session, card.organisation.id),
        may_answer_as_youth=placement.status is PlacementStatus.OFFERED
        and policy.may_answer_as_youth(page.actor, placement),
        may_answer_as_host=placement.status is PlacementStatus.ACCEPTED
        and policy.may_answer_as_host(page.actor, placement),
        may_withdraw=(waits or placement.status in (PlacementStatus.CONFIRMED, PlacementStatus.AGREED))
        and policy.may_withdraw(page.actor, placement),
        may_follow=policy.may_follow(page.actor, placement),
        papers=papers,
        next_proposals=rescue.next_proposals(page.session, placement)
        if placement.status in FREES_POSITION and policy.may_rescue(page.actor)
        else [],
        habit_in_words=rescue.habit_in_words,
        papers_stop=any(paper.stops for paper in papers) or (card.youth and not placement.starts_on),
        is_first_day=placement.starts_on is not None and placement.starts_on <= clock.today(),
        form=form,
        statuses=statuses_for(page.actor),
        age_band=queries.age_band(card.youth, placement) if card.youth else "",
        **WORDS,
    )


@router.get("/placements/{placement_id}")
def show_placement(page: PageDep, placement_id: UUID) -> Response:
    return _render_placement(page, placement_id, Form(YouthDeclineInput))


@router.post("/placements/{placement_id}/accept")
def accept_placement(page: PageDep, placement_id: UUID) -> Response:
    actions.accept_placement(page.session, page.actor, placement_id)
    return page.say(_("Good. Now the host answers.")).see_other(f"/placements/{placement_id}")


@router.post("/placements/{placement_id}/decline")
def decline_placement(page: PageDep, placement_id: UUID, form: YouthDeclineForm) -> Response:
    form.session = page.session
    placement = form.submit(partial(actions.decline_placement, page.session, page.actor, placement_id))
    if placement is None:
        return _render_placement(page, placement_id, form, status=422)
    return page.say(_("That is all right. Your school looks for something else with you.")).see_other(
        f"/placements/{placement_id}"
    )


@router.post("/placements/{placement_id}/confirm")
def confirm_placement(page: PageDep, placement_id: UUID, form: HostConfirmForm) -> Response:
    form.session = page.session
    placement = form.submit(partial(actions.confirm_placement, page.session, page.actor, placement_id))
    if placement is None:
        return _render_placement(page, placement_id, form, status=422)
    return page.say(_("Thank you. The school and the youth can see it now.")).see_other(
        f"/placements/{placement_id}"
    )


@router.post("/placements/{placement_id}/refuse")
def refuse_placement(page: PageDep, placement_id: UUID, form: HostDeclineForm) -> Response:
    form.session = page.session
    placement = form.submit(partial(actions.refuse_placement, page.session, page.actor, placement_id))
    if placement is None:
        return _render_placement(page, placement_id, form, status=422)
    return page.say(_("Thank you for your answer. The school looks for another place.")).see_other(
        "/placements"
    )


@router.post("/placements/{placement_id}/other-days")
def propose_other_days(page: PageDep, placement_id: UUID, form: DaysForm) -> Response:
    placement = form.submit(partial(actions.propose_other_days, page.session, page.actor, placement_id))
    if placement is None:
        return _render_placement(page, placement_id, form, status=422)
    return page.say(_("Thank you. The school looks whether these days are possible.")).see_other(
        f"/placements/{placement_id}"
    )


@router.post("/placements/{placement_id}/withdraw")
def withdraw_placement(page: PageDep, placement_id: UUID) -> Response:
    actions.withdraw_placement(page.session, page.actor, placement_id)
    return page.say(_("Withdrawn. The position is free again.")).see_other(f"/placements/{placement_id}")
