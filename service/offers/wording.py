"""Codes of offers in words: states, ages, what the law says and why."""

from collections.abc import Mapping, Sequence
from typing import Any

from babel.dates import get_day_names

from service.core.i18n import (
    Message,
    _,
    day_in_words,
    gettext,
    language,
    number_in_words,
    time_in_words,
)
from service.offers.engine import AgeCheck, LawCheck
from service.offers.flags import FlagKind
from service.offers.models import Accessibility, Offer, OfferStatus
from service.organisations.models import Location, Organisation
from service.reference.catalogue import catalogue
from service.reference.labels import label

STATUSES: dict[str, Message] = {
    OfferStatus.DRAFT: _("Draft"),
    OfferStatus.PUBLISHED: _("Published"),
    OfferStatus.PAUSED: _("Paused"),
    OfferStatus.FULL: _("Full"),
    OfferStatus.CLOSED: _("Closed"),
}
TONES: dict[str, str] = {
    OfferStatus.DRAFT: "info",
    OfferStatus.PUBLISHED: "success",
    OfferStatus.PAUSED: "warning",
    OfferStatus.FULL: "neutral",
    OfferStatus.CLOSED: "neutral",
}
ACCESSIBILITY: dict[str, Message] = {
    Accessibility.STEP_FREE: _("No steps: fine with a wheelchair"),
    Accessibility.LIFT: _("There is a lift"),
    Accessibility.ACCESSIBLE_TOILET: _("Accessible toilet"),
    Accessibility.QUIET_ROOM: _("A quiet room to rest"),
    Accessibility.OWN_PACE: _("Working at your own pace is fine"),
    Accessibility.ENGLISH_SPOKEN: _("English is spoken too"),
}
FLAGS: dict[str, Message] = {
    FlagKind.GENDER: _("speaks of boys, girls, men or women"),
    FlagKind.AGE: _("asks for an age"),
    FlagKind.ORIGIN: _("speaks of origin, language or religion"),
    FlagKind.APPEARANCE: _("asks for a certain look"),
    FlagKind.HEADSCARF: _("has a rule about headwear"),
}
ICONS: dict[str, str] = {
    "orientation_placement": "kind-look",
    "prevocational_placement": "kind-work",
    "community_placement": "kind-help",
    "work_learn_track": "kind-work",
    "bpv": "kind-work",
    "flash_visit": "kind-flash",
    "company_visit": "kind-visit",
    "hands_on_day": "kind-do",
    "guest_lesson": "kind-lesson",
    "role_model": "kind-person",
    "coach": "kind-coach",
    "peer_lesson": "kind-lesson",
}

# The questions about dangers, in the order in which somebody thinks of them.
HAZARD_GROUPS: tuple[tuple[Message, tuple[str, ...]], ...] = (
    (_("Machines and lifting"), ("Z-1", "Z-2", "Z-3", "Z-4", "Z-11")),
    (_("Substances"), ("Z-5", "Z-6", "Z-7", "Z-9")),
    (_("The place and the hours"), ("Z-8", "Z-13", "Z-14", "Z-16")),
    (_("Money, guests and feelings"), ("Z-10", "Z-12", "Z-15", "Z-17")),
)

AGES: dict[str, Message] = {
    "12": _("12 years"),
    "13": _("13 years"),
    "14-15": _("14 and 15 years"),
    "16-17": _("16 and 17 years"),
    "18+": _("18 years and older"),
}
NOBODY_UNDER: dict[str, Message] = {
    "12": _("Everybody from 12 years may come."),
    "13": _("With these tasks nobody under 13 may come."),
    "14-15": _("With these tasks nobody under 14 may come."),
    "16-17": _("With these tasks nobody under 16 may come."),
    "18+": _("With these tasks nobody under 18 may come."),
}
VERDICTS: dict[str, Message] = {
    "OK": _("Allowed"),
    "WARN": _("Allowed, with care"),
    "SCHOOL_ACK": _("Only if the school agrees"),
    "BLOCK": _("Not allowed"),
}
VERDICT_TONES: dict[str, str] = {
    "OK": "success",
    "WARN": "warning",
    "SCHOOL_ACK": "warning",
    "BLOCK": "error",
}

