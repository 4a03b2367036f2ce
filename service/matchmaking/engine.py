"""To and from the engine: rows become a problem, an answer becomes rows.

The engine's heavy parts load on first use, which happens in the worker only; so names are reached through the
package and not imported one by one.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import matching
from service.offers.models import Offer
from service.programmes.models import Programme
from service.reference.engine import engine_places, engine_sectors, engine_tags
from service.youth.models import Youth

EngineFault = matching.MatchingError
MOST_FAULTS_KEPT = 20


class Stopped(Exception):
    """Somebody pressed the stop button."""


@dataclass(frozen=True)
class ClassMaterial:
    """A class that seeks as one: its members and where it leaves from."""

    class_id: UUID
    members: Sequence[Youth]


@dataclass(frozen=True)
class Material:
    """Everything a run needs, read in one go, so that the database is free while the engine works."""

    programme: Programme
    youths: Sequence[Youth]
    offers: Sequence[Offer]
    school_pc4: Mapping[UUID, str]
    on: date
    youths_elsewhere: Sequence[Youth] = ()
    """Asked for, but on none of these days available: there is nothing to compute for them."""
    classes: Sequence[ClassMaterial] = ()
    blocked: frozenset[tuple[UUID, UUID]] = frozenset()
    top: int = 5
    period: tuple[date, date] | None = None
    """The days a school asked for."""


def load() -> None:
    """The engine's heavy parts, which take seconds in a fresh process: before a lease runs, not during it."""
    assert callable(matching.suggest)


def problem_of(material: Material) -> "matching.Problem":
    programme = material.programme
    seekers = [_youth_seeker(youth, material) for youth in material.youths]
    seekers += [_class_seeker(group, material) for group in material.classes]
    return matching.Problem.of(
        seekers=seekers,
        offers=[offer_of(offer) for offer in material.offers],
        sectors=engine_sectors(),
        tags=engine_tags(),
        places=engine_places(),
        on=material.on,
        seed=programme.lottery_seed,
        weights=matching.Weights(programme.sector_weight, programme.location_weight, programme.talent_weight),
        top=material.top,
        limits=limits_of(programme),
        blocked=[(str(seeker), str(offer)) for seeker, offer in material.blocked],
    )


def suggest(
    problem: "matching.Problem", progress: Callable[[int, int], None], stop: Callable[[], bool]
) -> "matching.Answer":
    try:
        return matching.suggest(problem, progress=progress, stop=stop)
    except matching.RunStopped as error:
        raise Stopped from error


def used_weights(problem: "matching.Problem", seeker_id: str) -> dict[str, float]:
    """The weights after the silent parts gave theirs away."""
    weights = problem.weights.for_seeker(problem.seeker(seeker_id))
    return {"sector": weights.sector, "location": weights.location, "talent": weights.talent}


def plain_reasons(reasons: Sequence["matching.Reason"]) -> list[dict[str, Any]]:
    return [{"code": reason.code, "facts": _plain_facts(reason.facts)} for reason in reasons]


def plain_causes(gap: "matching.Gap") -> list[dict[str, Any]]:
    return [{"code": cause.code, "offers": cause.offers, "alone": cause.alone} for cause in gap.causes]


def output_hash(answer: "matching.Answer") -> str:
    """Equal for two runs exactly when their suggestions are equal."""
    rows = [
        (one.seeker_id, one.offer_id, one.rank, repr(one.score), plain_reasons(one.reasons))
        for one in answer.suggestions
    ]
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()


def _plain_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in facts.items()}


def limits_of(programme: Programme) -> "matching.Limits":
    return matching.Limits(
        min_age=programme.lowest_age, max_age=programme.highest_age, **programme.travel_limits
    )


def _youth_seeker(youth: Youth, material: Material) -> "matching.Seeker":
    seeker = seeker_of(youth, material.school_pc4.get(youth.school_id, ""))
    if material.period is None:
        return seeker
    first, last = material.period
    return replace(
        seeker,
        available_from=max(first, seeker.available_from or first),
        until=min(last, seeker.until or last),
    )


def seeker_of(youth: Youth, school_pc4: str) -> "matching.Seeker":
    """A youth as the engine sees him; without a postcode he leaves from school."""
    return matching.Seeker(
        id=str(youth.id),
        pc4=youth.pc4 or school_pc4,
        birth=(youth.birth_year, youth.birth_month),
        track=matching.Track(youth.track) if youth.track else None,
        profile=matching.Profile(youth.profile) if youth.profile else None,
        crebo=youth.crebo,
        level=youth.level,
        year=youth.year,
        modes=frozenset(matching.TravelMode(mode) for mode in youth.modes),
        max_minutes=youth.max_minutes,
        wishes=tuple(youth.wishes),
        tags=frozenset(youth.tags),
        kinds=frozenset(matching.Kind(kind) for kind in youth.kinds),
        available_from=youth.available_from,
        until=youth.available_until,
        weekdays=frozenset(youth.weekdays),
    )


def _class_seeker(group: ClassMaterial, material: Material) -> "matching.Seeker":
    """A class travels from its school, in the days the school asked for."""
    schools = material.school_pc4
    school_pc4 = schools.get(group.members[0].school_id, "")
    members = [seeker_of(youth, school_pc4) for youth in group.members]
    first, last = material.period or (None, None)
    return matching.class_seeker(
        str(group.class_id),
        school_pc4,
        members,
        seed=material.programme.lottery_seed,
        available_from=first,
        until=last,
    )


def offer_of(offer: Offer) -> "matching.Offer":
    """An offer as the engine sees it, with the positions that are left."""
    applying = frozenset(matching.Hazard(code) for code, applies in offer.hazards.items() if applies)
    return matching.Offer(
        id=str(offer.id),
        kind=matching.Kind(offer.kind),
        pc4=offer.pc4,
        sectors=tuple(offer.sectors),
        tags=frozenset(offer.tags),
        positions=offer.positions_left,
        starts_on=offer.starts_on,
        ends_on=offer.ends_on,
        hours_per_day=offer.hours_per_day,
        starts_at=offer.starts_at,
        ends_at=offer.ends_at,
        weekdays=frozenset(offer.weekdays),
        tracks=frozenset(matching.Track(track) for track in offer.tracks),
        profiles=frozenset(matching.Profile(profile) for profile in offer.profiles),
        levels=frozenset(offer.levels),
        crebos=frozenset(offer.crebos),
        hazards=applying if offer.hazards else None,
        unanswered=frozenset(hazard for hazard in matching.Hazard if hazard.value not in offer.hazards),
        supervised=offer.supervised,
        observe_only=offer.observe_only,
        on_school_ground=offer.on_school_ground,
    )


def plain_faults(error: EngineFault) -> list[str]:
    """Which rows and fields were refused: ids and codes, nothing personal."""
    faults = error.faults if isinstance(error, matching.InvalidProblem) else ()
    return [f"{fault.row} {fault.field} {fault.code}" for fault in faults[:MOST_FAULTS_KEPT]]


def plain_numbers(answer: "matching.Answer") -> dict[str, int]:
    return asdict(answer.numbers)
