"""Dutch rules on age and work as data, each row with its article; state of the law: November 2026.

Source: DOMAIN 2.1 and 2.3. Rules K speak about the kind of activity, rules Z about hazards. The hours of
DOMAIN 2.2 stand in `hours_nl`, the agreements of 2.4 in `agreements_nl`, and `law_book` holds them together.
How these rows are read: `matching.lawfulness`. A later law is a row with a later `valid_from`.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from matching.nouns import AgeBand, Hazard, Profile, Verdict

OK, WARN, ACK, BLOCK = Verdict.OK, Verdict.WARN, Verdict.SCHOOL_ACK, Verdict.BLOCK
LOWEST_AGE = 12
ADULT_AGE = 18

# Serving where alcohol is served may belong to the lessons of these profiles (and of a work-learn track).
ALCOHOL_PROFILES = frozenset({Profile.ZW, Profile.HBR, Profile.GROEN, Profile.DP})
WORK_LEARN_YEARS = (3, 4)
PREVOCATIONAL_YEARS = (3, 4)
UNANSWERED = "Z-0"


class Condition(StrEnum):
    """What an allowance hangs on beside the verdict."""

    LIGHT_WORK = "light_work"
    LICENCE = "licence"
    CONSTANT_GUIDANCE = "constant_guidance"


@dataclass(frozen=True, slots=True)
class Cell:
    """A verdict at an age; when `supervised` is asked and the offer names no expert adult it is BLOCK."""

    verdict: Verdict
    supervised: bool = False
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class LawRow:
    """One rule: its id, a cell per age band, its source, how sure we are (A, B or C), exceptions by age.

    It holds from `valid_from` to `valid_until`, both included.
    """

    id: str
    cells: dict[AgeBand, Cell]
    source: str
    certainty: str
    by_age: dict[int, Cell]
    valid_from: date = date.min
    valid_until: date = date.max

    def at(self, age: int) -> Cell:
        """The cell for an age of 12 or more."""
        return self.by_age.get(age, self.cells[band_of(age)])


def band_of(age: int) -> AgeBand:
    """The band of an age of 12 or more; below 12 nothing is brokered, which is a rule of its own.

    >>> band_of(15)
    <AgeBand.AGE_14_15: '14-15'>
    """
    if age < 13:
        return AgeBand.AGE_12
    if age < 14:
        return AgeBand.AGE_13
    if age < 16:
        return AgeBand.AGE_14_15
    return AgeBand.AGE_16_17 if age < 18 else AgeBand.ADULT


def _kind(
    rule: str,
    verdicts: tuple[Verdict | Cell, ...],
    source: str,
    certainty: str,
    by_age: dict[int, Cell] | None = None,
) -> LawRow:
    cells = [verdict if isinstance(verdict, Cell) else Cell(verdict) for verdict in verdicts]
    return LawRow(rule, dict(zip(AgeBand, cells, strict=True)), source, certainty, by_age or {})


def _hazard(
    hazard: Hazard,
    child: Cell,
    young: Cell,
    certainty: str = "B",
    source: str = "official guidance",
    age_12_13: Cell | None = None,
) -> LawRow:
    youngest = age_12_13 or child
    cells = (youngest, youngest, child, young, Cell(OK))
    return LawRow(hazard.value, dict(zip(AgeBand, cells, strict=True)), source, certainty, {})


#                     12     13     14-15                               16-17  18+
_LIGHT = Cell(OK, conditions=(Condition.LIGHT_WORK,))
KIND_ROWS: tuple[LawRow, ...] = (
    _kind("K-1", (OK, OK, OK, OK, OK), "Atw 2:3", "A"),
    _kind("K-2", (OK, OK, OK, OK, OK), "Atw 1:2", "A/C"),
    _kind("K-3", (ACK, ACK, _LIGHT, OK, OK), "Atw 1:2", "C"),
    _kind("K-4", (BLOCK, OK, OK, OK, OK), "Atw 3:2(2)b", "A"),
    _kind("K-5", (BLOCK, BLOCK, OK, OK, OK), "Atw 3:2(2)c", "A"),
    _kind("K-6", (ACK, ACK, OK, OK, OK), "Atw 1:2", "C"),
    _kind("K-7", (BLOCK, BLOCK, OK, OK, OK), "Atw 3:2(2)c", "A"),
    _kind("K-8", (BLOCK, BLOCK, OK, OK, BLOCK), "WVO 2.38(9)", "A"),
    _kind("K-9", (BLOCK, BLOCK, BLOCK, OK, OK), "WEB 7.2.8", "C", {15: Cell(ACK)}),
    _kind("K-10", (BLOCK, BLOCK, BLOCK, OK, OK), "WEB 7.2.8", "C"),
    _kind("K-11", (BLOCK, BLOCK, ACK, ACK, OK), "policy", "policy"),
)

_BLOCK, _WARN, _ACK, _OK = Cell(BLOCK), Cell(WARN), Cell(ACK), Cell(OK)
_SUPERVISED = Cell(OK, supervised=True)
_GUIDED = Cell(ACK, supervised=True, conditions=(Condition.LIGHT_WORK, Condition.CONSTANT_GUIDANCE))
_LICENSED = Cell(WARN, supervised=True, conditions=(Condition.LICENCE,))

#               <16 (14-15)  16-17
HAZARD_ROWS: tuple[LawRow, ...] = (
    _hazard(Hazard.Z_1, _GUIDED, _SUPERVISED, age_12_13=_BLOCK),
    _hazard(Hazard.Z_2, _BLOCK, _LICENSED),
    _hazard(Hazard.Z_3, _BLOCK, _WARN),
    _hazard(Hazard.Z_4, _BLOCK, _WARN),
    _hazard(Hazard.Z_5, _BLOCK, _BLOCK),
    _hazard(Hazard.Z_6, _BLOCK, _BLOCK),
    _hazard(Hazard.Z_7, _BLOCK, _SUPERVISED),
    _hazard(Hazard.Z_8, _BLOCK, _BLOCK),
    _hazard(Hazard.Z_9, _BLOCK, _BLOCK, "B/C"),
    _hazard(Hazard.Z_10, _BLOCK, _OK),
    _hazard(Hazard.Z_11, _BLOCK, _WARN),
    _hazard(Hazard.Z_12, _BLOCK, _OK, "A", "Alcoholwet 24(3)-(5)"),
    _hazard(Hazard.Z_13, _BLOCK, Cell(ACK, supervised=True), "A/C", "Arbobesluit 1.37"),
    _hazard(Hazard.Z_14, _BLOCK, _BLOCK, "A", "Atw"),
    _hazard(Hazard.Z_15, _BLOCK, _SUPERVISED, "B/C"),
    _hazard(Hazard.Z_16, _BLOCK, _ACK, "policy", "policy"),
    _hazard(Hazard.Z_17, _BLOCK, _ACK, "policy", "policy"),
)
UNANSWERED_ROW = LawRow(
    UNANSWERED,
    {band: _OK if band is AgeBand.ADULT else _BLOCK for band in AgeBand},
    "Arbobesluit 1.36-1.37",
    "policy",
    {},
)

LAW: tuple[LawRow, ...] = (*KIND_ROWS, UNANSWERED_ROW, *HAZARD_ROWS)
