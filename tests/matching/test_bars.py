"""What is barred whatever the days: nothing that a rule allows, and enough to be worth it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from matching import Hazard, Kind, Market, Offer, Problem, Seeker, Track, check_pair, permits
from matching.bars import bars_of
from tests.matching.cast import ON, make_offer, make_problem, make_seeker
from tests.matching.strategies import problems

thorough = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_it_works() -> None:
    roof = make_offer(hazards=frozenset({Hazard.Z_13}), supervised=False)

    assert barred(make_seeker(), make_offer()) == (False, False)
    assert barred(make_seeker(track=Track.BB), make_offer(kind=Kind.BPV, levels=frozenset({2})))[0]
    assert barred(make_seeker(), roof) == (False, True)


@thorough
@given(problems())
def test_a_bar_forbids_what_the_rules_forbid(problem: Problem) -> None:
    for (seeker_id, offer_id), is_barred in all_barred(problem).items():
        if is_barred:
            seeker = next(seeker for seeker in problem.seekers if seeker.id == seeker_id)
            offer = next(offer for offer in problem.offers if offer.id == offer_id)
            verdicts = check_pair(seeker, offer, on=ON, places=problem.places, limits=problem.limits)
            assert not permits(verdicts)


def test_who_comes_of_age_before_the_last_offer_ends_is_not_barred() -> None:
    """Heavy work is for adults: a birthday on the last day of June opens what is offered in July."""
    seeker = make_seeker(birth=(2009, 6))
    spring = make_offer(hazards=frozenset({Hazard.Z_13}), supervised=False)
    summer = replace(spring, id="summer", starts_on=date(2027, 7, 1), ends_on=date(2027, 7, 2))

    assert barred(seeker, spring) == (False, True)
    assert barred(seeker, summer) == (False, False)
    alone = make_problem(seekers=[seeker], offers=[spring, summer])
    assert not any(all_barred(alone).values())


@pytest.mark.parametrize("changes", [{"available_from": date(2027, 7, 1)}, {"until": date(2027, 7, 9)}])
def test_days_only_the_seeker_names_count_too(changes: dict[str, date]) -> None:
    """An offer without days is judged on those of the seeker."""
    endless = make_offer(hazards=frozenset({Hazard.Z_13}), supervised=False, starts_on=None, ends_on=None)

    assert barred(make_seeker(birth=(2009, 6)), endless) == (False, True)
    assert barred(make_seeker(birth=(2009, 6), **changes), endless) == (False, False)


def test_an_unknown_age_is_barred_from_what_some_age_may_not_do() -> None:
    roof = make_offer(hazards=frozenset({Hazard.Z_13}), supervised=False)

    assert barred(make_seeker(birth=None), roof) == (False, True)


def test_seekers_who_differ_in_days_alone_share_a_row() -> None:
    seekers = [
        make_seeker(id=str(number), available_from=ON + timedelta(days=number), weekdays=frozenset({number}))
        for number in range(1, 5)
    ]
    market = Market.of(make_problem(seekers=seekers))

    bars = bars_of(market.terms, market.seekers, market.offers)

    assert len(market.seekers.rules) == len(seekers)
    assert bars.row.tolist() == [0] * len(seekers)


def barred(seeker: Seeker, offer: Offer) -> tuple[bool, bool]:
    """Whether these two are barred from each other by audience, and by law."""
    market = Market.of(make_problem(seekers=[seeker], offers=[offer]))
    bars = bars_of(market.terms, market.seekers, market.offers)
    return bool(bars.by_audience[0, market.offers.audience[0]]), bool(bars.by_law[0, market.offers.law[0]])


def all_barred(problem: Problem) -> dict[tuple[str, str], bool]:
    """Whether two are barred from each other, by their ids."""
    market = Market.of(problem)
    bars = bars_of(market.terms, market.seekers, market.offers)
    offers = market.offers
    return {
        (seeker_id, market.offer_ids[row]): bool(
            bars.by_audience[bars.row[sort], audience] or bars.by_law[bars.row[sort], law]
        )
        for seeker_id, sort in zip(market.seeker_ids, market.seekers.sort.tolist(), strict=True)
        for row, audience, law in zip(
            offers.row.tolist(), offers.audience.tolist(), offers.law.tolist(), strict=True
        )
    }
