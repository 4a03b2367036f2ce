"""Numbers that decide between equals: drawn from the seed and the ids, so that anybody can draw them again.

The lower number goes first. No alphabet, no order of entry: BLAKE2b of an id, keyed with the seed, mixed per
pair by the finaliser of SplitMix64 (Steele, Lea, Flood, 2014). Constant time per pair.
"""

import hashlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Lots = NDArray[np.uint64]
_MULTIPLIER_1, _MULTIPLIER_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_SHIFT_1, _SHIFT_2, _SHIFT_3 = np.uint64(30), np.uint64(27), np.uint64(31)


def tickets(seed: int, side: str, ids: Iterable[str]) -> Lots:
    """One number per id: the first eight bytes of BLAKE2b("side:id"), keyed with the seed in decimals."""
    key = str(seed).encode()[:64]
    drawn = [
        int.from_bytes(hashlib.blake2b(f"{side}:{row_id}".encode(), digest_size=8, key=key).digest(), "big")
        for row_id in ids
    ]
    return np.array(drawn, dtype=np.uint64)


def lots(seekers: Lots, offers: Lots) -> Lots:
    """The number of each pair of tickets (seekers in rows, offers in columns)."""
    return pair_lots(seekers[:, None], offers[None, :])


def pair_lots(seekers: Lots, offers: Lots) -> Lots:
    """The number of each ticket with the one that stands beside it."""
    mixed: Lots = seekers ^ offers
    mixed = (mixed ^ (mixed >> _SHIFT_1)) * _MULTIPLIER_1
    mixed = (mixed ^ (mixed >> _SHIFT_2)) * _MULTIPLIER_2
    return mixed ^ (mixed >> _SHIFT_3)
