"""The innermost loops of a ranking: every rule and every part of a score, pair by pair, compiled.

Exact: the verdicts of `screening` and the scores of `scoring`, with the same operations on the same numbers
in the same order, so that not one bit differs. Every pair within reach is scored, a tag at a time; only those
that would enter the list are asked the rules. Growth: linear in the pairs within reach; memory for one list
and one reach.

Everything compiled stands in this module and takes its numbers as arguments, because a change elsewhere would
not make what was compiled before stale.
"""

from typing import NamedTuple

import numpy as np

from matching.arrays import (
    GATE_MBO,
    GATE_PREVOCATIONAL,
    NO_CREBO,
    YEAR_DIFFERS,
    Bounds,
    Flags,
    Numbers,
    OfferArrays,
    Records,
    SeekerArrays,
    Shorts,
    Terms,
)
from matching.compiled import compiled, compiled_in_place, compiled_within
from matching.lottery import Lots
from matching.reach import BEYOND, Floats
from matching.rule_tables import (
    OPEN_END,
    STEPS_BACK,
    STEPS_TO,
    SUNDAYS_OF,
    WEEKDAYS_OF_STRETCH,
)

_BIKE, _OV, _WALK = 1, 2, 4
_BIKE_UNDER_18, _BIKE_ADULT, _BY_OV, _ON_FOOT = 0, 1, 2, 3
# More than all that floating point and rounding can be off, and less than any difference that counts.
_SLACK = 1e-6
_NOBODY = -1.0
# For what runs through whole stretches of arrays. Of a number that can be negative each use is looked at
# twice, to count from the end; only loops over numbers that cannot be are done eight at a time.
Spot = np.uint64
_MULTIPLIER_1, _MULTIPLIER_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_SHIFT_1, _SHIFT_2, _SHIFT_3 = np.uint64(30), np.uint64(27), np.uint64(31)


class Lists(NamedTuple):
    """The best offers of seekers (rows), best first; offer -1 where there is none."""

    offers: Numbers
    scores: Floats
    sectors: Floats
    locations: Floats
    talents: Floats
    minutes: Shorts


# One offer of a list in the making.
ENTRY = np.dtype(
    [
        ("score", np.float64),
        ("lot", np.uint64),
        ("sector", np.float64),
        ("talent", np.float64),
        ("offer", np.int32),
        ("minutes", np.int32),
    ],
    align=True,
)


class Work(NamedTuple):
    """Room for what is known of one seeker while his list is made.

    `own` has the weight of each tag of the seeker, `word` the worth of each tag that is a wish, `base` the
    sector part by sort of offer when no word meets.

    `near` are the postcodes in anybody's reach from his start, `took` his minutes there, and `place` and
    `minutes` the same of his own reach, nearest first (`tally` sorts them). Postcodes in reach whose numbers
    follow one another make a stretch, from `stretch_first` to `stretch_end`. The offers in reach stand in the
    order of postcodes, those of a postcode from `at` on; `sector`, `talent` and `points` are of them, and
    `chosen` those that reach the floor.

    One list (`best`, of which `size` are filled) per main sector for a seeker without wishes, else one;
    `floor` is what a score must reach to enter each, `given` what was written down of each.
    """

    own: Floats
    word: Floats
    base: Floats
    near: Numbers
    took: Numbers
    place: Numbers
    minutes: Numbers
    tally: Numbers
    stretch_first: Numbers
    stretch_end: Numbers
    at: Numbers
    sector: Floats
    talent: Floats
    points: Floats
    chosen: Numbers
    size: Numbers
    given: Numbers
    floor: Floats
    best: Records


class Bars(NamedTuple):
    """What is forbidden whatever the days, by audience and by law of offers; `row` is by sort of seeker."""

    row: Numbers
    by_audience: Flags
    by_law: Flags


class Known(NamedTuple):
    """Of every offer of a market, by row, what decides its order in a list."""

    ticket: Lots
    main_sector: Numbers
    sectors: int


