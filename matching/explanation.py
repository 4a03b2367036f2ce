"""One pair laid open: the arithmetic of its score, or the rule that forbids it, as numbers, codes and facts.

Exact: the numbers are those of the run, computed by the same functions. Growth: that of a run for one seeker,
for its place is known only among all offers that are allowed.
"""

import numpy as np

from matching.eligibility import check_pair, first_block, journey_of, limit_for
from matching.geography import kilometres
from matching.nouns import (
    WISHES_THAT_COUNT,
    Explanation,
    Offer,
    Part,
    Ranking,
    Reason,
    Seeker,
    TagWeight,
    WishWorth,
)
from matching.problem import Problem
from matching.reasons import Way, reasons_for, rule_reasons
from matching.suggesting import Block, Run
from matching.taxonomy import RANK_WORTH
from matching.topk import best, spread

# Why an offer comes after the last one proposed, where no part of the score says so.
SPREAD, LOTTERY = "spread", "lottery"


def explain(problem: Problem, seeker_id: str, offer_id: str) -> Explanation:
    """Why this offer has this score for this seeker, or why it has none; an unknown id is InvalidProblem.

    The talent part depends on all offers of the problem (TF-IDF), so the same problem must be given as to
    `suggest`.
    """
    row, column = problem.seeker_row(seeker_id), problem.offer_row(offer_id)
    seeker, offer = problem.seekers[row], problem.offers[column]
    verdicts = check_pair(
        seeker,
        offer,
        on=problem.on,
        places=problem.places,
        limits=problem.limits,
        is_blocked=(seeker_id, offer_id) in problem.blocked,
        law=problem.law,
    )
    run = Run(problem)
    block = run.block(np.array([row], dtype=np.intp))
    journey = journey_of(seeker, offer, problem.on, problem.places, problem.limits)
    limit = limit_for(seeker, problem.on, problem.limits)
    forbidden_by = first_block(verdicts)
    parts: tuple[Part, ...] = ()
    wishes: tuple[WishWorth, ...] = ()
    reasons: tuple[Reason, ...] = ()
    score = ranking = None
    if forbidden_by is None and journey.minutes is not None and journey.mode is not None:
        shared = run.features.rarest_first(seeker.tags & offer.tags)
        way = Way(journey.minutes, journey.mode.value, limit)
        parts = block.parts(0, column)
        wishes = _wish_worths(run, seeker, offer)
        reasons = reasons_for(
            seeker, offer, parts, way, shared, run.features.taxonomy, rule_reasons(verdicts)
        )
        score = float(block.scores[0, column])
        ranking = _ranking(run, block, seeker, column)
    return Explanation(
        seeker_id=seeker_id,
        offer_id=offer_id,
        verdicts=tuple(verdicts),
        forbidden_by=forbidden_by,
        kilometres=kilometres(problem.places[seeker.pc4], problem.places[offer.pc4]),
        minutes=journey.minutes,
        limit_minutes=limit,
        score=score,
        parts=parts,
        wishes=wishes,
        documents=len(problem.tags) + len(problem.offers) if parts else 0,
        seeker_tags=_tag_weights(run, seeker.tags) if parts else (),
        offer_tags=_tag_weights(run, offer.tags) if parts else (),
        reasons=reasons,
        lottery=int(block.lots[0, column]),
        ranking=ranking,
    )


def _ranking(run: Run, block: Block, seeker: Seeker, column: int) -> Ranking:
    """The place of an allowed offer, in the order in which the run proposes."""
    allowed, scores, drawn = block.screened.allowed[0], block.scores[0], block.lots[0]
    count, top = int(allowed.sum()), run.problem.top
    order = (
        best(allowed, scores, drawn, count)
        if seeker.wishes
        else spread(allowed, scores, drawn, run.main_sectors, count)
    ).tolist()
    rank = order.index(column) + 1
    if rank <= top:
        return Ranking(rank, count, is_proposed=True)
    last = order[top - 1]
    last_parts = block.parts(0, last)
    if not seeker.wishes and _turn(run, order, rank - 1) > _turn(run, order, top - 1):
        short_in, points = SPREAD, 0.0
    elif scores[column] == scores[last]:
        short_in, points = LOTTERY, 0.0
    else:
        short_in, points = _shortfall(block.parts(0, column), last_parts)
    return Ranking(
        rank=rank,
        allowed=count,
        is_proposed=False,
        last_offer_id=run.problem.offers[last].id,
        last_score=float(scores[last]),
        last_parts=last_parts,
        short_in=short_in,
        short_points=points,
    )


def _turn(run: Run, order: list[int], place: int) -> int:
    """How many offers of the same main sector come before the one that stands here in a spread list."""
    sectors: list[int] = run.main_sectors[order[: place + 1]].tolist()
    return sectors[:-1].count(sectors[-1])


def _shortfall(own: tuple[Part, ...], others: tuple[Part, ...]) -> tuple[str, float]:
    """The part in which most points are lost, and how many."""
    lost = [(other.points - part.points, part.name) for part, other in zip(own, others, strict=True)]
    points, name = max(lost, key=lambda one: one[0])
    return name, points


def _wish_worths(run: Run, seeker: Seeker, offer: Offer) -> tuple[WishWorth, ...]:
    return tuple(
        WishWorth(wish, worth, run.features.taxonomy.likeness(wish, offer).value)
        for wish, worth in zip(seeker.wishes[:WISHES_THAT_COUNT], RANK_WORTH, strict=False)
    )


def _tag_weights(run: Run, tags: frozenset[str]) -> tuple[TagWeight, ...]:
    # Each word of the vocabulary is a document of its own, beside the offers that have it.
    return tuple(
        TagWeight(tag, 1 + sum(tag in offer.tags for offer in run.problem.offers), run.features.weight(tag))
        for tag in run.features.rarest_first(tags)
    )
