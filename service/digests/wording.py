"""Codes and counts to sentences, in the language of whoever reads them now."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from babel import Locale
from babel.dates import format_date, get_day_names
from babel.lists import format_list

from service.core.i18n import Message, Plural, _, day_in_words, language
from service.digests import phrases
from service.digests.models import Audience, DigestStatus, Rhythm, SkipReason, Topic
from service.digests.phrases import PHRASES
from service.insights.wording import place_of, positions, sectors_named

LENGTH_OF_A_MONTH, LENGTH_OF_A_DAY = len("2027-01"), len("2027-01-12")
Facts = Mapping[str, Any]
Count = tuple[str, int, Facts]
"""Which line, how many, and what else stands in it."""

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
TOPIC: dict[Topic, Message] = {
    Topic.ASKS: _("What I can do: what waits, who has nothing yet"),
    Topic.NEWS: _("What is new: decisions, answers, thanks"),
    Topic.AHEAD: _("What comes: who starts, and what is still looked for"),
}
RHYTHM: dict[Rhythm, Message] = {
    Rhythm.DAILY: _("Every working day"),
    Rhythm.WEEKLY: _("Every week"),
    Rhythm.FORTNIGHTLY: _("Every two weeks"),
    Rhythm.MONTHLY: _("Every month, in the first week"),
}
RHYTHM_BY_LINK = [(rhythm.value, words) for rhythm, words in RHYTHM.items() if rhythm is not Rhythm.DAILY]
"""Who follows the link in a mail would like fewer."""
BECAUSE = {
    Audience.SCHOOL: _("You get this mail because you work at %(place)s.").source,
    Audience.CLASS: _("You get this mail because you are mentor of %(place)s.").source,
    Audience.PROGRAMME: _("You get this mail because you coordinate %(place)s.").source,
    Audience.HOST: _("You get this mail because you are contact person of %(place)s.").source,
}
AND_MORE = Plural("%(place)s, and %(count)s more overview", "%(place)s, and %(count)s more overviews")
SKIPPED: dict[SkipReason, Message] = {
    SkipReason.NOTHING_TO_TELL: _("There was nothing to tell."),
    SkipReason.HOLIDAY: _("It was a free day."),
}
NOTHING_TO_DO = _("You need not do anything. This is good to know.")
MISSED = Plural(
    "In the free days %(count)s overview did not come. What happened then is in here.",
    "In the free days %(count)s overviews did not come. What happened then is in here.",
)


def because(about: Sequence[tuple[Audience, str]]) -> str:
    """A sentence for each role that somebody is told as."""
    places: dict[Audience, list[str]] = {}
    for audience, place in about:
        places.setdefault(audience, []).append(place)
    return " ".join(str(Message(BECAUSE[audience], place=names(of))) for audience, of in places.items())


def names(of: Sequence[str]) -> str:
    return str(format_list(of, locale=Locale.parse(language())))


def and_more(place: str, others: int) -> str:
    """What a mail is about, short enough for a subject."""
    return AND_MORE.of(others, place=place) if others else place


def heading(section: Facts) -> str:
    return str(PHRASES[section["code"]].heading)


def link(section: Facts) -> str:
    return str(PHRASES[section["code"]].link)


def sentences(section: Facts) -> list[str]:
    """One short sentence per count, in the order in which the section counted, then one per fact."""
    code = section["code"]
    lines = PHRASES[code].lines
    counts = _COUNTED.get(code, _each)(section) if lines else []
    counted = [lines[name].of(count, **facts) for name, count, facts in counts]
    return counted + ([SAID[code](facts) for facts in section.get("facts", ())] if code in SAID else [])


def _each(section: Facts) -> list[Count]:
    return [(name, count, {}) for name, count in section["counts"].items()]


def _with_new(section: Facts) -> list[Count]:
    """How many wait and how many of them are new, in one line."""
    counts = dict(section["counts"])
    new, youths = counts.pop("new", 0), counts.get("youths", 0)
    name = {0: "youths", youths: "all_new"}.get(new, "some_new")
    return [(name if one == "youths" else one, count, {"new": new}) for one, count in counts.items()]


def _with_hosts(section: Facts) -> list[Count]:
    """Named, so that one can phone; what was told before they were named is told as it was."""
    named = next(iter(section.get("facts", ())), None)
    if named is None:
        return _each(section)
    hosts = {"hosts": _hosts(named)}
    return [("named" if one == "hosts" else one, count, hosts) for one, count in section["counts"].items()]


def _hosts(named: Facts) -> str:
    if named["more"]:
        return str(Message(phrases.AND_OTHERS.source, hosts=", ".join(named["hosts"])))
    return names(named["hosts"])


_COUNTED: Mapping[str, Callable[[Facts], list[Count]]] = {
    "to_decide": _with_new,
    "proposals": _with_new,
    "late": _with_hosts,
}
"""Sections that say their counts in another way than each in a line of its own."""


def answer(section: Facts) -> str:
    """What stands on a link that answers straight from the mail."""
    words = PHRASES[section["code"]]
    return str(words.answer or words.link)


def point(sections: Sequence[Facts]) -> str:
    """What it comes down to, for a subject: the first thing there is to say."""
    return sentences(sections[0])[0].rstrip(".")


def asks(sections: Sequence[Facts]) -> bool:
    return any(PHRASES[section["code"]].ask is not None for section in sections)


def ask(sections: Sequence[Facts]) -> str:
    """What its reader is asked first."""
    found = (PHRASES[section["code"]].ask for section in sections)
    return str(next((one for one in found if one is not None), NOTHING_TO_DO))


def missed_in_words(number: int) -> str:
    """What came in the first one after a holiday; empty when none was missed."""
    return MISSED.of(number) if number else ""


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


def _gap(facts: Facts) -> str:
    sector, minutes = sectors_named([[facts["sector"], 0]]), facts["minutes"]
    if facts["number"] is None:
        few = phrases.FEW_GAPS.source
        return str(Message(few, sector=sector, minutes=minutes, least=facts["least"]))
    return phrases.GAP.of(facts["number"], sector=sector, minutes=minutes)


def _recruit(facts: Facts) -> str:
    sector = sectors_named([[facts["sector"], 0]] if facts["sector"] else [])
    return phrases.RECRUIT.of(facts["number"], sector=sector, place=_around(facts["pc4"]))


def _bottleneck(facts: Facts) -> str:
    line = phrases.BOTTLENECK if facts["positions"] else phrases.NO_PLACE
    return line.of(
        facts["youths"],
        positions=positions(facts["positions"]),
        sectors=sectors_named(facts["sectors"]),
        place=_around(facts["pc4"]),
    )


def _around(pc4: str) -> str:
    return f"{pc4} {place_of(pc4)}".strip()


def _coming(facts: Facts) -> str:
    day = day_in_words(date.fromisoformat(facts["day"]))
    return phrases.COMING.of(facts["number"], day=day, school=facts["school"])


SAID: Mapping[str, Callable[[Facts], str]] = {
    "gaps": _gap,
    "wanted": _gap,
    "recruits": _recruit,
    "bottlenecks": _bottleneck,
    "coming": _coming,
}
"""Sections that say more than a count: of a sector, a neighbourhood or a day."""