@compiled_within
def _age_row(birthdays: Numbers, row: int, day: int) -> int:
    """The row of a table by age on a day: how many birthdays from 12 to 18 are past; `row` are past anyway.

    The row of an unknown age is behind the last birthday, and stays.
    """
    while row < len(birthdays) and birthdays[row] <= day:
        row += 1
    return row


@compiled_within
def _is_among(number: int, numbers: Numbers, first: int, end: int) -> bool:
    for spot in range(first, end):  # noqa: SIM110 - a generator would be made for every call
        if numbers[spot] == number:
            return True
    return False


@compiled_within
def _has_crebo(own: np.void, crebos: Numbers, first: int, end: int) -> bool:
    """Whether a seeker has one of these crebos, or none that is known, or is not of mbo."""
    return not own["is_mbo"] or own["crebo"] == NO_CREBO or _is_among(own["crebo"], crebos, first, end)


@compiled_within
def _schooling_forbids(own: np.void, theirs: np.void) -> bool:
    """As `eligibility.audience_verdicts`, but for crebos that are both known."""
    gate, is_mbo = theirs["gate"], own["is_mbo"]
    if gate == GATE_MBO and not is_mbo:
        return True
    if gate == GATE_PREVOCATIONAL and (is_mbo or own["year"] == YEAR_DIFFERS):
        return True
    tracks, profiles, levels = theirs["tracks"], theirs["profiles"], theirs["levels"]
    asks_mbo, asks_vmbo = theirs["asks_crebo"] or levels != 0, (tracks | profiles) != 0
    if is_mbo:
        if not asks_mbo:
            return bool(asks_vmbo)
        return bool(levels != 0 and own["level"] != 0 and levels & own["level"] == 0)
    if not asks_vmbo:
        return bool(asks_mbo and (own["track"] | own["profile"]) != 0)
    if tracks != 0 and own["track"] != 0 and tracks & own["track"] == 0:
        return True
    return bool(profiles != 0 and own["profile"] != 0 and profiles & own["profile"] == 0)


@compiled_in_place
def _shared_days(own: np.void, theirs: np.void, on: int) -> tuple[int, int, int]:
    """The first and the last shared day, and the last that is judged."""
    starts = max(own["starts"], theirs["starts"], on)
    ends = min(own["ends"], theirs["ends"])
    return starts, ends, starts if ends == OPEN_END else ends


@compiled_within
def _standing_forbids(own: np.void, theirs: np.void, on: int) -> bool:
    """Whether a rule forbids that needs neither weekday, table nor crebo: as `Screening.screen`."""
    if own["is_class"] != theirs["is_group"] or own["kinds"] & theirs["kind"] == 0:
        return True
    starts, ends, judged_to = _shared_days(own, theirs, on)
    if own["size"] > theirs["positions"] or ends < starts:
        return True
    if starts < own["of_age"] or judged_to >= own["too_old"]:
        return True
    return _schooling_forbids(own, theirs)


@compiled_in_place
def _table_forbids(
    forbids: Flags,
    sort: int,
    other: int,
    epochs: Numbers,
    birthdays: Numbers,
    age: int,
    first: int,
    last: int,
) -> bool:
    """Whether a table by two sorts, law in force and ages says no on any of the days from first to last."""
    for epoch in range(len(epochs)):
        begin, end = max(first, epochs[epoch, 0]), min(last, epochs[epoch, 1])
        if begin <= end:
            youngest = _age_row(birthdays, age, begin)
            if forbids[sort, other, epoch, youngest, _age_row(birthdays, youngest, end)]:
                return True
    return False


