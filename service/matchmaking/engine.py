"""To and from the engine: rows become a problem, an answer becomes rows.

The engine's heavy parts load on first use, which happens in the worker only; so names are reached through the
package and not imported one by one.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
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
FEW = 3
"""Whoever has fewer proposals than this is told what would help."""
MOST_CHANGES_KEPT = 8
ALLOCATION_SECONDS = 20.0
"""A region takes two; whatever is found by then keeps every rule, and the certificate says what it is."""

MOST_PAIRS = 2_000_000
"""Of so many youths times offers all that is allowed is given out: 7 s and 1.4 GiB where nothing forbids."""
FEWEST_EACH = 20
"""Of more pairs so many of each youth are looked at, or more where that keeps within as many in all."""
_MOST_CREDIT = 255

NO_ROOM = "C-1"
ASKED_ENOUGH = "asked_enough"
"""The cause when a host has been asked as often this month as he wants: the engine sees that as no room."""

Pair = tuple[UUID, UUID]
"""A youth and an offer."""


class Stopped(Exception):
    """Somebody pressed the stop button."""


Helped = tuple[UUID, int, list[dict[str, Any]]]
"""A seeker or an offer, how much is in its reach, and the changes that would bring more."""


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
    asked_enough: frozenset[UUID] = frozenset()
    """Offers of hosts who are asked no more this month: nobody is proposed them, and the cause is told."""
    top: int = 5
    period: tuple[date, date] | None = None
    """The days a school asked for."""


@dataclass(frozen=True)
class Terms:
    """What an allocation is bound by: whose each offer is, what is left, and earlier luck."""

    hosts: Mapping[UUID, UUID]
    maxima: Mapping[UUID, int]
    caps: Mapping[UUID, int]
    credit: Mapping[UUID, int]
    previous: frozenset[Pair] | None


@dataclass(frozen=True)
class Standing:
    """The proposals of an earlier run, with their scores, and which of them are made as things stand.

    Who moves up is sought among these, for only what was proposed becomes somebody's turn.
    """

    candidates: tuple[tuple[Pair, float], ...]
    made: frozenset[Pair]
    fixed: frozenset[Pair]
    terms: Terms
    seed: int


def load() -> None:
    """The engine's heavy parts, which take seconds in a fresh process: before a lease runs, not during it."""
    assert callable(matching.suggest)
    assert callable(matching.allocate)


