"""Pages for signing in and out, and for choosing a language."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends
from limits import parse
from starlette.requests import Request
from starlette.responses import Response

from service.accounts import actions, magic_link, sessions, signing_in
from service.accounts.magic_link import LinkState
from service.accounts.schemas import LanguageInput, SignInInput
from service.core import clock
from service.core.rate_limit import PER_ADDRESS
from service.core.settings import Settings
from service.core.tokens import new_token
from service.web import language, turns
from service.web.forms import Form, form_of
from service.web.page import Page, PageDep
from service.web.security import local_path

router = APIRouter()
SignInForm = Annotated[Form[SignInInput], form_of(SignInInput)]
LanguageForm = Annotated[Form[LanguageInput], form_of(LanguageInput)]

PER_ASKER = parse(f"{magic_link.MOST_LINKS}/15minutes")
"""For one address of mail from one address of the internet: five askings of a stranger lock nobody out."""
PACE_SECONDS = 0.3
"""More than an answer takes with or without a mail, so that the time tells nothing about an address."""
GONE = 410
ONE_YEAR = timedelta(days=365)


async def keep_pace(request: Request) -> AsyncIterator[None]:
    """Comes first and so goes last: waits after the transaction is over, holding nothing."""
    started = time.monotonic()
    try:
        yield
    finally:
        await turns.give_back(request)
        await asyncio.sleep(max(0.0, PACE_SECONDS - (time.monotonic() - started)))


def limit_address(request: Request) -> None:
    """Generous: a whole school shares one address."""
    address = request.client.host if request.client else ""
    request.app.state.rate_limiter.hit(PER_ADDRESS, "sign-in", address)


def _has_asked_enough(request: Request, email: str) -> bool:
    address = request.client.host if request.client else ""
    return not request.app.state.rate_limiter.take(PER_ASKER, "sign-in-link", email, address)


def browser_cookie_name(settings: Settings) -> str:
    return sessions.cookie_name(settings) + "-browser"


def browser_of(page: Page) -> str | None:
    """The secret of the browser that asked for a link."""
    return page.request.cookies.get(browser_cookie_name(page.settings))


def remember_browser(answer: Response, settings: Settings, browser: str) -> None:
    _set_cookie(answer, settings, browser_cookie_name(settings), browser, magic_link.GOOD_FOR)


def forget_browser(answer: Response, settings: Settings) -> None:
    _set_cookie(answer, settings, browser_cookie_name(settings), "", timedelta(0))


def remember_language(answer: Response, settings: Settings, chosen: str) -> None:
    _set_cookie(answer, settings, language.COOKIE, chosen, ONE_YEAR)


def _set_cookie(answer: Response, settings: Settings, name: str, value: str, kept: timedelta) -> None:
    answer.set_cookie(
        name,
        value,
        max_age=int(kept.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=settings.has_https,
        path="/",
    )


@router.get("/sign-in")
def show_sign_in(page: PageDep, form: SignInForm) -> Response:
    wanted = local_path(page.request.query_params.get("next"))
    if not page.actor.is_guest:
        return page.see_other(wanted)
    return page.render("accounts/sign_in.html", form=form.fill({"next": wanted}))


@router.post("/sign-in", dependencies=[Depends(keep_pace, scope="function"), Depends(limit_address)])
def ask_sign_in_link(page: PageDep, form: SignInForm) -> Response:
    browser = browser_of(page) or new_token()

    def ask(asked: SignInInput) -> bool:
        signing_in.ask_sign_in_link(
            page.session,
            asked.email,
            browser,
            local_path(asked.next),
            has_asked_enough=_has_asked_enough(page.request, asked.email),
        )
        return True

    if form.submit(ask) is None:
        return page.render("accounts/sign_in.html", form=form, status=422)
    answer = page.see_other("/sign-in/sent")
    remember_browser(answer, page.settings, browser)
    return answer


@router.get("/sign-in/sent")
def show_sent(page: PageDep) -> Response:
    return page.render("accounts/sign_in_sent.html")


@router.get("/sign-in/{token}")
def show_confirm(page: PageDep, token: str) -> Response:
    """Only shows a button, since mail scanners open links too; a second click leads on."""
    found = magic_link.find_link(page.session, token)
    state = magic_link.state_of(found[0], browser_of(page), clock.now()) if found else LinkState.UNKNOWN
    if found and state is not LinkState.USABLE and page.actor.account_id == found[1].id:
        return page.see_other(found[0].next_path)
    usable = state is LinkState.USABLE
    return page.render(
        "accounts/sign_in_confirm.html",
        state=state,
        account=found[1] if found and usable else None,
        action=page.path,
        status=200 if usable else GONE,
    )


@router.post("/sign-in/{token}", dependencies=[Depends(limit_address)])
def sign_in(page: PageDep, token: str) -> Response:
    signed_in = signing_in.sign_in(page.session, page.actor, token, browser_of(page))
    if signed_in is None:
        return page.see_other(page.path)
    answer = page.see_other(signed_in.next_path)
    sessions.set_cookie(answer, page.settings, signed_in.cookie)
    forget_browser(answer, page.settings)
    if language.COOKIE not in page.request.cookies:
        remember_language(answer, page.settings, signed_in.language)
    return answer


@router.post("/sign-out")
def sign_out(page: PageDep) -> Response:
    signing_in.sign_out(page.session, page.actor)
    return sessions.clear_cookie(page.see_other("/"), page.settings)


@router.post("/language")
def choose_language(page: PageDep, form: LanguageForm) -> Response:
    chosen = form.submit(lambda new: new)
    if chosen is None:
        return page.see_other("/")
    actions.choose_language(page.session, page.actor, chosen.language)
    answer = page.see_other(chosen.next)
    remember_language(answer, page.settings, chosen.language)
    return answer
