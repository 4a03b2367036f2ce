"""Offers: looking around, and what becomes of one; making and changing stands in `form_pages.py`."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from service.core import clock
from service.core.actor import Actor
from service.core.i18n import Message, _
from service.offers import actions, engine, policy, publishing, queries, steps, wording
from service.offers.flags import flags_in
from service.offers.models import Offer, OfferStatus
from service.offers.queries import Details, Filters
from service.offers.schemas import OfferForm
from service.reference.catalogue import catalogue
from service.reference.labels import label, youth_label
from service.web.forms import Form
from service.web.listing import linked, page_number, sort_links
from service.web.page import Page, PageDep, query_text

router = APIRouter(prefix="/offers")

PUBLIC_SORTS = ("published", "starts", "title", "organisation")
OWN_SORTS = ("title", "organisation", "starts", "positions", "confirmed", "created")
Act = Callable[[Any, Actor, UUID], Offer]


@router.get("")
def list_offers(page: PageDep) -> Response:
    filters = _filters(page)
    if policy.makes_offers(page.actor):
        return _own_list(page, filters)
    found = queries.list_public_offers(page.session, page.actor, filters, page_number(page.request))
    places = queries.places_of_public_offers(page.session, page.actor)
    return page.render(
        "offers/list.html",
        block="rows",
        list=linked(page.request, found),
        places=[("", _("Everywhere")), *((name, name) for name in places)],
        choices=_choices(page),
        filters=Form(OfferForm).fill(dict(page.request.query_params)),
        words=wording,
    )


@router.get("/{offer_id}")
def show_offer(page: PageDep, offer_id: UUID) -> Response:
    return _show(page, queries.get_details(page.session, page.actor, offer_id))


@router.post("/{offer_id}/publish")
def publish_offer(page: PageDep, offer_id: UUID) -> Response:
    try:
        actions.publish_offer(page.session, page.actor, offer_id)
    except publishing.OfferIsNotReady:
        page.session.rollback()
        return _show(page, queries.get_details(page.session, page.actor, offer_id), status=422)
    return page.say(_("The offer is published.")).see_other(f"/offers/{offer_id}")


@router.post("/{offer_id}/pause")
def pause_offer(page: PageDep, offer_id: UUID) -> Response:
    return _do(page, offer_id, actions.pause_offer, _("The offer is paused. Nobody sees it now."))


@router.post("/{offer_id}/close")
def close_offer(page: PageDep, offer_id: UUID) -> Response:
    return _do(page, offer_id, actions.close_offer, _("The offer is closed."))


@router.post("/{offer_id}/confirm")
def confirm_offer(page: PageDep, offer_id: UUID) -> Response:
    return _do(page, offer_id, actions.confirm_offer, _("Thank you. The offer is confirmed."))


@router.post("/{offer_id}/copy")
def copy_offer(page: PageDep, offer_id: UUID) -> Response:
    copied = actions.copy_offer(page.session, page.actor, offer_id)
    page.say(_("This is a copy. Change what is different and publish it."))
    return page.see_other(f"/offers/{copied.id}/steps/what")


def _do(page: Page, offer_id: UUID, act: Act, said: Message) -> Response:
    act(page.session, page.actor, offer_id)
    return page.say(said).see_other(f"/offers/{offer_id}")


def _filters(page: Page) -> Filters:
    def asked(name: str) -> str:
        return query_text(page.request, name)

    return Filters(
        text=asked("q"),
        sector=asked("sector"),
        kind=asked("kind"),
        place=asked("place"),
        status=asked("status"),
        is_stale=asked("stale") == "yes",
        sort=asked("sort"),
    )


def _own_list(page: Page, filters: Filters) -> Response:
    found = queries.list_own_offers(page.session, page.actor, filters, page_number(page.request))
    return page.render(
        "offers/own.html",
        block="rows",
        list=linked(page.request, found),
        sorts=sort_links(page.request, OWN_SORTS, filters.sort),
        choices=_choices(page),
        filters=Form(OfferForm).fill(dict(page.request.query_params)),
        flags_of=_flags if policy.may_see_flags(page.actor) else None,
        arranges=policy.arranges(page.actor),
        words=wording,
    )


def _show(page: Page, details: Details, *, status: int = 200) -> Response:
    offer = details.offer
    may_change = policy.may_change(page.actor, offer)
    return page.render(
        "offers/detail.html",
        status=status,
        details=details,
        offer=offer,
        check=engine.check_offer(offer),
        lacks=publishing.lacks(offer, clock.today()) if may_change else {},
        was_refused=status == 422,
        is_stale=queries.is_stale(offer),
        is_over=offer.status is OfferStatus.CLOSED,
        may_change=may_change,
        flags=_flags(offer) if policy.may_see_flags(page.actor) else [],
        is_youth=page.actor.is_youth,
        words=wording,
        names=_names(offer, is_youth=page.actor.is_youth),
        step_of=steps.step_of,
    )


def _choices(page: Page) -> dict[str, list[tuple[str, Any]]]:
    show = youth_label if page.actor.is_youth else label
    return {
        "kinds": [("", _("All kinds")), *((code, show("kinds", code)) for code in catalogue().kinds)],
        "sectors": [("", _("All sectors")), *((code, show("sectors", code)) for code in catalogue().sectors)],
    }


def _names(offer: Offer, *, is_youth: bool) -> dict[str, list[str]]:
    show = youth_label if is_youth else label
    return {
        "tags": [show("tags", code) for code in offer.tags],
        "sectors": [show("sectors", code) for code in offer.sectors],
        "ages": [str(wording.AGES[band]) for band in engine.check_offer(offer).allowed_bands],
        "access": [str(wording.ACCESSIBILITY[code]) for code in offer.accessibility],
    }


def _flags(offer: Offer) -> list[Any]:
    return flags_in(offer.title, offer.text, offer.practical)
