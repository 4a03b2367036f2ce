"""Timetables: each rule on a small example, brute force as the oracle, and a region in moments."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise, permutations, product
from time import process_time
from typing import Any

import numpy as np
import pytest
from hypothesis import event, given, reject, settings
from hypothesis import strategies as st

from matching import (
    Appointment,
    EngineFault,
    InvalidProblem,
    Meeting,
    OutOfTime,
    RunStopped,
    Stand,
    Timetable,
    TimetableProblem,
    TimetableSolver,
    Visitor,
    schedule,
    verify_timetable,
)

NAMES = ("noor", "sem", "mila", "adam")
PLACES = ("bakery", "garage", "clinic")


def make_timetable_problem(wishes: Mapping[str, Sequence[str]], **changes: Any) -> TimetableProblem:
    """Visitors with the stands they are to see; everybody there all the time, one at once."""
    stands = sorted({stand for some in wishes.values() for stand in some})
    given: dict[str, Any] = {
        "visitors": [Visitor(name) for name in wishes],
        "stands": [Stand(stand) for stand in stands],
        "appointments": [Appointment(name, stand) for name, some in wishes.items() for stand in some],
        "seed": 7,
    }
    return TimetableProblem.of(**(given | changes))


def test_it_works() -> None:
    problem = make_timetable_problem({"noor": ("bakery", "garage"), "sem": ("bakery", "garage")})

    timetable = schedule(problem)

    certificate = timetable.certificate
    assert len(timetable.meetings) == 4
    assert [(one.seeker_id, one.round) for one in timetable.meetings] == [
        ("noor", 1),
        ("noor", 2),
        ("sem", 1),
        ("sem", 2),
    ]
    assert (certificate.rounds.reached, certificate.rounds.best, certificate.rounds.is_proven) == (2, 2, True)
    assert certificate.solver is TimetableSolver.COLOURING
    assert certificate.busiest == ("noor", "sem", "bakery", "garage")
    assert verify_timetable(timetable) == 4


def test_nothing_to_meet_takes_no_round() -> None:
    timetable = schedule(make_timetable_problem({"noor": ()}))

    assert timetable.meetings == ()
    assert timetable.certificate.rounds.reached == 0


def test_a_stand_with_room_for_two_needs_half_the_rounds() -> None:
    wishes = dict.fromkeys(NAMES, ("bakery",))

    alone = schedule(make_timetable_problem(wishes))
    paired = schedule(make_timetable_problem(wishes, stands=[Stand("bakery", 2)]))

    assert alone.certificate.rounds.reached == 4
    assert paired.certificate.rounds.reached == 2
    assert paired.certificate.busiest == ("bakery",)


def test_a_workshop_takes_several_rounds() -> None:
    problem = make_timetable_problem(
        {"noor": ("bakery", "garage")},
        appointments=[Appointment("noor", "bakery", 2), Appointment("noor", "garage")],
    )

    timetable = schedule(problem)

    assert Counter(one.stand_id for one in timetable.meetings) == {"bakery": 2, "garage": 1}
    assert timetable.certificate.rounds.reached == 3


def test_who_comes_late_or_has_a_break_is_not_expected() -> None:
    problem = make_timetable_problem(
        {"noor": ("bakery",), "sem": ("bakery", "garage"), "mila": ("garage",)},
        visitors=[Visitor("noor", from_round=2), Visitor("sem", away=frozenset({2})), Visitor("mila")],
        stands=[Stand("bakery"), Stand("garage", away=frozenset({1}))],
    )

    timetable = schedule(problem)

    assert set(timetable.meetings) == {
        ("noor", "bakery", 2),
        ("sem", "bakery", 1),
        ("sem", "garage", 3),
        ("mila", "garage", 2),
    }
    # Noor needs two rounds at least and Sem three: he is away in the second.
    assert timetable.certificate.busiest == ("sem", "garage")


def test_a_lock_stays() -> None:
    problem = make_timetable_problem(
        {"noor": ("bakery", "garage"), "sem": ("bakery", "garage")}, locked=[("sem", "garage", 1)]
    )

    timetable = schedule(problem)

    assert set(timetable.meetings) == {
        ("sem", "garage", 1),
        ("sem", "bakery", 2),
        ("noor", "bakery", 1),
        ("noor", "garage", 2),
    }


def test_a_lock_in_a_late_round_is_the_last_round() -> None:
    timetable = schedule(make_timetable_problem({"noor": ("bakery",)}, locked=[("noor", "bakery", 5)]))

    assert timetable.meetings == (("noor", "bakery", 5),)
    assert timetable.certificate.rounds.is_proven


def test_stands_of_one_room_are_seen_one_after_another() -> None:
    wishes = dict.fromkeys(NAMES, ("a1", "b1", "a2", "b2"))
    stands = [Stand(name, room=name[0]) for name in ("a1", "a2", "b1", "b2")]

    timetable = schedule(make_timetable_problem(wishes, stands=stands))

    assert timetable.certificate.rounds.reached == 4
    # Everybody changes rooms once, and once at least.
    assert (timetable.certificate.walked.reached, timetable.certificate.walked.best) == (4, 4)


def test_a_long_walk_is_made_once() -> None:
    walks = {("hall", "attic"): 1, ("hall", "garden"): 9, ("garden", "attic"): 9}
    stands = [Stand("a", room="hall"), Stand("b", room="garden"), Stand("c", room="attic")]

    timetable = schedule(make_timetable_problem({"noor": ("a", "b", "c")}, stands=stands, walks=walks))

    assert timetable.certificate.walked.reached == 10
    assert timetable.meetings[1].stand_id != "b"


# What cannot be.


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"rounds": 0}, ("problem", "rounds", "impossible")),
        ({"visitors": [Visitor("noor")] * 2}, ("noor", "id", "duplicate")),
        ({"visitors": [Visitor("noor"), Visitor("")]}, ("", "id", "empty")),
        ({"visitors": [Visitor("noor", from_round=0)]}, ("noor", "from_round", "impossible")),
        ({"visitors": [Visitor("noor", 3, 2)]}, ("noor", "rounds", "end_before_start")),
        ({"visitors": [Visitor("noor", away=frozenset({0}))]}, ("noor", "away", "impossible")),
        ({"stands": [Stand("bakery", -1)]}, ("bakery", "capacity", "negative")),
        ({"stands": [Stand("bakery", 10**6)]}, ("bakery", "capacity", "impossible")),
        ({"walks": {("a", "b"): -1}}, ("a/b", "walks", "negative")),
        ({"walks": {("a", "b"): 1, ("b", "a"): 2}}, ("a/b", "walks", "differs_by_direction")),
        ({"appointments": [Appointment("noor", "bakery", 0)]}, ("noor/bakery", "times", "impossible")),
        ({"appointments": [Appointment("sem", "bakery")]}, ("sem/bakery", "seeker_id", "unknown")),
        ({"appointments": [Appointment("noor", "zoo")]}, ("noor/zoo", "stand_id", "unknown")),
        ({"appointments": [Appointment("noor", "bakery")] * 2}, ("noor/bakery", "appointment", "duplicate")),
        ({"locked": [("noor", "zoo", 1)]}, ("noor/zoo/1", "locked", "not_an_appointment")),
        ({"locked": [("noor", "bakery", 9)], "rounds": 3}, ("noor/bakery/9", "locked", "not_a_round")),
        (
            {"locked": [("noor", "bakery", 1)], "visitors": [Visitor("noor", 2)]},
            ("noor/bakery/1", "locked", "seeker_away"),
        ),
        (
            {"locked": [("noor", "bakery", 1)], "stands": [Stand("bakery", from_round=2)]},
            ("noor/bakery/1", "locked", "stand_away"),
        ),
        (
            {"locked": [("noor", "bakery", 1)], "stands": [Stand("bakery", 0)]},
            ("noor/bakery/1", "locked", "too_many_for_position"),
        ),
        (
            {"locked": [("noor", "bakery", 1), ("noor", "bakery", 2)]},
            ("noor/bakery/2", "locked", "too_many_for_appointment"),
        ),
        (
            {
                "locked": [("noor", "bakery", 1), ("noor", "garage", 1)],
                "stands": [Stand("bakery"), Stand("garage")],
                "appointments": [Appointment("noor", "bakery"), Appointment("noor", "garage")],
            },
            ("noor/bakery/1", "locked", "too_many_for_round"),
        ),
    ],
    ids=str,
)
def test_a_bad_problem_is_refused_with_its_rows(changes: dict[str, Any], fault: tuple[str, str, str]) -> None:
    with pytest.raises(InvalidProblem) as refused:
        make_timetable_problem({"noor": ("bakery",)}, **changes)

    assert fault in refused.value.faults


def test_who_has_too_few_rounds_is_named() -> None:
    problem = make_timetable_problem(
        {"noor": ("bakery", "garage", "clinic"), "sem": ("bakery",), "mila": ("bakery",)},
        rounds=2,
    )

    with pytest.raises(InvalidProblem) as refused:
        schedule(problem)

    assert refused.value.faults == (
        ("noor", "rounds", "too_few_rounds"),
        ("bakery", "rounds", "too_few_positions"),
    )


def test_appointments_that_stand_in_each_others_way_are_named() -> None:
    # Noor and Sem are both there in the first round only, and both must see the bakery.
    problem = make_timetable_problem(
        {"noor": ("bakery",), "sem": ("bakery",), "mila": ("bakery", "garage")},
        visitors=[Visitor("noor", until_round=1), Visitor("sem", until_round=1), Visitor("mila")],
        rounds=4,
    )

    with pytest.raises(InvalidProblem) as refused:
        schedule(problem)

    assert refused.value.faults == (
        ("noor/bakery", "appointment", "impossible_together"),
        ("sem/bakery", "appointment", "impossible_together"),
    )


def test_out_of_time_is_said() -> None:
    problem = _region(4, breaks=True)
    # Two who must be at one stand in the one round they are there: not to be seen in no time.
    crowded = replace(
        problem,
        visitors=(*problem.visitors, Visitor("z1", until_round=1), Visitor("z2", until_round=1)),
        stands=(*problem.stands, Stand("zoo")),
        appointments=(*problem.appointments, Appointment("z1", "zoo"), Appointment("z2", "zoo")),
    )

    with pytest.raises(OutOfTime):
        schedule(crowded, limit_seconds=0)
    with pytest.raises(InvalidProblem) as refused:
        schedule(crowded)
    assert refused.value.rows == ("z1/zoo", "z2/zoo")


def test_out_of_time_with_rounds_to_spare_there_is_an_answer() -> None:
    certificate = schedule(replace(_region(4, breaks=True), rounds=None), limit_seconds=0).certificate

    assert certificate.is_out_of_time
    assert certificate.rounds.best == 4 < certificate.rounds.reached


def test_walking_stops_in_time_and_says_so() -> None:
    certificate = schedule(_region(4, breaks=False), limit_seconds=0).certificate

    assert certificate.rounds.is_proven
    assert certificate.is_out_of_time
    assert not certificate.walked.is_proven


def test_a_run_can_be_stopped() -> None:
    wishes = dict.fromkeys(NAMES, ("a1", "b1", "a2"))
    stands = [Stand(name, room=name[0]) for name in ("a1", "a2", "b1")]

    with pytest.raises(RunStopped):
        schedule(make_timetable_problem(wishes, stands=stands), stop=lambda: True)


# Brute force.


@st.composite
def timetables(draw: st.DrawFn, *, is_open: bool = False) -> TimetableProblem:
    """Small problems; `is_open`: everybody is there all the time and as many rounds as needed."""
    names, places = NAMES[: draw(st.integers(1, 4))], PLACES[: draw(st.integers(1, 3))]
    pairs = [(name, place) for name in names for place in places]
    some = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=7))
    rounds = draw(st.integers(1, 4))
    breaks = st.frozensets(st.integers(1, rounds), max_size=0 if is_open else 2)
    late = st.just(1) if is_open else st.sampled_from([1, 1, 2])
    visitors = [Visitor(name, from_round=draw(late), away=draw(breaks)) for name in names]
    stands = [
        Stand(place, draw(st.integers(1, 2)), draw(st.sampled_from(["hall", "attic", "yard"])), draw(late))
        for place in places
    ]
    locked = (
        [] if is_open else [(*pair, draw(st.integers(1, rounds))) for pair in some[:1] if draw(st.booleans())]
    )
    try:
        return TimetableProblem.of(
            visitors=visitors,
            stands=stands,
            appointments=[Appointment(*pair) for pair in some],
            rounds=None if is_open else rounds,
            locked=locked,
            walks=draw(st.sampled_from([{}, {("hall", "yard"): 3}])),
            seed=draw(st.integers(0, 3)),
        )
    except InvalidProblem:
        reject()


def _every(problem: TimetableProblem, rounds: int) -> Iterator[tuple[Meeting, ...]]:
    """Every timetable in so many rounds that keeps every rule, visitor by visitor."""
    ways = [list(_routes(problem, visitor, rounds)) for visitor in problem.visitors]
    for routes in product(*ways):
        meetings = tuple(meeting for route in routes for meeting in route)
        at_once = Counter((one.stand_id, one.round) for one in meetings)
        if set(problem.locked) <= set(meetings) and all(
            at_once[stand.id, number] <= stand.capacity
            for stand in problem.stands
            for number in range(1, rounds + 1)
        ):
            yield meetings


def _routes(problem: TimetableProblem, visitor: Visitor, rounds: int) -> Iterator[tuple[Meeting, ...]]:
    stands = {stand.id: stand for stand in problem.stands}
    own = [one.stand_id for one in problem.appointments if one.seeker_id == visitor.id]
    for numbers in permutations(range(1, rounds + 1), len(own)):
        if all(
            visitor.is_there(number) and stands[stand].is_there(number)
            for stand, number in zip(own, numbers, strict=True)
        ):
            yield tuple(Meeting(visitor.id, *meeting) for meeting in zip(own, numbers, strict=True))


def _walked(problem: TimetableProblem, meetings: Sequence[Meeting]) -> int:
    room = {stand.id: stand.room for stand in problem.stands}
    far = 0
    for visitor in problem.visitors:
        own = sorted((one.round, room[one.stand_id]) for one in meetings if one.seeker_id == visitor.id)
        far += sum(problem.walk(one, other) for (_, one), (_, other) in pairwise(own))
    return far


@settings(max_examples=150, deadline=None)
@given(timetables())
def test_it_is_as_short_as_brute_force_finds(problem: TimetableProblem) -> None:
    assert problem.rounds is not None
    fewest = next(
        (rounds for rounds in range(problem.rounds + 1) if any(True for _ in _every(problem, rounds))), None
    )
    if fewest is None:
        with pytest.raises(InvalidProblem) as refused:
            schedule(problem)
        event(refused.value.faults[0].code)
        _explains(problem, refused.value)
        return
    certificate = schedule(problem).certificate
    event(certificate.solver)
    assert (certificate.rounds.reached, certificate.rounds.best) == (fewest, fewest)
    least = min(_walked(problem, meetings) for meetings in _every(problem, fewest))
    assert certificate.walked.best is not None
    assert certificate.walked.best <= least <= certificate.walked.reached


def _explains(problem: TimetableProblem, refused: InvalidProblem) -> None:
    """What is named is impossible by itself; of appointments, all but any one are possible."""
    pairs = {one.row: one for one in problem.appointments}
    named = [pairs[row] for row in refused.rows if row in pairs]
    if not named:
        return
    assert not _is_possible(problem, named)
    for one in named:
        assert _is_possible(problem, [other for other in named if other != one])


def _is_possible(problem: TimetableProblem, some: Sequence[Appointment]) -> bool:
    """Whether these appointments fit beside the locks."""
    locked = {(lock.seeker_id, lock.stand_id) for lock in problem.locked}
    rest = [
        one for one in problem.appointments if (one.seeker_id, one.stand_id) in locked and one not in some
    ]
    only = replace(problem, appointments=(*some, *rest))
    assert problem.rounds is not None
    return any(True for _ in _every(only, problem.rounds))


@settings(max_examples=100, deadline=None)
@given(timetables(is_open=True))
def test_the_busiest_says_how_many_rounds(problem: TimetableProblem) -> None:
    certificate = schedule(problem).certificate

    visits = Counter(one.seeker_id for one in problem.appointments)
    receives = Counter(one.stand_id for one in problem.appointments)
    at_once = {stand.id: stand.capacity for stand in problem.stands}
    degrees = [*visits.values(), *(-(-many // at_once[stand]) for stand, many in receives.items())]
    assert certificate.rounds.reached == max(degrees, default=0)
    if problem.appointments:
        assert certificate.solver is TimetableSolver.COLOURING


@settings(max_examples=60, deadline=None)
@given(timetables(), st.randoms(use_true_random=False))
def test_the_order_of_rows_means_nothing(problem: TimetableProblem, random: Any) -> None:
    def mixed(rows: Sequence[Any]) -> list[Any]:
        return list(random.sample(rows, len(rows)))

    again = TimetableProblem.of(
        visitors=mixed(problem.visitors),
        stands=mixed(problem.stands),
        appointments=mixed(problem.appointments),
        rounds=problem.rounds,
        locked=mixed(problem.locked),
        walks=problem.walks,
        seed=problem.seed,
    )

    assert again == problem
    assert again.input_hash == problem.input_hash
    try:
        timetable = schedule(problem)
    except InvalidProblem:
        reject()
    assert schedule(again) == timetable


# What is said is looked at again.


def _forged(timetable: Timetable, **changes: Any) -> Timetable:
    return replace(timetable, **changes)


@pytest.mark.parametrize(
    "meetings",
    [
        [("noor", "bakery", 1), ("noor", "garage", 2), ("sem", "bakery", 2)],
        [("noor", "bakery", 1), ("noor", "garage", 1), ("sem", "bakery", 2), ("sem", "garage", 3)],
        [("noor", "bakery", 1), ("noor", "garage", 2), ("sem", "bakery", 1), ("sem", "garage", 3)],
        [("noor", "bakery", 3), ("noor", "garage", 2), ("sem", "bakery", 2), ("sem", "garage", 1)],
        [("noor", "bakery", 1), ("noor", "garage", 2), ("sem", "bakery", 2), ("sem", "garage", 4)],
        [("noor", "bakery", 2), ("noor", "garage", 1), ("sem", "bakery", 1), ("sem", "garage", 3)],
    ],
    ids=["one missing", "twice at once", "too full", "away", "no such round", "lock not kept"],
)
def test_a_forged_timetable_is_found_out(meetings: list[tuple[str, str, int]]) -> None:
    problem = make_timetable_problem(
        {"noor": ("bakery", "garage"), "sem": ("bakery", "garage")},
        visitors=[Visitor("noor", until_round=2), Visitor("sem")],
        rounds=3,
        locked=[("noor", "bakery", 1)],
    )
    timetable = schedule(problem)
    verify_timetable(timetable)

    with pytest.raises(EngineFault):
        verify_timetable(_forged(timetable, meetings=tuple(Meeting(*meeting) for meeting in meetings)))


def test_a_forged_certificate_is_found_out() -> None:
    timetable = schedule(make_timetable_problem({"noor": ("bakery", "garage")}))
    certificate = timetable.certificate

    for name in ("rounds", "walked"):
        stated = getattr(certificate, name)
        for change in ({"reached": stated.reached + 1}, {"best": stated.reached + 1}):
            with pytest.raises(EngineFault):
                verify_timetable(
                    _forged(timetable, certificate=replace(certificate, **{name: replace(stated, **change)}))
                )
    with pytest.raises(EngineFault):
        verify_timetable(_forged(timetable, certificate=replace(certificate, busiest=("bakery",))))


# Size.


@pytest.mark.parametrize("rounds", [2, 3, 6])
@pytest.mark.parametrize("breaks", [False, True], ids=["all there", "with breaks"])
def test_a_region_takes_moments(rounds: int, breaks: bool) -> None:
    problem = _region(rounds, breaks=breaks)

    began = process_time()
    certificate = schedule(problem).certificate
    seconds = process_time() - began

    assert certificate.rounds.is_proven
    assert certificate.rounds.reached <= rounds
    assert certificate.walked.best is not None
    # The shortest walks there can be, or very nearly.
    assert certificate.walked.reached <= 1.02 * certificate.walked.best
    # Usually a tenth of this; processor time, so that a busy machine fails no test.
    assert seconds < 20


def _region(rounds: int, *, breaks: bool) -> TimetableProblem:
    """A thousand youths, 250 stands in eight rooms, and a plan that is known to be possible."""
    random = np.random.default_rng(rounds)
    free = {(stand, number): 6 for stand in range(250) for number in range(rounds)}
    met: dict[str, list[int]] = {}
    away: dict[str, frozenset[int]] = {}
    for name in (f"y{row}" for row in range(1000)):
        met[name] = []
        for number in range(rounds):
            if breaks and number == len(name) % rounds and random.random() < 0.3:
                away[name] = frozenset({number + 1})
                continue
            stands = [stand for stand in random.permutation(250)[:40].tolist() if stand not in met[name]]
            stand = next(one for one in stands if free[one, number])
            free[stand, number] -= 1
            met[name].append(stand)
    return TimetableProblem.of(
        visitors=[Visitor(name, away=away.get(name, frozenset())) for name in met],
        stands=[Stand(f"s{stand}", 6, f"room {stand % 8}") for stand in range(250)],
        appointments=[Appointment(name, f"s{stand}") for name, stands in met.items() for stand in stands],
        rounds=rounds,
        seed=1,
    )
