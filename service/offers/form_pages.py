"""Making and changing an offer: in steps, or all questions on one page, with the law check beside it."""

from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from service.core import clock
from service.core.errors import NotFound, require
from service.core.i18n import Message, _
from service.offers import actions, engine, policy, publishing, queries, steps, wording
from service.offers.models import Offer, OfferStatus
from service.offers.schemas import HAZARD_FIELDS, LONGEST_WORDS, LawForm, OfferForm
from service.offers.steps import STEPS, Step
from service.organisations.models import Organisation
from service.organisations.queries import get_organisation, locations_of, own_organisations
from service.reference.catalogue import catalogue
from service.reference.words import name_of, read_words
from service.web.forms import Form, form_of
from service.web.page import Page, PageDep, query_text

router = APIRouter(prefix="/offers")
EditForm = Annotated[Form[OfferForm], form_of(OfferForm)]
CheckForm = Annotated[Form[LawForm], form_of(LawForm)]

IS_SAVED = _("The draft is saved. Look it over and publish it.")
IS_CHANGED = _("The offer has been changed.")
USUAL_POSITIONS = 1
LAW_NEEDS = ("kind", "starts_on", "weekdays", "starts_at", "ends_at", "hours_per_day")
"""What the law check asks beside the step about safety."""


@router.get("/new")
def new_offer(page: PageDep, form: EditForm) -> Response:
    require(policy.makes_offers(page.actor))
    form.fill({"organisation_id": query_text(page.request, "organisation_id")})
    if query_text(page.request, "whole"):
        return _whole(page, form.fill({"positions": USUAL_POSITIONS}))
    return _step(page, form, steps.FIRST)


@router.post("/new")
def create_offer(page: PageDep, form: EditForm) -> Response:
    require(policy.makes_offers(page.actor))
    _count_words(page, form)
    made = form.submit(lambda new: actions.create_offer(page.session, page.actor, new.input()))
    if made is None:
        is_first_step = set(form.values) <= steps.FIRST.fields
        return _step(page, form, steps.FIRST, status=422) if is_first_step else _whole(page, form, status=422)
    if publishing.lacks(made, clock.today()):
        page.say(_("The draft is saved. You may stop now and go on later."))
        return page.see_other(steps.SECOND.path(made.id))
    page.say(IS_SAVED)
    return page.see_other(f"/offers/{made.id}")


@router.post("/check")
def check_law(page: PageDep, form: CheckForm) -> Response:
    """What the law says of the answers so far, while somebody is still typing."""
    require(policy.makes_offers(page.actor))
    return page.render("offers/law.html", check=_law_of(form), words=wording)


@router.get("/{offer_id}/edit")
def edit_offer(page: PageDep, form: EditForm, offer_id: UUID) -> Response:
    offer = _get_to_change(page, offer_id)
    return _whole(page, form.fill(_known(offer)), offer)


@router.post("/{offer_id}/edit")
def change_offer(page: PageDep, form: EditForm, offer_id: UUID) -> Response:
    offer = _get_to_change(page, offer_id)
    if not _save(page, form, offer):
        return _whole(page, form, offer, status=422)
    return page.say(IS_CHANGED).see_other(f"/offers/{offer_id}")


@router.get("/{offer_id}/steps/{step}")
def ask_step(page: PageDep, form: EditForm, offer_id: UUID, step: str) -> Response:
    asked = _step_named(step)
    offer = _get_to_change(page, offer_id)
    form.fill(_known(offer) | {"positions": offer.positions or USUAL_POSITIONS})
    return _step(page, form, asked, offer)


@router.post("/{offer_id}/steps/{step}")
def save_step(page: PageDep, form: EditForm, offer_id: UUID, step: str) -> Response:
    asked = _step_named(step)
    offer = _get_to_change(page, offer_id)
    # What stands on other pages stays as it is, and is checked along: dates and dangers belong together.
    elsewhere = {name: value for name, value in _known(offer).items() if name not in asked.fields}
    if "words" in elsewhere:
        elsewhere["words"] = ", ".join(offer.tags)
    form.values = Form(OfferForm).fill(elsewhere).values | form.values
    if not _save(page, form, offer):
        form.errors = dict(_beside_or_above(asked, name, said) for name, said in form.errors.items())
        return _step(page, form, asked, offer, status=422)
    following = steps.after(asked)
    if following is not None:
        return page.see_other(following.path(offer_id))
    page.say(IS_SAVED if offer.status is OfferStatus.DRAFT else IS_CHANGED)
    return page.see_other(f"/offers/{offer_id}")


def _beside_or_above(step: Step, field: str, said: Message) -> tuple[str, Message]:
    """An error about a question of another page stands above the form and names the page."""
    if field in step.fields or field not in OfferForm.model_fields:
        return field, said
    part = steps.step_of(field).title
    return "", _("See «%(part)s»: %(said)s", part=part, said=said)


def _step_named(name: str) -> Step:
    if name not in STEPS:
        raise NotFound
    return STEPS[name]


def _get_to_change(page: Page, offer_id: UUID) -> Offer:
    offer = queries.get_offer(page.session, page.actor, offer_id)
    require(policy.may_change(page.actor, offer))
    return offer


def _save(page: Page, form: Form[OfferForm], offer: Offer) -> bool:
    _count_words(page, form)
    change = partial(actions.change_offer, page.session, page.actor, offer.id)
    return form.submit(lambda new: change(new.input())) is not None


def _count_words(page: Page, form: Form[OfferForm]) -> None:
    """Also when the form comes back: who is told that a word is unknown seldom types it again."""
    actions.count_words(page.session, page.actor, _words_of(form))


def _words_of(form: Form[OfferForm]) -> str:
    """What was typed, or nothing when the form refuses it for its length: only what may be kept is read."""
    typed = form.value("words")
    return typed if len(typed) <= LONGEST_WORDS else ""


def _whole(page: Page, form: Form[OfferForm], offer: Offer | None = None, *, status: int = 200) -> Response:
    return _render(page, "offers/edit.html", form, offer, status=status)


def _step(
    page: Page, form: Form[OfferForm], step: Step, offer: Offer | None = None, *, status: int = 200
) -> Response:
    earlier = steps.before(step)
    overview = f"/offers/{offer.id}" if offer else "/offers"
    return _render(
        page,
        "offers/step.html",
        form,
        offer,
        status=status,
        step=step,
        steps=list(STEPS.values()),
        back=earlier.path(offer.id) if offer and earlier else overview,
        law_needs=LAW_NEEDS,
        whole_page=_whole_page(form, offer),
    )


def _whole_page(form: Form[OfferForm], offer: Offer | None) -> str:
    if offer is not None:
        return f"/offers/{offer.id}/edit"
    chosen = form.value("organisation_id")
    return "/offers/new?" + urlencode({"whole": "yes"} | ({"organisation_id": chosen} if chosen else {}))


def _render(
    page: Page, template: str, form: Form[OfferForm], offer: Offer | None, *, status: int, **context: Any
) -> Response:
    organisations = own_organisations(page.session, page.actor)
    organisation = _chosen_organisation(page, form, offer) or (
        organisations[0] if len(organisations) == 1 else None
    )
    return page.render(
        template,
        status=status,
        form=form,
        offer=offer,
        organisation=organisation,
        organisations=organisations,
        locations=locations_of(page.session, organisation.id) if organisation else [],
        known=catalogue(),
        unknown=[word for word in read_words(_words_of(form)) if word.tag is None],
        hazard_fields={code: name for name, code in HAZARD_FIELDS.items()},
        check=_law_of(form),
        words=wording,
        name_of=name_of,
        **context,
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
