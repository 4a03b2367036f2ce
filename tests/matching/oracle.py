"""Brute force: the rules and the score once more, straight from the text, day by day, pair by pair."""

import hashlib
import math
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

from matching import Kind, Offer, Place, Problem, Seeker, TravelMode

# DOMAIN 2.1: 12, 13, 14, 15, 16-17, 18+.
KINDS = {
    "K-1": "OOOOOO",
    "K-2": "OOOOOO",
    "K-3": "AAOOOO",
    "K-4": "BOOOOO",
    "K-5": "BBOOOO",
    "K-6": "AAOOOO",
    "K-7": "BBOOOO",
    "K-8": "BBOOOB",
    "K-9": "BBBAOO",
    "K-10": "BBBBOO",
    "K-11": "BBAAAO",
}
# DOMAIN 2.3: 12-13, 14-15, 16-17; s: only supervised.
HAZARDS = {
    "Z-1": ("B", "As", "Os"),
    "Z-2": ("B", "B", "Ws"),
    "Z-3": ("B", "B", "W"),
    "Z-4": ("B", "B", "W"),
    "Z-5": ("B", "B", "B"),
    "Z-6": ("B", "B", "B"),
    "Z-7": ("B", "B", "Os"),
    "Z-8": ("B", "B", "B"),
    "Z-9": ("B", "B", "B"),
    "Z-10": ("B", "B", "O"),
    "Z-11": ("B", "B", "W"),
    "Z-12": ("B", "B", "O"),
    "Z-13": ("B", "B", "As"),
    "Z-14": ("B", "B", "B"),
    "Z-15": ("B", "B", "Os"),
    "Z-16": ("B", "B", "A"),
    "Z-17": ("B", "B", "A"),
}
# DOMAIN 2.2, as far as an offer can tell: ages, whether volunteering, hours of a day, window, Sunday.
HOURS = (
    ("H-13M", (13, 14), True, 7, (7, 19), "B"),
    ("H-15M", (15, 15), True, 8, (7, 19), "B"),
    ("H-14S", (12, 15), False, 7, (7, 19), "B"),
    ("H-16", (16, 17), None, 9, (6, 23), "W"),
    ("H-18", (18, 99), None, 12, None, "W"),
)
KIND_RULE = {
    "orientation_placement": "K-5",
    "prevocational_placement": "K-7",
    "community_placement": "K-4",
    "work_learn_track": "K-8",
    "bpv": "K-9",
    "flash_visit": "K-2",
    "company_visit": "K-2",
    "hands_on_day": "K-3",
    "guest_lesson": "K-1",
    "role_model": "K-11",
    "coach": "K-11",
    "peer_lesson": "K-1",
}
GROUPS = {"flash_visit", "company_visit", "guest_lesson", "peer_lesson"}


@dataclass(frozen=True)
class Scored:
    """One allowed pair."""

    offer: str
    score: float
    sector: float
    location: float
    talent: float
    minutes: int
    lot: int


def answer(problem: Problem) -> dict[str, list[Scored]]:
    """The list of every seeker, empty for who has nothing."""
    return {seeker.id: _listed(seeker, problem)[: problem.top] for seeker in problem.seekers}


def _listed(seeker: Seeker, problem: Problem) -> list[Scored]:
    scored = [
        _scored(seeker, offer, problem) for offer in problem.offers if not forbidding(seeker, offer, problem)
    ]
    scored.sort(key=lambda one: (-one.score, one.lot))
    if seeker.wishes:
        return scored
    offers = {offer.id: offer for offer in problem.offers}
    by_sector: dict[str, list[Scored]] = {}
    for one in scored:
        main = (*_sectors(offers[one.offer], problem), "")[0]
        by_sector.setdefault(main, []).append(one)
    listed: list[Scored] = []
    for turn in range(len(scored)):
        at_turn = [ones[turn] for ones in by_sector.values() if len(ones) > turn]
        listed += sorted(at_turn, key=lambda one: (-one.score, one.lot))
    return listed


