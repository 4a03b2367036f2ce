"""Slips of paper for youths who have to answer: what it is about, and a picture that leads to yes or no."""

import segno
from fastapi import APIRouter
from markupsafe import Markup
from starlette.responses import Response

from service.calendars.queries import free_days_of_each
from service.core.errors import require
from service.placements import links, policy, queries
from service.placements.wording import WORDS, hours
from service.web.page import Page, PageDep

router = APIRouter()


@router.get("/answer-slips")
def show_slips(page: PageDep) -> Response:
    """Who has a slip answers for this youth, as who has the card with his codes does."""
    require(policy.may_print_slips(page.actor))
    asked = queries.waiting_for_youths(page.session, page.actor)
    cards = queries.cards_of(page.session, queries.get_placements(page.session, asked))
    secret = page.settings.secret_key.get_secret_value()
    free = free_days_of_each(page.session, {card.school.id for card in cards})
    slips = [
        (
            card,
            hours(card.placement, card.offer, free[card.school.id]),
            _picture(page, links.path_of(secret, asked[card.placement.id])),
        )
        for card in cards
    ]
    return page.render("placements/slips.html", slips=slips, **WORDS)


def _picture(page: Page, path: str) -> Markup:
    address = page.settings.base_url.rstrip("/") + path
    drawn = segno.make(address, micro=False, error="l")
    return Markup(drawn.svg_inline(scale=2, border=2, light="#fff"))  # noqa: S704 drawn here
