"""How a cell of a file becomes a value, or a sentence that says what to do about it."""

import re
from collections.abc import Callable, Mapping
from datetime import date, time
from functools import cache, lru_cache
from typing import Any

from service.core.i18n import Message, _
from service.core.json_types import of_this_time
from service.reference.catalogue import catalogue
from service.reference.engine import vocabulary
from service.reference.labels import label
from service.reference.postcodes import NoPostcode, parse_pc4
from service.youth.birth import read_birth

Reader = Callable[[str], Any]

SEPARATOR = "|"
NO_HAZARDS = "-"
LAST_BIRTH_YEAR = 2199
MOST_PROPOSALS = 3
WORDS_REMEMBERED = 10_000
WHOLE = re.compile(r"[0-9]{1,9}")
CREBO = re.compile(r"[0-9]{5}")
CLOCK_TIME = re.compile(r"[0-9]{1,2}:[0-9]{2}")


class BadCell(ValueError):
    """A cell that cannot be read; carries what to do about it."""

    def __init__(self, sentence: Message) -> None:
        super().__init__(sentence.source)
        self.sentence = sentence


def text(most: int) -> Reader:
    def read(cell: str) -> str:
        if len(cell) > most:
            raise BadCell(_("This is too long: at most %(most)s characters.", most=most))
        return cell

    return read


def postcode(cell: str) -> str:
    try:
        pc4 = parse_pc4(cell)
    except NoPostcode:
        raise BadCell(
            _("«%(cell)s» is not a Dutch postcode. Use four digits such as 1068, or 1068 AB.", cell=cell)
        ) from None
    if catalogue().place(pc4) is None:
        raise BadCell(_("Postcode %(cell)s does not exist.", cell=pc4))
    return pc4


def birth(cell: str) -> tuple[int, int]:
    try:
        year, month = read_birth(cell)
    except ValueError as error:
        raise BadCell(error.args[0]) from None
    if year > LAST_BIRTH_YEAR:
        raise BadCell(_("«%(cell)s» is not a month. Write year and month such as 2011-06.", cell=cell))
    return year, month


def day(cell: str) -> date:
    try:
        found = date.fromisoformat(cell)
    except ValueError:
        raise BadCell(_("«%(cell)s» is not a date. Write it as 2027-02-08.", cell=cell)) from None
    try:
        return of_this_time(found)
    except ValueError as error:
        raise BadCell(error.args[0]) from None


def clock_time(cell: str) -> time:
    try:
        if not CLOCK_TIME.fullmatch(cell):
            raise ValueError(cell)
        return time.fromisoformat(cell.zfill(5))
    except ValueError:
        raise BadCell(_("«%(cell)s» is not a time. Write it as 09:30.", cell=cell)) from None


def whole(low: int, high: int) -> Reader:
    def read(cell: str) -> int:
        if not (WHOLE.fullmatch(cell) and low <= int(cell) <= high):
            raise _bad_number(cell, low, high)
        return int(cell)

    return read


def positions(cell: str) -> int:
    if WHOLE.fullmatch(cell) and not int(cell):
        raise BadCell(
            _("An offer without positions cannot be proposed. Fill in how many there are, or leave it out.")
        )
    return int(whole(1, 10_000)(cell))


def hours(cell: str) -> float:
    try:
        number = float(cell.replace(",", "."))
    except ValueError:
        raise _bad_number(cell, 0, 24) from None
    if not 0 < number <= 24:
        raise _bad_number(cell, 0, 24)
    return number


def _bad_number(cell: str, low: int, high: int) -> BadCell:
    return BadCell(_("«%(cell)s» is not a number from %(low)s to %(high)s.", cell=cell, low=low, high=high))


def one_of(choices: Mapping[str, Any]) -> Reader:
    """Case does not matter: `bb` is BB and `Bike` is bike."""
    known = {name.casefold(): value for name, value in choices.items()}

    def read(cell: str) -> Any:
        if cell.casefold() not in known:
            raise BadCell(_("«%(cell)s» is not one of: %(choices)s.", cell=cell, choices=", ".join(choices)))
        return known[cell.casefold()]

    return read


def code_of(things: str) -> Reader:
    """One of the codes of reference data, which are read when they are first needed."""

    def read(cell: str) -> Any:
        return _codes(things)(cell)

    return read


@cache
def _codes(things: str) -> Reader:
    return one_of({code: code for code in getattr(catalogue(), things)})


def crebo(cell: str) -> str:
    if not CREBO.fullmatch(cell):
        raise BadCell(_("«%(cell)s» is not a crebo. It has five digits.", cell=cell))
    return cell


def wish(cell: str) -> str:
    """A sector, or a word of the vocabulary."""
    return cell.upper() if cell.upper() in catalogue().sectors else tag(cell)


def tag(cell: str) -> str:
    """A code of the vocabulary, or a word people use for one thing only; never a guess."""
    if cell in catalogue().tags:
        return cell
    found, proposals = _read_word(cell)
    if found is not None:
        return found
    if proposals:
        words = ", ".join(label("tags", code) for code in proposals)
        raise BadCell(
            _("We do not know the word «%(cell)s». Did you mean: %(proposals)s?", cell=cell, proposals=words)
        )
    raise BadCell(_("We do not know the word «%(cell)s». Choose another one, or a code.", cell=cell))


@lru_cache(maxsize=WORDS_REMEMBERED)
def _read_word(cell: str) -> tuple[str | None, tuple[str, ...]]:
    """The one tag a cell stands for, or the tags it may stand for."""
    readings = vocabulary().read(cell)
    if len(readings) == 1 and readings[0].tag is not None and not readings[0].is_dislike:
        return readings[0].tag, ()
    codes = [code for reading in readings for code in (reading.tag, *reading.proposals) if code]
    return None, tuple(codes[:MOST_PROPOSALS])


def list_of(read: Reader) -> Reader:
    """Values parted by `|`, each once, in the order written."""

    def read_all(cell: str) -> tuple[Any, ...]:
        parts = (part.strip() for part in cell.split(SEPARATOR))
        return tuple(dict.fromkeys(read(part) for part in parts if part))

    return read_all


def hazards(cell: str) -> tuple[str, ...]:
    """`-` says that none applies; an empty cell, which never comes here, says that nobody answered."""
    return () if cell == NO_HAZARDS else tuple(list_of(code_of("hazards"))(cell))
