"""Class lists from schools: rows checked one by one, and what they would change; no database here."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from service.core.errors import Invalid
from service.core.i18n import Message, _
from service.core.sheets import Sheet, SheetRow, write_csv
from service.reference.catalogue import catalogue
from service.youth import schemas
from service.youth.birth import Ages, read_birth
from service.youth.models import Youth, YouthStatus

COLUMNS = (
    "external_id",
    "first_name",
    "class",
    "track_or_crebo",
    "year_or_level",
    "birth_year_month",
    "profile",
)
REQUIRED = ("external_id", "first_name", "birth_year_month")
# What the exports of school systems and teachers call them.
ALIASES = {
    "leerlingnummer": "external_id",
    "leerling_nummer": "external_id",
    "studentnummer": "external_id",
    "stamnummer": "external_id",
    "nummer": "external_id",
    "voornaam": "first_name",
    "roepnaam": "first_name",
    "klas": "class",
    "groep": "class",
    "stamgroep": "class",
    "leerweg": "track_or_crebo",
    "crebo": "track_or_crebo",
    "leerweg_of_crebo": "track_or_crebo",
    "leerjaar": "year_or_level",
    "niveau": "year_or_level",
    "leerjaar_of_niveau": "year_or_level",
    "geboortemaand": "birth_year_month",
    "geboortejaar_en_maand": "birth_year_month",
    "geboortedatum": "birth_year_month",
    "profiel": "profile",
}
TRACK_NAMES = {"VMBO-BB": "BB", "VMBO-KB": "KB", "VMBO-GL": "GL", "VMBO-TL": "TL", "MAVO": "TL", "GTL": "GL"}

COLUMN_MISSING = _("The column «%(column)s» is missing. The first line must name the columns.")


@dataclass(frozen=True, slots=True)
class Listed:
    """A good row; what the list does not say is None and leaves what is known."""

    line: int
    external_id: str
    first_name: str
    birth_year: int
    birth_month: int
    track: str | None = None
    crebo: str | None = None
    year: int | None = None
    level: int | None = None
    profile: str | None = None

    @property
    def facts(self) -> dict[str, Any]:
        named = ("first_name", "birth_year", "birth_month", "track", "crebo", "year", "level", "profile")
        return {name: getattr(self, name) for name in named if getattr(self, name) is not None}


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is not used, with everything that is wrong with it by column."""

    line: int
    faults: tuple[tuple[str, Message], ...]


@dataclass(frozen=True, slots=True)
class ClassList:
    used: tuple[Listed, ...]
    refused: tuple[Refused, ...]
    unknown_columns: tuple[str, ...]

    @property
    def rows(self) -> int:
        return len(self.used) + len(self.refused)


@dataclass(frozen=True, slots=True)
class Change:
    """A youth who is known and of whom the list says something else."""

    listed: Listed
    youth: Youth
    fields: tuple[str, ...]


@dataclass(slots=True)
class Differences:
    """What importing a list would do; who is missing from it stays as he is."""

    new: list[Listed] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    same: list[Youth] = field(default_factory=list)
    missing: list[Youth] = field(default_factory=list)


def read_class_list(sheet: Sheet, class_name: str, ages: Ages) -> ClassList:
    """Raises Invalid when a column that every row needs is not there."""
    names = {column: ALIASES.get(column, column) for column in sheet.columns}
    known = [name for name in names.values() if name in COLUMNS]
    for column in REQUIRED:
        if column not in known:
            raise Invalid({"file": Message(COLUMN_MISSING.source, column=column)})
    double = next((name for name in known if known.count(name) > 1), None)
    if double is not None:
        raise Invalid({"file": _("Two columns both mean «%(column)s». Keep one of the two.", column=double)})
    used: list[Listed] = []
    refused: list[Refused] = []
    seen: dict[str, int] = {}
    for row in sheet.rows:
        cells = {names.get(column, column): cell for column, cell in row.cells.items()}
        checked = _Row(SheetRow(row.line, cells), class_name, ages, seen).checked()
        if isinstance(checked, Listed):
            used.append(checked)
        else:
            refused.append(checked)
    unknown = tuple(column for column, name in names.items() if column and name not in COLUMNS)
    return ClassList(tuple(used), tuple(refused), unknown)


