"""What a school asks, and what goes out of a request."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from service.core.free_text import private_details
from service.core.i18n import _
from service.reference.catalogue import catalogue
from service.school_requests.models import SchoolRequest, SchoolRequestStatus

MOST_YOUTHS = 200


class SchoolRequestInput(BaseModel):
    """For a whole class; or, when youths are named, for them only."""

    model_config = ConfigDict(extra="forbid")

    class_id: UUID
    kind: str = Field(max_length=40)
    starts_on: date
    ends_on: date
    youth_ids: Annotated[list[UUID], Field(max_length=MOST_YOUTHS)] = Field(default_factory=list)
    note: str = Field(default="", max_length=1000)

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

    @model_validator(mode="after")
    def days_are_in_order(self) -> Self:
        if self.ends_on < self.starts_on:
            raise ValueError(_("The last day is before the first day."))
        return self


class SchoolRequestOutput(BaseModel):
    model_config = ConfigDict(from_attributes=True)

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
    youth_ids: list[UUID] = Field(default_factory=list)

    @classmethod
    def of(cls, request: SchoolRequest, youth_ids: list[UUID]) -> "SchoolRequestOutput":
        return cls(**request.model_dump(include=set(cls.model_fields) - {"youth_ids"}), youth_ids=youth_ids)
