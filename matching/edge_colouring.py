"""Rounds for meetings when everybody is there all the time: a colouring of edges with the fewest colours.

Exact: as many rounds as the busiest needs, which no timetable can beat (König, 1916: the edges of a bipartite
multigraph can be coloured with as many colours as its largest degree). One who can receive several at once
is split into that many, so that each part has no more edges than there are colours. Growth: every edge
recolours at most one path, so edges times nodes at worst; mostly paths are short.
"""

from collections import Counter
from collections.abc import Sequence


def fewest_colours(tails: Sequence[int], heads: Sequence[int], capacities: Sequence[int]) -> int:
    """The degree that forces so many rounds: of a tail, or of a head over what it receives at once.

    >>> fewest_colours([0, 0, 1], [0, 1, 0], [1, 1])
    2
    """
    most = max(Counter(tails).values(), default=0)
    return max([most, *(-(-many // capacities[head]) for head, many in Counter(heads).items())])


def coloured(tails: Sequence[int], heads: Sequence[int], capacities: Sequence[int]) -> list[int]:
    """A colour from 0 for every edge: no tail has one twice, no head more often than its capacity.

    Uses `fewest_colours`. Every head that has an edge needs a capacity of at least 1.

    >>> coloured([0, 0, 1], [0, 1, 0], [1, 1])
    [0, 1, 1]
    """
    colours = fewest_colours(tails, heads, capacities)
    return _Colouring(tails, _split(heads, colours), colours).colour


def _split(heads: Sequence[int], colours: int) -> list[tuple[int, int]]:
    """Each head in parts of at most so many edges."""
    seen: Counter[int] = Counter()
    parts: list[tuple[int, int]] = []
    for head in heads:
        parts.append((head, seen[head] // colours))
        seen[head] += 1
    return parts


class _Colouring:
    """Edges coloured one by one; where no colour is free at both ends, two change places along a path."""

    def __init__(self, tails: Sequence[int], heads: Sequence[tuple[int, int]], colours: int) -> None:
        self._ends: list[tuple[object, object]] = list(zip(tails, heads, strict=True))
        nodes: set[object] = {*tails, *heads}
        self._free = dict.fromkeys(nodes, (1 << colours) - 1)
        self._at: dict[tuple[object, int], int] = {}
        self.colour = [-1] * len(self._ends)
        for edge, (tail, head) in enumerate(self._ends):
            here, there = self._free[tail], self._free[head]
            if not here & there:
                self._exchange(head, _lowest(here), _lowest(there))
                there = self._free[head]
            self._give(edge, _lowest(here & there))

    def _give(self, edge: int, colour: int) -> None:
        self.colour[edge] = colour
        for node in self._ends[edge]:
            self._free[node] &= ~(1 << colour)
            self._at[node, colour] = edge

    def _take(self, edge: int) -> None:
        colour = self.colour[edge]
        for node in self._ends[edge]:
            self._free[node] |= 1 << colour
            del self._at[node, colour]

    def _exchange(self, start: object, one: int, other: int) -> None:
        """Let two colours change places on the path that leaves `start` with the first.

        In a bipartite graph it cannot come to the end where `one` is free: there it would arrive with it.
        """
        path: list[int] = []
        node, colour = start, one
        while (node, colour) in self._at:
            edge = self._at[node, colour]
            path.append(edge)
            tail, head = self._ends[edge]
            node = head if node == tail else tail
            colour = other if colour == one else one
        swapped = [other if self.colour[edge] == one else one for edge in path]
        for edge in path:
            self._take(edge)
        for edge, new in zip(path, swapped, strict=True):
            self._give(edge, new)


def _lowest(flags: int) -> int:
    """The place of the lowest bit."""
    return (flags & -flags).bit_length() - 1
