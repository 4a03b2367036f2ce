"""Offers: looking around, making one with the law check beside it, and what becomes of it."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from service.core import clock
from service.core.actor import Actor
from service.core.errors import require
from service.core.i18n import Message, _
from service.offers import actions, engine, policy, publishing, queries, wording
from service.offers.flags import flags_in
from service.offers.models import Offer, OfferStatus
from service.offers.queries import Details, Filters
from service.offers.schemas import HAZARD_FIELDS, LawForm, OfferForm
from service.organisations.models import Organisation
from service.organisations.queries import get_organisation, locations_of, own_organisations
from service.reference.catalogue import catalogue
from service.reference.labels import label, youth_label
from service.reference.words import name_of, read_words
from service.web.forms import Form, form_of
from service.web.listing import linked, page_number, sort_links
from service.web.page import Page, PageDep, query_text

router = APIRouter(prefix="/offers")
EditForm = Annotated[Form[OfferForm], form_of(OfferForm)]
CheckForm = Annotated[Form[LawForm], form_of(LawForm)]

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


@router.get("/new")
def new_offer(page: PageDep, form: EditForm) -> Response:
    require(policy.makes_offers(page.actor))
    form.fill({"organisation_id": query_text(page.request, "organisation_id"), "positions": 1})
    return _edit(page, form)


@router.post("/new")
def create_offer(page: PageDep, form: EditForm) -> Response:
    require(policy.makes_offers(page.actor))
    made = form.submit(lambda new: actions.create_offer(page.session, page.actor, new.input()))
    if made is None:
        return _edit(page, form, status=422)
    page.say(_("The draft is saved. Look it over and publish it."))
    return page.see_other(f"/offers/{made.id}")


@router.post("/check")
def check_law(page: PageDep, form: CheckForm) -> Response:
    """What the law says of the answers so far, while somebody is still typing."""
    require(policy.makes_offers(page.actor))
    return page.render("offers/law.html", check=_law_of(form), words=wording)


@router.get("/{offer_id}")
def show_offer(page: PageDep, offer_id: UUID) -> Response:
    return _show(page, queries.get_details(page.session, page.actor, offer_id))


@router.get("/{offer_id}/edit")
def edit_offer(page: PageDep, form: EditForm, offer_id: UUID) -> Response:
    offer = queries.get_offer(page.session, page.actor, offer_id)
    require(policy.may_change(page.actor, offer))
    return _edit(page, form.fill(_known(offer)), offer)


@router.post("/{offer_id}/edit")
def change_offer(page: PageDep, form: EditForm, offer_id: UUID) -> Response:
    offer = queries.get_offer(page.session, page.actor, offer_id)
    require(policy.may_change(page.actor, offer))
    changed = form.submit(lambda new: actions.change_offer(page.session, page.actor, offer_id, new.input()))
    if changed is None:
        return _edit(page, form, offer, status=422)
    return page.say(_("The offer has been changed.")).see_other(f"/offers/{offer_id}")


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
    return page.see_other(f"/offers/{copied.id}/edit")


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


def _edit(page: Page, form: Form[Any], offer: Offer | None = None, *, status: int = 200) -> Response:
    organisations = own_organisations(page.session, page.actor)
    organisation = _chosen_organisation(page, form, offer) or (
        organisations[0] if len(organisations) == 1 else None
    )
    return page.render(
        "offers/edit.html",
        status=status,
        form=form,
        offer=offer,
        organisation=organisation,
        organisations=organisations,
        locations=locations_of(page.session, organisation.id) if organisation else [],
        known=catalogue(),
        unknown=[word for word in read_words(form.value("words")) if word.tag is None],
        hazard_fields={code: name for name, code in HAZARD_FIELDS.items()},
        check=_law_of(form),
        words=wording,
        name_of=name_of,
    )


def _chosen_organisation(page: Page, form: Form[Any], offer: Offer | None) -> Organisation | None:
    """Of the offer, or as the address or the form says; nothing for what makes no sense."""
    if offer is not None:
        return page.session.get_one(Organisation, offer.organisation_id)
    try:
        organisation_id = UUID(form.value("organisation_id"))
    except ValueError:
        return None
    organisation = get_organisation(page.session, page.actor, organisation_id)
    require(policy.may_create(page.actor, organisation))
    return organisation


def _law_of(form: Form[Any]) -> engine.LawCheck | None:
    """Nothing as long as no kind is chosen or an answer makes no sense: the form says so itself."""
    answers: Form[LawForm] = Form(LawForm, dict(form.values))
    found: list[engine.LawCheck] = []

    def ask(new: LawForm) -> bool:
        found.append(
            engine.check_law(
                new.kind,
                new.hazards,
                supervised=new.supervised and bool(new.supervisor_name),
                observe_only=new.observe_only,
                on_school_ground=new.on_school_ground and engine.asks_ground(new.kind),
                hours=engine.hours_of(new.starts_at, new.ends_at, new.hours_per_day, new.weekdays),
                on=new.starts_on,
            )
        )
        return True

    return found[0] if answers.submit(ask) else None


def _known(offer: Offer) -> dict[str, Any]:
    """The row as the fields of the page."""
    apart = {"tags", "crebos", "hazards", "starts_at", "ends_at"}
    known = offer.model_dump(include=set(OfferForm.model_fields) - apart)
    return {
        **known,
        "main_sector": offer.sectors[0] if len(offer.sectors) > 1 else None,
        "words": ", ".join(name_of(tag) for tag in offer.tags),
        "crebos": ", ".join(offer.crebos),
        "starts_at": offer.starts_at.strftime("%H:%M") if offer.starts_at else None,
        "ends_at": offer.ends_at.strftime("%H:%M") if offer.ends_at else None,
        **{name: offer.hazards.get(code) for name, code in HAZARD_FIELDS.items()},
    }
