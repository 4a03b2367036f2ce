"""`podium match`, `podium explain` and `podium schedule`: files in, files out, no database."""

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

from service.core import clock
from service.core.i18n import DEFAULT_LANGUAGE, LANGUAGES, _, speaking
from service.exchange import allocating, engine, scheduling
from service.exchange.backends import BACKENDS, SEQUENTIAL, NoSuchBackend, spread_over
from service.exchange.cells import BadCell, day
from service.exchange.columns import GAPS, MATCHES
from service.exchange.paths import CannotDo, check_suffix, read_account, stream_rows, write_table
from service.exchange.reading import Account, read_offers, read_youths, stream_youths
from service.exchange.wording import account_lines, explanation_lines, match_summary_lines
from service.exchange.writing import gap_lines, match_lines

USUAL_TOP = 20
Command = Callable[[argparse.Namespace], Iterable[str]]
Commands = argparse._SubParsersAction  # noqa: SLF001 argparse gives what add_subparsers returns no other name


def add_commands(commands: "Commands[argparse.ArgumentParser]") -> None:
    matching = commands.add_parser("match", help="suggest offers for youths, from files to a file")
    _add_inputs(matching)
    matching.add_argument("--out", type=Path, required=True, help="where the matches go: .csv or .xlsx")
    matching.add_argument("--gaps", type=Path, help="where goes who has nothing, and why: .csv or .xlsx")
    matching.add_argument("--top", type=int, default=USUAL_TOP, help="longest list per youth (%(default)s)")
    matching.add_argument(
        "--backend", choices=BACKENDS, default=SEQUENTIAL, help="what computes (%(default)s)"
    )
    matching.add_argument("--jobs", type=int, help="how many processes or threads (one per core)")
    matching.add_argument("--scheduler", metavar="ADDRESS", help="of the dask cluster: tcp://host:port")
    allocating.add_options(matching)
    matching.set_defaults(act_alone=partial(act, match))

    explaining = commands.add_parser(
        "explain", help="one pair: its arithmetic and place, or the rule that forbids it, and what would help"
    )
    _add_inputs(explaining)
    explaining.add_argument("--youth", required=True, help="external id of the youth")
    explaining.add_argument("--offer", required=True, help="external id of the offer")
    explaining.add_argument("--top", type=int, default=USUAL_TOP, help="as with match (%(default)s)")
    allocating.add_pair_options(explaining)
    explaining.set_defaults(act_alone=partial(act, explain))

    scheduled = commands.add_parser("schedule", help="who meets whom in which round, from files to a file")
    scheduling.add_options(scheduled)
    _add_language(scheduled)
    scheduled.set_defaults(act_alone=partial(act, scheduling.schedule))


def _add_inputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--youths", type=Path, required=True, help="file of youths: CSV or XLSX")
    parser.add_argument("--offers", type=Path, required=True, help="file of offers: CSV or XLSX")
    parser.add_argument("--on", metavar="YYYY-MM-DD", help="the day to reckon from (today)")
    parser.add_argument("--seed", type=int, default=0, help="lottery number that decides ties (%(default)s)")
    parser.add_argument("--weights", metavar="S,L,T", default="0.45,0.25,0.30", help="%(default)s")
    _add_language(parser)


