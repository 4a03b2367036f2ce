"""A youth's own profile on a phone: one question per screen, each saved by itself, none required."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter
from starlette.responses import Response

from service.core.i18n import _
from service.reference.catalogue import catalogue
from service.reference.labels import youth_label
from service.web.forms import Form, form_of
from service.web.page import Page, PageDep
from service.youth import profiles, queries, wording
from service.youth.engine import Understood, read_words
from service.youth.models import Youth
from service.youth.schemas import (
    MOST_WISHES,
    DaysInput,
    MeantInput,
    NothingInput,
    PlaceInput,
    TalentsInput,
    TravelInput,
    WishesInput,
    WordsInput,
)

router = APIRouter(prefix="/profile")
WishesForm = Annotated[Form[WishesInput], form_of(WishesInput)]
WordsForm = Annotated[Form[WordsInput], form_of(WordsInput)]
MeantForm = Annotated[Form[MeantInput], form_of(MeantInput)]
TalentsForm = Annotated[Form[TalentsInput], form_of(TalentsInput)]
PlaceForm = Annotated[Form[PlaceInput], form_of(PlaceInput)]
TravelForm = Annotated[Form[TravelInput], form_of(TravelInput)]
DaysForm = Annotated[Form[DaysInput], form_of(DaysInput)]
NothingForm = Annotated[Form[NothingInput], form_of(NothingInput)]


def _step(page: Page, name: str, form: Form[Any], status: int = 200, **context: Any) -> Response:
    return page.render(
        f"youth/step_{name}.html",
        form=form,
        step=wording.STEPS[name],
        last_step=wording.LAST_STEP,
        status=status,
        **context,
    )


@router.get("")
def show_profile(page: PageDep) -> Response:
    youth = queries.get_myself(page.session, page.actor)
    return page.render(
        "youth/profile.html",
        youth=youth,
        answers=_answers(youth),
        may_change=profiles.may_still_change(page.session, youth),
    )


@router.get("/wishes")
def ask_wishes(page: PageDep, form: WishesForm) -> Response:
    form.fill({"wishes": queries.get_myself(page.session, page.actor).wishes})
    return _wishes_step(page, form)


@router.post("/wishes")
def save_wishes(page: PageDep, form: WishesForm) -> Response:
    saved = form.submit(partial(profiles.save_wishes, page.session, page.actor))
    if saved is None:
        return _wishes_step(page, form, 422)
    return page.see_other(wording.STEPS["wishes"].on)


def _wishes_step(page: Page, form: Form[WishesInput], status: int = 200) -> Response:
    tiles = [(code, youth_label("sectors", code), code) for code in catalogue().sectors]
    return _step(page, "wishes", form, status, tiles=tiles, most=MOST_WISHES)


@router.get("/words")
def ask_words(page: PageDep, form: WordsForm) -> Response:
    form.fill({"dream_job": queries.get_myself(page.session, page.actor).dream_job})
    return _step(page, "words", form)


@router.post("/words")
def save_words(page: PageDep, form: WordsForm) -> Response:
    understood = form.submit(partial(profiles.save_words, page.session, page.actor))
    if understood is None:
        return _step(page, "words", form, 422)
    if understood == Understood():
        return page.see_other(_to_order_or_talents(page))
    return page.see_other("/profile/meant")


@router.get("/meant")
def ask_meant(page: PageDep, form: MeantForm) -> Response:
    youth = queries.get_myself(page.session, page.actor)
    understood = read_words(youth.dream_job)
    known = understood.choices & {*youth.wishes, *youth.tags}
    disliked = understood.disliked_choices & set(youth.dislikes)
    form.fill({"tags": [*understood.tags, *known], "dislikes": [*understood.dislikes, *disliked]})
    return _meant_step(page, form)


@router.post("/meant")
def save_meant(page: PageDep, form: MeantForm) -> Response:
    saved = form.submit(partial(profiles.save_meant, page.session, page.actor))
    if saved is None:
        return _meant_step(page, form, 422)
    return page.see_other(_to_order_or_talents(page))


def _meant_step(page: Page, form: Form[MeantInput], status: int = 200) -> Response:
    youth = queries.get_myself(page.session, page.actor)
    understood = read_words(youth.dream_job)
    return _step(page, "meant", form, status, understood=understood, words=youth.dream_job)


def _to_order_or_talents(page: Page) -> str:
    wishes = queries.get_myself(page.session, page.actor).wishes
    return "/profile/order" if len(wishes) > 1 else wording.STEPS["order"].on


@router.get("/order")
def ask_order(page: PageDep, form: NothingForm) -> Response:
    youth = queries.get_myself(page.session, page.actor)
    wishes = [(code, wording.wish_label(code)) for code in youth.wishes]
    return _step(page, "order", form, wishes=wishes, most=MOST_WISHES)


@router.post("/order/{wish}/up")
def raise_wish(page: PageDep, wish: str) -> Response:
    profiles.raise_wish(page.session, page.actor, wish)
    return page.see_other("/profile/order")


@router.post("/order/{wish}/drop")
def drop_wish(page: PageDep, wish: str) -> Response:
    profiles.drop_wish(page.session, page.actor, wish)
    return page.see_other("/profile/order")


@router.get("/talents")
def ask_talents(page: PageDep, form: TalentsForm) -> Response:
    form.fill({"tags": queries.get_myself(page.session, page.actor).tags})
    return _talents_step(page, form)


@router.post("/talents")
def save_talents(page: PageDep, form: TalentsForm) -> Response:
    understood = form.submit(partial(profiles.save_talents, page.session, page.actor))
    if understood is None:
        return _talents_step(page, form, status=422)
    if understood.is_certain:
        return page.see_other(wording.STEPS["talents"].on)
    # What was certain is saved and ticked; the rest is asked on the same screen.
    form.values = {}
    form.fill({"tags": queries.get_myself(page.session, page.actor).tags})
    return _talents_step(page, form, understood)


def _talents_step(
    page: Page, form: Form[TalentsInput], understood: Understood | None = None, status: int = 200
) -> Response:
    first, languages, others = wording.talent_groups()
    own = [tag for tag in form.values_of("tags") if tag not in {*first, *languages, *others}]
    groups = [[(code, youth_label("tags", code)) for code in group] for group in (first, languages, others)]
    extra = [(code, youth_label("tags", code)) for code in own if code in catalogue().tags]
    return _step(
        page,
        "talents",
        form,
        status,
        first=[*extra, *groups[0]],
        languages=groups[1],
        others=groups[2],
        understood=understood,
    )


@router.get("/place")
def ask_place(page: PageDep, form: PlaceForm) -> Response:
    form.fill({"pc4": queries.get_myself(page.session, page.actor).pc4})
    return _step(page, "place", form)


@router.post("/place")
def save_place(page: PageDep, form: PlaceForm) -> Response:
    if form.submit(partial(profiles.save_place, page.session, page.actor)) is None:
        return _step(page, "place", form, 422)
    return page.see_other(wording.STEPS["place"].on)


@router.get("/travel")
def ask_travel(page: PageDep, form: TravelForm) -> Response:
    youth = queries.get_myself(page.session, page.actor)
    form.fill({"modes": youth.modes, "max_minutes": youth.max_minutes})
    return _travel_step(page, form)


@router.post("/travel")
def save_travel(page: PageDep, form: TravelForm) -> Response:
    if form.submit(partial(profiles.save_travel, page.session, page.actor)) is None:
        return _travel_step(page, form, 422)
    return page.see_other(wording.STEPS["travel"].on)


def _travel_step(page: Page, form: Form[TravelInput], status: int = 200) -> Response:
    modes = [(mode, said, wording.MODE_ICONS[mode]) for mode, said in wording.MODES.items()]
    return _step(page, "travel", form, status, modes=modes, minutes=wording.MINUTES)


@router.get("/days")
def ask_days(page: PageDep, form: DaysForm) -> Response:
    form.fill({"weekdays": queries.get_myself(page.session, page.actor).weekdays})
    return _step(page, "days", form, weekdays=wording.WEEKDAYS)


@router.post("/days")
def save_days(page: PageDep, form: DaysForm) -> Response:
    if form.submit(partial(profiles.save_days, page.session, page.actor)) is None:
        return _step(page, "days", form, 422, weekdays=wording.WEEKDAYS)
    return page.see_other(wording.STEPS["days"].on)


@router.get("/check")
def check_profile(page: PageDep, form: NothingForm) -> Response:
    youth = queries.get_myself(page.session, page.actor)
    return _step(page, "check", form, answers=_answers(youth), youth=youth)


@router.post("/check")
def finish_profile(page: PageDep) -> Response:
    profiles.finish_profile(page.session, page.actor)
    return page.say(_("You are ready. Well done.")).see_other("/profile")


def _answers(youth: Youth) -> list[tuple[str, str, str]]:
    """Each question with its answer in words and where to change it."""
    unknown = str(_("I do not know yet."))
    days = [str(wording.WEEKDAYS[day]) for day in youth.weekdays]
    return [
        (str(_("I like")), ", ".join(map(wording.wish_label, youth.wishes)) or unknown, "/profile/wishes"),
        (str(_("Later I want")), youth.dream_job or unknown, "/profile/words"),
        *_dislikes(youth),
        (
            str(_("I am good at")),
            ", ".join(youth_label("tags", tag) for tag in youth.tags) or unknown,
            "/profile/talents",
        ),
        (str(_("I live in postcode")), youth.pc4 or str(_("Not filled in")), "/profile/place"),
        (
            str(_("I travel")),
            wording.travel_in_words(youth) or str(_("Every way is fine")),
            "/profile/travel",
        ),
        (str(_("I can come on")), ", ".join(days) or str(_("All days")), "/profile/days"),
    ]


def _dislikes(youth: Youth) -> list[tuple[str, str, str]]:
    """Only when there are any: nobody is asked what he does not like."""
    words = ", ".join(youth_label("tags", tag) for tag in youth.dislikes)
    return [(str(_("Rather not")), words, "/profile/words")] if words else []
