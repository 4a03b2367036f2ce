"""The cheapest circulation: as cheap as a linear programme says in every stage, bounded when cut short."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import linprog

from matching.flow import Circulation

Arcs = list[tuple[int, int, int, int, int]]


@st.composite
def arcs(draw: st.DrawFn) -> tuple[int, Arcs]:
    """Some nodes, and arcs of tail, head, capacity and two costs."""
    nodes = draw(st.integers(2, 6))
    node = st.integers(0, nodes - 1)
    arc = st.tuples(node, node, st.integers(0, 3), st.integers(-4, 4), st.integers(-9, 9))
    return nodes, [one for one in draw(st.lists(arc, max_size=16)) if one[0] != one[1]]


def _circulation(nodes: int, rows: Arcs) -> tuple[Circulation, NDArray[np.int64], NDArray[np.int64]]:
    columns = np.array(rows, dtype=np.int64).reshape(-1, 5).T
    return Circulation(nodes, columns[0], columns[1], columns[2]), columns[3], columns[4]


def _cheapest(nodes: int, rows: Arcs, held: int | None = None) -> int:
    """The least first cost; or the least second cost among circulations of this first cost."""
    if not rows:
        return 0
    columns = np.array(rows, dtype=np.int64).T
    balance = np.zeros((nodes, len(rows)))
    for place, (tail, head, *_) in enumerate(rows):
        balance[tail, place] -= 1
        balance[head, place] += 1
    equal, sums = balance, np.zeros(nodes)
    if held is not None:
        equal, sums = np.vstack([balance, columns[3]]), np.append(sums, held)
    costs = columns[3] if held is None else columns[4]
    result = linprog(costs, A_eq=equal, b_eq=sums, bounds=np.stack([np.zeros(len(rows)), columns[2]], axis=1))
    least: int = round(result.fun)
    return least


def _is_balanced(ways: Circulation) -> bool:
    balance = np.zeros(ways.nodes, dtype=np.int64)
    np.add.at(balance, ways.heads, ways.flow)
    np.subtract.at(balance, ways.tails, ways.flow)
    return not balance.any() and bool(((ways.flow >= 0) & (ways.flow <= ways.capacities)).all())


def test_it_works() -> None:
    # Two ways round, one of which pays.
    rows = [(0, 1, 2, 0, 0), (1, 2, 1, -5, 0), (1, 2, 5, 3, 0), (2, 0, 9, 1, 0)]
    ways, costs, _ = _circulation(3, rows)

    minimum = ways.minimise(costs)

    assert (minimum.cost, minimum.missing, minimum.is_proven) == (-4, 0, True)
    assert ways.flow.tolist() == [1, 1, 0, 1]


@settings(max_examples=200, deadline=None)
@given(arcs())
def test_every_stage_is_as_cheap_as_a_linear_programme_says(network: tuple[int, Arcs]) -> None:
    nodes, rows = network
    ways, first, second = _circulation(nodes, rows)

    one = ways.minimise(first)
    other = ways.minimise(second)

    assert _is_balanced(ways)
    assert one.cost == _cheapest(nodes, rows) == int(first @ ways.flow)
    assert other.cost == _cheapest(nodes, rows, held=one.cost)


@settings(max_examples=100, deadline=None)
@given(arcs(), st.integers(0, 6))
def test_cut_short_it_bounds_what_is_missing(network: tuple[int, Arcs], patience: int) -> None:
    nodes, rows = network
    ways, costs, _ = _circulation(nodes, rows)
    asked = iter(range(100))

    minimum = ways.minimise(costs, is_late=lambda: next(asked) >= patience)

    assert _is_balanced(ways)
    assert minimum.cost - minimum.missing <= _cheapest(nodes, rows) <= minimum.cost
    if minimum.is_proven:
        assert minimum.cost == _cheapest(nodes, rows)


def test_what_can_be_reached_is_one_side_of_a_cut() -> None:
    # A chain whose second arc is full: beyond it nothing can be led, and back to its start it can.
    rows = [(0, 1, 2, -1, 0), (1, 2, 1, 0, 0), (2, 0, 2, 0, 0)]
    ways, costs, _ = _circulation(3, rows)
    ways.minimise(costs)

    assert [ways.reachable(np.array([node])).tolist() for node in (1, 2)] == [
        [False, True, False],
        [False, True, True],
    ]


def test_long_ways_are_found_whole() -> None:
    nodes = 400
    rows = [(one, other, 1, 0, 0) for one, other in pairwise(range(nodes))] + [(nodes - 1, 0, 1, -1, 0)]
    ways, costs, _ = _circulation(nodes, rows)

    assert ways.minimise(costs).cost == -1
    assert ways.flow.all()


@settings(max_examples=100, deadline=None)
@given(arcs())
def test_filling_leads_as_much_as_can_be(network: tuple[int, Arcs]) -> None:
    nodes, rows = network
    # Between two nodes one arc at most, and a unit out of the hub is what counts.
    rows = [(*ends, room, -(ends[0] == 0), 0) for ends, room in {one[:2]: one[2] for one in rows}.items()]
    rows = [one for one in rows if (one[1], one[0]) not in {other[:2] for other in rows} or one[0] == 0]
    ways, costs, _ = _circulation(nodes, rows)

    ways.fill()

    assert _is_balanced(ways)
    assert int(costs @ ways.flow) == _cheapest(nodes, rows)
