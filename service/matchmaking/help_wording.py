"""What would help, why not, and who gets what: codes to sentences; youths in A2, hosts counts only."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from service.core.i18n import Message, _, day_in_words, language, ngettext, number_in_words
from service.matchmaking.wording import (
    MODES,
    MODES_FOR_YOUTHS,
    decimal,
    name_of,
    reason_sentence,
    rule_sentence,
    source_name,
    youth_name_of,
)
from service.reference.labels import label, youth_label
from service.youth.wording import WEEKDAYS

Facts = Mapping[str, Any]
Said = Callable[[Facts], Message]
SMALLEST_COUNT_SHOWN = 5
"""A host learns «fewer than 5» below this (DOMAIN 3)."""


def _day(facts: Facts) -> str:
    return day_in_words(date.fromisoformat(facts["day"]))


def _weekday(facts: Facts) -> str:
    """Within a sentence: Dutch writes days small."""
    name = str(WEEKDAYS[facts["weekday"]])
    return name.lower() if language() == "nl" else name


FOR_ADULTS: dict[str, Said] = {
    "travel_longer": lambda facts: _(
        "%(minutes)s minutes longer on the way, so at most %(limit)s",
        minutes=facts["minutes"],
        limit=facts["limit"],
    ),
    "travel_also": lambda facts: _("Also %(mode)s", mode=MODES[facts["mode"]]),
    "weekday_also": lambda facts: _("Also on %(day)s", day=_weekday(facts)),
    "wish_also": lambda facts: _("Also %(wish)s as a wish", wish=name_of(facts["wish"])),
    "kind_also": lambda facts: _("Also %(kind)s", kind=label("kinds", facts["kind"])),
    "start_earlier": lambda facts: _("Available from %(day)s already", day=_day(facts)),
    "end_later": lambda facts: _("Available until %(day)s", day=_day(facts)),
    "birthday": lambda facts: _("From %(day)s on, at the age of %(age)s", day=_day(facts), age=facts["age"]),
}
FOR_YOUTHS: dict[str, Said] = {
    "travel_longer": lambda facts: _("If you travel %(minutes)s minutes longer", minutes=facts["minutes"]),
    "travel_also": lambda facts: _("If you also go %(mode)s", mode=MODES_FOR_YOUTHS[facts["mode"]]),
    "weekday_also": lambda facts: _("If you can also come on %(day)s", day=_weekday(facts)),
    "wish_also": lambda facts: _("If you also like %(wish)s", wish=youth_name_of(facts["wish"])),
    "kind_also": lambda facts: _("If you also want this: %(kind)s", kind=youth_label("kinds", facts["kind"])),
    "start_earlier": lambda facts: _("If you can come from %(day)s", day=_day(facts)),
    "end_later": lambda facts: _("If you can come until %(day)s", day=_day(facts)),
    "birthday": lambda facts: _(
        "On %(day)s you turn %(age)s. From then on", day=_day(facts), age=facts["age"]
    ),
}
FOR_HOSTS: dict[str, Said] = {
    "hazards_answered": lambda _facts: _("Answer all questions about safety, if none of it occurs"),
    "supervised": lambda _facts: _("See to it that an expert adult is always there"),
    "track_also": lambda facts: _("Also for track %(track)s", track=label("tracks", facts["track"])),
    "profile_also": lambda facts: _(
        "Also for profile %(profile)s", profile=label("profiles", facts["profile"])
    ),
    "level_also": lambda facts: _("Also for level %(level)s", level=label("levels", facts["level"])),
    "weekday_also": lambda facts: _("Also on %(day)s", day=_weekday(facts)),
    "kind_also": lambda facts: _("Offer it as %(kind)s", kind=label("kinds", facts["kind"])),
    "start_earlier": lambda facts: _("Begin on %(day)s already", day=_day(facts)),
    "end_later": lambda facts: _("Go on until %(day)s", day=_day(facts)),
}
STEPS: dict[str, str] = {
    "travel_longer": "/profile/travel",
    "travel_also": "/profile/travel",
    "weekday_also": "/profile/days",
    "wish_also": "/profile/wishes",
}
"""Where a youth changes it himself; the rest the school changes."""


def change_sentence(change: Mapping[str, Any]) -> str:
    """As «Also on Friday: 3 offers more, 2 in catering.»"""
    facts, offers = change["facts"], change["offers"]
    if change["code"] == "wish_also":
        gain = ngettext("%(offers)s offer within reach suits", "%(offers)s offers within reach suit", offers)
    else:
        gain = ngettext("%(offers)s offer more", "%(offers)s offers more", offers)
    said = [f"{FOR_ADULTS[change['code']](facts)}: {gain % {'offers': offers}}"]
    if "sector" in facts and change["code"] != "wish_also":
        in_sector = _("%(number)s in %(sector)s", number=facts["in_sector"], sector=name_of(facts["sector"]))
        said.append(str(in_sector))
    if change["lost"]:
        lost = ngettext("%(lost)s falls away", "%(lost)s fall away", change["lost"])
        said.append(lost % {"lost": change["lost"]})
    return ", ".join(said) + "."


def youth_change_sentence(change: Mapping[str, Any]) -> str:
    """As «If you can also come on Friday: 3 places.»; no scores, no names of hosts."""
    facts, offers = change["facts"], change["offers"]
    if change["code"] == "wish_also":
        gain = ngettext("%(offers)s place fits you", "%(offers)s places fit you", offers)
    elif change["code"] != "birthday" and offers == facts.get("in_sector"):
        gain = ngettext("%(offers)s place more in %(sector)s", "%(offers)s places more in %(sector)s", offers)
    else:
        gain = ngettext("%(offers)s place more", "%(offers)s places more", offers)
    sector = youth_name_of(facts["sector"]) if "sector" in facts else ""
    return f"{FOR_YOUTHS[change['code']](facts)}: {gain % {'offers': offers, 'sector': sector}}."


def host_change_sentence(change: Mapping[str, Any], *, is_exact: bool) -> str:
    """As «Also for track GL: fewer than 5 youths more.»; only who looks for hosts sees the exact number."""
    youths = change["youths"]
    what = FOR_HOSTS[change["code"]](change["facts"])
    if not is_exact and youths < SMALLEST_COUNT_SHOWN:
        return str(_("%(what)s: fewer than %(number)s youths more.", what=what, number=SMALLEST_COUNT_SHOWN))
    said = ngettext("%(what)s: %(youths)s youth more.", "%(what)s: %(youths)s youths more.", youths)
    return said % {"what": what, "youths": youths}


def counted_for_host(number: int, *, is_exact: bool) -> str:
    if number == 0 or is_exact or number >= SMALLEST_COUNT_SHOWN:
        return number_in_words(number)
    return f"<{SMALLEST_COUNT_SHOWN}"


# Why not this offer.

OUTSIDE: dict[str, Message] = {
    "pair_is_approved": _("It was approved for this youth."),
    "youth_has_position": _("The youth has a position that was approved."),
    "youth_has_left": _("The youth has left the school."),
    "offer_not_published": _("The offer is not published."),
    "offer_is_full": _("The offer is full."),
    "host_is_not_active": _("The organisation does not take part at the moment."),
    "host_asked_enough": _("The organisation has been asked as often this month as it wants."),
    "kind_not_in_programme": _("The programme has no offers of this kind."),
    "outside_season": _("The offer is not in the season of the programme."),
}
SHORT_IN: dict[str, Message] = {
    "sector": _("It loses most on the sector: the last offer proposed is closer to a wish."),
    "location": _("It loses most on the location: the last offer proposed is nearer."),
    "talent": _("It loses most on the talents: the last offer proposed shares more."),
    "spread": _("Without wishes the list is spread over sectors, and this sector had its turn."),
    "lottery": _("The scores are equal, so the lottery decided."),
}
WITHHELD: dict[str, Message] = {
    "is_made": _("As things stand now there is a position. Start a run again to give it out."),
    "not_a_candidate": _("It is no longer proposed."),
    "forbidden": _("Somebody ruled it out."),
    "lock": _("All positions have been promised already."),
    "capacity": _("The offer has no position left to give."),
    "host_cap": _("The organisation takes nobody more: its limit has been reached."),
    "once_per_host": _("The youth goes to this organisation already."),
    "same_period": _("The youth has something in this period already."),
    "wanted": _("The youth has a position already."),
    "group": _("Youths who go together, or apart, stand in the way."),
    "minimum": _("Another offer would get fewer than it needs."),
    "good": _("With it fewer youths would have a position that fits them well."),
    "placed": _("With it fewer youths would have a position at all. Who has nothing else came first."),
    "unchanged": _("With it more would change compared with the run before."),
    "level": _("With it youths who are worse off would get something still further from their wish."),
    "value": _("With it all youths together would get less of what they want."),
    "spread": _("With it the work would be spread less evenly over the organisations."),
    "credit": _("Between equals went first who had bad luck before."),
    "lottery": _("Between equals the lottery decided. Its number was published before."),
    "has_better": _("The youth has something he wants more."),
    "welcome": _("Others meet more of the conditions of the organisation."),
}
IN_THE_WAY: dict[str, Message] = {
    "capacity": _("All its positions are meant for others."),
    "host_cap": _("The organisation would go over its limit."),
    "wanted": _("Another position is meant for this youth."),
    "once_per_host": _("Another offer of the same organisation is meant for this youth."),
    "same_period": _("Something else in the same period is meant for this youth."),
    "group": _("Youths who go together, or apart, stand in the way."),
}


def explanation_lines(answer: Mapping[str, Any]) -> list[str]:
    """A pair laid open, for a coordinator: the rule that forbids it, or its place and what took it."""
    outside = [str(OUTSIDE[code]) for code in answer["outside"]]
    if answer["forbidding"]:
        return outside + [
            f"{rule_sentence(said['rule'], 'BLOCK', said['facts'])} ({source_name(said['source'])})"
            for said in answer["forbidding"]
        ]
    reasons = [reason_sentence(reason) for reason in answer.get("reasons", ())]
    if outside:
        return [*outside, *([str(_("No other rule forbids it."))] if reasons else []), *reasons]
    return [*_place_lines(answer), *_division_lines(answer.get("withheld")), *reasons]


def _place_lines(answer: Mapping[str, Any]) -> Sequence[str]:
    ranking = answer["ranking"]
    place = _(
        "Place %(rank)s of the %(allowed)s offers that are possible, with %(score)s points.",
        rank=ranking["rank"],
        allowed=ranking["allowed"],
        score=decimal(answer["score"]),
    )
    if answer.get("is_meant"):
        return [str(place), str(_("The last run means this position for this youth. A coordinator decides."))]
    if ranking["is_proposed"]:
        return [str(place), str(_("So it is among those that a run proposes."))]
    said = [
        place,
        _("The last offer that is proposed has %(score)s points.", score=decimal(ranking["last_score"])),
        SHORT_IN[ranking["short_in"]],
    ]
    return [str(line) for line in said]


def _division_lines(withheld: Mapping[str, Any] | None) -> Sequence[str]:
    """The same, with what the proof is about where that is not all that is allowed."""
    if withheld is None:
        return []
    each = withheld.get("candidates_each")
    if each is None or not withheld["is_proven"]:
        return withheld_lines(withheld)
    among = _(
        "That has been proven among the %(each)s best possibilities of each youth.",
        each=number_in_words(each),
    )
    return [*withheld_lines(withheld), str(among)]


def withheld_lines(withheld: Mapping[str, Any]) -> Sequence[str]:
    """Why a pair that is possible was not made."""
    lines = [str(IN_THE_WAY[code]) for code in withheld["in_the_way"]]
    lines.append(str(WITHHELD[withheld["code"]]))
    if withheld["reached"] is not None and withheld["code"] in {"good", "placed", "level", "unchanged"}:
        lines.append(
            str(
                _(
                    "Counted: %(reached)s without it, %(with_pair)s with it.",
                    reached=withheld["reached"],
                    with_pair=withheld["with_pair"],
                )
            )
        )
    if not withheld["is_proven"]:
        lines.append(str(_("There was too little time to prove this.")))
    return lines


# Who gets what, on the page of a run.

EACH_BEFORE_IT_WAS_TOLD = 20
"""A run of a version that did not tell it looked at so many."""
AIMS: dict[str, Message] = {
    "required": _("promises kept"),
    "good": _("youths with a position that fits them well"),
    "placed": _("youths with a position"),
    "unchanged": _("positions the same as in the run before"),
    "value": _("value of all positions together, in thousandths"),
    "spread": _("burden of the organisations (the less, the more even)"),
    "luck": _("lottery with credit for bad luck before"),
    "lot": _("lottery between what is left equal"),
}


def _candidates_each(given: Mapping[str, Any]) -> int | None:
    """Among how many of each youth's best a division was proven; None: among all that is allowed."""
    each: int | None = given.get("candidates_each", EACH_BEFORE_IT_WAS_TOLD)
    return each


