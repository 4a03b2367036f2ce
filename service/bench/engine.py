"""To and from the engine: what is measured of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import matching
from service.bench.invented import SEED, Crowd
from service.bench.sizes import APPOINTMENTS
from service.exchange.engine import offer_of, problem_of, seeker_of
from service.reference.engine import vocabulary

ON = date(2027, 1, 10)
TOP = 20

Answer = matching.Answer
Market = matching.Market
Policy = matching.Policy

Rows = Iterable[Mapping[str, Any]]


def problem(youths: Rows, offers: Rows) -> matching.Problem:
    return problem_of(youths, offers, on=ON, seed=SEED, top=TOP, weights=matching.Weights())


def suggest(asked: matching.Problem) -> Answer:
    return matching.suggest(asked)


def market(youths: Rows, offers: Rows) -> Market:
    frame = problem([], [])
    return Market.from_rows(frame, (seeker_of(row) for row in youths), (offer_of(row) for row in offers))


def compile_kernel(youths: Sequence[Mapping[str, Any]], offers: Sequence[Mapping[str, Any]]) -> None:
    """The first call of the ranking, which compiles it where that was never done."""
    matching.rank(market(youths, offers))


def rank(asked: Market, cores: int) -> matching.Ranked:
    return matching.rank(asked, workers=cores)


def index(asked: Market, ranked: matching.Ranked) -> matching.Index:
    return matching.Index(asked, ranked)


def list_of(known: matching.Index, youth: Mapping[str, Any]) -> int:
    """How long the list of one youth is, as if he just filled in his profile."""
    return len(known.best_for(seeker_of(youth)))


def entered_by(known: matching.Index, offer: Mapping[str, Any]) -> int:
    """How many lists an offer enters, as if it were just published."""
    return len(known.entered_by(replace(offer_of(offer), id=f"new {offer['external_id']}")))


def allocation_problem(crowd: Crowd, policy: Policy) -> matching.AllocationProblem:
    capacities = enumerate(crowd.positions.tolist())
    listed = zip(crowd.offers.tolist(), crowd.worth.tolist(), strict=True)
    return matching.AllocationProblem.of(
        applicants=[matching.Applicant(f"s{row}") for row in range(len(crowd.offers))],
        capacities=[matching.Capacity(f"o{row}", f"h{row}", positions) for row, positions in capacities],
        candidates=[
            matching.Candidate(f"s{row}", f"o{offer}", float(worth))
            for row, (offers, worths) in enumerate(listed)
            for offer, worth in zip(offers, worths, strict=True)
        ],
        seed=SEED,
        policy=policy,
    )


def allocate(asked: matching.AllocationProblem) -> matching.Allocation:
    return matching.allocate(asked)


def timetable_problem(crowd: Crowd) -> matching.TimetableProblem:
    """Everybody meets the hosts of his best candidates, one at a time."""
    meetings = [
        (row, offer) for row, offers in enumerate(crowd.offers.tolist()) for offer in offers[:APPOINTMENTS]
    ]
    return matching.TimetableProblem.of(
        visitors=[matching.Visitor(f"s{row}") for row in range(len(crowd.offers))],
        stands=[matching.Stand(f"o{row}") for row in range(len(crowd.positions))],
        appointments=[matching.Appointment(f"s{row}", f"o{offer}") for row, offer in meetings],
        seed=SEED,
    )


def schedule(asked: matching.TimetableProblem) -> matching.Timetable:
    return matching.schedule(asked)


def worth_of(allocation: matching.Allocation) -> int:
    """What was given out together, in thousandths of everybody's best."""
    return sum(round(placing.value * 1000) for placing in allocation.placings)


def read_phrases(phrases: Iterable[str]) -> int:
    """How many words were understood."""
    words = vocabulary()
    return sum(reading.tag is not None for phrase in phrases for reading in words.read(phrase))
