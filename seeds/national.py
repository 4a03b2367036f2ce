"""An invented country of any size, to measure with: youths and offers in the columns of the files.

The postcodes are real, nobody in it exists, and the same numbers and seed give the same rows. Cities get more
youths and still more offers; what youths want and what is offered differ; some say little about themselves.
"""

import csv
import random
import sys
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path

import numpy as np

from service.reference.catalogue import Catalogue, catalogue

Row = tuple[str, ...]

YOUTH_COLUMNS = (
    "external_id",
    "birth",
    "pc4",
    "track",
    "profile",
    "crebo",
    "level",
    "year",
    "travel",
    "max_minutes",
    "wishes",
    "tags",
    "kinds",
    "from",
    "until",
)
OFFER_COLUMNS = (
    "external_id",
    "organisation",
    "kind",
    "title",
    "pc4",
    "sectors",
    "tags",
    "positions",
    "from",
    "until",
    "hours_per_day",
    "starts_at",
    "ends_at",
    "weekdays",
    "tracks",
    "levels",
    "crebos",
    "hazards",
    "supervised",
)

SEASON_STARTS_ON = date(2027, 1, 11)
SEASON_ENDS_ON = date(2027, 6, 25)
CITY_RADIUS_KM = 3.0

# How often youths wish for a sector, and how often companies offer in it: invented, skewed on purpose.
WANTED_AND_OFFERED = {
    "BOUW": (6, 11),
    "TECH": (7, 12),
    "WATER": (1, 3),
    "MOB": (9, 9),
    "ZORG": (17, 9),
    "ONDERWIJS": (6, 6),
    "HANDEL": (9, 12),
    "ICT": (9, 3),
    "CREA": (9, 5),
    "HORECA": (8, 11),
    "GROEN": (9, 7),
    "ZAKELIJK": (6, 7),
    "VEILIG": (9, 3),
    "VAK": (6, 4),
}
OFFERED_KINDS = {
    "orientation_placement": 30,
    "prevocational_placement": 18,
    "bpv": 18,
    "community_placement": 6,
    "work_learn_track": 3,
    "hands_on_day": 8,
    "role_model": 5,
    "coach": 2,
    "company_visit": 4,
    "flash_visit": 3,
    "guest_lesson": 2,
    "peer_lesson": 1,
}
TRAVEL = {"bike": 35, "bike|ov": 40, "ov": 12, "bike|walk": 8, "bike|ov|walk": 5}
HOURS = (("08:00", 8), ("08:30", 7), ("09:00", 7), ("09:00", 6), ("10:00", 5))
# Codes with the shape of a crebo; none of them stands for a real qualification.
CREBOS = tuple(f"99{number:03}" for number in range(10, 250))
CREBOS_PER_SECTOR = 17


class Weighted:
    """Picks one of several, some more often than others."""

    def __init__(self, weights: Iterable[tuple[str, float]]) -> None:
        """Sum the weights once, as picking happens millions of times."""
        pairs = list(weights)
        self._choices = [choice for choice, _ in pairs]
        self._sums = list(accumulate(weight for _, weight in pairs))

    def pick(self, chance: random.Random) -> str:
        """One choice."""
        return chance.choices(self._choices, cum_weights=self._sums)[0]


@dataclass(frozen=True)
class Country:
    """Youths and offers, row by row."""

    youths: Iterator[Row]
    offers: Iterator[Row]


def make_country(youths: int, offers: int, seed: int, municipality: str | None = None) -> Country:
    """So many youths and offers, all in one municipality if it is named; rows are made when asked for."""
    land = _Land(catalogue(), municipality)
    return Country(
        land.youths(youths, random.Random(f"{seed} youths")),
        land.offers(offers, random.Random(f"{seed} offers")),
    )


