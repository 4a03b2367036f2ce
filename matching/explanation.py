"""One pair laid open: the arithmetic of its score, or the rule that forbids it, as numbers, codes and facts.

Exact: the numbers are those of the run, computed by the same functions.
"""

import numpy as np

from matching.eligibility import check_pair, first_block, journey_of, limit_for
from matching.geography import kilometres
from matching.nouns import (
    WISHES_THAT_COUNT,
    Explanation,
    Offer,
    Part,
    Reason,
    Seeker,
    TagWeight,
    WishWorth,
)
from matching.problem import Problem
from matching.reasons import Way, reasons_for
from matching.suggesting import Run
from matching.taxonomy import RANK_WORTH


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
    score = None
    if forbidden_by is None and journey.minutes is not None and journey.mode is not None:
        shared = run.features.rarest_first(seeker.tags & offer.tags)
        way = Way(journey.minutes, journey.mode.value, limit)
        parts = block.parts(0, column)
        wishes = _wish_worths(run, seeker, offer)
        reasons = reasons_for(seeker, offer, parts, way, shared, run.features.taxonomy, verdicts)
        score = float(block.scores[0, column])
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
    )


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
