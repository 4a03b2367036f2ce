"""Files on one's own machine, for the commands: what cannot be read or written is said in a sentence."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from service.core.i18n import Message, _
from service.core.sheets import LongSheet, UnreadableTable, open_table
from service.exchange.reading import Account, Row
from service.exchange.writing import SUFFIXES, Line, TooManyLines, write_lines


class CannotDo(LookupError):
    """The command cannot be carried out as asked; the sentence says what to change."""

    def __init__(self, sentence: Message) -> None:
        super().__init__(sentence.source)
        self.sentence = sentence


def check_suffix(path: Path) -> None:
    if path.suffix.lower() not in SUFFIXES:
        raise CannotDo(_("The name of %(path)s must end in .csv or .xlsx.", path=path))


def read_account(path: Path, read: Callable[[LongSheet], Account]) -> Account:
    with _being_read(path):
        return read(open_table(path.name, path.read_bytes()))


def stream_rows(
    path: Path, read: Callable[[LongSheet, Account], Iterator[Row]], account: Account
) -> Iterator[Row]:
    """The usable rows one by one; what became of the others stands in the account at the end."""
    with _being_read(path):
        yield from read(open_table(path.name, path.read_bytes()), account)


@contextmanager
def _being_read(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CannotDo(_("The file %(path)s cannot be read.", path=path)) from error
    except UnreadableTable as error:
        raise CannotDo(_("%(path)s: %(sentence)s", path=path, sentence=error.sentence)) from error


def write_table(path: Path, columns: Sequence[str], lines: Iterable[Line]) -> None:
    try:
        write_lines(path, columns, lines)
    except OSError as error:
        raise CannotDo(_("The file %(path)s cannot be written.", path=path)) from error
    except TooManyLines as error:
        raise CannotDo(
            _("%(path)s: a workbook has no room for so many lines. Write to a .csv file.", path=path)
        ) from error