def _add_language(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--language", choices=LANGUAGES, default=DEFAULT_LANGUAGE)


def act(command: Command, arguments: argparse.Namespace) -> int:
    """Prints what the command has to tell; a refused row is no failure, an unreadable file is."""
    with speaking(arguments.language):
        try:
            for line in command(arguments):
                sys.stdout.write(f"{line}\n")
        except CannotDo as error:
            sys.stderr.write(f"podium: {error.sentence}\n")
            return 2
    return 0


def match(arguments: argparse.Namespace) -> Iterable[str]:
    for path in filter(None, (arguments.out, arguments.gaps)):
        check_suffix(path)
    if arguments.top < 1:
        raise CannotDo(_("The number of suggestions must be 1 or more."))
    allocating.check_options(arguments)
    try:
        with spread_over(arguments.backend, arguments.jobs, arguments.scheduler) as shards:
            yield from _match(arguments, shards)
    except NoSuchBackend as error:
        raise CannotDo(error.sentence) from error


def _match(arguments: argparse.Namespace, shards: int | None) -> Iterable[str]:
    youths, offers = Account(), read_account(arguments.offers, read_offers)
    passing = stream_rows(arguments.youths, stream_youths, youths)
    # An allocation asks for all of them at once; else only so many are held as are quicker so.
    few = engine.MOST_PAIRS_AT_ONCE // max(1, len(offers.used))
    held = list(passing if arguments.allocate is not None else islice(passing, few + 1))
    if arguments.allocate is None and len(held) > few:
        problem = _problem(arguments, (), Account(), top=arguments.top)
        everybody = (row.values for row in chain(held, passing))
        values = (row.values for row in offers.used)
        matches = engine.match_rows(problem, everybody, values, shards=shards)
    else:
        youths.used = held
        problem = _problem(arguments, (row.values for row in held), offers, top=arguments.top)
        matches = engine.match(problem, shards=shards)
    is_allocated = arguments.allocate is not None
    yield from account_lines(arguments.youths.name, youths, is_allocated=is_allocated)
    yield from account_lines(arguments.offers.name, offers, is_allocated=is_allocated)
    write_table(arguments.out, MATCHES, match_lines(matches))
    if arguments.gaps is not None:
        write_table(arguments.gaps, GAPS, gap_lines(matches))
    yield from match_summary_lines(matches)
    if arguments.allocate is not None:
        yield from allocating.allocate(arguments, problem, matches, youths, offers)


def explain(arguments: argparse.Namespace) -> Iterable[str]:
    youths, offers = _inputs(arguments)
    youth = _row(arguments.youths, youths, arguments.youth)
    _row(arguments.offers, offers, arguments.offer)
    if arguments.top < 1:
        raise CannotDo(_("The number of suggestions must be 1 or more."))
    allocating.check_pair_options(arguments)
    # One youth and all offers: how rare a word is depends on every offer, and on no other youth.
    problem = _problem(arguments, [youth], offers, top=arguments.top)
    yield from explanation_lines(engine.explain(problem, arguments.youth, arguments.offer))
    if arguments.allocate:
        everybody = (row.values for row in youths.used)
        problem = _problem(arguments, everybody, offers, top=arguments.top)
        yield from allocating.grant(arguments, problem, youths, offers)


def _inputs(arguments: argparse.Namespace) -> tuple[Account, Account]:
    return read_account(arguments.youths, read_youths), read_account(arguments.offers, read_offers)


def _row(path: Path, account: Account, external_id: str) -> Mapping[str, Any]:
    row = account.row(external_id)
    if row is None:
        for line in account_lines(path.name, account):
            sys.stderr.write(f"{line}\n")
        raise CannotDo(
            _("There is no usable row with id %(id)s. See above what was refused.", id=external_id)
        )
    return row.values


def _problem(
    arguments: argparse.Namespace, youths: Iterable[Mapping[str, Any]], offers: Account, *, top: int
) -> engine.Problem:
    return engine.problem_of(
        youths,
        (row.values for row in offers.used),
        on=_day(arguments.on),
        seed=arguments.seed,
        top=top,
        weights=_weights(arguments.weights),
    )


def _day(asked: str | None) -> date:
    if asked is None:
        return clock.today()
    try:
        return day(asked)
    except BadCell as error:
        raise CannotDo(error.sentence) from error


def _weights(asked: str) -> engine.Weights:
    try:
        weights = engine.weights_of([float(part) for part in asked.split(",")])
    except ValueError:
        weights = None
    if weights is None:
        raise CannotDo(
            _("The weights are three numbers of 0 or more that add up to 1, such as 0.45,0.25,0.30.")
        )
    return weights
