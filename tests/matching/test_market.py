"""The ranking of a country: rank for rank what `suggest` says, to the last bit, however it is cut up."""

import pickle
import random
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching import (
    Hazard,
    InvalidProblem,
    Kind,
    Market,
    Offer,
    Problem,
    Ranked,
    RunStopped,
    Seeker,
    Track,
    TravelMode,
    Weights,
    merge_ranked,
    rank,
    rank_shard,
    shards,
    suggest,
)
from tests.matching.cast import PLACES, SECTORS, TAGS, make_offer, make_problem, make_seeker
from tests.matching.strategies import problems

unhurried = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
thorough = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
COLUMNS = ("rows", "offers", "scores", "sectors", "locations", "talents", "minutes")

WORDS = [tag.code for tag in TAGS]

Row = tuple[str, int, float, float, float, float, int]


def test_it_works() -> None:
    offers = [
        make_offer(id="kitchen", tags=frozenset({"cook", "cooking"})),
        make_offer(id="garden", sectors=("GROEN",), tags=frozenset({"animals"})),
        make_offer(id="ward", sectors=("ZORG",)),
        make_offer(id="far", pc4="3511"),
    ]
    seeker = make_seeker(wishes=("cook",), tags=frozenset({"cooking"}))
    market = Market.of(make_problem(seekers=[seeker], offers=offers))

    ranked = rank(market, top=5)

    assert [market.offer_ids[row] for row in ranked.offers[0] if row >= 0] == ["kitchen", "garden", "ward"]
    assert ranked.offers[0].tolist()[3:] == [-1, -1]
    assert ranked.pairs_in_reach == 3


@thorough
@given(problems())
def test_it_says_what_suggest_says(problem: Problem) -> None:
    market = Market.of(problem)

    assert lists(market, rank(market)) == suggested(problem)


@unhurried
@given(problems())
def test_with_equal_scores_it_draws_the_same_lots(problem: Problem) -> None:
    """Many offers that differ in nothing but their id, so that only the lottery decides."""
    twins = [
        replace(offer, id=f"{offer.id} {number}", positions=30)
        for offer in problem.offers[:3]
        for number in range(12)
    ]
    crowded = with_rows(problem, problem.seekers, twins)

    market = Market.of(crowded)

    assert lists(market, rank(market)) == suggested(crowded)


@unhurried
@given(
    st.randoms(use_true_random=False),
    st.sampled_from([Weights(), Weights(0, 1, 0), Weights(1, 0, 0), Weights(0, 0, 1)]),
    st.integers(1, 12),
)
def test_full_lists_hold_what_suggest_lists(chance: random.Random, weights: Weights, top: int) -> None:
    """Many more offers than a list holds, over all postcodes, so that nearly all must stay out of it."""
    seekers = [a_seeker_of_a_crowd(number, chance) for number in range(4)]
    offers = [an_offer_of_a_crowd(number, chance) for number in range(80)]
    problem = make_problem(
        seekers=seekers,
        offers=offers,
        weights=weights,
        top=top,
        seed=chance.randint(0, 99),
        blocked=[(chance.choice(seekers).id, offer.id) for offer in chance.sample(offers, 20)],
    )
    market = Market.of(problem)

    assert lists(market, rank(market)) == suggested(problem)


@pytest.mark.parametrize("top", [1, 5, 6, 7, 12, 13])
def test_a_spread_list_takes_more_of_a_sector_where_others_have_few(top: int) -> None:
    """Nine in one sector, two in another and one in none: how many each may give hangs on the rest."""
    offers = [
        make_offer(id=f"{sector}{number}", sectors=(sector,) if sector else ())
        for sector, most in (("HORECA", 9), ("ZORG", 2), ("", 1))
        for number in range(most)
    ]
    problem = make_problem(seekers=[make_seeker(wishes=())], offers=offers, top=top)
    market = Market.of(problem)

    found = lists(market, rank(market))

    assert found == suggested(problem)
    assert len(found["youth"]) == min(top, 12)


@pytest.mark.parametrize("wishes", [(), ("cook",)])
def test_equals_among_many_are_decided_by_lot(wishes: tuple[str, ...]) -> None:
    seekers = [make_seeker(id=f"s{number}", wishes=wishes) for number in range(20)]
    offers = [
        make_offer(id=f"o{number}", sectors=(SECTORS[number % 3].code,), tags=frozenset({"baker"}))
        for number in range(60)
    ]
    problem = make_problem(seekers=seekers, offers=offers, top=7)
    market = Market.of(problem)

    found = lists(market, rank(market))

    assert found == suggested(problem)
    assert len({tuple(row[0] for row in rows) for rows in found.values()}) == len(seekers)


@unhurried
@given(problems(), st.integers(1, 6), st.integers(1, 3))
def test_the_number_of_shards_and_threads_changes_no_byte(
    problem: Problem, number: int, workers: int
) -> None:
    market = Market.of(problem)
    whole = rank(market, workers=workers)

    pieces = [pickle.loads(pickle.dumps(shard)) for shard in shards(market, number)]  # noqa: S301 - our own
    random.Random(number).shuffle(pieces)

    assert column_bytes(merge_ranked([rank_shard(shard) for shard in pieces])) == column_bytes(whole)


@unhurried
@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_byte(problem: Problem, chance: random.Random) -> None:
    seekers, offers = list(problem.seekers), list(problem.offers)
    chance.shuffle(seekers)
    chance.shuffle(offers)

    read = Market.from_rows(frame_of(problem), iter(seekers), iter(offers))

    market = Market.of(problem)
    assert (read.seeker_ids, read.offer_ids) == (market.seeker_ids, market.offer_ids)
    assert column_bytes(rank(read)) == column_bytes(rank(market))


