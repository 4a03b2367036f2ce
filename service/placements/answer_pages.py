"""Pages behind the links in mails: each shows its question with a button; looking at it changes nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from service.calendars.queries import free_days_of
from service.core.errors import Conflict, NotFound
from service.core.i18n import Message
from service.offers.models import Offer
from service.offers.wording import period
from service.organisations.models import Organisation
from service.organisations.schemas import ContactInput, NothingTyped
from service.placements import answering, calendars, keeping, links, queries
from service.placements.calendar_pages import as_file
from service.placements.lifecycle import FREES_POSITION, SETTLED
from service.placements.models import AnswerCode, Placement, Question, QuestionKind
from service.placements.readers import person_of
from service.placements.schemas import (
    CapInput,
    ColleagueInput,
    DaysInput,
    HostConfirmInput,
    HostDeclineInput,
    YouthDeclineInput,
)
from service.placements.wording import (
    NOTHING_MORE,
    OTHER_DAYS_LOOKED_AT,
    OTHER_DAYS_OVER,
    OUTCOMES,
    WORDS,
    hours,
    why_you,
)
from service.web.forms import Form, form_of
from service.web.page import Page, PageDep

router = APIRouter(prefix="/answer")
HOST, YOUTH = QuestionKind.HOST_ANSWER, QuestionKind.YOUTH_ANSWER
OFFER, CONTACT = QuestionKind.OFFER_HOLDS, QuestionKind.CONTACT_HOLDS
SCHOOL, DAYS = QuestionKind.SCHOOL_PAPERS, QuestionKind.OTHER_DAYS


@dataclass(frozen=True, slots=True)
class Button:
    """One answer to one kind of question: its address, what it does, and what has to be filled in for it."""

    kind: QuestionKind
    path: str
    use_case: Callable[..., Any]
    asks: type[BaseModel] = NothingTyped
    done: str = ""
    """What the page says afterwards, when the question stays open."""
    ends_link: bool = False
    """The question is somebody else's from now on: what it says afterwards stands on a page of its own."""


BUTTONS = (
    Button(HOST, "yes", answering.say_yes_as_host, HostConfirmInput),
    Button(HOST, "other-days", answering.propose_other_days, DaysInput),
    Button(HOST, "no", answering.say_no_as_host, HostDeclineInput),
    Button(HOST, "never", answering.ask_never_again),
    Button(HOST, "later", partial(answering.remind_later, kind=HOST), done="later"),
    Button(HOST, "stop", partial(answering.stop_reminding, kind=HOST), done="stopped"),
    Button(HOST, "cap", answering.set_cap, CapInput, done="cap"),
    Button(HOST, "hand-over", answering.hand_over_as_host, ContactInput),
    Button(YOUTH, "yes", answering.say_yes_as_youth),
    Button(YOUTH, "no", answering.say_no_as_youth, YouthDeclineInput),
    Button(OFFER, "yes", answering.say_offer_holds),
    Button(OFFER, "no", answering.say_offer_is_over),
    Button(OFFER, "later", partial(answering.remind_later, kind=OFFER), done="later"),
    Button(CONTACT, "yes", answering.say_still_contact),
    Button(CONTACT, "hand-over", answering.hand_over_contact, ContactInput),
    Button(SCHOOL, "done", answering.say_papers_done),
    Button(SCHOOL, "later", partial(answering.remind_later, kind=SCHOOL), done="later"),
    Button(SCHOOL, "hand-over", answering.hand_over_papers, ColleagueInput, ends_link=True),
    Button(DAYS, "yes", answering.say_days_are_possible),
    Button(DAYS, "no", answering.say_days_are_not_possible),
    Button(DAYS, "later", partial(answering.remind_later, kind=DAYS), done="later"),
    Button(DAYS, "stop", partial(answering.stop_reminding, kind=DAYS), done="stopped"),
)
FORM_SHOWN: dict[QuestionKind, type[BaseModel]] = {
    HOST: HostDeclineInput,
    YOUTH: YouthDeclineInput,
    OFFER: NothingTyped,
    CONTACT: ContactInput,
    SCHOOL: ColleagueInput,
    DAYS: NothingTyped,
}


def _question_of(kind: QuestionKind) -> Callable[[Page, str], Response]:
    def show_question(page: PageDep, token: str) -> Response:
        return _show(page, kind, token, Form(FORM_SHOWN[kind]))

    return show_question


def _answer_by(button: Button) -> Callable[[Page, str, Form[Any]], Response]:
    def answer(page: PageDep, token: str, form: Annotated[Form[Any], form_of(button.asks)]) -> Response:
        return _press(page, button, token, form)

    return answer


for _kind, _path in links.PATHS.items():
    router.add_api_route(f"/{_path}/{{token}}", _question_of(_kind), methods=["GET"])
for _button in BUTTONS:
    router.add_api_route(
        f"/{links.PATHS[_button.kind]}/{{token}}/{_button.path}", _answer_by(_button), methods=["POST"]
    )


@router.get("/handed-over")
def show_handed_over(page: PageDep) -> Response:
    """Names nobody: whoever had the link has it no more."""
    return page.render("placements/handed_over.html")


@router.get("/host/{token}/calendar.ics")
def download_entry_as_host(page: PageDep, token: str) -> Response:
    return _entry(page, HOST, token)


@router.get("/youth/{token}/calendar.ics")
def download_entry_as_youth(page: PageDep, token: str) -> Response:
    return _entry(page, YOUTH, token)


