"""What comes in about an offer, and what goes out."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    field_validator,
)

from service.core.free_text import private_details
from service.core.i18n import _
from service.core.json_types import Day, Id
from service.core.text import Line, Paragraphs
from service.offers.models import Accessibility, Offer, OfferStatus
from service.reference.catalogue import catalogue
from service.reference.words import read_words

MOST_SECTORS = 3
MOST_TAGS = 20
LONGEST_WORDS = 1_000
MOST_CREBOS = 20
MOST_POSITIONS = 1_000
LONGEST_DAY = 12
CREBO = re.compile(r"[0-9]{5}")
HAZARD_FIELDS = {f"z_{number}": f"Z-{number}" for number in range(1, 18)}


def _without_details(text: str) -> str:
    """Contact details go through Podium, so that nobody can be reached behind everybody's back."""
    found = private_details(text)
    if found is not None:
        raise ValueError(found)
    return text


def _known(things: str) -> Callable[[str], str]:
    def check(code: str) -> str:
        if code not in getattr(catalogue(), things):
            raise ValueError(_("Choose one of the answers."))
        return code

    return check


def _crebo(code: str) -> str:
    if not CREBO.fullmatch(code):
        raise ValueError(_("A crebo has five digits."))
    return code


def _hours(value: float) -> float:
    if not 0 < value <= LONGEST_DAY:
        raise ValueError(_("Fill in how many hours: more than 0, at most %(most)s.", most=LONGEST_DAY))
    return value


def _on_the_wall(value: time) -> time:
    """To the minute, as the clock where it happens says."""
    return value.replace(second=0, microsecond=0, tzinfo=None)


def _each_once(values: list[Any]) -> list[Any]:
    return list(dict.fromkeys(values))


def _no_number(value: object) -> object:
    """Lax reading would take 32400 for nine o'clock."""
    if isinstance(value, int | float):
        raise ValueError(_("Fill in a time such as 09:30."))  # noqa: TRY004 pydantic collects only ValueError
    return value


OpenLine = Annotated[Line, AfterValidator(_without_details)]
OpenText = Annotated[Paragraphs, AfterValidator(_without_details)]
Time = Annotated[time, Field(strict=False), BeforeValidator(_no_number), AfterValidator(_on_the_wall)]
# "format": "time" would promise a zone, and a clock on a wall has none.
TimeShown = Annotated[
    time, WithJsonSchema({"type": "string", "pattern": r"^\d{2}:\d{2}:\d{2}$", "examples": ["09:30:00"]})
]
Kind = Annotated[
    str, AfterValidator(_known("kinds")), Field(json_schema_extra={"enum": list(catalogue().kinds)})
]
Sector = Annotated[
    str, AfterValidator(_known("sectors")), Field(json_schema_extra={"enum": list(catalogue().sectors)})
]
Tag = Annotated[str, AfterValidator(_known("tags"))]
Track = Annotated[
    str, AfterValidator(_known("tracks")), Field(json_schema_extra={"enum": list(catalogue().tracks)})
]
Profile = Annotated[
    str, AfterValidator(_known("profiles")), Field(json_schema_extra={"enum": list(catalogue().profiles)})
]
Level = Annotated[int, Field(ge=1, le=4)]
Weekday = Annotated[int, Field(ge=1, le=7)]
Crebo = Annotated[str, AfterValidator(_crebo)]
HazardCode = Annotated[
    str, AfterValidator(_known("hazards")), Field(json_schema_extra={"enum": list(catalogue().hazards)})
]
Positions = Annotated[int, Field(ge=0, le=MOST_POSITIONS)]
Hours = Annotated[
    float,
    AfterValidator(_hours),
    Field(allow_inf_nan=False, json_schema_extra={"exclusiveMinimum": 0, "maximum": LONGEST_DAY}),
]


