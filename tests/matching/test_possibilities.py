"""Every pair that may be made: the pairs, scores and minutes of a run whose lists are as long as can be."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from matching import Problem, candidates_of, possible_candidates, suggest
from tests.matching.cast import make_offer, make_problem, make_seeker
from tests.matching.strategies import problems


def _with_lists_of(problem: Problem, top: int) -> Problem:
    return replace(problem, top=max(1, top))


def test_it_works() -> None:
    problem = make_problem(
        seekers=[make_seeker(id="noor", wishes=("ZORG",)), make_seeker(id="sem")],
        offers=[
            make_offer(id="kitchen"),
            make_offer(id="school", sectors=("ONDERWIJS",)),
            make_offer(id="afar", pc4="3511"),
        ],
    )

    every = possible_candidates(problem)
    wished = possible_candidates(problem, wished_only=True)

    assert [one.pair for one in every] == [
        ("noor", "kitchen"),
        ("noor", "school"),
        ("sem", "kitchen"),
        ("sem", "school"),
    ]
    # A neighbouring sector is a wish met in part; who wishes nothing is content with all.
    assert [one.pair for one in wished] == [("noor", "school"), ("sem", "kitchen"), ("sem", "school")]


@settings(max_examples=40)
@given(problems())
def test_they_are_those_of_the_longest_list(problem: Problem) -> None:
    longest = suggest(_with_lists_of(problem, len(problem.offers)))

    assert set(possible_candidates(problem)) == set(candidates_of(longest))


@settings(max_examples=40)
@given(problems(), st.integers(1, 3))
def test_the_best_of_each_are_kept(problem: Problem, most: int) -> None:
    kept = possible_candidates(problem, most_each=most)
    every = possible_candidates(problem)

    for seeker in problem.seekers:
        mine = sorted((one.value for one in every if one.seeker_id == seeker.id), reverse=True)
        assert sorted((one.value for one in kept if one.seeker_id == seeker.id), reverse=True) == mine[:most]
