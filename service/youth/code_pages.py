"""The page where a youth gets in: a class code and a personal code, and nothing else is asked."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.sessions import set_cookie, start_for_youth
from service.core.rate_limit import PER_ADDRESS, WRONG_CODES, RateLimiter
from service.core.tokens import tidy_code
from service.web.forms import Form, form_of
from service.web.page import Page, PageDep
from service.youth import actions
from service.youth.schemas import CodesInput

router = APIRouter()
LONGEST_KEY = 40
CodesForm = Annotated[Form[CodesInput], form_of(CodesInput)]


@router.get("/code")
def ask_codes(page: PageDep, form: CodesForm) -> Response:
    return page.render("youth/code.html", form=form)


@router.post("/code")
def sign_in(page: PageDep, form: CodesForm) -> Response:
    limiter: RateLimiter = page.request.app.state.rate_limiter
    limiter.hit(PER_ADDRESS, "code", _address(page))
    # Cut: what is typed here becomes a key that is kept for a day, and no class has a longer code.
    class_code = tidy_code(form.value("class_code"))[:LONGEST_KEY]
    for limit in WRONG_CODES:
        limiter.refuse_if_spent(limit, "code", class_code)
    secret = page.settings.secret_key.get_secret_value()
    youth = form.submit(partial(actions.check_codes, page.session, secret))
    if youth is None:
        for limit in WRONG_CODES:
            limiter.hit(limit, "code", class_code)
        form.values["personal_code"] = []
        return page.render("youth/code.html", form=form, status=422)
    token = start_for_youth(page.session, youth.id, instead_of=page.actor)
    first = "/" if youth.profile_done_at else "/profile"
    return set_cookie(page.see_other(first), page.settings, token)


def _address(page: Page) -> str:
    return page.request.client.host if page.request.client else "unknown"
