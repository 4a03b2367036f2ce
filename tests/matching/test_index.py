"""One youth or one offer at a time: exactly what ranking everything again would say."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching import Index, InvalidProblem, Listed, Market, Offer, Problem, Seeker, rank
from tests.matching import strategies
from tests.matching.cast import SECTORS, make_offer, make_problem, make_seeker

BLOCKED = [("s0", "o99"), ("s1", "o99"), ("s1", "o1")]
unhurried = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_it_works() -> None:
    offers = [make_offer(id="kitchen", tags=frozenset({"cook"})), make_offer(id="ward", sectors=("ZORG",))]
    index = indexed(make_problem(seekers=[make_seeker(wishes=("cook",))], offers=offers, top=2))

    best = index.best_for(make_seeker(id="new", wishes=("nurse",)))
    entered = index.entered_by(make_offer(id="bakery", tags=frozenset({"baker"})))

    assert [(one.offer_id, one.rank) for one in best] == [("ward", 1), ("kitchen", 2)]
    assert [(one.seeker_id, one.rank) for one in entered] == [("youth", 2)]


@unhurried
@given(strategies.problems(), st.integers(0, 4).flatmap(strategies.seekers))
def test_a_new_or_changed_seeker_gets_what_a_run_gives(problem: Problem, changed: Seeker) -> None:
    index = indexed(problem)
    others = [seeker for seeker in problem.seekers if seeker.id != changed.id]

    found = index.best_for(changed)

    again = Market.of(replaced(problem, seekers=[*others, changed]))
    assert list(found) == listed(again, changed.id)


@unhurried
@given(strategies.problems(), strategies.offers(99), st.frozensets(st.sampled_from(BLOCKED)))
def test_a_new_offer_enters_the_lists_a_run_puts_it_in(
    problem: Problem, offer: Offer, blocked: frozenset[tuple[str, str]]
) -> None:
    problem = replaced(problem, blocked=problem.blocked | blocked)
    market = Market.of(problem)

    entered = Index(market, rank(market)).entered_by(offer)

    # The tags weigh what they did before the offer came.
    again = Market.of(replaced(problem, offers=[*problem.offers, offer]), market.rarity)
    expected = [
        one for seeker in problem.seekers for one in listed(again, seeker.id) if one.offer_id == offer.id
    ]
    assert list(entered) == expected


@pytest.mark.parametrize("wishes", [(), ("cook",)])
@pytest.mark.parametrize("sector", [sector.code for sector in SECTORS[:3]])
def test_among_equals_and_in_full_lists_the_rank_is_that_of_a_run(
    wishes: tuple[str, ...], sector: str
) -> None:
    """Lists of seven out of forty, in which only lots and turns of sectors decide."""
    seekers = [make_seeker(id=f"s{number}", wishes=wishes) for number in range(40)]
    offers = [make_offer(id=f"o{number}", sectors=(SECTORS[number % 4].code,)) for number in range(40)]
    problem = make_problem(seekers=seekers, offers=offers, top=7)
    market = Market.of(problem)
    offer = make_offer(id="new", sectors=(sector,))

    entered = Index(market, rank(market)).entered_by(offer)

    again = Market.of(replaced(problem, offers=[*offers, offer]), market.rarity)
    expected = [
        one for seeker in problem.seekers for one in listed(again, seeker.id) if one.offer_id == "new"
    ]
    assert list(entered) == expected
    assert 0 < len(entered) < len(seekers) or wishes


def test_what_is_in_the_market_is_not_new() -> None:
    with pytest.raises(InvalidProblem, match="offer"):
        indexed(make_problem()).entered_by(make_offer())


def test_faulty_rows_are_refused() -> None:
    index = indexed(make_problem())

    with pytest.raises(InvalidProblem, match="pc4"):
        index.best_for(make_seeker(pc4="9999"))
    with pytest.raises(InvalidProblem, match="positions"):
        index.entered_by(make_offer(id="new", positions=-1))


def test_lists_of_some_seekers_only_are_refused() -> None:
    market = Market.of(make_problem(seekers=[make_seeker(id="a"), make_seeker(id="b")]))
    some = rank(Market.of(make_problem()))

    with pytest.raises(InvalidProblem, match="not_all"):
        Index(market, some)


def indexed(problem: Problem) -> Index:
    market = Market.of(problem)
    return Index(market, rank(market))


def replaced(problem: Problem, **changes: object) -> Problem:
    given_ = {
        "seekers": problem.seekers,
        "offers": problem.offers,
        "seed": problem.seed,
        "top": problem.top,
        "weights": problem.weights,
        "limits": problem.limits,
        "blocked": problem.blocked,
    }
    return make_problem(**(given_ | changes))


def listed(market: Market, seeker_id: str) -> list[Listed]:
    """The list of a seeker in a ranking of the whole market."""
    ranked = rank(market)
    row = market.seeker_ids.index(seeker_id)
    return [
        Listed(
            seeker_id,
            market.offer_ids[offer],
            at + 1,
            float(ranked.scores[row, at]),
            float(ranked.sectors[row, at]),
            float(ranked.locations[row, at]),
            float(ranked.talents[row, at]),
            int(ranked.minutes[row, at]),
        )
        for at, offer in enumerate(ranked.offers[row].tolist())
        if offer >= 0
    ]
