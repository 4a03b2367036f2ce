"""Many pairs at once: exactly what `check_pair` says of each, on every rule."""

from dataclasses import replace
from datetime import date

import numpy as np
from hypothesis import given, settings

from matching import RULES, Kind, Problem, Track, Verdict, check_pair, suggest
from matching.screening import ALLOWED, Screening
from tests.matching.cast import ON, make_offer, make_problem, make_seeker
from tests.matching.strategies import problems


@settings(max_examples=150, deadline=None)
@given(problems())
def test_it_works_like_one_pair_at_a_time(problem: Problem) -> None:
    screened = Screening(problem).screen(np.arange(len(problem.seekers), dtype=np.intp))

    for row, seeker in enumerate(problem.seekers):
        for column, offer in enumerate(problem.offers):
            verdicts = check_pair(
                seeker,
                offer,
                on=problem.on,
                places=problem.places,
                limits=problem.limits,
                is_blocked=(seeker.id, offer.id) in problem.blocked,
            )
            forbidding = {RULES.index(said.rule) for said in verdicts if said.verdict is Verdict.BLOCK}
            assert screened.first[row, column] == min(forbidding, default=ALLOWED)
            assert screened.count[row, column] == len(forbidding)
            if not forbidding:
                has_remark = any(said.verdict is not Verdict.OK for said in verdicts)
                assert screened.has_remark[row, column] == has_remark


def test_the_birthday_itself_counts_as_the_new_age() -> None:
    seeker = make_seeker(birth=(2013, 3))
    birthday = date(2027, 3, 31)
    on_it = make_offer(id="on it", starts_on=birthday, ends_on=birthday)
    before = replace(on_it, id="before", starts_on=date(2027, 3, 30), ends_on=date(2027, 3, 30))

    answer = suggest(make_problem(seekers=[seeker], offers=[on_it, before]))

    assert [one.offer_id for one in answer.suggestions] == ["on it"]


def test_an_offer_is_over_the_day_after_its_last() -> None:
    today = make_offer(id="today", starts_on=ON, ends_on=ON)
    yesterday = make_offer(id="yesterday", starts_on=date(2027, 2, 9), ends_on=date(2027, 2, 9))

    answer = suggest(make_problem(offers=[today, yesterday]))

    assert [one.offer_id for one in answer.suggestions] == ["today"]


def test_the_tolerance_counts_in_a_run() -> None:
    within = make_seeker(id="within", max_minutes=15)
    beyond = make_seeker(id="beyond", max_minutes=14)

    answer = suggest(make_problem(seekers=[within, beyond]))

    assert [(one.seeker_id, one.minutes, one.location) for one in answer.suggestions] == [("within", 20, 0.2)]
    assert [cause.code for cause in answer.gaps[0].causes] == ["R-1"]


def test_a_work_learn_track_ends_at_18_also_in_a_run() -> None:
    seeker = make_seeker(birth=(2009, 3), track=Track.BB, year=4)
    track = make_offer(kind=Kind.WORK_LEARN_TRACK, starts_on=None, ends_on=None)

    assert suggest(make_problem(seekers=[seeker], offers=[track])).suggestions
    ending = replace(track, ends_on=date(2027, 4, 1))
    assert not suggest(make_problem(seekers=[seeker], offers=[ending])).suggestions
