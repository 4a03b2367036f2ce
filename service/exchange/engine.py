"""Rows of files to the engine's problem, and its answers; the heavy parts load only when a run is asked."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import matching
from service.reference.engine import engine_places, engine_sectors, engine_tags

if TYPE_CHECKING:  # Their homes load numpy.
    BlockingSet = matching.BlockingSet
    Bottlenecks = matching.Bottlenecks
    JointNeed = matching.JointNeed
    Outline = matching.Outline
    OutlinedGap = matching.OutlinedGap
    Outlines = matching.Outlines
    Recruit = matching.Recruit
    RecruitingList = matching.RecruitingList
    Reserve = matching.Reserve
    Timetable = matching.Timetable
    TimetableCertificate = matching.TimetableCertificate

Allocation = matching.Allocation
Certificate = matching.Certificate
Change = matching.Change
Explanation = matching.Explanation
Fault = matching.Fault
InvalidProblem = matching.InvalidProblem
OutOfTime = matching.OutOfTime
Placing = matching.Placing
Problem = matching.Problem
Reached = matching.Reached
RuleVerdict = matching.RuleVerdict
TagWeight = matching.TagWeight
Weights = matching.Weights

POLICIES = tuple(policy.value for policy in matching.Policy)
MOST_WANTED = matching.MOST_WANTED
MOST_ROUNDS = matching.MOST_ROUNDS
# What a region needs many times over; beyond it the best of each youth must do.
MOST_PAIRS = 2_000_000
# So few have all their reasons before the loop for large numbers is even loaded, and where nobody may keep
# what was compiled, compiling alone takes half a minute.
MOST_PAIRS_AT_ONCE = 1_000_000
# So many youths for a position, the worst first.
CROWDS = (10, 5, 3, 2)


@dataclass(frozen=True, slots=True)
class Matches:
    """What a run found: how many suggestions, and how many youths have one."""

    found: "matching.Answer | Outlines"
    number: int
    youths: int

    @property
    def suggestions(self) -> "Iterable[matching.Suggestion | Outline]":
        return self.found.suggestions

    @property
    def gaps(self) -> "Sequence[matching.Gap | OutlinedGap]":
        return self.found.gaps


@dataclass(frozen=True, slots=True)
class Told:
    """One pair laid open, and what would bring the youth more."""

    explanation: Explanation
    in_reach: int
    changes: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """How positions are to be given out; `previous` are pairs to change little of.

    `wanted` and `credit` are by youth, `hosts` and `minima` are by offer; `together` and `apart` are groups
    of youths.
    """

    policy: str
    wanted: Mapping[str, int]
    credit: Mapping[str, int]
    hosts: Mapping[str, str]
    minima: Mapping[str, int]
    host_caps: Mapping[str, int]
    together: tuple[tuple[str, ...], ...]
    apart: tuple[tuple[str, ...], ...]
    locked: tuple[tuple[str, str], ...]
    previous: tuple[tuple[str, str], ...] | None
    limit_seconds: float


@dataclass(frozen=True, slots=True)
class Given:
    """Who gets what, and why not all have something.

    `of_all`: every pair the rules allow could be made, so the proof speaks of all that is within reach; else
    of the suggestions only. `bottlenecks` are None when nobody is left out. `wished` count only offers
    that a wish leads to, and `tightest` are sets of these with more than so many youths for each position.
    These and `recruiting` are None or empty too when there are too many pairs to look at all. `joint` is what
    would place those who are left out and go together or apart.
    """

    allocation: Allocation
    of_all: bool
    bottlenecks: "matching.Bottlenecks | None"
    wished: "matching.Bottlenecks | None"
    tightest: "tuple[tuple[int, matching.BlockingSet], ...]"
    recruiting: "matching.RecruitingList | None"
    joint: "tuple[matching.JointNeed, ...]" = ()


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
        seekers=[seeker_of(row) for row in youths],
        offers=[offer_of(row) for row in offers],
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


def match(problem: Problem, *, shards: int | None = None) -> Matches:
    """The same of few and of many, each in the way that is quicker."""
    if len(problem.seekers) * len(problem.offers) > MOST_PAIRS_AT_ONCE:
        frame = replace(problem, seekers=(), offers=())
        return _outlined(matching.outline(frame, problem.seekers, problem.offers, shards=shards))
    answer = matching.suggest(problem, shards=shards)
    return Matches(answer, answer.numbers.suggestions, answer.numbers.seekers_with_suggestion)


def match_rows(
    frame: Problem,
    youths: Iterable[Mapping[str, Any]],
    offers: Iterable[Mapping[str, Any]],
    *,
    shards: int | None = None,
) -> Matches:
    """The same of youths that pass by one by one; `frame` is a problem without rows."""
    return _outlined(matching.outline(frame, map(seeker_of, youths), map(offer_of, offers), shards=shards))


def _outlined(found: "Outlines") -> Matches:
    return Matches(found, found.number, len(found.market.seeker_ids) - len(found.gaps))


@dataclass(frozen=True, slots=True)
class Granted:
    """What an allocation makes of one pair.

    `offers` are what the youth gets, the best first. `why` says in codes and counts what keeps the pair
    from being made, and `in_line` who come next for the offer; None when time was up before it was known.
    """

    youth: str
    is_made: bool
    offers: tuple[str, ...]
    why: Mapping[str, Any] | None
    in_line: tuple[str, ...] | None


def grant(problem: Problem, asked: Asked, youth: str, offer: str) -> Granted:
    """As `allocate` gives out, so that both tell the same. Raises InvalidProblem and OutOfTime."""
    suggested = None if _is_small(problem) else match(problem)
    allocation = matching.allocate(
        _allocation_problem(problem, suggested, asked), limit_seconds=asked.limit_seconds
    )
    return Granted(
        youth=youth,
        is_made=(youth, offer) in allocation.pairs,
        offers=tuple(one.offer_id for one in allocation.placings if one.seeker_id == youth),
        why=_withheld(allocation, youth, offer, asked.limit_seconds),
        in_line=_in_line(allocation, offer, asked.limit_seconds),
    )


def _withheld(
    allocation: Allocation, youth: str, offer: str, limit_seconds: float
) -> Mapping[str, Any] | None:
    try:
        return asdict(matching.withheld(allocation, youth, offer, limit_seconds=limit_seconds))
    except OutOfTime:
        return None


def _in_line(allocation: Allocation, offer: str, limit_seconds: float) -> tuple[str, ...] | None:
    lists = reserves(allocation, limit_seconds)
    return None if lists is None else tuple(one.seeker_id for one in lists[offer])


def reserves(allocation: Allocation, limit_seconds: float) -> "Mapping[str, Sequence[Reserve]] | None":
    """By offer who comes next, the first in line first; None when time was up."""
    try:
        return matching.reserve_lists(allocation, limit_seconds=limit_seconds)
    except OutOfTime:
        return None


def _is_small(problem: Problem) -> bool:
    """Whether every pair the rules allow can be looked at."""
    return len(problem.seekers) * len(problem.offers) <= MOST_PAIRS


def _allocation_problem(
    problem: Problem, suggested: Matches | None, asked: Asked
) -> "matching.AllocationProblem":
    """Of these suggestions; of everything that is possible when there are none."""
    return matching.AllocationProblem.of(
        applicants=matching.applicants_of(problem, wanted=asked.wanted, credit=asked.credit),
        capacities=matching.capacities_of(
            problem,
            asked.hosts,
            minima=asked.minima,
            # Who gets one position is never in two places.
            periods=matching.periods_of(problem) if max(asked.wanted.values(), default=1) > 1 else None,
        ),
        candidates=matching.candidates_of(suggested.found)
        if suggested
        else matching.possible_candidates(problem),
        seed=problem.seed,
        policy=matching.Policy(asked.policy),
        host_caps=asked.host_caps,
        together=asked.together,
        apart=asked.apart,
        locked=asked.locked,
        previous=asked.previous,
    )


def allocate(problem: Problem, matches: Matches, asked: Asked) -> Given:
    """Raises InvalidProblem and OutOfTime, as the engine does."""
    of_all = _is_small(problem)
    rows = _allocation_problem(problem, None if of_all else matches, asked)
    allocation = matching.allocate(rows, limit_seconds=asked.limit_seconds)
    if not allocation.left_out:
        return Given(allocation, of_all, None, None, (), None)
    found = matching.bottlenecks(rows, limit_seconds=asked.limit_seconds)
    joint = matching.joint_needs(allocation)
    if not of_all:
        return Given(allocation, of_all, found, None, (), None, joint)
    wishes = _wished(problem, rows)
    wished = matching.bottlenecks(wishes, limit_seconds=asked.limit_seconds)
    recruiting = matching.recruiting_list(rows, limit_seconds=asked.limit_seconds)
    tightest = tuple(_tightest(wishes, asked.limit_seconds))
    return Given(allocation, of_all, found, wished, tightest, recruiting, joint)


def _tightest(
    rows: "matching.AllocationProblem", limit_seconds: float
) -> "Iterator[tuple[int, matching.BlockingSet]]":
    """Where most youths come to a position first; who has nothing at all is told apart."""
    seen = set()
    for many in CROWDS:
        for one in matching.bottlenecks(rows, per_position=many, limit_seconds=limit_seconds).sets:
            if one.positions and one.seeker_ids not in seen:
                seen.add(one.seeker_ids)
                yield many, one


def _wished(problem: Problem, rows: "matching.AllocationProblem") -> "matching.AllocationProblem":
    """Only what a wish leads to, for who has wishes; and what is locked, for that is given out already."""
    wished = {one.pair for one in matching.possible_candidates(problem, wished_only=True)} | rows.locked
    return replace(rows, candidates=tuple(one for one in rows.candidates if one.pair in wished))


@dataclass(frozen=True, slots=True)
class Day:
    """A day of meetings as the files say it; `stands` None: each of the appointments receives one at once."""

    appointments: Sequence[Mapping[str, Any]]
    stands: Sequence[Mapping[str, Any]] | None
    visitors: Sequence[Mapping[str, Any]]
    rooms: Sequence[Mapping[str, Any]]
    locked: Sequence[Mapping[str, Any]]
    rounds: int | None
    seed: int
    limit_seconds: float


def schedule(day: Day) -> "matching.Timetable":
    """Raises InvalidProblem and OutOfTime, as the engine does."""
    faults = (*_unknown_stands(day), *_double_walks(day))
    if faults:
        raise InvalidProblem(faults)
    named = {row["youth"] for row in day.visitors}
    there_all_day = dict.fromkeys(row["youth"] for row in day.appointments if row["youth"] not in named)
    stands = day.stands
    if stands is None:
        stands = [{"stand": stand} for stand in dict.fromkeys(row["stand"] for row in day.appointments)]
    problem = matching.TimetableProblem.of(
        visitors=[
            matching.Visitor(row["youth"], **_presence(row))
            for row in (*day.visitors, *({"youth": youth} for youth in there_all_day))
        ],
        stands=[
            matching.Stand(row["stand"], row.get("capacity", 1), row.get("room", ""), **_presence(row))
            for row in stands
        ],
        appointments=[
            matching.Appointment(row["youth"], row["stand"], row.get("times", 1)) for row in day.appointments
        ],
        rounds=day.rounds,
        locked=[(row["youth"], row["stand"], row["round"]) for row in day.locked],
        walks={(row["room"], row["other"]): row["walk"] for row in day.rooms},
        seed=day.seed,
    )
    return matching.schedule(problem, limit_seconds=day.limit_seconds)


def _presence(row: Mapping[str, Any]) -> dict[str, Any]:
    """In which rounds somebody is there."""
    return {
        "from_round": row.get("from_round", 1),
        "until_round": row.get("until_round"),
        "away": frozenset(row.get("away", ())),
    }


def _unknown_stands(day: Day) -> Iterator[Fault]:
    """Where there is a file of stands, a name that is not in it was mistyped."""
    if day.stands is None:
        return
    known = {row["stand"] for row in day.stands}
    for row in day.appointments:
        if row["stand"] not in known:
            yield Fault(f"{row['youth']}/{row['stand']}", "stand", "unknown_stand")


def _double_walks(day: Day) -> Iterator[Fault]:
    """Of two rows for the same way nobody can tell which holds."""
    for (room, other), times in Counter((row["room"], row["other"]) for row in day.rooms).items():
        if times > 1:
            yield Fault(f"{room}/{other}", "walk", "duplicate")


def explain(problem: Problem, youth: str, offer: str) -> Told:
    """`problem` holds all offers, of which the talent part and the place in the list depend."""
    (found,) = matching.what_would_help(problem, [youth])
    changes = tuple(
        {
            "code": change.code.value,
            "facts": change.facts,
            "offers": change.offers,
            "lost": change.lost,
            "best_offer": change.gained[0],
        }
        for change in found.changes
    )
    return Told(matching.explain(problem, youth, offer), found.in_reach, changes)


def seeker_of(row: Mapping[str, Any]) -> matching.Seeker:
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
        weekdays=frozenset(row.get("weekdays", ())),
    )


def offer_of(row: Mapping[str, Any]) -> matching.Offer:
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
