"""Codes and counts to sentences, in the language of whoever reads them now."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from babel import Locale
from babel.dates import get_day_names

from service.core.i18n import Message, _, language, ngettext, number_in_words
from service.digests.models import DigestStatus, SkipReason

HEADINGS: dict[str, Message] = {
    "proposals": _("Proposals"),
    "decisions": _("New since last time"),
    "answers": _("Waits for an answer"),
    "nothing_yet": _("Nothing yet"),
    "profiles": _("Answers to come"),
    "starting_soon": _("Starts soon"),
}
LINKS: dict[str, Message] = {
    "proposals": _("To the proposals"),
    "decisions": _("To the placements"),
    "answers": _("To the placements"),
    "nothing_yet": _("See who they are"),
    "profiles": _("To the classes"),
    "starting_soon": _("To the placements"),
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
SKIPPED: dict[SkipReason, Message] = {
    SkipReason.NOTHING_TO_TELL: _("There was nothing to tell."),
    SkipReason.HOLIDAY: _("The school had a holiday."),
}


def sentences(section: Mapping[str, Any]) -> list[str]:
    """One short sentence per count, in the order in which the section counted."""
    return [_sentence(section["code"], name, count) for name, count in section["counts"].items()]


def week_in_words(period: str) -> str:
    """As «week 53 of 2026»."""
    year, _dash, week = period.partition("-W")
    return str(_("week %(week)s of %(year)s", week=int(week), year=year))


def weekday_in_words(weekday: int) -> str:
    names = get_day_names("wide", locale=Locale.parse(language()))
    return str(names[weekday - 1])


def weekdays() -> Sequence[tuple[int, str]]:
    return [(number, weekday_in_words(number)) for number in range(1, 8)]


def _sentence(code: str, name: str, count: int) -> str:
    return SENTENCES[code, name](count) % {"count": number_in_words(count)}


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
}
