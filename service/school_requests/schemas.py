"""What a school asks, and what goes out of a request."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from service.core.free_text import private_details
from service.core.i18n import _
from service.core.json_types import Day, Id
from service.core.text import Line, Paragraphs
from service.reference.catalogue import catalogue
from service.school_requests.models import SchoolRequest, SchoolRequestStatus

MOST_YOUTHS = 200


class SchoolRequestInput(BaseModel):
    """For a whole class; or, when youths are named, for them only."""

    model_config = ConfigDict(extra="forbid")

    class_id: Id
    kind: Line = Field(max_length=40)
    starts_on: Day
    ends_on: Day
    youth_ids: Annotated[list[Id], Field(max_length=MOST_YOUTHS)] = Field(default_factory=list)
    note: Paragraphs = Field(default="", max_length=1000)

    @field_validator("kind")
    @classmethod
    def kind_exists(cls, kind: str) -> str:
        if kind not in catalogue().kinds:
            raise ValueError(_("Choose one of the answers."))
        return kind

    @field_validator("note")
    @classmethod
    def note_holds_nothing_private(cls, text: str) -> str:
        found = private_details(text)
        if found is not None:
            raise ValueError(found)
        return text

    @field_validator("ends_on")
    @classmethod
    def ends_after_start(cls, ends_on: date, info: ValidationInfo) -> date:
        if "starts_on" in info.data and ends_on < info.data["starts_on"]:
            raise ValueError(_("The last day must not be before the first."))
        return ends_on


class SchoolRequestBody(SchoolRequestInput):
    """The same for programs, which must send the right types."""

    model_config = ConfigDict(extra="forbid", strict=True)


class SchoolRequestOutput(BaseModel):
    id: UUID
    programme_id: UUID
    school_id: UUID
    class_id: UUID | None
    kind: str
    starts_on: date
    ends_on: date
    note: str
    status: SchoolRequestStatus
    created_at: datetime
    youth_ids: list[UUID] = Field(description="Empty: everybody who is in the class.")

    @classmethod
    def of(cls, request: SchoolRequest, youth_ids: list[UUID]) -> Self:
        return cls(**request.model_dump(include=set(cls.model_fields) - {"youth_ids"}), youth_ids=youth_ids)