@compiled_in_place
def _days_forbid(
    on: int,
    epochs: Numbers,
    law_forbids: Flags,
    hours_forbid: Flags,
    own: np.void,
    birthdays: Numbers,
    theirs: np.void,
) -> bool:
    """Whether weekdays, law or hours forbid, of a pair that shares days."""
    starts, ends, judged_to = _shared_days(own, theirs, on)
    weekday = (starts - 1) % 7
    weekdays = WEEKDAYS_OF_STRETCH[weekday, min(ends - starts + 1, 7)]
    weekdays &= own["weekdays"] & theirs["weekdays"]
    age = own["age"]
    if weekdays == 0 or _table_forbids(
        law_forbids, own["learner"], theirs["law"], epochs, birthdays, age, starts, judged_to
    ):
        return True
    worked_from = starts + STEPS_TO[weekday, weekdays]
    worked_to = max(judged_to - STEPS_BACK[(judged_to - 1) % 7, weekdays], worked_from)
    sundays = SUNDAYS_OF[theirs["names_sunday"], weekdays]
    return _table_forbids(
        hours_forbid, theirs["time"], sundays, epochs, birthdays, age, worked_from, worked_to
    )


@compiled_within
def _lot(seeker: np.uint64, offer: np.uint64) -> np.uint64:
    """As `lottery.pair_lots`."""
    mixed = seeker ^ offer
    mixed = (mixed ^ (mixed >> _SHIFT_1)) * _MULTIPLIER_1
    mixed = (mixed ^ (mixed >> _SHIFT_2)) * _MULTIPLIER_2
    return mixed ^ (mixed >> _SHIFT_3)


@compiled_within
def _longest(terms: Terms, seekers: SeekerArrays, seeker: int) -> tuple[int, int, int]:
    """How many minutes a seeker goes by bike, ov and on foot; -1 for a way that is not ticked."""
    ways, limit = seekers.ways[seeker], int(seekers.limit[seeker])
    by_bike = limit if seekers.is_adult[seeker] else min(limit, terms.bike_minutes_under_18)
    return (
        by_bike + terms.tolerance_minutes if ways & _BIKE else -1,
        limit + terms.tolerance_minutes if ways & _OV else -1,
        limit + terms.tolerance_minutes if ways & _WALK else -1,
    )


@compiled_within
def _quickest(minutes: Shorts, bike: int, place: int, longest: tuple[int, int, int]) -> int:
    """Minutes of the quickest way that may be used, BEYOND where there is none: as `Reach.minutes`."""
    quickest = BEYOND
    if minutes[bike, place] <= longest[0]:
        quickest = int(minutes[bike, place])
    if minutes[_BY_OV, place] <= longest[1]:
        quickest = min(quickest, int(minutes[_BY_OV, place]))
    if minutes[_ON_FOOT, place] <= longest[2]:
        quickest = min(quickest, int(minutes[_ON_FOOT, place]))
    return quickest


@compiled_within
def _find_near(minutes: Shorts, widest: int, near: Numbers) -> int:
    """Write the postcodes anybody can reach who travels so many minutes, and tell how many there are."""
    found = 0
    for place in range(minutes.shape[1]):
        near[found] = place
        found += (
            minutes[_BIKE_UNDER_18, place] <= widest
            or minutes[_BIKE_ADULT, place] <= widest
            or minutes[_BY_OV, place] <= widest
            or minutes[_ON_FOOT, place] <= widest
        )
    return found


@compiled_within
def _find_reach(
    minutes: Shorts, bike: int, longest: tuple[int, int, int], near: int, first: Bounds, work: Work
) -> tuple[int, int, int]:
    """Write the postcodes in reach, nearest first, and their stretches; how many of each, and of offers."""
    most = max(longest)
    work.tally[: most + 2] = 0
    last, stretches, offers = -2, 0, 0
    for number in range(near):
        place = work.near[number]
        took = _quickest(minutes, bike, place, longest)
        work.took[number] = took
        if took == BEYOND:
            continue
        work.tally[took + 1] += 1
        if place != last + 1:
            work.stretch_first[stretches] = place
            stretches += 1
        work.stretch_end[stretches - 1] = place + 1
        last = place
        work.at[place] = offers
        offers += first[place + 1] - first[place]
    for step in range(most):
        work.tally[step + 1] += work.tally[step]
    found = 0
    for number in range(near):
        took = work.took[number]
        if took != BEYOND:
            rank = work.tally[took]
            work.place[rank], work.minutes[rank] = work.near[number], took
            work.tally[took] += 1
            found += 1
    return found, stretches, offers


