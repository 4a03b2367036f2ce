"""The reference files hang together: codes refer, a word means one thing, a file has a source."""

import csv
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import matching
from matching.words import plain
from service.core.i18n import LANGUAGES
from service.reference.catalogue import TagEntry, catalogue
from service.reference.engine import engine_places, engine_sectors, engine_tags

FOLDER = Path(__file__).parents[3] / "seeds" / "reference"
FILES = sorted(path.name for path in FOLDER.glob("*.csv"))
CODE = re.compile(r"[a-z][a-z0-9_]*")
# Who somebody is, is no word of the vocabulary: neither what they are nor what they have.
NEVER = re.compile(
    r"\b(autis|adhd|dyslex|depress|handicap hebben|rolstoel|islam|moslim|christ|joods|hindoe|boeddh"
    r"|marokkaans?$|antilliaan|allochtoon|vluchteling|asielzoeker|homo|lesb|transgender)",
    re.IGNORECASE,
)


def words(tag: TagEntry) -> Iterator[str]:
    yield from {plain(tag.label.nl), plain(tag.label.en)}
    yield from map(plain, tag.aliases)


def test_it_works() -> None:
    known = catalogue()
    assert known is catalogue()
    assert known.label("sectors", "ZORG", "nl") == "Zorg, welzijn, sport en kinderopvang"
    assert known.label("sectors", "ZORG", "en") == "Care, welfare, sport and childcare"
    assert known.youth_label("sectors", "ZORG", "nl") == "Zorgen voor mensen en sport"
    assert known.youth_label("tracks", "BB", "nl") == known.label("tracks", "BB", "nl")
    assert known.label("hazards", "Z-10", "nl") == "Kassa"
    place = known.place("1068")
    assert place is not None
    assert (place.place, place.municipality, place.province) == ("Amsterdam", "Amsterdam", "Noord-Holland")
    assert known.place("0999") is None


def test_an_unknown_code_is_shown_as_it_is() -> None:
    assert catalogue().label("tags", "wizard", "nl") == "wizard"
    assert catalogue().youth_label("kinds", "nap", "nl") == "nap"


def test_an_unknown_list_is_an_error() -> None:
    with pytest.raises(KeyError):
        catalogue().label("wizards", "ZORG", "nl")


@pytest.mark.parametrize("file", FILES)
def test_every_file_has_its_source(file: str) -> None:
    source = {source.file: source for source in catalogue().sources}[file]
    assert source.source
    assert source.licence
    assert source.attribution


def test_every_source_has_its_file() -> None:
    assert sorted(source.file for source in catalogue().sources) == FILES


@pytest.mark.parametrize("file", FILES)
def test_files_are_tidy(file: str) -> None:
    """Complete rows, no spaces around a cell, no semicolon that would look like a separator."""
    text = (FOLDER / file).read_text(encoding="utf-8")
    assert ";" not in text
    assert "\r" not in text
    header, *rows = csv.reader(text.splitlines())
    assert rows
    for row in rows:
        assert len(row) == len(header), row
        assert all(part == part.strip() for cell in row for part in cell.split("|")), row


@pytest.mark.parametrize("file", [file for file in FILES if file not in ("shortages.csv", "sources.csv")])
def test_codes_are_unique(file: str) -> None:
    codes = [row[0] for row in csv.reader((FOLDER / file).read_text(encoding="utf-8").splitlines())]
    assert len(codes) == len(set(codes))


def test_every_code_refers() -> None:
    known = catalogue()
    for sector in known.sectors.values():
        assert sector.chamber in known.chambers
        assert set(sector.profiles) <= set(known.profiles)
        assert set(sector.riasec) <= set("RIASEC")
    for profile in known.profiles.values():
        assert set(profile.tracks) <= set(known.tracks)
    for tag in known.tags.values():
        assert CODE.fullmatch(tag.code)
        assert (tag.sector is None) == (tag.kind == "talent")
        assert tag.sector is None or tag.sector in known.sectors
    assert {shortage.sector for shortage in known.shortages} == set(known.sectors)


def test_codes_are_the_engines_codes() -> None:
    known = catalogue()
    assert set(known.kinds) == {str(kind) for kind in matching.Kind}
    assert {kind.code for kind in known.kinds.values() if kind.is_group} == {
        str(kind) for kind in matching.Kind if kind.is_group
    }
    assert set(known.hazards) == {str(hazard) for hazard in matching.Hazard}
    assert set(known.tracks) == {str(track) for track in matching.Track}
    assert set(known.profiles) == {str(profile) for profile in matching.Profile}


def test_the_engine_gets_everything() -> None:
    known = catalogue()
    assert {sector.code: sector.chamber for sector in engine_sectors()} == {
        sector.code: sector.chamber for sector in known.sectors.values()
    }
    assert [tag.code for tag in engine_tags()] == list(known.tags)
    assert [place.pc4 for place in engine_places()] == list(known.postcodes)


def test_a_word_stands_for_one_thing() -> None:
    owner: dict[str, str] = {}
    for tag in catalogue().tags.values():
        for word in words(tag):
            assert word
            assert owner.get(word) is None, f"{word!r} stands for {owner[word]} and for {tag.code}"
            owner[word] = tag.code


def test_the_vocabulary_is_broad() -> None:
    tags = list(catalogue().tags.values())
    assert len(tags) >= 400
    for sector in catalogue().sectors:
        assert sum(tag.sector == sector for tag in tags) >= 22, sector
    assert sum(tag.kind == "talent" for tag in tags) >= 80
    assert all(tag.aliases for tag in tags)


def test_the_vocabulary_has_no_word_for_who_somebody_is() -> None:
    for tag in catalogue().tags.values():
        for word in (tag.label.nl, tag.label.en, *tag.aliases):
            assert not NEVER.search(word), f"{tag.code}: {word}"


@pytest.mark.parametrize(
    "things", ["chambers", "hazards", "kinds", "levels", "profiles", "sectors", "tags", "tracks"]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_has_a_name_of_its_own(things: str, language: str) -> None:
    labels = [catalogue().label(things, code, language) for code in getattr(catalogue(), things)]
    assert all(labels)
    assert len(set(labels)) == len(labels)


def test_hazards_are_plain_questions() -> None:
    for hazard in catalogue().hazards.values():
        for question in (hazard.question.nl, hazard.question.en):
            assert question.endswith("?")
            assert len(question.split()) <= 25, question


def test_reading_it_stays_light() -> None:
    """Pages read the catalogue and the vocabulary: neither may bring in the engine's heavy parts."""
    script = (
        "import sys; from service.reference.engine import vocabulary; vocabulary();"
        "print(sorted({'numpy', 'scipy', 'sklearn'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