class _Row:
    """One row while it is being checked; gathers every fault, not only the first."""

    def __init__(self, row: SheetRow, class_name: str, ages: Ages, seen: dict[str, int]) -> None:
        self.row = row
        self.class_name = class_name
        self.ages = ages
        self.seen = seen
        self.faults: list[tuple[str, Message]] = []

    def checked(self) -> Listed | Refused:
        number = self._required("external_id", _EXTERNAL_ID.validate_python)
        name = self._required("first_name", _FIRST_NAME.validate_python)
        birth = self._required("birth_year_month", read_birth)
        if birth is not None and (too_old_or_young := self.ages.fault(*birth)):
            self._refuse("birth_year_month", too_old_or_young)
        training = self._training()
        self._check_class()
        if self.row.get(""):
            self._refuse("", _("This row has more cells than there are columns."))
        if number is not None:
            self._check_double(number)
        if self.faults or number is None or name is None or birth is None:
            return Refused(self.row.line, tuple(self.faults))
        return Listed(self.row.line, number, name, birth[0], birth[1], **training)

    def _required(self, column: str, read: Callable[[str], Any]) -> Any:
        cell = self.row.get(column)
        if not cell:
            self._refuse(column, _("This cell is empty."))
            return None
        try:
            return read(cell)
        except ValidationError as error:
            context = error.errors()[0].get("ctx", {})
            cause = context.get("error")
            reason = cause.args[0] if isinstance(cause, ValueError) else _("This is too long.")
            self._refuse(column, reason)
        except ValueError as error:
            self._refuse(column, error.args[0])
        return None

    def _training(self) -> dict[str, Any]:
        """Track with year, or crebo with level; what is empty is not known."""
        written = self.row.get("track_or_crebo").upper()
        track = TRACK_NAMES.get(written, written)
        found: dict[str, Any] = {}
        if schemas.CREBO.fullmatch(written):
            found["crebo"] = written
        elif track in catalogue().tracks:
            found["track"] = track
        elif written:
            self._refuse("track_or_crebo", _("Write BB, KB, GL or TL, or a crebo of five digits."))
        found |= self._year_or_level(is_mbo="crebo" in found)
        found |= self._profile(found.get("track"))
        return found

    def _year_or_level(self, *, is_mbo: bool) -> dict[str, Any]:
        written = self.row.get("year_or_level")
        if not written:
            return {}
        name, highest = ("level", 4) if is_mbo else ("year", 6)
        if written.isascii() and written.isdecimal() and 1 <= int(written) <= highest:
            return {name: int(written)}
        self._refuse("year_or_level", _("Write a number from 1 to %(highest)s.", highest=highest))
        return {}

    def _profile(self, track: str | None) -> dict[str, Any]:
        written = self.row.get("profile").lower()
        if not written:
            return {}
        profile = catalogue().profiles.get(written)
        if profile is None or (track is not None and track not in profile.tracks):
            self._refuse("profile", _("This profile does not belong to the track. Choose another."))
            return {}
        return {"profile": written}

    def _check_class(self) -> None:
        written = self.row.get("class")
        if written and written.lower() != self.class_name.lower():
            self._refuse("class", _("This is the list of class %(name)s.", name=self.class_name))

    def _check_double(self, number: str) -> None:
        line = self.seen.setdefault(number, self.row.line)
        if line != self.row.line:
            self._refuse("external_id", _("This number is on line %(line)s already.", line=line))

    def _refuse(self, column: str, reason: Message) -> None:
        self.faults.append((column, reason))


_EXTERNAL_ID: TypeAdapter[str] = TypeAdapter(schemas.ExternalId)
_FIRST_NAME: TypeAdapter[str] = TypeAdapter(schemas.FirstName)


def compare(used: Iterable[Listed], known: Sequence[Youth], class_id: UUID) -> Differences:
    """`known` are the school's youths with these numbers, and everybody who is in the class now."""
    by_number = {youth.external_id: youth for youth in known}
    differences = Differences()
    listed_numbers = set()
    for listed in used:
        listed_numbers.add(listed.external_id)
        youth = by_number.get(listed.external_id)
        if youth is None:
            differences.new.append(listed)
        elif fields := _changed_fields(listed, youth, class_id):
            differences.changed.append(Change(listed, youth, fields))
        else:
            differences.same.append(youth)
    differences.missing = [
        youth
        for youth in known
        if youth.class_id == class_id
        and youth.external_id not in listed_numbers
        and youth.status is not YouthStatus.LEFT
    ]
    return differences


def _changed_fields(listed: Listed, youth: Youth, class_id: UUID) -> tuple[str, ...]:
    changed = [name for name, value in listed.facts.items() if getattr(youth, name) != value]
    if youth.class_id != class_id:
        changed.append("class")
    if youth.status is YouthStatus.LEFT:
        changed.append("status")
    return tuple(changed)


def as_text(used: Iterable[Listed]) -> str:
    """The good rows as a file of their own, so that a preview can hand them on; days of birth are gone."""
    rows = [
        (
            one.external_id,
            one.first_name,
            "",
            one.crebo or one.track,
            one.level or one.year,
            f"{one.birth_year}-{one.birth_month:02}",
            one.profile,
        )
        for one in used
    ]
    return write_csv(COLUMNS, rows).decode("utf-8-sig")