def forbidding(seeker: Seeker, offer: Offer, problem: Problem) -> set[str]:
    """The ids of all rules that say BLOCK."""
    rules: set[str] = set()
    if (seeker.id, offer.id) in problem.blocked:
        rules.add("P-1")
    if (offer.kind.value in GROUPS) != (seeker.class_size is not None):
        rules.add("G-1")
    if seeker.kinds and offer.kind not in seeker.kinds:
        rules.add("G-2")
    if offer.positions < (seeker.class_size or 1):
        rules.add("C-1")
    if minutes(seeker, offer, problem) is None:
        rules.add("R-1")
    return rules | _audience(seeker, offer) | _days(seeker, offer, problem)


def _days(seeker: Seeker, offer: Offer, problem: Problem) -> set[str]:
    first = max(seeker.available_from or date.min, offer.starts_on or date.min, problem.on)
    last = min(seeker.until or date.max, offer.ends_on or date.max)
    if offer.ends_on and offer.ends_on < problem.on:
        return {"D-1"}
    if last < first:
        return {"D-2"}
    rules = set()
    has_end = seeker.until is not None or offer.ends_on is not None
    reachable = last if has_end else first + timedelta(days=6)
    days = [first + timedelta(days=n) for n in range(min((reachable - first).days, 6) + 1)]
    shared = {
        day.isoweekday()
        for day in days
        if day.isoweekday() in (seeker.weekdays or range(1, 8))
        and day.isoweekday() in (offer.weekdays or range(1, 8))
    }
    if not shared:
        rules.add("D-3")
    if seeker.birth is None:
        for age in range(12, 19):
            rules |= _law(seeker, offer, age)
            rules |= _hours(seeker, offer, age, shared) if shared else set()
        return rules
    period = (last - first).days + 1 if has_end else 7
    working = [day for n in range(period) if (day := first + timedelta(days=n)).isoweekday() in shared]
    for day in working if has_end else working[:1]:
        rules |= _hours(seeker, offer, max(age_at(seeker.birth, day), 12), shared)
    day = first
    while day <= (last if has_end else first):
        age = age_at(seeker.birth, day)
        if age < problem.limits.min_age:
            rules.add("L-1")
        if age > problem.limits.max_age:
            rules.add("L-2")
        rules |= _law(seeker, offer, max(age, 12))
        day += timedelta(days=1)
    return rules


def age_at(birth: tuple[int, int], day: date) -> int:
    """Full years on a day; the birthday is the last day of the month."""
    age = 0
    while date(birth[0] + age + 1, birth[1], monthrange(birth[0] + age + 1, birth[1])[1]) <= day:
        age += 1
    return age


def _law(seeker: Seeker, offer: Offer, age: int) -> set[str]:
    rule = _kind_rule(seeker, offer)
    column = 5 if age >= 18 else 4 if age >= 16 else age - 12
    rules = set()
    if KINDS[rule][column] == "B" or (rule == "K-8" and not (seeker.track == "BB" and seeker.year in (3, 4))):
        rules.add(rule)
    if rule == "K-1" or age >= 18:
        return rules
    if offer.hazards is None or offer.unanswered:
        rules.add("Z-0")
    if rule == "K-2":
        return rules
    for hazard in offer.hazards or ():
        word = HAZARDS[hazard.value][0 if age < 14 else 1 if age < 16 else 2]
        lessons = seeker.profile in ("zw", "hbr", "groen", "dp") or offer.kind == "work_learn_track"
        if hazard == "Z-12" and age < 16 and lessons:
            continue
        if word == "B" or (word.endswith("s") and not offer.supervised):
            rules.add(hazard.value)
    return rules


def _hours(seeker: Seeker, offer: Offer, age: int, shared: set[int]) -> set[str]:
    kind = _kind_rule(seeker, offer)
    if kind in ("K-1", "K-2", "K-11"):
        return set()
    for rule, ages, volunteering, most, window, sunday in HOURS:
        if volunteering in (None, kind == "K-4") and ages[0] <= age <= ages[1]:
            start, end, length = _clock(offer)
            too_long = length is not None and length > most
            too_early_or_late = window is not None and any(
                moment is not None and not window[0] <= moment <= window[1] for moment in (start, end)
            )
            too_late = window is not None and start == window[1]
            too_early = window is not None and end == window[0]
            on_sunday = sunday == "B" and shared == {7}
            if too_long or too_early_or_late or too_late or too_early or on_sunday:
                return {rule}
    return set()


