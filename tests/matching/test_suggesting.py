"""The run: equal to brute force, the same in any order of rows, and honest about who has nothing."""

import random
import time
from dataclasses import replace
from datetime import date
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching import (
    CAUSES,
    ENGINE_VERSION,
    REASON_CODES,
    RULES,
    Answer,
    Kind,
    Offer,
    Problem,
    RunStopped,
    Seeker,
    TravelMode,
    Weights,
    check_pair,
    suggest,
    suggestions_of,
)
from tests.matching import oracle
from tests.matching.cast import PLACES, SECTORS, TAGS, make_offer, make_problem, make_seeker
from tests.matching.strategies import problems

TIMES_QUICKER = 4

Row = TypeVar("Row")
unhurried = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_it_works() -> None:
    offers = [
        make_offer(id="kitchen", tags=frozenset({"cook", "cooking"})),
        make_offer(id="garden", sectors=("GROEN",), tags=frozenset({"animals"})),
        make_offer(id="ward", sectors=("ZORG",)),
    ]
    seeker = make_seeker(wishes=("cook",), tags=frozenset({"cooking"}))

    answer = suggest(make_problem(seekers=[seeker], offers=offers))

    assert [suggestion.offer_id for suggestion in answer.suggestions] == ["kitchen", "garden", "ward"]
    assert [suggestion.rank for suggestion in answer.suggestions] == [1, 2, 3]
    assert [suggestion.sector for suggestion in answer.suggestions] == [1.0, 0.4, 0.0]
    assert answer.gaps == ()
    assert answer.engine_version == ENGINE_VERSION


@unhurried
@given(problems())
def test_the_run_equals_brute_force(problem: Problem) -> None:
    answer = suggest(problem)

    expected = oracle.answer(problem)
    for seeker in problem.seekers:
        found = [one for one in answer.suggestions if one.seeker_id == seeker.id]
        assert [one.offer_id for one in found] == [one.offer for one in expected[seeker.id]]
        for one, wanted in zip(found, expected[seeker.id], strict=True):
            assert one.score == pytest.approx(wanted.score, abs=1e-7)
            assert (one.sector, one.location, one.talent) == pytest.approx(
                (wanted.sector, wanted.location, wanted.talent), abs=1e-9
            )
            assert one.minutes == wanted.minutes


@unhurried
@given(problems(), st.data())
def test_certain_pairs_are_those_of_the_longest_list(problem: Problem, data: st.DataObject) -> None:
    """With the place, the parts and the reasons they have there, whatever a run proposes."""
    pairs = st.tuples(
        st.sampled_from([one.id for one in problem.seekers] or [""]),
        st.sampled_from([one.id for one in problem.offers] or [""]),
    )
    some = data.draw(st.sets(pairs, max_size=6)) if problem.seekers and problem.offers else set()

    found = suggestions_of(problem, some)

    longest = suggest(replace(problem, top=max(1, len(problem.offers))))
    assert found == tuple(one for one in longest.suggestions if (one.seeker_id, one.offer_id) in some)


@unhurried
@given(problems())
def test_who_has_nothing_hears_every_cause(problem: Problem) -> None:
    answer = suggest(problem)

    gaps = {gap.seeker_id: gap for gap in answer.gaps}
    with_something = {one.seeker_id for one in answer.suggestions}
    assert gaps.keys() | with_something == {seeker.id for seeker in problem.seekers}
    assert not gaps.keys() & with_something
    for seeker in problem.seekers:
        if seeker.id not in gaps:
            continue
        forbidding = [oracle.forbidding(seeker, offer, problem) for offer in problem.offers]
        first = [min(rules, key=RULES.index) for rules in forbidding]
        causes = gaps[seeker.id].causes
        assert causes
        assert {cause.code for cause in causes} <= set(CAUSES)
        assert {cause.code: cause.offers for cause in causes if cause.offers} == {
            rule: first.count(rule) for rule in first
        }
        for cause in causes:
            assert cause.alone == sum(rules == {cause.code} for rules in forbidding)
        assert [cause.offers for cause in causes] == sorted((cause.offers for cause in causes), reverse=True)


@unhurried
@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(problem: Problem, chance: random.Random) -> None:
    shuffled = make_problem(
        seekers=_shuffled(problem.seekers, chance),
        offers=_shuffled(problem.offers, chance),
        sectors=_shuffled(SECTORS, chance),
        tags=_shuffled(TAGS, chance),
        places=_shuffled(PLACES, chance),
        seed=problem.seed,
        top=problem.top,
        weights=problem.weights,
        limits=problem.limits,
        blocked=_shuffled(tuple(problem.blocked), chance),
    )

    assert repr(suggest(shuffled)).encode() == repr(suggest(problem)).encode()


