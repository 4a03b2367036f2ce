"""Figures and ratios: only ever from what was measured, and only of the same task."""

import math

import pytest

from service.bench.figures import Figure, Role, Topic, ratios
from service.bench.stopwatch import FORGET_PEAK, Spent, timed

SIZE = {"youths": 100, "offers": 40}


def figure(name: str, seconds: float, role: Role = Role.PODIUM, share: float = 1.0, **changes: int) -> Figure:
    return Figure(Topic.MATCHING, name, SIZE | changes, Spent(seconds, seconds * 2, 10), role, share)


def test_it_works() -> None:
    known = [figure("rank", 2.0), figure("numpy", 3.0, Role.REFERENCE, share=0.5)]

    (ratio,) = ratios(known)

    assert (ratio.podium, ratio.reference, ratio.is_extrapolated) == ("rank", "numpy", True)
    assert ratio.times == known[1].seconds / known[0].seconds == 3.0
    assert ratio.processor_times == 3.0


def test_a_part_that_was_measured_stands_for_the_whole() -> None:
    part = figure("numpy", 3.0, share=0.25)

    assert (part.seconds, part.processor_seconds) == (12.0, 24.0)
    assert part.pairs == part.amount == 4000
    assert math.isclose(part.per_second, 4000 / 12)


@pytest.mark.parametrize(
    "other",
    [
        figure("suggest", 1.0, Role.MORE),
        figure("rank", 1.0),
        figure("numpy", 1.0, Role.REFERENCE, offers=41),
        Figure(Topic.READING, "numpy", SIZE, Spent(1, 1, 1), Role.REFERENCE),
    ],
    ids=["does more", "ours", "another size", "another topic"],
)
def test_only_who_did_the_same_is_compared(other: Figure) -> None:
    assert list(ratios([figure("rank", 2.0), other])) == []


def test_a_stopwatch_sees_time_work_and_memory() -> None:
    _, idle = timed(lambda: None)

    # In one piece: smaller ones may fit into what an earlier test left free.
    row, spent = timed(lambda: bytearray(b"x") * (256 << 20))

    assert len(row) == 256 << 20
    assert spent.seconds > 0
    assert spent.processor_seconds > 0
    assert spent.peak_mebibytes > idle.peak_mebibytes


def test_a_peak_that_is_past_is_forgotten() -> None:
    """So that each figure has its own, where the system can forget."""
    _, heavy = timed(lambda: len(bytearray(b"x") * (256 << 20)))
    _, light = timed(lambda: None)

    if not FORGET_PEAK.exists():
        pytest.skip("only Linux forgets a peak")
    assert light.peak_mebibytes < heavy.peak_mebibytes - 100