class Rules(BaseModel):
    """What fields must agree on, whichever face they come from."""

    @field_validator("ends_on", check_fields=False)
    @classmethod
    def end_after_the_start(cls, value: date | None, info: ValidationInfo) -> date | None:
        start = info.data.get("starts_on")
        if value is not None and start is not None and value < start:
            raise ValueError(_("The last day comes before the first day."))
        return value

    @field_validator("ends_at", check_fields=False)
    @classmethod
    def leave_after_arriving(cls, value: time | None, info: ValidationInfo) -> time | None:
        start = info.data.get("starts_at")
        if value is not None and start is not None and value <= start:
            raise ValueError(_("The day ends before it starts."))
        return value

    @field_validator("supervisor_name", check_fields=False)
    @classmethod
    def name_who_is_there(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("supervised") and not value:
            raise ValueError(_("Fill in who is there all the time."))
        return value


class OfferInput(Rules):
    """An offer as programs send it; a draft needs a kind and a title, the rest may follow."""

    model_config = ConfigDict(strict=True, extra="forbid")

    organisation_id: Id | None = None
    location_id: Id | None = None
    external_id: Line | None = Field(None, max_length=60)
    kind: Kind
    title: OpenLine = Field(min_length=1, max_length=120)
    text: OpenText = Field("", max_length=2000)
    sectors: Annotated[list[Sector], AfterValidator(_each_once)] = Field([], max_length=MOST_SECTORS)
    tags: Annotated[list[Tag], AfterValidator(_each_once)] = Field([], max_length=MOST_TAGS)
    positions: Positions = 0
    starts_on: Day | None = None
    ends_on: Day | None = None
    weekdays: Annotated[list[Weekday], AfterValidator(_each_once)] = Field([], max_length=7)
    starts_at: Time | None = None
    ends_at: Time | None = None
    hours_per_day: Hours | None = None
    tracks: Annotated[list[Track], AfterValidator(_each_once)] = Field([], max_length=4)
    profiles: Annotated[list[Profile], AfterValidator(_each_once)] = Field([], max_length=14)
    levels: Annotated[list[Level], AfterValidator(_each_once)] = Field([], max_length=4)
    crebos: Annotated[list[Crebo], AfterValidator(_each_once)] = Field([], max_length=MOST_CREBOS)
    hazards: dict[HazardCode, bool] = {}
    supervised: bool = False
    supervisor_name: OpenLine = Field("", max_length=120, validate_default=True)
    observe_only: bool | None = None
    on_school_ground: bool = False
    practical: OpenText = Field("", max_length=1000)
    accessibility: Annotated[
        list[Annotated[Accessibility, Field(strict=False)]], AfterValidator(_each_once)
    ] = Field([], max_length=len(Accessibility))


class HazardAnswers(BaseModel):
    """The questions about dangers as fields of a page; empty means: not answered yet."""

    z_1: bool | None = None
    z_2: bool | None = None
    z_3: bool | None = None
    z_4: bool | None = None
    z_5: bool | None = None
    z_6: bool | None = None
    z_7: bool | None = None
    z_8: bool | None = None
    z_9: bool | None = None
    z_10: bool | None = None
    z_11: bool | None = None
    z_12: bool | None = None
    z_13: bool | None = None
    z_14: bool | None = None
    z_15: bool | None = None
    z_16: bool | None = None
    z_17: bool | None = None

    @property
    def hazards(self) -> dict[str, bool]:
        answers = {code: getattr(self, name) for name, code in HAZARD_FIELDS.items()}
        return {code: answer for code, answer in answers.items() if answer is not None}


class LawForm(HazardAnswers):
    """The part of the form the law asks about; the rest of the form comes along and is not looked at."""

    model_config = ConfigDict(extra="ignore")

    kind: Kind
    supervised: bool = False
    supervisor_name: Line = ""
    observe_only: bool | None = None
    on_school_ground: bool = False
    starts_on: Day | None = None
    weekdays: list[Weekday] = []
    starts_at: Time | None = None
    ends_at: Time | None = None
    hours_per_day: Hours | None = None

    @field_validator("starts_on", "weekdays", "starts_at", "ends_at", "hours_per_day", mode="wrap")
    @classmethod
    def leave_out_what_is_half_typed(
        cls, value: object, read: ValidatorFunctionWrapHandler, info: ValidationInfo
    ) -> Any:
        """The form says what is wrong with it; the law speaks about the rest meanwhile."""
        try:
            return read(value.replace(",", ".") if isinstance(value, str) else value)
        except ValidationError:
            return [] if info.field_name == "weekdays" else None


class OfferForm(HazardAnswers, Rules):
    """An offer as the fields of a page."""

    model_config = ConfigDict(extra="forbid")

    organisation_id: UUID | None = None
    location_id: UUID | None = None
    kind: Kind
    title: OpenLine = Field(min_length=1, max_length=120)
    text: OpenText = Field("", max_length=2000)
    sectors: list[Sector] = Field([], max_length=MOST_SECTORS)
    main_sector: Sector | None = None
    meant: list[str] = Field([], max_length=100)
    """What was meant by words we did not know: «word=code», or «word=» for a word that may go."""
    words: Line = Field("", max_length=LONGEST_WORDS)
    positions: Positions = 0
    starts_on: Day | None = None
    ends_on: Day | None = None
    weekdays: list[Weekday] = Field([], max_length=7)
    starts_at: Time | None = None
    ends_at: Time | None = None
    hours_per_day: Hours | None = None
    tracks: list[Track] = Field([], max_length=4)
    profiles: list[Profile] = Field([], max_length=14)
    levels: list[Level] = Field([], max_length=4)
    crebos: Line = Field("", max_length=200)
    supervised: bool = False
    supervisor_name: OpenLine = Field("", max_length=120, validate_default=True)
    observe_only: bool | None = None
    on_school_ground: bool = False
    practical: OpenText = Field("", max_length=1000)
    accessibility: list[Accessibility] = Field([], max_length=len(Accessibility))

    @field_validator("hours_per_day", mode="before")
    @classmethod
    def write_as_people_do(cls, value: object) -> object:
        return value.replace(",", ".") if isinstance(value, str) else value

    @field_validator("main_sector")
    @classmethod
    def leave_room_for_the_main_one(cls, value: str | None, info: ValidationInfo) -> str | None:
        ticked = info.data.get("sectors", [])
        if value is not None and value not in ticked and len(ticked) == MOST_SECTORS:
            raise ValueError(_("Choose at most %(max_length)s.", max_length=MOST_SECTORS))
        return value

    @field_validator("words")
    @classmethod
    def understand_words(cls, value: str, info: ValidationInfo) -> str:
        chosen = meanings(info.data.get("meant", []))
        unknown = [word.text for word in read_words(value) if word.tag is None and word.text not in chosen]
        if unknown:
            raise ValueError(
                _("We do not know: %(words)s. Choose below what you mean.", words=", ".join(unknown))
            )
        if len(tags_in(value, chosen)) > MOST_TAGS:
            raise ValueError(_("Choose at most %(max_length)s.", max_length=MOST_TAGS))
        return value

    @field_validator("crebos")
    @classmethod
    def read_crebos(cls, value: str) -> str:
        codes = list(dict.fromkeys(value.replace(",", " ").split()))
        if len(codes) > MOST_CREBOS:
            raise ValueError(_("Choose at most %(max_length)s.", max_length=MOST_CREBOS))
        return ", ".join(_crebo(code) for code in codes)

    def input(self) -> OfferInput:
        apart = {*HAZARD_FIELDS, "words", "meant", "crebos", "sectors", "main_sector"}
        main = [self.main_sector] if self.main_sector else []
        return OfferInput(
            **self.model_dump(exclude=apart),
            sectors=list(dict.fromkeys([*main, *self.sectors])),
            tags=tags_in(self.words, meanings(self.meant)),
            crebos=self.crebos.split(", ") if self.crebos else [],
            hazards=self.hazards,
        )


def meanings(chosen: list[str]) -> dict[str, str]:
    """Word to tag, or to nothing when the word may go; a tag that does not exist is no answer."""
    found = {}
    for entry in chosen:
        word, _equals, code = entry.rpartition("=")
        if word and (not code or code in catalogue().tags):
            found[word] = code
    return found


def tags_in(words: str, chosen: Mapping[str, str]) -> list[str]:
    read = [word.tag or chosen.get(word.text, "") for word in read_words(words)]
    return list(dict.fromkeys(code for code in read if code))


class OfferOutput(BaseModel):
    """What anybody may read who may see the offer: no contact person, no supervisor."""

    id: UUID
    organisation_id: UUID
    organisation: str
    place: str
    pc4: str
    kind: str
    title: str
    text: str
    sectors: list[str]
    tags: list[str]
    positions: int
    positions_left: int
    starts_on: date | None
    ends_on: date | None
    weekdays: list[int]
    starts_at: TimeShown | None
    ends_at: TimeShown | None
    hours_per_day: float | None
    tracks: list[str]
    profiles: list[str]
    levels: list[int]
    crebos: list[str]
    observe_only: bool | None
    on_school_ground: bool
    practical: str
    accessibility: list[str]
    ages: list[str]
    """The age bands that the law allows."""
    status: OfferStatus
    published_at: datetime | None
    confirmed_at: datetime | None
    own: "OwnPart | None"
    """Only for who may change the offer."""


class OwnPart(BaseModel):
    """What only its makers and coordinators read."""

    location_id: UUID | None
    external_id: str | None
    hazards: dict[str, bool]
    open_hazards: list[str]
    supervised: bool
    supervisor_name: str
    updated_at: datetime | None

    @classmethod
    def of(cls, offer: Offer, open_hazards: list[str]) -> Self:
        return cls(open_hazards=open_hazards, **offer.model_dump(include=set(cls.model_fields)))