@unhurried
@given(problems())
def test_the_others_and_their_number_change_nothing_for_a_seeker(problem: Problem) -> None:
    together = suggest(problem).suggestions

    for seeker in problem.seekers:
        alone = suggest(replace_seekers(problem, [seeker])).suggestions
        assert alone == tuple(one for one in together if one.seeker_id == seeker.id)


@unhurried
@given(problems())
def test_wider_preferences_never_give_fewer_suggestions(problem: Problem) -> None:
    wider = [
        replace(
            seeker,
            max_minutes=None,
            modes=frozenset[TravelMode](),
            kinds=frozenset[Kind](),
            weekdays=frozenset[int](),
        )
        for seeker in problem.seekers
    ]

    before, after = suggest(problem), suggest(replace_seekers(problem, wider))

    for seeker in problem.seekers:
        assert _count(after, seeker.id) >= _count(before, seeker.id)


@unhurried
@given(problems())
def test_every_suggestion_has_reasons_from_the_closed_list(problem: Problem) -> None:
    for suggestion in suggest(problem).suggestions:
        assert suggestion.reasons
        assert {reason.code for reason in suggestion.reasons} <= set(REASON_CODES)
        assert 0 <= suggestion.score <= 100
        assert all(0 <= part <= 1 for part in (suggestion.sector, suggestion.location, suggestion.talent))


def test_equal_offers_are_drawn_by_lot_and_another_seed_draws_otherwise() -> None:
    offers = [make_offer(id=f"offer-{number}") for number in range(30)]

    def order(seed: int) -> list[str]:
        answer = suggest(make_problem(offers=offers, seed=seed, top=30))
        return [one.offer_id for one in answer.suggestions]

    assert order(1) == order(1)
    assert order(1) != order(2)
    assert order(1) != sorted(order(1))
    assert order(1) == sorted(order(1), key=lambda offer: oracle.lot(1, "youth", offer))


def test_each_seeker_draws_his_own_lots() -> None:
    offers = [make_offer(id=f"offer-{number}") for number in range(30)]
    seekers = [make_seeker(id="noor"), make_seeker(id="sam")]

    answer = suggest(make_problem(seekers=seekers, offers=offers, top=30))

    orders = [
        [one.offer_id for one in answer.suggestions if one.seeker_id == seeker.id] for seeker in seekers
    ]
    assert orders[0] != orders[1]


def test_a_list_without_wishes_is_spread_over_sectors() -> None:
    near = [make_offer(id=f"near-{number}", pc4="1068") for number in range(5)]
    far = [make_offer(id="school", pc4="1012", sectors=("ONDERWIJS",))]

    silent = suggest(make_problem(offers=near + far, top=2))
    wishing = suggest(make_problem(seekers=[make_seeker(wishes=("HORECA",))], offers=near + far, top=2))

    assert "school" in {one.offer_id for one in silent.suggestions}
    assert "school" not in {one.offer_id for one in wishing.suggestions}
    codes = {reason.code for one in silent.suggestions for reason in one.reasons}
    assert "no_wishes_spread" in codes


def test_an_empty_profile_can_score_as_high_as_a_full_one() -> None:
    offer = make_offer(pc4="1068", tags=frozenset({"cook"}))
    silent = make_seeker(id="silent")
    full = make_seeker(id="full", wishes=("cook",), tags=frozenset({"cook"}))

    answer = suggest(make_problem(seekers=[silent, full], offers=[offer]))

    assert [one.score for one in answer.suggestions] == pytest.approx([100.0, 100.0])


def test_a_rule_that_waits_for_the_school_marks_the_suggestion() -> None:
    role_model = make_offer(kind=Kind.ROLE_MODEL)

    answer = suggest(make_problem(offers=[role_model]))

    (suggestion,) = answer.suggestions
    asked = [reason for reason in suggestion.reasons if reason.code == "needs_school_ack"]
    assert [reason.facts["rule"] for reason in asked] == ["K-11"]


def test_a_pair_ruled_out_by_a_person_stays_out() -> None:
    problem = make_problem(blocked=[("youth", "offer"), ("somebody", "else")])

    answer = suggest(problem)

    assert answer.suggestions == ()
    assert [(cause.code, cause.offers, cause.alone) for cause in answer.gaps[0].causes] == [("P-1", 1, 1)]


def test_without_offers_everybody_hears_that_there_are_none() -> None:
    answer = suggest(make_problem(offers=[]))

    assert [cause.code for cause in answer.gaps[0].causes] == ["no_offers"]


