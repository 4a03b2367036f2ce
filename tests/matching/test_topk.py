"""The exact best k, against sorting everything."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matching.topk import best, spread

pairs = st.lists(
    st.tuples(st.booleans(), st.integers(0, 4), st.integers(0, 2**64 - 1), st.integers(0, 3)), max_size=30
)
Pairs = list[tuple[bool, int, int, int]]


@given(pairs, st.integers(1, 12))
def test_it_works(rows: Pairs, top: int) -> None:
    allowed, scores, lots, _ = columns(rows)

    found = best(allowed, scores, lots, top).tolist()

    assert found == in_order(rows)[:top]


@given(pairs, st.integers(1, 12))
def test_spread_takes_one_of_each_sector_in_every_round(rows: Pairs, top: int) -> None:
    allowed, scores, lots, sectors = columns(rows)

    found = spread(allowed, scores, lots, sectors, top).tolist()

    left, expected = in_order(rows), list[int]()
    while left:
        seen = set[int]()
        turn = [
            column
            for column in left
            if rows[column][3] not in seen and not seen.add(rows[column][3])  # type: ignore[func-returns-value]
        ]
        expected += turn
        left = [column for column in left if column not in turn]
    assert found == expected[:top]


def columns(
    rows: Pairs,
) -> tuple[
    "np.typing.NDArray[np.bool_]",
    "np.typing.NDArray[np.float64]",
    "np.typing.NDArray[np.uint64]",
    "np.typing.NDArray[np.intp]",
]:
    return (
        np.array([row[0] for row in rows], dtype=bool),
        np.array([row[1] for row in rows], dtype=np.float64),
        np.array([row[2] for row in rows], dtype=np.uint64),
        np.array([row[3] for row in rows], dtype=np.intp),
    )


def in_order(rows: Pairs) -> list[int]:
    allowed = [column for column, row in enumerate(rows) if row[0]]
    return sorted(allowed, key=lambda column: (-rows[column][1], rows[column][2]))
