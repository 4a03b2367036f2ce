"""Nothing that is shown can be added and subtracted until it speaks of a few; proven by linear algebra."""

from collections import Counter
from collections.abc import Mapping
from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.disclosure import Groups, Hidden, few, hidden_groups

SMALLEST = 10


def can_be_computed(groups: Groups, hidden: Hidden, seekers: list[str], smallest: int) -> bool:
    """Whether some sum of shown groups, with any factors, concerns one to `smallest` - 1 seekers.

    Seekers of the same groups always count alike. What concerns only some of these atoms lies in the span of
    the shown groups exactly when the span gets smaller without them.
    """

    def shown(name: str, seeker: str) -> str | None:
        group = groups[name].get(seeker)
        return None if group in hidden[name] else group

    atoms = Counter(tuple(shown(name, seeker) for name in sorted(groups)) for seeker in seekers)
    rows = [[1] * len(atoms)]
    for place, name in enumerate(sorted(groups)):
        rows += [
            [int(atom[place] == group) for atom in atoms]
            for group in sorted(set(groups[name].values()) - hidden[name])
        ]
    sizes, table = list(atoms.values()), np.array(rows)
    rank = np.linalg.matrix_rank(table)
    for many in range(1, smallest):
        for some in combinations(range(len(sizes)), many):
            if sum(sizes[one] for one in some) < smallest:
                left = np.delete(table, some, axis=1)
                if left.size == 0 or np.linalg.matrix_rank(left) < rank:
                    return True
    return False


def within_each(groups: Groups, seekers: list[str], smallest: int) -> Hidden:
    """What would be hidden if nobody compared groupings."""
    return {
        name: few(Counter(members.values()), unnamed=len(seekers) - len(members), smallest=smallest)
        for name, members in groups.items()
    }


def _groups(**sizes: Mapping[str, int]) -> tuple[Groups, list[str]]:
    """Groupings that each divide the same seekers, in the order of their numbers."""
    groups = {
        name: {
            f"s{number}": group
            for number, group in enumerate(group for group, size in parts.items() for _ in range(size))
        }
        for name, parts in sizes.items()
    }
    return groups, sorted({one for members in groups.values() for one in members})


def test_it_works() -> None:
    groups, seekers = _groups(school={"a": 40, "b": 30}, track={"BB": 20, "KB": 50})

    assert hidden_groups(groups, seekers, SMALLEST) == {"school": set(), "track": set()}


def test_a_difference_between_groupings_is_found() -> None:
    # Of track BB all but three are of school a, and school a has nobody else: BB - a is three.
    groups, seekers = _groups(school={"a": 30, "b": 40, "c": 30}, track={"BB": 33, "KB": 37, "TL": 30})
    assert can_be_computed(groups, within_each(groups, seekers, SMALLEST), seekers, SMALLEST)

    hidden = hidden_groups(groups, seekers, SMALLEST)

    assert any(hidden.values())
    assert not can_be_computed(groups, hidden, seekers, SMALLEST)


def test_groupings_that_say_the_same_hide_nothing() -> None:
    groups, seekers = _groups(school={"a": 30, "b": 40}, neighbourhood={"1067": 30, "1068": 40})

    assert hidden_groups(groups, seekers, SMALLEST) == {"school": set(), "neighbourhood": set()}


def test_three_groupings_together_tell_more_than_two_and_two() -> None:
    """Each pair is safe; with 0 and 1 for the groups of two and 0, -1 and -2 for the third, two are left."""
    sorts = [("a", "x", "0"), ("b", "x", "1"), ("a", "y", "1"), ("b", "y", "2")]
    rows = [sort for sort in sorts for _ in range(12)] + [("a", "x", "1")] * 2
    seekers = [f"s{number}" for number in range(len(rows))]
    groups = {
        name: {seeker: row[place] for seeker, row in zip(seekers, rows, strict=True)}
        for place, name in enumerate(("school", "track", "neighbourhood"))
    }
    nothing: Hidden = {name: set() for name in groups}
    assert within_each(groups, seekers, SMALLEST) == nothing
    for two in combinations(groups, 2):
        pair = {name: groups[name] for name in two}
        assert hidden_groups(pair, seekers, SMALLEST) == {name: set() for name in two}
    assert can_be_computed(groups, nothing, seekers, SMALLEST)

    hidden = hidden_groups(groups, seekers, SMALLEST)

    assert not can_be_computed(groups, hidden, seekers, SMALLEST)


@st.composite
def divided(draw: st.DrawFn, most_groupings: int = 3) -> tuple[Groups, list[str], int]:
    """Seekers in a few groupings, which often nearly agree: there differences are small."""
    smallest = draw(st.integers(2, 4))
    seekers = [f"s{number:02}" for number in range(draw(st.integers(smallest, 24)))]
    first = {seeker: draw(st.sampled_from("abcd")) for seeker in seekers}
    groups: dict[str, dict[str, str]] = {"g0": first}
    for number in range(1, draw(st.integers(1, most_groupings))):
        groups[f"g{number}"] = {
            seeker: draw(st.sampled_from((first[seeker], first[seeker], *"abcd"))) for seeker in seekers
        }
    for members in groups.values():
        for seeker in draw(st.sets(st.sampled_from(seekers), max_size=2)):
            del members[seeker]
    return groups, seekers, smallest


@settings(max_examples=150)
@given(divided())
def test_nothing_about_a_few_can_be_computed(case: tuple[Groups, list[str], int]) -> None:
    groups, seekers, smallest = case

    hidden = hidden_groups(groups, seekers, smallest)

    assert not can_be_computed(groups, hidden, seekers, smallest)
    for name, fewest in within_each(groups, seekers, smallest).items():
        assert fewest <= hidden[name]


@settings(max_examples=100)
@given(divided(most_groupings=2))
def test_of_two_groupings_nothing_more_is_hidden_without_need(case: tuple[Groups, list[str], int]) -> None:
    groups, seekers, smallest = case
    plain = within_each(groups, seekers, smallest)

    if not can_be_computed(groups, plain, seekers, smallest):
        assert hidden_groups(groups, seekers, smallest) == plain


def test_a_large_region_is_quick_enough_to_show_nearly_all() -> None:
    """Ten thousand youths of thirty schools, from everywhere: nothing is small, so nothing is hidden."""
    seekers = [f"s{number}" for number in range(10_000)]
    groups = {
        "school": {one: f"school{number % 30}" for number, one in enumerate(seekers)},
        "track": {one: f"track{number // 30 % 4}" for number, one in enumerate(seekers)},
        "neighbourhood": {one: f"pc{number // 120 % 80}" for number, one in enumerate(seekers)},
    }

    assert hidden_groups(groups, seekers, SMALLEST) == {name: set() for name in groups}
