"""What the country has: one immutable catalogue in memory, read once from the reference files."""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from io import StringIO
from types import MappingProxyType
from typing import TypeVar

E = TypeVar("E", bound="Entry")
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Words:
    """The same thing said in both languages."""

    nl: str
    en: str

    def said_in(self, language: str) -> str:
        return {"nl": self.nl, "en": self.en}[language]


@dataclass(frozen=True, slots=True)
class Entry:
    """Something with a code and a name."""

    code: str
    label: Words


@dataclass(frozen=True, slots=True)
class SectorEntry(Entry):
    chamber: str
    youth_label: Words
    sbi_version: int
    sbi: tuple[str, ...]
    profiles: tuple[str, ...]
    riasec: str


@dataclass(frozen=True, slots=True)
class ProfileEntry(Entry):
    tracks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KindEntry(Entry):
    is_group: bool
    youth_label: Words
    description: Words


@dataclass(frozen=True, slots=True)
class HazardEntry(Entry):
    """The label is the short name; the question is what a company answers with yes or no."""

    question: Words


@dataclass(frozen=True, slots=True)
class TagEntry(Entry):
    kind: str
    sector: str | None
    aliases: tuple[str, ...]
    hints: tuple[str, ...]
    """Words that may mean it or something else: they are only asked about."""


@dataclass(frozen=True, slots=True)
class PostcodePlace:
    """Where a four-digit postcode lies: mostly the middle of its addresses, else that of the place."""

    pc4: str
    latitude: float
    longitude: float
    place: str
    municipality: str
    province: str
    is_repaired: bool


@dataclass(frozen=True, slots=True)
class Shortage:
    sector: str
    region: str
    year: int
    source: str
    level: str


@dataclass(frozen=True, slots=True)
class Source:
    file: str
    source: str
    retrieved_on: date
    licence: str
    attribution: str
    remark: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything by code, in the order of the files."""

    chambers: Mapping[str, Entry]
    sectors: Mapping[str, SectorEntry]
    profiles: Mapping[str, ProfileEntry]
    tracks: Mapping[str, Entry]
    levels: Mapping[str, Entry]
    kinds: Mapping[str, KindEntry]
    hazards: Mapping[str, HazardEntry]
    tags: Mapping[str, TagEntry]
    postcodes: Mapping[str, PostcodePlace]
    shortages: tuple[Shortage, ...]
    sources: tuple[Source, ...]

    def place(self, pc4: str) -> PostcodePlace | None:
        return self.postcodes.get(pc4)

    def label(self, things: str, code: str, language: str) -> str:
        """The name for adults, as `label("sectors", "ZORG", "nl")`; an unknown code is shown as it is."""
        entry = self._entries(things).get(code)
        return code if entry is None else entry.label.said_in(language)

    def youth_label(self, things: str, code: str, language: str) -> str:
        """The name a youth reads, where there is a plainer one."""
        entry = self._entries(things).get(code)
        if entry is None:
            return code
        plainer = entry.youth_label if isinstance(entry, SectorEntry | KindEntry) else entry.label
        return plainer.said_in(language)

    def _entries(self, things: str) -> Mapping[str, Entry]:
        everything: dict[str, Mapping[str, Entry]] = {
            "chambers": self.chambers,
            "hazards": self.hazards,
            "kinds": self.kinds,
            "levels": self.levels,
            "profiles": self.profiles,
            "sectors": self.sectors,
            "tags": self.tags,
            "tracks": self.tracks,
        }
        return everything[things]


@cache
def catalogue() -> Catalogue:
    return Catalogue(
        chambers=_read_entries("chambers", _entry),
        sectors=_read_entries("sectors", _sector),
        profiles=_read_entries(
            "profiles", lambda row: ProfileEntry(row["code"], _words(row, "label"), _parts(row["tracks"]))
        ),
        tracks=_read_entries("tracks", _entry),
        levels=_read_entries("levels", _entry),
        kinds=_read_entries("kinds", _kind),
        hazards=_read_entries(
            "hazards", lambda row: HazardEntry(row["code"], _words(row, "short"), _words(row, "question"))
        ),
        tags=_read_entries("tags", _tag),
        postcodes=MappingProxyType({row["pc4"]: _postcode(row) for row in _rows("postcodes")}),
        shortages=tuple(
            Shortage(row["sector"], row["region"], int(row["year"]), row["source"], row["level"])
            for row in _rows("shortages")
        ),
        sources=tuple(_source(row) for row in _rows("sources")),
    )


def _rows(name: str) -> Iterator[Row]:
    # By name: the files are data of the seeds, whose code this root may not know.
    text = (files("seeds") / "reference" / f"{name}.csv").read_text(encoding="utf-8")
    yield from csv.DictReader(StringIO(text))


def _read_entries(name: str, make: Callable[[Row], E]) -> Mapping[str, E]:
    return MappingProxyType({entry.code: entry for entry in map(make, _rows(name))})


def _words(row: Row, name: str) -> Words:
    return Words(row[f"{name}_nl"], row[f"{name}_en"])


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


def _entry(row: Row) -> Entry:
    return Entry(row["code"], _words(row, "label"))


def _sector(row: Row) -> SectorEntry:
    return SectorEntry(
        code=row["code"],
        label=_words(row, "label"),
        chamber=row["chamber"],
        youth_label=_words(row, "youth_label"),
        sbi_version=int(row["sbi_version"]),
        sbi=_parts(row["sbi"]),
        profiles=_parts(row["profiles"]),
        riasec=row["riasec"],
    )


def _kind(row: Row) -> KindEntry:
    return KindEntry(
        code=row["code"],
        label=_words(row, "label"),
        is_group=row["is_group"] == "yes",
        youth_label=_words(row, "youth_label"),
        description=_words(row, "description"),
    )


def _tag(row: Row) -> TagEntry:
    return TagEntry(
        row["code"],
        _words(row, "label"),
        row["kind"],
        row["sector"] or None,
        _parts(row["aliases"]),
        _parts(row["hints"]),
    )


def _postcode(row: Row) -> PostcodePlace:
    return PostcodePlace(
        row["pc4"],
        float(row["latitude"]),
        float(row["longitude"]),
        row["place"],
        row["municipality"],
        row["province"],
        row["is_repaired"] == "yes",
    )


def _source(row: Row) -> Source:
    return Source(
        row["file"],
        row["source"],
        date.fromisoformat(row["retrieved_on"]),
        row["licence"],
        row["attribution"],
        row["remark"],
    )