def proof_sentence(given: Mapping[str, Any]) -> str:
    """What a proven division means."""
    each = _candidates_each(given)
    if each is None:
        return str(
            _("Nobody can get something better without somebody else losing by it. That has been proven.")
        )
    return str(
        _(
            "Nobody can get something better without somebody else losing by it. That has been proven among "
            "the %(each)s best possibilities of each youth.",
            each=number_in_words(each),
        )
    )


def empty_positions_sentence(given: Mapping[str, Any]) -> str:
    """Why positions stay empty while youths are left out; only what was proven is said for certain."""
    empty = given["positions"] - given["filled"]
    placed = next((one for one in given["reached"] if one["aim"] == "placed"), None)
    if placed is None or placed["reached"] != placed["best"]:
        said = ngettext(
            "%(empty)s position stays empty. That nobody who is left could have it was not proven.",
            "%(empty)s positions stay empty. That nobody who is left could have one was not proven.",
            empty,
        )
    elif _candidates_each(given) is None:
        said = ngettext(
            "%(empty)s position stays empty: nobody who is left may have it or can get there, or the "
            "organisation takes nobody more.",
            "%(empty)s positions stay empty: nobody who is left may have them or can get there, or the "
            "organisation takes nobody more.",
            empty,
        )
    else:
        said = ngettext(
            "%(empty)s position stays empty: it is not among the best possibilities of the youths who are "
            "left, or the organisation takes nobody more.",
            "%(empty)s positions stay empty: they are not among the best possibilities of the youths who are "
            "left, or the organisation takes nobody more.",
            empty,
        )
    return said % {"empty": number_in_words(empty)}


def aim_sentence(reached: Mapping[str, Any]) -> str:
    if reached["aim"] == "level":
        return str(
            _("youths with a position worth at least %(share)s %%", share=round(100 * reached["from_value"]))
        )
    return str(AIMS[reached["aim"]])