def main(arguments: Sequence[str]) -> int:
    """Write `youths.csv` and `offers.csv`."""
    parser = ArgumentParser(prog="python -m seeds national", description=__doc__)
    parser.add_argument("--youths", type=int, default=500_000)
    parser.add_argument("--offers", type=int, default=250_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--municipality", choices=sorted(_municipalities(catalogue())), metavar="NAME")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    country = make_country(options.youths, options.offers, options.seed, options.municipality)
    _write(options.out / "youths.csv", YOUTH_COLUMNS, country.youths)
    _write(options.out / "offers.csv", OFFER_COLUMNS, country.offers)
    sys.stdout.write(f"{options.youths} youths and {options.offers} offers in {options.out}\n")
    return 0


def _write(path: Path, columns: Row, rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


class _Land:
    """What rows are drawn from."""

    def __init__(self, known: Catalogue, municipality: str | None) -> None:
        here = None if municipality is None else _municipalities(known)[municipality]
        crowds = [(pc4, crowd) for pc4, crowd in _crowds(known) if here is None or pc4 in here]
        self._homes = Weighted(crowds)
        # Work is more concentrated than homes.
        self._works = Weighted((pc4, crowd**1.3) for pc4, crowd in crowds)
        self._wanted = Weighted((sector, wanted) for sector, (wanted, _) in WANTED_AND_OFFERED.items())
        self._offered = Weighted((sector, offered) for sector, (_, offered) in WANTED_AND_OFFERED.items())
        self._kinds = Weighted(OFFERED_KINDS.items())
        self._travel = Weighted(TRAVEL.items())
        self._work = {
            sector: Weighted(
                (tag.code, 1 / rank)
                for rank, tag in enumerate((t for t in known.tags.values() if t.sector == sector), start=1)
            )
            for sector in known.sectors
        }
        self._talents = [tag.code for tag in known.tags.values() if tag.sector is None]
        self._titles = {tag.code: tag.label.nl for tag in known.tags.values()}
        self._profiles = {
            track: [profile.code for profile in known.profiles.values() if track in profile.tracks]
            for track in known.tracks
        }
        self._crebos = {
            sector: CREBOS[rank * CREBOS_PER_SECTOR : (rank + 1) * CREBOS_PER_SECTOR]
            for rank, sector in enumerate(known.sectors)
        }

    def youths(self, number: int, chance: random.Random) -> Iterator[Row]:
        for serial in range(1, number + 1):
            favourite = self._wanted.pick(chance)
            school = self._vmbo(chance) if chance.random() < 0.7 else self._mbo(favourite, chance)
            birth, track, profile, crebo, level, year = school
            yield (
                *(f"Y{serial:07}", birth, self._homes.pick(chance), track, profile, crebo, level, year),
                self._travel.pick(chance),
                chance.choice(("", "", "", "", "20", "30", "45")),
                "|".join(self._wishes(favourite, chance)),
                "|".join(self._youth_tags(favourite, chance)),
                *("", "", ""),
            )

    def offers(self, number: int, chance: random.Random) -> Iterator[Row]:
        for serial in range(1, number + 1):
            sector = self._offered.pick(chance)
            tags = list(dict.fromkeys(self._work[sector].pick(chance) for _ in range(chance.randint(1, 4))))
            talents = chance.sample(self._talents, chance.randint(0, 3))
            kind = self._kinds.pick(chance)
            starts_on, ends_on = _period(kind, chance)
            starts_at, hours = chance.choice(HOURS)
            is_mbo = kind == "bpv"
            yield (
                *(f"O{serial:07}", f"Organisatie {chance.randrange(1, max(2, number // 2))}", kind),
                self._titles[tags[0]],
                *(self._works.pick(chance), sector),
                "|".join(tags + talents) if chance.random() < 0.95 else "",
                str(chance.choice((1, 1, 1, 1, 2, 2, 3, 4, 6))),
                *(starts_on.isoformat(), ends_on.isoformat(), str(hours), starts_at),
                f"{int(starts_at[:2]) + hours}:{starts_at[3:]}",
                chance.choice(("", "", "1|2|3|4|5", "1|2", "4|5", "3")),
                ""
                if is_mbo or chance.random() < 0.5
                else chance.choice(("BB|KB", "KB|GL", "GL|TL", "BB|KB|GL|TL")),
                chance.choice(("2|3", "3|4", "2|3|4", "1|2")) if is_mbo else "",
                "|".join(chance.sample(self._crebos[sector], 3)) if is_mbo and chance.random() < 0.6 else "",
                chance.choice(("-", "-", "-", "-", "Z-1", "Z-10", "Z-12", "Z-1|Z-2", "Z-13", "")),
                chance.choice(("yes", "yes", "yes", "no")),
            )

    def _vmbo(self, chance: random.Random) -> tuple[str, str, str, str, str, str]:
        year = chance.randint(1, 4)
        track = chance.choices(("BB", "KB", "GL", "TL"), (22, 27, 12, 39))[0]
        profile = chance.choice(self._profiles[track]) if year > 2 else ""
        return _birth(2015 - year - chance.randint(0, 1), chance), track, profile, "", "", str(year)

    def _mbo(self, favourite: str, chance: random.Random) -> tuple[str, str, str, str, str, str]:
        level = chance.choices((1, 2, 3, 4), (5, 20, 30, 45))[0]
        year = chance.randint(1, max(1, level - 1))
        crebo = chance.choice(self._crebos[favourite])
        return _birth(2011 - year - chance.randint(0, 2), chance), "", "", crebo, str(level), str(year)

    def _wishes(self, favourite: str, chance: random.Random) -> list[str]:
        # One in eight does not know yet.
        number = chance.choices((0, 1, 2, 3, 4, 5), (12, 18, 25, 25, 12, 8))[0]
        sectors = [favourite if chance.random() < 0.6 else self._wanted.pick(chance) for _ in range(number)]
        wishes = [sector if chance.random() < 0.2 else self._work[sector].pick(chance) for sector in sectors]
        return list(dict.fromkeys(wishes))

    def _youth_tags(self, favourite: str, chance: random.Random) -> list[str]:
        if chance.random() < 0.1:
            return []
        own = chance.sample(self._talents, chance.randint(1, 6))
        likes = [self._work[favourite].pick(chance) for _ in range(chance.randint(0, 3))]
        return list(dict.fromkeys(own + likes))


def _birth(year: int, chance: random.Random) -> str:
    """Twelve months that sit in one class: October of the year before to September."""
    month = chance.randint(1, 12)
    return f"{year - (month > 9)}-{month:02}"


def _period(kind: str, chance: random.Random) -> tuple[date, date]:
    if kind == "bpv":
        return SEASON_STARTS_ON, SEASON_ENDS_ON
    starts_on = SEASON_STARTS_ON + timedelta(weeks=chance.randint(0, 20))
    days = chance.choice((4, 11)) if kind.endswith("placement") else chance.randint(0, 4)
    return starts_on, starts_on + timedelta(days=days)


def _municipalities(known: Catalogue) -> dict[str, set[str]]:
    postcodes: dict[str, set[str]] = defaultdict(set)
    for place in known.postcodes.values():
        postcodes[place.municipality].add(place.pc4)
    return postcodes


def _crowds(known: Catalogue) -> list[tuple[str, float]]:
    """How crowded each postcode is, told by how many others lie close: a city has many small ones."""
    places = list(known.postcodes.values())
    north = np.array([place.latitude for place in places]) * 111.2
    east = np.array([place.longitude for place in places]) * 111.2 * np.cos(np.radians(52.2))
    close = [
        int(np.count_nonzero((north - n) ** 2 + (east - e) ** 2 < CITY_RADIUS_KM**2))
        for n, e in zip(north, east, strict=True)
    ]
    return [(place.pc4, float(number)) for place, number in zip(places, close, strict=True)]
