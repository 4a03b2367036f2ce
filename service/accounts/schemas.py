"""What comes in about people, sign-in and roles, and what goes out."""

import re
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from service.accounts.models import Role
from service.core.i18n import _

# What every mail server takes: plain letters, no quotes, a name of a domain and no number of a machine.
EMAIL = re.compile(
    r"(?!-)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})"
)
LONGEST_EMAIL = 254
NO_NAME = re.compile(r"://|www\.|[<>@]", re.IGNORECASE)
LONGEST_PATH = 300


def tidy_email(typed: str) -> str:
    """One spelling per person: no blanks around it, in lower case, and nothing that could end a header."""
    tidy = typed.strip().lower()
    if len(tidy) > LONGEST_EMAIL or not EMAIL.fullmatch(tidy):
        raise ValueError(_("Fill in an e-mail address such as name@school.nl."))
    return tidy


def one_line(typed: str) -> str:
    """A name goes into mails and headers: no line breaks or other invisible signs."""
    tidy = " ".join(typed.split())
    if not tidy.isprintable() or not tidy:
        raise ValueError(_("Fill in a name."))
    return tidy


def no_message(typed: str) -> str:
    """A name stands in mails to people who asked for nothing: no room for a link or an address in it."""
    if NO_NAME.search(typed):
        raise ValueError(_("Fill in a name only: no web address, no e-mail address, no < or >."))
    return typed


Email = Annotated[str, Field(max_length=320), AfterValidator(tidy_email)]
Name = Annotated[str, Field(max_length=120), AfterValidator(one_line), AfterValidator(no_message)]
Language = Literal["nl", "en"]


class FormInput(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SignInInput(FormInput):
    email: Email
    next: str = Field("/", max_length=LONGEST_PATH)


class LanguageInput(FormInput):
    language: Language
    next: str = Field("/", max_length=LONGEST_PATH)


class AccountInput(FormInput):
    name: Name


class TokenInput(FormInput):
    purpose: Annotated[str, Field(max_length=80), AfterValidator(one_line)]
    days: Literal["30", "90", "365"] = "90"


class InvitationInput(FormInput):
    role: Role | Literal["admin"]
    place: UUID | None = None
    """Of which programme, organisation or class; none for an administrator."""
    name: Name
    email: Email
    language: Language = "nl"


class HeldRole(BaseModel):
    role: Role | Literal["admin", "youth"]
    of: UUID | None
    """The programme, organisation, class or youth; none for an administrator."""


class MeOutput(BaseModel):
    account_id: UUID | None
    youth_id: UUID | None
    name: str
    language: str
    roles: list[HeldRole]
