"""What a programme may be, and what of it is told."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from service.core.i18n import _
from service.core.json_types import Day, Id
from service.core.text import Line
from service.programmes.models import Programme, ProgrammeStatus, VogPolicy
from service.reference.catalogue import catalogue

SCHOOL_YEAR = r"^20\d{2}-20\d{2}$"
LONGEST_JOURNEY = 180
Minutes = Annotated[int | None, Field(ge=0, le=LONGEST_JOURNEY)]


def _with_point(value: object) -> object:
    """The Dutch type 0,45."""
    return value.replace(",", ".") if isinstance(value, str) else value


Weight = Annotated[float, BeforeValidator(_with_point)]


class ProgrammeInput(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    name: Line = Field(min_length=1, max_length=120)
    region: Line = Field(min_length=1, max_length=120)
    school_year: Line = Field(pattern=SCHOOL_YEAR, description="As «2026-2027».")
    school_ids: list[Id] = Field(default_factory=list, max_length=500)
    kinds: list[str] = Field(default_factory=list, max_length=50)
    starts_on: Day
    ends_on: Day
    wishes_close_on: Day | None = None
    sector_weight: Weight = 0.45
    location_weight: Weight = 0.25
    talent_weight: Weight = 0.30
    suggestions_each: int = Field(default=5, ge=1, le=20)
    lowest_age: int = Field(default=12, ge=12, le=99)
    highest_age: int = Field(default=26, ge=12, le=99)
    minutes_under_14: Minutes = None
    minutes_14_15: Minutes = None
    minutes_16_17: Minutes = None
    minutes_adult: Minutes = None
    vog_policy: Annotated[VogPolicy, Field(strict=False)] = VogPolicy.NONE
    cap_per_host: int | None = Field(default=None, ge=0, le=10_000)
    answer_days: int = Field(default=15, ge=1, le=60)
    lottery_seed: int = Field(default=0, ge=0, le=2_147_483_647)

    @field_validator("school_year")
    @classmethod
    def years_follow(cls, school_year: str) -> str:
        first, last = school_year.split("-")
        if int(last) != int(first) + 1:
            raise ValueError(_("A school year is two years that follow each other, such as 2026-2027."))
        return school_year

    @field_validator("kinds")
    @classmethod
    def kinds_exist(cls, kinds: list[str]) -> list[str]:
        if not set(kinds) <= catalogue().kinds.keys():
            raise ValueError(_("Choose kinds from the list."))
        return list(dict.fromkeys(kinds))

    @field_validator("ends_on")
    @classmethod
    def ends_after_start(cls, ends_on: date, info: ValidationInfo) -> date:
        if "starts_on" in info.data and ends_on < info.data["starts_on"]:
            raise ValueError(_("The last day must not be before the first."))
        return ends_on

    @field_validator("wishes_close_on")
    @classmethod
    def wishes_close_in_time(cls, closes_on: date | None, info: ValidationInfo) -> date | None:
        if closes_on is not None and "ends_on" in info.data and closes_on > info.data["ends_on"]:
            raise ValueError(_("Wishes must close before the last day of the programme."))
        return closes_on

    @property
    def travel_limits(self) -> dict[str, int]:
        """Only what differs from the engine's own limits is kept."""
        given = {
            "minutes_under_14": self.minutes_under_14,
            "minutes_14_15": self.minutes_14_15,
            "minutes_16_17": self.minutes_16_17,
            "minutes_adult": self.minutes_adult,
        }
        return {name: minutes for name, minutes in given.items() if minutes is not None}


def starting_values() -> dict[str, object]:
    """What stands in a new form already."""
    fields = ProgrammeInput.model_fields.items()
    return {
        name: field.get_default(call_default_factory=True)
        for name, field in fields
        if not field.is_required()
    }


class ProgrammeBody(ProgrammeInput):
    """The same for programs, which must send the right types."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class StepInput(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    status: Annotated[ProgrammeStatus, Field(strict=False)]


class ProgrammeOutput(BaseModel):
    id: UUID
    name: str
    region: str
    school_year: str
    status: ProgrammeStatus
    kinds: list[str]
    starts_on: date
    ends_on: date
    wishes_close_on: date | None
    sector_weight: float
    location_weight: float
    talent_weight: float
    suggestions_each: int
    lowest_age: int
    highest_age: int
    travel_limits: dict[str, int]
    vog_policy: VogPolicy
    cap_per_host: int | None
    answer_days: int
    lottery_seed: int
    school_ids: list[UUID] | None = Field(description="Left out for who has no part in the programme.")

    @classmethod
    def of(cls, programme: Programme, school_ids: Sequence[UUID] | None) -> Self:
        known = programme.model_dump(include=set(cls.model_fields) - {"school_ids"})
        return cls(**known, school_ids=None if school_ids is None else list(school_ids))
