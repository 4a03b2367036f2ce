"""Whom no new position could help, and why: an age, a period that is over, a limit that leads nowhere."""

from collections.abc import Iterator

from service.core.i18n import _
from service.exchange.engine import Given, RuleVerdict
from service.exchange.fact_wording import fact_words
from service.matchmaking.wording import rule_sentence

INDENT = "  "
MOST_LINES = 20


def unhelped_lines(given: Given) -> Iterator[str]:
    """A line for each of them, as far as a rule is known."""
    asked, problem = given.recruiting, given.allocation.problem
    unhelped = set(asked.unhelped) if asked else set()
    told = [(one.id, one.obstacle) for one in problem.applicants if one.obstacle and one.id in unhelped]
    for youth, said in told[:MOST_LINES]:
        yield f"{INDENT}{youth}: {obstacle_sentence(said)}"
    if len(told) > MOST_LINES:
        yield INDENT + str(_("and %(more)s more", more=len(told) - MOST_LINES))


def obstacle_sentence(said: RuleVerdict) -> str:
    """The rule with its facts; of travel, which limit would do."""
    if said.rule != "R-1":
        facts = "; ".join(fact_words(said.rule, said.facts))
        return f"{rule_sentence(said.rule)} [{said.rule}]{f': {facts}' if facts else ''}"
    if "would_do" in said.facts:
        return str(
            _(
                "With at most %(limit)s minutes on the way no place can be reached;"
                " with %(would_do)s minutes one can. [R-1]",
                limit=said.facts["limit"],
                would_do=said.facts["would_do"],
            )
        )
    return str(
        _(
            "With at most %(limit)s minutes on the way no place can be reached. [R-1]",
            limit=said.facts["limit"],
        )
    )
