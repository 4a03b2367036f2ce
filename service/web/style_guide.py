"""The page `/stijl`: every building block in all its states, with content as it will be seen."""

import re
from types import MappingProxyType

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from service.core.i18n import _
from service.core.paging import Part
from service.web.assets import STATIC
from service.web.forms import Form
from service.web.page import PageDep, query_text

router = APIRouter()

SECTORS = MappingProxyType(
    {
        "BOUW": _("Building"),
        "TECH": _("Technology"),
        "WATER": _("Water and waste"),
        "MOB": _("Vehicles and transport"),
        "ZORG": _("Care and sport"),
        "ONDERWIJS": _("Education"),
        "HANDEL": _("Shops"),
        "ICT": _("Computers"),
        "CREA": _("Media and design"),
        "HORECA": _("Cooking and baking"),
        "GROEN": _("Animals and green"),
        "ZAKELIJK": _("Office"),
        "VEILIG": _("Safety"),
        "VAK": _("Crafts"),
    }
)
OFFERS = (
    (_("Making a game in a day"), "Studio Pixelpolder", 12, _("Published"), "info"),
    (_("A morning with a nurse"), "Het Lindehof", 4, _("Full"), "neutral"),
    (_("Repairing bicycles"), "De Ketting", 2, _("Waits"), "warning"),
)
WORDS = (_("repairing"), _("cooking"), _("organising"), _("gaming"), _("working precisely"))


class Specimen(BaseModel):
    """The forms of this page are shown and never sent."""


def icons(size: int) -> list[str]:
    """The names of the pictures (48) or the signs (24) in the sprite."""
    sprite = (STATIC / "icons.svg").read_text(encoding="utf-8")
    return re.findall(rf'<symbol id="([\w-]+)" viewBox="0 0 {size} {size}"', sprite)


@router.get("/stijl")
def show_style_guide(page: PageDep) -> Response:
    return page.render(
        "stijl.html",
        form=Form(
            Specimen, {"wishes": ["TECH", "ICT"], "travel": ["bike"], "talents": [f"{WORDS[0]}, {WORDS[1]}"]}
        ),
        bad_form=Form(
            Specimen,
            {"pc4": ["10688"]},
            errors={
                "pc4": _("This postcode does not exist. Fill in four digits, for instance 1068."),
                "answer": _("Choose yes or no."),
            },
        ),
        sectors=[(code, str(label), code) for code, label in SECTORS.items()],
        offers=[
            {"title": str(title), "organisation": host, "places": places, "state": str(state), "tone": tone}
            for title, host, places, state, tone in OFFERS
        ],
        part=Part([], 180, 3, 25),
        pictures=icons(48),
        signs=icons(24),
    )


@router.get("/stijl/suggestions")
def suggest_words(page: PageDep) -> list[dict[str, str]]:
    """What a field with `suggestions_url` asks for: words with their labels."""
    typed = query_text(page.request, "q").lower()
    return [{"value": word.source, "label": str(word)} for word in WORDS if typed in str(word)]
