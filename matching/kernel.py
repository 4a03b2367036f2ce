"""The innermost loops of a ranking: every rule and every part of a score, pair by pair, compiled.

Exact: the verdicts of `screening` and the scores of `scoring`, with the same operations on the same numbers
in the same order, so that not one bit differs. A pair is left aside early only when no value of what was not
yet computed could bring it into the list. Growth: linear in the pairs within reach; memory for one list.

Everything compiled stands in this module and takes its numbers as arguments, because a change elsewhere would
not make what was compiled before stale.
"""

from typing import NamedTuple

import numpy as np

from matching.arrays import (
    GATE_MBO,
    GATE_PREVOCATIONAL,
    MASK_BITS,
    NO_CREBO,
    YEAR_DIFFERS,
    Flags,
    Numbers,
    OfferArrays,
    Records,
    SeekerArrays,
    Shorts,
    Terms,
)
from matching.compiled import compiled, compiled_within
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
# Times a power of two, its highest six bits are a number of its own for each.
_DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
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
    [("score", np.float64), ("lot", np.uint64), ("offer", np.int32), ("minutes", np.int32)], align=True
)


class Work(NamedTuple):
    """What is known of one seeker while the offers in reach pass by, and the lists so far.

    `own` has the weight of each tag of the seeker, `word` the worth of each tag that is a wish, `base` the
    sector part by sort of offer when no word meets. One list (`best`, of which `size` are filled) per main
    sector for a seeker without wishes, else one; `floor` is what a score must reach to enter each. `place`,
    `minutes` and `tally` hold the reach.
    """

    own: Floats
    word: Floats
    in_bit: Floats
    base: Floats
    place: Numbers
    minutes: Numbers
    tally: Numbers
    size: Numbers
    given: Numbers
    floor: Floats
    best: Records


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


@compiled_within
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


@compiled_within
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


@compiled_within
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
def _find_reach(
    minutes: Shorts,
    bike: int,
    longest: tuple[int, int, int],
    tally: Numbers,
    places: Numbers,
    quickest: Numbers,
) -> int:
    """Write the postcodes in reach and their minutes, nearest first, and tell how many there are."""
    most = max(longest)
    tally[: most + 2] = 0
    for place in range(minutes.shape[1]):
        took = _quickest(minutes, bike, place, longest)
        if took != BEYOND:
            tally[took + 1] += 1
    for step in range(most):
        tally[step + 1] += tally[step]
    found = 0
    for place in range(minutes.shape[1]):
        took = _quickest(minutes, bike, place, longest)
        if took != BEYOND:
            places[tally[took]], quickest[tally[took]] = place, took
            tally[took] += 1
            found += 1
    return found


@compiled_within
def _location(terms: Terms, minutes: int, limit: int) -> float:
    """As `Features.location`."""
    if minutes <= terms.full_mark_minutes:
        return 1.0
    span = max(float(limit) - terms.full_mark_minutes, 1.0)
    fallen = 1.0 - (1.0 - terms.at_limit) * (minutes - terms.full_mark_minutes) / span
    return max(fallen, terms.at_limit)


@compiled_within
def _take_up(terms: Terms, seekers: SeekerArrays, seeker: int, offers: OfferArrays, work: Work) -> np.uint64:
    """Write wishes and tags of a seeker into `work`; the bits of all tags that can matter to him."""
    mask = np.uint64(0)
    for spot in range(seekers.tag_first[seeker], seekers.tag_first[seeker + 1]):
        tag = seekers.tag[spot]
        work.own[tag] = seekers.tag_weight[spot]
        bit = np.uint64(1) << np.uint64(tag % MASK_BITS)
        mask |= bit
        work.in_bit[(bit * _DE_BRUIJN) >> np.uint64(58)] += seekers.tag_weight[spot] ** 2
    for sort in range(len(work.base)):
        work.base[sort] = 0.0
    for rank in range(seekers.wishes.shape[1]):
        wish, worth = seekers.wishes[seeker, rank], terms.worth[rank]
        if 0 < wish <= terms.tags:
            work.word[wish - 1] = worth * terms.same_word
            mask |= np.uint64(1) << np.uint64((wish - 1) % MASK_BITS)
        sector = terms.sector_of_wish[wish]
        if sector >= 0:
            for sort in range(len(work.base)):
                work.base[sort] = max(work.base[sort], worth * offers.likeness[sector, sort])
    return mask


@compiled_within
def _lay_down(terms: Terms, seekers: SeekerArrays, seeker: int, work: Work) -> None:
    """Wipe the tags of a seeker from `work`."""
    for spot in range(seekers.tag_first[seeker], seekers.tag_first[seeker + 1]):
        work.own[seekers.tag[spot]] = 0.0
    work.in_bit[:] = 0.0
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
def _insert(best: Records, size: int, score: float, lot: np.uint64, offer: int, minutes: int) -> int:
    """Put an offer where it belongs in a list, which may lose its last by that; how many are in it."""
    at = min(size, len(best) - 1)
    while at > 0 and _is_before(score, lot, best[at - 1]["score"], best[at - 1]["lot"]):
        best[at] = best[at - 1]
        at -= 1
    best[at]["score"], best[at]["lot"] = score, lot
    best[at]["offer"], best[at]["minutes"] = offer, minutes
    return min(size + 1, len(best))


@compiled_within
def _most(shared: np.uint64, in_bit: Floats) -> float:
    """The square of the most a cosine can be by tags of these bits (Cauchy and Schwarz)."""
    most = 0.0
    while shared != 0:
        lowest = shared & (~shared + np.uint64(1))
        most += in_bit[(lowest * _DE_BRUIJN) >> np.uint64(58)]
        shared ^= lowest
    return most


