"""Gives every row of the postcode source its municipality, which the source itself leaves out.

The source keeps the rows of a municipality together, with rising postcodes. So the rows of a province are
cut into stretches: the cheapest cut, by dynamic programming, where a row is cheap for a municipality that
has a populated place of the same name, or else one near by. A single wrong point or a name that occurs
twice therefore changes nothing.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from seeds.distance import Point, kilometres

# Municipalities and parts of them that the list of populated places lacks, or files under a neighbour.
PLACES_BESIDES: dict[tuple[str, str], str] = {
    ("Noord-Holland", "Wormerland"): "Wormer|Wijdewormer|Spijkerboor|Oostknollendam|Jisp",
    ("Noord-Holland", "Oostzaan"): "Oostzaan",
    ("Noord-Holland", "Haarlemmermeer"): (
        "Schiphol|Schiphol-Rijk|Aalsmeerderbrug|Rijsenhout|Rozenburg|Oude Meer"
        "|Zwanenburg|Halfweg|Badhoevedorp|Lijnden"
    ),
    ("Noord-Holland", "Bergen (NH.)"): "Schoorl",
    ("Gelderland", "West Maas en Waal"): (
        "Dreumel|Alphen|Maasbommel|Altforst|Appeltern|Boven-Leeuwen|Beneden-Leeuwen|Wamel"
    ),
    ("Zuid-Holland", "Zuidplas"): "Moordrecht|Nieuwerkerk aan den IJssel|Moerkapelle|Zevenhuizen",
    ("Noord-Brabant", "Etten-Leur"): "Etten-Leur",
    ("Noord-Brabant", "'s-Hertogenbosch"): "Vinkel|Nuland|Rosmalen",
    ("Limburg", "Nederweert"): "Leveroy",
    ("Drenthe", "Meppel"): "Rogat|Broekhuizen|De Schiphorst|Nijeveen",
    ("Utrecht", "Rhenen"): "Elst",
    ("Utrecht", "Stichtse Vecht"): "Loenen aan de Vecht|Vreeland|Loenersloot|Nigtevecht|Nieuwer Ter Aa",
    ("Overijssel", "Dalfsen"): "Lemelerveld|Nieuwleusen",
    ("Overijssel", "Hardenberg"): "Bergentheim|Mariënberg|Sibculo|Kloosterhaar|Dedemsvaart",
    ("Overijssel", "Hellendoorn"): "Daarlerveen|Daarle",
    ("Overijssel", "Rijssen-Holten"): "Holten|Rijssen",
    ("Utrecht", "Eemnes"): "Eemnes",
    ("Noord-Holland", "Opmeer"): "De Weere",
    ("Fryslân", "Terschelling"): "Lies|Hoorn|Oosterend|Formerum",
    ("Fryslân", "Weststellingwerf"): "Slijkenburg",
}
PROVINCE_SUFFIX = re.compile(r"\(.*?\)|(?<=\w) +(gld|gn|l|nh|zh|nb|ov|ut|dr|fr|lb|ca|gem .*)$")

FAR_KM = 8.0
SWITCH_WITHOUT_FALL = 6.0
FALL_WITHOUT_SWITCH = 25.0


@dataclass(frozen=True)
class Row:
    """One line of the postcode source: a code, its place and a point, in the source's order."""

    pc4: str
    place: str
    province: str
    point: Point
    accuracy: int


@dataclass(frozen=True)
class PopulatedPlace:
    """A place of at least about a thousand inhabitants, with its municipality."""

    name: str
    municipality: str
    province: str
    point: Point


def bare(name: str) -> str:
    """A place name as it can be compared: no accents, case, punctuation or province behind it."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter)).replace(".", "")
    return re.sub(r"[^a-z0-9]", "", PROVINCE_SUFFIX.sub("", plain))


def assign_municipalities(rows: Sequence[Row], places: Iterable[PopulatedPlace]) -> list[str]:
    """The municipality of each row, in the order of the rows."""
    known: dict[str, dict[str, list[PopulatedPlace]]] = defaultdict(lambda: defaultdict(list))
    for place in places:
        known[place.province][place.municipality].append(place)
    names: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for province, municipalities in known.items():
        for municipality, inhabited in municipalities.items():
            names[province][municipality] = {bare(place.name) for place in inhabited}
    for (province, municipality), besides in PLACES_BESIDES.items():
        extra = {bare(name) for name in besides.split("|")}
        for other in names[province]:
            names[province][other] -= extra if municipality not in known[province] else set()
        names[province][municipality] |= extra
    assigned: list[str] = []
    for province, stretch in groupby(rows, key=lambda row: row.province):
        assigned += _cut(list(stretch), names[province], known[province])
    return assigned


def _cut(rows: list[Row], names: dict[str, set[str]], known: dict[str, list[PopulatedPlace]]) -> list[str]:
    candidates = sorted(names)
    total = [_cost(rows[0], names[name], known.get(name, [])) for name in candidates]
    came_from: list[list[int]] = []
    for before, row in pairwise(rows):
        falls = row.pc4 < before.pc4
        stay, switch = (FALL_WITHOUT_SWITCH, 0.0) if falls else (0.0, SWITCH_WITHOUT_FALL)
        best = min(range(len(candidates)), key=total.__getitem__)
        origins = [
            here if total[here] + stay <= total[best] + switch else best for here in range(len(candidates))
        ]
        total = [
            total[origin]
            + (stay if origin == here else switch)
            + _cost(row, names[candidates[here]], known.get(candidates[here], []))
            for here, origin in enumerate(origins)
        ]
        came_from.append(origins)
    here = min(range(len(candidates)), key=total.__getitem__)
    path = [here]
    for origins in reversed(came_from):
        here = origins[here]
        path.append(here)
    return [candidates[index] for index in reversed(path)]


def _cost(row: Row, names: set[str], inhabited: list[PopulatedPlace]) -> float:
    if bare(row.place) in names:
        return 0.0
    return min([FAR_KM, *(kilometres(row.point, place.point) for place in inhabited)])
