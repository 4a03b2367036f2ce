"""The page docs/settings.md, made from the settings themselves so that it cannot lag behind."""

import sys
from enum import StrEnum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from service.core.settings import Settings

OPENING = """\
# Settings

What differs between two installations, read from the environment when a process starts. A value of the wrong
type, or one that is unsafe in production, stops the start with a message that says which.

This page is made from `service/core/settings.py` by `make docs`.

| variable | value | default | meaning |
|--|--|--|--|
"""
KINDS = {
    str: "text",
    SecretStr: "secret",
    int: "whole number",
    bool: "`true` or `false`",
    Path: "folder",
    list: "JSON list",
}


def settings_page() -> str:
    return OPENING + "".join(_row(name, field) for name, field in Settings.model_fields.items())


def _row(name: str, field: FieldInfo) -> str:
    cells = (f"`PODIUM_{name.upper()}`", _kind(field.annotation), _default(field), field.description or "")
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _kind(annotation: Any) -> str:
    if get_origin(annotation) is UnionType:
        annotation = next(kind for kind in get_args(annotation) if kind is not NoneType)
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return ", ".join(f"`{member.value}`" for member in annotation)
    return KINDS[get_origin(annotation) or annotation]


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    if value is PydanticUndefined:
        return "required"
    if value in (None, [], ""):
        return "none"
    # A secret's default is written down nowhere but in the code that refuses it.
    return "refused in production" if isinstance(value, SecretStr) else f"`{value}`"


if __name__ == "__main__":
    sys.stdout.write(settings_page())