@compiled_within
def _best_word(terms: Terms, seekers: SeekerArrays, seeker: int) -> tuple[float, np.uint64]:
    """What the sector part can be at most by a word that meets, and the bits of these words."""
    best, mask = 0.0, np.uint64(0)
    for rank in range(seekers.wishes.shape[1]):
        wish = seekers.wishes[seeker, rank]
        if 0 < wish <= terms.tags:
            best = max(best, terms.worth[rank] * terms.same_word)
            mask |= np.uint64(1) << np.uint64((wish - 1) % MASK_BITS)
    return best, mask


@compiled_within
def _search(  # noqa: C901 - what is called for a pair with arrays costs more than the pair itself
    terms: Terms,
    seekers: SeekerArrays,
    seeker: int,
    offers: OfferArrays,
    reached: int,
    mask: np.uint64,
    work: Work,
) -> int:
    """Pass all offers in reach by one seeker; how many there were."""
    # Arrays that are fetched here once are not fetched for every pair.
    first, masks, sorts, groups = offers.first, offers.mask, offers.sort, offers.main_sector
    tag_first, tags, tag_weights = offers.tag_first, offers.tag, offers.tag_weight
    tickets, rules = offers.ticket, offers.rules
    rows, crebo_first, crebos = offers.row, offers.crebo_first, offers.crebo
    first_blocked, end_blocked = seekers.blocked_first[seeker], seekers.blocked_first[seeker + 1]
    blocked = seekers.blocked
    on, epochs, law_forbids, hours_forbid = terms.on, terms.epochs, offers.law_forbids, offers.hours_forbid
    own_tags, word, base, in_bit = work.own, work.word, work.base, work.in_bit
    floor, best, size = work.floor, work.best, work.size
    own, birthdays = seekers.rules[seekers.sort[seeker]], seekers.birthdays[seekers.sort[seeker]]
    ticket, limit, last = seekers.ticket[seeker], int(seekers.limit[seeker]), best.shape[1] - 1
    for_sector, for_location, for_talent = terms.weights[seekers.silence[seeker]]
    is_spread = seekers.wishes[seeker, 0] == 0
    best_word, word_mask = _best_word(terms, seekers, seeker)
    pairs = 0
    for number in range(reached):
        place, way = work.place[number], work.minutes[number]
        by_location = for_location * _location(terms, way, limit)
        pairs += first[place + 1] - first[place]
        for offer in range(first[place], first[place + 1]):
            group = groups[offer] if is_spread else 0
            sector, talent = base[sorts[offer]], 0.0
            shared = masks[offer] & mask
            if shared != 0:
                most = max(sector, best_word) if shared & word_mask != 0 else sector
                lacking = floor[group] / 100.0 - for_sector * most - by_location
                if lacking > 0.0 and lacking * lacking > for_talent * for_talent * _most(shared, in_bit):
                    continue
                for spot in range(tag_first[offer], tag_first[offer + 1]):
                    sector = max(sector, word[tags[spot]])
                    talent += own_tags[tags[spot]] * tag_weights[spot]
                talent = min(talent, 1.0)
            points = 100.0 * (for_sector * sector + by_location + for_talent * talent)
            if points < floor[group]:
                continue
            score, lot = _rounded(terms, points), _lot(ticket, tickets[offer])
            if size[group] > last and not _is_before(
                score, lot, best[group, last]["score"], best[group, last]["lot"]
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
            size[group] = _insert(best[group], size[group], score, lot, offer, way)
            if size[group] > last:
                floor[group] = best[group, last]["score"] - _SLACK
    return pairs


@compiled_within
def _next_group(work: Work, turn: int) -> int:
    """The list whose offer of this turn comes next; -1 when all had theirs."""
    found = -1
    for group in range(len(work.size)):
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
    work.given[:] = 0
    at = turn = 0
    while at < top and turn < top:
        group = _next_group(work, turn)
        if group < 0:
            turn += 1
            continue
        work.given[group] += 1
        entry = work.best[group, turn]
        offer, way = entry["offer"], entry["minutes"]
        first, end = offers.tag_first[offer], offers.tag_first[offer + 1]
        lists.offers[seeker, at] = offers.row[offer]
        lists.scores[seeker, at] = entry["score"]
        lists.sectors[seeker, at] = _sector(work.base[offers.sort[offer]], work.word, offers.tag, first, end)
        lists.locations[seeker, at] = _location(terms, way, seekers.limit[seeker])
        lists.talents[seeker, at] = _talent(work.own, offers.tag, offers.tag_weight, first, end)
        lists.minutes[seeker, at] = way
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
    pairs = reached = 0
    for seeker in range(len(seekers.place)):
        if seeker == 0 or not _travels_alike(seekers, seeker, seeker - 1):
            longest = _longest(terms, seekers, seeker)
            bike = _BIKE_ADULT if seekers.is_adult[seeker] else _BIKE_UNDER_18
            reached = _find_reach(
                minutes[start_of[seeker]], bike, longest, work.tally, work.place, work.minutes
            )
        work.size[:] = 0
        work.floor[:] = _NOBODY
        mask = _take_up(terms, seekers, seeker, offers, work)
        pairs += _search(terms, seekers, seeker, offers, reached, mask, work)
        _write_down(terms, seekers, seeker, offers, work, lists)
        _lay_down(terms, seekers, seeker, work)
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
        _take_up(terms, seekers, seeker, offers, work)
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