KIND_SENTENCES: dict[tuple[str, str], Message] = {
    ("K-3", "OK"): _("Light work only."),
    ("K-3", "SCHOOL_ACK"): _("Doing something at a company: at this age only if the school agrees."),
    ("K-4", "BLOCK"): _("A community placement outside school is allowed from the age of 13."),
    ("K-5", "BLOCK"): _("Doing work during an orientation placement is allowed from the age of 14."),
    ("K-6", "SCHOOL_ACK"): _("Looking along for a day: at this age only if the school agrees."),
    ("K-7", "BLOCK"): _("A placement that belongs to the profile is allowed from the age of 14."),
    ("K-8", "BLOCK"): _("A work-learn track is for 14 to 17 years, in year 3 or 4 of vmbo basic."),
    ("K-9", "BLOCK"): _("An mbo placement is allowed from the age of 16; at 15 only if the school agrees."),
    ("K-9", "SCHOOL_ACK"): _("An mbo placement at 15: only if the school agrees."),
    ("K-10", "BLOCK"): _("Working and learning in mbo (BBL) is allowed from the age of 16."),
    ("K-11", "BLOCK"): _("Meeting an adult one on one is allowed from the age of 14."),
    ("K-11", "SCHOOL_ACK"): _("Meeting an adult one on one: under 18 only if the school agrees."),
}
"""What a rule about the kind of offer says; where it is silent it allows."""

CONDITIONS: dict[str, Message] = {
    "light_work": _("Light work only."),
    "licence": _("With the right licence."),
    "constant_guidance": _("With somebody beside them all the time."),
}
NEEDS_SUPERVISION = _("%(hazard)s: only with an expert adult who is there all the time. Fill in who that is.")
HAZARD_SENTENCES: dict[str, Message] = {
    "OK": _("%(hazard)s: allowed."),
    "WARN": _("%(hazard)s: allowed. Explain it well and keep an eye on it."),
    "SCHOOL_ACK": _("%(hazard)s: only if the school agrees."),
    "BLOCK": _("%(hazard)s: not allowed at this age."),
}
LOOKING_ONLY = _("%(hazard)s: they only look, so it is allowed. Keep them at a safe distance.")
ONLY_FOR_PROFILES = _("%(hazard)s: only in the profiles %(profiles)s, and only if the school agrees.")
HOURS_SENTENCES: dict[tuple[str, str], Message] = {
    ("other_day", "BLOCK"): _("A day of %(value)s hours is too long at this age: at most %(limit)s."),
    ("other_day", "WARN"): _("A day of %(value)s hours is long: %(limit)s is better."),
    ("window", "BLOCK"): _("At this age only between %(window_from)s and %(window_to)s."),
    ("window", "WARN"): _("At night only when it cannot be otherwise."),
    ("sunday", "BLOCK"): _("At this age not on a Sunday. Choose another day."),
    ("sunday", "WARN"): _("On a Sunday only if everybody agrees."),
}
"""What a rule on hours says of an offer, by what it measures."""
NOT_THE_SUNDAYS = _("At this age not on a Sunday. The other days are fine.")
CHILDREN_UNDER = 16
SOURCES: dict[str, Message] = {
    "official guidance": _("official guidance of the government"),
    "policy": _("agreement within Podium"),
    "Rijksoverheid": _("central government"),
    "SZW": _("Ministry of Social Affairs and Employment"),
}
COUNT_SIDE_JOBS = _("Does somebody under 16 have a side job? The hours count together.")


def summary(check: LawCheck) -> list[Message]:
    """The outcome in one to three sentences, for above the list of ages."""
    if check.open_hazards:
        return [_questions_open(len(check.open_hazards))]
    allowed = [age.band for age in check.ages if age.is_allowed or age.hours_forbid]
    if not allowed:
        return [_("Nobody may come with this kind of offer and these tasks. Change one of them.")]
    sentences = [NOBODY_UNDER[allowed[0]]]
    if "18+" not in allowed:
        sentences.append(_("From 18 years on this kind of offer is not allowed either."))
    too_long = [AGES[age.band] for age in check.ages if age.hours_forbid]
    if too_long:
        sentences.append(_("The hours do not fit for: %(ages)s.", ages=_Listed(too_long)))
    asks = [AGES[age.band] for age in check.ages if age.verdict == "SCHOOL_ACK"]
    if asks:
        sentences.append(_("The school has to agree first for: %(ages)s.", ages=_Listed(asks)))
    return sentences


def reasons(age: AgeCheck) -> list[tuple[list[Message], str]]:
    """Why, per rule that has something to say at this age: its sentences and its source."""
    return [
        (
            [rule_sentence(one.rule, one.verdict.value, one.facts), *_conditions(one.rule, one.facts)],
            str(SOURCES.get(one.source, one.source)),
        )
        for one in age.findings
    ]


def rule_sentence(rule: str, verdict: str, facts: Mapping[str, Any]) -> Message:
    if rule.startswith("K-"):
        return KIND_SENTENCES[rule, verdict]
    if rule.startswith("H-"):
        return _hours_sentence(verdict, facts)
    hazard = label("hazards", rule)
    if facts.get("looking_only"):
        return Message(LOOKING_ONLY.source, hazard=hazard)
    if facts.get("needs_supervision"):
        return Message(NEEDS_SUPERVISION.source, hazard=hazard)
    if facts.get("unless_profiles"):
        names = ", ".join(label("profiles", profile) for profile in facts["unless_profiles"])
        return Message(ONLY_FOR_PROFILES.source, hazard=hazard, profiles=names)
    return Message(HAZARD_SENTENCES[verdict].source, hazard=hazard)


