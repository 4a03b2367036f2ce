"""The command reads wheels and folders, writes the same table every time, and says what was wrong."""

import gzip
import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from seeds.__main__ import main
from seeds.postcodes import PLACE_DATA, POSTCODE_DATA


def postcode(number: int, city: str, north: float, east: float, **changes: object) -> dict[str, object]:
    usual = {"country_code": "NL", "state": "North Holland", "accuracy": 6.0}
    return {
        **usual,
        "postal_code": str(number),
        "city": city,
        "latitude": north,
        "longitude": east,
        **changes,
    }


ROWS = [
    *(postcode(1000 + step, "Amsterdam", 52.37 + step / 200, 4.9) for step in range(1, 10)),
    postcode(1010, "Amsterdam", 51.5, 5.9, accuracy=0.0),
    postcode(1012, "Bruxelles", 50.85, 4.35, country_code="BE", state="NL"),
    postcode(999, "Nergens", 52.4, 4.9),
]
PLACES = [
    {
        "country_code": "NL",
        "city": "Amsterdam",
        "state": "North Holland",
        "county": "Gemeente Amsterdam",
        "latitude": 52.374,
        "longitude": 4.9,
    },
    {"country_code": "BE", "city": "Brussels", "latitude": 50.85, "longitude": 4.35},
]
CONTENTS = {
    POSTCODE_DATA: gzip.compress("\n".join(map(json.dumps, ROWS)).encode()),
    PLACE_DATA: gzip.compress(json.dumps(PLACES).encode()),
}


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    path = tmp_path / "both.whl"
    with ZipFile(path, "w") as archive:
        for name, content in CONTENTS.items():
            archive.writestr(name, content)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in CONTENTS.items():
        (tmp_path / "unpacked" / name).parent.mkdir(parents=True)
        (tmp_path / "unpacked" / name).write_bytes(content)
    return tmp_path / "unpacked"


def make(source: Path, out: Path) -> str:
    assert main(["postcodes", "--from", str(source), "--places", str(source), "--out", str(out)]) == 0
    return out.read_text(encoding="utf-8")


def test_it_works(wheel: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    header, first, *_, last = make(wheel, tmp_path / "table.csv").splitlines()
    assert header == "pc4,latitude,longitude,place,municipality,province,is_repaired"
    assert first == "1001,52.3750,4.9000,Amsterdam,Amsterdam,Noord-Holland,no"
    assert last.startswith("1010,52.4")
    assert last.endswith(",yes")
    report = capsys.readouterr().out
    assert "10 codes in 1 municipalities" in report
    assert "1 points moved" in report
    assert "far from the usual number" in report


def test_a_folder_does_as_well_as_a_wheel(wheel: Path, folder: Path, tmp_path: Path) -> None:
    assert make(folder, tmp_path / "a.csv") == make(wheel, tmp_path / "b.csv")


def test_an_unknown_command_says_which_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["wizards"]) == 2
    assert "postcodes" in capsys.readouterr().err
