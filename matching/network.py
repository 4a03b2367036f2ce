"""An allocation as a circulation: optimal for every aim in its order, with the proof.

Holds without groups. Then the network has whole optima (total unimodularity), and the reduced costs of each
stage, compared in the order of the stages, prove that no other allocation is better. One rule it leaves out:
that nobody has two positions of one host or in one period. What a position adds to a seeker hangs on what
else he has, and with that rule such choices are no matroid. An answer that keeps the rule nevertheless, which
is usual where positions are scarce, is the best of all that keep it; `collides` looks. Growth: that of
`flow`, for a few stages.

Hub → seeker → offer → host → hub. A seeker who wants several has a chain of nodes, one for each step in what
the offers are worth, so that the second position above a level can be counted as the first is.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np

from matching.aims import Aim, AimName, Nodes, Table, Whole
from matching.allocation_answer import Certificate, Solver
from matching.allocation_problem import Policy
from matching.errors import Fault, InvalidProblem, OutOfTime
from matching.flow import HUB, LARGEST_COST, Circulation, Minimum
from matching.local_search import filled

_NONE = -1
_ROUGH_BITS = 36


def suits(table: Table) -> bool:
    """Whether a network can say all rules, but for those between the positions of one seeker."""
    return not (table.problem.together or table.problem.apart)


def collides(table: Table, chosen: Nodes) -> bool:
    """Whether somebody has two positions of one host or of one period, which a network cannot forbid.

    It knows only how many a seeker wants. What keeps these rules too is the best of all that keep them.
    """
    seeker, offer = table.seeker[chosen], table.offer[chosen]
    timed = table.period[offer] >= 0
    return _repeats(seeker, table.host[offer]) or _repeats(seeker[timed], table.period[offer[timed]])


def _repeats(first: Nodes, second: Nodes) -> bool:
    return len(np.unique(np.stack([first, second]), axis=1).T) < len(first)


@dataclass(frozen=True, slots=True)
class Stage:
    """Aims minimised at once, each with its weight, and what was reached."""

    aims: tuple[tuple[Aim, int], ...]
    minimum: Minimum

    def missing(self) -> Iterator[tuple[Aim, int | None]]:
        """By how much each aim may still fall short of its best; None when nothing can be said."""
        is_open = True
        for aim, weight in self.aims:
            short = self.minimum.missing // weight if is_open else None
            yield aim, short
            is_open = is_open and short == 0


@dataclass(frozen=True, slots=True)
class _Arcs:
    """Arcs and what each of them means.

    `candidate` is the row of the pair it makes. A link of a chain stands for the first, second, …
    `position` of a seeker at the levels `above` one and `upto` another, and for good ones where they begin.
    `is_required` is the minimum of an offer, `order` the first, second, … position of a host.
    """

    tail: Nodes
    head: Nodes
    capacity: Whole
    candidate: Nodes
    position: Whole
    above: Whole
    upto: Whole
    is_good: Whole
    is_required: Whole
    order: Whole


class _ArcList:
    def __init__(self) -> None:
        self._columns: dict[str, list[Whole]] = {one.name: [] for one in fields(_Arcs)}

    def add(self, tail: Nodes, head: Nodes, **columns: Whole) -> None:
        """Append arcs of capacity 1 without meaning, but for the columns given."""
        given: dict[str, Whole] = {"tail": tail, "head": head, **columns}
        for name, column in self._columns.items():
            default = {"capacity": 1, "candidate": _NONE}.get(name, 0)
            column.append(given.get(name, np.full(len(tail), default, dtype=np.int64)))

    def arcs(self) -> _Arcs:
        """Everything added so far."""
        return _Arcs(**{name: np.concatenate(column) for name, column in self._columns.items()})


class Network:
    """The arcs of a problem, what they cost under an aim, and the way from flow to pairs and back."""

    def __init__(self, table: Table) -> None:
        """Lay out nodes and arcs."""
        self.table = table
        self._first_offer = 1 + len(table.wanted)
        self._first_host = self._first_offer + len(table.host)
        self._nodes = self._first_host + len(table.hosts)
        self._starts: Nodes = 1 + table.seeker
        arcs = _ArcList()
        self._add_seekers(arcs)
        rows = np.arange(len(table.seeker))
        arcs.add(self._starts, self._first_offer + table.offer, candidate=rows)
        self._add_offers(arcs)
        self._add_hosts(arcs)
        self._arcs = arcs.arcs()
        self.circulation = Circulation(self._nodes, self._arcs.tail, self._arcs.head, self._arcs.capacity)
        self._of_candidate = np.flatnonzero(self._arcs.candidate >= 0)

    def stages(self, is_late: Callable[[], bool]) -> Iterator[Stage]:
        """Minimise the aims in their order, several at once where their numbers fit in one."""
        self.circulation.approach(self._rough_costs(), is_late)
        for aims in self._packed(tuple(self.table.aims())):
            minimum = self.circulation.minimise(self.costs_together(aims), is_late)
            yield Stage(aims, minimum)
            if not minimum.is_proven:
                return

    def chosen(self) -> Nodes:
        """The candidates the flow makes pairs of."""
        return np.flatnonzero(self.circulation.flow[self._of_candidate] > 0)

    def costs_together(self, aims: Sequence[tuple[Aim, int]]) -> Whole:
        """The weighted sum of costs."""
        costs: Whole = np.zeros(len(self._arcs.tail), dtype=np.int64)
        for aim, weight in aims:
            costs += weight * self.costs(aim)
        return costs

    def costs(self, aim: Aim) -> Whole:
        """What a unit on each arc costs under an aim."""
        arcs, table = self._arcs, self.table
        costs: Whole = np.zeros(len(arcs.tail), dtype=np.int64)
        if aim.name is AimName.SPREAD:
            # The n-th position costs 2n - 1, so that n positions cost n².
            return np.where(arcs.order > 0, 2 * arcs.order - 1, 0)
        if aim.name is AimName.REQUIRED:
            costs[self._of_candidate] = -table.is_locked.astype(np.int64)
            return costs - arcs.is_required
        costs[self._of_candidate] = aim.sign * table.weights(aim)
        if aim.is_of_pairs:
            return costs
        costs[self._of_candidate[table.wanted[table.seeker] > 1]] = 0
        is_link = (arcs.position > 0) & (arcs.position <= aim.position)
        if aim.name is AimName.GOOD:
            counts = is_link & (arcs.is_good > 0)
        else:
            counts = is_link & (arcs.above < aim.level) & (aim.level <= arcs.upto)
        costs[counts] = -1
        return costs

    def _rough_costs(self) -> Whole:
        """All aims in one number, roughly: a level counts half of the level below it."""
        arcs, table = self._arcs, self.table
        if table.problem.policy is Policy.TOTAL:
            gains = table.worth << (_ROUGH_BITS - 10)
        else:
            halves = 1 - 0.5 ** np.arange(table.problem.steps + 2)
            gains = np.floor(halves[table.level] * (1 << _ROUGH_BITS)).astype(np.int64)
            gains += table.is_good.astype(np.int64) << _ROUGH_BITS
            gains += table.was_there.astype(np.int64) << _ROUGH_BITS
        luck, lots = table.weights(Aim(AimName.LUCK)), table.lots
        gains += (luck << 14) // (1 + luck.max(initial=0)) - (lots >> 22)
        costs: Whole = -(arcs.is_required << (_ROUGH_BITS + 2))
        costs[self._of_candidate] = -gains - (table.is_locked.astype(np.int64) << (_ROUGH_BITS + 2))
        return costs

    def flow_of(self, chosen: Nodes) -> Whole:
        """The flow that makes exactly these pairs and fills what stands beside each other in order."""
        arcs, table = self._arcs, self.table
        makes = np.zeros(len(table.seeker), dtype=np.int64)
        makes[chosen] = 1
        through = self._through(makes)
        flow = np.where(arcs.candidate >= 0, makes[arcs.candidate] if len(makes) else 0, 0)
        into = np.where(arcs.tail == HUB, through[arcs.head], 0)
        into = np.where(arcs.position > 0, through[arcs.head], into)
        flow = np.where(arcs.position > 0, into >= arcs.position, np.where(arcs.tail == HUB, into, flow))
        of_offer = (arcs.tail >= self._first_offer) & (arcs.tail < self._first_host)
        minimum = np.zeros(self._nodes, dtype=np.int64)
        minimum[self._first_offer : self._first_host] = table.minimum
        required = np.minimum(through[arcs.tail], minimum[arcs.tail])
        rest = through[arcs.tail] - required
        flow = np.where(of_offer, np.where(arcs.is_required > 0, required, rest), flow)
        return np.where(arcs.order > 0, through[arcs.tail] >= arcs.order, flow).astype(np.int64)

    def _through(self, makes: Whole) -> Whole:
        """How much goes through each node when these pairs are made."""
        table = self.table
        through: Whole = np.zeros(self._nodes, dtype=np.int64)
        np.add.at(through, self._starts, makes)
        # A link of a chain carries what leaves above it: the last node was numbered last.
        links = np.flatnonzero((self._arcs.position == 1) & (self._arcs.tail != HUB))
        for link in links[::-1].tolist():
            through[self._arcs.tail[link]] += through[self._arcs.head[link]]
        np.add.at(through, self._first_offer + table.offer, makes)
        np.add.at(through, self._first_host + table.host[table.offer], makes)
        return through

    def _packed(self, aims: Sequence[Aim]) -> Iterator[tuple[tuple[Aim, int], ...]]:
        """Aims in groups; in a group a unit of one outweighs all that those behind it can make of it."""
        group: list[tuple[Aim, int]] = []
        product = 1
        for aim, most in ((aim, 1 + self._range(aim)) for aim in aims):
            if group and product * most >= LARGEST_COST:
                yield _weighted(group)
                group, product = [], 1
            group.append((aim, most))
            product *= most
        if group:
            yield _weighted(group)

    def _range(self, aim: Aim) -> int:
        """No two allocations differ by more than this under an aim."""
        table = self.table
        if aim.name is AimName.SPREAD:
            return int((table.host_cap**2).sum())
        if aim.name is AimName.REQUIRED:
            return table.required()
        if aim.is_of_pairs:
            return int(table.weights(aim).max(initial=0)) * int(table.wanted.sum())
        return int(np.minimum(table.wanted, aim.position).sum())

    def _add_seekers(self, arcs: _ArcList) -> None:
        table = self.table
        simple = np.flatnonzero(table.wanted == 1)
        arcs.add(np.full(len(simple), HUB), 1 + simple)
        several = np.flatnonzero(table.wanted[table.seeker] > 1)
        several = several[np.lexsort((table.worth[several], table.seeker[several]))]
        ends = np.flatnonzero(np.diff(table.seeker[several], append=_NONE)) + 1
        for rows in np.split(several, ends[:-1]) if len(several) else ():
            self._add_chain(arcs, rows)

    def _add_chain(self, arcs: _ArcList, rows: Nodes) -> None:
        """The chain of one seeker; `rows` are its candidates by rising worth."""
        table = self.table
        seeker = int(table.seeker[rows[0]])
        wanted = int(table.wanted[seeker])
        tail, node, level, was_good = HUB, 1 + seeker, 0, False
        for place, row in enumerate(rows.tolist()):
            next_level, is_good = int(table.level[row]), bool(table.is_good[row])
            if (next_level, is_good) != (level, was_good):
                if place:
                    tail, node = node, self._nodes
                    self._nodes += 1
                units = np.ones(wanted, dtype=np.int64)
                arcs.add(
                    tail * units,
                    node * units,
                    position=np.arange(1, wanted + 1),
                    above=level * units,
                    upto=next_level * units,
                    is_good=(is_good and not was_good) * units,
                )
                level, was_good = next_level, is_good
            self._starts[row] = node

    def _add_offers(self, arcs: _ArcList) -> None:
        table = self.table
        offers = np.arange(len(table.host))
        asking = offers[table.minimum > 0]
        for rows, capacity, is_required in (
            (asking, table.minimum[asking], 1),
            (offers, table.maximum - table.minimum, 0),
        ):
            arcs.add(
                self._first_offer + rows,
                self._first_host + table.host[rows],
                capacity=capacity,
                is_required=np.full(len(rows), is_required, dtype=np.int64),
            )

    def _add_hosts(self, arcs: _ArcList) -> None:
        table = self.table
        wanted = np.bincount(table.host[table.offer], minlength=len(table.hosts))
        positions = np.minimum(table.host_cap, wanted)
        hosts = np.repeat(np.arange(len(table.hosts)), positions)
        order = 1 + np.arange(len(hosts)) - np.repeat(np.cumsum(positions) - positions, positions)
        arcs.add(self._first_host + hosts, np.full(len(hosts), HUB), order=order)


def _weighted(group: Sequence[tuple[Aim, int]]) -> tuple[tuple[Aim, int], ...]:
    weight, weighted = 1, []
    for aim, most in reversed(group):
        weighted.append((aim, weight))
        weight *= most
    return tuple(reversed(weighted))


def solve(table: Table, limit_seconds: float, is_late: Callable[[], bool]) -> tuple[Nodes, Certificate]:
    """The best allocation by the aims in their order, and the proof of each stage."""
    made = Network(table)
    stages = tuple(made.stages(is_late))
    chosen = made.chosen()
    check_required(table, chosen, is_proven=stages[0].minimum.is_proven)
    is_out_of_time = not stages[-1].minimum.is_proven
    best = {aim: table.best(aim, chosen, short) for stage in stages for aim, short in stage.missing()}
    if is_out_of_time:
        chosen = filled(table, chosen)
    certificate = Certificate(
        solver=Solver.NETWORK,
        reached=tuple(table.reached(aim, chosen, best.get(aim)) for aim in table.aims()),
        limit_seconds=limit_seconds,
        is_out_of_time=is_out_of_time,
        proof=tuple(stage for stage in stages if stage.minimum.is_proven),
    )
    return chosen, certificate


def check_required(table: Table, chosen: Nodes, *, is_proven: bool) -> None:
    """Locks and minima are kept; else InvalidProblem when that cannot be, OutOfTime when it was not found."""
    if table.measure(Aim(AimName.REQUIRED), chosen) == table.required():
        return
    if not is_proven:
        raise OutOfTime
    raise InvalidProblem(tuple(_unmet(table, chosen)))


def _unmet(table: Table, chosen: Nodes) -> Iterator[Fault]:
    problem = table.problem
    made = {problem.candidates[row].pair for row in chosen.tolist()}
    for pair in sorted(problem.locked - made):
        yield Fault(pair.row, "locked", "impossible_together")
    loads = np.bincount(table.offer[chosen], minlength=len(table.minimum))
    short = np.flatnonzero(loads < table.minimum)
    for row in sorted(_blocking(table, chosen, short)):
        yield Fault(problem.capacities[row].offer_id, "minimum", "impossible_together")


def _blocking(table: Table, chosen: Nodes, short: Nodes) -> set[int]:
    """Offers that lack seekers, and those whose minimum holds the seekers they could have."""
    loads = np.bincount(table.offer[chosen], minlength=len(table.minimum))
    blocking = set(short.tolist())
    waiting = list(blocking)
    while waiting:
        wishing = np.unique(table.seeker[table.offer == waiting.pop()])
        held = table.offer[chosen[np.isin(table.seeker[chosen], wishing)]]
        tight = np.unique(held[(loads[held] <= table.minimum[held]) & (table.minimum[held] > 0)])
        more = set(tight.tolist()) - blocking
        blocking |= more
        waiting += sorted(more)
    return blocking
