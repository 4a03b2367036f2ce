"""Schools, companies and partners, where they are, and whom to ask."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import false
from sqlmodel import Field

from service.core.db import Table, UtcDateTime, choice


class OrganisationKind(StrEnum):
    SCHOOL = "school"
    COMPANY = "company"
    MUNICIPALITY = "municipality"
    PARTNER = "partner"
    INFORMAL = "informal"


class OrganisationStatus(StrEnum):
    INVITED = "invited"
    ACTIVE = "active"
    PAUSED = "paused"
    CLOSED = "closed"


class HolidayRegion(StrEnum):
    NORTH = "north"
    MIDDLE = "middle"
    SOUTH = "south"


class Organisation(Table, table=True):
    kind: OrganisationKind = Field(sa_type=choice(OrganisationKind), index=True)
    name: str = Field(max_length=120, index=True)
    kvk: str | None = Field(default=None, max_length=8)
    brin: str | None = Field(default=None, max_length=6)
    holiday_region: HolidayRegion | None = Field(default=None, sa_type=choice(HolidayRegion))
    website: str = Field(default="", max_length=200)
    monthly_cap: int | None = Field(default=None, ge=0)
    """At most so many youths a month, over all schools and kinds together."""
    status: OrganisationStatus = Field(
        default=OrganisationStatus.ACTIVE, sa_type=choice(OrganisationStatus), index=True
    )
    waits_for_check: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """It registered itself, and nobody of the programme has looked at it yet: it stays invited until then."""
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Location(Table, table=True):
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True, ondelete="CASCADE")
    name: str = Field(default="", max_length=80)
    street: str = Field(default="", max_length=120)
    pc4: str = Field(foreign_key="postcode.pc4", max_length=4)
    place: str = Field(default="", max_length=80)


class ContactPerson(Table, table=True):
    """The one fixed contact person of an organisation, or the deputy."""

    __tablename__ = "contact_person"

    organisation_id: UUID = Field(foreign_key="organisation.id", index=True, ondelete="CASCADE")
    account_id: UUID | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")
    is_deputy: bool = False
    name: str = Field(max_length=120)
    email: str = Field(default="", max_length=320)
    phone: str = Field(default="", max_length=30)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