@compiled_within
def _location(terms: Terms, minutes: int, limit: int) -> float:
    """As `Features.location`."""
    if minutes <= terms.full_mark_minutes:
        return 1.0
    span = max(float(limit) - terms.full_mark_minutes, 1.0)
    fallen = 1.0 - (1.0 - terms.at_limit) * (minutes - terms.full_mark_minutes) / span
    return max(fallen, terms.at_limit)


@compiled_within
def _worth_of_sectors(
    terms: Terms, seekers: SeekerArrays, seeker: int, likeness: Floats, base: Floats
) -> None:
    """Write the sector part of each sort of offer when no word meets: the best of the wishes."""
    base[:] = 0.0
    for rank in range(seekers.wishes.shape[1]):
        sector = terms.sector_of_wish[seekers.wishes[seeker, rank]]
        if sector >= 0:
            for sort in range(len(base)):
                base[sort] = max(base[sort], terms.worth[rank] * likeness[sector, sort])


@compiled_within
def _take_up(terms: Terms, seekers: SeekerArrays, seeker: int, work: Work) -> None:
    """Write the words and tags of a seeker into `work`."""
    for spot in range(seekers.tag_first[seeker], seekers.tag_first[seeker + 1]):
        work.own[seekers.tag[spot]] = seekers.tag_weight[spot]
    for rank in range(seekers.wishes.shape[1]):
        wish = seekers.wishes[seeker, rank]
        if 0 < wish <= terms.tags:
            work.word[wish - 1] = terms.worth[rank] * terms.same_word


@compiled_within
def _lay_down(terms: Terms, seekers: SeekerArrays, seeker: int, work: Work) -> None:
    """Wipe the words and tags of a seeker from `work`."""
    for spot in range(seekers.tag_first[seeker], seekers.tag_first[seeker + 1]):
        work.own[seekers.tag[spot]] = 0.0
    for rank in range(seekers.wishes.shape[1]):
        wish = seekers.wishes[seeker, rank]
        if 0 < wish <= terms.tags:
            work.word[wish - 1] = 0.0


@compiled_within
def _sector(base: float, word: Floats, tags: Numbers, first: int, end: int) -> float:
    """As `Features.sector`: the best of the sectors and of the words that meet."""
    best = base
    for spot in range(first, end):
        best = max(best, word[tags[spot]])
    return best


@compiled_within
def _talent(own: Floats, tags: Numbers, weights: Floats, first: int, end: int) -> float:
    """As `Features.talent`: shared tags in the order of their codes."""
    cosine = 0.0
    for spot in range(first, end):
        cosine += own[tags[spot]] * weights[spot]
    return min(cosine, 1.0)


@compiled_within
def _rounded(terms: Terms, points: float) -> float:
    return float(np.rint(points * terms.rounding) / terms.rounding)


@compiled_within
def _is_before(score: float, lot: np.uint64, other_score: float, other_lot: np.uint64) -> bool:
    return score > other_score or (score == other_score and bool(lot < other_lot))


@compiled_within
def _make_room(best: Records, depth: int, size: int, score: float, lot: np.uint64) -> int:
    """Where an offer belongs in a list of at most `depth`, which may lose its last by that."""
    at = min(size, depth - 1)
    while at > 0 and _is_before(score, lot, best[at - 1]["score"], best[at - 1]["lot"]):
        best[at] = best[at - 1]
        at -= 1
    return at


