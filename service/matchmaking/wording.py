"""From reason codes to sentences: for adults in B1, for youths in A2; never a score for a host."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from service.core.i18n import Message, _, language, ngettext
from service.matchmaking.nothing import REFUSED, weightiest_first
from service.offers import wording as offer_wording
from service.reference.catalogue import catalogue
from service.reference.labels import label, youth_label

Facts = Mapping[str, Any]
MODES = {"bike": _("by bike"), "ov": _("by public transport"), "walk": _("on foot")}
MODES_FOR_YOUTHS = MODES | {"ov": _("by bus, tram or train")}

RANKS = {
    1: _("first wish"),
    2: _("second wish"),
    3: _("third wish"),
    4: _("fourth wish"),
    5: _("fifth wish"),
}


def name_of(code: str) -> str:
    """The label of a word or a sector, whichever the code stands for."""
    return label("sectors" if code in catalogue().sectors else "tags", code)


def youth_name_of(code: str) -> str:
    return youth_label("sectors" if code in catalogue().sectors else "tags", code)


AND = _("and")


def list_of(words: list[str]) -> str:
    """«a, b and c»."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {AND} {words[-1]}"


def _wish(text: str, if_same: str | None = None) -> Callable[[Facts], Message]:
    """`if_same` is said when the wish is the sector itself."""

    def say(facts: Facts) -> Message:
        wish, sector = facts["wish"], facts.get("sector", facts["wish"])
        said = if_same if if_same and wish == sector else text
        return Message(said, wish=name_of(wish), rank=RANKS[facts["wish_rank"]], sector=name_of(sector))

    return say


def _way(text: str, modes: Mapping[str, Message] = MODES) -> Callable[[Facts], Message]:
    return lambda facts: Message(
        text, minutes=facts["minutes"], mode=modes[facts["mode"]], limit=facts["limit"]
    )


def _plain(text: str) -> Callable[[Facts], Message]:
    return lambda _facts: Message(text)


def _rule(text: str, verdict: str) -> Callable[[Facts], Message]:
    return lambda facts: Message(
        text, rule=rule_sentence(facts["rule"], verdict, facts), origin=source_name(facts["source"])
    )


def _talents(text: str, name: Callable[[str], str]) -> Callable[[Facts], Message]:
    return lambda facts: Message(text, talents=list_of([name(tag) for tag in facts["tags"]]))


# The texts are marked with _() so that the catalogue knows them; `.source` hands on the English.
FOR_ADULTS: dict[str, Callable[[Facts], Message]] = {
    "wish_occupation": _wish(_("The %(rank)s is %(wish)s. This offer is exactly that.").source),
    "wish_sector": _wish(
        _("The %(rank)s is %(wish)s. This offer is in the same sector: %(sector)s.").source,
        if_same=_("The %(rank)s is the sector %(wish)s. This offer is in it.").source,
    ),
    "wish_neighbour": _wish(
        _("The %(rank)s is %(wish)s. This offer is in a sector that looks like it: %(sector)s.").source
    ),
    "no_wish_fits": _plain(_("None of the wishes is in this direction.").source),
    "near": _way(_("Close by: about %(minutes)s minutes %(mode)s.").source),
    "within_reach": _way(
        _("About %(minutes)s minutes %(mode)s; at most %(limit)s minutes is all right.").source
    ),
    "just_beyond_limit": _way(
        _("About %(minutes)s minutes %(mode)s: just over the limit of %(limit)s, within the margin.").source
    ),
    "talents_shared": _talents(_("Shared talents and words: %(talents)s.").source, name_of),
    "no_talents_shared": _plain(_("No talents in common with this offer.").source),
    "no_wishes_spread": _plain(
        _("No wishes filled in, so the list is spread over sectors. That is no disadvantage.").source
    ),
    "no_talents_given": _plain(_("No talents filled in, so the other parts count for more.").source),
    "offer_has_no_sector": _plain(_("The offer names no sector.").source),
    "offer_has_no_tags": _plain(_("The offer names no talents or words, so that part is 0.").source),
    "needs_school_ack": _rule(_("%(rule)s (%(origin)s)").source, "SCHOOL_ACK"),
    "remark": _rule(_("Mind this. %(rule)s (%(origin)s)").source, "WARN"),
}


def _youth_wish(text: str) -> Callable[[Facts], Message]:
    return lambda facts: Message(
        text,
        wish=youth_name_of(facts["wish"]),
        sector=youth_name_of(facts.get("sector", facts["wish"])),
    )