def _clock(offer: Offer) -> tuple[float | None, float | None, float | None]:
    """The first and last hour of the day, and its length without breaks."""

    def hour(moment: time | None) -> float | None:
        return None if moment is None else moment.hour + moment.minute / 60

    start, end, length = hour(offer.starts_at), hour(offer.ends_at), offer.hours_per_day
    if start is not None and end is not None:
        if end <= start:
            end += 24
        if length is None:
            length = end - start - (0.5 if end - start > 4.5 else 0)
    elif length is not None:
        if start is not None:
            end = start + length
        elif end is not None:
            start = end - length
    return start, end, length


def _kind_rule(seeker: Seeker, offer: Offer) -> str:
    looks_only = offer.kind.value.endswith("_visit") if offer.observe_only is None else offer.observe_only
    if offer.kind.value in ("hands_on_day", "community_placement") and offer.on_school_ground:
        return "K-1"
    if offer.kind.value.endswith("_visit") and not looks_only:
        return "K-3"
    if offer.kind is Kind.ORIENTATION_PLACEMENT and looks_only:
        return "K-6"
    if offer.kind is Kind.BPV and seeker.pathway == "BBL":
        return "K-10"
    return KIND_RULE[offer.kind.value]


def _audience(seeker: Seeker, offer: Offer) -> set[str]:
    mbo = seeker.level is not None or seeker.crebo is not None
    vmbo = not mbo and (seeker.track is not None or seeker.profile is not None)
    rules = set()
    if offer.kind is Kind.BPV and not mbo:
        rules.add("T-5")
    if offer.kind is Kind.PREVOCATIONAL_PLACEMENT and (mbo or seeker.year in (1, 2)):
        rules.add("T-6")
    crebo = "A-5" if offer.kind is Kind.BPV else "T-4"
    of_vmbo = {"T-1": (seeker.track, offer.tracks), "T-2": (seeker.profile, offer.profiles)}
    of_mbo = {"T-3": (seeker.level, offer.levels), crebo: (seeker.crebo, offer.crebos)}
    asks_vmbo = [rule for rule, (_, asked) in of_vmbo.items() if asked]
    asks_mbo = [rule for rule, (_, asked) in of_mbo.items() if asked]
    if vmbo or mbo:
        own, asks_own, asks_other = (of_mbo, asks_mbo, asks_vmbo) if mbo else (of_vmbo, asks_vmbo, asks_mbo)
        for rule in asks_own:
            value, asked = own[rule]
            if value is not None and value not in asked:
                rules.add(rule)
        if not asks_own:
            rules |= set(asks_other)
    return rules


def _scored(seeker: Seeker, offer: Offer, problem: Problem) -> Scored:
    took = minutes(seeker, offer, problem)
    assert took is not None
    sector, talent = _sector(seeker, offer, problem), _talent(seeker, offer, problem)
    location = _location(took, _limit(seeker, problem))
    values = (sector, location, talent)
    given = (problem.weights.sector, problem.weights.location, problem.weights.talent)
    speaks = (bool(seeker.wishes), True, bool(seeker.tags))
    kept = math.fsum(weight for weight, part in zip(given, speaks, strict=True) if part)
    score = 0.0
    for weight, part, value in zip(given, speaks, values, strict=True):
        if part:
            score += (weight / kept if kept else 1 / sum(speaks)) * value
    return Scored(
        offer.id,
        round(100 * score, 9),
        sector,
        location,
        talent,
        took,
        lot(problem.seed, seeker.id, offer.id),
    )


