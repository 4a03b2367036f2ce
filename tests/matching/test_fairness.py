"""The audit: its numbers by hand, and no cell from which a few can be told."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import InvalidProblem, allocate, audit, shown_counts
from matching.fairness import gini
from tests.matching.allocation_cast import make_allocation_problem


def _outcomes(values: list[float]) -> dict[str, float]:
    return {f"s{number}": value for number, value in enumerate(values)}


def test_it_works() -> None:
    outcomes = _outcomes([0.0, 0.2, 0.5, 0.6, 0.7, 0.8, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0])

    cell = audit(outcomes, good=0.6).overall

    assert cell is not None
    assert (cell.seekers, cell.minimum, cell.p10) == (12, 0.0, 0.2)
    assert cell.placed_share == pytest.approx(11 / 12)
    assert cell.good_share == pytest.approx(9 / 12)
    assert cell.mean == pytest.approx(8.8 / 12)


def test_it_reads_an_allocation() -> None:
    values = {f"s{number}": {f"o{number}": 1.0} for number in range(10)}

    found = audit(allocate(make_allocation_problem(values)).outcomes, good=0.6)

    assert found.overall is not None
    assert (found.overall.good_share, found.overall.gini) == (1.0, 0.0)


def test_small_groups_are_suppressed() -> None:
    outcomes = _outcomes([1.0] * 40)
    school = {
        one: "small" if place < 9 else "next" if place < 20 else "large" for place, one in enumerate(outcomes)
    }

    cells = audit(outcomes, good=0.6, groups={"school": school}).groups["school"]

    # The whole minus the others would tell of the nine, so the next smallest is hidden too.
    assert cells["small"] is None
    assert cells["next"] is None
    assert cells["large"] is not None


def test_several_small_groups_hide_each_other() -> None:
    outcomes = _outcomes([1.0] * 30)
    track = {one: "BB" if place < 6 else "KB" if place < 12 else "GL" for place, one in enumerate(outcomes)}

    cells = audit(outcomes, good=0.6, groups={"track": track}).groups["track"]

    assert [name for name, cell in cells.items() if cell is None] == ["BB", "KB"]


def test_who_is_in_no_group_cannot_be_subtracted_either() -> None:
    outcomes = _outcomes([1.0] * 30)
    school = {one: "a" if place < 12 else "b" for place, one in enumerate(outcomes) if place < 28}

    cells = audit(outcomes, good=0.6, groups={"school": school}).groups["school"]

    assert [name for name, cell in cells.items() if cell is None] == ["a"]


def test_one_grouping_minus_another_tells_of_nobody() -> None:
    """All of school a follow track BB, and three of school b: BB minus a would be these three."""
    outcomes = _outcomes([1.0] * 60)
    places = list(enumerate(outcomes))
    school = {one: "a" if place < 20 else "b" if place < 40 else "c" for place, one in places}
    track = {one: "BB" if place < 23 else "KB" for place, one in places}

    alone = audit(outcomes, good=0.6, groups={"school": school}).groups
    both = audit(outcomes, good=0.6, groups={"school": school, "track": track}).groups

    assert None not in alone["school"].values()
    shown = {name for cells in both.values() for name, cell in cells.items() if cell is not None}
    assert not {"a", "BB"} <= shown


def test_decisions_against_the_proposal_are_counted() -> None:
    outcomes = _outcomes([1.0] * 40)
    school = {one: "a" if place < 20 else "b" for place, one in enumerate(outcomes)}
    decided = {one: place % 4 == 0 for place, one in enumerate(outcomes) if place < 32}

    found = audit(outcomes, good=0.6, groups={"school": school}, overruled=decided)

    assert found.overall is not None
    assert found.overall.overruled_share == 8 / 32
    assert found.groups["school"]["a"] is not None
    assert found.groups["school"]["a"].overruled_share == 5 / 20


def test_decisions_about_a_few_are_not_told() -> None:
    outcomes = _outcomes([1.0] * 40)
    school = {one: "a" if place < 20 else "b" for place, one in enumerate(outcomes)}
    decided = dict.fromkeys(list(outcomes)[:24], True)

    found = audit(outcomes, good=0.6, groups={"school": school}, overruled=decided)

    # Of school b four were decided on; with the share of all and that of a they would be known.
    assert found.overall is not None
    assert found.overall.overruled_share == 1.0
    cells = found.groups["school"]
    assert [cell is not None and cell.overruled_share is None for cell in cells.values()] == [True, True]


def test_counts_that_add_up_hide_each_other() -> None:
    assert shown_counts({"a": 3, "b": 8, "c": 40, "d": 0}) == {"a": None, "b": None, "c": 40, "d": 0}
    assert shown_counts({"a": 3, "b": 20, "c": 40}) == {"a": None, "b": None, "c": 40}
    assert shown_counts({"a": 3}) == {"a": None}


def test_a_whole_of_a_few_is_suppressed() -> None:
    outcomes = _outcomes([1.0] * 9)
    groups = {"school": dict.fromkeys(outcomes, "a"), "track": dict.fromkeys(list(outcomes)[:4], "BB")}

    found = audit(outcomes, good=0.6, groups=groups)

    assert found.overall is None
    assert found.groups == {"school": {"a": None}, "track": {"BB": None}}


def test_what_is_no_share_or_nobody_is_refused() -> None:
    with pytest.raises(InvalidProblem) as refused:
        audit({"noor": 1.5}, good=0.6, groups={"school": {"sem": "a"}}, overruled={"kim": True})

    assert refused.value.faults == (
        ("noor", "outcome", "impossible"),
        ("sem", "school", "unknown"),
        ("kim", "overruled", "unknown"),
    )


@given(st.lists(st.integers(0, 20), min_size=1, max_size=15))
def test_gini_is_half_the_mean_difference(values: list[int]) -> None:
    mean = Fraction(sum(values), len(values))
    differences = Fraction(
        sum(abs(one - other) for one, other in product(values, repeat=2)), len(values) ** 2
    )
    expected = differences / (2 * mean) if mean else Fraction(0)

    assert gini([float(value) for value in values]) == pytest.approx(float(expected), abs=1e-12)


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 25), min_size=1), st.integers(0, 12))
def test_what_is_hidden_is_never_a_few(sizes: dict[str, int], unnamed: int) -> None:
    members = {f"{group}{place}": group for group, size in sizes.items() for place in range(size)}
    outcomes = dict.fromkeys(members, 1.0) | {f"-{place}": 1.0 for place in range(unnamed)}

    cells = audit(outcomes, good=0.6, groups={"school": members}).groups["school"]

    hidden = unnamed + sum(sizes[group] for group, cell in cells.items() if cell is None)
    assert all(cell is None or cell.seekers >= 10 for cell in cells.values())
    assert hidden == 0 or hidden >= 10 or all(cell is None for cell in cells.values())
