"""What comes in about an organisation, and what goes out."""

import re
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from service.accounts.schemas import no_message, tidy_email
from service.core.i18n import _
from service.core.text import Line
from service.organisations.models import (
    ContactPerson,
    HolidayRegion,
    Location,
    Organisation,
    OrganisationKind,
    OrganisationStatus,
)
from service.reference.catalogue import catalogue
from service.reference.postcodes import NoPostcode, parse_pc4

PHONE = re.compile(r"\+?[0-9 ()/.-]+")
FEWEST_DIGITS = 6
KVK = re.compile(r"[0-9]{8}")
BRIN = re.compile(r"[0-9]{2}[A-Z]{2}([0-9]{2})?")
MOST_LOCATIONS = 20
LONGEST_NAME = 80


def _pc4(typed: str) -> str:
    try:
        pc4 = parse_pc4(typed)
    except NoPostcode as error:
        raise ValueError(
            _("This is not a Dutch postcode. Fill in four digits, with or without letters: 1068 or 1068 AB.")
        ) from error
    if catalogue().place(pc4) is None:
        raise ValueError(_("This postcode does not exist. Check the four digits."))
    return pc4


def _email(typed: str) -> str:
    return tidy_email(typed) if typed else ""


def _phone(typed: str) -> str:
    digits = sum(letter.isdigit() for letter in typed)
    if typed and (not PHONE.fullmatch(typed) or digits < FEWEST_DIGITS):
        raise ValueError(_("Fill in a phone number such as 020 123 45 67."))
    return typed


def _kvk(typed: str | None) -> str | None:
    digits = re.sub(r"[\s.]", "", typed or "")
    if digits and not KVK.fullmatch(digits):
        raise ValueError(_("A KvK number has 8 digits. Leave it empty if you do not know it."))
    return digits or None


def _brin(typed: str | None) -> str | None:
    code = re.sub(r"\s", "", typed or "").upper()
    if code and not BRIN.fullmatch(code):
        raise ValueError(_("A BRIN code is two digits and two letters, such as 01AB, with or without 00."))
    return code or None


def _website(typed: str) -> str:
    if not typed:
        return ""
    address = typed if re.match(r"https?://", typed, re.IGNORECASE) else f"https://{typed}"
    if not re.fullmatch(r"https?://[\w-]+(\.[\w-]+)+(:\d+)?(/\S*)?", address, re.IGNORECASE):
        raise ValueError(_("Fill in a website such as www.example.nl."))
    return address


Pc4 = Annotated[Line, AfterValidator(_pc4)]
Email = Annotated[Line, AfterValidator(_email)]
Name = Annotated[Line, AfterValidator(no_message)]
Phone = Annotated[Line, AfterValidator(_phone)]
Kvk = Annotated[Line | None, AfterValidator(_kvk)]
Brin = Annotated[Line | None, AfterValidator(_brin)]
Website = Annotated[Line, AfterValidator(_website)]