def _sector(seeker: Seeker, offer: Offer, problem: Problem) -> float:
    best = 0.0
    for worth, wish in zip((1.0, 0.85, 0.7, 0.6, 0.5), seeker.wishes, strict=False):
        wished = wish if wish in problem.sectors else problem.tags[wish].sector
        likeness = 1.0 if wish in offer.tags else 0.0
        for sector in _sectors(offer, problem):
            if sector == wished:
                likeness = max(likeness, 0.8)
            elif wished and problem.sectors[sector].chamber == problem.sectors[wished].chamber:
                likeness = max(likeness, 0.4)
        best = max(best, worth * likeness)
    return best


def _sectors(offer: Offer, problem: Problem) -> list[str]:
    of_tags = {problem.tags[tag].sector for tag in offer.tags}
    return list(offer.sectors) or sorted(sector for sector in of_tags if sector)


def _talent(seeker: Seeker, offer: Offer, problem: Problem) -> float:
    documents = len(problem.offers) + len(problem.tags)

    def weight(tag: str) -> float:
        times = 1 + sum(tag in other.tags for other in problem.offers)
        return math.log((1 + documents) / (1 + times)) + 1

    def length(tags: frozenset[str]) -> float:
        return math.sqrt(math.fsum(weight(tag) ** 2 for tag in tags))

    if not seeker.tags or not offer.tags:
        return 0.0
    shared = math.fsum(weight(tag) ** 2 for tag in seeker.tags & offer.tags)
    return shared / (length(seeker.tags) * length(offer.tags))


def _location(took: int, limit: int) -> float:
    if took <= 10:
        return 1.0
    if took >= limit:
        return 0.2
    return 1 - 0.8 * (took - 10) / (limit - 10)


def _limit(seeker: Seeker, problem: Problem) -> int:
    age = 0 if seeker.birth is None else age_at(seeker.birth, problem.on)
    limit = 30 if age < 14 else 45 if age < 16 else 60 if age < 18 else 75
    return limit if seeker.max_minutes is None else min(limit, seeker.max_minutes)


def minutes(seeker: Seeker, offer: Offer, problem: Problem) -> int | None:
    """The quickest way within the limit and five minutes."""
    start, end = problem.places[seeker.pc4], problem.places[offer.pc4]
    adult = seeker.birth is not None and age_at(seeker.birth, problem.on) >= 18
    limit = _limit(seeker, problem)
    possible = [
        took
        for mode, took in ways(distance(start, end), adult)
        if (not seeker.modes or mode in seeker.modes)
        and took <= (min(limit, 45) if mode == "bike" and not adult else limit) + 5
    ]
    return min(possible, default=None)


def ways(km: float, adult: bool) -> Iterator[tuple[TravelMode, int]]:
    """Every way there is, with its minutes."""
    yield TravelMode.BIKE, _up(60 * 1.3 * km / (15 if adult else 12))
    if km > 4:
        yield TravelMode.OV, _up(15 + 60 * 1.4 * km / 25)
    if km < 2:
        yield TravelMode.WALK, _up(60 * 1.3 * km / 4.8)


def distance(start: Place, end: Place) -> float:
    """By the law of cosines in vectors, another formula than the engine's."""
    if start.pc4 == end.pc4:
        return 1.4
    one, other = _vector(start), _vector(end)
    cross = math.hypot(
        one[1] * other[2] - one[2] * other[1],
        one[2] * other[0] - one[0] * other[2],
        one[0] * other[1] - one[1] * other[0],
    )
    dot = math.fsum(a * b for a, b in zip(one, other, strict=True))
    return round(6371.0088 * math.atan2(cross, dot), 3)


def _vector(place: Place) -> tuple[float, float, float]:
    phi, lam = math.radians(place.latitude), math.radians(place.longitude)
    return math.cos(phi) * math.cos(lam), math.cos(phi) * math.sin(lam), math.sin(phi)


def _up(took: float) -> int:
    step = 0
    while step < took - 1e-6:
        step += 5
    return step


def lot(seed: int, seeker: str, offer: str) -> int:
    """The number that decides between equals, in whole numbers."""
    one, other = (
        int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8, key=str(seed).encode()).digest(), "big")
        for text in (f"seeker:{seeker}", f"offer:{offer}")
    )
    mixed = one ^ other
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) % 2**64
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) % 2**64
    return mixed ^ (mixed >> 31)