@compiled_within
def _depth(size: Numbers, depth: int, top: int) -> int:
    """How many of each main sector can be in a list of `top` at most, given how many were found of each.

    The list takes the best of each sector, then the second of each, and so on. So what comes behind the n-th
    of its own sector stays out as soon as the first n of each are enough to fill the list; and what is found
    later can only add to those. `depth` is the answer before the last was found.
    """
    while depth > 1:
        listed = 0
        for group in range(len(size)):
            listed += min(size[group], depth - 1)
        if listed < top:
            return depth
        depth -= 1
    return depth


@compiled_within
def _raise_floors(best: Records, depth: int, groups: int, size: Numbers, floor: Floats) -> None:
    """Drop what stands behind `depth`, and ask of each full list the score of its last."""
    for group in range(groups):
        if size[group] >= depth:
            size[group] = depth
            floor[group] = best[group, depth - 1]["score"] - _SLACK


@compiled
def lay_bars(terms: Terms, seekers: Records, oldest: Numbers, offers: OfferArrays, bars: Bars) -> None:
    """Write the bars of sorts of seekers whose rules hold no days, and who are `oldest` at the last."""
    for row in range(len(seekers)):
        own = seekers[row]
        for audience in range(len(offers.audiences)):
            theirs = offers.audiences[audience]
            bars.by_audience[row, audience] = _standing_forbids(own, theirs, terms.on)
        for law in range(bars.by_law.shape[1]):
            bars.by_law[row, law] = _law_always_forbids(
                offers.law_forbids, own["learner"], law, own["age"], oldest[row]
            )


@compiled_within
def _law_always_forbids(forbids: Flags, learner: int, law: int, youngest: int, oldest: int) -> bool:
    """Whether the law says no at each of these ages, whichever of its versions is in force."""
    for epoch in range(forbids.shape[2]):
        for age in range(youngest, oldest + 1):
            if not forbids[learner, law, epoch, age, age]:
                return False
    return True


@compiled_within
def _reckon(
    terms: Terms, seekers: SeekerArrays, seeker: int, offers: OfferArrays, stretches: int, work: Work
) -> None:
    """Write the sector and the talent part of every offer in reach.

    A tag at a time, because most offers share none with a seeker, and those that have a tag stand together.
    The tags come in the order of their codes, in which `Features.talent` adds them up.
    """
    # Arrays that are fetched here once are not fetched for every pair.
    sector, talent, base, sorts, first = work.sector, work.talent, work.base, offers.sort, offers.first
    word_first, word_offer, word_weight = offers.word_first, offers.word_offer, offers.word_weight
    for stretch in range(stretches):
        place, end = work.stretch_first[stretch], work.stretch_end[stretch]
        before = Spot(first[place] - work.at[place])
        for offer in range(Spot(first[place]), Spot(first[end])):
            sector[offer - before] = base[Spot(sorts[offer])]
            talent[offer - before] = 0.0
    for rank in range(seekers.wishes.shape[1]):
        wish = seekers.wishes[seeker, rank]
        if not 0 < wish <= terms.tags:
            continue
        worth = terms.worth[rank] * terms.same_word
        for stretch in range(stretches):
            place, end = work.stretch_first[stretch], work.stretch_end[stretch]
            before = Spot(first[place] - work.at[place])
            for spot in range(Spot(word_first[wish - 1, place]), Spot(word_first[wish - 1, end])):
                at = Spot(word_offer[spot]) - before
                sector[at] = max(sector[at], worth)
    for number in range(seekers.tag_first[seeker], seekers.tag_first[seeker + 1]):
        tag, weight = seekers.tag[number], seekers.tag_weight[number]
        for stretch in range(stretches):
            place, end = work.stretch_first[stretch], work.stretch_end[stretch]
            before = Spot(first[place] - work.at[place])
            for spot in range(Spot(word_first[tag, place]), Spot(word_first[tag, end])):
                talent[Spot(word_offer[spot]) - before] += weight * word_weight[spot]


