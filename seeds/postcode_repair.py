"""From the rows of the postcode source to one trustworthy point per code.

Three kinds of fault are found by consistency, none by looking elsewhere. A row under another place's number
is set aside: codes close in number lie close on the ground, this one does not. Of several rows for one code
the best is kept. And a point that is no centre of addresses is compared with the trusted points of its own
place, with the place itself, or with its neighbours in number, and moved when it lies far off.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import median

from seeds.distance import Point, kilometres
from seeds.municipalities import PopulatedPlace, Row, bare

# The source's own words: the middle of the addresses with this code, the middle of a place; less is a guess.
ADDRESS_CENTRE = 6
PLACE_CENTRE = 4

NEIGHBOURS_EACH_SIDE = 4
FOREIGN_NUMBER_KM = 15.0
FOREIGN_NUMBER_GAP = 40
SAME_STRETCH_KM = 3.0
PLACE_LIMIT_KM = 4.0
NUMBER_LIMIT_KM = 8.0
NEAR_IN_NUMBER = 12
SPREADS = 3
PEERS = 6

# Right although nothing lies near: the middle of the Afsluitdijk, and the western tip of Baarle-Nassau.
TRULY_REMOTE = frozenset({"8766", "5114"})


@dataclass(frozen=True)
class Postcode:
    """One line of the table."""

    pc4: str
    point: Point
    place: str
    municipality: str
    province: str
    accuracy: int
    is_repaired: bool = False


@dataclass(frozen=True)
class Repair:
    """What was done to one row, and by how many kilometres it was off."""

    pc4: str
    place: str
    kilometres: float
    how: str


def one_per_code(rows: Sequence[Row], municipalities: Sequence[str]) -> tuple[list[Postcode], list[Repair]]:
    """The best row of each code, and the rows set aside because they stand under a foreign number."""
    by_code: dict[int, list[Postcode]] = defaultdict(list)
    for row, municipality in zip(rows, municipalities, strict=True):
        by_code[int(row.pc4)].append(
            Postcode(row.pc4, row.point, row.place, municipality, row.province, row.accuracy)
        )
    codes = sorted(by_code)
    numbers: dict[tuple[str, str], list[int]] = defaultdict(list)
    for code in codes:
        for known in by_code[code]:
            numbers[known.province, known.municipality].append(code)
    kept: list[Postcode] = []
    set_aside: list[Repair] = []
    for code in codes:
        around = [by_code[other] for other in _around(codes, code)]
        far = [_third(_nearest(each.point, others) for others in around) for each in by_code[code]]
        best = _best(by_code[code], far, around)
        for index, each in enumerate(by_code[code]):
            gaps = [abs(number - code) for number in numbers[each.province, each.municipality]]
            gap = min((gap for gap in gaps if gap), default=0)
            if each.accuracy < ADDRESS_CENTRE and far[index] > FOREIGN_NUMBER_KM and gap > FOREIGN_NUMBER_GAP:
                set_aside.append(
                    Repair(each.pc4, each.place, far[index], "set aside, under a foreign number")
                )
            elif index == best:
                kept.append(each)
    return kept, set_aside


def _best(rows: list[Postcode], far: list[float], around: list[list[Postcode]]) -> int:
    """Close to its neighbours in number; then the most accurate; then in their commonest municipality."""
    neighbours = Counter(row.municipality for others in around for row in others)
    candidates = [
        (-row.accuracy, -neighbours[row.municipality], index)
        for index, row in enumerate(rows)
        if far[index] <= min(far) + SAME_STRETCH_KM
    ]
    return min(candidates)[2]


def repair_points(
    postcodes: Sequence[Postcode], places: Iterable[PopulatedPlace]
) -> tuple[list[Postcode], list[Repair]]:
    """The same codes with the points that are off moved to where their peers are."""
    trusted: dict[tuple[str, str], list[Postcode]] = defaultdict(list)
    for postcode in postcodes:
        if postcode.accuracy >= PLACE_CENTRE:
            trusted[postcode.province, postcode.municipality].append(postcode)
    named = {(place.province, place.municipality, bare(place.name)): place.point for place in places}
    repaired: list[Postcode] = []
    repairs: list[Repair] = []
    for postcode in postcodes:
        peers = [peer for peer in trusted[postcode.province, postcode.municipality] if peer is not postcode]
        found = None
        if postcode.accuracy < ADDRESS_CENTRE and postcode.pc4 not in TRULY_REMOTE:
            middle = named.get((postcode.province, postcode.municipality, bare(postcode.place)))
            found = _better_point(postcode, peers, middle)
        if found is None:
            repaired.append(postcode)
            continue
        point, how = found
        repaired.append(replace(postcode, point=point, is_repaired=True))
        repairs.append(Repair(postcode.pc4, postcode.place, kilometres(postcode.point, point), how))
    return repaired, repairs


def _better_point(
    postcode: Postcode, peers: list[Postcode], middle: Point | None
) -> tuple[Point, str] | None:
    same_place = [p for p in peers if p.place == postcode.place and p.accuracy == ADDRESS_CENTRE]
    if len(same_place) > 1:
        near = _closest_in_number(postcode, same_place)
        centre = Point(median(p.point.latitude for p in near), median(p.point.longitude for p in near))
        spread = median(kilometres(peer.point, centre) for peer in near)
        is_off = kilometres(postcode.point, centre) > max(PLACE_LIMIT_KM, SPREADS * spread)
        return (_weighted(postcode, near), "moved to its own place") if is_off else None
    if middle is not None:
        is_off = kilometres(postcode.point, middle) > PLACE_LIMIT_KM
        return (middle, "moved to the middle of its place") if is_off else None
    close = [peer for peer in peers if abs(int(peer.pc4) - int(postcode.pc4)) <= NEAR_IN_NUMBER]
    if len(close) > 1 and _nearest(postcode.point, close) > NUMBER_LIMIT_KM:
        return _weighted(postcode, _closest_in_number(postcode, close)), "moved to its neighbours in number"
    return None


def _closest_in_number(postcode: Postcode, peers: list[Postcode]) -> list[Postcode]:
    return sorted(peers, key=lambda peer: (abs(int(peer.pc4) - int(postcode.pc4)), peer.pc4))[:PEERS]


def _weighted(postcode: Postcode, peers: list[Postcode]) -> Point:
    """The mean of the peers, where the next number weighs four times as much as the one after it."""
    weights = [1 / (int(peer.pc4) - int(postcode.pc4)) ** 2 for peer in peers]
    latitude = sum(weight * peer.point.latitude for weight, peer in zip(weights, peers, strict=True))
    longitude = sum(weight * peer.point.longitude for weight, peer in zip(weights, peers, strict=True))
    return Point(round(latitude / sum(weights), 4), round(longitude / sum(weights), 4))


def _around(codes: list[int], code: int) -> list[int]:
    index = bisect_left(codes, code)
    return (
        codes[max(0, index - NEIGHBOURS_EACH_SIDE) : index]
        + codes[index + 1 : index + 1 + NEIGHBOURS_EACH_SIDE]
    )


def _nearest(point: Point, postcodes: Iterable[Postcode]) -> float:
    return min(kilometres(point, postcode.point) for postcode in postcodes)


def _third(distances: Iterable[float]) -> float:
    """The third smallest: two neighbours near by may be chance or wrong themselves, three are not."""
    ordered = sorted(distances)
    return ordered[min(2, len(ordered) - 1)]
