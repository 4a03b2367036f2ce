"""States, days, ways of travelling and steps of a profile in words; for youths in easy words."""

from dataclasses import dataclass

from service.core.i18n import Message, _
from service.reference.catalogue import catalogue
from service.reference.labels import label, youth_label
from service.youth.models import Youth, YouthStatus

STATUS: dict[YouthStatus, Message] = {
    YouthStatus.INVITED: _("Has a code"),
    YouthStatus.ACTIVE: _("Takes part"),
    YouthStatus.LEFT: _("Has left"),
}
WEEKDAYS: dict[int, Message] = {
    1: _("Monday"),
    2: _("Tuesday"),
    3: _("Wednesday"),
    4: _("Thursday"),
    5: _("Friday"),
    6: _("Saturday"),
    7: _("Sunday"),
}
SCHOOL_DAYS = 5
MODES: dict[str, Message] = {"bike": _("By bike"), "ov": _("By bus, tram or train"), "walk": _("On foot")}
MODE_ICONS = {"bike": "bike-large", "ov": "bus-large", "walk": "walk-large"}
MINUTES = (15, 30, 45, 60)

FIELDS: dict[str, Message] = {
    "external_id": _("Number"),
    "first_name": _("First name"),
    "birth_year": _("Birth year"),
    "birth_month": _("Birth month"),
    "class": _("Class"),
    "class_name": _("Class"),
    "status": _("State"),
    "track": _("Track"),
    "crebo": _("Crebo"),
    "year": _("Year of training"),
    "level": _("Level of mbo"),
    "profile": _("Profile"),
    "track_or_crebo": _("Track or crebo"),
    "year_or_level": _("Year or level"),
    "birth_year_month": _("Month of birth"),
    "": _("Whole row"),
}

# Shown first, because many youths can tick one of them; the others are behind a fold.
TALENTS_FIRST = (
    "caring_at_home",
    "babysitting",
    "home_cooking",
    "repairing_things",
    "building_things",
    "good_with_hands",
    "gaming",
    "being_good_with_phone",
    "editing_video",
    "social_media_skill",
    "selling_online",
    "organising",
    "working_together",
    "listening",
    "explaining",
    "being_funny",
    "being_calm",
    "helpful",
    "early_riser",
    "being_precise",
    "working_with_numbers",
    "drawing",
    "playing_instrument",
    "sporty",
)


@dataclass(frozen=True, slots=True)
class Step:
    """One screen of the profile; several screens may share a number."""

    name: str
    number: int
    back: str
    on: str


STEPS = {
    step.name: step
    for step in (
        Step("wishes", 1, "/profile", "/profile/words"),
        Step("words", 2, "/profile/wishes", "/profile/talents"),
        Step("meant", 2, "/profile/words", "/profile/order"),
        Step("order", 2, "/profile/words", "/profile/talents"),
        Step("talents", 3, "/profile/words", "/profile/place"),
        Step("place", 4, "/profile/talents", "/profile/travel"),
        Step("travel", 5, "/profile/place", "/profile/days"),
        Step("days", 6, "/profile/travel", "/profile/check"),
        Step("check", 7, "/profile/days", "/profile"),
    )
}
LAST_STEP = 7


def wish_label(code: str) -> str:
    return youth_label("sectors" if code in catalogue().sectors else "tags", code)


def adult_wish_label(code: str) -> str:
    return label("sectors" if code in catalogue().sectors else "tags", code)


def travel_in_words(youth: Youth) -> str:
    """As «Met de fiets, te voet, hooguit 30 minuten»; empty when nothing was said."""
    said = [str(MODES[mode]) for mode in youth.modes]
    if youth.max_minutes:
        said.append(str(_("at most %(minutes)s minutes", minutes=youth.max_minutes)))
    return ", ".join(said).lower().capitalize()


def next_step(youth: Youth) -> Message:
    """What somebody of the school does now for this youth."""
    if youth.status is YouthStatus.LEFT:
        return _("Nothing: has left")
    if youth.is_done:
        return _("Ask for matches")
    if youth.status is YouthStatus.INVITED:
        return _("Give the card with the codes")
    return _("Ask to finish the profile")


def talent_groups() -> tuple[list[str], list[str], list[str]]:
    """Codes of talents to tick: the first to see, languages, and all others."""
    talents = [tag.code for tag in catalogue().tags.values() if tag.kind == "talent"]
    first = [code for code in TALENTS_FIRST if code in catalogue().tags]
    languages = [code for code in talents if code.startswith("speaking_") or code == "sign_language"]
    others = [code for code in talents if code not in first and code not in languages]
    return first, languages, others