@compiled_in_place
def _choose(points: Floats, first: Spot, end: Spot, least: float, chosen: Numbers) -> Spot:
    """Write which offers reach a score, and tell how many do."""
    found = Spot(0)
    for at in range(first, end):
        chosen[found] = at
        found += Spot(points[at] >= least)
    return found


@compiled_in_place
def _choose_of_each(
    points: Floats, first: Spot, end: Spot, floor: Floats, groups: Numbers, before: Spot, chosen: Numbers
) -> Spot:
    """The same when each main sector has a floor of its own."""
    found = Spot(0)
    for at in range(first, end):
        chosen[found] = at
        found += Spot(points[at] >= floor[Spot(groups[at + before])])
    return found


@compiled_within
def _search(  # noqa: C901 - what is called for a pair with arrays costs more than the pair itself
    terms: Terms,
    seekers: SeekerArrays,
    seeker: int,
    offers: OfferArrays,
    bars: Bars,
    reached: int,
    work: Work,
) -> None:
    """Fill the lists of one seeker with the best of the offers in reach, whose parts are known."""
    first, groups, tickets, rules = offers.first, offers.main_sector, offers.ticket, offers.rules
    rows, crebo_first, crebos = offers.row, offers.crebo_first, offers.crebo
    audiences, laws = offers.audience, offers.law
    by_audience, by_law, bar = bars.by_audience, bars.by_law, bars.row[seekers.sort[seeker]]
    first_blocked, end_blocked = seekers.blocked_first[seeker], seekers.blocked_first[seeker + 1]
    blocked = seekers.blocked
    on, epochs, law_forbids, hours_forbid = terms.on, terms.epochs, offers.law_forbids, offers.hours_forbid
    sector, talent, points, chosen = work.sector, work.talent, work.points, work.chosen
    floor, best, size = work.floor, work.best, work.size
    own, birthdays = seekers.rules[seekers.sort[seeker]], seekers.birthdays[seekers.sort[seeker]]
    ticket, limit, depth = seekers.ticket[seeker], int(seekers.limit[seeker]), best.shape[1]
    for_sector, for_location, for_talent = terms.weights[seekers.silence[seeker]]
    is_spread = seekers.wishes[seeker, 0] == 0
    lists = len(size) if is_spread else 1
    for number in range(reached):
        place, way = work.place[number], work.minutes[number]
        by_location = for_location * _location(terms, way, limit)
        begin = Spot(work.at[place])
        end = begin + Spot(first[place + 1] - first[place])
        before = Spot(first[place]) - begin
        for spot in range(begin, end):
            parts = for_sector * sector[spot] + by_location + for_talent * min(talent[spot], 1.0)
            points[spot] = 100.0 * parts
        if is_spread:
            found = _choose_of_each(points, begin, end, floor, groups, before, chosen)
        else:
            found = _choose(points, begin, end, floor[0], chosen)
        for nth in range(found):
            at = Spot(chosen[nth])
            offer = at + before
            group = groups[offer] if is_spread else 0
            # All at once, for a branch that goes either way costs more than both questions.
            if by_audience[bar, audiences[offer]] | by_law[bar, laws[offer]] | (points[at] < floor[group]):
                continue
            score, lot = _rounded(terms, points[at]), _lot(ticket, tickets[offer])
            if size[group] >= depth and not _is_before(
                score, lot, best[group, depth - 1]["score"], best[group, depth - 1]["lot"]
            ):
                continue
            theirs = rules[offer]
            if _standing_forbids(own, theirs, on) or _days_forbid(
                on, epochs, law_forbids, hours_forbid, own, birthdays, theirs
            ):
                continue
            if theirs["asks_crebo"] and not _has_crebo(
                own, crebos, crebo_first[offer], crebo_first[offer + 1]
            ):
                continue
            if first_blocked < end_blocked and _is_among(rows[offer], blocked, first_blocked, end_blocked):
                continue
            rank = _make_room(best[group], depth, size[group], score, lot)
            entry = best[group, rank]
            entry["score"], entry["lot"] = score, lot
            entry["sector"], entry["talent"] = sector[at], min(talent[at], 1.0)
            entry["offer"], entry["minutes"] = offer, way
            if size[group] < depth:
                size[group] += 1
                if is_spread:
                    depth = _depth(size, depth, best.shape[1])
            _raise_floors(best, depth, lists, size, floor)


