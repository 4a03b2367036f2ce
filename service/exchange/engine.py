"""Rows of files to the engine's problem, and its answers; the heavy parts load only when a run is asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import matching
from service.reference.engine import engine_places, engine_sectors, engine_tags

Answer = matching.Answer
Explanation = matching.Explanation
Problem = matching.Problem
TagWeight = matching.TagWeight
Weights = matching.Weights


@dataclass(frozen=True, slots=True)
class Told:
    """One pair laid open, and its place among all offers that may be suggested to this youth."""

    explanation: Explanation
    rank: int | None
    allowed: int


def weights_of(numbers: Iterable[float]) -> Weights | None:
    """The weights of sector, location and talent, or None when they cannot be that."""
    try:
        sector, location, talent = numbers
        return Weights(sector, location, talent)
    except (ValueError, matching.InvalidProblem):
        return None


def problem_of(
    youths: Iterable[Mapping[str, Any]],
    offers: Iterable[Mapping[str, Any]],
    *,
    on: date,
    seed: int,
    top: int,
    weights: Weights,
) -> Problem:
    return Problem.of(
        seekers=[_seeker(row) for row in youths],
        offers=[_offer(row) for row in offers],
        sectors=engine_sectors(),
        tags=engine_tags(),
        places=engine_places(),
        on=on,
        seed=seed,
        top=top,
        weights=weights,
    )


def version() -> str:
    """Of the engine: who computes together must have the same."""
    return matching.ENGINE_VERSION


def suggest(problem: Problem, *, shards: int | None = None) -> Answer:
    return matching.suggest(problem, shards=shards)


def explain(problem: Problem, youth: str, offer: str) -> Told:
    """`problem` holds all offers, of which the talent part depends, and asks for as long a list."""
    listed = matching.suggest(problem).suggestions
    rank = next((one.rank for one in listed if (one.seeker_id, one.offer_id) == (youth, offer)), None)
    allowed = sum(one.seeker_id == youth for one in listed)
    return Told(matching.explain(problem, youth, offer), rank, allowed)


def _seeker(row: Mapping[str, Any]) -> matching.Seeker:
    return matching.Seeker(
        id=row["external_id"],
        pc4=row["pc4"],
        birth=row["birth"],
        track=matching.Track(row["track"]) if "track" in row else None,
        profile=matching.Profile(row["profile"]) if "profile" in row else None,
        crebo=row.get("crebo"),
        level=row.get("level"),
        year=row.get("year"),
        modes=frozenset(matching.TravelMode(mode) for mode in row.get("travel", ())),
        max_minutes=row.get("max_minutes"),
        wishes=row.get("wishes", ()),
        tags=frozenset(row.get("tags", ())),
        kinds=frozenset(matching.Kind(kind) for kind in row.get("kinds", ())),
        available_from=row.get("from"),
        until=row.get("until"),
    )


def _offer(row: Mapping[str, Any]) -> matching.Offer:
    hazards = row.get("hazards")
    return matching.Offer(
        id=row["external_id"],
        kind=matching.Kind(row["kind"]),
        pc4=row["pc4"],
        sectors=row.get("sectors", ()),
        tags=frozenset(row.get("tags", ())),
        positions=row.get("positions", 1),
        starts_on=row.get("from"),
        ends_on=row.get("until"),
        hours_per_day=row.get("hours_per_day"),
        starts_at=row.get("starts_at"),
        ends_at=row.get("ends_at"),
        weekdays=frozenset(row.get("weekdays", ())),
        tracks=frozenset(matching.Track(track) for track in row.get("tracks", ())),
        levels=frozenset(row.get("levels", ())),
        crebos=frozenset(row.get("crebos", ())),
        hazards=None if hazards is None else frozenset(matching.Hazard(code) for code in hazards),
        supervised=row.get("supervised", False),
    )
