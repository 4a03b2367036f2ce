"""The first page of each role, and the public pages that explain Podium."""

from functools import partial

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from service.core.errors import require
from service.core.i18n import DEFAULT_LANGUAGE
from service.home import queries
from service.matchmaking.help_wording import change_sentence
from service.matchmaking.queries import help_for_youths
from service.placements.queries import cards_of
from service.placements.wording import TONES, state_for
from service.reference.catalogue import catalogue
from service.web.listing import linked, page_number
from service.web.page import PageDep, SettingsDep

router = APIRouter()


@router.get("/")
def show_home(page: PageDep) -> Response:
    if page.actor.is_guest:
        return page.render("home/welcome.html", numbers=queries.public_numbers(page.session))
    if page.actor.is_youth:
        placements = queries.own_placements(page.session, page.actor)
        return page.render(
            "home/youth.html",
            youth=queries.own_profile(page.session, page.actor),
            cards=cards_of(page.session, placements),
            state=partial(state_for, page.actor),
            tones=TONES,
        )
    return page.render(
        "home/staff.html",
        tasks=queries.tasks_of(page.session, page.actor),
        interest=queries.interest_in(page.session, page.actor) if page.actor.is_contact else [],
    )


@router.get("/youths-with-nothing")
def list_youths_with_nothing(page: PageDep) -> Response:
    """Nobody stays between two stools: the names behind the number on the first page."""
    require(page.actor.is_coordinator or page.actor.is_school_staff)
    found = queries.list_youths_with_nothing(page.session, page.actor, page_number(page.request))
    return page.render(
        "home/youths_with_nothing.html",
        list=linked(page.request, found),
        schools=queries.school_names(page.session, found.rows),
        helped=help_for_youths(page.session, [youth.id for youth, _class in found.rows]),
        change_sentence=change_sentence,
    )


@router.get("/about")
def show_about(page: PageDep) -> Response:
    return page.render("home/about.html", sources=catalogue().sources)


@router.get("/uitleg")
def show_explanation(page: PageDep) -> Response:
    return page.render("home/explanation.html")


@router.get("/privacy")
def show_privacy(page: PageDep) -> Response:
    return page.render("home/privacy.html")


@router.get("/accessibility")
def show_accessibility(page: PageDep) -> Response:
    return page.render("home/accessibility.html")


@router.get("/toegankelijkheid")
def redirect_to_accessibility() -> Response:
    return RedirectResponse("/accessibility", status_code=301)


@router.get("/.well-known/security.txt")
def show_security_contact(settings: SettingsDep) -> Response:
    return PlainTextResponse(
        f"Contact: mailto:{settings.operator_email}\nPreferred-Languages: {DEFAULT_LANGUAGE}, en\n"
        "Expires: 2027-12-31T23:00:00Z\n"
    )


@router.get("/robots.txt")
def show_robots() -> Response:
    return PlainTextResponse("User-agent: *\nDisallow: /\n")
