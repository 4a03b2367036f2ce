"""Days and ids inside strict input: JSON has neither, so text stands for them, and nothing else does."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field

from service.core.i18n import _


def _no_number(value: object) -> object:
    """Lax reading would take 0 for the first of January 1970."""
    if isinstance(value, int | float):
        raise ValueError(_("Fill in a date that exists."))  # noqa: TRY004 pydantic collects only ValueError
    return value


Day = Annotated[date, Field(strict=False), BeforeValidator(_no_number)]
Id = Annotated[UUID, Field(strict=False)]
