"""`podium schedule`: who meets whom in which round, from files of appointments, stands and rooms."""

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from service.core.i18n import _
from service.core.sheets import LongSheet
from service.exchange import engine
from service.exchange.allocating import USUAL_LIMIT, check_limit
from service.exchange.columns import TIMETABLE
from service.exchange.faults import fault_lines
from service.exchange.paths import CannotDo, check_suffix, read_account, write_table
from service.exchange.reading import (
    Account,
    read_appointments,
    read_meetings,
    read_rooms,
    read_stands,
    read_visitors,
)
from service.exchange.scheduling_places import DayPlaces
from service.exchange.scheduling_wording import certificate_lines, outcome_line, stranger_lines
from service.exchange.wording import account_lines
from service.exchange.writing import Line

READERS: Mapping[str, Callable[[LongSheet], Account]] = {
    "appointments": read_appointments,
    "stands": read_stands,
    "youths": read_visitors,
    "rooms": read_rooms,
    "locks": read_meetings,
}
"""By option; each is the name of a file."""


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--appointments", type=Path, required=True, help="youths and stands that are to meet")
    parser.add_argument("--out", type=Path, required=True, help="where the timetable goes: .csv or .xlsx")
    parser.add_argument(
        "--stands", type=Path, metavar="FILE", help="how many each receives at once, and where"
    )
    parser.add_argument(
        "--youths", type=Path, metavar="FILE", help="who comes late, leaves early or has breaks"
    )
    parser.add_argument("--rooms", type=Path, metavar="FILE", help="how far it is from room to room")
    parser.add_argument("--locks", type=Path, metavar="FILE", help="meetings that stay in their round")
    parser.add_argument("--rounds", type=int, metavar="N", help="how many there are (as few as are needed)")
    parser.add_argument("--seed", type=int, default=0, help="lottery number (%(default)s)")
    parser.add_argument(
        "--limit", type=float, default=USUAL_LIMIT, metavar="SECONDS", help="longest search (%(default)s)"
    )


def schedule(arguments: argparse.Namespace) -> Iterator[str]:
    """Writes the timetable and tells how good it is, and how sure that is."""
    check_suffix(arguments.out)
    check_limit(arguments.limit)
    if arguments.rounds is not None and not 1 <= arguments.rounds <= engine.MOST_ROUNDS:
        raise CannotDo(_("The number of rounds must be from 1 to %(most)s.", most=engine.MOST_ROUNDS))
    paths = {option: getattr(arguments, option) for option in READERS}
    accounts = {
        option: read_account(path, READERS[option]) for option, path in paths.items() if path is not None
    }
    for option, account in accounts.items():
        yield from account_lines(paths[option].name, account)
    if any(account.refusals for account in accounts.values()):
        raise CannotDo(
            _("Mend the rows that were refused, or take them out: without them this is another timetable.")
        )
    places = DayPlaces.of({option: (paths[option].name, account) for option, account in accounts.items()})
    timetable = _timetable(_day(arguments, accounts), places)
    write_table(arguments.out, TIMETABLE, _rows(timetable))
    yield outcome_line(timetable)
    yield from stranger_lines(timetable)
    yield from certificate_lines(timetable)


def _day(arguments: argparse.Namespace, accounts: Mapping[str, Account]) -> engine.Day:
    def rows(option: str) -> Sequence[Mapping[str, Any]]:
        return [row.values for row in accounts[option].used] if option in accounts else []

    return engine.Day(
        appointments=rows("appointments"),
        stands=rows("stands") if "stands" in accounts else None,
        visitors=rows("youths"),
        rooms=rows("rooms"),
        locked=rows("locks"),
        rounds=arguments.rounds,
        seed=arguments.seed,
        limit_seconds=arguments.limit,
    )


def _timetable(day: engine.Day, places: DayPlaces) -> "engine.Timetable":
    try:
        return engine.schedule(day)
    except engine.InvalidProblem as error:
        lines = "\n".join(f"  {line}" for line in fault_lines(error.faults, places.place_of))
        raise CannotDo(_("No timetable can be made of this:\n%(lines)s", lines=lines)) from error
    except engine.OutOfTime as error:
        raise CannotDo(
            _(
                "In %(seconds)s seconds no timetable was found, and no proof that there is none.",
                seconds=f"{day.limit_seconds:g}",
            )
        ) from error


def _rows(timetable: "engine.Timetable") -> Iterator[Line]:
    """A line per meeting, by youth and round."""
    rooms = {stand.id: stand.room for stand in timetable.problem.stands}
    for meeting in timetable.meetings:
        yield meeting.seeker_id, meeting.round, meeting.stand_id, rooms[meeting.stand_id]
