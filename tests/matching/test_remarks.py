"""What rules remark on a pair is what they say of that pair alone, however much is remembered."""

from datetime import date

from hypothesis import given

from matching import Hazard, Kind, Problem, Track, check_pair
from matching.reasons import NEEDS_SCHOOL_ACK, REMARK, rule_reasons
from matching.remarks import Remarks
from tests.matching.cast import ON, make_offer, make_problem, make_seeker
from tests.matching.strategies import problems


def test_it_works() -> None:
    offer = make_offer(hazards=frozenset({Hazard.Z_1}))
    problem = make_problem(offers=[offer])

    (reason,) = remarks_of(problem).of(problem.seekers[0], 0)

    assert (reason.code, reason.facts["rule"]) == (NEEDS_SCHOOL_ACK, "Z-1")


@given(problems())
def test_it_is_what_is_said_of_each_pair_alone(problem: Problem) -> None:
    remarks = remarks_of(problem)
    for seeker in problem.seekers:
        for row, offer in enumerate(problem.offers):
            verdicts = check_pair(
                seeker, offer, on=ON, places=problem.places, limits=problem.limits, law=problem.law
            )
            if not any(said.verdict == "BLOCK" for said in verdicts):
                assert remarks.of(seeker, row) == tuple(rule_reasons(verdicts))


def test_who_has_a_birthday_in_between_hears_of_both_ages() -> None:
    """Too heavy to lift is a ban below 16 and a remark from 16 on: what is remembered knows the days."""
    offers = [
        make_offer(id=str(day), hazards=frozenset({Hazard.Z_3}), starts_on=date(2027, 6, day), ends_on=None)
        for day in (1, 30)
    ]
    problem = make_problem(seekers=[make_seeker(birth=(2010, 6))], offers=offers)
    remarks = remarks_of(problem)

    first, second = (remarks.of(problem.seekers[0], row) for row in range(2))

    assert [(reason.code, reason.facts["age"]) for reason in first] == [(REMARK, 16)]
    assert [(reason.code, reason.facts["age"]) for reason in second] == [(REMARK, 17)]


def test_what_a_seeker_does_not_say_is_remarked_of_him_only() -> None:
    problem = make_problem(
        seekers=[make_seeker(id="silent"), make_seeker(id="tells", track=Track.TL)],
        offers=[make_offer(tracks=frozenset({Track.TL}), kind=Kind.HANDS_ON_DAY)],
    )
    remarks = remarks_of(problem)

    assert [len(remarks.of(seeker, 0)) for seeker in problem.seekers] == [1, 0]


def remarks_of(problem: Problem) -> Remarks:
    return Remarks(problem.offers, problem.on, problem.law)
