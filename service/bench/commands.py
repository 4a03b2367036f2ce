"""`podium bench`: how quick this machine is, as a table and as JSON; light, for every command loads it."""

import argparse
import json
from collections.abc import Iterable, Iterator
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from service.bench.figures import Figure, Topic, ratios
from service.bench.machine import machine
from service.bench.sizes import SIZES
from service.bench.wording import (
    RATIOS,
    WITHOUT_EXTRA,
    as_json,
    figure_line,
    machine_lines,
    ratio_line,
    task_lines,
)
from service.core.i18n import DEFAULT_LANGUAGE, LANGUAGES, _
from service.exchange.commands import Commands, act
from service.exchange.paths import CannotDo


def add_commands(commands: "Commands[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("bench", help="how quick this machine is, beside other ways to do it")
    parser.add_argument("--size", choices=SIZES, default="region", help="(%(default)s)")
    topics = [topic.value for topic in Topic]
    parser.add_argument("--only", choices=topics, nargs="+", default=topics, help="some topics (all)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where the same figures go as JSON")
    parser.add_argument("--language", choices=LANGUAGES, default=DEFAULT_LANGUAGE)
    parser.set_defaults(act_alone=partial(act, bench))


def bench(arguments: argparse.Namespace) -> Iterable[str]:
    here = machine()
    yield from machine_lines(here)
    if Topic.MATCHING in arguments.only and find_spec("sparse_dot_topn") is None:
        yield str(WITHOUT_EXTRA)
    # What is measured is heavy, and no other command needs it.
    measure = import_module("service.bench.suite").measure
    figures: list[Figure] = []
    yield from _table(measure(SIZES[arguments.size], {Topic(name) for name in arguments.only}), figures)
    beside = list(ratios(figures))
    if beside:
        yield ""
        yield str(RATIOS)
        yield from (f"  {ratio_line(ratio)}" for ratio in beside)
    if arguments.json is not None:
        _write(arguments.json, json.dumps(as_json(arguments.size, here, figures), indent=2) + "\n")


def _table(measured: Iterable[Figure], figures: list[Figure]) -> Iterator[str]:
    """A line per figure as soon as it is there; they are kept for what comes after."""
    task = None
    for figure in measured:
        if task != (figure.topic, figure.size):
            yield from task_lines(figure)
            task = (figure.topic, figure.size)
        yield figure_line(figure)
        figures.append(figure)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise CannotDo(_("The file %(path)s cannot be written.", path=path)) from error
