"""Pages behind the links in mails: each shows its question with a button; looking at it changes nothing."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from service.core.errors import Conflict
from service.offers.models import Offer
from service.offers.wording import period
from service.organisations.models import Organisation
from service.organisations.schemas import ContactInput, NothingTyped
from service.placements import answering, keeping, links, queries
from service.placements.models import Question, QuestionKind
from service.placements.readers import person_of
from service.placements.schemas import (
    ColleagueInput,
    DaysInput,
    HostConfirmInput,
    HostDeclineInput,
    YouthDeclineInput,
)
from service.placements.wording import NOTHING_MORE, OUTCOMES, WORDS
from service.programmes.models import Programme
from service.web.forms import Form, form_of
from service.web.page import Page, PageDep

router = APIRouter(prefix="/answer")
YesForm = Annotated[Form[HostConfirmInput], form_of(HostConfirmInput)]
NoForm = Annotated[Form[HostDeclineInput], form_of(HostDeclineInput)]
DaysForm = Annotated[Form[DaysInput], form_of(DaysInput)]
YouthNoForm = Annotated[Form[YouthDeclineInput], form_of(YouthDeclineInput)]
ContactForm = Annotated[Form[ContactInput], form_of(ContactInput)]
ColleagueForm = Annotated[Form[ColleagueInput], form_of(ColleagueInput)]
HOST, YOUTH = QuestionKind.HOST_ANSWER, QuestionKind.YOUTH_ANSWER
OFFER, CONTACT = QuestionKind.OFFER_HOLDS, QuestionKind.CONTACT_HOLDS
SCHOOL = QuestionKind.SCHOOL_PAPERS


@router.get("/host/{token}")
def show_host_question(page: PageDep, token: str) -> Response:
    return _show(page, HOST, token, Form(HostDeclineInput))


@router.post("/host/{token}/yes")
def say_yes_as_host(page: PageDep, token: str, form: YesForm) -> Response:
    return _submit(page, HOST, token, form, answering.say_yes_as_host)


@router.post("/host/{token}/other-days")
def propose_other_days(page: PageDep, token: str, form: DaysForm) -> Response:
    return _submit(page, HOST, token, form, answering.propose_other_days)


@router.post("/host/{token}/no")
def say_no_as_host(page: PageDep, token: str, form: NoForm) -> Response:
    return _submit(page, HOST, token, form, answering.say_no_as_host)


@router.post("/host/{token}/never")
def ask_never_again(page: PageDep, token: str) -> Response:
    return _press(page, HOST, token, answering.ask_never_again)


@router.post("/host/{token}/later")
def remind_host_later(page: PageDep, token: str) -> Response:
    return _press(page, HOST, token, _of(HOST, answering.remind_later), done="later")


@router.post("/host/{token}/stop")
def stop_reminding_host(page: PageDep, token: str) -> Response:
    return _press(page, HOST, token, _of(HOST, answering.stop_reminding), done="stopped")


@router.get("/youth/{token}")
def show_youth_question(page: PageDep, token: str) -> Response:
    return _show(page, YOUTH, token, Form(YouthDeclineInput))


@router.post("/youth/{token}/yes")
def say_yes_as_youth(page: PageDep, token: str) -> Response:
    return _press(page, YOUTH, token, answering.say_yes_as_youth)


@router.post("/youth/{token}/no")
def say_no_as_youth(page: PageDep, token: str, form: YouthNoForm) -> Response:
    return _submit(page, YOUTH, token, form, answering.say_no_as_youth)


@router.get("/offer/{token}")
def show_offer_question(page: PageDep, token: str) -> Response:
    return _show(page, OFFER, token, Form(NothingTyped))


@router.post("/offer/{token}/yes")
def say_offer_holds(page: PageDep, token: str) -> Response:
    return _press(page, OFFER, token, answering.say_offer_holds)


@router.post("/offer/{token}/no")
def say_offer_is_over(page: PageDep, token: str) -> Response:
    return _press(page, OFFER, token, answering.say_offer_is_over)


@router.post("/offer/{token}/later")
def remind_about_offer_later(page: PageDep, token: str) -> Response:
    return _press(page, OFFER, token, _of(OFFER, answering.remind_later), done="later")


@router.get("/contact/{token}")
def show_contact_question(page: PageDep, token: str) -> Response:
    return _show(page, CONTACT, token, Form(ContactInput))


@router.post("/contact/{token}/yes")
def say_still_contact(page: PageDep, token: str) -> Response:
    return _press(page, CONTACT, token, answering.say_still_contact)


@router.post("/contact/{token}/hand-over")
def hand_over_contact(page: PageDep, token: str, form: ContactForm) -> Response:
    return _submit(page, CONTACT, token, form, answering.hand_over_contact)


@router.get("/school/{token}")
def show_school_question(page: PageDep, token: str) -> Response:
    return _show(page, SCHOOL, token, Form(ColleagueInput))


@router.post("/school/{token}/done")
def say_papers_done(page: PageDep, token: str) -> Response:
    return _press(page, SCHOOL, token, answering.say_papers_done)


@router.post("/school/{token}/later")
def remind_school_later(page: PageDep, token: str) -> Response:
    return _press(page, SCHOOL, token, _of(SCHOOL, answering.remind_later), done="later")


@router.post("/school/{token}/hand-over")
def hand_over_papers(page: PageDep, token: str, form: ColleagueForm) -> Response:
    return _submit(page, SCHOOL, token, form, answering.hand_over_papers)


def _secret(page: Page) -> str:
    return page.settings.secret_key.get_secret_value()


def _of(kind: QuestionKind, act: Callable[[Session, str, QuestionKind, str], Any]) -> Any:
    def press(session: Session, secret: str, token: str) -> Any:
        return act(session, secret, kind, token)

    return press


def _press(
    page: Page, kind: QuestionKind, token: str, act: Callable[[Session, str, str], Any], done: str = ""
) -> Response:
    try:
        act(page.session, _secret(page), token)
    except Conflict:
        page.session.rollback()
    return page.see_other(f"/answer/{links.PATHS[kind]}/{token}" + (f"?done={done}" if done else ""))


def _submit(page: Page, kind: QuestionKind, token: str, form: Form[Any], act: Any) -> Response:
    """What was typed is checked; who comes too late reads on the page what was answered."""
    try:
        done = form.submit(partial(act, page.session, _secret(page), token))
    except Conflict:
        page.session.rollback()
        return page.see_other(f"/answer/{links.PATHS[kind]}/{token}")
    if done is None:
        return _show(page, kind, token, form, status=422)
    return page.see_other(f"/answer/{links.PATHS[kind]}/{token}")


def _show(page: Page, kind: QuestionKind, token: str, form: Form[Any], *, status: int = 200) -> Response:
    question = links.find_question(page.session, _secret(page), kind, token)
    if question is None:
        return page.render("placements/link_gone.html", status=404)
    if question.answered_at is not None:
        return _answered(page, question)
    context = _FACTS[kind](page, question)
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
    assert question.answer is not None
    return page.render(
        "placements/answered.html",
        question=question,
        outcome=OUTCOMES.get((question.kind, question.answer), NOTHING_MORE),
        cap_path=f"/organisations/{question.organisation_id}/edit",
    )


def _about_placement(page: Page, question: Question) -> dict[str, Any]:
    actor = answering.whose(page.session, question)
    assert question.placement_id is not None
    placement = queries.get_placement(page.session, actor, question.placement_id)
    card = queries.cards_of(page.session, [placement])[0]
    return {
        "placement": placement,
        "card": card,
        "location": queries.location_of(page.session, card.offer),
        "programme": page.session.get_one(Programme, placement.programme_id),
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
}