def _hours_sentence(verdict: str, facts: Mapping[str, Any]) -> Message:
    measure = facts["measure"]
    if (measure, verdict) == ("sunday", "WARN") and facts["age"] < CHILDREN_UNDER:
        return NOT_THE_SUNDAYS
    told = {
        name: number_in_words(facts[name]) if name in ("value", "limit") else facts[name]
        for name in ("value", "limit", "window_from", "window_to")
        if name in facts
    }
    return Message(HOURS_SENTENCES[measure, verdict].source, **told)


def _conditions(rule: str, facts: Mapping[str, Any]) -> list[Message]:
    """A rule about the kind has them in its own sentence."""
    if rule.startswith("K-"):
        return []
    return [CONDITIONS[code] for code in facts.get("conditions", ())]


def question(code: str) -> str:
    return catalogue().hazards[code].question.said_in(language())


def description(kind: str) -> str:
    return catalogue().kinds[kind].description.said_in(language())


def period(offer: Offer) -> str:
    """The days in words, or that they are to be agreed."""
    first, last = offer.starts_on, offer.ends_on
    if first is None and last is None:
        return gettext("Days to be agreed")
    if first is None:
        return str(_("Until %(day)s", day=day_in_words(last)))
    if last is None:
        return str(_("From %(day)s", day=day_in_words(first)))
    if first == last:
        return day_in_words(first)
    return str(_("%(first)s to %(last)s", first=day_in_words(first), last=day_in_words(last)))


def times(offer: Offer) -> list[str]:
    """Weekdays and hours, as far as they are known."""
    found = []
    if offer.weekdays:
        found.append(str(_Listed([weekday(day) for day in sorted(offer.weekdays)])))
    if offer.starts_at and offer.ends_at:
        start, end = time_in_words(offer.starts_at), time_in_words(offer.ends_at)
        found.append(str(_("%(first)s to %(last)s", first=start, last=end)))
    elif offer.starts_at:
        found.append(str(_("From %(day)s", day=time_in_words(offer.starts_at))))
    if offer.hours_per_day:
        found.append(str(_("%(hours)s hours a day", hours=number_in_words(offer.hours_per_day))))
    return found


def weekday(day: int) -> str:
    """As within a sentence: Dutch writes its days small."""
    return str(get_day_names(locale=language())[day - 1])


def weekday_options() -> list[tuple[int, str]]:
    return [(day, weekday(day).capitalize()) for day in range(1, 8)]


def audience(offer: Offer) -> list[str]:
    """Whom it suits; nothing when everybody is welcome."""
    return [
        *(label("tracks", code) for code in offer.tracks),
        *(label("profiles", code) for code in offer.profiles),
        *(label("levels", code) for code in offer.levels),
        *(str(_("Crebo %(code)s", code=code)) for code in offer.crebos),
    ]


def _questions_open(number: int) -> Message:
    if number == 1:
        return _("One question about safety is still open. Until then nobody under 18 may come.")
    return _(
        "%(number)s questions about safety are still open. Until then nobody under 18 may come.",
        number=number,
    )


class _Listed:
    """«a, b and c», put into words only when the sentence is."""

    def __init__(self, words: Sequence[Message | str]) -> None:
        self.words = words

    def __str__(self) -> str:
        *first, last = [str(word) for word in self.words]
        between = gettext("and")
        return f"{', '.join(first)} {between} {last}" if first else last


def options(things: str) -> list[tuple[str, str]]:
    """Codes of reference data with their names, in the order of the files."""
    return [(code, label(things, code)) for code in getattr(catalogue(), things)]


def kind_options() -> list[tuple[str, str, str, str]]:
    return [(code, label("kinds", code), ICONS[code], description(code)) for code in catalogue().kinds]


def sector_options() -> list[tuple[str, str, str]]:
    """The picture of a sector is called as its code."""
    return [(code, label("sectors", code), code) for code in catalogue().sectors]


def id_options(organisations: Sequence[Organisation], chosen: Organisation | None) -> list[tuple[str, str]]:
    """Own organisations, and the one a coordinator came for."""
    every = [*organisations, *([chosen] if chosen and chosen not in organisations else [])]
    return [(str(one.id), one.name) for one in every]


def location_options(locations: Sequence[Location]) -> list[tuple[str, str]]:
    return [
        (str(one.id), ", ".join(part for part in (one.name or one.street, f"{one.pc4} {one.place}") if part))
        for one in locations
    ]
