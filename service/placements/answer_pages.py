"""Pages behind the links in mails: each shows its question with a button; looking at it changes nothing."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from service.core.errors import Conflict
from service.placements import answering, links, queries
from service.placements.models import Question, QuestionKind
from service.placements.schemas import DaysInput, HostConfirmInput, HostDeclineInput, YouthDeclineInput
from service.placements.wording import OUTCOMES, WORDS
from service.programmes.models import Programme
from service.web.forms import Form, form_of
from service.web.page import Page, PageDep

router = APIRouter(prefix="/answer")
YesForm = Annotated[Form[HostConfirmInput], form_of(HostConfirmInput)]
NoForm = Annotated[Form[HostDeclineInput], form_of(HostDeclineInput)]
DaysForm = Annotated[Form[DaysInput], form_of(DaysInput)]
YouthNoForm = Annotated[Form[YouthDeclineInput], form_of(YouthDeclineInput)]
HOST, YOUTH = QuestionKind.HOST_ANSWER, QuestionKind.YOUTH_ANSWER


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
    context = _about_placement(page, question)
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
        outcome=OUTCOMES[question.kind, question.answer],
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