def test_the_law_that_changes_is_asked_on_each_day() -> None:
    """The birthday on the last day of March opens what starts on it, and nothing that starts before."""
    seeker = make_seeker(birth=(2013, 3))
    offers = [
        make_offer(id=str(day), starts_on=date(2027, 3, day), ends_on=date(2027, 3, 31)) for day in (30, 31)
    ]
    market = Market.of(make_problem(seekers=[seeker], offers=offers))

    assert [market.offer_ids[row] for row in rank(market).offers[0] if row >= 0] == ["31"]


def test_a_ruled_out_pair_is_left_out() -> None:
    offers = [make_offer(id="one"), make_offer(id="other")]
    market = Market.of(make_problem(offers=offers, blocked=[("youth", "one"), ("youth", "gone")]))

    assert [market.offer_ids[row] for row in rank(market).offers[0] if row >= 0] == ["other"]


def test_it_tells_how_far_it_is() -> None:
    heard = []
    market = Market.of(make_problem(seekers=[make_seeker(id="a"), make_seeker(id="b")]))

    rank(market, progress=lambda done, all_: heard.append((done, all_)))

    assert heard == [(2, 2)]


def test_it_can_be_stopped() -> None:
    with pytest.raises(RunStopped):
        rank(Market.of(make_problem()), stop=lambda: True)


def test_nobody_and_nothing_are_a_market_too() -> None:
    assert rank(Market.of(make_problem(seekers=[], top=7))).offers.shape == (0, 7)
    assert rank(Market.of(make_problem(offers=[]))).offers.tolist() == [[-1] * 20]


def test_faulty_rows_are_refused() -> None:
    frame = frame_of(make_problem())

    with pytest.raises(InvalidProblem) as wrong:
        Market.from_rows(frame, [make_seeker(pc4="9999")], [make_offer()])
    assert [(fault.row, fault.field) for fault in wrong.value.faults] == [("youth", "pc4")]
    with pytest.raises(InvalidProblem, match="youth"):
        Market.from_rows(frame, [make_seeker(), make_seeker(track=Track.BB)], [])
    with pytest.raises(InvalidProblem, match="offer"):
        Market.from_rows(frame, [], [make_offer(), make_offer(kind=Kind.COACH)])


def a_seeker_of_a_crowd(number: int, chance: random.Random) -> Seeker:
    """One of any age who may be silent about wishes, talents or both."""
    return make_seeker(
        id=f"s{number}",
        pc4=chance.choice(PLACES).pc4,
        birth=(chance.randint(2005, 2014), chance.randint(1, 12)),
        modes=frozenset(chance.sample(list(TravelMode), chance.randint(0, 2))),
        max_minutes=chance.choice((None, None, 30)),
        wishes=tuple(chance.sample([*WORDS, *(sector.code for sector in SECTORS)], chance.randint(0, 3))),
        tags=frozenset(chance.sample(WORDS, chance.randint(0, 5))),
    )


def an_offer_of_a_crowd(number: int, chance: random.Random) -> Offer:
    """One of few sorts, so that many score alike, and of which some are not for everybody."""
    sectors = chance.sample([sector.code for sector in SECTORS], chance.choice((0, 1, 1, 2)))
    return make_offer(
        id=f"o{number}",
        pc4=chance.choice(PLACES).pc4,
        kind=chance.choice((Kind.ORIENTATION_PLACEMENT, Kind.FLASH_VISIT, Kind.BPV, Kind.GUEST_LESSON)),
        sectors=tuple(sectors),
        tags=frozenset(chance.sample(WORDS, chance.randint(0, 3))),
        hazards=frozenset(chance.sample(list(Hazard), chance.choice((0, 0, 1)))),
    )


def lists(market: Market, ranked: Ranked) -> dict[str, list[Row]]:
    """The lists by seeker, with everything that is said of a pair."""
    return {
        market.seeker_ids[row]: [
            (
                market.offer_ids[offer],
                rank_,
                float(ranked.scores[at, rank_ - 1]),
                float(ranked.sectors[at, rank_ - 1]),
                float(ranked.locations[at, rank_ - 1]),
                float(ranked.talents[at, rank_ - 1]),
                int(ranked.minutes[at, rank_ - 1]),
            )
            for rank_, offer in enumerate(ranked.offers[at].tolist(), start=1)
            if offer >= 0
        ]
        for at, row in enumerate(ranked.rows.tolist())
    }


def suggested(problem: Problem) -> dict[str, list[Row]]:
    """The same from `suggest`."""
    found: dict[str, list[Row]] = {seeker.id: [] for seeker in problem.seekers}
    for one in suggest(problem).suggestions:
        found[one.seeker_id].append(
            (one.offer_id, one.rank, one.score, one.sector, one.location, one.talent, one.minutes)
        )
    return found


def frame_of(problem: Problem) -> Problem:
    return with_rows(problem, [], [])


def with_rows(problem: Problem, seekers: "list[Seeker] | tuple[Seeker, ...]", offers: list[Offer]) -> Problem:
    return make_problem(
        seekers=seekers,
        offers=offers,
        sectors=SECTORS,
        tags=TAGS,
        places=PLACES,
        seed=problem.seed,
        top=problem.top,
        weights=problem.weights,
        limits=problem.limits,
        blocked=problem.blocked,
    )


def column_bytes(ranked: Ranked) -> list[bytes]:
    return [np.ascontiguousarray(getattr(ranked, name)).tobytes() for name in COLUMNS] + [
        str(ranked.pairs_in_reach).encode()
    ]
