"""What a school asks for: a class or chosen youths, a kind, a period."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlmodel import CheckConstraint, Field

from service.core.db import Table, choice


class SchoolRequestStatus(StrEnum):
    OPEN = "open"
    MATCHING = "matching"
    FILLED = "filled"
    CLOSED = "closed"


class SchoolRequest(Table, table=True):
    __tablename__ = "school_request"
    __table_args__ = (CheckConstraint("starts_on <= ends_on", name="days_in_order"),)

    programme_id: UUID = Field(foreign_key="programme.id", index=True, ondelete="CASCADE")
    school_id: UUID = Field(foreign_key="organisation.id", index=True, ondelete="CASCADE")
    class_id: UUID | None = Field(
        default=None, foreign_key="school_class.id", index=True, ondelete="SET NULL"
    )
    asked_by: UUID | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")
    kind: str = Field(max_length=40)
    starts_on: date
    ends_on: date
    note: str = Field(default="", max_length=1000)
    status: SchoolRequestStatus = Field(
        default=SchoolRequestStatus.OPEN, sa_type=choice(SchoolRequestStatus), index=True
    )


class SchoolRequestYouth(Table, table=True):
    """A youth named in a request; a request that names nobody is for everyone who is in the class then."""

    __tablename__ = "school_request_youth"

    school_request_id: UUID = Field(foreign_key="school_request.id", index=True, ondelete="CASCADE")
    youth_id: UUID = Field(foreign_key="youth.id", index=True, ondelete="CASCADE")
