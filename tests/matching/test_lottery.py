"""Lots: the same for whoever draws them again, and fair."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matching.lottery import lots, tickets
from tests.matching import oracle

ids = st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=4, unique=True)


@given(st.integers(0, 2**64), ids, ids)
def test_it_works_like_whole_numbers(seed: int, seekers: list[str], offers: list[str]) -> None:
    drawn = lots(tickets(seed, "seeker", seekers), tickets(seed, "offer", offers))

    expected = [[oracle.lot(seed, seeker, offer) for offer in offers] for seeker in seekers]
    assert drawn.tolist() == expected


def test_nobody_is_first_more_often_than_chance_has_it() -> None:
    drawn = lots(
        tickets(1, "seeker", map(str, range(4000))), tickets(1, "offer", [f"offer-{n}" for n in range(8)])
    )

    first = np.bincount(drawn.argmin(axis=1), minlength=8)

    # Eight equal offers, 4,000 draws: 500 each, give or take five standard deviations.
    assert np.abs(first - 500).max() < 105
