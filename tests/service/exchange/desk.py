"""A folder with a file of youths and a file of offers, and the command on them."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

from service.cli import run

Row = Mapping[str, str]

NOOR = {"external_id": "noor", "birth": "2011-06", "pc4": "1068", "travel": "bike", "wishes": "nurse|cook"}
KITCHEN = {
    "external_id": "kitchen",
    "organisation": "Restaurant De Plas",
    "kind": "orientation_placement",
    "title": "Een week in de keuken",
    "pc4": "1064",
    "sectors": "HORECA",
    "tags": "cook|home_cooking",
    "positions": "2",
    "from": "2027-03-01",
    "until": "2027-03-05",
    "hazards": "-",
    "supervised": "yes",
}


def youth(**changes: str) -> dict[str, str]:
    return NOOR | changes


def offer(**changes: str) -> dict[str, str]:
    return KITCHEN | changes


def as_csv(rows: Sequence[Row], delimiter: str = ";") -> str:
    text = StringIO()
    columns = list(dict.fromkeys(column for row in rows for column in row))
    writer = csv.DictWriter(text, columns, delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@dataclass
class Told:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


@dataclass
class Desk:
    folder: Path
    capture: pytest.CaptureFixture[str]

    @property
    def youths(self) -> Path:
        return self.folder / "youths.csv"

    @property
    def offers(self) -> Path:
        return self.folder / "offers.csv"

    @property
    def out(self) -> Path:
        return self.folder / "matches.csv"

    def write(self, youths: Sequence[Row] = (NOOR,), offers: Sequence[Row] = (KITCHEN,)) -> None:
        self.youths.write_text(as_csv(youths), "utf-8")
        self.offers.write_text(as_csv(offers), "utf-8")

    def podium(self, command: str, *options: str, language: str = "en") -> Told:
        files = ("--youths", str(self.youths), "--offers", str(self.offers))
        usual = ("--on", "2027-02-10", "--seed", "7", "--language", language)
        code = run((command, *files, *usual, *options))
        captured = self.capture.readouterr()
        return Told(code, captured.out, captured.err)

    def match(self, *options: str, language: str = "en") -> Told:
        return self.podium("match", "--out", str(self.out), *options, language=language)

    def explain(self, youth_id: str, offer_id: str, *options: str, language: str = "en") -> Told:
        return self.podium("explain", "--youth", youth_id, "--offer", offer_id, *options, language=language)

    def matches(self) -> list[dict[str, str]]:
        lines = self.out.read_text("utf-8-sig").splitlines()
        return list(csv.DictReader(lines, delimiter=";"))