@compiled_within
def _next_group(work: Work, groups: int, turn: int) -> int:
    """The list whose offer of this turn comes next; -1 when all had theirs."""
    found = -1
    for group in range(groups):
        if work.given[group] != turn or work.size[group] <= turn:
            continue
        if found < 0 or _is_before(
            work.best[group, turn]["score"],
            work.best[group, turn]["lot"],
            work.best[found, turn]["score"],
            work.best[found, turn]["lot"],
        ):
            found = group
    return found


@compiled_within
def _write_down(
    terms: Terms, seekers: SeekerArrays, seeker: int, offers: OfferArrays, work: Work, lists: Lists
) -> None:
    """The lists of all main sectors as one: the best of each, in order, then the second of each, and so on.

    A seeker with wishes has one list, which stays as it is.
    """
    top = work.best.shape[1]
    groups = len(work.size) if seekers.wishes[seeker, 0] == 0 else 1
    work.given[:] = 0
    at = turn = 0
    while at < top and turn < top:
        group = _next_group(work, groups, turn)
        if group < 0:
            turn += 1
            continue
        work.given[group] += 1
        entry = work.best[group, turn]
        lists.offers[seeker, at] = offers.row[entry["offer"]]
        lists.scores[seeker, at] = entry["score"]
        lists.sectors[seeker, at] = entry["sector"]
        lists.locations[seeker, at] = _location(terms, entry["minutes"], seekers.limit[seeker])
        lists.talents[seeker, at] = entry["talent"]
        lists.minutes[seeker, at] = entry["minutes"]
        at += 1


@compiled_within
def _travels_alike(seekers: SeekerArrays, one: int, other: int) -> bool:
    return bool(
        seekers.place[one] == seekers.place[other]
        and seekers.ways[one] == seekers.ways[other]
        and seekers.is_adult[one] == seekers.is_adult[other]
        and seekers.limit[one] == seekers.limit[other]
    )


@compiled
def fill_lists(
    terms: Terms,
    seekers: SeekerArrays,
    offers: OfferArrays,
    bars: Bars,
    minutes: Shorts,
    start_of: Numbers,
    work: Work,
    lists: Lists,
) -> int:
    """Write the list of every seeker; how many pairs were in reach of each other.

    `minutes` holds by start, way of travelling (bike under 18, bike, ov, walk) and postcode of offers what a
    journey takes, `start_of` the start of each seeker. Who stands beside somebody who travels alike shares
    what is in reach, so the order of seekers decides how quick this is, and nothing else.
    """
    widest = terms.tolerance_minutes
    for seeker in range(len(seekers.limit)):
        widest = max(widest, seekers.limit[seeker] + terms.tolerance_minutes)
    pairs = near = reached = stretches = in_reach = 0
    for seeker in range(len(seekers.place)):
        start = start_of[seeker]
        if seeker == 0 or start != start_of[seeker - 1]:
            near = _find_near(minutes[start], widest, work.near)
        if seeker == 0 or not _travels_alike(seekers, seeker, seeker - 1):
            longest = _longest(terms, seekers, seeker)
            bike = _BIKE_ADULT if seekers.is_adult[seeker] else _BIKE_UNDER_18
            reached, stretches, in_reach = _find_reach(
                minutes[start], bike, longest, near, offers.first, work
            )
        work.size[:] = 0
        work.floor[:] = _NOBODY
        _worth_of_sectors(terms, seekers, seeker, offers.likeness, work.base)
        _reckon(terms, seekers, seeker, offers, stretches, work)
        _search(terms, seekers, seeker, offers, bars, reached, work)
        _write_down(terms, seekers, seeker, offers, work, lists)
        pairs += in_reach
    return pairs


