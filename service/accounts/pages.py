"""Pages of one's own account, and of the people whose roles one may give."""

from functools import partial
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from service.accounts import actions, queries, sessions, signing_in, wording
from service.accounts.models import Role
from service.accounts.overviews import Overviews
from service.accounts.places import MOST_OFFERED, Places
from service.accounts.schemas import AccountInput, InvitationInput, TokenInput
from service.core.errors import NotFound
from service.core.i18n import _
from service.mail.models import Stream
from service.web.forms import Form, form_of
from service.web.page import Page, PageDep, query_text

router = APIRouter()
AccountForm = Annotated[Form[AccountInput], form_of(AccountInput)]
TokenForm = Annotated[Form[TokenInput], form_of(TokenInput)]
InvitationForm = Annotated[Form[InvitationInput], form_of(InvitationInput)]


def places_of(request: Request) -> Places:
    """Who knows programmes, organisations and classes; create_app made it known."""
    places: Places = request.app.state.places
    return places


PlacesDep = Annotated[Places, Depends(places_of)]


def _overviews(page: Page) -> Overviews:
    """Who knows them; create_app made it known."""
    overviews: Overviews = page.request.app.state.overviews
    return overviews


def _account_page(
    page: Page,
    *,
    form: Form[AccountInput] | None = None,
    token_form: Form[TokenInput] | None = None,
    new_token: str = "",
    status: int = 200,
) -> Response:
    account = None if page.actor.is_youth else queries.get_own_account(page.session, page.actor)
    return page.render(
        "accounts/account.html",
        account=account,
        sessions=queries.list_sessions(page.session, page.actor),
        tokens=queries.list_tokens(page.session, page.actor) if account else [],
        streams=queries.list_own_streams(page.session, page.actor, _overviews(page)) if account else [],
        has_overviews=page.actor.is_coordinator or page.actor.is_school_staff or page.actor.is_contact,
        words=wording,
        form=form or Form(AccountInput).fill({"name": page.actor.name}),
        token_form=token_form or Form(TokenInput).fill({"days": "90"}),
        new_token=new_token,
        status=status,
    )


@router.get("/account")
def show_account(page: PageDep) -> Response:
    return _account_page(page)


@router.post("/account")
def change_account(page: PageDep, form: AccountForm) -> Response:
    if form.submit(partial(actions.change_account, page.session, page.actor)) is None:
        return _account_page(page, form=form, status=422)
    return page.say(_("Your name has been changed.")).see_other("/account")


@router.post("/account/mail/{stream}/stop")
def stop_stream(page: PageDep, stream: str) -> Response:
    actions.stop_stream(page.session, page.actor, _overviews(page), _stream(stream))
    return page.say(_("That mail has stopped.")).see_other("/account")


@router.post("/account/mail/{stream}/start")
def start_stream(page: PageDep, stream: str) -> Response:
    actions.start_stream(page.session, page.actor, _overviews(page), _stream(stream))
    return page.say(_("That mail comes again.")).see_other("/account")


def _stream(name: str) -> Stream:
    if name not in frozenset(Stream):
        raise NotFound
    return Stream(name)


@router.post("/account/sign-out-everywhere")
def sign_out_everywhere(page: PageDep) -> Response:
    signing_in.sign_out_everywhere(page.session, page.actor)
    return sessions.clear_cookie(page.see_other("/sign-in"), page.settings)


@router.post("/account/sessions/{session_id}/end")
def end_session(page: PageDep, session_id: UUID) -> Response:
    signing_in.end_session(page.session, page.actor, session_id)
    return page.say(_("Signed out there.")).see_other("/account")


@router.post("/account/tokens")
def create_token(page: PageDep, form: TokenForm) -> Response:
    """Shown in the answer itself: a token that is kept for a second page would be kept somewhere."""
    token = form.submit(partial(actions.create_token, page.session, page.actor))
    if token is None:
        return _account_page(page, token_form=form, status=422)
    return _account_page(page, new_token=token)


@router.post("/account/tokens/{token_id}/revoke")
def revoke_token(page: PageDep, token_id: UUID) -> Response:
    actions.revoke_token(page.session, page.actor, token_id)
    return page.say(_("The token no longer works.")).see_other("/account")


@router.get("/people")
def list_people(
    page: PageDep, places: PlacesDep, number: Annotated[int, Query(alias="page", ge=1)] = 1
) -> Response:
    text, role, sort = (query_text(page.request, name) for name in ("text", "role", "sort"))
    people = queries.list_people(
        page.session, page.actor, places, text=text, role=role, sort=sort, number=number
    )
    return page.render(
        "accounts/people.html",
        block="rows",
        people=people,
        role_names=wording.ROLE_NAMES,
        form=Form(InvitationInput).fill({"text": text, "role": role, "sort": sort}),
    )


@router.get("/people/invite")
def show_invite(
    page: PageDep,
    places: PlacesDep,
    role: Annotated[Role | Literal["admin"] | None, Query()] = None,
    place: Annotated[UUID | None, Query()] = None,
) -> Response:
    """First of what, then who; links of other pages bring the first answer along."""
    form = Form(InvitationInput).fill({"role": role, "place": place, "language": page.language})
    if role != "admin" and (role is None or place is None):
        return _places_page(page, places, form)
    return _invite_page(page, places, form)


@router.post("/people/invite")
def invite(page: PageDep, places: PlacesDep, form: InvitationForm) -> Response:
    invited = form.submit(partial(actions.invite, page.session, page.actor, places))
    if invited is None:
        return _invite_page(page, places, form, status=422)
    return page.say(_("Invited. A mail with a sign-in link is on its way.")).see_other("/people")


def _places_page(page: Page, places: Places, form: Form[InvitationInput]) -> Response:
    text = query_text(page.request, "text")
    offered = queries.list_places_to_give(
        page.session, page.actor, places, role=form.value("role"), text=text
    )
    form.fill({"text": text})
    return page.render(
        "accounts/invite_place.html",
        form=form,
        places=offered,
        role_names=wording.ROLE_NAMES,
        most=MOST_OFFERED,
    )


def _invite_page(page: Page, places: Places, form: Form[InvitationInput], *, status: int = 200) -> Response:
    place = queries.get_place_of_form(
        page.session, page.actor, places, form.value("role"), form.value("place")
    )
    role_name = wording.ROLE_NAMES[place.role if place else "admin"]
    return page.render("accounts/invite.html", form=form, place=place, role_name=role_name, status=status)


@router.post("/people/memberships/{membership_id}/end")
def end_membership(page: PageDep, places: PlacesDep, membership_id: UUID) -> Response:
    actions.end_membership(page.session, page.actor, places, membership_id)
    return page.say(_("The role has been taken away.")).see_other("/people")


@router.post("/people/{account_id}/withdraw-admin")
def withdraw_admin(page: PageDep, places: PlacesDep, account_id: UUID) -> Response:
    actions.withdraw_admin(page.session, page.actor, places, account_id)
    return page.say(_("This person is no longer an administrator.")).see_other("/people")


@router.post("/people/{account_id}/close")
def close_account(page: PageDep, places: PlacesDep, account_id: UUID) -> Response:
    actions.close_account(page.session, page.actor, places, account_id)
    return page.say(_("The account is closed and signed out everywhere.")).see_other("/people")


@router.post("/people/{account_id}/open")
def open_account(page: PageDep, places: PlacesDep, account_id: UUID) -> Response:
    actions.open_account(page.session, page.actor, places, account_id)
    return page.say(_("The account is open again.")).see_other("/people")
