"""What was measured, and how many times as quick one is as another: only ever from what was measured."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from service.bench.stopwatch import Spent


class Topic(StrEnum):
    """What is measured; figures of one topic and one size may be compared."""

    READING = "reading"
    MATCHING = "matching"
    ONE_BY_ONE = "one_by_one"
    ALLOCATION = "allocation"
    TIMETABLE = "timetable"
    WORDS = "words"


class Role(StrEnum):
    """Whose work it is: ours, that of a reference to compare with, or ours with more done than the task."""

    PODIUM = "podium"
    REFERENCE = "reference"
    MORE = "more"


@dataclass(frozen=True, slots=True)
class Figure:
    """One act by one contestant. `share` is the part of the work that was done and timed.

    `size` says how many of what went in; equal sizes of one topic are the same task. `facts` are what came
    out, such as the pairs in reach or whether an allocation is optimal.
    """

    topic: Topic
    name: str
    size: Mapping[str, int]
    spent: Spent
    role: Role = Role.PODIUM
    share: float = 1.0
    facts: Mapping[str, float | bool] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """Of the whole task; extrapolated where only a share was done."""
        return self.spent.seconds / self.share

    @property
    def processor_seconds(self) -> float:
        return self.spent.processor_seconds / self.share

    @property
    def pairs(self) -> int | None:
        """All of youths and offers, in reach or not."""
        return self.amount if self.topic is Topic.MATCHING else None

    @property
    def amount(self) -> int:
        """How much work the task is: pairs, candidates, rows, phrases appointments or questions."""
        if self.topic is Topic.ONE_BY_ONE:
            return self.size["times"]
        if self.topic is Topic.ALLOCATION:
            return self.size["seekers"] * self.size["candidates"]
        if self.topic is Topic.TIMETABLE:
            return self.size["seekers"] * self.size["appointments"]
        return math.prod(self.size.values())

    @property
    def per_second(self) -> float:
        return self.amount / self.seconds


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as quick Podium did the task of this size as `reference`, on the wall and in work."""

    topic: Topic
    podium: str
    reference: str
    size: Mapping[str, int]
    times: float
    processor_times: float
    is_extrapolated: bool


def ratios(figures: Iterable[Figure]) -> Iterator[Ratio]:
    """Podium beside each reference that did the same task."""
    known = list(figures)
    for ours in known:
        for theirs in known:
            same_task = ours.topic is theirs.topic and ours.size == theirs.size
            if ours.role is Role.PODIUM and theirs.role is Role.REFERENCE and same_task:
                yield Ratio(
                    topic=ours.topic,
                    podium=ours.name,
                    reference=theirs.name,
                    size=ours.size,
                    times=theirs.seconds / ours.seconds,
                    processor_times=theirs.processor_seconds / ours.processor_seconds,
                    is_extrapolated=min(ours.share, theirs.share) < 1,
                )
