"""Colourings of edges: no colour twice at a node beyond its capacity, and never one more than the degree."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from matching.edge_colouring import coloured, fewest_colours

edges = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 4)), max_size=60)


def test_it_works() -> None:
    assert coloured([0, 0, 1, 1], [0, 1, 0, 1], [1, 1]) in ([0, 1, 1, 0], [1, 0, 0, 1])


def test_nothing_needs_no_colour() -> None:
    assert (fewest_colours([], [], []), coloured([], [], [])) == (0, [])


@given(edges, st.lists(st.integers(1, 4), min_size=5, max_size=5))
def test_it_uses_as_many_colours_as_the_busiest_needs(rows: list[tuple[int, int]], room: list[int]) -> None:
    tails, heads = [tail for tail, _ in rows], [head for _, head in rows]

    colours = coloured(tails, heads, room)

    most = max(
        [*Counter(tails).values(), *(-(-many // room[head]) for head, many in Counter(heads).items())],
        default=0,
    )
    assert fewest_colours(tails, heads, room) == most
    assert set(colours) <= set(range(most))
    assert max(Counter(zip(tails, colours, strict=True)).values(), default=0) <= 1
    for (head, _), times in Counter(zip(heads, colours, strict=True)).items():
        assert times <= room[head]
