"""Which groups not to show, so that nobody can add and subtract shown numbers until they speak of a few.

Several groupings (school, track, neighbourhood) divide the same seekers, and each shown number is a sum over
a group. From them others follow: everybody minus the shown groups, and also one group of a school minus one
of a track. The promise: whatever is added and subtracted, with whatever factors, the outcome concerns nobody
at all or at least `smallest` seekers.

Why it holds. What can be computed is a sum of one number per shown group (the rest of a grouping counts as
one group); it concerns a seeker when the numbers of his groups do not cancel. Take one grouping, and say two
sorts of its groups have different numbers. Of all who agree in every other grouping, those of the one sort or
those of the other do not cancel, so at least the smaller of the two is concerned. When these add up to
`smallest` for every way to cut the grouping in two, its numbers must all be equal, and the grouping can be
left out of account; what is left in the end is one grouping, of which each group has `smallest` members.
Groups that share nobody with the others, directly or through others, are looked at apart. For two groupings
the test is exact: a cut that fails it is a sum of fewer. For more it is safe, and may hide a group too many.

The smallest cut of a grouping is found by Queyranne's algorithm (1998), for what a cut costs is a symmetric
submodular function. Groups that share enough are first taken together, so that few are left to cut. Growth:
linear in the seekers, cubic in the groups that share few.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Groups = Mapping[str, Mapping[str, str]]
Hidden = dict[str, set[str]]
_REST = ""
_NONE = 1 << 62
_Table = NDArray[np.int64]


def hidden_groups(groups: Groups, seekers: Collection[str], smallest: int) -> Hidden:
    """Per grouping the groups not to be shown; `groups` has per grouping the group of each seeker.

    Hidden are groups smaller than `smallest`, and then, the smallest first, as many others as the promise
    asks. Seekers without a group belong to the rest, with those of hidden groups.
    """
    sizes = {name: Counter(members.values()) for name, members in groups.items()}
    hidden = {
        name: few(sizes[name], unnamed=len(seekers) - len(members), smallest=smallest)
        for name, members in groups.items()
    }
    while (leak := _leak(groups, hidden, seekers, smallest)) is not None:
        _hide_more(hidden[leak.grouping], sizes[leak.grouping], leak.side, _unnamed(groups, leak, seekers))
    return hidden


def few(sizes: Mapping[str, int], *, unnamed: int, smallest: int) -> set[str]:
    """The rule within one grouping: no small group, and no small rest; `unnamed` are in no group."""
    hidden = {group for group, size in sizes.items() if size < smallest}
    others = sorted(sizes.keys() - hidden, key=lambda group: (sizes[group], group))
    while others and 0 < unnamed + sum(sizes[group] for group in hidden) < smallest:
        hidden.add(others.pop(0))
    return hidden


@dataclass(frozen=True, slots=True)
class _Leak:
    """A grouping that can be cut so that few are concerned, and the side of the cut with fewer seekers."""

    grouping: str
    side: frozenset[str]


def _unnamed(groups: Groups, leak: _Leak, seekers: Collection[str]) -> int:
    return len(seekers) - len(groups[leak.grouping])


def _hide_more(hidden: set[str], sizes: Mapping[str, int], side: frozenset[str], unnamed: int) -> None:
    """The smallest shown group of the side joins the rest; a rest of one group takes the next one along."""

    def smallest_of(some: Iterable[str]) -> str:
        return min(some, key=lambda group: (sizes[group], group))

    shown = sizes.keys() - hidden
    hidden.add(smallest_of(shown & side or shown))
    shown = sizes.keys() - hidden
    if len(hidden) == 1 and not unnamed and shown:
        hidden.add(smallest_of(shown))


def _leak(groups: Groups, hidden: Hidden, seekers: Collection[str], smallest: int) -> _Leak | None:
    parts = {
        name: {one: _REST if group in hidden[name] else group for one, group in members.items()}
        for name, members in groups.items()
    }
    names = sorted(groups)
    atoms = Counter(tuple(parts[name].get(one, _REST) for name in names) for one in seekers)
    for component in _components(atoms) if names else ():
        found = _leak_among(names, component, smallest)
        if found is not None:
            return found
    return None


def _leak_among(names: list[str], atoms: Mapping[tuple[str, ...], int], smallest: int) -> _Leak | None:
    """Leaves out grouping after grouping; when no more can be and several are left, the worst one leaks."""
    names, rows = list(names), dict(atoms)
    while len(names) > 1:
        cuts = [_smallest_cut(rows, place, smallest) for place in range(len(names))]
        place = min(range(len(names)), key=lambda place: (-cuts[place][0], names[place]))
        if cuts[place][0] < smallest:
            # Of equals the grouping with most groups: hiding one of many takes least away.
            count = [len({atom[number] for atom in rows}) for number in range(len(names))]
            worst = min(range(len(names)), key=lambda number: (cuts[number][0], -count[number]))
            return _Leak(names[worst], frozenset(cuts[worst][1]))
        names.pop(place)
        merged: Counter[tuple[str, ...]] = Counter()
        for atom, size in rows.items():
            merged[(*atom[:place], *atom[place + 1 :])] += size
        rows = dict(merged)
    return None


def _components(atoms: Mapping[tuple[str, ...], int]) -> Iterator[dict[tuple[str, ...], int]]:
    """Atoms that share a group, directly or through others; each is looked at alone."""
    leader: dict[tuple[int, str], tuple[int, str]] = {}

    def lead(one: tuple[int, str]) -> tuple[int, str]:
        while (above := leader.setdefault(one, one)) != one:
            leader[one] = leader[above]
            one = above
        return one

    for atom in atoms:
        first, *others = enumerate(atom)
        for other in others:
            leader[lead(other)] = lead(first)
    found: dict[tuple[int, str], dict[tuple[str, ...], int]] = defaultdict(dict)
    for atom, size in sorted(atoms.items()):
        found[lead((0, atom[0]))][atom] = size
    return iter(found.values())


def _smallest_cut(
    atoms: Mapping[tuple[str, ...], int], place: int, smallest: int
) -> tuple[int, tuple[str, ...]]:
    """What the cheapest cut of a grouping costs, and its side with fewer seekers; `smallest` when none is
    cheaper.
    """
    groups = sorted({atom[place] for atom in atoms})
    others = sorted({(*atom[:place], *atom[place + 1 :]) for atom in atoms})
    row = {group: number for number, group in enumerate(groups)}
    column = {other: number for number, other in enumerate(others)}
    table = np.zeros((len(groups), len(others)), dtype=np.int64)
    for atom, size in atoms.items():
        table[row[atom[place]], column[(*atom[:place], *atom[place + 1 :])]] = size
    cost, side = _cut(*_contracted(table, smallest))
    if cost >= smallest:
        return smallest, ()
    if 2 * int(table[side].sum()) > int(table.sum()):
        side = [number for number in range(len(groups)) if number not in side]
    return cost, tuple(groups[number] for number in sorted(side))


def _contracted(table: _Table, smallest: int) -> tuple[_Table, list[list[int]]]:
    """Groups that no cheap cut can part, taken together: they have enough in common all by themselves."""
    members = [[number] for number in range(len(table))]
    place = 0
    while place < len(table) - 1:
        common = np.minimum(table[place], table[place + 1 :]).sum(axis=1)
        close = np.flatnonzero(common >= smallest)
        if not len(close):
            place += 1
            continue
        other = place + 1 + int(close[0])
        table = np.delete(table, other, axis=0) + (np.arange(len(table) - 1) == place)[:, None] * table[other]
        members[place] += members.pop(other)
        # What was too different from the smaller group may be close to the larger one.
        place = 0
    return table, members


def _cut(table: _Table, members: list[list[int]]) -> tuple[int, list[int]]:
    """Queyranne: the last of each order, cut off from all others, is a candidate; then it joins the one
    before.
    """
    whole = table.sum(axis=0)

    def cost(rows: _Table) -> _Table:
        """Of each row, as a side of a cut."""
        total: _Table = np.minimum(rows, whole - rows).sum(axis=-1)
        return total

    best: tuple[int, list[int]] = (_NONE, [])
    while len(table) > 1:
        alone = cost(table)
        order, inside, left = [0], table[0], list(range(1, len(table)))
        while left:
            keys = cost(inside + table[left]) - alone[left]
            chosen = left.pop(int(keys.argmin()))
            order.append(chosen)
            inside = inside + table[chosen]
        before, last = order[-2:]
        best = min(best, (int(alone[last]), sorted(members[last])))
        table = (
            np.delete(table, last, axis=0)
            + (np.arange(len(table) - 1) == before - (last < before))[:, None] * table[last]
        )
        members[before] = members[before] + members[last]
        members.pop(last)
    return best
