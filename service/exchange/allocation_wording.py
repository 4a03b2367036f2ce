"""What an allocation tells: who has something, each aim, who block each other, what to look for."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from service.core.i18n import Message, _, ngettext
from service.exchange.engine import Certificate, Given, Reached
from service.exchange.obstacle_wording import obstacle_sentence, unhelped_lines
from service.matchmaking.wording import list_of
from service.reference.catalogue import catalogue
from service.reference.labels import label

if TYPE_CHECKING:
    from service.exchange.engine import BlockingSet, Bottlenecks, Recruit, RecruitingList

INDENT = "  "
MOST_NAMED = 3
MOST_LINES = 20
LEVEL = "level"
LOTTERY = frozenset({"luck", "lot"})
STABLE = "deferred_acceptance"
SMALL = frozenset({"spread", "unstable"})

REASONS: dict[str, Message] = {
    "best": _("Nothing within reach suits better."),
    "better_taken": _("What suits better went to others, by the order of the aims."),
    "kept": _("As it was before."),
    "locked": _("This was locked."),
    "lock": _("Another position was locked for this youth."),
    "new": _("One position more than before."),
    "not_allowed": _("The position from before is no longer possible for this youth."),
    "no_position": _("There are fewer positions than before."),
    "better": _("This suits better than before."),
    "made_room": _("Made room for somebody who would have had nothing, or nothing good."),
    "nothing_in_reach": _("No offer is possible. The file of --gaps tells why."),
    "too_few_positions": _("Together with others there are too few positions within reach."),
    "group": _("With its group no more was possible, or an earlier aim puts others first."),
    "others_first": _(
        "A position would have taken something away from others whom an earlier aim puts first."
    ),
    "time_up": _("Not looked at further: time was up. More may be possible with a longer --limit."),
}
CHANGES = ("new", "not_allowed", "no_position", "lock", "better", "made_room")
SOLVERS: dict[str, Message] = {
    "network": _("a flow through a network, proven arc by arc"),
    "milp": _("a whole-number programme, proven by its bounds"),
    "deferred_acceptance": _("deferred acceptance, which is best for every youth among all that is stable"),
}
SOLVERS_WITHOUT_PROOF: dict[str, Message] = {
    "network": _("a flow through a network"),
    "milp": _("a whole-number programme"),
    "deferred_acceptance": _("deferred acceptance"),
}
AIMS: dict[str, Message] = {
    "required": _("locked pairs and minima that are kept"),
    "good": _("youths with a good position"),
    "placed": _("youths with a position"),
    "unchanged": _("pairs that stay as they were"),
    "level": _("who has least comes first"),
    "value": _("sum of the values, in thousandths of what suits each youth best"),
    "spread": _("sum of squares of how many each host has"),
    "unstable": _("pairs that would both rather have each other"),
}


def youths(number: int) -> str:
    return ngettext("%(number)s youth", "%(number)s youths", number) % {"number": number}


def positions(number: int) -> str:
    return ngettext("%(number)s position", "%(number)s positions", number) % {"number": number}


def outcome_line(given: Given) -> str:
    numbers = given.allocation.numbers
    return str(
        _(
            "allocation: %(positions)s given out; youths with one: %(placed)s,"
            " with a good one: %(good)s, with none: %(none)s",
            positions=positions(numbers.filled),
            placed=numbers.placed,
            good=numbers.with_good,
            none=len(given.allocation.left_out),
        )
    )


def change_lines(given: Given) -> Iterator[str]:
    """How much a re-run kept, and why the rest changed."""
    allocation = given.allocation
    if allocation.problem.previous is None:
        return
    kept, changed = allocation.numbers.kept, allocation.numbers.changed
    yield str(
        _("since the allocation before: kept %(kept)s, changed %(changed)s", kept=kept, changed=changed)
    )
    times = Counter(change.reason.value for change in allocation.changes)
    for reason in CHANGES:
        if times[reason]:
            yield f"{INDENT}{times[reason]} × {REASONS[reason]} [{reason}]"


def certificate_lines(given: Given) -> Iterator[str]:
    """Each aim in its order: what was reached, and whether more is possible."""
    certificate = given.allocation.certificate
    solvers = SOLVERS if certificate.is_optimal else SOLVERS_WITHOUT_PROOF
    yield str(_("computed by %(solver)s", solver=solvers[certificate.solver.value]))
    aims = [one for one in certificate.reached if one.aim not in LOTTERY]
    for _aim, some in groupby(aims, key=lambda one: (one.aim, one.position)):
        steps = tuple(some)
        yield _level_line(steps) if steps[0].aim == LEVEL else _aim_line(steps[0])
    seed = given.allocation.problem.seed
    yield INDENT + str(_("between equals, the lot with number %(seed)s decides", seed=seed))
    yield _verdict(certificate)


def _verdict(certificate: Certificate) -> str:
    if certificate.is_optimal and certificate.solver.value == STABLE:
        return str(_("Proven: no youth and no offer would both rather have each other."))
    if certificate.is_optimal:
        return str(_("Proven: no other allocation is better, by these aims in this order."))
    if certificate.is_out_of_time:
        seconds = f"{certificate.limit_seconds:g}"
        return str(
            _(
                "After %(seconds)s seconds time was up: every rule is kept, but better may be possible.",
                seconds=seconds,
            )
        )
    return str(_("Every rule is kept; not of every aim it is proven that better is impossible."))


def _aim_line(one: Reached) -> str:
    aim, facts = AIMS[one.aim], {"reached": one.reached, "best": one.best}
    if one.best is None:
        return INDENT + str(
            _("%(aim)s: %(reached)s; how much better is possible is not known", aim=aim, **facts)
        )
    if not one.is_proven:
        return INDENT + str(_("%(aim)s: %(reached)s; at best %(best)s", aim=aim, **facts))
    if one.aim in SMALL:
        return INDENT + str(_("%(aim)s: %(reached)s; less is impossible", aim=aim, **facts))
    return INDENT + str(_("%(aim)s: %(reached)s; more is impossible", aim=aim, **facts))


def _level_line(levels: Sequence[Reached]) -> str:
    proven = sum(one.is_proven for one in levels)
    return INDENT + str(
        _(
            "%(aim)s, for position %(position)s: %(proven)s of %(steps)s steps proven",
            aim=AIMS[LEVEL],
            position=levels[0].position,
            proven=proven,
            steps=len(levels),
        )
    )


def bottleneck_lines(given: Given) -> Iterator[str]:
    """Who cannot all have something, whoever decides; empty when everybody has."""
    found, left_out = given.bottlenecks, len(given.allocation.left_out)
    if found is None:
        return
    if not found.is_complete:
        yield str(NO_TIME_AT_ALL if _knows_nothing(given) else NO_TIME_FOR_BOTTLENECKS)
        return
    if found.shortage:
        shortage = youths(found.shortage)
        yield str(
            _("too few positions: whoever decides, without one: at least %(shortage)s", shortage=shortage)
        )
        yield from _set_lines(found, NOTHING)
        yield INDENT + str(SPEAKS_OF_ALL if given.of_all else SPEAKS_OF_BEST)
    if left_out > found.shortage:
        first = FIRST if found.is_exact else FIRST_OR_GROUP
        why = TIME_UP if given.allocation.certificate.is_out_of_time else first
        yield str(Message(why.source, youths=youths(left_out - found.shortage)))
    if given.wished is not None and given.wished.sets:
        shortage = youths(given.wished.shortage)
        yield str(_("without a position that suits a wish: at least %(shortage)s", shortage=shortage))
        yield from _set_lines(given.wished, NOTHING_WISHED)
    if given.tightest:
        yield str(_("tightest, for what suits a wish:"))
        yield from (INDENT + blocking_sentence(one) for _many, one in given.tightest[:MOST_LINES])


FIRST = _("%(youths)s: without, because an earlier aim goes first")
FIRST_OR_GROUP = _(
    "%(youths)s: without, because of who must go together or apart, or because an earlier aim goes first"
)
TIME_UP = _("%(youths)s: without, and not looked at further: time was up")
NO_TIME_AT_ALL = _("There was no time to find out who blocks each other and what to look for.")
NO_TIME_FOR_BOTTLENECKS = _("There was no time to find out who blocks each other.")
NOTHING = _("%(youths)s: no position within reach at all")
NOTHING_WISHED = _("%(youths)s: no position within reach that suits a wish")


def _set_lines(found: "Bottlenecks", nothing: Message) -> Iterator[str]:
    some = [one for one in found.sets if one.positions]
    for one in some[:MOST_LINES]:
        yield INDENT + blocking_sentence(one)
    if len(some) > MOST_LINES:
        yield INDENT + str(_("and %(more)s more", more=len(some) - MOST_LINES))
    nobody = sum(one.shortage for one in found.sets if not one.positions)
    if nobody:
        yield INDENT + str(Message(nothing.source, youths=youths(nobody)))


SPEAKS_OF_ALL = _("This holds for every offer the rules allow, not only for the suggestions.")
SPEAKS_OF_BEST = _(
    "These files are too large to look at every offer: this holds for the suggestions only (--top)."
    " Per region it holds for all."
)


def blocking_sentence(one: "BlockingSet") -> str:
    """As «34 jongeren hebben samen maar 21 plekken binnen bereik: Zorg, binnen 30 minuten van 1067.»"""
    where = str(_named([pc4 for pc4, _many in one.pc4s]))
    sectors = _named([label("sectors", code) for code, _many in one.sectors]) or str(ANY_SECTOR)
    facts = {"youths": youths(len(one.seeker_ids)), "sectors": sectors, "where": where}
    if one.obstacle is not None:
        cause = obstacle_sentence(one.obstacle)
        return str(_("%(youths)s whom no position could be given: %(cause)s", cause=cause, **facts))
    if one.minutes is None:
        return str(_("%(youths)s without any position within reach: %(sectors)s, from %(where)s.", **facts))
    return str(
        _(
            "%(youths)s with only %(positions)s together within reach: %(sectors)s,"
            " within %(minutes)s minutes of %(where)s.",
            positions=positions(one.positions),
            minutes=one.minutes,
            **facts,
        )
    )


ANY_SECTOR = _("any sector")


def _named(names: Sequence[str]) -> str:
    """The first few, and how many there are more."""
    more = len(names) - MOST_NAMED
    rest = [str(_("%(more)s more", more=more))] if more > 0 else []
    return list_of([*names[:MOST_NAMED], *rest])


def recruiting_lines(given: Given) -> Iterator[str]:
    """The fewest new positions that would serve all, those that help most first."""
    asked = given.recruiting
    if asked is None or not (asked.recruits or asked.left or not asked.is_complete):
        return
    if not asked.recruits:
        yield from _nothing_to_look_for(given, asked)
        return
    yield str(_to_look_for(given, asked))
    for one in asked.recruits[:MOST_LINES]:
        yield INDENT + recruit_sentence(one)
    if len(asked.recruits) > MOST_LINES:
        yield INDENT + str(_("and %(more)s more", more=len(asked.recruits) - MOST_LINES))
    yield INDENT + str(_("Each of a kind and in a period that the rules allow for these youths."))
    if asked.left:
        yield str(_("not helped by any new position: %(youths)s", youths=youths(asked.left)))
        yield from unhelped_lines(given)


def _to_look_for(given: Given, asked: "RecruitingList") -> Message:
    """That everybody is served then is said only when that is known."""
    number = positions(asked.positions)
    if not asked.is_complete:
        return _("to look for: at least %(positions)s; time was up before all was found", positions=number)
    if given.allocation.problem.together or given.allocation.problem.apart:
        return _(
            "to look for: at least %(positions)s; who goes together or apart may need more", positions=number
        )
    if asked.left:
        return _(
            "to look for: %(positions)s, then everybody else can have one",
            positions=number,
        )
    return _("to look for: %(positions)s, then everybody can have one", positions=number)


def _nothing_to_look_for(given: Given, asked: "RecruitingList") -> Iterator[str]:
    if asked.is_complete:
        yield str(_("%(youths)s: not helped by any new position", youths=youths(asked.left)))
        yield from unhelped_lines(given)
    elif given.bottlenecks is None or given.bottlenecks.is_complete:
        yield str(_("There was no time to find out what to look for."))


def _knows_nothing(given: Given) -> bool:
    """Then one line says so for the bottlenecks and for the recruits."""
    asked = given.recruiting
    return asked is not None and not asked.is_complete and not asked.recruits


def place_of(pc4: str) -> str:
    place = catalogue().postcodes.get(pc4)
    return f"{pc4} {place.place}" if place else pc4


def recruit_sentence(one: "Recruit") -> str:
    return str(
        _(
            "%(positions)s: %(sector)s in %(place)s. It helps %(youths)s.",
            positions=positions(one.positions),
            sector=label("sectors", one.sector) if one.sector else ANY_SECTOR,
            place=place_of(one.pc4),
            youths=youths(one.helps),
        )
    )
