"""The facts of a rule that forbids, in words: ages, days, kinds and what was asked."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from service.core.i18n import Message, _, day_in_words
from service.matchmaking.wording import decimal, list_of
from service.reference.labels import label

Facts = Mapping[str, Any]
MOST_NAMED = 3
# What each rule on schooling asks for; of the others the codes are numbers people know.
THINGS_ASKED = {"T-1": "tracks", "T-2": "profiles", "T-3": "levels"}
# What the sentence of the rule itself holds already, and what only comes with a rule that allows.
NOT_HERE = frozenset(
    {
        *("measure", "value", "window_from", "window_to", "needs_supervision", "unless_profiles"),
        *("conditions", "looking_only", "acknowledged", "minutes", "mode"),
    }
)


def fact_words(rule: str, facts: Facts) -> list[str]:
    """Each fact in words, in the order the engine gives them; none that the rule's sentence has said."""
    said = (_said(rule, name, facts) for name in facts if name not in NOT_HERE)
    return [str(one) for one in said if one is not None]


def _said(rule: str, name: str, facts: Facts) -> Message | str | None:
    if name in {"asked", "own"}:
        return _schooling(rule, name, facts[name])
    # The same word is minutes on the way and hours of work; of the latter the sentence speaks.
    if name == "limit" and "kilometres" not in facts:
        return None
    return WORDS[name](facts[name])


def _day(text: Message) -> Callable[[str], Message]:
    return lambda day: Message(text.source, day=day_in_words(date.fromisoformat(day)))


WORDS: dict[str, Callable[[Any], Message | str]] = {
    "age": lambda age: _("%(age)s years old", age=age),
    "from_age": lambda age: _("from the age of %(age)s", age=age),
    "to_age": lambda age: _("to the age of %(age)s", age=age),
    "reached_on": _day(_("that age on %(day)s")),
    "kind": lambda kind: label("kinds", kind),
    "is_class": lambda is_class: _("asked for a class") if is_class else _("asked for one youth"),
    "positions": lambda number: _("positions: %(number)s", number=number),
    "needed": lambda number: _("needed: %(number)s", number=number),
    "ended_on": _day(_("over since %(day)s")),
    "starts_on": _day(_("the offer starts on %(day)s")),
    "ends_on": _day(_("the offer ends on %(day)s")),
    "available_from": _day(_("the youth can from %(day)s")),
    "until": _day(_("the youth can until %(day)s")),
    "weekdays": lambda _none: _("no weekday suits both"),
    "track": lambda track: label("tracks", track),
    "years": lambda years: _("in year %(years)s", years=_listed(years)),
    "unanswered": lambda codes: _(
        "not answered: %(hazards)s", hazards=_listed([f"{label('hazards', code)} ({code})" for code in codes])
    ),
    "kilometres": lambda kilometres: f"{decimal(kilometres, 3)} km",
    "limit": lambda minutes: _("at most %(minutes)s minutes on the way", minutes=minutes),
}


def _schooling(rule: str, name: str, codes: str | Sequence[str]) -> Message:
    things = THINGS_ASKED.get(rule)
    every = [codes] if isinstance(codes, str) else codes
    names = _listed([label(things, code) if things else code for code in every])
    return (
        _("asked: %(names)s", names=names) if name == "asked" else _("the youth has: %(names)s", names=names)
    )


def _listed(names: Sequence[str]) -> str:
    """The first few, and how many there are more."""
    more = len(names) - MOST_NAMED
    rest = [str(_("%(more)s more", more=more))] if more > 0 else []
    return list_of([*names[:MOST_NAMED], *rest])