def problem_of(material: Material) -> "matching.Problem":
    programme = material.programme
    seekers = [_youth_seeker(youth, material) for youth in material.youths]
    seekers += [_class_seeker(group, material) for group in material.classes]
    return matching.Problem.of(
        seekers=seekers,
        offers=[_offer_now(offer, material) for offer in material.offers],
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


def candidates_each(problem: "matching.Problem") -> int | None:
    """How many of each youth's best an allocation looks at; None: every one that no rule forbids."""
    if len(problem.seekers) * len(problem.offers) <= MOST_PAIRS:
        return None
    return max(FEWEST_EACH, problem.top, MOST_PAIRS // len(problem.seekers))


def suggest(
    problem: "matching.Problem", progress: Callable[[int, int], None], stop: Callable[[], bool]
) -> "matching.Answer":
    try:
        return matching.suggest(problem, progress=progress, stop=stop)
    except matching.RunStopped as error:
        raise Stopped from error


def allocate(
    problem: "matching.Problem", terms: Terms, stop: Callable[[], bool]
) -> "matching.Allocation | None":
    """Who gets what, fairly; None when classes seek, for they take an offer as one.

    Among all that is allowed and not only what is proposed, so that nobody is left out while there is room.
    """
    if any(seeker.is_class for seeker in problem.seekers):
        return None
    asked = _scarce(problem, terms)
    try:
        return matching.allocate(asked, limit_seconds=ALLOCATION_SECONDS, stop=stop)
    except matching.RunStopped as error:
        raise Stopped from error


def _scarce(problem: "matching.Problem", terms: Terms) -> "matching.AllocationProblem":
    """Who asks for positions, and which there are, without what is spoken for."""
    hosts = {str(offer): str(host) for offer, host in terms.hosts.items()}
    # Positions of a visit are for a whole class, so nobody is to wonder why they stay empty.
    of_classes = {offer.id for offer in problem.offers if offer.kind.is_group}
    capacities = [
        replace(capacity, maximum=min(capacity.maximum, terms.maxima[UUID(capacity.offer_id)]))
        for capacity in matching.capacities_of(problem, hosts)
        if capacity.offer_id not in of_classes
    ]
    return matching.AllocationProblem.of(
        applicants=matching.applicants_of(problem, credit=_credit(terms)),
        capacities=capacities,
        candidates=matching.possible_candidates(problem, most_each=candidates_each(problem)),
        host_caps=_caps(terms),
        previous=None if terms.previous is None else _texts(terms.previous),
        seed=problem.seed,
    )


def proposals(
    problem: "matching.Problem", answer: "matching.Answer", allocation: "matching.Allocation | None"
) -> list["matching.Suggestion"]:
    """What the run proposes, and what is meant for somebody from further down his list, with its place."""
    listed = list(answer.suggestions)
    if allocation is None:
        return listed
    further = set(allocation.pairs) - {(one.seeker_id, one.offer_id) for one in listed}
    return [*listed, *matching.suggestions_of(problem, sorted(further))]


def _credit(terms: Terms) -> dict[str, int]:
    return {str(youth): min(times, _MOST_CREDIT) for youth, times in terms.credit.items()}


def _caps(terms: Terms) -> dict[str, int]:
    return {str(host): cap for host, cap in terms.caps.items()}


def _texts(pairs: Iterable[Pair]) -> list[tuple[str, str]]:
    return [(str(youth), str(offer)) for youth, offer in pairs]


def plain_allocation(problem: "matching.Problem", allocation: "matching.Allocation") -> dict[str, Any]:
    """The numbers of an allocation and what proves it, without anybody's name."""
    certificate = allocation.certificate
    return {
        **asdict(allocation.numbers),
        "left_out": len(allocation.left_out),
        "is_rerun": allocation.problem.previous is not None,
        "solver": certificate.solver.value,
        "is_optimal": certificate.is_optimal,
        "is_out_of_time": certificate.is_out_of_time,
        "limit_seconds": certificate.limit_seconds,
        "reached": [asdict(one) for one in certificate.reached],
        "candidates_each": _proven_among(problem, allocation.problem),
    }


def _proven_among(problem: "matching.Problem", asked: "matching.AllocationProblem") -> int | None:
    """Of how many of each youth's best a proof speaks; None: of all that no rule forbids."""
    each = candidates_each(problem)
    most = max(Counter(one.seeker_id for one in asked.candidates).values(), default=0)
    return None if each is None or most < each else each


def successors(standing: Standing, pair: Pair) -> list[tuple[UUID, UUID, UUID | None]]:
    """Who moves up when this pair falls away: the youth, the offer he gets, the one he leaves for it."""
    made = matching.resumed(_standing_problem(standing), tuple(_texts(sorted(standing.made))))
    succession = matching.cancel(made, str(pair[0]), str(pair[1]))
    return [
        (UUID(move.seeker_id), UUID(move.to_offer), UUID(move.from_offer) if move.from_offer else None)
        for move in succession.moves
    ]


def why_not_allocated(material: Material, terms: Terms, pair: Pair) -> dict[str, Any] | None:
    """Which aim of a fair allocation would get worse with this pair, as things stand; codes and counts.

    None for a pair that such an allocation does not look at, as it is of another kind or period.
    """
    problem = problem_of(replace(material, classes=()))
    asked, (youth, offer) = _scarce(problem, terms), map(str, pair)
    if (youth, offer) not in asked.candidate_rows:
        return None
    allocation = matching.allocate(asked, limit_seconds=ALLOCATION_SECONDS)
    told = asdict(matching.withheld(allocation, youth, offer, limit_seconds=ALLOCATION_SECONDS))
    told["in_the_way"] = list(told["in_the_way"])
    told["candidates_each"] = _proven_among(problem, asked)
    return {name: value for name, value in told.items() if name not in {"seeker_id", "offer_id"}}


def _standing_problem(standing: Standing) -> "matching.AllocationProblem":
    terms = standing.terms
    credit = _credit(terms)
    youths = sorted({youth for (youth, _offer), _score in standing.candidates})
    return matching.AllocationProblem.of(
        applicants=[matching.Applicant(str(youth), credit=credit.get(str(youth), 0)) for youth in youths],
        capacities=[
            matching.Capacity(str(offer), str(host), terms.maxima[offer])
            for offer, host in terms.hosts.items()
        ],
        candidates=[
            matching.Candidate(str(youth), str(offer), score) for (youth, offer), score in standing.candidates
        ],
        host_caps=_caps(terms),
        locked=_texts(standing.fixed),
        previous=None if terms.previous is None else _texts(terms.previous),
        seed=standing.seed,
    )


def help_for_seekers(
    problem: "matching.Problem", answer: "matching.Answer", allocation: "matching.Allocation | None"
) -> list[Helped]:
    """What would help who has few proposals, or no position: the seeker, what is in reach, the changes."""
    proposals = Counter(one.seeker_id for one in answer.suggestions)
    asking = {seeker.id for seeker in problem.seekers if proposals[seeker.id] < FEW}
    asking |= set(allocation.left_out) if allocation else set()
    return [
        (
            UUID(found.seeker_id),
            found.in_reach,
            [_plain_change(change) for change in found.changes[:MOST_CHANGES_KEPT]],
        )
        for found in matching.what_would_help(problem, asking)
    ]


def help_for_offers(
    problem: "matching.Problem", proposed: Iterable["matching.Suggestion"], kinds: Sequence[str]
) -> list[Helped]:
    """What would help offers that nobody is proposed: how many are in reach, and the changes, as counts."""
    offers = {one.offer_id for one in proposed}
    asking = [offer.id for offer in problem.offers if offer.positions and offer.id not in offers]
    return [
        (
            UUID(found.offer_id),
            found.in_reach,
            [
                {"code": change.code.value, "facts": _plain_facts(change.facts), "youths": change.seekers}
                for change in found.changes
                if change.facts.get("kind") in {None, *kinds}
            ][:MOST_CHANGES_KEPT],
        )
        for found in matching.what_would_help_hosts(problem, asking)
    ]


def _plain_change(change: "matching.HelpfulChange") -> dict[str, Any]:
    return {
        "code": change.code.value,
        "facts": _plain_facts(change.facts),
        "offers": change.offers,
        "positions": change.positions,
        "wished": change.wished,
        "lost": change.lost,
        "best_offer": change.gained[0],
        "best_score": change.best_score,
    }


def explain(problem: "matching.Problem", youth_id: UUID, offer_id: UUID) -> dict[str, Any]:
    """One pair laid open: the rule that forbids it, or its score, its reasons and its place in the list."""
    told = matching.explain(problem, str(youth_id), str(offer_id))
    forbidding = [_plain_verdict(said) for said in told.verdicts if said.verdict is matching.Verdict.BLOCK]
    ranking = told.ranking
    return {
        "forbidding": forbidding,
        "kilometres": told.kilometres,
        "minutes": told.minutes,
        "limit_minutes": told.limit_minutes,
        "score": told.score,
        "parts": [asdict(part) for part in told.parts],
        "reasons": plain_reasons(told.reasons),
        "ranking": None
        if ranking is None
        else {
            "rank": ranking.rank,
            "above": ranking.above,
            "allowed": ranking.allowed,
            "is_proposed": ranking.is_proposed,
            "last_score": ranking.last_score,
            "last_parts": [asdict(part) for part in ranking.last_parts],
            "short_in": ranking.short_in,
            "short_points": ranking.short_points,
        },
    }


def explain_as_if_free(material: Material, youth_id: UUID, offer: Offer) -> dict[str, Any]:
    """The same of an offer a run does not look at, as if it had a position; it has no place in a list."""
    others = [one for one in material.offers if one.id != offer.id]
    problem = problem_of(
        replace(material, offers=[*others, offer], asked_enough=material.asked_enough - {offer.id})
    )
    offers = tuple(
        replace(one, positions=max(1, one.positions)) if one.id == str(offer.id) else one
        for one in problem.offers
    )
    return {**explain(replace(problem, offers=offers), youth_id, offer.id), "ranking": None}


def _plain_verdict(said: "matching.RuleVerdict") -> dict[str, Any]:
    return {"rule": said.rule, "source": said.source, "facts": _plain_facts(said.facts)}


def used_weights(problem: "matching.Problem", seeker_id: str) -> dict[str, float]:
    """The weights after the silent parts gave theirs away."""
    weights = problem.weights.for_seeker(problem.seeker(seeker_id))
    return {"sector": weights.sector, "location": weights.location, "talent": weights.talent}


def plain_reasons(reasons: Sequence["matching.Reason"]) -> list[dict[str, Any]]:
    return [{"code": reason.code, "facts": _plain_facts(reason.facts)} for reason in reasons]


def plain_causes(gap: "matching.Gap", material: Material) -> list[dict[str, Any]]:
    is_cap = _only_caps_take_room(material, UUID(gap.seeker_id))
    return [
        {
            "code": ASKED_ENOUGH if is_cap and cause.code == NO_ROOM else cause.code,
            "offers": cause.offers,
            "alone": cause.alone,
        }
        for cause in gap.causes
    ]


def _only_caps_take_room(material: Material, seeker_id: UUID) -> bool:
    """Whether every other offer has room for this youth or this whole class."""
    members = {group.class_id: len(group.members) for group in material.classes}
    return bool(material.asked_enough) and all(
        offer.positions_left >= members.get(seeker_id, 1)
        for offer in material.offers
        if offer.id not in material.asked_enough
    )


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


def _offer_now(offer: Offer, material: Material) -> "matching.Offer":
    """A host who has had enough this month has no room, whatever is left."""
    known = offer_of(offer)
    return replace(known, positions=0) if offer.id in material.asked_enough else known


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