FOR_YOUTHS: dict[str, Callable[[Facts], Message]] = {
    "wish_occupation": _youth_wish(_("You want this: %(wish)s.").source),
    "wish_sector": _youth_wish(_("You like %(wish)s. This is the same kind of work.").source),
    "wish_neighbour": _youth_wish(_("You like %(wish)s. This looks a bit like it: %(sector)s.").source),
    "no_wish_fits": _plain(_("This is something new for you.").source),
    "near": _way(_("It is close: about %(minutes)s minutes %(mode)s.").source, MODES_FOR_YOUTHS),
    "within_reach": _way(
        _("You can get there: about %(minutes)s minutes %(mode)s.").source, MODES_FOR_YOUTHS
    ),
    "just_beyond_limit": _way(
        _("It is a bit further: about %(minutes)s minutes %(mode)s.").source, MODES_FOR_YOUTHS
    ),
    "talents_shared": _talents(_("You are good at this: %(talents)s.").source, youth_name_of),
    "no_talents_shared": _plain(_("You can learn something new here.").source),
    "no_wishes_spread": _plain(_("You do not know yet what you want. Have a look at this.").source),
    "no_talents_given": _plain(_("You did not fill in talents. That is fine.").source),
    "offer_has_no_sector": _plain(_("You find out there what the work is.").source),
    "offer_has_no_tags": _plain(_("You find out there what you need.").source),
    "needs_school_ack": _plain(_("Your school has to say yes too.").source),
    "remark": _plain(_("Your school looks along with you.").source),
}

# Why somebody has nothing, per rule that forbids; the law has its words with the offers.
CAUSES: dict[str, Message] = {
    "no_offers": _("There are no offers of this kind in this period."),
    "P-1": _("It was refused before."),
    "G-1": _("It is for a class, or for one youth, and not for the other."),
    "G-2": _("It is of a kind that was not asked for."),
    "C-1": _("There are not enough positions left."),
    "asked_enough": _("The organisation has been asked as often this month as it wants."),
    "D-1": _("It is over already."),
    "D-2": _("The period does not fit."),
    "D-3": _("The days of the week do not fit."),
    "L-1": _("The programme starts at a higher age."),
    "L-2": _("The programme ends at a lower age."),
    "Z-0": _("Not all questions about safety have been answered."),
    "H-13M": _("The hours are not allowed in a community placement at 13 and 14."),
    "H-15M": _("The hours are not allowed in a community placement at 15."),
    "H-14S": _("The hours are not allowed at 14 and 15."),
    "H-16": _("The hours are not allowed at 16 and 17."),
    "H-18": _("The hours are not allowed, not even from 18."),
    "T-1": _("It is for another track."),
    "T-2": _("It is for another profile."),
    "T-3": _("It is for another level."),
    "T-4": _("It is for another qualification."),
    "T-5": _("It is a placement for MBO only."),
    "T-6": _("It is for year 3 and 4 only."),
    "A-5": _("The company must be recognised for the qualification, and is not known to be."),
    "R-1": _("It is too far away."),
    # What became of what was proposed.
    "offer_full": _("It was proposed and is full now."),
    "offer_closed": _("It was proposed and is not offered any more."),
    "refused_too_far": _("It was refused: too far away."),
    "refused_wrong_days": _("It was refused: the days do not fit."),
    "refused_not_what_youth_wants": _("It was refused: not what the youth wants."),
    "refused_has_something_already": _("It was refused: the youth had something already."),
    "refused_been_there_before": _("It was refused: the youth has been there before."),
    "refused_host_cannot": _("It was refused: the organisation cannot after all."),
    "refused_needs_other_guidance": _("It was refused: the youth needs other guidance."),
    "refused_other": _("It was refused or withdrawn for another reason."),
    "refused_declined_by_youth": _("It was approved, and the youth said no."),
    "refused_declined_by_host": _("It was approved, and the organisation said no."),
    "refused_no_answer": _("It was approved, and nobody answered in time."),
}
Counted = Callable[[int], str]


def _not_at_your_age(places: int) -> str:
    return ngettext(
        "%(places)s place does not fit your age.", "%(places)s places do not fit your age.", places
    )


def _too_far(places: int) -> str:
    return ngettext(
        "%(places)s place is too far away for you.", "%(places)s places are too far away for you.", places
    )


def _other_days(places: int) -> str:
    return ngettext(
        "%(places)s place is on other days than you can.",
        "%(places)s places are on other days than you can.",
        places,
    )


def _full(places: int) -> str:
    return ngettext("%(places)s place is full.", "%(places)s places are full.", places)


def _company_could_not(_places: int) -> str:
    return str(_("A company could not do it after all."))


