"""What each section is called, what it asks, where it leads, and how its counts are said."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.core.i18n import Message, Plural, _


@dataclass(frozen=True, slots=True)
class Phrases:
    heading: Message
    link: Message
    """The one thing to do with it."""
    lines: Mapping[str, Plural] = field(default_factory=dict)
    """By the name of a count."""
    ask: Message | None = None
    """What its reader is asked; None when it is only good to know."""
    answer: Message | None = None
    """What stands on a link that answers straight from the mail."""


TO_THE_PLACEMENTS = _("To the placements")

PHRASES: Mapping[str, Phrases] = {
    "to_answer": Phrases(
        _("Waits for you"),
        _("Answer now"),
        {
            "waiting": Plural(
                "%(count)s youth would like to come and waits for your answer.",
                "%(count)s youths would like to come and wait for your answer.",
            ),
            "late": Plural(
                "%(count)s of them waits for longer than a week.",
                "%(count)s of them wait for longer than a week.",
            ),
        },
        _("Say yes or no to who would like to come."),
        _("Answer now"),
    ),
    "to_confirm": Phrases(
        _("Does it still hold?"),
        _("To your offers"),
        {
            "offers": Plural(
                "We asked you whether %(count)s offer still holds.",
                "We asked you whether %(count)s offers still hold.",
            )
        },
        _("Say whether your offer still holds."),
        _("Say whether it still holds"),
    ),
    "to_decide": Phrases(
        _("Waits for you"),
        _("Decide now"),
        {
            "youths": Plural(
                "For %(count)s youth a proposal waits for you.",
                "For %(count)s youths a proposal waits for you.",
            ),
            "some_new": Plural(
                "For %(count)s youth a proposal waits for you, %(new)s new.",
                "For %(count)s youths a proposal waits for you, %(new)s new.",
            ),
            "all_new": Plural(
                "For %(count)s youth a new proposal waits for you.",
                "For %(count)s youths a new proposal waits for you.",
            ),
            "classes": Plural(
                "For %(count)s class a proposal waits for you.",
                "For %(count)s classes a proposal waits for you.",
            ),
        },
        _("Decide on the proposals that wait for you."),
    ),
    "other_days": Phrases(
        _("Other days?"),
        _("See which days"),
        {
            "waiting": Plural(
                "For %(count)s placement the host proposes other days.",
                "For %(count)s placements the host proposes other days.",
            ),
            "late": Plural(
                "%(count)s of them expires within three days.",
                "%(count)s of them expire within three days.",
            ),
        },
        _("Say whether the other days are possible."),
    ),
    "requests": Phrases(
        _("Requests of schools"),
        _("To the requests"),
        {"requests": Plural("%(count)s request is open.", "%(count)s requests are open.")},
        _("Take up what schools ask for."),
    ),
    "late": Phrases(
        _("Waits for longer than a week"),
        _("See who is late"),
        {
            "youths": Plural(
                "%(count)s youth has not answered yet.", "%(count)s youths have not answered yet."
            ),
            "hosts": Plural("%(count)s answer of a host is late.", "%(count)s answers of hosts are late."),
            "named": Plural("%(count)s answer is late: %(hosts)s.", "%(count)s answers are late: %(hosts)s."),
        },
        _("Remind who has not answered yet: a call often helps."),
    ),
    "nothing_yet": Phrases(
        _("Nothing yet"),
        _("See who they are"),
        {"youths": Plural("%(count)s youth has nothing yet.", "%(count)s youths have nothing yet.")},
        _("See who has nothing yet, and think of a next step."),
    ),
    "profiles": Phrases(
        _("Answers to come"),
        _("See who has not answered"),
        {
            "youths": Plural(
                "%(count)s youth still has to fill in a profile.",
                "%(count)s youths still have to fill in a profile.",
            )
        },
        _("Give the last youths time to fill in what they like."),
    ),
    "gaps": Phrases(
        _("We still look for"),
        _("See who they are"),
        ask=_("Ask in your own network for the places we still look for."),
    ),
    "wanted": Phrases(
        _("We still look for"),
        _("Offer a place"),
        ask=_("Ask in your own network for the places we still look for."),
    ),
    "recruits": Phrases(
        _("We still look for"),
        _("See whom to ask"),
        ask=_("Ask in your own network for the places we still look for."),
    ),
    "bottlenecks": Phrases(
        _("Bottlenecks"),
        _("See the bottlenecks"),
        {
            "short": Plural(
                "There is %(count)s place too few that suits a wish.",
                "There are %(count)s places too few that suit a wish.",
            )
        },
    ),
    "milestone": Phrases(
        _("Something to celebrate"),
        _("To the class"),
        {
            "half": Plural(
                "Half of the class has a place: %(count)s youth.",
                "Half of the class has a place: %(count)s youths.",
            ),
            "three_quarters": Plural(
                "Three quarters of the class have a place: %(count)s youth.",
                "Three quarters of the class have a place: %(count)s youths.",
            ),
            "all": Plural(
                "The whole class has a place: %(count)s youth.",
                "The whole class has a place: %(count)s youths.",
            ),
        },
    ),
    "thanks": Phrases(
        _("Thank you"),
        TO_THE_PLACEMENTS,
        {
            "youths": Plural(
                "%(count)s youth saw with you what the work is.",
                "%(count)s youths saw with you what the work is.",
            ),
            "hours": Plural(
                "That was %(count)s hour of learning at work.",
                "That was %(count)s hours of learning at work.",
            ),
        },
    ),
    "decisions": Phrases(
        _("New since last time"),
        TO_THE_PLACEMENTS,
        {
            "settled": Plural(
                "%(count)s placement is settled: both said yes.",
                "%(count)s placements are settled: both said yes.",
            ),
            "approved": Plural("%(count)s proposal was approved.", "%(count)s proposals were approved."),
            "refused": Plural("%(count)s proposal was refused.", "%(count)s proposals were refused."),
            "fallen_through": Plural("%(count)s placement is off.", "%(count)s placements are off."),
        },
    ),
    "proposals": Phrases(
        _("Proposals"),
        _("To the proposals"),
        {
            "youths": Plural(
                "For %(count)s youth a proposal waits for the coordinator.",
                "For %(count)s youths a proposal waits for the coordinator.",
            ),
            "some_new": Plural(
                "For %(count)s youth a proposal waits for the coordinator, %(new)s new.",
                "For %(count)s youths a proposal waits for the coordinator, %(new)s new.",
            ),
            "all_new": Plural(
                "For %(count)s youth a new proposal waits for the coordinator.",
                "For %(count)s youths a new proposal waits for the coordinator.",
            ),
            "classes": Plural(
                "For %(count)s class a proposal waits for the coordinator.",
                "For %(count)s classes a proposal waits for the coordinator.",
            ),
        },
    ),
    "answers": Phrases(
        _("Waits for an answer"),
        TO_THE_PLACEMENTS,
        {
            "youths": Plural(
                "%(count)s placement waits for the youth.", "%(count)s placements wait for the youth."
            ),
            "hosts": Plural(
                "%(count)s placement waits for the host.", "%(count)s placements wait for the host."
            ),
        },
    ),
    "new_offers": Phrases(
        _("New nearby"),
        _("To the offers"),
        {
            "offers": Plural(
                "Within half an hour by bike there is %(count)s new offer.",
                "Within half an hour by bike there are %(count)s new offers.",
            )
        },
    ),
    "starting_soon": Phrases(
        _("Starts soon"),
        TO_THE_PLACEMENTS,
        {
            "placements": Plural(
                "%(count)s placement starts within two weeks.",
                "%(count)s placements start within two weeks.",
            )
        },
    ),
    "coming": Phrases(_("Who comes when"), _("See who comes")),
}

GAP = Plural(
    "We still look for %(count)s place in %(sector)s within %(minutes)s minutes.",
    "We still look for %(count)s places in %(sector)s within %(minutes)s minutes.",
)
FEW_GAPS = _("We still look for a few places in %(sector)s within %(minutes)s minutes: fewer than %(least)s.")
RECRUIT = Plural(
    "%(count)s place in %(sector)s around %(place)s.", "%(count)s places in %(sector)s around %(place)s."
)
BOTTLENECK = Plural(
    "%(count)s youth has only %(positions)s: %(sectors)s around %(place)s.",
    "%(count)s youths together have only %(positions)s: %(sectors)s around %(place)s.",
)
NO_PLACE = Plural(
    "%(count)s youth has no place at all: %(sectors)s around %(place)s.",
    "%(count)s youths have no place at all: %(sectors)s around %(place)s.",
)
AND_OTHERS = _("%(hosts)s and others")
COMING = Plural("%(day)s: %(count)s youth of %(school)s.", "%(day)s: %(count)s youths of %(school)s.")
