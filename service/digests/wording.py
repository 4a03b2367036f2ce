"""Codes and counts to sentences, in the language of whoever reads them now."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from babel import Locale
from babel.dates import format_date, get_day_names

from service.core.i18n import Message, _, day_in_words, language, ngettext, number_in_words
from service.digests.models import Audience, DigestStatus, Rhythm, SkipReason
from service.matchmaking.wording import rule_sentence
from service.reference.labels import label

LENGTH_OF_A_MONTH, LENGTH_OF_A_DAY = len("2027-01"), len("2027-01-12")

HEADINGS: dict[str, Message] = {
    "proposals": _("Proposals"),
    "requests": _("Requests of schools"),
    "decisions": _("New since last time"),
    "answers": _("Waits for an answer"),
    "late": _("Waits for longer than a week"),
    "to_answer": _("Waits for you"),
    "nothing_yet": _("Nothing yet"),
    "gaps": _("We still look for"),
    "bottlenecks": _("What stands in the way"),
    "profiles": _("Answers to come"),
    "starting_soon": _("Starts soon"),
    "new_offers": _("New nearby"),
    "milestone": _("Something to celebrate"),
    "coming": _("Who comes when"),
    "thanks": _("Thank you"),
}
LINKS: dict[str, Message] = {
    "proposals": _("To the proposals"),
    "requests": _("To the requests"),
    "decisions": _("To the placements"),
    "answers": _("To the placements"),
    "late": _("To the placements"),
    "to_answer": _("Answer now"),
    "nothing_yet": _("See who they are"),
    "gaps": _("See who they are"),
    "bottlenecks": _("See what the run found"),
    "profiles": _("See who has not answered"),
    "starting_soon": _("To the placements"),
    "new_offers": _("To the offers"),
    "milestone": _("To the class"),
    "coming": _("See who comes"),
    "thanks": _("To the placements"),
}
STATUS: dict[DigestStatus, Message] = {
    DigestStatus.DUE: _("On its way"),
    DigestStatus.BUILT: _("On its way"),
    DigestStatus.SENT: _("Sent"),
    DigestStatus.SKIPPED: _("Not sent"),
}
TONE: dict[DigestStatus, str] = {
    DigestStatus.DUE: "info",
    DigestStatus.BUILT: "info",
    DigestStatus.SENT: "success",
    DigestStatus.SKIPPED: "neutral",
}
AUDIENCE: dict[Audience, Message] = {
    Audience.SCHOOL: _("School"),
    Audience.CLASS: _("Class"),
    Audience.PROGRAMME: _("Programme"),
    Audience.HOST: _("Organisation"),
}
RHYTHM: dict[Rhythm, Message] = {
    Rhythm.DAILY: _("Every working day"),
    Rhythm.WEEKLY: _("Every week"),
    Rhythm.FORTNIGHTLY: _("Every two weeks"),
    Rhythm.MONTHLY: _("Every month, in the first week"),
}
BECAUSE = {
    Audience.SCHOOL: _("You get this mail because you work at %(place)s.").source,
    Audience.CLASS: _("You get this mail because you are mentor of %(place)s.").source,
    Audience.PROGRAMME: _("You get this mail because you coordinate %(place)s.").source,
    Audience.HOST: _("You get this mail because you are contact person of %(place)s.").source,
}
SKIPPED: dict[SkipReason, Message] = {
    SkipReason.NOTHING_TO_TELL: _("There was nothing to tell."),
    SkipReason.HOLIDAY: _("It was a free day."),
}


def because(audience: Audience, place: str) -> str:
    return str(Message(BECAUSE[audience], place=place))


def sentences(section: Mapping[str, Any]) -> list[str]:
    """One short sentence per count, in the order in which the section counted."""
    return [_sentence(section["code"], name, count) for name, count in section["counts"].items()]


def missed_in_words(number: int) -> str:
    """What came in the first one after a holiday; empty when none was missed."""
    if not number:
        return ""
    sentence = ngettext(
        "In the free days %(count)s overview did not come. What happened then is in here.",
        "In the free days %(count)s overviews did not come. What happened then is in here.",
        number,
    )
    return sentence % {"count": number_in_words(number)}


def period_in_words(period: str) -> str:
    """As «week 53 of 2026», «Tuesday 12 January 2027» or «January 2027»."""
    if "-W" in period:
        year, _dash, week = period.partition("-W")
        return str(_("week %(week)s of %(year)s", week=int(week), year=year))
    if len(period) == LENGTH_OF_A_MONTH:
        return month_in_words(date.fromisoformat(f"{period}-01"))
    return day_in_words(date.fromisoformat(period[:LENGTH_OF_A_DAY]))


def month_in_words(day: date) -> str:
    return str(format_date(day, "LLLL y", locale=Locale.parse(language())))


def weekday_in_words(weekday: int) -> str:
    names = get_day_names("wide", locale=Locale.parse(language()))
    return str(names[weekday - 1])


def weekdays() -> Sequence[tuple[int, str]]:
    return [(number, weekday_in_words(number)) for number in range(1, 8)]


def _sentence(code: str, name: str, count: int) -> str:
    if code in KEYED:
        return KEYED[code](name, count)
    return SENTENCES[code, name](count) % {"count": number_in_words(count)}


def _gap(sector: str, count: int) -> str:
    sentence = ngettext("%(count)s place in: %(sector)s.", "%(count)s places in: %(sector)s.", count)
    return sentence % {"count": number_in_words(count), "sector": label("sectors", sector)}


def _bottleneck(rule: str, count: int) -> str:
    sentence = ngettext("For %(count)s youth: %(why)s", "For %(count)s youths: %(why)s", count)
    return sentence % {"count": number_in_words(count), "why": rule_sentence(rule)}


def _coming(day: str, count: int) -> str:
    sentence = ngettext("%(day)s: %(count)s youth.", "%(day)s: %(count)s youths.", count)
    return sentence % {"day": day_in_words(date.fromisoformat(day)), "count": number_in_words(count)}


KEYED: Mapping[str, Callable[[str, int], str]] = {
    "gaps": _gap,
    "bottlenecks": _bottleneck,
    "coming": _coming,
}
"""Sections that count by sector, by rule or by day instead of by fixed names."""
SENTENCES: Mapping[tuple[str, str], Callable[[int], str]] = {
    ("proposals", "youths"): lambda count: ngettext(
        "For %(count)s youth a proposal waits for the coordinator.",
        "For %(count)s youths a proposal waits for the coordinator.",
        count,
    ),
    ("proposals", "classes"): lambda count: ngettext(
        "For %(count)s class a proposal waits for the coordinator.",
        "For %(count)s classes a proposal waits for the coordinator.",
        count,
    ),
    ("proposals", "new"): lambda count: ngettext(
        "For %(count)s youth something is new.", "For %(count)s youths something is new.", count
    ),
    ("decisions", "approved"): lambda count: ngettext(
        "%(count)s proposal was approved.", "%(count)s proposals were approved.", count
    ),
    ("decisions", "settled"): lambda count: ngettext(
        "%(count)s placement is settled: both said yes.",
        "%(count)s placements are settled: both said yes.",
        count,
    ),
    ("decisions", "refused"): lambda count: ngettext(
        "%(count)s proposal was refused.", "%(count)s proposals were refused.", count
    ),
    ("decisions", "fallen_through"): lambda count: ngettext(
        "%(count)s placement is off.", "%(count)s placements are off.", count
    ),
    ("answers", "youths"): lambda count: ngettext(
        "%(count)s placement waits for the youth.", "%(count)s placements wait for the youth.", count
    ),
    ("answers", "hosts"): lambda count: ngettext(
        "%(count)s placement waits for the host.", "%(count)s placements wait for the host.", count
    ),
    ("nothing_yet", "youths"): lambda count: ngettext(
        "%(count)s youth has nothing yet.", "%(count)s youths have nothing yet.", count
    ),
    ("profiles", "youths"): lambda count: ngettext(
        "%(count)s youth still has to fill in a profile.",
        "%(count)s youths still have to fill in a profile.",
        count,
    ),
    ("starting_soon", "placements"): lambda count: ngettext(
        "%(count)s placement starts within two weeks.", "%(count)s placements start within two weeks.", count
    ),
    ("requests", "requests"): lambda count: ngettext(
        "%(count)s request is open.", "%(count)s requests are open.", count
    ),
    ("late", "youths"): lambda count: ngettext(
        "%(count)s youth has not answered yet.", "%(count)s youths have not answered yet.", count
    ),
    ("late", "hosts"): lambda count: ngettext(
        "%(count)s answer of a host is late.", "%(count)s answers of hosts are late.", count
    ),
    ("to_answer", "waiting"): lambda count: ngettext(
        "%(count)s youth would like to come and waits for your answer.",
        "%(count)s youths would like to come and wait for your answer.",
        count,
    ),
    ("to_answer", "late"): lambda count: ngettext(
        "%(count)s of them waits for longer than a week.",
        "%(count)s of them wait for longer than a week.",
        count,
    ),
    ("new_offers", "offers"): lambda count: ngettext(
        "%(count)s new offer within half an hour by bike.",
        "%(count)s new offers within half an hour by bike.",
        count,
    ),
    ("milestone", "half"): lambda count: ngettext(
        "Half of the class has a place: %(count)s youth.",
        "Half of the class has a place: %(count)s youths.",
        count,
    ),
    ("milestone", "three_quarters"): lambda count: ngettext(
        "Three quarters of the class have a place: %(count)s youth.",
        "Three quarters of the class have a place: %(count)s youths.",
        count,
    ),
    ("milestone", "all"): lambda count: ngettext(
        "The whole class has a place: %(count)s youth.",
        "The whole class has a place: %(count)s youths.",
        count,
    ),
    ("thanks", "youths"): lambda count: ngettext(
        "%(count)s youth saw with you what the work is.",
        "%(count)s youths saw with you what the work is.",
        count,
    ),
    ("thanks", "hours"): lambda count: ngettext(
        "Together they learned with you for %(count)s hour.",
        "Together they learned with you for %(count)s hours.",
        count,
    ),
}
