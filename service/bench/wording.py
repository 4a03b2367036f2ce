"""What `podium bench` prints and writes: a table in the reader's language, and JSON in codes."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from babel.numbers import format_decimal

from service.bench.figures import Figure, Ratio, Topic, ratios
from service.bench.machine import MEBIBYTE, Machine
from service.core.i18n import Message, _, language, number_in_words

NAME_WIDTH = 48
COLUMN_WIDTH = 15
DIGITS = 4
PERCENT = 100

TOPICS: Mapping[Topic, Message] = {
    Topic.READING: _("Reading"),
    Topic.MATCHING: _("Matching"),
    Topic.ONE_BY_ONE: _("One by one, everything in memory"),
    Topic.ALLOCATION: _("Allocating positions"),
    Topic.TIMETABLE: _("Making a timetable"),
    Topic.WORDS: _("Understanding words"),
}
NAMES: Mapping[str, Message] = {
    "offers": _("Podium: offers, every cell checked"),
    "youths": _("Podium: youths, every cell checked"),
    "rank": _("Podium: the exact best 20 under every rule"),
    "suggest": _("Podium: the same with all reasons"),
    "one_youth": _("Podium: the list of one new youth"),
    "one_offer": _("Podium: the lists one new offer enters"),
    "numpy": _("numpy: all pairs, no rule"),
    "scipy": _("scipy: words and sectors alone"),
    "sparse_dot_topn": _("sparse_dot_topn: words and sectors alone"),
    "fair": _("Podium: fair, every aim in its order"),
    "total": _("Podium: the largest sum"),
    "linear_sum_assignment": _("scipy: the largest sum, assignment"),
    "min_weight_full_bipartite_matching": _("scipy: the largest sum, sparse assignment"),
    "milp": _("scipy: the largest sum, integer programme"),
    "schedule": _("Podium: the fewest rounds"),
    "timetable_milp": _("scipy: the same, integer programme"),
    "vocabulary": _("Podium: words, with what somebody does not want"),
    "rapidfuzz": _("rapidfuzz: the nearest of all words"),
}
COUNTED: Mapping[str, Message] = {
    "youths": _("youths"),
    "offers": _("offers"),
    "seekers": _("seekers"),
    "candidates": _("candidates each"),
    "appointments": _("appointments each"),
    "rows": _("rows"),
    "phrases": _("phrases"),
    "pairs": _("pairs"),
    "times": _("times"),
}
FACTS: Mapping[str, Message] = {
    "pairs_in_reach": _("pairs in reach"),
    "pairs_allowed": _("pairs no rule forbids"),
    "worth": _("worth"),
    "rounds": _("rounds"),
    "understood": _("words understood"),
    "median_milliseconds": _("milliseconds in the middle"),
    "slowest_milliseconds": _("milliseconds at most"),
}
HEADINGS: tuple[Message, ...] = (_("seconds"), _("processor"), _("per second"), _("MiB"))
RATIOS = _("Podium is")
TIME_EXTRAPOLATED = _("time extrapolated")
OPTIMAL = _("optimal")
EXTRAPOLATED = _("from %(percent)s%% of it")
WITHOUT_EXTRA = _(
    "sparse_dot_topn is left out: it comes with the extra «bench», pip install 'podium[bench]'."
)


def machine_lines(machine: Machine) -> Iterable[str]:
    gibibytes = number_in_words(round(machine.memory_mebibytes * MEBIBYTE / (1 << 30)))
    yield str(
        _(
            "%(cores)s cores, %(memory)s GiB, %(processor)s, %(system)s, Python %(python)s",
            cores=machine.cores,
            memory=gibibytes,
            processor=machine.processor or _("unknown processor"),
            system=machine.system,
            python=machine.python,
        )
    )
    yield ", ".join(f"{name} {version}" for name, version in machine.packages.items())


def task_lines(figure: Figure) -> Iterable[str]:
    """Above the figures of one task."""
    counted = dict(figure.size) | ({} if figure.pairs is None else {"pairs": figure.pairs})
    size = ", ".join(f"{number_in_words(number)} {COUNTED[name]}" for name, number in counted.items())
    yield ""
    yield f"{TOPICS[figure.topic]}: {size}"
    yield " " * NAME_WIDTH + "".join(f"{heading!s:>{COLUMN_WIDTH}}" for heading in HEADINGS)


def figure_line(figure: Figure) -> str:
    numbers = (
        figure.seconds,
        figure.processor_seconds,
        figure.per_second,
        figure.spent.peak_mebibytes,
    )
    cells = "".join(f"{_short(number):>{COLUMN_WIDTH}}" for number in numbers)
    return f"  {NAMES[figure.name]!s:<{NAME_WIDTH - 2}}{cells}  {', '.join(_facts(figure))}".rstrip()


def ratio_line(ratio: Ratio) -> str:
    size = ", ".join(f"{number_in_words(number)} {COUNTED[name]}" for name, number in ratio.size.items())
    line = _(
        "%(times)s × as quick as %(reference)s, %(processor)s × in work of the processor (%(size)s)",
        times=_short(ratio.times),
        processor=_short(ratio.processor_times),
        reference=NAMES[ratio.reference],
        size=size,
    )
    return f"{line}, {TIME_EXTRAPOLATED}" if ratio.is_extrapolated else str(line)


def as_json(size: str, machine: Machine, figures: Iterable[Figure]) -> dict[str, Any]:
    """Codes and numbers only; ratios are of the same figures that stand beside them."""
    known = list(figures)
    return {
        "size": size,
        "machine": asdict(machine),
        "figures": [_plain(figure) for figure in known],
        "ratios": [asdict(ratio) for ratio in ratios(known)],
    }


def _plain(figure: Figure) -> dict[str, Any]:
    return {
        "topic": figure.topic.value,
        "name": figure.name,
        "role": figure.role.value,
        "size": dict(figure.size),
        "pairs": figure.pairs,
        "seconds": figure.seconds,
        "processor_seconds": figure.processor_seconds,
        "pairs_per_second": None if figure.pairs is None else figure.per_second,
        "peak_mebibytes": figure.spent.peak_mebibytes,
        "measured_seconds": figure.spent.seconds,
        "measured_share": figure.share,
        **figure.facts,
    }


def _facts(figure: Figure) -> Iterable[str]:
    if figure.share < 1:
        yield str(Message(EXTRAPOLATED.source, percent=_short(figure.share * PERCENT)))
    for name, value in figure.facts.items():
        if name in FACTS:
            yield f"{FACTS[name]} {_short(value)}"
    if figure.facts.get("is_optimal"):
        yield str(OPTIMAL)


def _short(number: float) -> str:
    """Three digits that count, or all of a larger whole number."""
    return str(
        format_decimal(
            number, format="#,##0" if number >= 100 or number == int(number) else "@@#", locale=language()
        )
    )
