"""A folder of mail as servers fill it (Maildir): whole messages come in `new`, what was seen is in `cur`."""

from pathlib import Path

from service.mail.reports import LARGEST_REPORT

SEEN = ":2,S"


def find_message(folder: Path) -> Path | None:
    """The first that nobody has seen, in the order of arrival that servers put in the name."""
    new = folder / "new"
    return min((path for path in new.iterdir() if path.is_file()), default=None) if new.is_dir() else None


def read_message(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST_REPORT)


def set_aside(path: Path) -> None:
    """For a person to look at: it stays in the mailbox, and is not read again."""
    seen = path.parent.parent / "cur"
    seen.mkdir(exist_ok=True)
    path.rename(seen / f"{path.name}{SEEN}")