class LocationInput(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    postcode: Pc4 = Field(max_length=20)
    name: Line = Field("", max_length=80)
    street: Line = Field("", max_length=120)


class ContactInput(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    name: Name = Field(min_length=1, max_length=LONGEST_NAME)
    email: Email = Field(min_length=1, max_length=320)
    phone: Phone = Field("", max_length=30)


class OrganisationInput(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    name: Name = Field(min_length=1, max_length=LONGEST_NAME)
    kind: Annotated[OrganisationKind, Field(strict=False)]
    kvk: Kvk = None
    brin: Brin = None
    holiday_region: Annotated[HolidayRegion | None, Field(strict=False)] = None
    website: Website = Field("", max_length=200)
    monthly_cap: int | None = Field(None, ge=1, le=10_000)
    contact: ContactInput
    deputy: ContactInput | None = None
    locations: list[LocationInput] = Field(min_length=1, max_length=MOST_LOCATIONS)


class OrganisationChanges(BaseModel):
    """Only what is named is changed; locations have addresses of their own."""

    model_config = ConfigDict(strict=True, extra="forbid")

    name: Name | None = Field(None, min_length=1, max_length=LONGEST_NAME)
    kvk: Kvk = None
    brin: Brin = None
    holiday_region: Annotated[HolidayRegion | None, Field(strict=False)] = None
    website: Website | None = Field(None, max_length=200)
    monthly_cap: int | None = Field(None, ge=1, le=10_000)
    contact: ContactInput | None = None
    deputy: ContactInput | None = None

    @model_validator(mode="after")
    def keep_what_must_be_there(self) -> Self:
        for name in ("name", "website", "contact"):
            if name in self.model_fields_set and getattr(self, name) is None:
                raise ValueError(_("A name and a contact person are always needed."))
        return self


class PersonFields(BaseModel):
    """The two people of an organisation, as the fields of a page."""

    model_config = ConfigDict(extra="forbid")

    contact_name: Name = Field(min_length=1, max_length=LONGEST_NAME)
    contact_email: Email = Field(min_length=1, max_length=320)
    contact_phone: Phone = Field("", max_length=30)
    deputy_name: Name = Field("", max_length=LONGEST_NAME)
    deputy_email: Email = Field("", max_length=320)
    deputy_phone: Phone = Field("", max_length=30)

    @model_validator(mode="after")
    def name_both_or_neither(self) -> Self:
        if bool(self.deputy_name) != bool(self.deputy_email):
            raise ValueError(_("Fill in both the name and the e-mail address of the deputy, or neither."))
        if self.deputy_email and self.deputy_email == self.contact_email:
            raise ValueError(_("The deputy is somebody else, with an e-mail address of their own."))
        return self

    @property
    def contact(self) -> ContactInput:
        return ContactInput(name=self.contact_name, email=self.contact_email, phone=self.contact_phone)

    @property
    def deputy(self) -> ContactInput | None:
        if not self.deputy_name:
            return None
        return ContactInput(name=self.deputy_name, email=self.deputy_email, phone=self.deputy_phone)


class OrganisationForm(PersonFields):
    """The page on which an organisation is registered."""

    name: Name = Field(min_length=1, max_length=LONGEST_NAME)
    kind: OrganisationKind
    kvk: Kvk = None
    brin: Brin = None
    holiday_region: HolidayRegion | None = None
    website: Website = Field("", max_length=200)
    monthly_cap: int | None = Field(None, ge=1, le=10_000)
    postcode: Pc4 = Field(max_length=20)
    street: Line = Field("", max_length=120)

    def input(self) -> OrganisationInput:
        return OrganisationInput(
            name=self.name,
            kind=self.kind,
            kvk=self.kvk,
            brin=self.brin,
            holiday_region=self.holiday_region,
            website=self.website,
            monthly_cap=self.monthly_cap,
            contact=self.contact,
            deputy=self.deputy,
            locations=[LocationInput(postcode=self.postcode, street=self.street)],
        )


class ChangeForm(PersonFields):
    """The page on which an organisation is kept up to date."""

    name: Name = Field(min_length=1, max_length=LONGEST_NAME)
    kvk: Kvk = None
    brin: Brin = None
    holiday_region: HolidayRegion | None = None
    website: Website = Field("", max_length=200)
    monthly_cap: int | None = Field(None, ge=1, le=10_000)

    def changes(self) -> OrganisationChanges:
        return OrganisationChanges(
            name=self.name,
            kvk=self.kvk,
            brin=self.brin,
            holiday_region=self.holiday_region,
            website=self.website,
            monthly_cap=self.monthly_cap,
            contact=self.contact,
            deputy=self.deputy,
        )


class LocationForm(BaseModel):
    """A further place of an organisation."""

    model_config = ConfigDict(extra="forbid")

    postcode: Pc4 = Field(max_length=20)
    name: Line = Field("", max_length=80)
    street: Line = Field("", max_length=120)

    def input(self) -> LocationInput:
        return LocationInput(postcode=self.postcode, name=self.name, street=self.street)


class NothingTyped(BaseModel):
    """A button without fields."""

    model_config = ConfigDict(extra="forbid")


class LocationOutput(BaseModel):
    id: UUID
    name: str
    street: str
    pc4: str
    place: str


class ContactOutput(BaseModel):
    name: str
    email: str
    phone: str
    confirmed_at: datetime | None


class OrganisationOutput(BaseModel):
    id: UUID
    name: str
    kind: OrganisationKind
    kvk: str | None
    brin: str | None
    holiday_region: HolidayRegion | None
    website: str
    monthly_cap: int | None
    status: OrganisationStatus
    waits_for_check: bool
    confirmed_at: datetime | None
    created_at: datetime
    contact: ContactOutput | None
    deputy: ContactOutput | None
    locations: list[LocationOutput]


def organisation_output(
    organisation: Organisation, people: list[ContactPerson], locations: list[Location]
) -> OrganisationOutput:
    contact = next((person for person in people if not person.is_deputy), None)
    deputy = next((person for person in people if person.is_deputy), None)
    return OrganisationOutput(
        **organisation.model_dump(),
        contact=_contact_output(contact),
        deputy=_contact_output(deputy),
        locations=[LocationOutput(**location.model_dump(exclude={"created_at"})) for location in locations],
    )


def _contact_output(person: ContactPerson | None) -> ContactOutput | None:
    if person is None:
        return None
    return ContactOutput(
        name=person.name, email=person.email, phone=person.phone, confirmed_at=person.confirmed_at
    )