# By rule, or by its first letter for all rules alike; of the rest a youth hears nothing.
CAUSES_FOR_YOUTHS: dict[str, Counted] = {
    "no_offers": lambda _places: str(_("There are no places of this kind now.")),
    "asked_enough": lambda _places: str(_("A company has enough youths this month. Look again next month.")),
    "C": _full,
    "D": _other_days,
    "H": _not_at_your_age,
    "K": _not_at_your_age,
    "L": _not_at_your_age,
    "R": _too_far,
    "T": lambda places: ngettext(
        "%(places)s place is for another class or direction.",
        "%(places)s places are for another class or direction.",
        places,
    ),
    "offer_full": _full,
    "offer_closed": lambda places: ngettext(
        "%(places)s place is not there any more.", "%(places)s places are not there any more.", places
    ),
    "refused_too_far": _too_far,
    "refused_wrong_days": _other_days,
    "refused_host_cannot": _company_could_not,
    "refused_declined_by_host": _company_could_not,
    "refused_declined_by_youth": lambda _places: str(_("You said no to a place.")),
    "refused_no_answer": lambda _places: str(_("Nobody answered in time.")),
}
# What an offer asks and the youth has not said: a remark, never a refusal.
UNSAID: dict[str, Message] = {
    "T-1": _("The offer asks for a track, and none is filled in."),
    "T-2": _("The offer asks for a profile, and none is filled in."),
    "T-3": _("The offer asks for a level, and none is filled in."),
    "T-4": _("The offer asks for a qualification, and none is filled in."),
    "A-5": _("The company must be recognised for the qualification. Check that first."),
}
BY_LAW = _("The law does not allow it at this age.")
BY_LAW_OR_UNGUIDED = _(
    "%(hazard)s: not allowed at this age, or only with an expert adult who is always there."
)
HAZARDS_TO_GUIDE = ("Z-1", "Z-2", "Z-7", "Z-13", "Z-15")
"""Allowed from some age on, with an expert adult; a cause does not tell which of the two was missing."""

SOURCES: dict[str, Message] = offer_wording.SOURCES | {
    "offer": _("asked by the offer"),
    "seeker": _("answers of the youth"),
    "programme": _("agreement of the programme"),
    "person": _("decided by a coordinator"),
}


def source_name(source: str) -> str:
    """Where a rule comes from: an article of law as it is, anything else in words."""
    return str(SOURCES.get(source, source))


def rule_sentence(rule: str, verdict: str = "BLOCK", facts: Facts | None = None) -> str:
    """What a rule says; without facts, why it forbids."""
    if verdict != "BLOCK" and rule in UNSAID:
        return str(UNSAID[rule])
    if facts is not None and "measure" in facts:
        return str(offer_wording.rule_sentence(rule, verdict, facts))
    if rule in CAUSES:
        return str(CAUSES[rule])
    if facts is None and rule in HAZARDS_TO_GUIDE:
        return str(Message(BY_LAW_OR_UNGUIDED.source, hazard=label("hazards", rule)))
    if rule.startswith("K-") and (rule, verdict) not in offer_wording.KIND_SENTENCES:
        return str(BY_LAW)
    conditions = () if facts is None or rule.startswith("K-") else facts.get("conditions", ())
    said = offer_wording.rule_sentence(rule, verdict, facts or {})
    return " ".join(str(part) for part in (said, *(offer_wording.CONDITIONS[one] for one in conditions)))


def reason_sentence(reason: Mapping[str, Any]) -> str:
    return str(FOR_ADULTS[reason["code"]](reason["facts"]))


def youth_sentence(reason: Mapping[str, Any]) -> str:
    return str(FOR_YOUTHS[reason["code"]](reason["facts"]))


def cause_sentence(cause: Mapping[str, Any]) -> str:
    """As «It is too far away. (12 offers)»."""
    sentence, offers = rule_sentence(cause["code"]), cause["offers"]
    if not offers:
        return sentence
    said = ngettext("%(sentence)s (%(offers)s offer)", "%(sentence)s (%(offers)s offers)", offers)
    return said % {"sentence": sentence, "offers": offers}


def youth_causes(causes: Iterable[Mapping[str, Any]]) -> list[str]:
    """Why there is nothing, for the youth himself: what he can follow, as «3 places are full.»"""
    places: Counter[Counted] = Counter()
    for cause in weightiest_first(causes):
        said = _youth_cause(cause["code"])
        if said is not None:
            places[said] += cause["offers"]
    return [said(many) % {"places": many} for said, many in places.items()]


def may_be_told_to_youth(cause: Mapping[str, Any]) -> bool:
    """Everything but why a person said no, where that is not in words for him."""
    code = cause["code"]
    return not code.startswith(REFUSED) or code in CAUSES_FOR_YOUTHS


def _youth_cause(code: str) -> Counted | None:
    return CAUSES_FOR_YOUTHS.get(code) or CAUSES_FOR_YOUTHS.get(code.partition("-")[0])


def decimal(number: float, digits: int = 2) -> str:
    """A score as people write it: with a comma in Dutch."""
    shown = f"{number:.{digits}f}"
    return shown.replace(".", ",") if language() == "nl" else shown