@compiled_within
def _rank_among(
    seekers: SeekerArrays, seeker: int, group: int, score: float, lot: np.uint64, lists: Lists, known: Known
) -> int:
    """The rank of a new offer in a list.

    The listed offers of a main sector are the best of it, so those before the new one tell its turn; when an
    offer that is not listed is better still, the new one comes after the whole list in either turn.
    """
    is_spread = seekers.wishes[seeker, 0] == 0
    turn = 0
    turns = np.zeros(known.sectors, dtype=np.int64)
    ahead = 0
    for passing in range(2):
        turns[:] = 0
        for at in range(lists.offers.shape[1]):
            row = lists.offers[seeker, at]
            if row < 0:
                break
            its_group = known.main_sector[row] if is_spread else 0
            its_turn = turns[its_group] if is_spread else 0
            turns[its_group] += 1
            its_lot = _lot(seekers.ticket[seeker], known.ticket[row])
            is_better = _is_before(lists.scores[seeker, at], its_lot, score, lot)
            if passing == 0:
                turn += is_spread and its_group == group and is_better
            else:
                ahead += its_turn < turn or (its_turn == turn and is_better)
    return ahead + 1


@compiled
def find_entries(
    terms: Terms,
    seekers: SeekerArrays,
    offers: OfferArrays,
    minutes: Shorts,
    ruled_out: Flags,
    lists: Lists,
    known: Known,
    work: Work,
    entries: Lists,
    ranks: Numbers,
) -> None:
    """Write for every seeker at which rank one new offer enters the list, 0 when it does not, and its parts.

    `minutes` as in `fill_lists`, with all postcodes as starts; `ruled_out` is who must not get it.
    """
    for seeker in range(len(seekers.place)):
        bike = _BIKE_ADULT if seekers.is_adult[seeker] else _BIKE_UNDER_18
        way = _quickest(minutes[seekers.place[seeker]], bike, 0, _longest(terms, seekers, seeker))
        if way == BEYOND or ruled_out[seeker]:
            continue
        own, birthdays = seekers.rules[seekers.sort[seeker]], seekers.birthdays[seekers.sort[seeker]]
        theirs, law, hours = offers.rules[0], offers.law_forbids, offers.hours_forbid
        if _standing_forbids(own, theirs, terms.on) or _days_forbid(
            terms.on, terms.epochs, law, hours, own, birthdays, theirs
        ):
            continue
        if theirs["asks_crebo"] and not _has_crebo(own, offers.crebo, 0, len(offers.crebo)):
            continue
        _worth_of_sectors(terms, seekers, seeker, offers.likeness, work.base)
        _take_up(terms, seekers, seeker, work)
        sector = _sector(work.base[0], work.word, offers.tag, 0, len(offers.tag))
        talent = _talent(work.own, offers.tag, offers.tag_weight, 0, len(offers.tag))
        _lay_down(terms, seekers, seeker, work)
        location = _location(terms, way, seekers.limit[seeker])
        weights = terms.weights[seekers.silence[seeker]]
        points = 100.0 * (weights[0] * sector + weights[1] * location + weights[2] * talent)
        score = _rounded(terms, points)
        lot = _lot(seekers.ticket[seeker], offers.ticket[0])
        rank = _rank_among(seekers, seeker, offers.main_sector[0], score, lot, lists, known)
        if rank <= lists.offers.shape[1]:
            ranks[seeker] = rank
            entries.scores[seeker, 0], entries.sectors[seeker, 0] = score, sector
            entries.locations[seeker, 0], entries.talents[seeker, 0] = location, talent
            entries.minutes[seeker, 0] = way
