"""`--allocate`: who gets which position, with proof, and what is missing; why a pair is not given."""

import argparse
import math
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from service.core.i18n import _
from service.core.sheets import LongSheet
from service.exchange import engine
from service.exchange.allocation_wording import (
    bottleneck_lines,
    certificate_lines,
    change_lines,
    outcome_line,
    recruiting_lines,
)
from service.exchange.allocation_writing import (
    allocation_rows,
    bottleneck_rows,
    recruiting_rows,
)
from service.exchange.asking import asked_of
from service.exchange.columns import ALLOCATION, BOTTLENECKS, RECRUITS, RESERVES
from service.exchange.faults import fault_lines
from service.exchange.granted_wording import granted_lines
from service.exchange.joint_wording import joint_lines
from service.exchange.paths import CannotDo, check_suffix, read_account, write_table
from service.exchange.places import Places
from service.exchange.reading import Account, read_locks, read_previous
from service.exchange.wording import account_lines

USUAL_LIMIT = 60.0


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--allocate", type=Path, metavar="FILE", help="where goes who gets which position")
    _add_terms(parser)
    parser.add_argument(
        "--bottlenecks", type=Path, metavar="FILE", help="where go those who block each other"
    )
    parser.add_argument("--recruits", type=Path, metavar="FILE", help="where go the positions to look for")
    parser.add_argument("--reserves", type=Path, metavar="FILE", help="where goes who comes next, per offer")


def add_pair_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--allocate", action="store_true", help="also whether it is given out, as match --allocate does"
    )
    _add_terms(parser)


def _add_terms(parser: argparse.ArgumentParser) -> None:
    """How positions are given out."""
    parser.add_argument(
        "--policy", choices=engine.POLICIES, default=engine.POLICIES[0], help="what for (%(default)s)"
    )
    parser.add_argument("--wanted", type=int, default=1, help="positions per youth (%(default)s)")
    parser.add_argument(
        "--locks", type=Path, metavar="FILE", help="youths and offers that must stay together"
    )
    parser.add_argument("--previous", type=Path, metavar="FILE", help="an allocation to change little of")
    parser.add_argument(
        "--limit", type=float, default=USUAL_LIMIT, metavar="SECONDS", help="longest search (%(default)s)"
    )


def check_options(arguments: argparse.Namespace) -> None:
    written = [arguments.bottlenecks, arguments.recruits, arguments.reserves]
    given = [arguments.locks, arguments.previous, *written]
    if arguments.allocate is None and any(path is not None for path in given):
        raise CannotDo(_("Say with --allocate where the allocation goes."))
    for path in filter(None, (arguments.allocate, *written)):
        check_suffix(path)
    _check_terms(arguments)


def check_pair_options(arguments: argparse.Namespace) -> None:
    if not arguments.allocate and (arguments.locks is not None or arguments.previous is not None):
        raise CannotDo(_("Locks and an allocation before only count with --allocate."))
    _check_terms(arguments)


def _check_terms(arguments: argparse.Namespace) -> None:
    if not 1 <= arguments.wanted <= engine.MOST_WANTED:
        raise CannotDo(
            _("The number of positions per youth must be from 1 to %(most)s.", most=engine.MOST_WANTED)
        )
    check_limit(arguments.limit)


def check_limit(seconds: float) -> None:
    # Not a number is not below 0 either, and no clock ever passes it.
    if not 0 <= seconds < math.inf:
        raise CannotDo(_("The limit must be 0 seconds or more."))


def allocate(
    arguments: argparse.Namespace,
    problem: engine.Problem,
    matches: engine.Matches,
    youths: Account,
    offers: Account,
) -> Iterator[str]:
    """Writes the files that were asked for and tells what came of it."""
    asked, places = yield from _terms(arguments, youths, offers)
    with _refusals_told(asked, places):
        given = engine.allocate(problem, matches, asked)
    write_table(arguments.allocate, ALLOCATION, allocation_rows(given))
    if arguments.bottlenecks is not None:
        write_table(arguments.bottlenecks, BOTTLENECKS, bottleneck_rows(given))
    if arguments.recruits is not None:
        write_table(arguments.recruits, RECRUITS, recruiting_rows(given))
    yield outcome_line(given)
    yield from change_lines(given)
    yield from certificate_lines(given)
    yield from bottleneck_lines(given)
    yield from recruiting_lines(given)
    yield from joint_lines(given)
    if arguments.reserves is not None:
        yield from _write_reserves(arguments.reserves, given, asked.limit_seconds)


def _write_reserves(path: Path, given: engine.Given, limit_seconds: float) -> Iterator[str]:
    lists = engine.reserves(given.allocation, limit_seconds)
    if lists is None:
        yield str(_("There was no time to find out who comes next: %(path)s is not written.", path=path))
        return
    lines = (
        (offer, place, one.seeker_id, one.leaves)
        for offer, waiting in lists.items()
        for place, one in enumerate(waiting, 1)
    )
    write_table(path, RESERVES, lines)


def grant(
    arguments: argparse.Namespace, problem: engine.Problem, youths: Account, offers: Account
) -> Iterator[str]:
    """Tells of one pair whether it is given out, and if not, why."""
    asked, places = yield from _terms(arguments, youths, offers)
    with _refusals_told(asked, places):
        granted = engine.grant(problem, asked, arguments.youth, arguments.offer)
    yield from granted_lines(granted)


def _terms(
    arguments: argparse.Namespace, youths: Account, offers: Account
) -> Generator[str, None, tuple[engine.Asked, Places]]:
    """What the files and options ask, and where it stands."""
    locks = yield from _pairs(arguments.locks, read_locks)
    previous = yield from _pairs(arguments.previous, read_previous)
    places = Places.of(
        (arguments.youths.name, youths),
        (arguments.offers.name, offers),
        (arguments.locks.name, locks) if locks else None,
    )
    return asked_of(arguments, youths, offers, locks, previous), places


@contextmanager
def _refusals_told(asked: engine.Asked, places: Places) -> Iterator[None]:
    try:
        yield
    except engine.InvalidProblem as error:
        lines = "\n".join(f"  {line}" for line in fault_lines(error.faults, places.place_of))
        raise CannotDo(_("This cannot be allocated:\n%(lines)s", lines=lines)) from error
    except engine.OutOfTime as error:
        raise CannotDo(
            _(
                "In %(seconds)s seconds no allocation was found that keeps every lock and every minimum.",
                seconds=f"{asked.limit_seconds:g}",
            )
        ) from error


def _pairs(path: Path | None, read: Callable[[LongSheet], Account]) -> Generator[str, None, Account | None]:
    """The pairs of a file, if one is given. Tells what became of its rows."""
    if path is None:
        return None
    account = read_account(path, read)
    yield from account_lines(path.name, account)
    return account
