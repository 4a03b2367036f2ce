"""What classes and profiles may hold, and what of them is told."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from service.core.free_text import private_details
from service.core.i18n import Message, _
from service.core.json_types import Day, Id
from service.core.text import Line, Paragraphs
from service.programmes.schemas import SCHOOL_YEAR
from service.reference.catalogue import catalogue
from service.reference.postcodes import NoPostcode, parse_pc4
from service.youth.birth import read_birth
from service.youth.models import SchoolClass, Youth, YouthStatus

LAX = ConfigDict(extra="forbid")
STRICT = ConfigDict(extra="forbid", strict=True)

EXTERNAL_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/-]*")
FIRST_NAME = re.compile(r"[^\W\d_]+(?:[ '’.-]+[^\W\d_]+)*[.']?")
CREBO = re.compile(r"[0-9]{5}")
MODES = ("bike", "ov", "walk")
MOST_WISHES = 5
MOST_KEPT_WISHES = 10
"""The first five count; the others stay until the youth has put them in order."""
MOST_TAGS = 40
LONGEST_JOURNEY = 180
SHORTEST_JOURNEY = 5
WEEKDAYS = range(1, 8)

NO_POSTCODE = _("Type the four digits of a Dutch postcode, for example 1068.")
UNKNOWN_POSTCODE = _("The postcode %(pc4)s does not exist. Look at it again.")


def external_id(text: str) -> str:
    if EXTERNAL_ID.fullmatch(text) is None:
        raise ValueError(_("Use the school's own number: letters, digits, dots and dashes."))
    return without_private_details(text)


def first_name(text: str) -> str:
    if FIRST_NAME.fullmatch(text) is None:
        raise ValueError(_("Write the first name only, in letters."))
    return text


def without_private_details(text: str) -> str:
    found = private_details(text)
    if found is not None:
        raise ValueError(found)
    return text


def existing_pc4(text: str) -> str:
    try:
        pc4 = parse_pc4(text)
    except NoPostcode as error:
        raise ValueError(NO_POSTCODE) from error
    if catalogue().place(pc4) is None:
        raise ValueError(Message(UNKNOWN_POSTCODE.source, pc4=pc4))
    return pc4


def tidy_birth(text: str) -> str:
    year, month = read_birth(text)
    return f"{year}-{month:02}"


def existing_track(text: str) -> str:
    if text not in catalogue().tracks:
        raise ValueError(_("Choose BB, KB, GL or TL."))
    return text


def five_digits(text: str) -> str:
    if CREBO.fullmatch(text) is None:
        raise ValueError(_("A crebo number has five digits."))
    return text


def is_wish(code: str) -> bool:
    """A sector, or a word that belongs to one."""
    tag = catalogue().tags.get(code)
    return code in catalogue().sectors or (tag is not None and tag.sector is not None)


def existing_wishes(codes: list[str]) -> list[str]:
    return _from_list(codes, is_wish)


def existing_tags(codes: list[str]) -> list[str]:
    return _from_list(codes, lambda code: code in catalogue().tags)


def existing_kinds(codes: list[str]) -> list[str]:
    return _from_list(codes, lambda code: code in catalogue().kinds)


def existing_modes(codes: list[str]) -> list[str]:
    return _from_list(codes, lambda code: code in MODES)


def existing_weekdays(days: list[int]) -> list[int]:
    return sorted(_from_list(days, lambda day: day in WEEKDAYS))


def _from_list(chosen: Iterable[Any], exists: Any) -> list[Any]:
    """Each once, in the order they came."""
    found = list(dict.fromkeys(chosen))
    if not all(exists(one) for one in found):
        raise ValueError(_("Choose from the list."))
    return found


ExternalId = Annotated[Line, Field(min_length=1, max_length=40), AfterValidator(external_id)]
FirstName = Annotated[Line, Field(min_length=1, max_length=60), AfterValidator(first_name)]
Birth = Annotated[Line, Field(description="Year and month, as «2011-06»."), AfterValidator(tidy_birth)]
Pc4 = Annotated[Line, AfterValidator(existing_pc4)]
Track = Annotated[Line, AfterValidator(existing_track)]
Crebo = Annotated[Line, AfterValidator(five_digits)]
Minutes = Annotated[int, Field(ge=SHORTEST_JOURNEY, le=LONGEST_JOURNEY)]
Modes = Annotated[list[str], AfterValidator(existing_modes)]
Tags = Annotated[list[str], Field(max_length=MOST_TAGS), AfterValidator(existing_tags)]
Weekdays = Annotated[list[int], AfterValidator(existing_weekdays)]
OwnWords = Annotated[Paragraphs, Field(max_length=200), AfterValidator(without_private_details)]
KeptWishes = Annotated[list[str], Field(max_length=MOST_KEPT_WISHES), AfterValidator(existing_wishes)]


class ClassInput(BaseModel):
    model_config = LAX

    name: Line = Field(min_length=1, max_length=40)
    school_year: Line = Field(pattern=SCHOOL_YEAR, description="As «2026-2027».")
    school_id: Id | None = Field(default=None, description="Needed only by who works for several schools.")
    programme_id: Id | None = None


class ClassBody(ClassInput):
    model_config = STRICT


class YouthInput(BaseModel):
    """Everything the school may know of a youth; what is absent is not known."""

    model_config = LAX

    external_id: ExternalId
    first_name: FirstName
    birth: Birth
    track: Track | None = None
    profile: Line | None = None
    crebo: Crebo | None = None
    level: int | None = Field(default=None, ge=1, le=4)
    year: int | None = Field(default=None, ge=1, le=6)
    pc4: Pc4 | None = None
    modes: Modes = Field(default_factory=list)
    max_minutes: Minutes | None = None
    wishes: KeptWishes = Field(default_factory=list)
    dream_job: OwnWords = ""
    tags: Tags = Field(default_factory=list)
    kinds: Annotated[list[str], AfterValidator(existing_kinds)] = Field(default_factory=list)
    weekdays: Weekdays = Field(default_factory=list)
    available_from: Day | None = None
    available_until: Day | None = None

    @field_validator("profile")
    @classmethod
    def profile_of_track(cls, profile: str | None, info: ValidationInfo) -> str | None:
        if profile is None:
            return None
        known = catalogue().profiles.get(profile)
        track = info.data.get("track")
        if known is None or (track is not None and track not in known.tracks):
            raise ValueError(_("This profile does not belong to the track. Choose another."))
        return profile

    @field_validator("crebo", "level")
    @classmethod
    def track_or_training(cls, value: Any, info: ValidationInfo) -> Any:
        if value is not None and info.data.get("track") is not None:
            raise ValueError(_("A youth has a track of vmbo, or a crebo and level of mbo, not both."))
        return value

    @field_validator("available_until")
    @classmethod
    def until_after_from(cls, until: date | None, info: ValidationInfo) -> date | None:
        start = info.data.get("available_from")
        if until is not None and start is not None and until < start:
            raise ValueError(_("The last day must not be before the first."))
        return until


class YouthBody(YouthInput):
    model_config = STRICT


class WishesInput(BaseModel):
    model_config = LAX

    wishes: Annotated[list[str], Field(max_length=MOST_WISHES), AfterValidator(existing_wishes)] = Field(
        default_factory=list
    )


class WordsInput(BaseModel):
    model_config = LAX

    dream_job: OwnWords = ""


class MeantInput(BaseModel):
    """What the youth says he meant; the words that were understood are ticked already."""

    model_config = LAX

    tags: Annotated[list[str], Field(max_length=MOST_KEPT_WISHES), AfterValidator(existing_tags)] = Field(
        default_factory=list
    )
    dislikes: Annotated[list[str], Field(max_length=MOST_KEPT_WISHES), AfterValidator(existing_tags)] = Field(
        default_factory=list
    )


class TalentsInput(BaseModel):
    model_config = LAX

    tags: Tags = Field(default_factory=list)
    own_words: OwnWords = ""


class PlaceInput(BaseModel):
    model_config = LAX

    pc4: Pc4 | None = None


class TravelInput(BaseModel):
    model_config = LAX

    modes: Modes = Field(default_factory=list)
    max_minutes: Minutes | None = None


class DaysInput(BaseModel):
    model_config = LAX

    weekdays: Weekdays = Field(default_factory=list)


class NothingInput(BaseModel):
    """A button without questions."""

    model_config = LAX


class CodesInput(BaseModel):
    model_config = LAX

    class_code: Line = Field(min_length=1, max_length=40)
    personal_code: Line = Field(min_length=1, max_length=40)


class ListInput(BaseModel):
    """A class list as text, pasted from a spreadsheet or handed on by the preview."""

    model_config = LAX

    rows: str = Field(default="", max_length=2_000_000)


class ListedRow(BaseModel):
    """A row of a class list; the names are those of the columns in a file."""

    model_config = STRICT

    external_id: str = Field(default="", max_length=200)
    first_name: str = Field(default="", max_length=200)
    class_name: str = Field(default="", max_length=200, alias="class")
    track_or_crebo: str = Field(default="", max_length=200)
    year_or_level: str = Field(default="", max_length=200)
    birth_year_month: str = Field(default="", max_length=200)
    profile: str = Field(default="", max_length=200)


class ListBody(BaseModel):
    model_config = STRICT

    rows: list[ListedRow] = Field(min_length=1, max_length=5_000)
    only_look: bool = Field(default=False, description="Tell the differences, and change nothing.")


class ClassOutput(BaseModel):
    id: UUID
    school_id: UUID
    programme_id: UUID | None
    name: str
    school_year: str
    code: str | None = Field(description="Left out for who may not print the codes.")
    youths: int
    profiles_done: int

    @classmethod
    def of(cls, row: SchoolClass, youths: int, done: int, *, with_code: bool) -> Self:
        return cls(
            id=row.id,
            school_id=row.school_id,
            programme_id=row.programme_id,
            name=row.name,
            school_year=row.school_year,
            code=row.code if with_code else None,
            youths=youths,
            profiles_done=done,
        )


class YouthOutput(BaseModel):
    id: UUID
    school_id: UUID
    class_id: UUID
    external_id: str
    first_name: str
    birth: str
    status: YouthStatus
    track: str | None
    profile: str | None
    crebo: str | None
    level: int | None
    year: int | None
    pc4: str | None
    modes: list[str]
    max_minutes: int | None
    wishes: list[str]
    dislikes: list[str]
    dream_job: str
    tags: list[str]
    kinds: list[str]
    weekdays: list[int]
    available_from: date | None
    available_until: date | None
    profile_done_at: datetime | None

    @classmethod
    def of(cls, youth: Youth) -> Self:
        return cls(**{name: getattr(youth, name) for name in cls.model_fields})


class RefusedOutput(BaseModel):
    line: int
    column: str
    reason: str


class ImportOutput(BaseModel):
    rows: int
    used: int
    refused_rows: int
    new: int
    changed: int
    same: int
    not_in_list: list[str] = Field(
        description="Numbers of who is in the class but not in the list; they stay."
    )
    refused: list[RefusedOutput]
    unknown_columns: list[str]