def test_without_seekers_there_is_an_empty_answer() -> None:
    answer = suggest(make_problem(seekers=[]))

    assert (answer.suggestions, answer.gaps, answer.numbers.pairs) == ((), (), 0)


def test_without_a_vocabulary_talents_simply_do_not_speak() -> None:
    answer = suggest(make_problem(tags=[]))

    assert [one.talent for one in answer.suggestions] == [0.0]


def test_progress_reaches_the_end_and_never_falls() -> None:
    heard: list[tuple[int, int]] = []
    seekers = [make_seeker(id=f"youth-{number}") for number in range(20)]

    suggest(make_problem(seekers=seekers), progress=lambda done, every: heard.append((done, every)))

    assert heard == sorted(heard)
    assert heard[-1] == (20, 20)


def test_the_run_stops_when_asked() -> None:
    with pytest.raises(RunStopped):
        suggest(make_problem(), stop=lambda: True)


def test_the_size_of_a_block_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = _region(seekers=40, offers=30)
    whole = suggest(problem)

    monkeypatch.setattr("matching.suggesting._PAIRS_PER_BLOCK", 100)

    assert suggest(problem) == whole
    assert whole.suggestions


def test_hashes_follow_what_can_change_the_answer() -> None:
    first = make_problem()
    other_input = make_problem(seekers=[make_seeker(max_minutes=20)])
    other_settings = make_problem(weights=Weights(0.5, 0.2, 0.3))
    other_seed = make_problem(seed=8)

    assert first.input_hash == make_problem().input_hash
    assert first.input_hash != other_input.input_hash
    assert first.config_hash == other_input.config_hash
    assert first.config_hash != other_settings.config_hash
    assert first.input_hash == other_settings.input_hash
    assert (first.input_hash, first.config_hash) == (other_seed.input_hash, other_seed.config_hash)


def test_a_region_is_much_quicker_than_pair_by_pair() -> None:
    """The bar of a region (PRODUCT 8) as a ratio, so that a busy machine proves nothing wrong."""
    problem = _region(seekers=1000, offers=250)
    suggest(_region(seekers=2, offers=2))

    started = time.process_time()
    answer = suggest(problem)
    by_the_run = (time.process_time() - started) / answer.numbers.pairs

    pairs = [(seeker, offer) for seeker in problem.seekers[:20] for offer in problem.offers[:50]]
    started = time.process_time()
    for seeker, offer in pairs:
        check_pair(seeker, offer, on=problem.on, places=problem.places)
    by_the_pair = (time.process_time() - started) / len(pairs)

    assert answer.numbers.suggestions > 5_000
    assert by_the_run * TIMES_QUICKER < by_the_pair


def replace_seekers(problem: Problem, seekers: list[Seeker]) -> Problem:
    return make_problem(
        seekers=seekers,
        offers=problem.offers,
        seed=problem.seed,
        top=problem.top,
        weights=problem.weights,
        limits=problem.limits,
        blocked=problem.blocked,
    )


def _count(answer: Answer, seeker_id: str) -> int:
    return sum(one.seeker_id == seeker_id for one in answer.suggestions)


def _shuffled(rows: tuple[Row, ...], chance: random.Random) -> list[Row]:
    return chance.sample(rows, len(rows))


def _region(seekers: int, offers: int) -> Problem:
    chance = random.Random(11)
    tags = [tag.code for tag in TAGS]
    wishes = tags + [sector.code for sector in SECTORS]
    postcodes = [place.pc4 for place in PLACES]
    kinds = [Kind.ORIENTATION_PLACEMENT, Kind.COMMUNITY_PLACEMENT, Kind.HANDS_ON_DAY, Kind.ROLE_MODEL]
    return make_problem(
        seekers=[
            make_seeker(
                id=f"youth-{number}",
                pc4=chance.choice(postcodes),
                birth=(chance.randint(2009, 2013), chance.randint(1, 12)),
                wishes=tuple(chance.sample(wishes, chance.randint(0, 5))),
                tags=frozenset(chance.sample(tags, chance.randint(0, 6))),
            )
            for number in range(seekers)
        ],
        offers=[_invented_offer(number, chance, kinds, postcodes, tags) for number in range(offers)],
    )


def _invented_offer(
    number: int, chance: random.Random, kinds: list[Kind], postcodes: list[str], tags: list[str]
) -> Offer:
    return make_offer(
        id=f"offer-{number}",
        kind=chance.choice(kinds),
        pc4=chance.choice(postcodes),
        sectors=(chance.choice(SECTORS).code,),
        tags=frozenset(chance.sample(tags, chance.randint(0, 5))),
        starts_on=date(2027, chance.randint(2, 5), 1),
        ends_on=date(2027, chance.randint(5, 7), 1),
    )