def _entry(page: Page, kind: QuestionKind, token: str) -> Response:
    """For who has no account: the entry of what this link was about."""
    question = links.find_question(page.session, _secret(page), kind, token)
    is_his = links.is_of_who_answers(page.session, _secret(page), kind, token)
    if question is None or question.placement_id is None or not is_his:
        return page.render("placements/link_gone.html", status=404)
    whose = answering.whose(page.session, question)
    return as_file(calendars.file_of(page.session, whose, question.placement_id))


def _secret(page: Page) -> str:
    return page.settings.secret_key.get_secret_value()


def _press(page: Page, button: Button, token: str, form: Form[Any]) -> Response:
    """What was typed is checked; who comes too late reads on the page what was answered."""

    def act(typed: BaseModel) -> Any:
        fields = () if button.asks is NothingTyped else (typed,)
        return button.use_case(page.session, _secret(page), token, *fields)

    done = button.done
    try:
        if form.submit(act) is None:
            return _show(page, button.kind, token, form, status=422)
    except Conflict:
        page.session.rollback()
        done = ""
    if button.ends_link:
        return page.see_other("/answer/handed-over")
    path = f"/answer/{links.PATHS[button.kind]}/{token}"
    return page.see_other(path + (f"?done={done}" if done else ""))


def _show(page: Page, kind: QuestionKind, token: str, form: Form[Any], *, status: int = 200) -> Response:
    question = links.find_question(page.session, _secret(page), kind, token)
    if question is None:
        return page.render("placements/link_gone.html", status=404)
    if question.answered_at is not None:
        is_his = question.answer is AnswerCode.HANDED_OVER or links.is_of_who_answers(
            page.session, _secret(page), kind, token
        )
        return _answered(page, question) if is_his else page.render("placements/answered_by_others.html")
    context = _FACTS[kind](page, question)
    if kind is HOST and not form.is_bad:
        host = page.session.get_one(Organisation, question.organisation_id)
        form.fill({"monthly_cap": host.monthly_cap})
    return page.render(
        f"placements/answer_{links.PATHS[kind]}.html",
        status=status,
        form=form,
        question=question,
        action=f"/answer/{links.PATHS[kind]}/{token}",
        done=page.request.query_params.get("done", ""),
        **context,
        **WORDS,
    )


def _answered(page: Page, question: Question) -> Response:
    session = page.session
    is_his = question.answer is not AnswerCode.HANDED_OVER
    placement = session.get(Placement, question.placement_id) if question.placement_id and is_his else None
    offer_id = placement.offer_id if placement else question.offer_id
    offer = session.get(Offer, offer_id) if offer_id else None
    is_on = placement is not None and placement.status in SETTLED and question.kind in (HOST, YOUTH)
    is_hosts = is_on and question.kind is HOST and question.answer is AnswerCode.YES
    return page.render(
        "placements/answered.html",
        question=question,
        outcome=_outcome(question, placement),
        about=offer.title if offer else session.get_one(Organisation, question.organisation_id).name,
        placement=placement if is_on else None,
        school=queries.contact_of(session, placement.school_id) if placement and is_on else None,
        path=page.request.url.path,
        agreed=_agreed(page, question) if is_hosts else None,
        **WORDS,
    )


def _agreed(page: Page, question: Question) -> dict[str, Any] | None:
    """What the host said yes to, as long as the host may know who comes."""
    try:
        return _about_placement(page, question)
    except NotFound:
        return None


def _outcome(question: Question, placement: Placement | None) -> Message:
    """Whoever proposed other days reads too that the school has answered, or that nothing came of it."""
    assert question.answer is not None
    if question.answer is AnswerCode.OTHER_DAYS and placement is not None:
        if placement.status in FREES_POSITION:
            return OTHER_DAYS_OVER
        if not placement.waits_for_school:
            return OTHER_DAYS_LOOKED_AT
    return OUTCOMES.get((question.kind, question.answer), NOTHING_MORE)


def _about_placement(page: Page, question: Question) -> dict[str, Any]:
    actor = answering.whose(page.session, question)
    assert question.placement_id is not None
    placement = queries.get_placement(page.session, actor, question.placement_id)
    card = queries.cards_of(page.session, [placement])[0]
    programme = queries.programme_of(page.session, placement)
    return {
        "placement": placement,
        "card": card,
        "location": queries.location_of(page.session, card.offer),
        "programme": programme,
        "hours": hours(placement, card.offer, free_days_of(page.session, placement.school_id)),
        "why": why_you(placement, queries.reasons_of(page.session, placement), programme.name),
        "age_band": queries.age_band(card.youth, placement) if card.youth else "",
    }


def _about_offer(page: Page, question: Question) -> dict[str, Any]:
    offer = page.session.get_one(Offer, question.offer_id)
    organisation = page.session.get_one(Organisation, question.organisation_id)
    return {"offer": offer, "organisation": organisation, "period": period(offer)}


def _about_contact(page: Page, question: Question) -> dict[str, Any]:
    person = person_of(page.session, question)
    organisation = page.session.get_one(Organisation, question.organisation_id)
    return {"person": person, "organisation": organisation}


def _about_school(page: Page, question: Question) -> dict[str, Any]:
    colleagues = queries.colleagues_of(page.session, question)
    return {
        "organisation": page.session.get_one(Organisation, question.organisation_id),
        "number": len(keeping.without_papers(page.session, question.organisation_id)),
        "colleagues": [(str(one.id), one.name) for one in colleagues],
    }


_FACTS: dict[QuestionKind, Callable[[Page, Question], dict[str, Any]]] = {
    HOST: _about_placement,
    YOUTH: _about_placement,
    OFFER: _about_offer,
    CONTACT: _about_contact,
    SCHOOL: _about_school,
    DAYS: _about_placement,
}
