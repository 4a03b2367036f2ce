"""What the commands tell: the account of the files, who has nothing and why, one pair with its arithmetic."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from service.core.i18n import Message, _
from service.exchange.engine import Explanation, Matches, TagWeight, Told
from service.exchange.fact_wording import fact_words
from service.exchange.reading import Account
from service.matchmaking.help_wording import SHORT_IN, change_sentence
from service.matchmaking.wording import (
    MODES,
    cause_sentence,
    decimal,
    name_of,
    reason_sentence,
    rule_sentence,
    source_name,
)

PARTS: dict[str, Message] = {"sector": _("Sector"), "location": _("Location"), "talent": _("Talents")}
MOST_CAUSES = 3
MOST_CHANGES = 8
# As docs/matching.md, section 4, says of the way there.
FULL_MARK_MINUTES = 10
FALL = 0.8
INDENT = "  "


def account_lines(name: str, account: Account, *, is_allocated: bool = False) -> Iterator[str]:
    """Rows in = rows used + rows refused, then everything that was not used."""
    yield str(
        _(
            "%(name)s: rows in %(rows)s, used %(used)s, refused %(refused)s",
            name=name,
            rows=account.rows_in,
            used=account.rows_used,
            refused=account.rows_refused,
        )
    )
    for column in account.unknown_columns:
        yield INDENT + str(_("column %(column)s: not known, left out", column=column))
    for column in () if is_allocated else account.allocation_columns:
        yield INDENT + str(_("column %(column)s: only used with --allocate, left out", column=column))
    for refusal in account.refusals:
        place = _("line %(line)s, column %(column)s", line=refusal.line, column=refusal.column)
        yield f"{INDENT}{place}: {refusal.reason}"


def match_summary_lines(matches: Matches) -> Iterator[str]:
    """How many have something; who has nothing, with the commonest causes; how often each came first."""
    yield str(
        _(
            "suggestions: %(suggestions)s; youths with a suggestion: %(youths)s; with none: %(none)s",
            suggestions=matches.number,
            youths=matches.youths,
            none=len(matches.gaps),
        )
    )
    for gap in matches.gaps:
        causes = [{"code": cause.code, "offers": cause.offers} for cause in gap.causes[:MOST_CAUSES]]
        yield f"{INDENT}{gap.seeker_id}: {' '.join(map(cause_sentence, causes))}"
    first = Counter(gap.causes[0].code for gap in matches.gaps)
    for code, times in first.most_common():
        yield f"{INDENT}{times} × {rule_sentence(code)} [{code}]"


def explanation_lines(told: Told) -> Iterator[str]:
    explanation = told.explanation
    yield f"{explanation.seeker_id} × {explanation.offer_id}"
    if explanation.forbidden_by is not None:
        yield from _forbidden_lines(explanation)
        yield from _help_lines(told)
        return
    yield from _sector_lines(explanation)
    yield from _location_lines(explanation)
    yield from _talent_lines(explanation)
    yield from _score_lines(explanation)
    yield str(_("Reasons"))
    for reason in explanation.reasons:
        sentence = reason_sentence({"code": reason.code, "facts": dict(reason.facts)})
        yield f"{INDENT}{sentence} [{reason.code}]"
    yield from _place_lines(explanation)
    yield from _help_lines(told)


def _place_lines(explanation: Explanation) -> Iterator[str]:
    """Its place; when it is not proposed, the last that is, and what it lacks beside that one."""
    ranking = explanation.ranking
    assert ranking is not None, "an allowed pair has a place"
    yield str(
        _(
            "Place %(rank)s of the %(allowed)s offers that are possible. Lottery number: %(lottery)s",
            rank=ranking.rank,
            allowed=ranking.allowed,
            lottery=explanation.lottery,
        )
    )
    if ranking.short_in is None or ranking.last_score is None:
        return
    yield INDENT + str(
        _(
            "Not proposed: the last one that is, %(offer)s, has %(score)s.",
            offer=ranking.last_offer_id,
            score=decimal(ranking.last_score),
        )
    )
    yield f"{INDENT}{SHORT_IN[ranking.short_in]} [{ranking.short_in}, {decimal(ranking.short_points)}]"


def _help_lines(told: Told) -> Iterator[str]:
    if not told.changes:
        yield str(
            _(
                "What would help: no single change brings more within reach (within reach now: %(offers)s).",
                offers=told.in_reach,
            )
        )
        return
    yield str(_("What would help, one change at a time (within reach now: %(offers)s)", offers=told.in_reach))
    for change in told.changes[:MOST_CHANGES]:
        yield f"{INDENT}{change_sentence(change)} [{change['code']}: {change['best_offer']}]"


def _forbidden_lines(explanation: Explanation) -> Iterator[str]:
    """The first rule that forbids, then the others that would."""
    forbidding = [said for said in explanation.verdicts if said.verdict == "BLOCK"]
    for number, said in enumerate(forbidding):
        sentence = rule_sentence(said.rule, said.verdict, said.facts)
        facts = "; ".join(fact_words(said.rule, said.facts))
        line = f"{sentence} [{said.rule}, {source_name(said.source)}]{f': {facts}' if facts else ''}"
        yield str(_("Not possible: %(line)s", line=line)) if number == 0 else f"{INDENT}{line}"


def _sector_lines(explanation: Explanation) -> Iterator[str]:
    yield _part_line(explanation, "sector")
    if not explanation.wishes:
        yield INDENT + str(_("no wishes, so this part does not count"))
    for wish in explanation.wishes:
        worth = decimal(wish.worth * wish.likeness, 4)
        product = f"{decimal(wish.worth)} × {decimal(wish.likeness, 1)} = {worth}"
        yield f"{INDENT}{name_of(wish.wish)}: {product}"


def _location_lines(explanation: Explanation) -> Iterator[str]:
    yield _part_line(explanation, "location")
    mode = next(str(reason.facts["mode"]) for reason in explanation.reasons if "mode" in reason.facts)
    yield INDENT + str(
        _(
            "%(kilometres)s km: %(minutes)s minutes %(mode)s, at most %(limit)s",
            kilometres=decimal(explanation.kilometres, 3),
            minutes=explanation.minutes,
            mode=MODES[mode],
            limit=explanation.limit_minutes,
        )
    )
    assert explanation.minutes is not None, "an allowed pair has a journey"
    if FULL_MARK_MINUTES < explanation.minutes <= explanation.limit_minutes:
        passed = f"({explanation.minutes} - {FULL_MARK_MINUTES})"
        span = f"({explanation.limit_minutes} - {FULL_MARK_MINUTES})"
        yield f"{INDENT}1 - {decimal(FALL, 1)} × {passed} / {span}"


def _talent_lines(explanation: Explanation) -> Iterator[str]:
    yield _part_line(explanation, "talent")
    own, theirs = explanation.seeker_tags, explanation.offer_tags
    if not own:
        yield INDENT + str(_("no talents, so this part does not count"))
        return
    for side, tags in ((_("youth"), own), (_("offer"), theirs)):
        for tag in tags:
            yield f"{INDENT}{side}: {name_of(tag.tag)}, {_idf(tag, explanation.documents)}"
    shared = math.fsum(tag.weight**2 for tag in own if tag in theirs)
    if shared:
        yield f"{INDENT}{decimal(shared, 4)} / ({_length(own)} × {_length(theirs)})"


def _idf(tag: TagWeight, documents: int) -> str:
    return f"ln({1 + documents} / {1 + tag.documents}) + 1 = {decimal(tag.weight, 4)}"


def _length(tags: Sequence[TagWeight]) -> str:
    return decimal(math.sqrt(math.fsum(tag.weight**2 for tag in tags)), 4)


def _score_lines(explanation: Explanation) -> Iterator[str]:
    assert explanation.score is not None, "an allowed pair has a score"
    terms = " + ".join(f"{decimal(part.weight, 4)} × {decimal(part.value, 4)}" for part in explanation.parts)
    points = " + ".join(decimal(part.points) for part in explanation.parts)
    name = _("Score")
    yield f"{name} = {decimal(explanation.score)}"
    yield f"{INDENT}100 × ({terms}) = {points}"
    if any(part.given_weight != part.weight for part in explanation.parts):
        given = ", ".join(decimal(part.given_weight, 4) for part in explanation.parts)
        yield INDENT + str(
            _("The weights are %(given)s; a part that is silent gives its weight to the others.", given=given)
        )


def _part_line(explanation: Explanation, name: str) -> str:
    value = next(part.value for part in explanation.parts if part.name == name)
    return f"{PARTS[name]} = {decimal(value, 4)}"
